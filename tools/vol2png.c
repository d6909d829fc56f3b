/* vol2png - pictures of a volume: planes, one view, three views, a montage. The manual is
 * vol2png.1. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cli/picture_options.h"
#include "common/cli/shared_options.h"
#include "common/io/pattern.h"
#include "common/picture/colormap.h"
#include "common/picture/display_window.h"
#include "common/picture/montage.h"
#include "common/picture/slices.h"
#include "common/picture/views.h"
#include "common/shape/channel.h"
#include "common/shape/composite.h"
#include "common/shape/crop.h"
#include "common/shape/reduce.h"
#include "common/stream/second_pass.h"
#include "common/volume/labels.h"
#include "common/volume/part.h"
#include "format/nrrd/stream.h"
#include "format/png/write.h"

/* ---- options --------------------------------------------------------------------------------- */

enum kind { KIND_SLICES, KIND_VIEW, KIND_VIEWS, KIND_MONTAGE };
enum aspect { ASPECT_VOXEL, ASPECT_SPACING };

static struct {
    const char *output, *mask;
    struct display_window window;
    struct index_option index;
    struct grid_option grid;
    struct colours_option colours;
    struct bar_option bar;
    struct zoom_option zoom;
    uint64_t channel, depth, step, gap, level;
    int axis, aspect, cmap, bar_label, bar_box, bar_colour, bar_corner;
    bool views, numbers, labels;
    bool has_channel, has_axis, has_index, has_aspect, has_grid, has_step, has_gap, has_level,
        has_bar, has_cmap, has_style;
} option = {.depth = 8, .step = 1, .gap = 4, .zoom = {1, 1}};

static const char *const aspect_names[] = {"voxel", "spacing", NULL};

static const char *const label_words[] = {"length", "none", NULL};
static const char *const box_words[] = {"box", "none", NULL};
static const char *const colour_words[] = {"white", "black", NULL};
static const char *const corner_words[] = {[LOWER_RIGHT] = "lower-right",
                                           [LOWER_LEFT] = "lower-left",
                                           [UPPER_RIGHT] = "upper-right",
                                           [UPPER_LEFT] = "upper-left",
                                           NULL};

static bool parse_depth(const char *text, void *value, struct fail *fail)
{
    uint64_t *depth = value;
    return (number_count(text, depth) && (*depth == 8 || *depth == 16)) ||
           fail_set(fail, "needs 8 or 16, not '%s'", text);
}

