#include "format/tiff/channel.h"

#include <string.h>

#include "common/base/count.h"
#include "common/stream/stream.h"

#define NO_PLANE UINT64_MAX

void tiff_channel_begin(struct tiff_channel *channel, struct tiff_shared *shared, size_t number,
                        bool is_clone)
{
    *channel = (struct tiff_channel){.shared = shared,
                                     .number = number,
                                     .is_clone = is_clone,
                                     .input = NO_INPUT,
                                     .plane = NO_PLANE};
}

static void close_input(struct tiff_channel *channel)
{
    if (channel->input == NO_INPUT)
        return;
    tiff_file_close(&channel->file);
    pthread_mutex_lock(&channel->shared->mutex);
    tiff_stack_release(&channel->shared->stack, channel->input);
    pthread_mutex_unlock(&channel->shared->mutex);
    channel->input = NO_INPUT;
}

static bool open_input(struct tiff_channel *channel, uint32_t input, struct fail *fail)
{
    if (channel->input == input)
        return true;
    close_input(channel);
    pthread_mutex_lock(&channel->shared->mutex);
    struct tiff_file *file = tiff_stack_open(&channel->shared->stack, input, fail);
    if (file)
        tiff_file_clone(&channel->file, file);
    pthread_mutex_unlock(&channel->shared->mutex);
    channel->input = file ? input : NO_INPUT;
    return file != NULL;
}

/* The memory of a clone was planned by the first page; strips of other pages may be larger. */
static bool fits_clone(const struct tiff_channel *channel, const struct tiff_page *page,
                       struct fail *fail)
{
    uint64_t size = tiff_decoded_size(page);
    return !channel->is_clone || size <= TIFF_DECODER_SIZE ||
           size <= tiff_decoded_size(&channel->shared->stack.page) ||
           fail_set(fail, "%s: not to be decoded ahead", channel->file.name);
}

static bool read_page(struct tiff_channel *channel, const struct tiff_image *image,
                      struct tiff_page *page, struct fail *fail)
{
    struct tiff_stack *stack = &channel->shared->stack;
    const struct tiff_input *input = &stack->inputs[image->input];
    const struct tiff_metadata metadata = {.is_imagej = input->is_imagej, .parts = input->parts};
    *page = stack->stored;
    page->data_offset = image->data_offset;
    if (page->data_offset != 0)
        return true;
    if (!tiff_parse_directory(&channel->file, image->directory, image->number, fail) ||
        !tiff_page_interpret(&channel->file, image->number, &metadata, &stack->decode_options, page,
                             fail) ||
        !tiff_stack_check_page(stack, image->input, image->number, page, fail) ||
        !fits_clone(channel, page, fail))
        return false;
    if (page->parts.split == SPLIT_SEPARATE)
        tiff_page_use_sample(page, image->part);
    return true;
}

static bool open_plane(struct tiff_channel *channel, uint64_t plane, struct fail *fail)
{
    const struct tiff_stack *stack = &channel->shared->stack;
    const struct tiff_image *image = &stack->images[plane * stack->channels + channel->number];
    struct tiff_page page;
    channel->is_missing = image->directory == 0;
    channel->plane = NO_PLANE;
    if (!channel->is_missing) {
        if (!open_input(channel, image->input, fail) || !read_page(channel, image, &page, fail))
            return false;
        tiff_rows_begin(&channel->rows, &channel->file, image->number, &page);
        channel->part = image->part;
    }
    channel->plane = plane;
    return true;
}

/* Stored numbers become measured ones. Signed ones of 16 bits are scaled as that type, whose lowest
 * number becomes -1 too. */
static void calibrate(const struct tiff_shared *shared, float *v, size_t n)
{
    const struct tiff_calibration *calibration = &shared->stack.calibration;
    bool has_lowest = calibration->makes_signed && shared->stack.options.full_scale <= 0;
    for (size_t i = 0; i < n; i++) {
        double value = ((double)v[i] * calibration->factor + calibration->offset) * shared->scale;
        v[i] = (float)(has_lowest && value < -1 ? -1 : value);
    }
}

/* Finds the stored samples from number `sample` of the plane on, of which at most n are wanted.
 * Returns how many there are side by side, every *step bytes; 0 on failure. */
static size_t locate(struct tiff_channel *channel, uint64_t sample, size_t n,
                     const unsigned char **stored, size_t *step, struct fail *fail)
{
    struct tiff_rows *rows = &channel->rows;
    const struct tiff_page *page = &rows->page;
    uint64_t channels = page->channels;
    bool is_sample = page->parts.split == SPLIT_SAMPLES;
    if (is_sample)
        sample = sample * channels + channel->part;
    if (page->parts.split == SPLIT_ROWS)
        sample += channel->part * page->columns * channels;
    if (!tiff_rows_load(rows, sample / channels, fail))
        return 0;
    uint64_t offset = sample - rows->first * channels;
    uint64_t left = rows->count * channels - offset;
    *stored = rows->voxels + offset * sample_size(page->type);
    *step = (is_sample ? channels : 1) * sample_size(page->type);
    return min_u64(n, is_sample ? (left - 1) / channels + 1 : left);
}

/* Converts n stored samples, every `step` bytes. */
static void convert(const struct tiff_channel *channel, const unsigned char *stored, size_t step,
                    float *v, size_t n)
{
    enum { PIECE = 2048 };
    unsigned char piece[PIECE];
    struct tiff_shared *shared = channel->shared;
    enum sample_type type = channel->rows.page.type;
    size_t size = sample_size(type);
    double scale = shared->stack.calibration.is_present ? 1 : shared->scale;
    for (size_t done = 0, some; done < n; done += some, stored += some * step) {
        const unsigned char *from = stored;
        some = step == size ? n : min_u64(n - done, PIECE / size);
        for (size_t i = 0; step != size && i < some; i++)
            memcpy(piece + i * size, stored + i * step, size);
        from = step == size ? stored : piece;
        sample_to_float(type, channel->rows.swapped, scale, from, v + done, some);
        reader_count_inexact(shared->reader,
                             sample_count_inexact(type, channel->rows.swapped, from, some));
    }
}

size_t tiff_channel_read(struct tiff_channel *channel, uint64_t voxel, size_t skipped, float *v,
                         size_t n, struct fail *fail)
{
    const struct tiff_page *page = &channel->shared->stack.page;
    uint64_t voxels = page->rows * page->columns, plane = voxel / voxels, inside = voxel % voxels;
    if (channel->plane != plane && !open_plane(channel, plane, fail))
        return 0;
    if (channel->is_missing) {
        n = min_u64(n, (voxels - inside) * page->channels - skipped);
        memset(v, 0, n * sizeof *v);
        return n;
    }
    const unsigned char *stored;
    size_t step;
    uint64_t sample = inside * page->channels + skipped;
    n = min_u64(n, voxels * page->channels - sample);
    n = locate(channel, sample, n, &stored, &step, fail);
    if (n == 0)
        return 0;
    convert(channel, stored, step, v, n);
    if (channel->shared->stack.calibration.is_present)
        calibrate(channel->shared, v, n);
    return n;
}

void tiff_channel_end(struct tiff_channel *channel)
{
    close_input(channel);
    tiff_rows_free(&channel->rows);
}
