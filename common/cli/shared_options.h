/* Rows of options that several programs have; each program says in its help what they mean for it.
 * given: a bool that is set when the option is given, or NULL. */
#ifndef COMMON_CLI_SHARED_OPTIONS_H
#define COMMON_CLI_SHARED_OPTIONS_H

#include "common/cli/option.h"
#include "common/picture/display_window.h"
#include "common/stats/histogram.h"
#include "common/stats/statistics.h"
#include "common/volume/part.h"

#define ROW_TITLE(value, help) OPT_TEXT(0, "title", "TEXT", value, help, .not_in_history = true)
/* --stats and --pool: a struct stats_source (stats/file_source.h). */
#define ROWS_STATS(source, one, help)                                                              \
    OPT_FILE(0, "stats", "FILE", &(source)->path, help, .not_in_history = true),                   \
        OPT_FILE(0, "pool", "FILE", &(source)->pool,                                               \
                 "the same from statistics of several volumes together, of\n"                      \
                 "which this is one (volstats --merge): one " one " for all",                      \
                 .not_in_history = true)
#define ROW_MASK(value)                                                                            \
    OPT_FILE(0, "mask", "FILE", value,                                                             \
             "a volume of the same shape: samples where it is 0 are\nnot counted")
#define ROW_POOL_CHANNELS(value)                                                                   \
    OPT_FLAG(0, "pool-channels", value,                                                            \
             "all channels together (default: each by itself, unless\n"                            \
             "they are colours)")
#define ROW_CHANNEL(value, given_, help)                                                           \
    OPT_COUNT('c', "channel", "N", 0, 1e9, value, help, .given = given_)
#define ROW_PLANES(value, ...) OPT_SLICE('p', "planes", "A:B[:S]", value, __VA_ARGS__)
/* A struct part_choice (part.h); the note says it, the history does not. */
#define ROW_PART(value, given_)                                                                    \
    OPT_PARSED(                                                                                    \
        0, "part", "K/N", part_parse, value,                                                       \
        "slab K of N of about as many planes, K from 1 on; a note\nsays which planes it has",      \
        .given = given_, .not_in_history = true)
#define ROW_BINS(value, given_)                                                                    \
    OPT_COUNT('b', "bins", "N", 1, HISTOGRAM_MAX_BINS, value,                                      \
              "bins of the histogram (default 256)", .given = given_)
/* A struct percentiles. */
#define ROW_PERCENTILES(value, help)                                                               \
    OPT_PARSED('q', "percentiles", "Q,...", percentiles_parse, value, help)
#define ROW_RANGE(value, given_, help)                                                             \
    OPT_REALS('r', "range", "LO,HI", 2, -HISTOGRAM_LIMIT, HISTOGRAM_LIMIT, value, help,            \
              .given = given_)

/* A length, which the manual of each program explains in the same words. */
#define ROW_LENGTH(name, value, given_, help)                                                      \
    OPT_PARSED(0, name, "LENGTH", length_parse, value, help, .given = given_)
#define LENGTH_HELP                                                                                \
    "LENGTH is a number of voxels, or a length in physical units (20um), for all\n"                \
    "axes or as plane,row,column.\n"

/* The window of a filter: a struct length, and an enum shape (extent.h). */
#define ROWS_SIZE(size, shape)                                                                     \
    ROW_LENGTH("size", size, NULL, "full size of the window (default 3; 0, 1: no change)"),        \
        OPT_CHOICE(0, "shape", "box|ball", shape_words, shape, "of the window (default box)")

/* What stands for samples beyond the volume: an enum edge (neighbours.h). */
#define ROW_EDGE(value)                                                                            \
    OPT_CHOICE(0, "edge", "nearest|reflect", edge_words, value,                                    \
               "beyond the volume lies the nearest sample, or the mirrored\n"                      \
               "volume (default nearest)")

/* --window and --stats of a program that shows samples; also: further words for the window. */
#define ROWS_WINDOW(window, also, help)                                                            \
    OPT_PARSED('w', "window", "LO,HI|minmax|percentile:P,Q" also, display_window_parse, window,    \
               help),                                                                              \
        ROWS_STATS(&(window)->stats, "window",                                                     \
                   "take minimum, maximum or percentiles from a statistics\n"                      \
                   "file of this volume (volstats): one pass")

#define MAX_PERCENTILES 100

struct percentiles {
    double q[MAX_PERCENTILES];
    size_t count;
};

/* For option rows; value is a struct percentiles. */
MUST_CHECK bool percentiles_parse(const char *text, void *value, struct fail *fail);

/* Prints a usage error and returns 2 where a statistics file and other sources of statistics were
 * given together; otherwise returns 0. */
MUST_CHECK int command_check_stats(const struct command *command, const struct stats_source *source,
                                   const char *mask_path);

/* Says so where percentiles look like fractions: two or more, and none above 1. */
void command_remark_percentiles(const struct command *command, const double *percentiles,
                                size_t count);

/* Says so where all samples are equal, or where nearly all of them, though they differ, lie in one
 * of `bins` bins of the range, as beside a hot pixel; help: what to do then. The result's own
 * counts, where it has some, are those of the bins. */
void command_remark_crowd(const struct command *command, const char *name,
                          const struct stats_result *result, const double range[2], uint64_t bins,
                          const char *help);

/* Whether each channel of a volume is to be treated by itself, which is then said. */
MUST_CHECK bool command_takes_apart(const struct command *command, const struct reader *reader,
                                    bool pool_channels);

/* Says so where a volume that is measured is a slab of a larger one. */
void command_remark_slab(const struct command *command, const struct reader *reader);

#endif