static const struct option_row options[] = {
    ROW_OUTPUT(&option.output, ";\nplane-%04d.png writes a file for every plane"),
    OPT_CHOICE('a', "axis", "plane|row|column", axis_names, &option.axis, "one view",
               .given = &option.has_axis),
    OPT_PARSED('n', "index", "N|mid", picture_parse_index, &option.index,
               "plane, row or column to show (default mid, the middle one);\n"
               "three indices with --views: PLANE,ROW,COLUMN",
               .given = &option.has_index),
    OPT_FLAG(0, "views", &option.views, "a plane, a row and a column side by side"),
    OPT_PARSED('m', "montage", "ROWSxCOLS", picture_parse_grid, &option.grid,
               "planes as tiles, as many as fit; auto: all of them, as near\n"
               "to the proportions 4:3 as can be",
               .given = &option.has_grid),
    OPT_COUNT(0, "step", "N", 1, 1e9, &option.step,
              "every N-th plane, in a montage or in files (default 1)", .given = &option.has_step),
    OPT_COUNT(0, "gap", "N", 0, 10000, &option.gap,
              "pixels between the tiles and around them (default 4)", .given = &option.has_gap),
    OPT_FLAG(0, "numbers", &option.numbers, "draw the number of its plane on each tile"),
    OPT_FLAG(0, "labels", &option.labels,
             "samples are labels: each has its colour, 0 is black; the same\n"
             "as --cmap labels (default where the stream says so)"),
    ROWS_WINDOW(&option.window, "|plane",
                "samples for black and white; plane: minimum and maximum of\n"
                "each picture (default: the stream's, or minmax)"),
    ROW_MASK(&option.mask),
    OPT_PARSED(0, "depth", "8|16", parse_depth, &option.depth, "bits per sample (default 8)"),
    OPT_CHOICE(0, "cmap", "gray|viridis|magma|inferno|fire|ice|labels", colormap_names,
               &option.cmap, "colours for gray samples (default gray)", .given = &option.has_cmap),
    OPT_CHOICE(0, "aspect", "voxel|spacing", aspect_names, &option.aspect,
               "one pixel per sample, or true proportions (default spacing\n"
               "with --views, otherwise voxel)",
               .given = &option.has_aspect),
    OPT_PARSED(0, "zoom", "N|1/N", picture_parse_zoom, &option.zoom,
               "enlarge pictures N times; 1/N: average N x N samples to a\n"
               "pixel (default 1)"),
    OPT_PARSED(0, "scalebar", "LENGTH|auto", picture_parse_bar, &option.bar,
               "draw a bar of this length, such as 20um, or of a round one",
               .given = &option.has_bar),
    OPT_CHOICE(0, "scalebar-label", "length|none", label_words, &option.bar_label,
               "what stands above the bar (default its length)", .given = &option.has_style),
    OPT_CHOICE(0, "scalebar-box", "box|none", box_words, &option.bar_box,
               "what lies behind the bar (default a box)", .given = &option.has_style),
    OPT_CHOICE(0, "scalebar-colour", "white|black", colour_words, &option.bar_colour,
               "of the bar; its box has the other (default white)", .given = &option.has_style),
    OPT_CHOICE(0, "scalebar-corner", "lower-right|lower-left|upper-right|upper-left", corner_words,
               &option.bar_corner, "of the picture (default lower-right)",
               .given = &option.has_style),
    ROW_CHANNEL(&option.channel, &option.has_channel, "one channel, from 0, as gray"),
    OPT_PARSED(0, "colours", "COLOUR,...", picture_parse_colours, &option.colours,
               "colours of channels that are shown together: red, green,\n"
               "blue, cyan, magenta, yellow, white, none or RRGGBB"),
    OPT_COUNT(0, "level", "N", 0, 9, &option.level,
              "compression level 0 to 9 (default: fast, about as small as 6)",
              .given = &option.has_level, .not_in_history = true),
    {0},
};

static const struct program program = {
    .name = "vol2png",
    .summary = "Make PNG pictures of a volume: planes, one view, three views, a montage.",
    .operands = "[FILE]",
    .max_operands = 1,
    .ending = ".png",
    .options = options,
    .format = "PNG",
    .more = "Examples: vol2png -o plane-%04d.png cells.nrrd\n"
            "          vol2png --views cells.nrrd > views.png\n"
            "          vol2png --montage 5x6 --step 2 --numbers cells.nrrd > montage.png",
};

struct job {
    const struct command *command;
    enum kind kind;
    struct display_window choice; /* of the window, and of the colours: as options and the volume */
    int cmap;                     /* have it */
    bool is_numbered;             /* a file for each plane */
    struct pattern pattern;

    struct reader *reader;
    uint64_t size[AXES], index[AXES]; /* of and in the whole volume */
    struct picture picture;
    struct window window;                   /* of all pictures, or */
    struct window *picture_windows;         /* one for each slice, view or tile */
    char window_source[WINDOW_SOURCE_SIZE]; /* where the one of all comes from, in words */
    unsigned char colours[256][3];

    char bar_unit[UNIT_SIZE];
    char channel_windows[160]; /* in words, where channels are shown together */
    char description[256], window_description[192]; /* texts of the picture being written */
    struct png_text texts[4];
    struct png_options png;
};

