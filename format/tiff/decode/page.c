#include "format/tiff/decode/page.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/base/count.h"

size_t tiff_voxel_size(const struct tiff_page *page)
{
    return page->channels * sample_size(page->type);
}

static uint64_t bytes_of(const struct tiff_page *page, uint64_t samples)
{
    return (samples * page->bits + 7) / 8;
}

static unsigned samples_in_segment(const struct tiff_page *page)
{
    return page->separate ? 1 : page->samples;
}

uint64_t tiff_row_samples(const struct tiff_page *page)
{
    return page->segment_columns * samples_in_segment(page);
}

uint64_t tiff_row_bytes(const struct tiff_page *page)
{
    return bytes_of(page, tiff_row_samples(page));
}

uint64_t tiff_page_size(const struct tiff_page *page)
{
    return page->rows * bytes_of(page, page->columns * samples_in_segment(page)) *
           (page->separate ? page->samples : 1);
}

uint64_t tiff_segment_size(const struct tiff_page *page)
{
    return page->segment_rows * tiff_row_bytes(page);
}

uint64_t tiff_strip_rows(const struct tiff_page *page, uint64_t strip)
{
    return min_u64(page->segment_rows, page->rows - strip % page->segments * page->segment_rows);
}

uint64_t tiff_segment_bytes(const struct tiff_page *page, uint64_t segment)
{
    return page->tiled ? tiff_segment_size(page)
                       : tiff_strip_rows(page, segment) * tiff_row_bytes(page);
}

uint64_t tiff_decoded_size(const struct tiff_page *page)
{
    return tiff_segment_size(page) * page->segments_across * (page->separate ? page->samples : 1);
}

bool tiff_page_fits(const struct tiff_page *page)
{
    /* 16 is more than any sample's bytes, stored or unpacked. */
    uint64_t channels = page->samples > page->channels ? page->samples : page->channels;
    const struct volume shape = {.size = {1, page->rows, page->columns}, .channels = channels * 16};
    const struct volume segments = {
        .size = {page->segments_across, page->segment_rows, page->segment_columns},
        .channels = channels * 16};
    return volume_fits(&shape) && volume_fits(&segments);
}

void tiff_page_use_sample(struct tiff_page *page, uint64_t sample)
{
    uint64_t first = sample * page->segments;
    if (page->separate) {
        page->samples = page->channels = 1;
        page->channel_kind = CHANNELS_NONE;
        page->separate = false;
    }
    if (page->data_offset != 0)
        page->data_offset = page->data_offset -
                            page->first_segment / page->segments * tiff_page_size(page) +
                            sample * tiff_page_size(page);
    page->first_segment = first;
}

void tiff_page_divide(struct tiff_page *page, struct tiff_parts parts)
{
    uint64_t count = parts.split == SPLIT_ROWS ? page->rows : page->channels;
    if (parts.split == SPLIT_NONE || page->separate != (parts.split == SPLIT_SEPARATE) ||
        page->channels < 2 || count != parts.count)
        return;
    page->parts = parts;
    if (page->separate)
        tiff_page_use_sample(page, 0);
}

uint64_t tiff_page_images(const struct tiff_page *page)
{
    return page->parts.split == SPLIT_NONE ? 1 : page->parts.count;
}

void tiff_page_use_image(struct tiff_page *page)
{
    enum tiff_split split = page->parts.split;
    page->parts = (struct tiff_parts){.split = SPLIT_NONE};
    if (split != SPLIT_SAMPLES && split != SPLIT_ROWS)
        return;
    if (split == SPLIT_ROWS) {
        page->rows = page->columns;
        page->columns = page->channels;
    }
    page->channels = 1;
    page->channel_kind = CHANNELS_NONE;
    page->compressed = false; /* what is decoded is the page that it is a part of */
    page->data_offset = 0;
}

double tiff_page_unit_scale(const struct tiff_page *page)
{
    if (page->has_palette_colors || (page->storage != STORED_BITS && page->storage != STORED_24))
        return sample_unit_scale(page->type);
    return 1 / (double)((UINT64_C(1) << page->bits) - 1);
}

const char *tiff_page_type(const struct tiff_page *page, char text[TIFF_TYPE_TEXT])
{
    bool is_float = page->storage == STORED_HALF || page->storage == STORED_FLOAT24;
    if (page->has_palette_colors || page->storage == STORED_AS_NUMBERS ||
        page->storage == STORED_PICTURE)
        snprintf(text, TIFF_TYPE_TEXT, "%s", sample_name(page->type));
    else
        snprintf(text, TIFF_TYPE_TEXT, "%s%u", is_float ? "float" : "uint", page->bits);
    return text;
}

