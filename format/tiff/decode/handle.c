#include "format/tiff/decode/handle.h"

#include <errno.h>
#include <string.h>

#include "common/base/count.h"
#include "common/io/descriptor.h"
#include "format/tiff/decode/tags.h"

/* ---- libtiff ------------------------------------------------------------------------------- */

/* libtiff reads the file through read_filtered(), which shows it the filtered directory in place of
 * the file's, and none after it: it follows no chain of pages and loads no private tags. */

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
    size_t got = 0, width = tiff_offset_size(file);
    if (at < file->size && !descriptor_read_at(file->fd, to, (size_t)n, at, &got))
        file->client.error_number = errno;
    copy_overlap(to, at, got, no_chain, tiff_header_size(file) - width, width);
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
    {REPAIR_COMPRESSION, "Compression 0 is not one of TIFF's: read as not compressed"},
    {REPAIR_FILL_ORDER, "its FillOrder is not one of TIFF's: read as 1, highest bit first"},
    {REPAIR_ORIENTATION, "its Orientation is not one of TIFF's: read as 1, first row on top"},
    {REPAIR_ROWS_PER_STRIP, "RowsPerStrip 0: read as a single strip"},
    {REPAIR_PLANAR_CONFIG,
     "its PlanarConfiguration is not one of TIFF's: read as 1, pixel by pixel"},
    {REPAIR_PREDICTOR, "Predictor 0 is not one of TIFF's: read as 1, none"},
    {REPAIR_EXTRA_SAMPLES, "its ExtraSamples are not any of TIFF's: read as channels"},
    {REPAIR_SAMPLE_FORMAT, "its SampleFormat is not one of TIFF's: read as unsigned integers"},
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

static unsigned find_repair(const struct tiff_file *file, unsigned tag)
{
    uint64_t number;
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (ranges[i].tag == tag && tiff_tag_first_number(file, tag, &number) &&
            (number < ranges[i].min || number > ranges[i].max))
            return ranges[i].repair;
    return 0;
}

bool tiff_is_repaired(const struct tiff_file *file, unsigned tag)
{
    return find_repair(file, tag) != 0;
}

/* ---- the directory that it sees -------------------------------------------------------------- */

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

static void filter_directory(struct tiff_file *file)
{
    file->repairs = 0;
    size_t count = 0, count_bytes = tiff_count_size(file), size = tiff_entry_size(file);
    for (size_t i = 0; i < DECODING_TAGS; i++) {
        const unsigned char *bytes = tiff_find_entry(file, decoding_tags[i]);
        unsigned repair = bytes ? find_repair(file, decoding_tags[i]) : 0;
        file->repairs |= repair;
        if (bytes && repair == 0)
            memcpy(file->filtered + count_bytes + count++ * size, bytes, size);
    }
    serialize_count(file, file->filtered, count);
    memset(file->filtered + count_bytes + count * size, 0, tiff_offset_size(file));
    file->filtered_size = count_bytes + count * size + tiff_offset_size(file);
}

bool tiff_give_directory(struct tiff_file *file, uint64_t page, struct fail *fail)
{
    filter_directory(file);
    tiff_client_clear(&file->client);
    if (!file->tiff && !open_libtiff(file, fail))
        return false;
    if (TIFFSetSubDirectory(file->tiff, file->directory) && tiff_client_is_ok(&file->client))
        return true;
    struct fail why = {.text = ""};
    tiff_client_fail(&file->client, "its directory makes no sense", "libtiff can't read it", &why);
    return tiff_refuse_for(file, page, &why, fail);
}

unsigned tiff_get_short(const struct tiff_file *file, uint32_t tag, uint16_t fallback)
{
    uint16_t value = fallback;
    return TIFFGetField(file->tiff, tag, &value) ? value : fallback;
}

uint32_t tiff_get_long(const struct tiff_file *file, uint32_t tag, uint32_t fallback)
{
    uint32_t value = fallback;
    return TIFFGetField(file->tiff, tag, &value) ? value : fallback;
}