/* Returns 0, or the exit status after printing a usage error. */
static int check_options(struct job *job)
{
    const struct command *command = job->command;
    struct fail fail = {.text = ""};
    bool view = option.has_axis || (option.has_index && !option.views);
    bool pattern = option.output && strchr(option.output, '%');
    job->choice = option.window;
    job->cmap = option.cmap;
    if (option.views + option.has_grid + view > 1)
        return command_usage_error(command, "--views, --montage and --axis are different pictures");
    job->kind = option.views      ? KIND_VIEWS
                : option.has_grid ? KIND_MONTAGE
                : view            ? KIND_VIEW
                                  : KIND_SLICES;
    if (option.has_index && (option.index.count == AXES) != option.views)
        return command_usage_error(command,
                                   "--index: one with --axis, PLANE,ROW,COLUMN with --views");
    if ((option.has_gap || option.numbers) && job->kind != KIND_MONTAGE)
        return command_usage_error(command, "--gap and --numbers belong to --montage");
    if (option.has_style && !option.has_bar)
        return command_usage_error(command, "how the scale bar looks goes with --scalebar");
    if (option.labels && option.has_cmap && job->cmap != COLORMAP_LABELS)
        return command_usage_error(command, "--labels leaves nothing for --cmap to tell");
    if (option.labels)
        job->cmap = COLORMAP_LABELS;
    if (job->cmap == COLORMAP_LABELS && (job->choice.source != WINDOW_DEFAULT ||
                                         stats_source_exists(&job->choice.stats) || option.mask))
        return command_usage_error(command, "labels have colours, and no --window, --stats, --pool "
                                            "or --mask");
    if (option.zoom.samples > 1 && option.views)
        return command_usage_error(command, "--zoom below 1 is for planes, one view and montages");
    if (option.colours.count > 0 && (option.has_channel || job->cmap != COLORMAP_GRAY))
        return command_usage_error(command, "--colours leaves nothing for %s to tell",
                                   option.has_channel ? "--channel" : "--cmap");
    if (job->cmap != COLORMAP_GRAY && option.depth == 16)
        return command_usage_error(command,
                                   "--cmap has 256 colours: it can't be drawn with --depth 16");
    job->choice.lighten = !option.mask && (job->kind == KIND_VIEWS || job->kind == KIND_MONTAGE);
    if (job->kind == KIND_SLICES && pattern && !pattern_parse(option.output, &job->pattern, &fail))
        return command_usage_error(command, "--output: %s", fail.text);
    if (job->kind != KIND_SLICES && pattern && pattern_parse(option.output, &job->pattern, &fail))
        return command_usage_error(command,
                                   "--output: '%s' is for a file of every plane, but one "
                                   "picture is asked for",
                                   option.output);
    bool is_measured =
        job->choice.source != WINDOW_PER_PICTURE && job->choice.source != WINDOW_LIMITS;
    if (option.mask && !is_measured)
        return command_usage_error(command, "--window %s leaves nothing for --mask to tell",
                                   job->choice.source == WINDOW_PER_PICTURE ? "plane" : "LO,HI");
    if (option.mask && job->choice.source == WINDOW_DEFAULT)
        job->choice.source = WINDOW_MINMAX;
    if (job->choice.source == WINDOW_PERCENTILE)
        command_remark_percentiles(command, job->choice.number, 2);
    job->is_numbered = job->kind == KIND_SLICES && pattern;
    if (option.has_step && job->kind != KIND_MONTAGE && !job->is_numbered)
        return command_usage_error(command, "--step belongs to --montage or a file of every plane");
    return 0;
}

/* The middle of n indices is n / 2, rounded down. */
static bool find_indices(struct job *job, struct fail *fail)
{
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        size_t which = job->kind == KIND_VIEWS ? a : 0;
        bool middle = !option.has_index || option.index.middle[which] ||
                      (job->kind == KIND_VIEW && (int)a != option.axis);
        struct slice slice = {
            .has_start = true, .single = true, .start = option.index.number[which], .step = 1};
        uint64_t count, step;
        job->index[a] = job->size[a] / 2;
        if (!middle &&
            !slice_apply(&slice, job->size[a], axis_names[a], &job->index[a], &count, &step, fail))
            return false;
    }
    return true;
}

/* The message of Matplotlib's imshow, and the ways out. */
static bool refuse_shape(const struct volume *volume, const char *name, struct fail *fail)
{
    char channels[32] = "";
    if (volume->channel_kind != CHANNELS_NONE)
        snprintf(channels, sizeof channels, ", %" PRIu64, volume->channels);
    return fail_set(fail,
                    "%s: Invalid shape (%" PRIu64 ", %" PRIu64 ", %" PRIu64 "%s) for image data: "
                    "ask for every plane (-o plane-%%04d.png), one view (--axis plane --index "
                    "mid), --views or --montage",
                    name, volume->size[AXIS_PLANE], volume->size[AXIS_ROW],
                    volume->size[AXIS_COLUMN], channels);
}

