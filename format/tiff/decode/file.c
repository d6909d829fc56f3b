#include "format/tiff/decode/file.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/temporary.h"

/* Layout: TIFF 6.0, section 2, and BigTIFF. Types of a value: */
enum {
    TYPE_BYTE = 1,
    TYPE_ASCII = 2,
    TYPE_SHORT = 3,
    TYPE_LONG = 4,
    TYPE_RATIONAL = 5,
    TYPE_UNDEFINED = 7,
};

struct entry {
    unsigned type;
    uint64_t count;
    const unsigned char *value; /* the value itself, or its offset */
};

static size_t entry_size(const struct tiff_file *file)
{
    return file->big ? 20 : 12;
}

/* Bytes of an offset, which are also those that a value may have in its entry. */
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

/* A whole number of 2, 4 or 8 bytes in the file's byte order. */
static uint64_t number_at(const struct tiff_file *file, const unsigned char *bytes, size_t size)
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

uint64_t tiff_order_number(const struct tiff_file *file, const unsigned char *bytes, size_t size)
{
    return number_at(file, bytes, size);
}

static void put_count(const struct tiff_file *file, unsigned char *bytes, uint64_t count)
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

/* Reads up to n bytes at an offset. */
static size_t read_some(const struct tiff_file *file, uint64_t offset, void *to, size_t n)
{
    size_t got = 0;
    while (got < n && offset + got < file->size) {
        ssize_t part = pread(file->fd, (char *)to + got, n - got, (off_t)(offset + got));
        if (part < 0 && errno == EINTR)
            continue;
        if (part <= 0)
            break;
        got += (size_t)part;
    }
    return got;
}

bool tiff_read(const struct tiff_file *file, uint64_t offset, void *to, size_t n)
{
    return offset <= file->size && n <= file->size - offset && read_some(file, offset, to, n) == n;
}

/* ---- libtiff ------------------------------------------------------------------------------- */

/* libtiff sees the file through these. It gets to see one directory at a time, the one entered,
 * with the entries that decoding needs: it walks no chains of pages and loads no private tags. */

static void lay_over(void *to, uint64_t to_at, size_t to_size, const void *from, uint64_t from_at,
                     size_t from_size)
{
    uint64_t begin = to_at > from_at ? to_at : from_at;
    uint64_t to_end = to_at + to_size, from_end = from_at + from_size;
    uint64_t end = to_end < from_end ? to_end : from_end;
    if (begin < end)
        memcpy((char *)to + (begin - to_at), (const char *)from + (begin - from_at),
               (size_t)(end - begin));
}

static tmsize_t read_filtered(thandle_t handle, void *to, tmsize_t n)
{
    static const unsigned char no_chain[8] = {0};
    struct tiff_file *file = handle;
    size_t got = read_some(file, file->at, to, (size_t)n);
    size_t width = offset_size(file);
    lay_over(to, file->at, got, no_chain, header_size(file) - width, width);
    lay_over(to, file->at, got, file->filtered, file->directory, file->filtered_size);
    file->at += got;
    return (tmsize_t)got;
}

static tmsize_t take_no_bytes(thandle_t handle, void *from, tmsize_t n)
{
    (void)handle, (void)from, (void)n;
    return -1;
}

static toff_t seek(thandle_t handle, toff_t offset, int whence)
{
    struct tiff_file *file = handle;
    if (whence == SEEK_CUR)
        offset += file->at;
    else if (whence == SEEK_END)
        offset += file->size;
    return file->at = offset;
}

static toff_t tell_size(thandle_t handle)
{
    return ((struct tiff_file *)handle)->size;
}

static int stay_open(thandle_t handle)
{
    (void)handle;
    return 0;
}

/* Decoders that go on over damage: missing data becomes gray in JPEG, white or older rows in fax.
 */
static bool is_lenient(const char *module)
{
    return module && (strcmp(module, "JPEGLib") == 0 || strcmp(module, "LibJpeg") == 0 ||
                      strncmp(module, "Fax", 3) == 0);
}

