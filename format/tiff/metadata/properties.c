#include "format/tiff/metadata/properties.h"

#include <stdlib.h>
#include <string.h>

#include "common/text/utf8.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\f';
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r' || c == '\0';
}

static const char *skip_blanks(const char *at)
{
    while (is_blank(*at))
        at++;
    return at;
}

/* Adds a character; one that does not fit is left out. */
static void add_code(char to[PROPERTY_SIZE], size_t *used, unsigned code)
{
    char piece[3];
    size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
    piece[0] = (char)(length == 1 ? code : length == 2 ? 0xc0 | code >> 6 : 0xe0 | code >> 12);
    piece[1] = (char)(0x80 | (length == 2 ? code & 0x3f : code >> 6 & 0x3f));
    piece[2] = (char)(0x80 | (code & 0x3f));
    if (code == 0 || *used + length >= PROPERTY_SIZE)
        return;
    memcpy(to + *used, piece, length);
    *used += length;
}

/* at: after a backslash. */
static const char *read_escape(const char *at, char to[PROPERTY_SIZE], size_t *used)
{
    static const char names[] = "tnrf", meant[] = "\t\n\r\f";
    char digits[5] = "";
    if (is_line_end(*at)) { /* the line goes on in the next one */
        at += *at == '\r' && at[1] == '\n';
        return skip_blanks(at + (*at != '\0'));
    }
    if (*at == 'u') {
        strncat(digits, at + 1, 4);
        unsigned long code = strtoul(digits, NULL, 16);
        bool is_half = code >= 0xd800 && code < 0xe000; /* of a surrogate pair */
        if (strspn(digits, "0123456789abcdefABCDEF") == 4) {
            add_code(to, used, is_half ? 0xfffd : (unsigned)code);
            return at + 5;
        }
    }
    const char *name = strchr(names, *at);
    add_code(to, used, (unsigned char)(name ? meant[name - names] : *at));
    return at + 1;
}

/* Reads up to the end of the line, or of the key. */
static const char *read_text(const char *at, bool is_key, char to[PROPERTY_SIZE])
{
    size_t used = 0;
    while (!is_line_end(*at) && !(is_key && (is_blank(*at) || *at == '=' || *at == ':'))) {
        size_t length = (unsigned char)*at < 0x80 ? 1 : utf8_length(at);
        if (*at == '\\') {
            at = read_escape(at + 1, to, &used);
            continue;
        }
        if (length == 0)
            add_code(to, &used, (unsigned char)*at);
        else if (used + length < PROPERTY_SIZE) {
            memcpy(to + used, at, length);
            used += length;
        }
        at += length > 0 ? length : 1;
    }
    while (used > 0 && is_blank(to[used - 1]))
        used--;
    to[used] = '\0';
    return at;
}

bool property_next(const char **text, struct property *property)
{
    const char *at = *text;
    for (;;) {
        while (is_blank(*at) || *at == '\n' || *at == '\r')
            at++;
        if (*at != '#' && *at != '!')
            break;
        at += strcspn(at, "\r\n");
    }
    if (*at == '\0')
        return false;
    at = skip_blanks(read_text(at, true, property->key));
    property->has_separator = *at == '=' || *at == ':';
    at = skip_blanks(at + property->has_separator);
    *text = read_text(at, false, property->value);
    return true;
}
