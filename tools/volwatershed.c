/* volwatershed - grow markers to objects by a watershed. The manual is volwatershed.1. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cli/shared_options.h"
#include "common/objects/watershed.h"
#include "common/text/number.h"
#include "common/volume/geometry.h"
#include "format/nrrd/filter.h"
#include "format/nrrd/stream.h"

static const char *markers_path, *mask_path;
static bool invert, lines;
static uint64_t most_memory;

/* "2GB", "500MB" */
static bool parse_memory(const char *text, void *value, struct fail *fail)
{
    static const struct {
        const char *unit;
        double bytes;
    } units[] = {{"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"", 1}};
    char number[32];
    double amount = 0;
    size_t digits = strspn(text, "0123456789.");
    for (size_t i = 0; digits < sizeof number && i < sizeof units / sizeof *units; i++) {
        memcpy(number, text, digits);
        number[digits] = '\0';
        if (strcmp(text + digits, units[i].unit) != 0 || !number_real(number, &amount) ||
            amount * units[i].bytes >= 9e18)
            continue;
        *(uint64_t *)value = (uint64_t)(amount * units[i].bytes);
        return true;
    }
    return fail_set(fail, "needs a number of bytes such as 500MB or 2GB, not '%s'", text);
}

static const struct option_row options[] = {
    OPT_FILE(0, "markers", "FILE", &markers_path,
             "labels that the objects grow from, as volpeaks writes them"),
    OPT_FILE(0, "mask", "FILE", &mask_path, "objects grow where it is not 0"),
    OPT_FLAG(0, "invert", &invert,
             "begin with the highest samples: of distances (default: with\n"
             "the lowest)"),
    OPT_FLAG(0, "line", &lines, "leave voxels at 0 where two objects meet"),
    OPT_PARSED(0, "max-memory", "SIZE", parse_memory, &most_memory,
               "that objects of the mask may take at once (default half of\nthe machine's)",
               .not_in_history = true),
    {0},
};

static const struct program program = {
    .name = "volwatershed",
    .summary = "Grow markers to objects: a watershed inside a mask.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .effect = EFFECT_MAKES,
    .more = "Example: volwatershed --invert --markers markers.nrrd --mask mask.nrrd depth.nrrd",
};

static int check(const struct command *command)
{
    if (!markers_path || !mask_path)
        return command_usage_error(command, "--%s is missing; see volwatershed --help",
                                   markers_path ? "mask" : "markers");
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    if (most_memory == 0)
        most_memory = pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size / 2 : UINT64_MAX;
    return 0;
}

/* Opens a volume on the grid of the first. */
static struct reader *open_beside(const struct reader *in, const char *path, struct fail *fail)
{
    struct reader *reader = nrrd_open(path, fail);
    if (!reader)
        return NULL;
    if (reader->volume.channels == 1 &&
        geometry_agrees(&in->volume, in->name, &reader->volume, reader->name, fail))
        return reader;
    fail_set(fail, "%s: has %" PRIu64 " channels: objects are of one (volcrop --channels)",
             reader->name, reader->volume.channels);
    reader_close(reader);
    return NULL;
}

static bool prepare(struct filter_job *job, struct fail *fail)
{
    static struct watershed_count count;
    struct watershed_request request = {
        .invert = invert, .lines = lines, .most_memory = most_memory};
    if (job->in->volume.channels > 1)
        return fail_set(fail,
                        "%s: has %" PRIu64 " channels: objects are of one (volcrop --channels)",
                        job->in->name, job->in->volume.channels);
    struct reader *markers = open_beside(job->in, markers_path, fail);
    struct reader *mask = markers ? open_beside(job->in, mask_path, fail) : NULL;
    if (!mask) {
        reader_close(markers);
        return false;
    }
    command_remark_slab(job->command, job->in);
    job->in = watershed_reader(&request, job->in, markers, mask, &count, fail);
    if (!job->in)
        return false;
    command_verbose(job->command,
                    "%" PRIu64 " parts of the mask, at most %.4g MB of them at once; markers up to "
                    "%" PRIu32,
                    count.components, (double)count.most / 1e6, count.largest);
    job->effect.labels = &count.largest;
    return true;
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, check, prepare);
}
