#include "format/tiff/decode/file.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/array.h"
#include "common/base/descriptor.h"
#include "common/base/number.h"
#include "common/base/temporary.h"

/* The layout is that of TIFF 6.0, section 2, and BigTIFF. Types of a value: */
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

static size_t entry_size(const struct tiff_file *file)
{
    return file->big ? 20 : 12;
}

/* Bytes of an offset; values up to this size are stored in their entry. */
static size_t offset_size(const struct tiff_file *file)
{
    return file->big ? 8 : 4;
}

static size_t count_size(const struct tiff_file *file)
{
    return file->big ? 8 : 2;
}

static uint64_t header_size(const struct tiff_file *file)
{
    return file->big ? 16 : 8;
}

uint64_t tiff_parse_number(const struct tiff_file *file, const unsigned char *bytes, size_t size)
{
    if (size == 2) {
        uint16_t number;
        memcpy(&number, bytes, size);
        return file->swapped ? __builtin_bswap16(number) : number;
    }
    if (size == 4) {
        uint32_t number;
        memcpy(&number, bytes, size);
        return file->swapped ? __builtin_bswap32(number) : number;
    }
    uint64_t number;
    memcpy(&number, bytes, size);
    return file->swapped ? __builtin_bswap64(number) : number;
}

/* The same of any integer type, BYTE too. */
static uint64_t parse_unsigned(const struct tiff_file *file, const unsigned char *bytes,
                               size_t size)
{
    return size == 1 ? bytes[0] : tiff_parse_number(file, bytes, size);
}

static void serialize_count(const struct tiff_file *file, unsigned char *bytes, uint64_t count)
{
    if (file->big) {
        uint64_t number = file->swapped ? __builtin_bswap64(count) : count;
        memcpy(bytes, &number, sizeof number);
    } else {
        uint16_t number = (uint16_t)count;
        number = file->swapped ? __builtin_bswap16(number) : number;
        memcpy(bytes, &number, sizeof number);
    }
}

bool tiff_refuse(const struct tiff_file *file, uint64_t page, struct fail *fail, const char *format,
                 ...)
{
    char why[768];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    return fail_set(fail, "%s: page %" PRIu64 ": %s", file->name, page, why);
}

bool tiff_refuse_for(const struct tiff_file *file, uint64_t page, const struct fail *why,
                     struct fail *fail)
{
    return fail_prefix(fail, why, "%s: page %" PRIu64, file->name, page);
}

bool tiff_file_read(const struct tiff_file *file, uint64_t offset, void *to, size_t n,
                    struct fail *fail)
{
    size_t got;
    if (!descriptor_read_at(file->fd, to, n, offset, &got))
        return fail_errno(fail, "%s: %zu bytes from byte %" PRIu64 " on", file->name, n, offset);
    return got == n || fail_set(fail, "%s: %zu bytes from byte %" PRIu64 " on lie beyond its end",
                                file->name, n, offset);
}

/* ---- libtiff ------------------------------------------------------------------------------- */

/* libtiff reads the file through read_filtered(): it sees a single directory, the one that was set,
 * with the entries that decoding needs. So it follows no chain of pages and loads no private tags.
 */

/* Copies the part of one range of the file into another that the two have in common. */
static void copy_overlap(void *to, uint64_t to_at, size_t to_size, const void *from,
                         uint64_t from_at, size_t from_size)
{
    uint64_t begin = to_at > from_at ? to_at : from_at;
    uint64_t end = min_u64(to_at + to_size, from_at + from_size);
    if (begin < end)
        memcpy((char *)to + (begin - to_at), (const char *)from + (begin - from_at), end - begin);
}

static tmsize_t read_filtered(thandle_t handle, void *to, tmsize_t n)
{
    static const unsigned char no_chain[8] = {0};
    struct tiff_file *file = handle;
    uint64_t at = file->client.position;
    size_t got = 0, width = offset_size(file);
    if (at < file->size && !descriptor_read_at(file->fd, to, (size_t)n, at, &got))
        file->client.error_number = errno;
    copy_overlap(to, at, got, no_chain, header_size(file) - width, width);
    copy_overlap(to, at, got, file->filtered, file->directory, file->filtered_size);
    file->client.position += got;
    return (tmsize_t)got;
}

