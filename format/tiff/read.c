#include "format/tiff/read.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"
#include "common/shape/channel.h"
#include "common/volume/source.h"
#include "format/tiff/add_file.h"
#include "format/tiff/channel.h"
#include "format/tiff/stack/file_pages.h"

struct tiff_reader {
    struct reader reader;
    struct tiff_shared *shared;
    const struct tiff_stack *stack; /* the shared one */
    struct tiff_channel *channels;
    size_t channel_count;
    uint64_t at; /* number of the next sample */

    /* Voxels whose channels were interleaved, followed by a buffer for those of one channel. */
    float *mixed;
    size_t mixed_capacity;             /* voxels */
    uint64_t mixed_first, mixed_count; /* voxels of the volume */
    bool mixed_failed;                 /* after the last of them */
};

enum { MIXED_SAMPLES = 32768 };

/* ---- interleaving channels ----------------------------------------------------------------- */

/* Reads n voxels of one channel, from `voxel` on. Returns how many there were. */
static size_t read_channel(struct tiff_channel *channel, uint64_t voxel, float *v, size_t n,
                           struct fail *fail)
{
    size_t done = 0, got = 1;
    while (done < n && got > 0) {
        got = tiff_channel_read(channel, voxel + done, 0, v + done, n - done, fail);
        done += got;
    }
    return done;
}

/* Interleaves voxels from `voxel` on, all in one plane. */
static bool mix(struct tiff_reader *tiff, uint64_t voxel, struct fail *fail)
{
    const struct tiff_page *page = &tiff->stack->page;
    uint64_t voxels = page->rows * page->columns;
    size_t channels = tiff->channel_count;
    size_t wanted = min_u64(tiff->mixed_capacity, voxels - voxel % voxels), n = wanted;
    float *column = tiff->mixed + tiff->mixed_capacity * channels;
    for (size_t i = 0; i < channels; i++) {
        n = read_channel(&tiff->channels[i], voxel, column, n, fail); /* what all channels have */
        for (size_t k = 0; k < n; k++)
            tiff->mixed[k * channels + i] = column[k];
    }
    tiff->mixed_first = voxel;
    tiff->mixed_count = n;
    tiff->mixed_failed = n < wanted;
    return n > 0;
}

static size_t read_mixed(struct tiff_reader *tiff, float *v, size_t n, struct fail *fail)
{
    size_t channels = tiff->channel_count;
    uint64_t voxel = tiff->at / channels;
    if (voxel < tiff->mixed_first || voxel - tiff->mixed_first >= tiff->mixed_count)
        if (tiff->mixed_failed || !mix(tiff, voxel, fail))
            return 0;
    uint64_t offset = tiff->at - tiff->mixed_first * channels;
    n = min_u64(n, tiff->mixed_count * channels - offset);
    memcpy(v, tiff->mixed + offset, n * sizeof *v);
    return n;
}

static size_t read_samples(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct tiff_reader *tiff = (struct tiff_reader *)reader;
    uint64_t channels = tiff->stack->page.channels;
    size_t done = 0, got = 1;
    tiff->mixed_failed = false;
    while (done < n && got > 0) {
        got = tiff->channel_count > 1
                  ? read_mixed(tiff, v + done, n - done, fail)
                  : tiff_channel_read(tiff->channels, tiff->at / channels, tiff->at % channels,
                                      v + done, n - done, fail);
        done += got;
        tiff->at += got;
    }
    return done;
}

static bool skip_samples(struct reader *reader, uint64_t n, struct fail *fail)
{
    (void)fail;
    ((struct tiff_reader *)reader)->at += n;
    return true;
}

static enum outcome rewind_samples(struct reader *reader, struct fail *fail)
{
    (void)fail;
    ((struct tiff_reader *)reader)->at = 0;
    return OUTCOME_DONE;
}

static void release_shared(struct tiff_shared *shared)
{
    if (--shared->readers > 0)
        return;
    tiff_stack_free(&shared->stack);
    pthread_mutex_destroy(&shared->mutex);
    free(shared);
}

