/* voleq - histogram equalization, scikit-image's equalize_hist. The manual is voleq.1. */
#include <inttypes.h>
#include <string.h>

#include "common/kernel_equalize.h"
#include "common/mask.h"
#include "common/option.h"
#include "common/pass.h"
#include "common/spool.h"
#include "common/stats.h"
#include "format/nrrd.h"
#include "format/stats_file.h"

static uint64_t bins = 256;
static double range[2];
static bool range_given;
static const char *stats_path, *mask_path;

static const struct option_row options[] = {
    {.letter = 'b',
     .name = "bins",
     .argument = "N",
     .kind = OPTION_COUNT,
     .low = 1,
     .high = HISTOGRAM_MOST_BINS,
     .value = &bins,
     .help = "bins of the histogram (default 256)"},
    {.letter = 'r',
     .name = "range",
     .argument = "LO,HI",
     .kind = OPTION_REALS,
     .count = 2,
     .low = -HISTOGRAM_LIMIT,
     .high = HISTOGRAM_LIMIT,
     .value = range,
     .given = &range_given,
     .help = "samples that are counted (default: all)"},
    {.name = "mask",
     .argument = "FILE",
     .kind = OPTION_TEXT,
     .value = &mask_path,
     .help = "a volume of the same shape: samples where it is 0 are\nnot counted"},
    {.name = "stats",
     .argument = "FILE",
     .kind = OPTION_TEXT,
     .aside = true,
     .value = &stats_path,
     .help = "take the histogram from a statistics file of this volume\n"
             "(volhist --stats): one pass instead of two or three"},
    {0},
};

static const struct program program = {
    .name = "voleq",
    .summary = "Equalize the histogram: each sample becomes the fraction of samples up to it.",
    .operands = "[FILE]",
    .most_operands = 1,
    .options = options,
    .more = "Example: tiff2vol cells.tif | voleq | vol2png -o plane-%04d.png",
};

/* Of the samples in the mask; NaN are counted without those that it leaves out. */
static bool gather_masked(const struct stats_want *want, struct reader *in, struct stats_have *have,
                          struct fail *fail)
{
    struct reader *mask = nrrd_open(mask_path, fail);
    mask = mask ? spool_reader(mask, fail) : NULL;
    struct reader *masked = mask ? mask_reader(in, mask, fail) : NULL;
    bool ok = masked && stats_gather(want, masked, false, have, fail);
    if (ok) {
        have->nans -= mask_left_out(masked);
        have->samples -= mask_left_out(masked);
        ok = reader_rewind(in, fail);
        if (ok && have->samples == have->nans)
            ok = fail_set(fail, "%s: leaves no sample to count", mask_path);
    }
    reader_close(masked);
    return ok;
}

static bool gather(struct reader *in, struct stats_have *have, struct fail *fail)
{
    struct stats_want want = {.bins = bins, .range = range_given ? range : NULL};
    if (stats_path)
        return stats_file_answer(stats_path, &want, in, have, fail);
    if (mask_path)
        return gather_masked(&want, in, have, fail);
    return stats_gather(&want, in, true, have, fail);
}

static bool counted_any(const struct stats_have *have, struct fail *fail)
{
    uint64_t counted = 0;
    for (uint64_t k = 0; k < bins; k++)
        counted += have->counts[k];
    return counted > 0 ||
           fail_set(fail, "no sample lies in the range %.9g to %.9g", range[0], range[1]);
}

static bool write_equalized(const struct command *command, struct reader *in,
                            const struct stats_have *have, struct writer **out, struct fail *fail)
{
    if (have->nans > 0)
        command_note(command, "%s: %" PRIu64 " NaN not counted, passed on", in->name, have->nans);
    /* Nothing but NaN: there is nothing to equalize. */
    bool nothing = have->nans == have->samples;
    struct equalize equalize = {.bins = 0};
    struct pass pass = {.change = nothing ? NULL : equalize_span, .state = &equalize};
    if (!nothing && !(counted_any(have, fail) &&
                      equalize_init(&equalize, bins, have->edges, have->counts, fail)))
        return false;
    *out = nrrd_create(command->output, &in->volume, fail);
    bool whole = *out && pass_run(&pass, in, *out, fail);
    equalize_free(&equalize);
    return whole;
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    if (range_given && !histogram_range_fits(range))
        return command_misuse(&command, "--range: LO must not be above HI");
    bool standard = !command_input(&command) || strcmp(command_input(&command), "-") == 0;
    if (standard && ((mask_path && strcmp(mask_path, "-") == 0) ||
                     (stats_path && strcmp(stats_path, "-") == 0)))
        return command_misuse(&command, "standard input can't be the volume and another file too");
    if (stats_path && mask_path)
        return command_misuse(&command, "--stats has counted all samples: no --mask beside it");

    struct fail fail = {{0}};
    struct stats_have have = {0};
    struct writer *out = NULL;
    struct reader *in = nrrd_open(command_input(&command), &fail);
    if (in && !stats_path)
        in = spool_reader(in, &fail);
    bool whole = in && gather(in, &have, &fail) &&
                 volume_set_window(&in->volume, (const double[]){0, 1}, &fail) &&
                 volume_add_history(&in->volume, command.history, &fail) &&
                 write_equalized(&command, in, &have, &out, &fail);
    stats_free(&have);
    return command_finish(&command, in, out, whole, &fail);
}