static tmsize_t refuse_write(thandle_t handle, void *from, tmsize_t n)
{
    (void)handle, (void)from, (void)n;
    return -1;
}

/* Apart from the workspace of some decoders no allocation is larger than the file, so a small file
 * that asks for much memory is broken. */
static tmsize_t max_memory(const struct tiff_file *file)
{
    const uint64_t base = UINT64_C(16) << 20, max = UINT64_C(1) << 40;
    if (file->max_memory > 0)
        return (tmsize_t)min_u64(file->max_memory, max);
    return (tmsize_t)(file->size < max / 8 ? base + 8 * file->size : max);
}

static bool open_libtiff(struct tiff_file *file, struct fail *fail)
{
    file->client = (struct tiff_client){.size = file->size};
    tiff_client_clear(&file->client);
    /* r: read; h: only the header for now; m: do not map the file (it would count as memory used);
     * c: strips as they are in the file, not split */
    file->tiff = tiff_client_open(&file->client, "TIFF", "rhmc", read_filtered, refuse_write,
                                  max_memory(file));
    return file->tiff || tiff_client_fail(&file->client, file->name, "libtiff can't open it", fail);
}

/* ---- directories --------------------------------------------------------------------------- */

/* Entry number `index` of those that have the tag. */
static const unsigned char *find_entry_at(const struct tiff_file *file, unsigned tag, size_t index)
{
    const unsigned char *bytes = file->entries;
    for (size_t i = 0; i < file->entry_count; i++, bytes += entry_size(file))
        if (tiff_parse_number(file, bytes, 2) == tag && index-- == 0)
            return bytes;
    return NULL;
}

/* Of entries with the same tag the first one counts, except where several are asked for. */
static const unsigned char *find_entry(const struct tiff_file *file, unsigned tag)
{
    return find_entry_at(file, tag, 0);
}

bool tiff_has_tag(const struct tiff_file *file, unsigned tag)
{
    return find_entry(file, tag) != NULL;
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
    size_t width = offset_size(file);
    if (!bytes)
        return false;
    *entry = (struct entry){
        .tag = tag,
        .type = (unsigned)tiff_parse_number(file, bytes + 2, 2),
        .count = tiff_parse_number(file, bytes + 4, width),
        .value = bytes + 4 + width,
        .offset =
            file->directory + count_size(file) + (uint64_t)(bytes - file->entries) + 4 + width,
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
    return size <= offset_size(file);
}

static uint64_t value_offset(const struct tiff_file *file, const struct entry *entry, uint64_t size)
{
    return is_inside_entry(file, size) ? entry->offset
                                       : tiff_parse_number(file, entry->value, offset_size(file));
}

/* The first n bytes of a value of `size` bytes, all of which must lie inside the file. */
static enum outcome read_value(const struct tiff_file *file, const struct entry *entry,
                               uint64_t size, void *to, size_t n, struct fail *fail)
{
    uint64_t offset = value_offset(file, entry, size);
    if (is_inside_entry(file, size))
        memcpy(to, entry->value, n);
    else if (offset > file->size || size > file->size - offset)
        return refuse_value(file, entry,
                            "lies beyond the end of the file; --plain reads pages without their "
                            "descriptions",
                            fail);
    else if (!tiff_file_read(file, offset, to, n, fail))
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
        return refuse_value(file, entry, "has a type that is none of TIFF's", fail);
    return read_value(file, entry, size, bytes, size, fail);
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
        return refuse_value(file, &entry, "is no whole number", fail);
    if (is_signed_integer(entry.type) && parse_signed(file, bytes, size) < 0)
        return refuse_value(file, &entry, "is negative", fail);
    *number = parse_unsigned(file, bytes, size);
    return OUTCOME_DONE;
}

uint64_t tiff_tag_length(const struct tiff_file *file, unsigned tag)
{
    struct entry entry;
    return read_entry(file, tag, &entry) ? entry.count : 0;
}

bool tiff_tag_numbers(const struct tiff_file *file, unsigned tag, uint64_t first, size_t n,
                      uint64_t *numbers)
{
    struct entry entry;
    struct fail ignored = {.text = ""};
    if (!read_entry(file, tag, &entry) ||
        (entry.type != TYPE_SHORT && entry.type != TYPE_LONG && entry.type != TYPE_LONG8) ||
        entry.count > file->size)
        return false;
    size_t size = type_size(entry.type);
    unsigned char *bytes = (unsigned char *)numbers;
    uint64_t offset = value_offset(file, &entry, entry.count * size);
    if (is_inside_entry(file, entry.count * size))
        memcpy(bytes, entry.value + first * size, n * size);
    else if (!tiff_file_read(file, offset + first * size, bytes, n * size, &ignored))
        return false;
    /* From the last one on, as a number is no shorter than its bytes. */
    for (size_t i = n; i-- > 0;)
        numbers[i] = tiff_parse_number(file, bytes + i * size, size);
    return true;
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
        return refuse_value(file, &entry, "is no number", fail);
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
                            "is no text; --plain reads pages without their descriptions", fail);
    size_t length = min_u64(entry.count, size - 1);
    text[length] = '\0';
    return read_value(file, &entry, entry.count, text, length, fail);
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
    return read_value(file, &entry, entry.count, to, *got, fail);
}

