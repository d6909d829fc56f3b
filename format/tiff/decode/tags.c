#include "format/tiff/decode/tags.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "common/base/count.h"

/* Types of a value, TIFF 6.0, section 2, and BigTIFF: */
enum {
    TYPE_BYTE = 1,
    TYPE_ASCII = 2,
    TYPE_SHORT = 3,
    TYPE_LONG = 4,
    TYPE_RATIONAL = 5,
    TYPE_SBYTE = 6,
    TYPE_UNDEFINED = 7,
    TYPE_SSHORT = 8,
    TYPE_SLONG = 9,
    TYPE_SRATIONAL = 10,
    TYPE_FLOAT = 11,
    TYPE_DOUBLE = 12,
    TYPE_IFD = 13,
    TYPE_LONG8 = 16,
    TYPE_SLONG8 = 17,
    TYPE_IFD8 = 18,
};

struct entry {
    unsigned tag, type;
    uint64_t count;
    const unsigned char *value; /* the value itself if it fits, else its offset */
    uint64_t offset;            /* of `value` in the file */
};

/* An unsigned number of any integer type, BYTE too. */
static uint64_t parse_unsigned(const struct tiff_file *file, const unsigned char *bytes,
                               size_t size)
{
    return size == 1 ? bytes[0] : tiff_parse_number(file, bytes, size);
}

/* ---- entries --------------------------------------------------------------------------------- */

/* Entry number `index` of those that have the tag. */
static const unsigned char *find_entry_at(const struct tiff_file *file, unsigned tag, size_t index)
{
    const unsigned char *bytes = file->entries;
    for (size_t i = 0; i < file->entry_count; i++, bytes += tiff_entry_size(file))
        if (tiff_parse_number(file, bytes, 2) == tag && index-- == 0)
            return bytes;
    return NULL;
}

/* Where several entries have the same tag, the first one counts, unless several are asked for. */
const unsigned char *tiff_find_entry(const struct tiff_file *file, unsigned tag)
{
    return find_entry_at(file, tag, 0);
}

