/* vol2tiff - a stream as a TIFF stack for ImageJ or OME's programs. The manual is vol2tiff.1. */
#include <float.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "common/cli/shared_options.h"
#include "common/kernel/bits.h"
#include "common/kernel/clip.h"
#include "common/stream/loop.h"
#include "common/volume/labels.h"
#include "common/volume/part.h"
#include "common/volume/source.h"
#include "format/nrrd/stream.h"
#include "format/tiff/write/planes.h"

#define FEW_LEVELS 32

static const char *const type_words[] = {"uint8", "uint16", "uint32", "float32", NULL};
static const char *const dialect_words[] = {"imagej", "ome", NULL};
static const char *const compression_words[] = {"none", "deflate", "lzw", "zstd", NULL};

static int type, dialect = DIALECT_IMAGEJ, compression = COMPRESS_NONE;
static bool has_type, raw, saturate, has_nan;
static double nan_value;
static struct display_window window_choice;
static const char *output;
static struct pattern pattern; /* of output; .text NULL: one file */

static const struct option_row options[] = {
    OPT_CHOICE(0, "type", "uint8|uint16|uint32|float32", type_words, &type,
               "type of the stored samples (default: that of the TIFF file\n"
               "that they come from, if they are still its numbers or each\n"
               "of these was mapped; uint8 for masks, the smallest that\n"
               "holds labels; else float32); uint32 goes with labels, --raw",
               .given = &has_type),
    OPT_FLAG(0, "raw", &raw,
             "store the samples themselves, rounded (default: 1 becomes\n"
             "the largest number of an integer type)"),
    ROWS_WINDOW(&window_choice, "",
                "what becomes 0 and the largest number of an integer type;\n"
                "samples beyond are clipped (default: 0 and 1, none beyond)"),
    OPT_FLAG(0, "saturate", &saturate,
             "samples beyond an integer type become its nearest number\n"
             "(default: they are refused)"),
    OPT_REAL(0, "nan", "V", -FLT_MAX, FLT_MAX, &nan_value,
             "NaN become V, a number of the stored type (default: they are\n"
             "refused by integer types, and kept by float32)",
             .given = &has_nan),
    OPT_CHOICE(0, "dialect", "imagej|ome", dialect_words, &dialect,
               "description of planes, channels and spacing (default imagej)"),
    OPT_CHOICE(0, "compress", "none|deflate|lzw|zstd", compression_words, &compression,
               "compress the samples, without loss (default none)"),
    ROW_OUTPUT(&output, ";\nplane-%04d.tif writes a file for every plane"),
    {0},
};

static const struct program program = {
    .name = "vol2tiff",
    .summary = "Turn a stream into a TIFF stack, for ImageJ or OME's programs.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .format = "TIFF",
    .more = "A TIFF file can't be written to a pipe: name one with -o.\n"
            "Example: tiff2vol cells.tif | volgamma -g 0.5 | vol2tiff -o bright.tif",
};

/* ---- the type ------------------------------------------------------------------------------ */

static enum sample_type source_type(const struct volume *volume)
{
    const char *source = volume_value(volume, "source type");
    return source ? sample_named(source) : SAMPLE_TYPES;
}

/* The smallest for masks and labels. Else the source's, where samples are its numbers, or each of
 * these was mapped, and still on its scale: integers as they were stored (--raw), or such that the
 * type's full scale is 1. New samples between the source's would be rounded: they are floats. */
static enum sample_type choose_type(const struct volume *volume)
{
    enum sample_type found = source_type(volume);
    enum source_state state;
    uint32_t largest;
    if (has_type)
        return sample_named(type_words[type]);
    if (volume_is_mask(volume))
        return SAMPLE_UINT8;
    if (volume_labels(volume, &largest))
        return largest <= UINT8_MAX    ? SAMPLE_UINT8
               : largest <= UINT16_MAX ? SAMPLE_UINT16
                                       : SAMPLE_UINT32;
    bool is_known =
        found == SAMPLE_UINT8 || found == SAMPLE_UINT16 || (found == SAMPLE_UINT32 && raw);
    double scale = volume_source_scale(volume, &state);
    return is_known && scale == (raw ? 1 : sample_largest(found)) && state != SOURCE_CHANGED
               ? found
               : SAMPLE_FLOAT32;
}

/* Samples that are still those of 8 bits use the levels that they came from. */
static bool has_all_levels(const struct volume *volume)
{
    return source_type(volume) == SAMPLE_UINT8 && !isnan(volume_count_scale(volume));
}

/* ---- samples outside the type --------------------------------------------------------------- */

/* whole: what is no whole number is outside too; every float from 2^23 on is one. */
static inline bool is_outside(float v, float limit, bool whole)
{
    float small = v > 0 && v < 8388608 ? v : 0;
    return !(v >= 0) | !(v <= limit) | (whole & (v < 8388608) & ((float)(int32_t)small != v));
}

