/* One directory of a TIFF file as it is written: tags and their values, little-endian. */
#ifndef FORMAT_TIFF_WRITE_DIRECTORY_H
#define FORMAT_TIFF_WRITE_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tiff.h>

#define MAX_ENTRIES 24

struct tiff_entry {
    unsigned tag, type;
    uint64_t count;
    size_t at, size; /* bytes of its value, in values */
};

struct tiff_directory {
    bool big; /* BigTIFF: counts and offsets of 8 bytes */
    size_t count;
    struct tiff_entry entries[MAX_ENTRIES]; /* tags in ascending order */
    unsigned char *values;
    size_t used, capacity;
    bool failed; /* there was no memory */
};

/* Begins a new directory. */
void tiff_directory_clear(struct tiff_directory *directory, bool big);
void tiff_directory_free(struct tiff_directory *directory);

/* Add an entry of type TIFF_BYTE, TIFF_ASCII, TIFF_SHORT, TIFF_LONG, TIFF_LONG8 or TIFF_RATIONAL,
 * whose values are two numbers each. If there is no memory, failed is set. */
void tiff_directory_add_numbers(struct tiff_directory *directory, unsigned tag, TIFFDataType type,
                                const uint64_t *numbers, size_t count);
void tiff_directory_add_number(struct tiff_directory *directory, unsigned tag, TIFFDataType type,
                               uint64_t number);
void tiff_directory_add_bytes(struct tiff_directory *directory, unsigned tag, TIFFDataType type,
                              const void *bytes, size_t count);

/* Bytes in the file, an even number. */
uint64_t tiff_directory_size(const struct tiff_directory *directory);
/* Writes those bytes, for a directory at offset `at`. next: offset of the next one, 0 at the end.
 */
void tiff_directory_serialize(const struct tiff_directory *directory, uint64_t at, uint64_t next,
                              unsigned char *to);

/* The first bytes of a file, enough for both kinds of TIFF. */
#define TIFF_HEADER_SIZE 16
void tiff_header_serialize(bool big, uint64_t first_directory, unsigned char to[TIFF_HEADER_SIZE]);

#endif