bool tiff_has_tag(const struct tiff_file *file, unsigned tag)
{
    return tiff_find_entry(file, tag) != NULL;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* Bytes of one element; 0: no type of TIFF. */
static size_t type_size(unsigned type)
{
    static const unsigned char sizes[] = {
        [TYPE_BYTE] = 1,     [TYPE_ASCII] = 1,     [TYPE_SHORT] = 2,     [TYPE_LONG] = 4,
        [TYPE_RATIONAL] = 8, [TYPE_SBYTE] = 1,     [TYPE_UNDEFINED] = 1, [TYPE_SSHORT] = 2,
        [TYPE_SLONG] = 4,    [TYPE_SRATIONAL] = 8, [TYPE_FLOAT] = 4,     [TYPE_DOUBLE] = 8,
        [TYPE_IFD] = 4,      [TYPE_LONG8] = 8,     [TYPE_SLONG8] = 8,    [TYPE_IFD8] = 8,
    };
    return type < sizeof sizes ? sizes[type] : 0;
}

static bool is_unsigned_integer(unsigned type)
{
    return type == TYPE_BYTE || type == TYPE_SHORT || type == TYPE_LONG || type == TYPE_LONG8 ||
           type == TYPE_IFD || type == TYPE_IFD8;
}

static bool is_signed_integer(unsigned type)
{
    return type == TYPE_SBYTE || type == TYPE_SSHORT || type == TYPE_SLONG || type == TYPE_SLONG8;
}

static bool is_bytes(unsigned type)
{
    return type == TYPE_ASCII || type == TYPE_BYTE || type == TYPE_UNDEFINED || type == TYPE_SBYTE;
}

static bool read_entry_at(const struct tiff_file *file, unsigned tag, size_t index,
                          struct entry *entry)
{
    const unsigned char *bytes = find_entry_at(file, tag, index);
    size_t width = tiff_offset_size(file);
    if (!bytes)
        return false;
    *entry = (struct entry){
        .tag = tag,
        .type = (unsigned)tiff_parse_number(file, bytes + 2, 2),
        .count = tiff_parse_number(file, bytes + 4, width),
        .value = bytes + 4 + width,
        .offset =
            file->directory + tiff_count_size(file) + (uint64_t)(bytes - file->entries) + 4 + width,
    };
    return true;
}

static bool read_entry(const struct tiff_file *file, unsigned tag, struct entry *entry)
{
    return read_entry_at(file, tag, 0, entry);
}

/* For messages, of the tags that tell of more than one page's layout. */
static const char *tag_name(unsigned tag)
{
    static const struct {
        unsigned tag;
        const char *name;
    } names[] = {
        {TIFFTAG_SUBFILETYPE, "SubFileType"},
        {TIFFTAG_IMAGEWIDTH, "ImageWidth"},
        {TIFFTAG_IMAGELENGTH, "ImageLength"},
        {TIFFTAG_PHOTOMETRIC, "PhotometricInterpretation"},
        {TIFFTAG_IMAGEDESCRIPTION, "ImageDescription"},
        {TIFFTAG_SAMPLESPERPIXEL, "SamplesPerPixel"},
        {TIFFTAG_PLANARCONFIG, "PlanarConfiguration"},
        {TIFFTAG_XRESOLUTION, "XResolution"},
        {TIFFTAG_YRESOLUTION, "YResolution"},
        {TIFFTAG_RESOLUTIONUNIT, "ResolutionUnit"},
        {TIFFTAG_SOFTWARE, "Software"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].tag == tag)
            return names[i].name;
    return "value";
}

static enum outcome refuse_value(const struct tiff_file *file, const struct entry *entry,
                                 const char *what, struct fail *fail)
{
    fail_set(fail, "%s: its %s (tag %u) %s", file->name, tag_name(entry->tag), entry->tag, what);
    return OUTCOME_FAILED;
}

/* Whether the value of `size` bytes is in the entry itself. */
static bool is_inside_entry(const struct tiff_file *file, uint64_t size)
{
    return size <= tiff_offset_size(file);
}

static uint64_t value_offset(const struct tiff_file *file, const struct entry *entry, uint64_t size)
{
    return is_inside_entry(file, size)
               ? entry->offset
               : tiff_parse_number(file, entry->value, tiff_offset_size(file));
}

/* n bytes from byte `at` on of a value of `size` bytes, all of which must lie inside the file. */
static enum outcome read_value(const struct tiff_file *file, const struct entry *entry,
                               uint64_t size, uint64_t at, void *to, size_t n, struct fail *fail)
{
    uint64_t offset = value_offset(file, entry, size);
    if (is_inside_entry(file, size))
        memcpy(to, entry->value + at, n);
    else if (offset > file->size || size > file->size - offset)
        return refuse_value(file, entry,
                            "lies beyond the end of the file; --plain reads pages without their "
                            "descriptions",
                            fail);
    else if (!tiff_file_read(file, offset + at, to, n, fail))
        return OUTCOME_FAILED;
    return OUTCOME_DONE;
}

/* A value of one element of at most 8 bytes. */
static enum outcome read_single(const struct tiff_file *file, unsigned tag, struct entry *entry,
                                unsigned char bytes[8], struct fail *fail)
{
    if (!read_entry(file, tag, entry))
        return OUTCOME_ABSENT;
    size_t size = type_size(entry->type);
    if (entry->count != 1)
        return refuse_value(file, entry, "has not one value", fail);
    if (size == 0)
        return refuse_value(file, entry, "has a type that is not one of TIFF's", fail);
    return read_value(file, entry, size, 0, bytes, size, fail);
}

/* An integer of `size` bytes with a sign. */
static int64_t parse_signed(const struct tiff_file *file, const unsigned char *bytes, size_t size)
{
    unsigned shift = 64 - 8 * (unsigned)size;
    return (int64_t)(parse_unsigned(file, bytes, size) << shift) >> shift;
}

enum outcome tiff_tag_number(const struct tiff_file *file, unsigned tag, uint64_t *number,
                             struct fail *fail)
{
    struct entry entry;
    unsigned char bytes[8];
    enum outcome outcome = read_single(file, tag, &entry, bytes, fail);
    if (outcome != OUTCOME_DONE)
        return outcome;
    size_t size = type_size(entry.type);
    if (!is_unsigned_integer(entry.type) && !is_signed_integer(entry.type))
        return refuse_value(file, &entry, "is not a whole number", fail);
    if (is_signed_integer(entry.type) && parse_signed(file, bytes, size) < 0)
        return refuse_value(file, &entry, "is negative", fail);
    *number = parse_unsigned(file, bytes, size);
    return OUTCOME_DONE;
}

bool tiff_tag_count(const struct tiff_file *file, unsigned tag, uint64_t fallback, uint64_t *number,
                    struct fail *fail)
{
    *number = fallback;
    return tiff_tag_number(file, tag, number, fail) != OUTCOME_FAILED;
}

static double parse_real(const struct tiff_file *file, unsigned type, const unsigned char *bytes)
{
    uint64_t bits = parse_unsigned(file, bytes, type_size(type));
    uint32_t single_bits = (uint32_t)bits;
    double value;
    float single;
    memcpy(&value, &bits, sizeof value);
    memcpy(&single, &single_bits, sizeof single);
    return type == TYPE_FLOAT ? (double)single : value;
}

enum outcome tiff_tag_rational(const struct tiff_file *file, unsigned tag, double *value,
                               struct fail *fail)
{
    struct entry entry;
    unsigned char bytes[8];
    enum outcome outcome = read_single(file, tag, &entry, bytes, fail);
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (is_bytes(entry.type) && entry.type != TYPE_BYTE && entry.type != TYPE_SBYTE)
        return refuse_value(file, &entry, "is not a number", fail);
    double denominator = 1;
    if (entry.type == TYPE_RATIONAL || entry.type == TYPE_SRATIONAL) {
        bool is_signed = entry.type == TYPE_SRATIONAL;
        *value = is_signed ? (double)parse_signed(file, bytes, 4)
                           : (double)tiff_parse_number(file, bytes, 4);
        denominator = is_signed ? (double)parse_signed(file, bytes + 4, 4)
                                : (double)tiff_parse_number(file, bytes + 4, 4);
    } else if (entry.type == TYPE_FLOAT || entry.type == TYPE_DOUBLE) {
        *value = parse_real(file, entry.type, bytes);
    } else {
        *value = is_signed_integer(entry.type)
                     ? (double)parse_signed(file, bytes, type_size(entry.type))
                     : (double)parse_unsigned(file, bytes, type_size(entry.type));
    }
    *value = fabs(denominator) > 0 ? *value / denominator : NAN;
    return OUTCOME_DONE;
}

enum outcome tiff_tag_text_at(const struct tiff_file *file, unsigned tag, size_t index, char *text,
                              size_t size, struct fail *fail)
{
    struct entry entry;
    if (!read_entry_at(file, tag, index, &entry))
        return OUTCOME_ABSENT;
    if (!is_bytes(entry.type))
        return refuse_value(file, &entry,
                            "is not text; --plain reads pages without their descriptions", fail);
    size_t length = min_u64(entry.count, size - 1);
    text[length] = '\0';
    return read_value(file, &entry, entry.count, 0, text, length, fail);
}

enum outcome tiff_tag_text(const struct tiff_file *file, unsigned tag, char *text, size_t size,
                           struct fail *fail)
{
    return tiff_tag_text_at(file, tag, 0, text, size, fail);
}

enum outcome tiff_tag_bytes(const struct tiff_file *file, unsigned tag, void *to, size_t n,
                            size_t *got, uint64_t *size, struct fail *fail)
{
    struct entry entry;
    *got = 0;
    *size = 0;
    if (!read_entry(file, tag, &entry) || !is_bytes(entry.type))
        return OUTCOME_ABSENT;
    *size = entry.count;
    *got = min_u64(entry.count, n);
    return read_value(file, &entry, entry.count, 0, to, *got, fail);
}

enum outcome tiff_tag_location_at(const struct tiff_file *file, unsigned tag, size_t index,
                                  uint64_t *count, uint64_t *offset, struct fail *fail)
{
    struct entry entry;
    if (!read_entry_at(file, tag, index, &entry) || entry.count == 0)
        return OUTCOME_ABSENT;
    size_t size = type_size(entry.type);
    if (size == 0)
        return refuse_value(file, &entry, "has a type that is not one of TIFF's", fail);
    *count = entry.count;
    bool is_large = entry.count > tiff_offset_size(file) / size;
    *offset = value_offset(file, &entry, is_large ? UINT64_MAX : entry.count * size);
    return OUTCOME_DONE;
}

enum outcome tiff_tag_location(const struct tiff_file *file, unsigned tag, uint64_t *count,
                               uint64_t *offset, struct fail *fail)
{
    return tiff_tag_location_at(file, tag, 0, count, offset, fail);
}

/* ---- lists of numbers ------------------------------------------------------------------------ */

uint64_t tiff_tag_length(const struct tiff_file *file, unsigned tag)
{
    struct entry entry;
    return read_entry(file, tag, &entry) ? entry.count : 0;
}

static bool read_numbers(const struct tiff_file *file, const struct entry *entry, uint64_t first,
                         size_t n, uint64_t *numbers)
{
    struct fail ignored = {.text = ""};
    size_t size = type_size(entry->type);
    unsigned char *bytes = (unsigned char *)numbers;
    if (entry->count > file->size || read_value(file, entry, entry->count * size, first * size,
                                                bytes, n * size, &ignored) != OUTCOME_DONE)
        return false;
    /* From the last one on, as a number is no shorter than its bytes. */
    for (size_t i = n; i-- > 0;)
        numbers[i] = parse_unsigned(file, bytes + i * size, size);
    return true;
}

bool tiff_tag_numbers(const struct tiff_file *file, unsigned tag, uint64_t first, size_t n,
                      uint64_t *numbers)
{
    struct entry entry;
    return read_entry(file, tag, &entry) &&
           (entry.type == TYPE_SHORT || entry.type == TYPE_LONG || entry.type == TYPE_LONG8) &&
           read_numbers(file, &entry, first, n, numbers);
}

bool tiff_tag_first_number(const struct tiff_file *file, unsigned tag, uint64_t *number)
{
    struct entry entry;
    return read_entry(file, tag, &entry) && is_unsigned_integer(entry.type) && entry.count > 0 &&
           read_numbers(file, &entry, 0, 1, number);
}
