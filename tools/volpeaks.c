/* volpeaks - number the local maxima of a volume. The manual is volpeaks.1. */
#include <inttypes.h>
#include <math.h>

#include "common/cli/shared_options.h"
#include "common/morphology/operation.h"
#include "common/objects/label.h"
#include "common/stream/combine.h"
#include "common/volume/geometry.h"
#include "format/nrrd/filter.h"

static struct length size = {.value = {3, 3, 3}};
static int shape = SHAPE_BOX;
static const char *mask_path;
static double least = -INFINITY;

static const struct option_row options[] = {
    ROWS_SIZE(&size, &shape),
    OPT_FILE(0, "mask", "FILE", &mask_path,
             "a volume of the same shape: where it is 0 there are no peaks"),
    OPT_REAL(0, "min", "V", -HISTOGRAM_LIMIT, HISTOGRAM_LIMIT, &least,
             "samples below V are no peaks (default: all may be)"),
    {0},
};

static const struct program program = {
    .name = "volpeaks",
    .summary = "Number the samples of a volume that are the largest of a window around them.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .effect = EFFECT_MAKES,
    .mask = &mask_path,
    .more = LENGTH_HELP
    "Example: voldistance mask.nrrd | volpeaks --size 5um --mask mask.nrrd -o markers.nrrd",
};

static struct extremes extremes;
static float low;

static void release(struct filter_job *job)
{
    (void)job;
    extremes_free(&extremes);
}

static void both(const void *state, const float *const *sources, float *made, size_t n)
{
    (void)state;
    for (size_t i = 0; i < n; i++)
        made[i] = (sources[0][i] != 0) & (sources[1][i] != 0);
}

static bool find_peaks(struct filter_job *job, struct fail *fail)
{
    struct reader *mask = job->mask;
    job->in = morphology_peaks(&extremes, &low, job->in, fail);
    if (!job->in || !mask)
        return job->in != NULL;
    job->mask = NULL; /* it belongs to the reader of both */
    job->in = combine_reader(both, NULL, (struct reader *[]){job->in, mask}, 2, fail);
    return job->in != NULL;
}

static bool prepare(struct filter_job *job, struct fail *fail)
{
    static uint32_t labels;
    const struct volume *volume = &job->in->volume;
    struct label_request request = {.rule = {RUNS_OF_SET, CONNECTED_26, false},
                                    .paint = LABEL_NUMBERS};
    struct label_count count;
    struct fail why = {.text = ""};
    struct extent extent;
    job->release = release;
    low = (float)least;
    if (volume->channels > 1)
        return fail_set(fail,
                        "%s: has %" PRIu64 " channels: objects are of one (volcrop --channels)",
                        job->in->name, volume->channels);
    if (job->mask &&
        (job->mask->volume.channels > 1 ||
         !geometry_agrees(volume, job->in->name, &job->mask->volume, job->mask->name, fail)))
        return fail_set(fail, "%s: has several channels, where a mask of one is needed",
                        job->mask->name);
    if (!extent_init(&extent, (enum shape)shape, &size, volume, &why) ||
        !extremes_init(&extremes, &extent, volume, &why))
        return fail_prefix(fail, &why, "--size");
    if (!find_peaks(job, fail))
        return false;
    job->in = label_reader(&request, job->in, &count, fail);
    if (!job->in)
        return false;
    command_verbose(job->command, "%" PRIu64 " peaks", count.kept);
    labels = (uint32_t)count.kept;
    job->effect.labels = &labels;
    return true;
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, NULL, prepare);
}