enum outcome tiff_tag_location_at(const struct tiff_file *file, unsigned tag, size_t index,
                                  uint64_t *count, uint64_t *offset, struct fail *fail)
{
    struct entry entry;
    if (!read_entry_at(file, tag, index, &entry) || entry.count == 0)
        return OUTCOME_ABSENT;
    size_t size = type_size(entry.type);
    if (size == 0)
        return refuse_value(file, &entry, "has a type that is none of TIFF's", fail);
    *count = entry.count;
    bool is_large = entry.count > offset_size(file) / size;
    *offset = value_offset(file, &entry, is_large ? UINT64_MAX : entry.count * size);
    return OUTCOME_DONE;
}

enum outcome tiff_tag_location(const struct tiff_file *file, unsigned tag, uint64_t *count,
                               uint64_t *offset, struct fail *fail)
{
    return tiff_tag_location_at(file, tag, 0, count, offset, fail);
}

/* ---- directories ----------------------------------------------------------------------------- */

/* Reads the directory's number of entries, the entries and the link to the next one. Most have no
 * more than a first read brings. */
static bool read_directory(struct tiff_file *file, uint64_t offset, uint64_t page,
                           struct fail *fail)
{
    unsigned char start[512];
    size_t count_bytes = count_size(file), link_bytes = offset_size(file);
    size_t got = (size_t)min_u64(sizeof start, file->size - offset);
    file->entry_count = 0;
    if (!tiff_file_read(file, offset, start, got, fail))
        return false;
    uint64_t count = tiff_parse_number(file, start, count_bytes);
    if (count == 0 || count > UINT16_MAX)
        return tiff_refuse(file, page, fail,
                           "its directory has %" PRIu64 " entries, expected 1 to 65535", count);
    if (!array_reserve_items(&file->entries, &file->entry_capacity, count + 1, entry_size(file)))
        return fail_errno(fail, "%s: a directory of %" PRIu64 " entries", file->name, count);
    size_t size = count * entry_size(file) + link_bytes;
    if (size > file->size - offset - count_bytes)
        return tiff_refuse(file, page, fail,
                           "its directory of %" PRIu64 " entries at byte %" PRIu64
                           " goes beyond the file's %" PRIu64 " bytes",
                           count, offset, file->size);
    size_t known = (size_t)min_u64(size, got - count_bytes);
    memcpy(file->entries, start + count_bytes, known);
    if (known < size && !tiff_file_read(file, offset + count_bytes + known, file->entries + known,
                                        size - known, fail))
        return false;
    file->directory = offset;
    file->entry_count = count;
    file->next_directory = tiff_parse_number(file, file->entries + size - link_bytes, link_bytes);
    return true;
}

