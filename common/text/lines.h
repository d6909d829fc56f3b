/* Text files of ours, which programs write and read again: lines such as "key: value", and at the
 * end a checksum of all that comes before. Lines that begin with # are for people. */
#ifndef COMMON_TEXT_LINES_H
#define COMMON_TEXT_LINES_H

#include "common/io/input.h"
#include "common/io/output.h"

#define TEXT_LINE_SIZE 512

struct text_out {
    struct output *to;
    uint32_t checksum; /* of everything so far */
    struct fail *fail;
};

void text_begin(struct text_out *out, struct output *to, struct fail *fail);
__attribute__((format(printf, 2, 3))) MUST_CHECK bool text_put(struct text_out *out,
                                                               const char *format, ...);
/* Writes the checksum. */
MUST_CHECK bool text_end(struct text_out *out);

struct text_in {
    struct input input;
    uint32_t checksum; /* of all lines before this one */
    uint32_t next;     /* with this one */
    uint64_t line;
    bool cut_off; /* the input ended inside a line */
    bool again;   /* the line in text is read once more */
    char text[TEXT_LINE_SIZE];
    struct fail *fail;
};

/* Opens a file; path NULL or "-" is standard input. */
MUST_CHECK bool text_open(struct text_in *in, const char *path, struct fail *fail);
/* The same of an input that is open. */
void text_open_input(struct text_in *in, const struct input *input, struct fail *fail);
/* Reads the first line, "FIRST VERSION". maker: the words that say which program makes one. */
MUST_CHECK bool text_read_first(struct text_in *in, const char *first, int version,
                                const char *kind, const char *maker);
/* Reads the next line, without its end, into in->text. */
MUST_CHECK bool text_read_line(struct text_in *in);
/* The text after "key: " in the next line; NULL: fail is set. */
MUST_CHECK const char *text_read_field(struct text_in *in, const char *key);
/* The same, a whole number up to max. */
MUST_CHECK bool text_read_count(struct text_in *in, const char *key, uint64_t max, uint64_t *count);
/* Whether the next line has this key; it is read again by whoever wants it. */
MUST_CHECK bool text_next_is(struct text_in *in, const char *key);
/* Fails with what is expected in place of this line. */
bool text_bad_line(struct text_in *in, const char *expected);
/* Reads the checksum; another text may follow, whose checksum is its own. */
MUST_CHECK bool text_read_checksum(struct text_in *in);
/* Reads the checksum, behind which nothing may follow. */
MUST_CHECK bool text_read_end(struct text_in *in);
/* After a failure: what makes no sense has most likely been damaged. If the checksum at the end
 * shows it, the failure says so instead. */
void text_blame_checksum(struct text_in *in);
/* Closes the file. Returns ok, whether what was read makes sense; if not, blames the checksum. */
bool text_close(struct text_in *in, bool ok);

#endif