static void close_samples(struct reader *reader)
{
    struct tiff_reader *tiff = (struct tiff_reader *)reader;
    for (size_t i = 0; i < tiff->channel_count; i++)
        tiff_channel_end(&tiff->channels[i]);
    free(tiff->channels);
    free(tiff->mixed);
    release_shared(tiff->shared);
    free(tiff);
}

/* ---- the volume ---------------------------------------------------------------------------- */

static void set_spacing(struct volume *volume, const struct tiff_stack *stack)
{
    bool all = true;
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        volume_set_spacing(volume, a, stack->spacing[a]);
        volume_set_unit(volume, a, isnan(stack->spacing[a]) ? "" : stack->unit[a]);
        all = all && !isnan(stack->spacing[a]);
    }
    volume->origin[0] = all ? 0 : NAN;
}

static void set_channels(struct volume *volume, const struct tiff_stack *stack)
{
    const struct tiff_page *page = &stack->page;
    volume->channels = page->channels * stack->channels;
    volume->channel_kind = page->channel_kind;
    if (stack->options.all_channels && page->channels == 1)
        volume->channel_kind = CHANNELS_VECTOR;
    if (stack->samples_are_channels && page->channels > 1)
        volume->channel_kind = CHANNELS_VECTOR;
}

static bool set_scale(struct tiff_reader *tiff, char type[TIFF_TYPE_TEXT], struct fail *fail)
{
    const struct tiff_stack *stack = tiff->stack;
    const struct tiff_options *options = &stack->options;
    bool makes_signed = stack->calibration.makes_signed;
    const struct tiff_page *page = &stack->page;
    tiff_page_type(page, type);
    if (makes_signed)
        snprintf(type, TIFF_TYPE_TEXT, "%s", sample_name(SAMPLE_INT16));
    tiff->shared->scale = options->raw || (options->calibrated && stack->calibration.is_present) ? 1
                          : makes_signed ? sample_unit_scale(SAMPLE_INT16)
                                         : tiff_page_unit_scale(page);
    if (options->full_scale > 0 && !options->raw)
        tiff->shared->scale = 1 / options->full_scale;
    if (options->full_scale > 0 && (page->inverted || page->has_palette_colors))
        return fail_set(fail, "%s: --full-scale: %s", tiff->reader.name,
                        page->inverted ? "white is zero here, and the largest number black"
                                       : "samples are indices of a palette here");
    return true;
}

/* Notes what turns samples into the page's integers. Where white is zero, and in the colours of a
 * palette or a rendered picture, samples are other numbers than the page's, on the same scale. */
static bool note_scale(struct tiff_reader *tiff, struct fail *fail)
{
    const struct tiff_stack *stack = tiff->stack;
    const struct tiff_page *page = &stack->page;
    bool is_calibrated = stack->options.calibrated && stack->calibration.is_present;
    bool is_other = page->inverted || page->has_palette_colors || stack->options.rgb;
    if (!sample_is_integer(page->type) || is_calibrated)
        return true;
    double scale = stack->options.raw              ? 1
                   : stack->options.full_scale > 0 ? stack->options.full_scale
                                                   : rint(1 / tiff_page_unit_scale(page));
    return volume_set_source_scale(&tiff->reader.volume, scale,
                                   is_other ? SOURCE_MAPPED : SOURCE_KEPT, fail);
}

/* The window of a display, in numbers as they are stored, becomes one of samples. */
static bool note_window(struct tiff_reader *tiff, struct fail *fail)
{
    const struct tiff_stack *stack = tiff->stack;
    const struct tiff_options *options = &stack->options;
    const struct tiff_page *page = &stack->page;
    double full = options->full_scale > 0 && !options->raw ? options->full_scale
                                                           : rint(1 / tiff->shared->scale);
    double window[2];
    for (size_t i = 0; i < 2; i++)
        window[i] = (stack->calibration.is_present
                         ? stack->window[i] * stack->calibration.factor + stack->calibration.offset
                         : stack->window[i]) /
                    full;
    bool are_other_numbers = page->inverted || page->has_palette_colors || options->rgb;
    return are_other_numbers || !(window[0] < window[1]) ||
           volume_set_window(&tiff->reader.volume, window, fail);
}

