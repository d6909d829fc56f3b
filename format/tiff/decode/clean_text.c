#include "format/tiff/decode/clean_text.h"

#include <string.h>

#include "common/base/count.h"
#include "common/io/descriptor.h"
#include "common/text/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define BLANKS " \t\r\n"

/* A byte order mark that went through the wrong encoding is two to six bytes, or '?'. */
const char *clean_text_begin(const char *text)
{
    while (*text != '\0' && (strchr(BLANKS "?", *text) || (unsigned char)*text >= 0x80))
        text++;
    return *text == '<' ? text : NULL;
}

/* Replaces the XML declaration, which may name another encoding than that of the bytes, and what
 * precedes it. Line ends stay, so that lines can be counted. */
static void blank_declaration(char *text)
{
    const char *begin = clean_text_begin(text), *end = begin;
    if (begin && strncmp(begin, "<?xml", 5) == 0 && strchr(BLANKS, begin[5])) {
        end = strstr(begin, "?>");
        end = end ? end + 2 : begin;
    }
    for (; text < end; text++)
        if (*text != '\n')
            *text = ' ';
}

/* Cleans one character of text, which ends with a NUL. Returns how many bytes it has. */
static size_t clean_character(const char *text, char **to)
{
    size_t length = utf8_length(text);
    unsigned char byte = (unsigned char)*text;
    bool is_noncharacter = strncmp(text, "\xef\xbf\xbe", 3) == 0 || /* U+FFFE */
                           strncmp(text, "\xef\xbf\xbf", 3) == 0;   /* U+FFFF */
    if (is_noncharacter || (byte < ' ' && !strchr(BLANKS, byte))) {
        memcpy(*to, REPLACEMENT, 3);
        *to += 3;
    } else if (length > 0) {
        memcpy(*to, text, length);
        *to += length;
    } else {
        *(*to)++ = (char)(0xc0 | byte >> 6);
        *(*to)++ = (char)(0x80 | (byte & 0x3f));
    }
    return length > 0 ? length : 1;
}

bool clean_text_next(struct clean_text *text, char to[CLEAN_SIZE], size_t *n)
{
    size_t got, wanted = min_u64(text->end - text->at, CLEAN_CHUNK - text->kept);
    if (!descriptor_read_at(text->fd, text->raw + text->kept, wanted, text->at, &got))
        return false;
    size_t size = text->kept + strnlen(text->raw + text->kept, got), done = 0;
    text->at += got;
    text->is_ended = got < wanted || size < text->kept + got || text->at == text->end;
    text->raw[size] = '\0';
    if (!text->is_begun)
        blank_declaration(text->raw);
    text->is_begun = true;
    char *end = to;
    while (done < size && (text->is_ended || size - done >= 4))
        done += clean_character(text->raw + done, &end);
    text->kept = size - done;
    memmove(text->raw, text->raw + done, text->kept);
    *n = (size_t)(end - to);
    return true;
}
