#include "format/chart/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/text/json.h"
#include "common/text/number.h"

uint64_t hist_total(const struct hist *hist)
{
    uint64_t total = 0;
    for (uint64_t k = 0; k < hist->request->bins; k++)
        total += hist->result->counts[k];
    return total;
}

double hist_fraction(uint64_t count, uint64_t total)
{
    return total > 0 ? (double)count / (double)total : 0;
}

/* ---- table ----------------------------------------------------------------------------------- */

/* The title as a comment, which control characters must not break into lines. */
static bool title_line(struct output *to, const char *title, struct fail *fail)
{
    bool ok = output_print(to, fail, "# ");
    for (const char *c = title; ok && *c != '\0'; c++)
        ok = output_write(to, (unsigned char)*c < ' ' ? "?" : c, 1, fail);
    return ok && output_print(to, fail, "\n");
}

static bool table_head(struct output *to, const struct hist *hist, struct fail *fail)
{
    const struct stats_result *result = hist->result;
    char low[NUMBER_SIZE], high[NUMBER_SIZE];
    if (hist->title && !title_line(to, hist->title, fail))
        return false;
    bool ok = output_print(to, fail, "# %" PRIu64 " samples, %" PRIu64 " NaN left out",
                           result->samples, result->nans);
    if (result->nans < result->samples)
        ok = ok && output_print(to, fail, ", minimum %s, maximum %s",
                                number_text_float(result->minimum, low),
                                number_text_float(result->maximum, high));
    ok = ok && output_print(to, fail, "\n");
    return ok &&
           (!hist->labels || output_print(to, fail, "# labels up to %" PRIu32 "\n", *hist->labels));
}

/* With 17 digits, which read back as the same double. */
static bool percentile_lines(struct output *to, const struct hist *hist, const char *before,
                             struct fail *fail)
{
    char q[NUMBER_SIZE];
    bool ok = true;
    for (size_t i = 0; ok && i < hist->request->quantile_count; i++)
        ok =
            output_print(to, fail, "%s%s\t%.17g\n", before,
                         number_text(hist->request->quantiles[i], q), hist->result->percentiles[i]);
    return ok;
}

static bool bin_lines(struct output *to, const struct hist *hist, struct fail *fail)
{
    const struct stats_result *result = hist->result;
    uint64_t total = hist_total(hist), sum = 0;
    bool ok = true;
    for (uint64_t k = 0; ok && k < hist->request->bins; k++) {
        char low[NUMBER_SIZE], high[NUMBER_SIZE], cumulative[NUMBER_SIZE];
        sum += result->counts[k];
        ok = output_print(to, fail, "%s\t%s\t%" PRIu64 "\t%s\n",
                          number_text_float(result->edges[k], low),
                          number_text_float(result->edges[k + 1], high), result->counts[k],
                          number_text(hist_fraction(sum, total), cumulative));
    }
    return ok;
}