static int note_error(TIFF *tiff, void *user, const char *module, const char *format,
                      va_list arguments)
{
    (void)tiff;
    struct tiff_file *file = user;
    file->damaged = file->damaged || is_lenient(module);
    if (file->last_error[0] == '\0')
        vsnprintf(file->last_error, sizeof file->last_error, format, arguments);
    return 1;
}

/* Warnings are about what libtiff could repair, but for these decoders'. */
static int note_warning(TIFF *tiff, void *user, const char *module, const char *format,
                        va_list arguments)
{
    struct tiff_file *file = user;
    bool is_short = module && strcmp(module, "JPEGPreDecode") == 0 && format[0] == 'I';
    file->damaged = file->damaged || is_short; /* "Improper JPEG strip/tile size" */
    return is_lenient(module) || is_short ? note_error(tiff, user, module, format, arguments) : 1;
}

void tiff_clear_error(struct tiff_file *file)
{
    file->last_error[0] = '\0';
    file->damaged = false;
}

/* No single piece of memory needs more than the file's own size, but for the workspace of some
 * decoders; a small file that asks for a lot is not to be believed. */
static tmsize_t most_memory(const struct tiff_file *file)
{
    const uint64_t base = UINT64_C(16) << 20, most = UINT64_C(1) << 40;
    return (tmsize_t)(file->size < most / 8 ? base + 8 * file->size : most);
}

static void quiet_libtiff(void)
{
    TIFFSetErrorHandler(NULL);
    TIFFSetWarningHandler(NULL);
}

static bool open_libtiff(struct tiff_file *file, struct fail *fail)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options)
        return fail_errno(fail, "%s", file->name);
    pthread_once(&once, quiet_libtiff);
    TIFFOpenOptionsSetErrorHandlerExtR(options, note_error, file);
    TIFFOpenOptionsSetWarningHandlerExtR(options, note_warning, file);
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, most_memory(file));
    /* r: read; h: the header alone for now; m: no mapping (it would count as memory used); c: the
     * strips as they are in the file */
    file->tiff = TIFFClientOpenExt("TIFF", "rhmc", file, read_filtered, take_no_bytes, seek,
                                   stay_open, tell_size, NULL, NULL, options);
    TIFFOpenOptionsFree(options);
    return file->tiff || fail_set(fail, "%s: %s", file->name, file->last_error);
}

/* ---- directories --------------------------------------------------------------------------- */

/* The first one counts where a tag stands twice. */
static const unsigned char *find_entry(const struct tiff_file *file, unsigned tag)
{
    const unsigned char *bytes = file->entries;
    for (size_t i = 0; i < file->entry_count; i++, bytes += entry_size(file))
        if (number_at(file, bytes, 2) == tag)
            return bytes;
    return NULL;
}

bool tiff_has(const struct tiff_file *file, unsigned tag)
{
    return find_entry(file, tag) != NULL;
}

static bool read_entry(const struct tiff_file *file, unsigned tag, struct entry *entry)
{
    const unsigned char *bytes = find_entry(file, tag);
    size_t width = offset_size(file);
    if (!bytes)
        return false;
    *entry = (struct entry){
        .type = (unsigned)number_at(file, bytes + 2, 2),
        .count = number_at(file, bytes + 4, width),
        .value = bytes + 4 + width,
    };
    return true;
}

/* The first n bytes of an entry's value, which lie in it when the whole value does. */
static bool read_value(const struct tiff_file *file, const struct entry *entry, uint64_t whole,
                       void *to, size_t n)
{
    if (whole > offset_size(file))
        return tiff_read(file, number_at(file, entry->value, offset_size(file)), to, n);
    memcpy(to, entry->value, n);
    return true;
}

bool tiff_text(const struct tiff_file *file, unsigned tag, char *text, size_t size)
{
    struct entry entry;
    if (!read_entry(file, tag, &entry) ||
        (entry.type != TYPE_ASCII && entry.type != TYPE_BYTE && entry.type != TYPE_UNDEFINED))
        return false;
    size_t length = entry.count < size ? (size_t)entry.count : size - 1;
    text[length] = '\0';
    return read_value(file, &entry, entry.count, text, length);
}