bool tiff_parse_directory(struct tiff_file *file, uint64_t offset, uint64_t page, struct fail *fail)
{
    if (offset > file->size || count_size(file) > file->size - offset)
        return tiff_refuse(file, page, fail,
                           "its directory lies at byte %" PRIu64 ", the file has %" PRIu64, offset,
                           file->size);
    return read_directory(file, offset, page, fail);
}

/* The tags that libtiff needs to decode samples, in ascending order. */
static const unsigned decoding_tags[] = {TIFFTAG_SUBFILETYPE,
                                         TIFFTAG_IMAGEWIDTH,
                                         TIFFTAG_IMAGELENGTH,
                                         TIFFTAG_BITSPERSAMPLE,
                                         TIFFTAG_COMPRESSION,
                                         TIFFTAG_PHOTOMETRIC,
                                         TIFFTAG_FILLORDER,
                                         TIFFTAG_STRIPOFFSETS,
                                         TIFFTAG_ORIENTATION,
                                         TIFFTAG_SAMPLESPERPIXEL,
                                         TIFFTAG_ROWSPERSTRIP,
                                         TIFFTAG_STRIPBYTECOUNTS,
                                         TIFFTAG_PLANARCONFIG,
                                         TIFFTAG_GROUP3OPTIONS,
                                         TIFFTAG_GROUP4OPTIONS,
                                         TIFFTAG_RESOLUTIONUNIT,
                                         TIFFTAG_PREDICTOR,
                                         TIFFTAG_WHITEPOINT,
                                         TIFFTAG_COLORMAP,
                                         TIFFTAG_INKSET,
                                         TIFFTAG_TILEWIDTH,
                                         TIFFTAG_TILELENGTH,
                                         TIFFTAG_TILEOFFSETS,
                                         TIFFTAG_TILEBYTECOUNTS,
                                         TIFFTAG_EXTRASAMPLES,
                                         TIFFTAG_SAMPLEFORMAT,
                                         TIFFTAG_JPEGTABLES,
                                         TIFFTAG_JPEGPROC,
                                         TIFFTAG_JPEGIFOFFSET,
                                         TIFFTAG_JPEGIFBYTECOUNT,
                                         TIFFTAG_JPEGRESTARTINTERVAL,
                                         TIFFTAG_JPEGQTABLES,
                                         TIFFTAG_JPEGDCTABLES,
                                         TIFFTAG_JPEGACTABLES,
                                         TIFFTAG_YCBCRCOEFFICIENTS,
                                         TIFFTAG_YCBCRSUBSAMPLING,
                                         TIFFTAG_YCBCRPOSITIONING,
                                         TIFFTAG_REFERENCEBLACKWHITE,
                                         TIFFTAG_DATATYPE,
                                         TIFFTAG_IMAGEDEPTH,
                                         TIFFTAG_TILEDEPTH,
                                         TIFFTAG_STONITS,
                                         TIFFTAG_LERC_PARAMETERS};
enum { DECODING_TAGS = sizeof decoding_tags / sizeof decoding_tags[0] };
_Static_assert(DECODING_TAGS * 20 + 16 <= sizeof((struct tiff_file *)0)->filtered, "too many tags");

size_t tiff_count_decoding_tags(const struct tiff_file *file)
{
    size_t count = 0;
    for (size_t i = 0; i < DECODING_TAGS; i++)
        count += tiff_has_tag(file, decoding_tags[i]);
    return count;
}

/* ---- repairs --------------------------------------------------------------------------------- */

/* Values outside the specification, which libtiff's readers and others treat as if the tag were
 * absent: libtiff does not see such an entry. */
static const struct {
    unsigned tag;
    uint64_t min, max;
    enum tiff_repair repair;
} ranges[] = {
    {TIFFTAG_COMPRESSION, 1, UINT16_MAX, REPAIR_COMPRESSION},
    {TIFFTAG_FILLORDER, 1, 2, REPAIR_FILL_ORDER},
    {TIFFTAG_ORIENTATION, 1, 8, REPAIR_ORIENTATION},
    {TIFFTAG_ROWSPERSTRIP, 1, UINT64_MAX, REPAIR_ROWS_PER_STRIP},
    {TIFFTAG_PLANARCONFIG, 1, 2, REPAIR_PLANAR_CONFIG},
    {TIFFTAG_PREDICTOR, 1, UINT16_MAX, REPAIR_PREDICTOR},
    {TIFFTAG_EXTRASAMPLES, 0, 2, REPAIR_EXTRA_SAMPLES},
    {TIFFTAG_SAMPLEFORMAT, 1, 6, REPAIR_SAMPLE_FORMAT},
    {TIFFTAG_IMAGEDEPTH, 1, UINT32_MAX, REPAIR_IMAGE_DEPTH},
};