/* Whether what is asked for is one picture, or a file of every plane. */
static bool check_shape(const struct job *job, struct fail *fail)
{
    const struct volume *volume = &job->reader->volume;
    bool one = job->kind == KIND_SLICES && !job->is_numbered;
    return !one || volume->size[AXIS_PLANE] == 1 || refuse_shape(volume, job->reader->name, fail);
}

static bool check_volume(struct job *job, struct fail *fail)
{
    const struct volume *volume = &job->reader->volume;
    uint32_t largest;
    bool says_so = volume_labels(volume, &largest) && volume->channels == 1 && !option.has_cmap &&
                   option.depth == 8 && job->choice.source == WINDOW_DEFAULT &&
                   !stats_source_exists(&job->choice.stats) && !option.mask;
    if (says_so)
        job->cmap = COLORMAP_LABELS;
    if (job->cmap == COLORMAP_LABELS)
        job->choice = (struct display_window){.source = WINDOW_LIMITS, .number = {0, UINT8_MAX}};
    memcpy(job->size, volume->size, sizeof job->size);
    if (volume_is_colour(volume) && job->cmap != COLORMAP_GRAY)
        return fail_set(fail, "%s: --cmap is for gray volumes: choose a channel with --channel N",
                        job->reader->name);
    return find_indices(job, fail);
}

/* ---- channels shown together ----------------------------------------------------------------- */

/* Colours that can be told apart also by those who don't see all of them. */
static const unsigned char palette[COMPOSITE_MAX][3] = {
    {255, 0, 255}, {0, 255, 0},   {0, 160, 255},   {255, 176, 0},  {255, 255, 255}, {254, 97, 0},
    {0, 255, 255}, {255, 255, 0}, {120, 94, 240},  {220, 38, 127}, {160, 160, 160}, {0, 120, 80},
    {160, 80, 0},  {80, 80, 255}, {255, 128, 128}, {128, 255, 128}};

/* The window of one channel, measured where that is asked for or the volume has none. */
static bool find_channel_window(struct job *job, uint64_t number, struct window *window,
                                struct fail *fail)
{
    struct reader *clone = reader_clone(job->reader, fail);
    struct reader *channel = clone ? channel_reader(clone, number, fail) : NULL;
    bool ok =
        channel && display_window_find(&job->choice, &channel, window, job->window_source, fail);
    reader_close(channel);
    return ok;
}

static bool makes_composite(const struct volume *volume)
{
    return option.colours.count > 0 || (volume->channels != 1 && !volume_is_colour(volume));
}

static bool check_composite(struct job *job, struct fail *fail)
{
    const struct volume *volume = &job->reader->volume;
    const char *name = job->reader->name;
    if (volume->channels > COMPOSITE_MAX)
        return fail_set(fail,
                        "%s: %" PRIu64 " channels, more than %d colours can tell apart: choose one "
                        "with --channel N",
                        name, volume->channels, COMPOSITE_MAX);
    if (option.colours.count > 0 && option.colours.count != volume->channels)
        return fail_set(fail, "%s: --colours: %zu colours for %" PRIu64 " channels", name,
                        option.colours.count, volume->channels);
    if (stats_source_exists(&job->choice.stats) || option.mask ||
        job->choice.source == WINDOW_PER_PICTURE)
        return fail_set(
            fail, "%s: each channel has its own window: choose one with --channel N for %s", name,
            option.mask                                ? "--mask"
            : job->choice.source == WINDOW_PER_PICTURE ? "--window plane"
                                                       : "statistics");
    return job->cmap == COLORMAP_GRAY ||
           fail_set(fail, "%s: --cmap is for gray volumes: choose a channel with --channel N",
                    name);
}