size_t tiff_value(const struct tiff_file *file, unsigned tag, void *to, size_t n, uint64_t *size)
{
    struct entry entry;
    *size = 0;
    if (!read_entry(file, tag, &entry) ||
        (entry.type != TYPE_ASCII && entry.type != TYPE_BYTE && entry.type != TYPE_UNDEFINED))
        return 0;
    *size = entry.count;
    size_t got = entry.count < n ? (size_t)entry.count : n;
    return read_value(file, &entry, entry.count, to, got) ? got : 0;
}

bool tiff_value_place(const struct tiff_file *file, unsigned tag, uint64_t *count, uint64_t *offset)
{
    struct entry entry;
    if (!read_entry(file, tag, &entry))
        return false;
    *count = entry.count;
    *offset = number_at(file, entry.value, offset_size(file));
    return *count > 0;
}

uint64_t tiff_number(const struct tiff_file *file, unsigned tag, uint64_t otherwise)
{
    struct entry entry;
    if (!read_entry(file, tag, &entry) || entry.count != 1 ||
        (entry.type != TYPE_SHORT && entry.type != TYPE_LONG))
        return otherwise;
    return number_at(file, entry.value, entry.type == TYPE_SHORT ? 2 : 4);
}

bool tiff_rational(const struct tiff_file *file, unsigned tag, double *value)
{
    struct entry entry;
    unsigned char bytes[8];
    if (!read_entry(file, tag, &entry) || entry.type != TYPE_RATIONAL || entry.count != 1 ||
        !read_value(file, &entry, sizeof bytes, bytes, sizeof bytes))
        return false;
    uint64_t above = number_at(file, bytes, 4), below = number_at(file, bytes + 4, 4);
    *value = (double)above / (double)below;
    return below > 0;
}

static bool make_room(struct tiff_file *file, size_t entries, struct fail *fail)
{
    if (entries <= file->entry_room)
        return true;
    unsigned char *larger = realloc(file->entries, entries * entry_size(file));
    if (!larger)
        return fail_errno(fail, "%s: a directory of %zu entries", file->name, entries);
    file->entries = larger;
    file->entry_room = entries;
    return true;
}

static bool read_directory(struct tiff_file *file, uint64_t offset, uint64_t page,
                           struct fail *fail)
{
    unsigned char number[8];
    size_t count_bytes = count_size(file), link_bytes = offset_size(file);
    if (!tiff_read(file, offset, number, count_bytes))
        return tiff_refuse(file, page, fail,
                           "its directory lies at byte %" PRIu64 ", the file has %" PRIu64, offset,
                           file->size);
    uint64_t count = number_at(file, number, count_bytes);
    if (count == 0 || count > UINT16_MAX)
        return tiff_refuse(file, page, fail,
                           "its directory has %" PRIu64 " entries, expected 1 to 65535", count);
    if (!make_room(file, (size_t)count, fail))
        return false;
    file->directory = offset;
    file->entry_count = (size_t)count;
    size_t bytes = (size_t)count * entry_size(file);
    if (!tiff_read(file, offset + count_bytes, file->entries, bytes) ||
        !tiff_read(file, offset + count_bytes + bytes, number, link_bytes))
        return tiff_refuse(file, page, fail,
                           "its directory of %" PRIu64 " entries at byte %" PRIu64
                           " goes beyond the file's %" PRIu64 " bytes",
                           count, offset, file->size);
    file->next = number_at(file, number, link_bytes);
    return true;
}

/* What libtiff needs to know to decode samples, in ascending order. */
static const unsigned decoding_tags[] = {
    TIFFTAG_SUBFILETYPE,
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
    TIFFTAG_LERC_PARAMETERS,
};
enum { DECODING_TAGS = sizeof decoding_tags / sizeof decoding_tags[0] };
_Static_assert(DECODING_TAGS * 20 + 16 <= sizeof((struct tiff_file *)0)->filtered, "too many tags");