static const struct {
    enum tiff_repair repair;
    const char *text;
} repair_texts[] = {
    {REPAIR_COMPRESSION, "Compression 0 is none of TIFF's: read as not compressed"},
    {REPAIR_FILL_ORDER, "its FillOrder is none of TIFF's: read as 1, highest bit first"},
    {REPAIR_ORIENTATION, "its Orientation is none of TIFF's: read as 1, first row on top"},
    {REPAIR_ROWS_PER_STRIP, "RowsPerStrip 0: read as a single strip"},
    {REPAIR_PLANAR_CONFIG, "its PlanarConfiguration is none of TIFF's: read as 1, pixel by pixel"},
    {REPAIR_PREDICTOR, "Predictor 0 is none of TIFF's: read as 1, none"},
    {REPAIR_EXTRA_SAMPLES, "its ExtraSamples are none of TIFF's: read as channels"},
    {REPAIR_SAMPLE_FORMAT, "its SampleFormat is none of TIFF's: read as unsigned integers"},
    {REPAIR_IMAGE_DEPTH, "ImageDepth 0: read as 1"},
    {REPAIR_NO_PHOTOMETRIC, "has no PhotometricInterpretation: read as black is zero"},
    {REPAIR_ONE_COLOR, "PhotometricInterpretation 2 (RGB) of one sample a pixel: read as gray"},
    {REPAIR_TURNED, "its rows and columns change places for display: they are as stored"},
};

void tiff_add_repairs(const struct tiff_file *file, uint64_t page, unsigned repairs,
                      struct notices *notices)
{
    for (size_t i = 0; i < sizeof repair_texts / sizeof repair_texts[0]; i++)
        if ((repairs & repair_texts[i].repair) && !strstr(notices->text, repair_texts[i].text))
            notices_add(notices, "%s: page %" PRIu64 ": %s", file->name, page,
                        repair_texts[i].text);
}

/* The first of the numbers of a tag; false if there is none that can be read. */
static bool first_number(const struct tiff_file *file, unsigned tag, uint64_t *number)
{
    struct entry entry;
    unsigned char bytes[8];
    struct fail ignored = {.text = ""};
    if (!read_entry(file, tag, &entry) || !is_unsigned_integer(entry.type) || entry.count == 0 ||
        entry.count > file->size)
        return false;
    size_t size = type_size(entry.type);
    if (read_value(file, &entry, entry.count * size, bytes, size, &ignored) != OUTCOME_DONE)
        return false;
    *number = parse_unsigned(file, bytes, size);
    return true;
}

static unsigned find_repair(const struct tiff_file *file, unsigned tag)
{
    uint64_t number;
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (ranges[i].tag == tag && first_number(file, tag, &number) &&
            (number < ranges[i].min || number > ranges[i].max))
            return ranges[i].repair;
    return 0;
}

bool tiff_is_repaired(const struct tiff_file *file, unsigned tag)
{
    return find_repair(file, tag) != 0;
}

static void filter_directory(struct tiff_file *file)
{
    file->repairs = 0;
    size_t count = 0, count_bytes = count_size(file), size = entry_size(file);
    for (size_t i = 0; i < DECODING_TAGS; i++) {
        const unsigned char *bytes = find_entry(file, decoding_tags[i]);
        unsigned repair = bytes ? find_repair(file, decoding_tags[i]) : 0;
        file->repairs |= repair;
        if (bytes && repair == 0)
            memcpy(file->filtered + count_bytes + count++ * size, bytes, size);
    }
    serialize_count(file, file->filtered, count);
    memset(file->filtered + count_bytes + count * size, 0, offset_size(file));
    file->filtered_size = count_bytes + count * size + offset_size(file);
}