/* Returns how many samples at the beginning are inside; in blocks, which vectors can do. */
static inline size_t count_inside(const void *max, bool whole, const float *v, size_t n)
{
    enum { BLOCK = 256 };
    float limit = *(const float *)max;
    size_t at = 0;
    for (bool inside = true; inside && n - at >= BLOCK; at += inside ? BLOCK : 0) {
        int outside = 0;
        for (size_t i = at; i < at + BLOCK; i++)
            outside |= is_outside(v[i], limit, whole);
        inside = outside == 0;
    }
    while (at < n && !is_outside(v[at], limit, whole))
        at++;
    return at;
}

static size_t refuse_outside(const void *max, float *v, size_t n)
{
    return count_inside(max, false, v, n);
}

static size_t refuse_no_label(const void *max, float *v, size_t n)
{
    return count_inside(max, true, v, n);
}

static size_t refuse_nan(const void *unused, float *v, size_t n)
{
    size_t at = 0;
    (void)unused;
    while (at < n && v[at] == v[at])
        at++;
    return at;
}

/* What is not 0 is set, also NaN. */
static size_t make_mask(const void *unused, float *v, size_t n)
{
    (void)unused;
    for (size_t i = 0; i < n; i++)
        v[i] = v[i] != 0 ? 1 : 0;
    return n;
}

/* Clips to the window, which becomes 0 to 1. */
static size_t map_window(const void *clip, float *v, size_t n)
{
    return clip_span(clip, v, refuse_nan(NULL, v, n));
}

/* ---- 8 bits ---------------------------------------------------------------------------------- */

/* The largest sample so far. Samples are 0 or more, and such floats are in the order of their bits.
 */
static _Atomic uint32_t highest_bits;

static size_t refuse_outside_and_watch(const void *max, float *v, size_t n)
{
    float highest = 0;
    size_t good = refuse_outside(max, v, n);
    for (size_t i = 0; i < good; i++)
        highest = v[i] > highest ? v[i] : highest;
    uint32_t bits = bits_of(highest), seen = highest_bits;
    while (bits > seen && !atomic_compare_exchange_weak(&highest_bits, &seen, bits))
        ;
    return good;
}

/* Few of 256 levels are used where samples of more bits fill a small part of 0 to 1, as those of a
 * 12-bit camera in 16 bits do. */
static void remark_few_levels(const struct command *command)
{
    int levels = (int)(bits_to_float(highest_bits) * 255) + 1;
    if (levels < FEW_LEVELS)
        command_notice(command,
                       "samples lie between 0 and %.3g: at most %d of 256 levels are used; "
                       "--window spreads them",
                       (double)bits_to_float(highest_bits), levels);
}

/* ---- NaN ------------------------------------------------------------------------------------- */

struct nan_filter {
    float value;         /* what NaN become, */
    struct filter after; /* unless this refuses it */
};

static size_t replace_nan(const void *state, float *v, size_t n)
{
    const struct nan_filter *replace = state;
    for (size_t begin = 0, end; begin < n; begin = end) {
        end = begin + refuse_nan(NULL, v + begin, n - begin);
        size_t good = replace->after.change && end > begin
                          ? replace->after.change(replace->after.state, v + begin, end - begin)
                          : end - begin;
        if (good < end - begin)
            return begin + good;
        for (; end < n && v[end] != v[end]; end++)
            v[end] = replace->value;
    }
    return n;
}

/* ---- the filter ------------------------------------------------------------------------------ */

struct conversion {
    const struct command *command;
    struct reader *in;
    struct tiff_write_options options;
    struct filter filter;
    float max;         /* of an integer type */
    char message[128]; /* what the filter refuses */
    struct clip clip;  /* to the window */
    struct nan_filter nan;
    bool watches; /* refuse_outside_and_watch() is the filter, or part of it */
};

static void name_refused_nan(struct conversion *job)
{
    snprintf(job->message, sizeof job->message, "without --nan V, %s has no number for",
             sample_name(job->options.type));
}

/* Sets the filter that refuses samples outside of an integer type. */
static void choose_check(struct conversion *job)
{
    const char *type_name = sample_name(job->options.type);
    const struct volume *volume = &job->in->volume;
    uint32_t largest;
    bool are_labels = volume_labels(volume, &largest);
    bool watch = job->options.type == SAMPLE_UINT8 && !job->options.raw && !has_all_levels(volume);
    job->max = (float)tiff_max_sample(&job->options);
    job->filter = (struct filter){.state = &job->max, .refused = job->message};
    if (volume_is_mask(volume)) {
        job->filter.change = make_mask;
    } else if (saturate) {
        name_refused_nan(job);
        job->filter.change = refuse_nan;
    } else {
        snprintf(job->message, sizeof job->message,
                 "%s takes %s from 0 to %.10g (or --saturate%s), not", type_name,
                 are_labels ? "labels, whole numbers" : "samples", (double)job->max,
                 has_nan ? "" : ", or --nan V for NaN");
        job->filter.change = are_labels ? refuse_no_label
                             : watch    ? refuse_outside_and_watch
                                        : refuse_outside;
        job->watches = watch;
    }
}

