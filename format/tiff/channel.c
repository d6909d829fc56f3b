#include "format/tiff/channel.h"

#include <string.h>

#define NO_PLANE UINT64_MAX
#define NO_PART SIZE_MAX

void tiff_channel_begin(struct tiff_channel *lane, struct tiff_shared *shared, size_t number,
                        bool is_clone)
{
    *lane = (struct tiff_channel){.shared = shared,
                                  .number = number,
                                  .is_clone = is_clone,
                                  .part = NO_PART,
                                  .plane = NO_PLANE};
}

static void leave_part(struct tiff_channel *lane)
{
    if (lane->part == NO_PART)
        return;
    tiff_file_close(&lane->file);
    pthread_mutex_lock(&lane->shared->opening);
    tiff_stack_leave(&lane->shared->stack, lane->part);
    pthread_mutex_unlock(&lane->shared->opening);
    lane->part = NO_PART;
}

static bool enter_part(struct tiff_channel *lane, size_t part, struct fail *fail)
{
    if (lane->part == part)
        return true;
    leave_part(lane);
    pthread_mutex_lock(&lane->shared->opening);
    struct tiff_file *file = tiff_stack_open(&lane->shared->stack, part, fail);
    if (file)
        tiff_file_share(&lane->file, file);
    pthread_mutex_unlock(&lane->shared->opening);
    lane->part = file ? part : NO_PART;
    return file != NULL;
}

/* Pages are alike, their strips need not be. What a clone would take too much memory for, the
 * reader does alone, which this makes it do. */
static bool is_for_clones(const struct tiff_channel *lane, const struct tiff_page *page,
                          struct fail *fail)
{
    uint64_t size = tiff_held_size(page);
    return !lane->is_clone || size <= TIFF_LITTLE ||
           size <= tiff_held_size(&lane->shared->stack.page) ||
           fail_set(fail, "%s: not to be decoded ahead", lane->file.name);
}

static bool turn_to(struct tiff_channel *lane, uint64_t plane, struct fail *fail)
{
    uint64_t number = plane * lane->shared->stack.lanes + lane->number;
    const struct tiff_image *image = &lane->shared->stack.images[number];
    struct tiff_page page = lane->shared->stack.page;
    const struct tiff_metadata metadata = {.is_imagej =
                                               lane->shared->stack.parts[image->part].is_imagej};
    lane->is_missing = image->directory == 0;
    lane->plane = plane;
    if (lane->is_missing)
        return true;
    lane->plane = NO_PLANE;
    if (!enter_part(lane, image->part, fail))
        return false;
    page.data = image->data;
    if (page.data == 0 &&
        (!tiff_set_directory(&lane->file, image->directory, image->number, fail) ||
         !tiff_page_take(&lane->file, image->number, &metadata, &lane->shared->stack.decoding,
                         &page, fail) ||
         !tiff_stack_agree(&lane->shared->stack, image->part, image->number, &page, fail) ||
         !is_for_clones(lane, &page, fail)))
        return false;
    tiff_rows_begin(&lane->rows, &lane->file, image->number, &page);
    lane->plane = plane;
    return true;
}

/* Stored numbers become measured ones. Those of 16 bits with a sign are scaled as that type. */
static void calibrate(const struct tiff_shared *shared, float *v, size_t n)
{
    const struct tiff_calibration *calibration = &shared->stack.calibration;
    for (size_t i = 0; i < n; i++) {
        double value = ((double)v[i] * calibration->factor + calibration->offset) * shared->scale;
        v[i] = (float)(calibration->is_sign && value < -1 && shared->stack.options.full_scale <= 0
                           ? -1
                           : value);
    }
}

size_t tiff_channel_read(struct tiff_channel *lane, uint64_t voxel, size_t skipped, float *v,
                         size_t n, struct fail *fail)
{
    const struct tiff_page *page = &lane->shared->stack.page;
    uint64_t voxels = page->rows * page->columns, plane = voxel / voxels, inside = voxel % voxels;
    if (lane->plane != plane && !turn_to(lane, plane, fail))
        return 0;
    if (lane->is_missing) {
        uint64_t left = (voxels - inside) * page->channels - skipped;
        size_t part = left < n ? (size_t)left : n;
        memset(v, 0, part * sizeof *v);
        return part;
    }
    if (!tiff_rows_hold(&lane->rows, inside, fail))
        return 0;
    const struct tiff_rows *rows = &lane->rows;
    uint64_t offset = (inside - rows->first) * page->channels + skipped;
    uint64_t held = rows->count * page->channels - offset;
    size_t part = held < n ? (size_t)held : n;
    bool calibrated = lane->shared->stack.calibration.is_given;
    sample_to_float(page->type, rows->swapped, calibrated ? 1 : lane->shared->scale,
                    rows->voxels + offset * sample_size(page->type), v, part);
    if (calibrated)
        calibrate(lane->shared, v, part);
    return part;
}

void tiff_channel_end(struct tiff_channel *lane)
{
    leave_part(lane);
    tiff_rows_free(&lane->rows);
}