static bool describe(struct tiff_reader *tiff, struct fail *fail)
{
    struct volume *volume = &tiff->reader.volume;
    const struct tiff_stack *stack = tiff->stack;
    const struct tiff_page *page = &stack->page;
    char type[TIFF_TYPE_TEXT];
    if (stack->channels > 1 && page->channels > 1)
        return fail_set(fail,
                        "%s: --channels all: its channels have %u samples a pixel each; choose one "
                        "with --channel",
                        tiff->reader.name, page->channels);
    volume->size[AXIS_PLANE] = stack->image_count / stack->channels;
    volume->size[AXIS_ROW] = page->rows;
    volume->size[AXIS_COLUMN] = page->columns;
    set_channels(volume, stack);
    set_spacing(volume, stack);
    if (!set_scale(tiff, type, fail))
        return false;
    if (!volume_fits(volume))
        return fail_set(fail, "%s: %" PRIu64 " planes of %" PRIu64 " x %" PRIu64 " are too many",
                        tiff->reader.name, volume->size[AXIS_PLANE], page->rows, page->columns);
    tiff->reader.inexact_words = sample_inexact_words(page->type);
    bool is_stored = stack->options.raw && sample_is_integer(page->type);
    return (!is_stored || volume_set_colour_window(volume, 1 / tiff_page_unit_scale(page), fail)) &&
           note_window(tiff, fail) && volume_set_value(volume, "source type", type, fail) &&
           note_scale(tiff, fail) &&
           volume_set_channels(volume, stack->channel_names, stack->channel_colours, fail);
}

static bool make_channels(struct tiff_reader *tiff, bool is_clone, struct fail *fail)
{
    size_t count = tiff->stack->channels, capacity = MIXED_SAMPLES / count;
    tiff->mixed_capacity = capacity > 0 ? capacity : 1;
    tiff->channels = calloc(count, sizeof *tiff->channels);
    if (count > 1)
        tiff->mixed = calloc(tiff->mixed_capacity * (count + 1), sizeof *tiff->mixed);
    if (!tiff->channels || (count > 1 && !tiff->mixed))
        return fail_errno(fail, "%s: %zu channels", tiff->reader.name, count);
    tiff->channel_count = count;
    for (size_t i = 0; i < count; i++)
        tiff_channel_begin(&tiff->channels[i], tiff->shared, i, is_clone);
    return true;
}

/* Samples of a strip or a row of tiles are decoded at once. Where there is nothing to decode,
 * clones would gain nothing. */
static void set_access(struct tiff_reader *tiff)
{
    const struct tiff_page *page = &tiff->stack->page;
    uint64_t rows = min_u64(page->segment_rows, page->rows);
    bool begins_with_plane = !page->upside_down || page->rows % rows == 0;
    tiff->reader.access = page->compressed && begins_with_plane ? ACCESS_BLOCKS : ACCESS_IN_ORDER;
    tiff->reader.decode_block = rows * page->columns * page->channels * tiff->channel_count;
}

/* A clone buffers samples decoded, and as they are stored, which is usually less. */
static uint64_t clone_size(const struct tiff_reader *tiff)
{
    return tiff->channel_count * (2 * tiff_decoded_size(&tiff->stack->page) + TIFF_DECODER_SIZE);
}

/* ---- opening ------------------------------------------------------------------------------- */

static struct reader *clone_samples(struct reader *reader, struct fail *fail);

static struct tiff_reader *add_reader(struct tiff_shared *shared, const char *name,
                                      struct fail *fail)
{
    static const struct reader_class class = {
        .read = read_samples,
        .skip = skip_samples,
        .rewind = rewind_samples,
        .close = close_samples,
        .clone = clone_samples,
    };
    struct tiff_reader *tiff = calloc(1, sizeof *tiff);
    if (!tiff) {
        fail_errno(fail, "%s", name);
        return NULL;
    }
    tiff->reader.class = &class;
    tiff->reader.name = name;
    volume_init(&tiff->reader.volume);
    tiff->shared = shared;
    tiff->stack = &shared->stack;
    shared->readers++;
    return tiff;
}

static bool make_ready(struct tiff_reader *tiff, bool is_clone, struct fail *fail)
{
    if (!make_channels(tiff, is_clone, fail))
        return false;
    set_access(tiff);
    tiff->reader.clone_size = clone_size(tiff);
    return true;
}