/* Measures the window, whose limits become 0 and 1, and sets the filter that does it. */
static bool choose_window(struct conversion *job, struct fail *fail)
{
    static const double to[2] = {0, 1};
    struct window window;
    char source[WINDOW_SOURCE_SIZE], text[WINDOW_TEXT];
    if (!sample_is_integer(job->options.type))
        return fail_set(fail, "--window maps samples to an integer type: give --type uint8 or "
                              "uint16");
    if (!display_window_allowed(&window_choice, job->in, fail) ||
        !display_window_find(&window_choice, &job->in, &window, source, fail))
        return false;
    command_verbose(job->command, "window %s (%s)", window_text(&window, text), source);
    name_refused_nan(job);
    job->filter =
        (struct filter){.change = map_window, .state = &job->clip, .refused = job->message};
    const double from[2] = {window.low, window.high};
    return (clip_init(&job->clip, from, to) ||
            fail_set(fail, "the window %s is too wide for floats", window_text(&window, text))) &&
           volume_set_window(&job->in->volume, to, fail);
}

/* Puts the replacement of NaN before the filter. V is a stored number. */
static bool choose_nan(struct conversion *job, struct fail *fail)
{
    enum sample_type stored = job->options.type;
    double most = sample_largest(stored);
    if (!sample_is_integer(stored))
        job->nan.value = (float)nan_value;
    else if (nan_value >= 0 && nan_value <= most && nan_value == floor(nan_value))
        job->nan.value = (float)(nan_value / most * tiff_max_sample(&job->options));
    else
        return fail_set(fail, "--nan: %s holds whole numbers from 0 to %g, not %.9g",
                        sample_name(stored), most, nan_value);
    job->nan.after = job->filter;
    job->filter.change = replace_nan;
    job->filter.state = &job->nan;
    return true;
}

static bool prepare(struct conversion *job, struct fail *fail)
{
    uint32_t largest;
    job->options.type = choose_type(&job->in->volume);
    job->options.raw = raw || (window_choice.source == WINDOW_DEFAULT &&
                               volume_labels(&job->in->volume, &largest));
    if (job->options.type == SAMPLE_UINT32 && !job->options.raw)
        return fail_set(fail, "--type uint32: takes numbers as they are: add --raw, or take uint16 "
                              "for samples from 0 to 1");
    command_verbose(job->command, "samples are stored as %s", sample_name(job->options.type));
    if (window_choice.source != WINDOW_DEFAULT && !choose_window(job, fail))
        return false;
    if (window_choice.source == WINDOW_DEFAULT && sample_is_integer(job->options.type))
        choose_check(job);
    if (has_nan && !choose_nan(job, fail))
        return false;
    return volume_add_history(&job->in->volume, job->command->history, fail);
}

/* Files of planes are numbered as in the volume that a slab is a part of. */
static struct writer *create(const struct conversion *job, struct fail *fail)
{
    const struct volume *volume = &job->in->volume;
    struct part part = {.first = 0};
    if (!pattern.text)
        return tiff_create(output, volume, &job->options, fail);
    return tiff_create_planes(&pattern, volume_part(volume, &part) ? part.first : 0, volume,
                              &job->options, fail);
}

/* Returns 0, or the exit status after printing a usage error. */
static int check_usage(const struct command *command)
{
    struct fail fail = {.text = ""};
    if (output && strchr(output, '%') && !pattern_parse(output, &pattern, &fail))
        return command_usage_error(command, "--output: %s", fail.text);
    if (!tiff_can_compress((enum tiff_compression_scheme)compression))
        return command_usage_error(command, "--compress: this machine's libtiff knows no %s",
                                   compression_words[compression]);
    if (window_choice.source == WINDOW_PER_PICTURE)
        return command_usage_error(command, "--window: 'plane' is for pictures");
    if (window_choice.source != WINDOW_DEFAULT && (raw || saturate))
        return command_usage_error(command, "--window leaves nothing for %s to do",
                                   raw ? "--raw" : "--saturate");
    if (stats_source_exists(&window_choice.stats) && window_choice.source != WINDOW_PERCENTILE &&
        window_choice.source != WINDOW_MINMAX)
        return command_usage_error(command, "--stats and --pool go with --window minmax or "
                                            "percentile:P,Q");
    if (window_choice.source == WINDOW_PERCENTILE)
        command_remark_percentiles(command, window_choice.number, 2);
    return command_check_stats(command, &window_choice.stats, NULL);
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    int status = check_usage(&command);
    if (status != 0)
        return status;

    struct conversion job = {.command = &command,
                             .options = {.dialect = (enum tiff_dialect)dialect,
                                         .compression = (enum tiff_compression_scheme)compression}};
    struct fail fail = {.text = ""};
    job.in = nrrd_open(command_input(&command), &fail);
    bool ready = job.in && prepare(&job, &fail);
    struct writer *out = ready ? create(&job, &fail) : NULL;
    bool whole = out && loop_run(&job.filter, job.in, out, &fail);
    if (whole && job.watches)
        remark_few_levels(&command);
    return command_finish(&command, job.in, out, whole, &fail);
}
