#include "format/tiff/channel.h"

#include <string.h>

#include "common/base/number.h"
#include "common/volume/stream.h"

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
    const struct tiff_metadata metadata = {.is_imagej = stack->inputs[image->input].is_imagej};
    *page = stack->page;
    page->data_offset = image->data_offset;
    return page->data_offset != 0 ||
           (tiff_parse_directory(&channel->file, image->directory, image->number, fail) &&
            tiff_page_interpret(&channel->file, image->number, &metadata, &stack->decode_options,
                                page, fail) &&
            tiff_stack_check_page(stack, image->input, image->number, page, fail) &&
            fits_clone(channel, page, fail));
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
    if (!tiff_rows_load(&channel->rows, inside, fail))
        return 0;
    const struct tiff_rows *rows = &channel->rows;
    uint64_t offset = (inside - rows->first) * page->channels + skipped;
    bool is_calibrated = channel->shared->stack.calibration.is_present;
    n = min_u64(n, rows->count * page->channels - offset);
    const unsigned char *stored = rows->voxels + offset * sample_size(page->type);
    sample_to_float(page->type, rows->swapped, is_calibrated ? 1 : channel->shared->scale, stored,
                    v, n);
    reader_count_inexact(channel->shared->reader,
                         sample_count_inexact(page->type, rows->swapped, stored, n));
    if (is_calibrated)
        calibrate(channel->shared, v, n);
    return n;
}

void tiff_channel_end(struct tiff_channel *channel)
{
    close_input(channel);
    tiff_rows_free(&channel->rows);
}
