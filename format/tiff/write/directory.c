#include "format/tiff/write/directory.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/array.h"

/* Layout: TIFF 6.0, section 2, and BigTIFF (https://www.awaresystems.be/imaging/tiff/bigtiff.html).
 */

static size_t offset_size(bool big)
{
    return big ? 8 : 4;
}

static size_t number_size(TIFFDataType type)
{
    return type == TIFF_LONG8                           ? 8
           : type == TIFF_LONG || type == TIFF_RATIONAL ? 4
           : type == TIFF_SHORT                         ? 2
                                                        : 1;
}

static unsigned char *serialize_number(unsigned char *to, uint64_t number, size_t size)
{
    for (size_t i = 0; i < size; i++)
        *to++ = (unsigned char)(number >> 8 * i);
    return to;
}

void tiff_directory_clear(struct tiff_directory *directory, bool big)
{
    directory->big = big;
    directory->count = 0;
    directory->used = 0;
}

void tiff_directory_free(struct tiff_directory *directory)
{
    free(directory->values);
    *directory = (struct tiff_directory){0};
}

/* Adds an entry and returns where to put its value of `size` bytes; NULL if there is no memory. */
static unsigned char *add_entry(struct tiff_directory *directory, unsigned tag, TIFFDataType type,
                                size_t count, size_t size)
{
    if (directory->count == MAX_ENTRIES)
        abort();
    if (!array_reserve(directory->values, &directory->capacity, directory->used + size)) {
        directory->failed = true;
        return NULL;
    }
    directory->entries[directory->count++] =
        (struct tiff_entry){tag, (unsigned)type, count, directory->used, size};
    directory->used += size;
    return directory->values + directory->used - size;
}

void tiff_directory_add_numbers(struct tiff_directory *directory, unsigned tag, TIFFDataType type,
                                const uint64_t *numbers, size_t count)
{
    size_t size = number_size(type);
    size_t inputs = type == TIFF_RATIONAL ? 2 * count : count;
    unsigned char *to = add_entry(directory, tag, type, count, inputs * size);
    for (size_t i = 0; to && i < inputs; i++)
        to = serialize_number(to, numbers[i], size);
}

void tiff_directory_add_number(struct tiff_directory *directory, unsigned tag, TIFFDataType type,
                               uint64_t number)
{
    tiff_directory_add_numbers(directory, tag, type, &number, 1);
}

void tiff_directory_add_bytes(struct tiff_directory *directory, unsigned tag, TIFFDataType type,
                              const void *bytes, size_t count)
{
    unsigned char *to = add_entry(directory, tag, type, count, count);
    if (to)
        memcpy(to, bytes, count);
}

/* Bytes of a value that is stored after the entries; 0 if it fits its entry. */
static size_t size_outside(const struct tiff_directory *directory, const struct tiff_entry *entry)
{
    return entry->size > offset_size(directory->big) ? entry->size + entry->size % 2 : 0;
}

/* Bytes of the directory without the values after it. */
static size_t size_inside(const struct tiff_directory *directory)
{
    return directory->big ? 8 + 20 * directory->count + 8 : 2 + 12 * directory->count + 4;
}

uint64_t tiff_directory_size(const struct tiff_directory *directory)
{
    uint64_t size = size_inside(directory);
    for (size_t i = 0; i < directory->count; i++)
        size += size_outside(directory, &directory->entries[i]);
    return size;
}

void tiff_directory_serialize(const struct tiff_directory *directory, uint64_t at, uint64_t next,
                              unsigned char *to)
{
    size_t width = offset_size(directory->big);
    unsigned char *outside = to + size_inside(directory), *start = to;
    memset(to, 0, tiff_directory_size(directory));
    to = serialize_number(to, directory->count, directory->big ? 8 : 2);
    for (size_t i = 0; i < directory->count; i++) {
        const struct tiff_entry *entry = &directory->entries[i];
        size_t size = size_outside(directory, entry);
        to = serialize_number(to, entry->tag, 2);
        to = serialize_number(to, entry->type, 2);
        to = serialize_number(to, entry->count, width);
        if (size > 0)
            serialize_number(to, at + (uint64_t)(outside - start), width);
        memcpy(size > 0 ? outside : to, directory->values + entry->at, entry->size);
        outside += size;
        to += width;
    }
    serialize_number(to, next, width);
}

void tiff_header_serialize(bool big, uint64_t first_directory, unsigned char to[TIFF_HEADER_SIZE])
{
    memset(to, 0, TIFF_HEADER_SIZE);
    memcpy(to, "II", 2);
    if (big) {
        serialize_number(to + 2, 43, 2);
        serialize_number(to + 4, 8, 2); /* bytes of an offset */
        serialize_number(to + 8, first_directory, 8);
    } else {
        serialize_number(to + 2, 42, 2);
        serialize_number(to + 4, first_directory, 4);
    }
}