static struct reader *clone_samples(struct reader *reader, struct fail *fail)
{
    const struct tiff_reader *tiff = (struct tiff_reader *)reader;
    struct tiff_reader *clone = add_reader(tiff->shared, reader->name, fail);
    if (!clone)
        return NULL;
    if (volume_copy(&clone->reader.volume, &reader->volume, fail) && make_ready(clone, true, fail))
        return &clone->reader;
    reader_close(&clone->reader);
    return NULL;
}

static struct reader *select_sample(struct tiff_reader *tiff, struct fail *fail)
{
    if (!tiff->stack->selects_sample)
        return &tiff->reader;
    return channel_reader(&tiff->reader, tiff->stack->sample, fail);
}

static bool is_needed(const struct tiff_options *options, uint64_t plane)
{
    if (options->plane_step == 0)
        return true;
    return plane >= options->first_plane &&
           (options->planes_needed == 0 || plane < options->planes_needed) &&
           (plane - options->first_plane) % options->plane_step == 0;
}

/* Finds which planes a slab of files with one plane each holds. */
static bool choose_slab(struct tiff_options *options, const struct tiff_stack *stack, size_t files,
                        struct fail *fail)
{
    struct part part;
    if (options->part.count == 0 || stack->placed.count > 0 ||
        stack->image_count != stack->channels)
        return true;
    if (!part_planes(&options->part, files, &part, fail))
        return false;
    options->first_plane = part.first;
    options->planes_needed = part.end;
    options->plane_step = 1;
    return true;
}

/* Adds the files in order. Those whose planes are not asked for are not opened where their size
 * tells that they are like the first one. */
static bool add_files(struct tiff_stack *stack, char *const *paths, size_t count,
                      const struct tiff_options *asked, struct fail *fail)
{
    struct tiff_options choice = *asked, *options = &choice;
    bool ok = tiff_add_file(stack, paths[0], fail) && choose_slab(options, stack, count, fail);
    for (size_t i = 1; ok && i < count; i++) {
        bool is_placed = stack->placed.count > 0;
        uint64_t plane = is_placed ? i : stack->image_count / stack->channels;
        enum outcome outcome = is_placed || is_needed(options, plane)
                                   ? OUTCOME_CANNOT
                                   : tiff_add_plane_unopened(stack, paths[i], fail);
        ok = outcome == OUTCOME_DONE ||
             (outcome == OUTCOME_CANNOT && tiff_add_file(stack, paths[i], fail));
    }
    return ok && tiff_add_placed_pages(stack, fail);
}

/* Whether planes were left unopened because each file was thought to have one, and some have not.
 */
static bool is_mistaken(const struct tiff_stack *stack, size_t files)
{
    return files > 1 && stack->placed.count == 0 && stack->options.part.count > 0 &&
           stack->channels > 0 && stack->image_count / stack->channels != files;
}

struct reader *tiff_open(char *const *paths, size_t count, const struct tiff_options *options,
                         struct notices *notices, struct fail *fail)
{
    struct tiff_shared *shared = calloc(1, sizeof *shared);
    struct tiff_reader *tiff = shared ? add_reader(shared, paths[0], fail) : NULL;
    if (!tiff) {
        fail_errno(fail, "%s", paths[0]);
        free(shared);
        return NULL;
    }
    pthread_mutex_init(&shared->mutex, NULL);
    shared->reader = &tiff->reader;
    shared->stack.options = *options;
    shared->stack.decode_options = tiff_decode_options(options);
    shared->stack.is_several = count > 1;
    if (count > 1)
        shared->stack.options.planes_needed = 0;
    bool ok = add_files(&shared->stack, paths, count, options, fail);
    if (ok && is_mistaken(&shared->stack, count)) {
        struct tiff_options all = *options;
        all.part.count = 0;
        reader_close(&tiff->reader);
        return tiff_open(paths, count, &all, notices, fail);
    }
    *notices = shared->stack.notices;
    if (ok && shared->stack.inputs[0].name)
        tiff->reader.name = shared->stack.inputs[0].name;
    if (ok && describe(tiff, fail) && make_ready(tiff, false, fail))
        return select_sample(tiff, fail);
    reader_close(&tiff->reader);
    return NULL;
}
