/* A histogram and percentiles as text: a table, JSON, a plot of characters. */
#ifndef FORMAT_CHART_TEXT_H
#define FORMAT_CHART_TEXT_H

#include "common/io/output.h"
#include "common/stats/statistics.h"

struct hist {
    const struct stats_request *request;
    const struct stats_result *result; /* of that request */
    const char *title;                 /* NULL: none */
    const char *name;                  /* of one series of several, in the legend */
    const uint32_t *labels;            /* the largest label, where samples are labels; or NULL */
    bool logarithmic;                  /* hist_ascii(): counts on a logarithmic axis */
};

/* Lower edge, upper edge, count, cumulative fraction of each bin, separated by tabs; "#" begins
 * lines that describe them. Without a histogram the percentiles are the table. */
MUST_CHECK bool hist_table(struct output *to, const struct hist *hist, struct fail *fail);
MUST_CHECK bool hist_json(struct output *to, const struct hist *hist, struct fail *fail);
/* At most 80 columns of ASCII. */
MUST_CHECK bool hist_ascii(struct output *to, const struct hist *hist, struct fail *fail);

/* How many samples are in bins; and count as a fraction of them, 0 if there are none. */
uint64_t hist_total(const struct hist *hist);
double hist_fraction(uint64_t count, uint64_t total);

#endif
