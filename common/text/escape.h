/* The escaping of text for terminals, shells, XML and HTML. */
#ifndef COMMON_TEXT_ESCAPE_H
#define COMMON_TEXT_ESCAPE_H

#include <stddef.h>

#include "common/io/output.h"

/* Writes text with an escape ("\x1b") for each byte that utf8_printable_length() refuses. */
MUST_CHECK bool text_write_printable(struct output *output, const char *text, struct fail *fail);

enum text_rule {
    TEXT_XML,  /* UTF-8; what XML can't hold becomes '?' */
    TEXT_HTML, /* every byte is kept, control characters as references */
};

/* Escapes the first character of *text for an element or an attribute in double quotes (for HTML
 * single ones as well), and moves *text after it. Returns how many bytes of piece are used. */
#define TEXT_PIECE_SIZE 8
size_t text_escape(const char **text, enum text_rule rule, char piece[TEXT_PIECE_SIZE]);

/* Writes the whole text escaped. */
MUST_CHECK bool text_write_escaped(struct output *output, const char *text, enum text_rule rule,
                                   struct fail *fail);

/* Appends a blank and a word, quoted as for a shell; control characters become '?'. What does not
 * fit into size bytes is cut off. */
void text_append_word(char *text, size_t size, const char *word);

#endif