/* Makes colours of the channels. */
static bool compose(struct job *job, struct fail *fail)
{
    struct composite_channel channels[COMPOSITE_MAX];
    unsigned char stated[COMPOSITE_MAX][3];
    if (!makes_composite(&job->reader->volume))
        return true;
    if (!check_composite(job, fail))
        return false;
    bool has_stated = volume_channel_colours(&job->reader->volume, stated);
    job->reader = second_pass_cloneable(job->reader, fail);
    for (uint64_t c = 0; job->reader && c < job->reader->volume.channels; c++) {
        struct window window;
        if (!find_channel_window(job, c, &window, fail))
            return false;
        channels[c] = (struct composite_channel){window.low, window.high, {0}};
        size_t used = strlen(job->channel_windows);
        char limits[WINDOW_TEXT];
        snprintf(job->channel_windows + used, sizeof job->channel_windows - used, "%s%s",
                 used > 0 ? ", " : "", window_text(&window, limits));
        memcpy(channels[c].colour,
               option.colours.count > 0 ? option.colours.rgb[c]
               : has_stated             ? stated[c]
                                        : palette[c],
               3);
        command_verbose(job->command,
                        "channel %" PRIu64 ": colour %02x%02x%02x, window %.9g %.9g %s", c,
                        channels[c].colour[0], channels[c].colour[1], channels[c].colour[2],
                        window.low, window.high, job->window_source);
    }
    job->reader = job->reader ? composite_reader(channels, job->reader, fail) : NULL;
    job->choice = (struct display_window){.source = WINDOW_DEFAULT};
    return job->reader != NULL;
}

/* ---- a window for each slice, view or tile --------------------------------------------------- */

static bool find_picture_windows(struct job *job, struct fail *fail)
{
    const struct volume *volume = &job->reader->volume;
    uint64_t each = job->kind == KIND_VIEW ? volume_samples(volume) : volume_plane_samples(volume);
    uint64_t count = job->kind == KIND_VIEWS ? AXES : volume_samples(volume) / each;
    job->picture_windows = calloc(count, sizeof *job->picture_windows);
    job->picture.windows = job->picture_windows;
    job->picture.is_window_per_picture = true;
    if (!job->picture_windows)
        return fail_errno(fail, "%" PRIu64 " windows", count);
    job->reader = second_pass_reader(job->reader, fail);
    if (!job->reader)
        return false;
    bool ok = job->kind == KIND_VIEWS
                  ? views_find_windows(job->reader, job->index, job->picture_windows, fail)
                  : slices_find_windows(job->reader, each, job->picture_windows, fail);
    return ok && reader_rewind(job->reader, fail) == OUTCOME_DONE;
}

/* ---- samples to draw ------------------------------------------------------------------------- */

/* The grid without an empty row whose picture is nearest to 4:3; tiles that stay empty count
 * against it. */
static void choose_grid(const struct job *job, uint64_t planes, struct grid_option *grid)
{
    const struct volume *volume = &job->reader->volume;
    double width = (double)volume->size[AXIS_COLUMN], height = (double)volume->size[AXIS_ROW];
    double ratio = volume_spacing(volume, AXIS_ROW) / volume_spacing(volume, AXIS_COLUMN);
    double nearest = INFINITY;
    if (option.has_aspect && option.aspect == ASPECT_SPACING && !isnan(ratio))
        height *= ratio;
    for (uint64_t columns = 1; columns <= planes && columns <= MAX_TILES; columns++) {
        uint64_t rows = (planes - 1) / columns + 1;
        double off = fabs(log((double)columns * width / ((double)rows * height) * 3 / 4));
        off += 0.5 * (1 - (double)planes / (double)(rows * columns));
        if (rows <= MAX_TILES && off < nearest) {
            nearest = off;
            grid->rows = rows;
            grid->columns = columns;
        }
    }
}

/* The grid of a montage of planes; prints how many do not fit. */
static void find_grid(struct job *job, uint64_t planes)
{
    struct grid_option *grid = &option.grid;
    if (grid->automatic)
        choose_grid(job, planes, grid);
    uint64_t tiles = grid->rows * grid->columns;
    if (planes <= tiles)
        return;
    command_notice(job->command,
                   "%" PRIu64 " of %" PRIu64 " planes do not fit %" PRIu64 "x%" PRIu64
                   " tiles and are left out",
                   planes - tiles, planes, grid->rows, grid->columns);
}

