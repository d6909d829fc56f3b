/* The entries of a TIFF file's current directory, and their values, as they are in the file. */
#ifndef FORMAT_TIFF_DECODE_TAGS_H
#define FORMAT_TIFF_DECODE_TAGS_H

#include "format/tiff/decode/file.h"

/* ImageJ's private tags, which have the sizes of parts and the parts: ij/io/TiffDecoder.java. */
enum { TAG_IMAGEJ_SIZES = 50838, TAG_IMAGEJ_PARTS = 50839 };

/* The bytes of the first entry that has the tag; NULL: there is none. */
const unsigned char *tiff_find_entry(const struct tiff_file *file, unsigned tag);

bool tiff_has_tag(const struct tiff_file *file, unsigned tag);

/* OUTCOME_ABSENT: the directory has no such tag. OUTCOME_FAILED: it has one whose value can't be
 * read, because it lies outside the file, reading fails, or its type is none for such a value. */

/* One whole number that is not negative, of any integer type. */
MUST_CHECK enum outcome tiff_tag_number(const struct tiff_file *file, unsigned tag,
                                        uint64_t *number, struct fail *fail);
/* The same; a tag that is absent has the value `fallback`. */
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

/* How many values a tag has; 0 if it is absent. */
uint64_t tiff_tag_length(const struct tiff_file *file, unsigned tag);
/* Values `first` to `first` + n, of those that it has, in the form that nearly all writers choose:
 * unsigned numbers of 2, 4 or 8 bytes. False if they have another form or can't be read. */
MUST_CHECK bool tiff_tag_numbers(const struct tiff_file *file, unsigned tag, uint64_t first,
                                 size_t n, uint64_t *numbers);
/* The first of a tag's numbers, of any unsigned type; false if there is none that can be read. */
MUST_CHECK bool tiff_tag_first_number(const struct tiff_file *file, unsigned tag, uint64_t *number);

#endif
