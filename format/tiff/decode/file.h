/* One TIFF file: its bytes and its directories, one a page. */
#ifndef FORMAT_TIFF_DECODE_FILE_H
#define FORMAT_TIFF_DECODE_FILE_H

#include "common/base/fail.h"
#include "common/io/input.h"
#include "format/tiff/decode/client.h"

struct tiff_file {
    struct tiff_client client;
    const char *name; /* for messages */
    struct input input;
    int fd; /* input.fd, or a temporary copy of a pipe: TIFF needs random access */
    uint64_t size;
    uint64_t max_memory; /* bytes of an allocation of libtiff; 0: by the size of the file */
    bool is_clone;       /* fd belongs to another struct */
    bool big;            /* BigTIFF: offsets of 8 bytes */
    bool swapped;        /* the other byte order than this machine's */

    /* The current directory: the last one that was parsed. */
    uint64_t directory;      /* its offset */
    uint64_t next_directory; /* 0 after the last; just opened, that of the first */
    unsigned char *entries;
    size_t entry_count, entry_capacity;

    TIFF *tiff;                   /* libtiff's handle on the directory that it was given last */
    unsigned char filtered[1024]; /* that directory as libtiff sees it */
    size_t filtered_size;
    unsigned repairs; /* of its values, see enum tiff_repair */
};

/* path "-" is standard input; what can't seek is copied to a nameless file first. The struct must
 * not move while it is open. */
MUST_CHECK bool tiff_file_open(struct tiff_file *file, const char *path, struct fail *fail);
/* The same of an input that is open; afterwards that is closed, or part of the file. */
MUST_CHECK bool tiff_file_open_input(struct tiff_file *file, struct input *input,
                                     struct fail *fail);
void tiff_file_close(struct tiff_file *file);
/* Another view of an open file, with a current directory of its own. Close it before the file. */
void tiff_file_clone(struct tiff_file *clone, const struct tiff_file *file);
/* The file is a copy of a pipe's bytes, which are lost when it is closed. */
bool tiff_file_is_temporary(const struct tiff_file *file);

/* Reads n bytes at an offset. Fails if the file ends first or can't be read. */
MUST_CHECK bool tiff_file_read(const struct tiff_file *file, uint64_t offset, void *to, size_t n,
                               struct fail *fail);
/* An unsigned number of 2, 4 or 8 bytes in the file's byte order. */
uint64_t tiff_parse_number(const struct tiff_file *file, const unsigned char *bytes, size_t size);
/* Bytes of a directory's entry, of its count of entries, and of an offset; values up to the size of
 * an offset are stored in their entry. */
size_t tiff_entry_size(const struct tiff_file *file);
size_t tiff_count_size(const struct tiff_file *file);
size_t tiff_offset_size(const struct tiff_file *file);
/* Bytes before which no directory begins. */
uint64_t tiff_header_size(const struct tiff_file *file);

/* Makes the directory at an offset the current one, for the tiff_tag_ functions. `page` is its
 * number, for messages. */
MUST_CHECK bool tiff_parse_directory(struct tiff_file *file, uint64_t directory, uint64_t page,
                                     struct fail *fail);
/* Words a refusal: "FILE: page 3: ...". Always returns false. */
__attribute__((format(printf, 4, 5))) bool tiff_refuse(const struct tiff_file *file, uint64_t page,
                                                       struct fail *fail, const char *format, ...);
/* The same for a failure that is known: "FILE: page 3: why". */
bool tiff_refuse_for(const struct tiff_file *file, uint64_t page, const struct fail *why,
                     struct fail *fail);

#endif