static void filter_directory(struct tiff_file *file)
{
    size_t kept = 0, count_bytes = count_size(file), size = entry_size(file);
    for (size_t i = 0; i < DECODING_TAGS; i++) {
        const unsigned char *bytes = find_entry(file, decoding_tags[i]);
        if (bytes)
            memcpy(file->filtered + count_bytes + kept++ * size, bytes, size);
    }
    put_count(file, file->filtered, kept);
    memset(file->filtered + count_bytes + kept * size, 0, offset_size(file));
    file->filtered_size = count_bytes + kept * size + offset_size(file);
}

bool tiff_set_directory(struct tiff_file *file, uint64_t directory, uint64_t page,
                        struct fail *fail)
{
    if (!read_directory(file, directory, page, fail))
        return false;
    filter_directory(file);
    tiff_clear_error(file);
    if (!file->tiff && !open_libtiff(file, fail))
        return false;
    return TIFFSetSubDirectory(file->tiff, directory) ||
           tiff_refuse(file, page, fail, "its directory makes no sense: %s", file->last_error);
}

bool tiff_parse_directory(struct tiff_file *file, uint64_t directory, uint64_t page,
                          struct fail *fail)
{
    return read_directory(file, directory, page, fail);
}

/* ---- the file ------------------------------------------------------------------------------ */

static bool read_header(struct tiff_file *file, struct fail *fail)
{
    unsigned char bytes[16] = {0};
    size_t got = read_some(file, 0, bytes, sizeof bytes);
    bool little = memcmp(bytes, "II", 2) == 0;
    if (file->size == 0)
        return fail_set(fail, "%s: is empty, expected a TIFF file", file->name);
    if (!little && memcmp(bytes, "MM", 2) != 0)
        return fail_set(fail,
                        "%s: is no TIFF file: it begins with bytes %02x %02x, expected \"II\" or "
                        "\"MM\"",
                        file->name, bytes[0], bytes[1]);
    file->swapped = little != (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
    uint64_t version = number_at(file, bytes + 2, 2);
    file->big = version == 43;
    if (version != 42 && version != 43)
        return fail_set(fail, "%s: is no TIFF file: version %" PRIu64 ", expected 42 or 43",
                        file->name, version);
    if (got < header_size(file) ||
        (file->big && (number_at(file, bytes + 4, 2) != 8 || number_at(file, bytes + 6, 2) != 0)))
        return fail_set(fail, "%s: its header is cut off or broken", file->name);
    file->next = number_at(file, bytes + header_size(file) - offset_size(file), offset_size(file));
    return file->next > 0 || fail_set(fail, "%s: has no pages", file->name);
}

/* Where the bytes are that can be read back and forth. */
static bool find_bytes(struct tiff_file *file, struct fail *fail)
{
    bool whole = file->input.seekable && lseek(file->input.fd, 0, SEEK_CUR) == 0;
    file->fd = whole ? file->input.fd : temporary_copy(file->input.fd, file->name, fail);
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
    *file = (struct tiff_file){.fd = -1};
    if (!input_open(&file->input, path, fail))
        return false;
    file->name = file->input.name;
    if (find_bytes(file, fail) && read_header(file, fail))
        return true;
    tiff_file_close(file);
    return false;
}

void tiff_file_share(struct tiff_file *file, const struct tiff_file *open)
{
    *file = *open;
    file->is_shared = true;
    file->tiff = NULL;
    file->at = 0;
    file->entries = NULL;
    file->entry_count = file->entry_room = 0;
}

bool tiff_file_is_spooled(const struct tiff_file *file)
{
    return file->fd != file->input.fd;
}

void tiff_file_close(struct tiff_file *file)
{
    if (file->tiff)
        TIFFClose(file->tiff);
    if (!file->is_shared && file->fd >= 0 && tiff_file_is_spooled(file))
        close(file->fd);
    if (!file->is_shared)
        input_close(&file->input);
    free(file->entries);
    *file = (struct tiff_file){.fd = -1, .input = {.fd = -1}};
}
