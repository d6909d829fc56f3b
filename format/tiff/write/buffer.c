#include "format/tiff/write/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/base/array.h"
#include "common/text/escape.h"
#include "common/text/utf8.h"

void buffer_add(struct buffer *buffer, const void *bytes, size_t n)
{
    if (buffer->failed || n == 0)
        return;
    if (!array_reserve(buffer->bytes, &buffer->capacity, buffer->used + n)) {
        buffer->failed = true;
        return;
    }
    memcpy(buffer->bytes + buffer->used, bytes, n);
    buffer->used += n;
}

void buffer_print(struct buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int n = vsnprintf(NULL, 0, format, arguments);
    if (n < 0 || buffer->failed ||
        !array_reserve(buffer->bytes, &buffer->capacity, buffer->used + (size_t)n + 1)) {
        buffer->failed = true;
    } else {
        vsnprintf(buffer->bytes + buffer->used, (size_t)n + 1, format, again);
        buffer->used += (size_t)n;
    }
    va_end(again);
    va_end(arguments);
}

void buffer_add_xml(struct buffer *buffer, const char *text)
{
    while (*text != '\0') {
        char piece[TEXT_PIECE_SIZE];
        unsigned char byte = (unsigned char)*text;
        if (strchr("\n\t\r", byte)) {
            buffer_print(buffer, "&#%d;", *text++);
        } else if (byte >= 0x80 && utf8_length(text) == 0) { /* Latin-1 */
            const char utf8[2] = {(char)(0xc0 | byte >> 6), (char)(0x80 | (byte & 0x3f))};
            buffer_add(buffer, utf8, sizeof utf8);
            text++;
        } else {
            size_t n = text_escape(&text, TEXT_XML, piece);
            buffer_add(buffer, piece, n);
        }
    }
}

/* One or two units of UTF-16; returns how many. */
static size_t encode_utf16(uint32_t code, uint16_t units[2])
{
    if (code < 0x10000) {
        units[0] = (uint16_t)code;
        return 1;
    }
    units[0] = (uint16_t)(0xd800 + ((code - 0x10000) >> 10));
    units[1] = (uint16_t)(0xdc00 + ((code - 0x10000) & 0x3ff));
    return 2;
}

void buffer_add_property(struct buffer *buffer, const char *text)
{
    while (*text != '\0') {
        uint32_t code = utf8_next(&text);
        uint16_t units[2];
        if (code == '\n')
            buffer_add(buffer, "\\n", 2);
        else if (code == '\\')
            buffer_add(buffer, "\\\\", 2);
        else if (code >= ' ' && code <= '~')
            buffer_add(buffer, &(char){(char)code}, 1);
        else
            for (size_t i = 0, n = encode_utf16(code, units); i < n; i++)
                buffer_print(buffer, "\\u%04X", units[i]);
    }
}

void buffer_add_utf16(struct buffer *buffer, const char *text, size_t n)
{
    for (const char *end = text + n; text < end;) {
        uint32_t code = utf8_next(&text);
        uint16_t units[2];
        bool is_control = code != '\n' && (code < ' ' || (code >= 0x7f && code < 0xa0));
        size_t count = encode_utf16(is_control ? '?' : code, units);
        for (size_t i = 0; i < count; i++) {
            const unsigned char bytes[2] = {(unsigned char)units[i],
                                            (unsigned char)(units[i] >> 8)};
            buffer_add(buffer, bytes, 2);
        }
    }
}
