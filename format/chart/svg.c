#include "format/chart/svg.h"

#include <math.h>

#include "common/text/escape.h"
#include "format/chart/axes.h"

/* In pixels. */
#define TOP_PANEL 30
#define LOW_PANEL 272
#define LEGEND_LINE 15
#define SWATCH 18

/* More bins than this are drawn in groups, each as high as its highest bin: they are narrower than
 * pixels anyway. */
#define MAX_BARS 1600
#define MARGIN 0.05 /* between data and frame, as a fraction of the data's extent */

static const char head[] =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
    "role=\"img\">\n"
    "<style>\n"
    ".ground { fill: #fff }\n"
    ".frame, .tick { fill: none; stroke: #000; stroke-width: 1 }\n"
    ".bars { fill: #1f77b4 }\n"
    ".line { fill: none; stroke: #e8000b; stroke-width: 1.5; stroke-linejoin: round }\n"
    ".s0 { stroke: #0072b2 } .s1 { stroke: #d55e00 } .s2 { stroke: #009e73 } .s3 { stroke: #cc79a7 "
    "}\n"
    ".s4 { stroke: #e69f00 } .s5 { stroke: #56b4e9 } .s6 { stroke: #7f7f7f }\n"
    "text { fill: #000; font: 11px \"DejaVu Sans\", Verdana, sans-serif }\n"
    ".title { font-size: 13px }\n"
    "@media (prefers-color-scheme: dark) {\n"
    ".ground { fill: #16181c }\n"
    ".frame, .tick { stroke: #d5d7da }\n"
    ".bars { fill: #58a6e0 }\n"
    ".line { stroke: #ff6b6b }\n"
    ".s0 { stroke: #4aa3df } .s1 { stroke: #ff8a3d } .s2 { stroke: #2cc79a } .s3 { stroke: #e39ac6 "
    "}\n"
    ".s4 { stroke: #f0b93a } .s5 { stroke: #8ecbf0 } .s6 { stroke: #a8a8a8 }\n"
    "text { fill: #e6e7e9 }\n"
    "}\n"
    "</style>\n";

struct chart {
    const struct hist *series;
    size_t count;
    bool fractions; /* counts are drawn as fractions of the samples */
    bool log;
};

/* How many bins are drawn as one bar. */
static uint64_t bins_per_bar(const struct hist *hist)
{
    return (hist->request->bins + MAX_BARS - 1) / MAX_BARS;
}

static uint64_t highest_count(const struct hist *hist, uint64_t begin, uint64_t end)
{
    uint64_t highest = 0;
    for (uint64_t k = begin; k < end; k++)
        highest = hist->result->counts[k] > highest ? hist->result->counts[k] : highest;
    return highest;
}

/* What one sample counts on the axis. */
static double unit_of(const struct chart *chart, const struct hist *hist)
{
    uint64_t total = hist_total(hist);
    return chart->fractions && total > 0 ? 1 / (double)total : 1;
}

static bool print_bars(struct output *to, const struct hist *hist, const struct panel *panel,
                       struct fail *fail)
{
    uint64_t bins = hist->request->bins, each = bins_per_bar(hist);
    bool ok = output_print(to, fail, "<path class=\"bars\" d=\"");
    for (uint64_t begin = 0; ok && begin < bins; begin += each) {
        uint64_t end = begin + each < bins ? begin + each : bins;
        uint64_t highest = highest_count(hist, begin, end);
        double left = panel_x(panel, (double)hist->result->edges[begin]);
        double right = panel_x(panel, (double)hist->result->edges[end]);
        if (highest > 0)
            ok =
                output_print(to, fail, "M%.15g %.15gV%.15gH%.15gV%.15gz\n", left, panel_y(panel, 0),
                             panel_y(panel, (double)highest), right, panel_y(panel, 0));
    }
    return ok && output_print(to, fail, "\"/>\n");
}

/* The outline of the bars. */
static bool print_steps(struct output *to, const struct chart *chart, size_t number,
                        const struct panel *panel, struct fail *fail)
{
    const struct hist *hist = &chart->series[number];
    uint64_t bins = hist->request->bins, each = bins_per_bar(hist);
    double unit = unit_of(chart, hist);
    bool ok = output_print(to, fail, "<path class=\"line s%zu\" d=\"M%.15g %.15g", number,
                           panel_x(panel, (double)hist->result->edges[0]), panel_y(panel, 0));
    for (uint64_t begin = 0; ok && begin < bins; begin += each) {
        uint64_t end = begin + each < bins ? begin + each : bins;
        double y = unit * (double)highest_count(hist, begin, end);
        ok = output_print(to, fail, "V%.15gH%.15g\n", panel_y(panel, y),
                          panel_x(panel, (double)hist->result->edges[end]));
    }
    return ok && output_print(to, fail, "V%.15g\"/>\n", panel_y(panel, 0));
}