bool hist_table(struct output *to, const struct hist *hist, struct fail *fail)
{
    if (!table_head(to, hist, fail))
        return false;
    if (hist->request->bins == 0)
        return output_print(to, fail, "# percentile\tvalue\n") &&
               percentile_lines(to, hist, "", fail);
    return percentile_lines(to, hist, "# percentile ", fail) &&
           output_print(to, fail, "# lower edge\tupper edge\tcount\tcumulative fraction\n") &&
           bin_lines(to, hist, fail);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static bool json_float(struct output *to, float value, struct fail *fail)
{
    char text[NUMBER_SIZE];
    return output_print(to, fail, "%s", isfinite(value) ? number_text_float(value, text) : "null");
}

static bool json_percentiles(struct output *to, const struct hist *hist, struct fail *fail)
{
    const struct stats_request *request = hist->request;
    return request->quantile_count == 0 ||
           (json_key(to, "q", fail) &&
            json_numbers(to, request->quantiles, request->quantile_count, fail) &&
            json_key(to, "percentiles", fail) &&
            json_numbers(to, hist->result->percentiles, request->quantile_count, fail));
}

static bool json_bins(struct output *to, const struct hist *hist, struct fail *fail)
{
    uint64_t bins = hist->request->bins;
    if (bins == 0)
        return true;
    bool ok = json_key(to, "edges", fail);
    for (uint64_t k = 0; ok && k <= bins; k++)
        ok = output_print(to, fail, "%s", k > 0 ? ", " : "[") &&
             json_float(to, hist->result->edges[k], fail);
    ok = ok && output_print(to, fail, "]") && json_key(to, "counts", fail);
    for (uint64_t k = 0; ok && k < bins; k++)
        ok = output_print(to, fail, "%s%" PRIu64, k > 0 ? ", " : "[", hist->result->counts[k]);
    return ok && output_print(to, fail, "]");
}

bool hist_json(struct output *to, const struct hist *hist, struct fail *fail)
{
    const struct stats_result *result = hist->result;
    bool ok = output_print(to, fail, "{\n  \"samples\": %" PRIu64 ",\n  \"nans\": %" PRIu64,
                           result->samples, result->nans);
    if (hist->labels)
        ok = ok && json_key(to, "labels", fail) && json_number(to, *hist->labels, fail);
    if (hist->title)
        ok = ok && json_key(to, "title", fail) && json_string(to, hist->title, fail);
    return ok && json_key(to, "minimum", fail) && json_float(to, result->minimum, fail) &&
           json_key(to, "maximum", fail) && json_float(to, result->maximum, fail) &&
           json_key(to, "mean", fail) && json_number(to, result->mean, fail) &&
           json_key(to, "variance", fail) && json_number(to, result->variance, fail) &&
           json_percentiles(to, hist, fail) && json_bins(to, hist, fail) &&
           output_print(to, fail, "\n}\n");
}

/* ---- characters ------------------------------------------------------------------------------ */

#define ASCII_COLUMNS 64
#define ASCII_ROWS 16
#define LABEL 11 /* columns left of the plot */

/* A column shows the highest of its bins; or each bin has several columns, if there are few. */
struct bars {
    size_t columns, bins_per_column, columns_per_bin;
    uint64_t height[ASCII_COLUMNS], highest;
    bool logarithmic; /* heights are logarithms of one more than the counts */
};

static struct bars make_bars(const struct hist *hist)
{
    size_t bins = (size_t)hist->request->bins;
    struct bars bars = {.logarithmic = hist->logarithmic,
                        .bins_per_column = (bins + ASCII_COLUMNS - 1) / ASCII_COLUMNS};
    bars.columns_per_bin = bins < ASCII_COLUMNS ? ASCII_COLUMNS / bins : 1;
    bars.columns = bins < ASCII_COLUMNS ? bins * bars.columns_per_bin
                                        : (bins + bars.bins_per_column - 1) / bars.bins_per_column;
    for (size_t k = 0; k < bins; k++) {
        uint64_t count = hist->result->counts[k];
        for (size_t c = 0; c < bars.columns_per_bin; c++) {
            uint64_t *height = &bars.height[k / bars.bins_per_column * bars.columns_per_bin + c];
            *height = count > *height ? count : *height;
        }
        bars.highest = count > bars.highest ? count : bars.highest;
    }
    return bars;
}

/* Row 0 is the lowest. A dot stands for a bar that is lower than half a row. */
static char cell(const struct bars *bars, size_t column, size_t row)
{
    if (bars->height[column] == 0)
        return ' ';
    double rows = (double)bars->height[column] / (double)bars->highest * ASCII_ROWS;
    if (bars->logarithmic)
        rows = log1p((double)bars->height[column]) / log1p((double)bars->highest) * ASCII_ROWS;
    if (rows >= (double)row + 0.5)
        return '#';
    return row == 0 ? '.' : ' ';
}

static bool ascii_axis(struct output *to, const struct hist *hist, const struct bars *bars,
                       struct fail *fail)
{
    char line[ASCII_COLUMNS + 1], low[NUMBER_SIZE], high[NUMBER_SIZE];
    memset(line, '-', bars->columns);
    line[bars->columns] = '\0';
    number_text_float(hist->result->edges[0], low);
    number_text_float(hist->result->edges[hist->request->bins], high);
    int gap = (int)bars->columns - (int)strlen(low);
    return output_print(to, fail, "%*s +%s\n", LABEL, "0", line) &&
           output_print(to, fail, "%*s  %s%*s\n", LABEL, "", low, gap > 0 ? gap : 0, high);
}

bool hist_ascii(struct output *to, const struct hist *hist, struct fail *fail)
{
    if (!table_head(to, hist, fail) || !percentile_lines(to, hist, "# percentile ", fail))
        return false;
    if (hist->request->bins == 0)
        return true;
    uint64_t outside = hist->result->samples - hist->result->nans - hist_total(hist);
    char number[NUMBER_SIZE], limit[NUMBER_SIZE];
    if (outside > 0 &&
        !output_print(to, fail, "# %" PRIu64 " samples lie outside of %s to %s\n", outside,
                      number_text_float(hist->result->edges[0], number),
                      number_text_float(hist->result->edges[hist->request->bins], limit)))
        return false;
    struct bars bars = make_bars(hist);
    bool ok = true;
    for (size_t row = ASCII_ROWS; ok && row-- > 0;) {
        char line[ASCII_COLUMNS + 1], label[NUMBER_SIZE] = "";
        for (size_t column = 0; column < bars.columns; column++)
            line[column] = cell(&bars, column, row);
        line[bars.columns] = '\0';
        while (bars.columns > 0 && strlen(line) > 0 && line[strlen(line) - 1] == ' ')
            line[strlen(line) - 1] = '\0';
        if (row == ASCII_ROWS - 1)
            snprintf(label, sizeof label, "%" PRIu64, bars.highest);
        ok = output_print(to, fail, "%*s |%s\n", LABEL, label, line);
    }
    return ok && ascii_axis(to, hist, &bars, fail);
}
