/* volclahe - contrast-limited adaptive histogram equalization, scikit-image's equalize_adapthist.
 * The manual is volclahe.1. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "common/clahe/map.h"
#include "common/clahe/reader.h"
#include "common/cli/shared_options.h"
#include "common/kernel/clip.h"
#include "common/stats/statistics.h"
#include "common/stream/second_pass.h"
#include "common/volume/length.h"
#include "format/nrrd/filter.h"

static struct length tile;
static bool tile_given, range_given, pool_channels;
static double clip_limit = 0.01, range[2];
static uint64_t bins = 256;
static const char *mask_path;

static const struct option_row options[] = {
    ROW_LENGTH("kernel", &tile, &tile_given,
               "size of a tile (default an eighth of the volume along\neach axis)"),
    OPT_REAL(0, "clip-limit", "C", 0, 1, &clip_limit,
             "share of a tile that a bin may hold (default 0.01);\n"
             "0 and 1 limit nothing"),
    OPT_COUNT('b', "bins", "N", 1, TILE_LEVELS, &bins, "bins of the histograms (default 256)"),
    ROW_RANGE(range, &range_given,
              "equalize samples between LO and HI, and scale the result\n"
              "by its possible range: one pass, and volumes that can be\n"
              "compared (default: the volume's minimum and maximum)"),
    ROW_MASK(&mask_path),
    OPT_FLAG(
        0, "pool-channels", &pool_channels,
        "one minimum and maximum of all channels (default: of each,\nunless they are colours)"),
    {0},
};

static const struct program program = {
    .name = "volclahe",
    .summary = "Equalize the histogram of each part of a volume: local contrast (CLAHE).",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .effect = EFFECT_MAKES,
    .pool_channels = &pool_channels,
    .mask = &mask_path,
    .more =
        LENGTH_HELP "Example: tiff2vol cells.tif | volclahe --kernel 8um | vol2html -o local.html",
};

/* What is opened and made on the way, and what job's pointers point to. */
struct work {
    const struct command *command;
    struct clip clip;
    struct clahe clahe;
    struct tile_bins levels;
    struct reader *mask;
    uint64_t nans;
};

static bool choose_kernel(const struct volume *volume, uint64_t voxels[AXES], struct fail *fail)
{
    double size[AXES];
    bool in_voxels = tile.unit[0] == '\0';
    if (tile_given && !length_voxels(&tile, volume, size, fail))
        return false;
    for (enum axis axis = AXIS_PLANE; axis < AXES; axis++) {
        double all = (double)volume->size[axis];
        double n = !tile_given ? floor(all / 8) : in_voxels ? size[axis] : rint(size[axis]);
        if (n > floor(n))
            return fail_set(fail, "%.9g is not a whole number of voxels", n);
        if (!in_voxels && n > all)
            n = all;
        if (n > INT32_MAX)
            return fail_set(fail, "%.9g voxels are too many", n);
        voxels[axis] = n < 1 ? 1 : (uint64_t)n;
    }
    return true;
}

/* The levels that are binned; without a range, those between the extremes of what is counted. */
static bool choose_levels(struct work *work, struct reader *in, struct fail *fail)
{
    if (range_given)
        return tile_bins_of_range(&work->levels, bins, range[0], range[1], fail);
    struct stats_request request = {.central = true, .mask = work->mask, .allow_infinities = true};
    struct stats_result result = {0};
    struct fail why = {.text = ""};
    if (!stats_gather(&request, in, true, &result, fail))
        return false;
    work->nans = result.nans;
    command_remark_crowd(work->command, in->name, &result,
                         (const double[]){(double)result.minimum, (double)result.maximum}, bins,
                         "--range LO,HI leaves out the others");
    return tile_bins_of_extremes(&work->levels, bins, result.minimum, result.maximum, &why) ||
           fail_prefix(fail, &why, "%s", in->name);
}

static void tell(const struct command *command, const struct reader *in,
                 const uint64_t voxels[AXES])
{
    command_remark_slab(command, in);
    command_verbose(
        command, "tiles of %" PRIu64 " x %" PRIu64 " x %" PRIu64 " voxels (planes, rows, columns)",
        voxels[AXIS_PLANE], voxels[AXIS_ROW], voxels[AXIS_COLUMN]);
}

/* What is to be equalized, so that it can be read as often as it will be. */
static struct reader *make_ready(struct work *work, struct reader *in, struct fail *fail)
{
    struct fail why = {.text = ""};
    if (!choose_kernel(&in->volume, work->clahe.kernel, &why)) {
        fail_prefix(fail, &why, "--kernel");
        reader_close(in);
        return NULL;
    }
    tell(work->command, in, work->clahe.kernel);
    if (mask_path || clahe_needs_clone(&work->clahe, &in->volume))
        return second_pass_cloneable(in, fail);
    return range_given ? in : second_pass_reader(in, fail);
}

/* A reader of the equalized levels. */
static struct reader *equalize(struct work *work, struct reader *in, struct fail *fail)
{
    struct fail why = {.text = ""};
    if (!choose_levels(work, in, fail)) {
        reader_close(in);
        return NULL;
    }
    const char *name = in->name;
    struct reader *levels = clahe_reader(&work->clahe, &work->levels, in, work->mask, &why);
    if (!levels)
        fail_prefix(fail, &why, "%s", name);
    return levels && !range_given ? second_pass_reader(levels, fail) : levels;
}

/* What becomes 0 and 1: the extremes of the levels, or all that are possible. */
static bool find_limits(struct reader *in, double limits[2], struct fail *fail)
{
    limits[0] = 0;
    limits[1] = TILE_LEVELS - 1;
    if (range_given)
        return true;
    struct stats_request request = {0};
    struct stats_result result = {0};
    if (!stats_gather(&request, in, true, &result, fail))
        return false;
    if (!isnan(result.minimum)) {
        limits[0] = (double)result.minimum;
        limits[1] = (double)result.maximum;
    }
    return true;
}

static void release(struct filter_job *job)
{
    tile_bins_free(&((struct work *)job->state)->levels);
}

static bool prepare(struct filter_job *job, struct fail *fail)
{
    static const double to[2] = {0, 1};
    double limits[2];
    struct work *work = job->state = calloc(1, sizeof *work);
    if (!work)
        return fail_errno(fail, "tiles");
    work->command = job->command;
    work->mask = job->mask;
    work->clahe = (struct clahe){.clip_limit = clip_limit, .bins = bins};
    job->release = release;
    job->in = make_ready(work, job->in, fail);
    job->in = job->in ? equalize(work, job->in, fail) : NULL;
    if (job->in && work->nans > 0)
        command_notice(job->command, "%s: %" PRIu64 " NaN not counted, passed on", job->in->name,
                       work->nans);
    job->filter = (struct filter){.change = clip_span, .state = &work->clip};
    job->effect.window = to;
    return job->in && find_limits(job->in, limits, fail) && clip_init(&work->clip, limits, to);
}

static int check(const struct command *command)
{
    pool_channels = pool_channels || range_given; /* the same for all */
    return range_given && range[0] >= range[1]
               ? command_usage_error(command, "--range: LO must be below HI")
               : 0;
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, check, prepare);
}
