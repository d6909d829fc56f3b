/* A histogram and percentiles as text: a table, JSON, a plot of characters. */
#ifndef FORMAT_CHART_TEXT_H
#define FORMAT_CHART_TEXT_H

#include "common/base/output.h"
#include "common/stats/statistics.h"

/* The answer to `want`, for printing. */
struct hist {
    const struct stats_request *request;
    const struct stats_result *result;
    const char *title; /* NULL: none */
};

/* Lower edge, upper edge, count, cumulative fraction of each bin, separated by tabs; "#" begins the
 * lines that tell what it is. Without a histogram the percentiles are the table. */
bool hist_table(struct output *to, const struct hist *hist, struct fail *fail);
bool hist_json(struct output *to, const struct hist *hist, struct fail *fail);
/* At most 80 columns of ASCII. */
bool hist_ascii(struct output *to, const struct hist *hist, struct fail *fail);

#endif