bool tiff_give_directory(struct tiff_file *file, uint64_t page, struct fail *fail)
{
    filter_directory(file);
    tiff_client_clear(&file->client);
    if (!file->tiff && !open_libtiff(file, fail))
        return false;
    if (libtiff.SetSubDirectory(file->tiff, file->directory) && tiff_client_is_ok(&file->client))
        return true;
    struct fail why = {.text = ""};
    tiff_client_fail(&file->client, "its directory makes no sense", "libtiff can't read it", &why);
    return tiff_refuse_for(file, page, &why, fail);
}

/* ---- the file ------------------------------------------------------------------------------ */

static bool read_header(struct tiff_file *file, struct fail *fail)
{
    unsigned char bytes[16] = {0};
    size_t got;
    if (!descriptor_read_at(file->fd, bytes, sizeof bytes, 0, &got))
        return fail_errno(fail, "%s: read", file->name);
    bool little = memcmp(bytes, "II", 2) == 0;
    if (file->size == 0)
        return fail_set(fail, "%s: is empty, expected a TIFF file", file->name);
    if (!little && memcmp(bytes, "MM", 2) != 0)
        return fail_set(fail,
                        "%s: is no TIFF file: it begins with bytes %02x %02x, expected \"II\" or "
                        "\"MM\"",
                        file->name, bytes[0], bytes[1]);
    file->swapped = little != (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
    uint64_t version = tiff_parse_number(file, bytes + 2, 2);
    file->big = version == 43;
    if (version != 42 && version != 43)
        return fail_set(fail, "%s: is no TIFF file: version %" PRIu64 ", expected 42 or 43",
                        file->name, version);
    if (got < header_size(file) || (file->big && (tiff_parse_number(file, bytes + 4, 2) != 8 ||
                                                  tiff_parse_number(file, bytes + 6, 2) != 0)))
        return fail_set(fail, "%s: its header is cut off or broken", file->name);
    file->next_directory =
        tiff_parse_number(file, bytes + header_size(file) - offset_size(file), offset_size(file));
    return file->next_directory > 0 || fail_set(fail, "%s: has no pages", file->name);
}

/* Finds a descriptor with random access to the file. */
static bool find_descriptor(struct tiff_file *file, struct fail *fail)
{
    bool whole = file->input.seekable && lseek(file->input.fd, 0, SEEK_CUR) == 0;
    file->fd = whole ? file->input.fd : temporary_copy(&file->input, fail);
    struct stat status;
    if (file->fd < 0)
        return false;
    if (fstat(file->fd, &status) != 0)
        return fail_errno(fail, "%s", file->name);
    file->size = (uint64_t)status.st_size;
    return true;
}

bool tiff_file_open(struct tiff_file *file, const char *path, struct fail *fail)
{
    struct input input;
    return input_open(&input, path, fail) && tiff_file_open_input(file, &input, fail);
}

bool tiff_file_open_input(struct tiff_file *file, struct input *input, struct fail *fail)
{
    *file = (struct tiff_file){.fd = -1, .input = *input};
    *input = (struct input){.fd = -1};
    file->name = file->input.name;
    if (find_descriptor(file, fail) && read_header(file, fail))
        return true;
    tiff_file_close(file);
    return false;
}

void tiff_file_clone(struct tiff_file *clone, const struct tiff_file *file)
{
    *clone = *file;
    clone->is_clone = true;
    clone->tiff = NULL;
    clone->entries = NULL;
    clone->entry_count = clone->entry_capacity = 0;
}

bool tiff_file_is_temporary(const struct tiff_file *file)
{
    return file->fd != file->input.fd;
}

void tiff_file_close(struct tiff_file *file)
{
    if (file->tiff)
        libtiff.Close(file->tiff);
    if (!file->is_clone && file->fd >= 0 && tiff_file_is_temporary(file))
        close(file->fd);
    if (!file->is_clone)
        input_close(&file->input);
    free(file->entries);
    *file = (struct tiff_file){.fd = -1, .input = {.fd = -1}};
}
