/* A histogram and percentiles as text: a table, JSON, a plot of characters. */
#ifndef FORMAT_HIST_TEXT_H
#define FORMAT_HIST_TEXT_H

#include "common/output.h"
#include "common/stats.h"

/* The answer to `want`, for printing. */
struct hist {
    const struct stats_want *want;
    const struct stats_have *have;
    const char *title; /* NULL: none */
};

/* Lower edge, upper edge, count, cumulative fraction of each bin, separated by tabs; "#" begins the
 * lines that tell what it is. Without a histogram the percentiles are the table. */
bool hist_table(struct output *to, const struct hist *hist, struct fail *fail);
bool hist_json(struct output *to, const struct hist *hist, struct fail *fail);
/* At most 80 columns of ASCII. */
bool hist_ascii(struct output *to, const struct hist *hist, struct fail *fail);

#endif
