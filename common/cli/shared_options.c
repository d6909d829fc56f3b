#include "common/cli/shared_options.h"

#include <inttypes.h>
#include <math.h>

#include "common/stream/apart.h"

bool percentiles_parse(const char *text, void *value, struct fail *fail)
{
    struct percentiles *list = value;
    size_t count = 1;
    for (const char *c = text; *c != '\0'; c++)
        count += *c == ',';
    bool ok = count <= MAX_PERCENTILES && number_reals(text, list->q, count);
    for (size_t i = 0; ok && i < count; i++)
        ok = list->q[i] >= 0 && list->q[i] <= 100;
    list->count = count;
    return ok || fail_set(fail, "needs a list of at most %d percentiles from 0 to 100, not '%s'",
                          MAX_PERCENTILES, text);
}

int command_check_stats(const struct command *command, const struct stats_source *source,
                        const char *mask_path)
{
    if (source->path && source->pool)
        return command_usage_error(command, "only one of --stats and --pool at a time");
    if (stats_source_exists(source) && mask_path)
        return command_usage_error(command, "%s has counted all samples: no --mask beside it",
                                   source->pool ? "--pool" : "--stats");
    return 0;
}

void command_remark_percentiles(const struct command *command, const double *percentiles,
                                size_t count)
{
    double highest = 0;
    for (size_t i = 0; i < count; i++)
        highest = percentiles[i] > highest ? percentiles[i] : highest;
    if (count > 1 && highest > 0 && highest <= 1)
        command_notice(command,
                       "percentiles are numbers from 0 to 100: the highest one here, %.9g, lies "
                       "near the minimum",
                       highest);
}

/* The bin that holds most; *total: what all hold. */
static uint64_t find_fullest(const struct stats_result *result, uint64_t bins, uint64_t *total)
{
    uint64_t fullest = 0;
    *total = 0;
    for (uint64_t k = 0; k < bins; k++) {
        *total += result->counts[k];
        fullest = result->counts[k] > result->counts[fullest] ? k : fullest;
    }
    return fullest;
}

void command_remark_crowd(const struct command *command, const char *name,
                          const struct stats_result *result, const double range[2], uint64_t bins,
                          const char *help)
{
    const float *central = result->central;
    if (!isfinite(result->minimum) || !isfinite(result->maximum))
        return;
    if (result->minimum == result->maximum)
        command_notice(command, "%s: all samples are %.9g: there is nothing to tell apart", name,
                       (double)result->minimum);
    /* Nearly all are one value: a mask, or labels. */
    if (bins < 2 || !(result->minimum < result->maximum) || central[0] == central[1])
        return;
    if (result->counts) {
        uint64_t total, k = find_fullest(result, bins, &total), most = result->counts[k];
        if (most < total && total - most <= total / 1000)
            command_notice(command,
                           "%s: %" PRIu64 " of %" PRIu64 " samples lie in one of %" PRIu64
                           " bins, from %.6g to %.6g: %s",
                           name, most, total, bins, (double)result->edges[k],
                           (double)result->edges[k + 1], help);
    } else if ((double)central[1] - (double)central[0] <= (range[1] - range[0]) / (double)bins) {
        command_notice(command,
                       "%s: nearly all samples lie between %.6g and %.6g, less than one of %" PRIu64
                       " bins from %.6g to %.6g: %s",
                       name, (double)central[0], (double)central[1], bins, range[0], range[1],
                       help);
    }
}

bool command_takes_apart(const struct command *command, const struct reader *reader,
                         bool pool_channels)
{
    if (pool_channels || !volume_is_apart(&reader->volume))
        return false;
    command_notice(command,
                   "%s: each of %" PRIu64 " channels by itself (--pool-channels: all together)",
                   reader->name, reader->volume.channels);
    return true;
}

void command_remark_slab(const struct command *command, const struct reader *reader)
{
    struct part part;
    if (volume_part(&reader->volume, &part))
        command_notice(command,
                       "%s: is planes %" PRIu64 ":%" PRIu64 " of %" PRIu64
                       ": what is measured is of these alone",
                       reader->name, part.first, part.end, part.of);
}
