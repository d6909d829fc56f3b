/* One TIFF file: its bytes, its directories (one a page), and libtiff, which decodes what one of
 * them describes. */
#ifndef FORMAT_TIFF_DECODE_FILE_H
#define FORMAT_TIFF_DECODE_FILE_H

#include <tiffio.h>

#include "common/base/fail.h"
#include "common/base/input.h"

struct tiff_file {
    const char *name; /* for messages */
    struct input input;
    int fd; /* input.fd, or a copy of what a pipe gave: TIFF is read back and forth */
    uint64_t size;
    bool is_shared; /* fd is another one's */
    bool big;       /* BigTIFF: offsets of 8 bytes */
    bool swapped;   /* the other byte order than this machine's */

    /* The directory that was entered last. */
    uint64_t directory;
    uint64_t
        next; /* offset of the one behind it; before the first tiff_set_directory() of the first */
    unsigned char *entries;
    size_t entry_count, entry_room;

    TIFF *tiff; /* libtiff's handle on the directory entered */
    char
        last_error[256]; /* libtiff's first words since tiff_clear_error(), "" when it is content */
    bool damaged;        /* a decoder went on over damage */
    uint64_t at;         /* where libtiff reads next */
    unsigned char filtered[1024]; /* the directory as libtiff gets to see it */
    size_t filtered_size;
};

/* path "-" is standard input; what can't seek is copied to a nameless file first. The struct must
 * not move while it is open. */
bool tiff_file_open(struct tiff_file *file, const char *path, struct fail *fail);
void tiff_file_close(struct tiff_file *file);
/* A second view on an open file, with a directory of its own, to be closed before that. */
void tiff_file_share(struct tiff_file *file, const struct tiff_file *open);
/* Its bytes are gone when it is closed: it came through a pipe. */
bool tiff_file_is_spooled(const struct tiff_file *file);

/* Reads n bytes at an offset; false when the file ends first. */
bool tiff_read(const struct tiff_file *file, uint64_t offset, void *to, size_t n);

/* Reads the directory at an offset and hands it to libtiff. `page` is its number, for messages. */
bool tiff_set_directory(struct tiff_file *file, uint64_t directory, uint64_t page,
                        struct fail *fail);

/* The same without libtiff: only what comes straight from the file is known then. */
bool tiff_parse_directory(struct tiff_file *file, uint64_t directory, uint64_t page,
                          struct fail *fail);

/* Of the directory entered, straight from the file: */
bool tiff_has(const struct tiff_file *file, unsigned tag);
uint64_t tiff_number(const struct tiff_file *file, unsigned tag, uint64_t otherwise);
/* text that is longer is cut; false when there is none */
bool tiff_text(const struct tiff_file *file, unsigned tag, char *text, size_t size);
/* in full precision, which libtiff's floats lack; false when there is none */
bool tiff_rational(const struct tiff_file *file, unsigned tag, double *value);

/* Its first n bytes, of types that are bytes; returns how many there are, *size is all of it. */
size_t tiff_value(const struct tiff_file *file, unsigned tag, void *to, size_t n, uint64_t *size);
/* Where a value lies that is not in the directory itself, and how many numbers it is of. */
bool tiff_value_place(const struct tiff_file *file, unsigned tag, uint64_t *count,
                      uint64_t *offset);
/* A whole number of 2, 4 or 8 bytes in the file's byte order. */
uint64_t tiff_order_number(const struct tiff_file *file, const unsigned char *bytes, size_t size);

/* Words a refusal: "FILE: page 3: ...". Always false. */
__attribute__((format(printf, 4, 5))) bool tiff_refuse(const struct tiff_file *file, uint64_t page,
                                                       struct fail *fail, const char *format, ...);

/* Before libtiff is asked for something: forgets what it said. */
void tiff_clear_error(struct tiff_file *file);

#endif
