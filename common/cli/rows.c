#include "common/cli/rows.h"

#include <inttypes.h>

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

void command_remark_slab(const struct command *command, const struct reader *reader)
{
    struct part part;
    if (volume_part(&reader->volume, &part))
        command_notice(command,
                       "%s: is planes %" PRIu64 ":%" PRIu64 " of %" PRIu64
                       ": what is measured is of these alone",
                       reader->name, part.first, part.end, part.of);
}