/* Restricts the reader to the samples that are drawn. */
static bool choose_part(struct job *job, struct fail *fail)
{
    struct slice slice[AXES] = {{0}};
    uint64_t planes = (job->size[AXIS_PLANE] - 1) / option.step + 1;
    slice[AXIS_PLANE].step = option.step;
    if (job->kind == KIND_VIEWS)
        return true;
    if (job->kind == KIND_VIEW)
        slice[option.axis] = (struct slice){.has_start = true,
                                            .single = true,
                                            .start = (int64_t)job->index[option.axis],
                                            .step = 1};
    if (job->kind == KIND_MONTAGE) {
        find_grid(job, planes);
        uint64_t tiles = option.grid.rows * option.grid.columns;
        slice[AXIS_PLANE].has_stop = planes > tiles;
        slice[AXIS_PLANE].stop = (int64_t)(tiles * option.step);
    }
    job->reader = crop_reader(job->reader, slice, fail);
    return job->reader != NULL;
}

/* Which axes of the volume a picture shows, from left to right and from top to bottom. */
static enum axis axis_across(void)
{
    return option.axis == AXIS_COLUMN ? AXIS_ROW : AXIS_COLUMN;
}

static enum axis axis_down(void)
{
    return option.axis == AXIS_PLANE ? AXIS_ROW : AXIS_PLANE;
}

/* Averages samples that become one pixel. */
static bool make_smaller(struct job *job, struct fail *fail)
{
    bool labels = job->cmap == COLORMAP_LABELS;
    struct reduce_options means = {
        .kind = labels ? REDUCE_MODE : REDUCE_MEAN, .factor = {1, 1, 1}, .partial = true};
    means.factor[axis_across()] = means.factor[axis_down()] = option.zoom.samples;
    if (option.zoom.samples > 1)
        job->reader = reduce_reader(&means, job->reader, fail);
    return job->reader != NULL;
}

static bool set_proportions(struct job *job, struct fail *fail)
{
    bool views = job->kind == KIND_VIEWS;
    bool spacing = option.has_aspect ? option.aspect == ASPECT_SPACING : views;
    bool is_shown[AXES] = {views, views, views};
    is_shown[axis_across()] = is_shown[axis_down()] = true;
    return picture_set_proportions(&job->picture, &job->reader->volume, spacing, option.zoom.pixels,
                                   is_shown, fail);
}

/* Tells the length of a pixel and of the bar in one unit. */
static bool set_bar(struct job *job, struct fail *fail)
{
    const struct volume *volume = &job->reader->volume;
    enum axis across = axis_across();
    const char *own = volume_unit(volume, across);
    const char *unit = option.bar.unit[0] != '\0' ? option.bar.unit : own;
    double pixel = volume_spacing(volume, across) * (double)volume->size[across] /
                   (double)job->picture.pixels[across];
    if (!option.has_bar)
        return true;
    if (isnan(pixel) || own[0] == '\0')
        return fail_set(fail,
                        "%s: --scalebar needs the spacing along the %s axis and its unit: set them "
                        "with volset",
                        job->reader->name, axis_names[across]);
    double factor = strcmp(unit, own) == 0 ? 1 : unit_metres(own) / unit_metres(unit);
    if (isnan(factor))
        return fail_set(fail, "%s: --scalebar: the volume's unit is %s, which %s can't be told in",
                        job->reader->name, own, unit);
    snprintf(job->bar_unit, sizeof job->bar_unit, "%s", unit);
    job->picture.bar.pixel = pixel * factor;
    job->picture.bar.length = option.bar.length;
    job->picture.bar.unit = job->bar_unit;
    job->picture.bar.has_no_label = option.bar_label == 1;
    job->picture.bar.has_no_box = option.bar_box == 1;
    job->picture.bar.is_black = option.bar_colour == 1;
    job->picture.bar.corner = (enum bar_corner)option.bar_corner;
    return true;
}

