/* Text that grows in memory, in the encodings that the tags of a TIFF file need. */
#ifndef FORMAT_TIFF_WRITE_BUFFER_H
#define FORMAT_TIFF_WRITE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

/* Initialize with {0}; bytes is for the caller to free. */
struct buffer {
    char *bytes;
    size_t used, capacity;
    bool failed; /* there was no memory: bytes is incomplete */
};

void buffer_add(struct buffer *buffer, const void *bytes, size_t n);
__attribute__((format(printf, 2, 3))) void buffer_print(struct buffer *buffer, const char *format,
                                                        ...);

/* Add text, which is UTF-8: */
/* as UTF-8 for an element or an attribute of XML, */
void buffer_add_xml(struct buffer *buffer, const char *text);
/* as a value of Java's Properties: ASCII, with \u00B5 for other characters, */
void buffer_add_property(struct buffer *buffer, const char *text);
/* its first n bytes as little-endian UTF-16; control characters but newlines become '?'. */
void buffer_add_utf16(struct buffer *buffer, const char *text, size_t n);

#endif