/* At the bins' centres, as scikit-image's cumulative_distribution does. */
static bool print_distribution(struct output *to, const struct hist *hist, const char *class,
                               size_t number, const struct panel *panel, struct fail *fail)
{
    uint64_t bins = hist->request->bins, each = bins_per_bar(hist);
    uint64_t total = hist_total(hist), sum = 0;
    bool ok = output_print(to, fail, "<path class=\"line%s", class) &&
              (class[0] == '\0' || output_print(to, fail, "%zu", number)) &&
              output_print(to, fail, "\" d=\"M");
    for (uint64_t k = 0; ok && k < bins; k++) {
        sum += hist->result->counts[k];
        double centre = ((double)hist->result->edges[k] + (double)hist->result->edges[k + 1]) / 2;
        if (k == 0 || k % each == each - 1 || k == bins - 1)
            ok = output_print(to, fail, "%.15g %.15g\n", panel_x(panel, centre),
                              panel_y(panel, hist_fraction(sum, total)));
    }
    return ok && output_print(to, fail, "\"/>\n");
}

/* In the lower right corner of the lower panel, where few distributions pass. */
static bool print_legend(struct output *to, const struct chart *chart, const struct panel *panel,
                         struct fail *fail)
{
    double right = CHART_WIDTH - CHART_RIGHT - 8, bottom = panel->top + CHART_PANEL - 9;
    bool ok = true;
    for (size_t i = 0; ok && i < chart->count; i++) {
        double y = bottom - (double)(LEGEND_LINE * (chart->count - 1 - i));
        ok = output_print(to, fail,
                          "<path class=\"line s%zu\" d=\"M%g %gh%d\"/>\n<text x=\"%g\" y=\"%g\" "
                          "text-anchor=\"end\">",
                          i, right - SWATCH, y - 4, SWATCH, right - SWATCH - 5, y) &&
             text_write_escaped(to, chart->series[i].name, TEXT_XML, fail) &&
             output_print(to, fail, "</text>\n");
    }
    return ok;
}

static bool print_series(struct output *to, const struct chart *chart, const struct panel *upper,
                         const struct panel *lower, struct fail *fail)
{
    bool ok = true;
    for (size_t i = 0; ok && i < chart->count; i++)
        ok = print_steps(to, chart, i, upper, fail) &&
             print_distribution(to, &chart->series[i], " s", i, lower, fail);
    return ok && print_legend(to, chart, lower, fail);
}

/* From the lowest edge to the highest one, and some more. */
static void set_x(const struct hist *hist, struct panel *panel)
{
    double first = (double)hist->result->edges[0];
    double last = (double)hist->result->edges[hist->request->bins];
    if (!(first < last)) {
        /* So far from 0 that all edges are the same float. */
        first -= fabs(first) * 1e-6;
        last += fabs(last) * 1e-6;
    }
    double side = (last - first) * MARGIN;
    panel->x[0] = first - side;
    panel->x[1] = last + side;
}

static void set_y(const struct chart *chart, struct panel *panel)
{
    double top = 0, unit = 1;
    for (size_t i = 0; i < chart->count; i++) {
        const struct hist *hist = &chart->series[i];
        double own = unit_of(chart, hist);
        top = fmax(top, own * (double)highest_count(hist, 0, hist->request->bins));
        unit = fmin(unit, own);
    }
    top = top > 0 ? top : unit;
    panel->y[0] = chart->log ? unit / 2 : 0;
    panel->y[1] = chart->log ? top * pow(2 * top / unit, MARGIN) : top * (1 + MARGIN);
    panel->log = chart->log;
}

static bool same_totals(const struct hist *series, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (hist_total(&series[i]) != hist_total(&series[0]))
            return false;
    return true;
}

bool hist_svg(struct output *to, const struct hist *series, size_t count, bool log,
              struct fail *fail)
{
    struct chart chart = {
        .series = series, .count = count, .fractions = !same_totals(series, count), .log = log};
    const char *title = series->title ? series->title : "Histogram";
    struct panel upper = {.top = TOP_PANEL,
                          .scientific = true,
                          .title = title,
                          .more = "",
                          .x_label = "sample",
                          .y_label = chart.fractions ? "fraction of samples in a bin"
                                                     : "samples in a bin"};
    struct panel lower = {.top = LOW_PANEL,
                          .y = {-MARGIN, 1 + MARGIN},
                          .title = title,
                          .more = " CDF",
                          .x_label = "sample",
                          .y_label = "fraction up to here"};
    set_x(series, &upper);
    set_x(series, &lower);
    set_y(&chart, &upper);
    return output_print(to, fail, head, CHART_WIDTH, CHART_HEIGHT, CHART_WIDTH, CHART_HEIGHT) &&
           output_print(to, fail, "<rect class=\"ground\" width=\"%d\" height=\"%d\"/>\n",
                        CHART_WIDTH, CHART_HEIGHT) &&
           (count > 1 ? print_series(to, &chart, &upper, &lower, fail)
                      : print_bars(to, series, &upper, fail) &&
                            print_distribution(to, series, "", 0, &lower, fail)) &&
           panel_print(to, &upper, fail) && panel_print(to, &lower, fail) &&
           output_print(to, fail, "</svg>\n");
}
