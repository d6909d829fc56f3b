/* One TIFF file: its bytes, its directories (one a page), and libtiff, which decodes the samples
 * that a directory describes. */
#ifndef FORMAT_TIFF_DECODE_FILE_H
#define FORMAT_TIFF_DECODE_FILE_H

#include "common/base/fail.h"
#include "common/base/input.h"
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

/* Values that TIFF does not allow, or that a reader should not meet, and how they are read. A bit
 * each. */
enum tiff_repair {
    REPAIR_COMPRESSION = 1 << 0,
    REPAIR_FILL_ORDER = 1 << 1,
    REPAIR_ORIENTATION = 1 << 2,
    REPAIR_ROWS_PER_STRIP = 1 << 3,
    REPAIR_PLANAR_CONFIG = 1 << 4,
    REPAIR_PREDICTOR = 1 << 5,
    REPAIR_EXTRA_SAMPLES = 1 << 6,
    REPAIR_SAMPLE_FORMAT = 1 << 7,
    REPAIR_IMAGE_DEPTH = 1 << 8,
    REPAIR_NO_PHOTOMETRIC = 1 << 9,
    REPAIR_ONE_COLOR = 1 << 10,
    REPAIR_TURNED = 1 << 11,
};
/* Whether the value of the current directory's tag is treated as absent. */
bool tiff_is_repaired(const struct tiff_file *file, unsigned tag);
/* Says for each repair of a page how it is read, unless another page's notice already does. */
void tiff_add_repairs(const struct tiff_file *file, uint64_t page, unsigned repairs,
                      struct notices *notices);

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

/* Makes the directory at an offset the current one, for the tiff_tag_ functions. `page` is its
 * number, for messages. */
MUST_CHECK bool tiff_parse_directory(struct tiff_file *file, uint64_t directory, uint64_t page,
                                     struct fail *fail);
/* Gives libtiff the current directory; before the first time libtiff is not even loaded. */
MUST_CHECK bool tiff_give_directory(struct tiff_file *file, uint64_t page, struct fail *fail);
/* How many of its tags tell how samples are decoded. */
size_t tiff_count_decoding_tags(const struct tiff_file *file);

/* Values of the current directory, as they are in the file. OUTCOME_ABSENT: the directory has no
 * such tag. OUTCOME_FAILED: it has one whose value can't be read, because it lies outside the file,
 * reading fails, or its type is none for such a value. */
bool tiff_has_tag(const struct tiff_file *file, unsigned tag);
/* One whole number that is not negative, of any integer type. */
MUST_CHECK enum outcome tiff_tag_number(const struct tiff_file *file, unsigned tag,
                                        uint64_t *number, struct fail *fail);
/* How many values a tag has; 0 if it is absent. */
uint64_t tiff_tag_length(const struct tiff_file *file, unsigned tag);
/* Values `first` to `first` + n, of those that it has, in the form that nearly all writers choose:
 * unsigned numbers of 2, 4 or 8 bytes. False if they have another form or can't be read. */
MUST_CHECK bool tiff_tag_numbers(const struct tiff_file *file, unsigned tag, uint64_t first,
                                 size_t n, uint64_t *numbers);
/* One whole number as tiff_tag_number(); a tag that is absent has the value `fallback`. */
MUST_CHECK bool tiff_tag_count(const struct tiff_file *file, unsigned tag, uint64_t fallback,
                               uint64_t *number, struct fail *fail);
/* Longer texts are cut. */
MUST_CHECK enum outcome tiff_tag_text(const struct tiff_file *file, unsigned tag, char *text,
                                      size_t size, struct fail *fail);
/* The same for entry number `index`, from 0, of those that have the tag. */
MUST_CHECK enum outcome tiff_tag_text_at(const struct tiff_file *file, unsigned tag, size_t index,
                                         char *text, size_t size, struct fail *fail);
/* One number of any type, in double precision, where libtiff has a float; NAN if its denominator is
 * 0. */
MUST_CHECK enum outcome tiff_tag_rational(const struct tiff_file *file, unsigned tag, double *value,
                                          struct fail *fail);
/* The first n bytes of a value whose type is bytes or text; ABSENT if it has another. *got is how
 * many there are; *size is the whole value's. Both are 0 if there is none. */
MUST_CHECK enum outcome tiff_tag_bytes(const struct tiff_file *file, unsigned tag, void *to,
                                       size_t n, size_t *got, uint64_t *size, struct fail *fail);
/* The count of a value, and where it begins in the file. It need not lie inside the file: tags of
 * some programs have counts that are not those of their types. ABSENT if its count is 0. */
MUST_CHECK enum outcome tiff_tag_location(const struct tiff_file *file, unsigned tag,
                                          uint64_t *count, uint64_t *offset, struct fail *fail);
/* The same for entry number `index` of those that have the tag. */
MUST_CHECK enum outcome tiff_tag_location_at(const struct tiff_file *file, unsigned tag,
                                             size_t index, uint64_t *count, uint64_t *offset,
                                             struct fail *fail);

/* Words a refusal: "FILE: page 3: ...". Always returns false. */
__attribute__((format(printf, 4, 5))) bool tiff_refuse(const struct tiff_file *file, uint64_t page,
                                                       struct fail *fail, const char *format, ...);
/* The same for a failure that is known: "FILE: page 3: why". */
bool tiff_refuse_for(const struct tiff_file *file, uint64_t page, const struct fail *why,
                     struct fail *fail);

#endif