bool tiff_pages_compatible(const struct tiff_page *a, const struct tiff_page *b)
{
    return a->rows == b->rows && a->columns == b->columns && a->type == b->type &&
           a->channels == b->channels && a->channel_kind == b->channel_kind &&
           a->parts.split == b->parts.split && a->parts.count == b->parts.count &&
           tiff_page_unit_scale(a) == tiff_page_unit_scale(b);
}

bool tiff_pages_same_layout(const struct tiff_page *a, const struct tiff_page *b)
{
    return a->storage == b->storage && a->bits == b->bits && a->samples == b->samples &&
           a->separate == b->separate && a->has_palette_colors == b->has_palette_colors &&
           a->inverted == b->inverted && a->mirrored == b->mirrored &&
           a->upside_down == b->upside_down;
}

const char *tiff_page_text(const struct tiff_page *page, char text[TIFF_PAGE_TEXT])
{
    char type[TIFF_TYPE_TEXT], channels[32] = "";
    if (page->parts.split != SPLIT_NONE)
        snprintf(channels, sizeof channels, " of %" PRIu64 " images", page->parts.count);
    else if (page->channel_kind == CHANNELS_VECTOR)
        snprintf(channels, sizeof channels, " of %u channels", page->channels);
    snprintf(text, TIFF_PAGE_TEXT, "%" PRIu64 " x %" PRIu64 " %s%s%s", page->rows, page->columns,
             tiff_page_type(page, type), channels,
             page->channel_kind == CHANNELS_RGB    ? " RGB"
             : page->channel_kind == CHANNELS_RGBA ? " RGBA"
                                                   : "");
    return text;
}

static enum sample_type smallest_unsigned(unsigned bits)
{
    return bits <= 8 ? SAMPLE_UINT8 : bits <= 16 ? SAMPLE_UINT16 : SAMPLE_UINT32;
}

/* Unsigned integers may have any depth, signed ones and floats only those of the table. */
bool tiff_page_find_type(struct tiff_page *page, unsigned bits, unsigned format)
{
    static const struct {
        unsigned bits, format;
        enum sample_type type;
        enum tiff_storage storage;
    } supported[] = {
        {8, SAMPLEFORMAT_UINT, SAMPLE_UINT8, STORED_AS_NUMBERS},
        {16, SAMPLEFORMAT_UINT, SAMPLE_UINT16, STORED_AS_NUMBERS},
        {24, SAMPLEFORMAT_UINT, SAMPLE_UINT32, STORED_24},
        {32, SAMPLEFORMAT_UINT, SAMPLE_UINT32, STORED_AS_NUMBERS},
        {64, SAMPLEFORMAT_UINT, SAMPLE_UINT64, STORED_AS_NUMBERS},
        {8, SAMPLEFORMAT_INT, SAMPLE_INT8, STORED_AS_NUMBERS},
        {16, SAMPLEFORMAT_INT, SAMPLE_INT16, STORED_AS_NUMBERS},
        {32, SAMPLEFORMAT_INT, SAMPLE_INT32, STORED_AS_NUMBERS},
        {64, SAMPLEFORMAT_INT, SAMPLE_INT64, STORED_AS_NUMBERS},
        {16, SAMPLEFORMAT_IEEEFP, SAMPLE_FLOAT32, STORED_HALF},
        {24, SAMPLEFORMAT_IEEEFP, SAMPLE_FLOAT32, STORED_FLOAT24},
        {32, SAMPLEFORMAT_IEEEFP, SAMPLE_FLOAT32, STORED_AS_NUMBERS},
        {64, SAMPLEFORMAT_IEEEFP, SAMPLE_FLOAT64, STORED_AS_NUMBERS},
    };
    for (size_t i = 0; i < sizeof supported / sizeof supported[0]; i++) {
        if (bits == supported[i].bits && format == supported[i].format) {
            page->unpacked = supported[i].type;
            page->storage = supported[i].storage;
            return true;
        }
    }
    page->unpacked = smallest_unsigned(bits);
    page->storage = STORED_BITS;
    return format == SAMPLEFORMAT_UINT && bits > 0 && bits < 32;
}

void tiff_page_use_indices(struct tiff_page *page)
{
    if (!page->has_palette_colors)
        return;
    page->has_palette_colors = false;
    page->type = page->unpacked;
    page->channels = 1;
    page->channel_kind = CHANNELS_NONE;
}