/* ---- PNG ------------------------------------------------------------------------------------- */

static void describe_subject(struct job *job, uint64_t number)
{
    const uint64_t *whole = job->size, *index = job->index;
    char subject[128];
    switch (job->kind) {
    case KIND_SLICES:
        snprintf(subject, sizeof subject, "plane %" PRIu64, number);
        break;
    case KIND_VIEW:
        snprintf(subject, sizeof subject, "%s %" PRIu64, axis_names[option.axis],
                 index[option.axis] + (option.axis == AXIS_PLANE ? job->picture.first : 0));
        break;
    case KIND_VIEWS:
        snprintf(subject, sizeof subject, "plane %" PRIu64 ", row %" PRIu64 ", column %" PRIu64,
                 index[AXIS_PLANE], index[AXIS_ROW], index[AXIS_COLUMN]);
        break;
    case KIND_MONTAGE:
        snprintf(subject, sizeof subject,
                 "montage of %" PRIu64 " planes from %" PRIu64 ", step %" PRIu64,
                 job->reader->volume.size[AXIS_PLANE], job->picture.first, option.step);
        break;
    }
    snprintf(job->description, sizeof job->description,
             "volume of %" PRIu64 " planes, %" PRIu64 " rows, %" PRIu64 " columns: %s",
             whole[AXIS_PLANE], whole[AXIS_ROW], whole[AXIS_COLUMN], subject);
}

static void describe_window(struct job *job, uint64_t number)
{
    char limits[WINDOW_TEXT];
    bool own = job->picture.is_window_per_picture;
    if (job->picture.is_labels)
        snprintf(job->window_description, sizeof job->window_description,
                 "a colour for each label");
    else if (job->channel_windows[0] != '\0')
        snprintf(job->window_description, sizeof job->window_description, "of the channels: %s",
                 job->channel_windows);
    else if (own && (job->kind == KIND_VIEWS || job->kind == KIND_MONTAGE))
        snprintf(job->window_description, sizeof job->window_description,
                 "minimum and maximum of each %s", job->kind == KIND_VIEWS ? "view" : "plane");
    else
        snprintf(
            job->window_description, sizeof job->window_description, "%s %s",
            window_text(picture_window(&job->picture, (number - job->picture.first) / option.step),
                        limits),
            own ? "minimum and maximum of this picture" : job->window_source);
}

/* Sets the texts of picture `number`, which are also printed with --verbose. */
static void describe(void *state, uint64_t number)
{
    struct job *job = state;
    describe_subject(job, number);
    describe_window(job, number);
    command_verbose(job->command, "%s; window %s", job->description, job->window_description);
}

/* The size of a pixel, if the whole picture has one scale. */
static void set_pixel_size(const struct job *job, struct png_header *header)
{
    const struct volume *volume = &job->reader->volume;
    const uint64_t *size = volume->size, *pixels = job->picture.pixels;
    bool views = job->kind == KIND_VIEWS, is_shown[AXES] = {false};
    enum axis across = axis_across(), down = views ? across : axis_down();
    double spacing[AXES];
    if (views && option.has_aspect && option.aspect == ASPECT_VOXEL)
        return;
    is_shown[across] = is_shown[down] = true;
    header->in_metres = picture_spacings(volume, is_shown, spacing);
    header->pixel_width = spacing[across] * (double)size[across] / (double)pixels[across];
    header->pixel_height = spacing[down] * (double)size[down] / (double)pixels[down];
}

/* With a palette, no colour would be left for the background, labels and scale bars. */
static enum png_pixels choose_pixels(const struct job *job)
{
    bool is_plain = (job->kind == KIND_SLICES || job->kind == KIND_VIEW) && !option.has_bar;
    if (job->picture.channels != 1)
        return job->picture.channels == 3 ? PNG_RGB : PNG_RGBA;
    if (job->cmap == COLORMAP_GRAY)
        return PNG_GRAY;
    return is_plain ? PNG_PALETTE : PNG_RGB;
}

