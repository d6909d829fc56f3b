#include "common/text/escape.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "common/text/utf8.h"

bool text_write_printable(struct output *output, const char *text, struct fail *fail)
{
    bool ok = true;
    while (ok && *text != '\0') {
        size_t length = utf8_printable_length(text);
        ok = length > 0 ? output_write(output, text, length, fail)
                        : output_print(output, fail, "\\x%02x", (unsigned char)*text);
        text += length > 0 ? length : 1;
    }
    return ok;
}

/* Bytes of the character at text, 0 if XML 1.0 can't hold it. */
static size_t xml_length(const char *text)
{
    bool is_noncharacter = strncmp(text, "\xef\xbf\xbe", 3) == 0 || /* U+FFFE */
                           strncmp(text, "\xef\xbf\xbf", 3) == 0;   /* U+FFFF */
    return is_noncharacter || (unsigned char)*text < ' ' ? 0 : utf8_length(text);
}

size_t text_escape(const char **text, enum text_rule rule, char piece[TEXT_PIECE_SIZE])
{
    static const char *const references[] = {[TEXT_XML] = "<>&\"", [TEXT_HTML] = "<>&\"'"};
    const char *from = *text;
    unsigned char byte = (unsigned char)*from;
    bool is_reference = strchr(references[rule], byte) || (rule == TEXT_HTML && byte < ' ');
    size_t length = rule == TEXT_XML ? xml_length(from) : 1;
    *text += length > 0 ? length : 1;
    if (is_reference)
        return (size_t)snprintf(piece, TEXT_PIECE_SIZE, "&#%d;", byte);
    if (length == 0)
        from = "?", length = 1;
    memcpy(piece, from, length);
    return length;
}

bool text_write_escaped(struct output *output, const char *text, enum text_rule rule,
                        struct fail *fail)
{
    bool ok = true;
    while (ok && *text != '\0') {
        char piece[TEXT_PIECE_SIZE];
        size_t length = text_escape(&text, rule, piece);
        ok = output_write(output, piece, length, fail);
    }
    return ok;
}

static void append(char *text, size_t size, const char *more)
{
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s", more);
}

void text_append_word(char *text, size_t size, const char *word)
{
    char printable[1024];
    bool plain = word[0] != '\0';
    snprintf(printable, sizeof printable, "%s", word);
    utf8_make_printable(printable);
    for (const char *c = printable; *c != '\0'; c++)
        plain &= isascii(*c) && (isalnum((unsigned char)*c) || strchr("_.,:/%=+-@^", *c));
    append(text, size, plain ? " " : " '");
    for (const char *c = printable; *c != '\0'; c++) {
        char one[] = {*c, '\0'};
        append(text, size, *c == '\'' ? "'\\''" : one);
    }
    append(text, size, plain ? "" : "'");
}