static void set_picture(struct job *job)
{
    const struct volume *volume = &job->reader->volume;
    struct picture *picture = &job->picture;
    struct part part;
    picture->channels = volume_is_colour(volume) ? (unsigned)volume->channels : 1;
    picture->depth = (unsigned)option.depth;
    picture->is_labels = job->cmap == COLORMAP_LABELS;
    picture->step = option.step;
    if (volume_part(volume, &part))
        picture->first = part.first;
    picture->windows = &job->window;
    picture->alpha = display_window_alpha(volume);
    colormap_fill((enum colormap)job->cmap, job->colours);
    if (job->cmap != COLORMAP_GRAY && choose_pixels(job) == PNG_RGB)
        picture->colours = (const unsigned char(*)[3])job->colours;
}

static bool open_png(struct job *job, struct fail *fail)
{
    const char *history = volume_value(&job->reader->volume, "history");
    const struct png_text texts[] = {{"Software", "vol2png " VOL_VERSION},
                                     {"Description", job->description},
                                     {"window", job->window_description},
                                     {"history", history ? history : ""}};
    memcpy(job->texts, texts, sizeof texts);
    job->png =
        (struct png_options){.path = option.output,
                             .pattern = job->is_numbered ? &job->pattern : NULL,
                             .level = option.has_level ? (int)option.level : PNG_FAST,
                             .pixel_count = (double)volume_samples(&job->reader->volume) *
                                            (double)option.zoom.pixels * (double)option.zoom.pixels,
                             .header.pixels = choose_pixels(job),
                             .header.depth = job->picture.depth,
                             .header.palette = (const unsigned char(*)[3])job->colours,
                             .header.texts = job->texts,
                             .header.text_count = sizeof texts / sizeof texts[0],
                             .describe = describe,
                             .state = job};
    set_pixel_size(job, &job->png.header);
    job->picture.images = png_writer(&job->png, fail);
    return job->picture.images != NULL;
}

static bool draw(struct job *job, struct fail *fail)
{
    struct montage montage = {option.grid.rows, option.grid.columns, option.gap, option.numbers};
    switch (job->kind) {
    case KIND_VIEWS:
        return views_write(&job->picture, job->reader, job->index, fail);
    case KIND_MONTAGE:
        return montage_write(&job->picture, job->reader, &montage, fail);
    default:
        return slices_write(&job->picture, job->reader, (enum axis)option.axis, fail);
    }
}

static bool prepare(struct job *job, struct fail *fail)
{
    char limits[WINDOW_TEXT];
    if (option.has_channel)
        job->reader = channel_reader(job->reader, option.channel, fail);
    if (!job->reader || !check_shape(job, fail) || !compose(job, fail) || !check_volume(job, fail))
        return false;
    if (option.mask && !(job->choice.mask = nrrd_open_twice(option.mask, fail)))
        return false;
    set_picture(job);
    if (!display_window_allowed(&job->choice, job->reader, fail) ||
        !display_window_find(&job->choice, &job->reader, &job->window, job->window_source, fail))
        return false;
    if (strcmp(job->window_source, display_window_lightened) == 0)
        command_notice(job->command,
                       "%s: would be nearly black: shown from %s, its percentiles 0.5 and 99.5 "
                       "(--window minmax: from minimum to maximum)",
                       job->reader->name, window_text(&job->window, limits));
    return volume_add_history(&job->reader->volume, job->command->history, fail) &&
           choose_part(job, fail) && make_smaller(job, fail) &&
           (job->choice.source != WINDOW_PER_PICTURE || find_picture_windows(job, fail)) &&
           set_proportions(job, fail) && set_bar(job, fail) && open_png(job, fail);
}

int main(int argc, char **argv)
{
    struct command command;
    struct job job = {.command = &command};
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    int usage_error = check_options(&job);
    if (usage_error)
        return usage_error;

    struct fail fail = {.text = ""};
    job.reader = nrrd_open(command_input(&command), &fail);
    bool whole = job.reader && prepare(&job, &fail) && draw(&job, &fail);
    struct writer *out = job.picture.images ? &job.picture.images->writer : NULL;
    int status = command_finish(&command, job.reader, out, whole, &fail);
    command_close_input(&command, job.choice.mask);
    free(job.picture_windows);
    return status;
}
