#include "format/chart/svg.h"

#include <math.h>

#include "common/base/text.h"
#include "format/chart/ticks.h"

/* In pixels. */
#define WIDTH 480
#define HEIGHT 482
#define LEFT 52
#define RIGHT 18
#define PANEL_HEIGHT 184
#define TOP_PANEL 30
#define LOW_PANEL 266
#define TICK 4
#define PAD 3 /* between a tick and its label */

/* More bins than this are drawn in groups, each as high as its highest bin: they are narrower than
 * pixels anyway. */
#define MAX_BARS 1600
#define MARGIN 0.05 /* between data and frame, as a fraction of the data's extent */

struct panel {
    double top;
    double x[2], y[2]; /* values at the sides of the frame */
};

static double across(const struct panel *panel, double x)
{
    return LEFT + (x - panel->x[0]) / (panel->x[1] - panel->x[0]) * (WIDTH - LEFT - RIGHT);
}

static double down(const struct panel *panel, double y)
{
    return panel->top + PANEL_HEIGHT -
           (y - panel->y[0]) / (panel->y[1] - panel->y[0]) * PANEL_HEIGHT;
}

static const char head[] =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
    "role=\"img\">\n"
    "<style>\n"
    ".ground { fill: #fff }\n"
    ".frame, .tick { fill: none; stroke: #000; stroke-width: 1 }\n"
    ".bars { fill: #1f77b4 }\n"
    ".line { fill: none; stroke: #e8000b; stroke-width: 1.5; stroke-linejoin: round }\n"
    "text { fill: #000; font: 11px \"DejaVu Sans\", Verdana, sans-serif }\n"
    ".title { font-size: 13px }\n"
    "@media (prefers-color-scheme: dark) {\n"
    ".ground { fill: #16181c }\n"
    ".frame, .tick { stroke: #d5d7da }\n"
    ".bars { fill: #58a6e0 }\n"
    ".line { stroke: #ff6b6b }\n"
    "text { fill: #e6e7e9 }\n"
    "}\n"
    "</style>\n";

static bool print_title(struct output *to, const struct panel *panel, const char *title,
                        const char *more, struct fail *fail)
{
    return output_print(to, fail, "<text class=\"title\" x=\"%d\" y=\"%g\" text-anchor=\"middle\">",
                        (LEFT + WIDTH - RIGHT) / 2, panel->top - 9) &&
           text_write_escaped(to, title, TEXT_XML, fail) &&
           output_print(to, fail, "%s</text>\n", more);
}

static bool print_exponent(struct output *to, int exponent, double x, double y, const char *anchor,
                           struct fail *fail)
{
    return exponent == 0 ||
           output_print(to, fail, "<text x=\"%g\" y=\"%g\" text-anchor=\"%s\">1e%d</text>\n", x, y,
                        anchor, exponent);
}

static bool print_x_axis(struct output *to, const struct panel *panel, struct fail *fail)
{
    struct ticks ticks = ticks_choose(panel->x[0], panel->x[1], 7, false);
    double bottom = panel->top + PANEL_HEIGHT;
    bool ok = true;
    for (size_t i = 0; ok && i < ticks.count; i++) {
        char label[NUMBER_SIZE];
        double x = across(panel, ticks.at[i]);
        ok =
            output_print(to, fail, "<path class=\"tick\" d=\"M%.2f %.2fv%d\"/>\n", x, bottom,
                         TICK) &&
            output_print(to, fail, "<text x=\"%.2f\" y=\"%.2f\" text-anchor=\"middle\">%s</text>\n",
                         x, bottom + TICK + PAD + 9, ticks_label(&ticks, i, label));
    }
    return ok &&
           print_exponent(to, ticks.exponent, WIDTH - RIGHT, bottom + TICK + PAD + 22, "end", fail);
}

static bool print_y_axis(struct output *to, const struct panel *panel, bool scientific,
                         struct fail *fail)
{
    struct ticks ticks = ticks_choose(panel->y[0], panel->y[1], 7, scientific);
    bool ok = true;
    for (size_t i = 0; ok && i < ticks.count; i++) {
        char label[NUMBER_SIZE];
        double y = down(panel, ticks.at[i]);
        ok = output_print(to, fail, "<path class=\"tick\" d=\"M%d %.2fh-%d\"/>\n", LEFT, y, TICK) &&
             output_print(to, fail, "<text x=\"%d\" y=\"%.2f\" text-anchor=\"end\">%s</text>\n",
                          LEFT - TICK - PAD, y + 4, ticks_label(&ticks, i, label));
    }
    return ok && print_exponent(to, ticks.exponent, LEFT, panel->top - 4, "start", fail);
}

static bool print_frame(struct output *to, const struct panel *panel, struct fail *fail)
{
    return output_print(to, fail,
                        "<rect class=\"frame\" x=\"%d\" y=\"%g\" width=\"%d\" height=\"%d\"/>\n",
                        LEFT, panel->top, WIDTH - LEFT - RIGHT, PANEL_HEIGHT);
}

/* How many bins are drawn as one bar. */
static uint64_t bins_per_bar(const struct hist *hist)
{
    return (hist->request->bins + MAX_BARS - 1) / MAX_BARS;
}

static bool print_bars(struct output *to, const struct hist *hist, const struct panel *panel,
                       struct fail *fail)
{
    uint64_t bins = hist->request->bins, each = bins_per_bar(hist);
    bool ok = output_print(to, fail, "<path class=\"bars\" d=\"");
    for (uint64_t begin = 0; ok && begin < bins; begin += each) {
        uint64_t end = begin + each < bins ? begin + each : bins, highest = 0;
        for (uint64_t k = begin; k < end; k++)
            highest = hist->result->counts[k] > highest ? hist->result->counts[k] : highest;
        double left = across(panel, (double)hist->result->edges[begin]);
        double right = across(panel, (double)hist->result->edges[end]);
        if (highest > 0)
            ok = output_print(to, fail, "M%.2f %.2fV%.2fH%.2fV%.2fz\n", left, down(panel, 0),
                              down(panel, (double)highest), right, down(panel, 0));
    }
    return ok && output_print(to, fail, "\"/>\n");
}

/* At the bins' centres, as scikit-image's cumulative_distribution does. */
static bool print_distribution(struct output *to, const struct hist *hist,
                               const struct panel *panel, struct fail *fail)
{
    uint64_t bins = hist->request->bins, each = bins_per_bar(hist);
    uint64_t total = hist_total(hist), sum = 0;
    bool ok = output_print(to, fail, "<path class=\"line\" d=\"M");
    for (uint64_t k = 0; ok && k < bins; k++) {
        sum += hist->result->counts[k];
        double centre = ((double)hist->result->edges[k] + (double)hist->result->edges[k + 1]) / 2;
        if (k == 0 || k % each == each - 1 || k == bins - 1)
            ok = output_print(to, fail, "%.2f %.2f\n", across(panel, centre),
                              down(panel, hist_fraction(sum, total)));
    }
    return ok && output_print(to, fail, "\"/>\n");
}

static bool print_panel(struct output *to, const struct hist *hist, const struct panel *panel,
                        bool cumulative, struct fail *fail)
{
    const char *title = hist->title ? hist->title : "Histogram";
    return print_title(to, panel, title, cumulative ? " CDF" : "", fail) &&
           (cumulative ? print_distribution(to, hist, panel, fail)
                       : print_bars(to, hist, panel, fail)) &&
           print_x_axis(to, panel, fail) && print_y_axis(to, panel, !cumulative, fail) &&
           print_frame(to, panel, fail);
}

bool hist_svg(struct output *to, const struct hist *hist, struct fail *fail)
{
    uint64_t bins = hist->request->bins, highest = 0;
    for (uint64_t k = 0; k < bins; k++)
        highest = hist->result->counts[k] > highest ? hist->result->counts[k] : highest;
    double first = (double)hist->result->edges[0], last = (double)hist->result->edges[bins];
    if (!(first < last)) {
        /* So far from 0 that all edges are the same float. */
        first -= fabs(first) * 1e-6;
        last += fabs(last) * 1e-6;
    }
    double side = (last - first) * MARGIN, top = highest > 0 ? (double)highest : 1;
    struct panel upper = {TOP_PANEL, {first - side, last + side}, {0, top * (1 + MARGIN)}};
    struct panel lower = {LOW_PANEL, {first - side, last + side}, {-MARGIN, 1 + MARGIN}};
    return output_print(to, fail, head, WIDTH, HEIGHT, WIDTH, HEIGHT) &&
           output_print(to, fail, "<rect class=\"ground\" width=\"%d\" height=\"%d\"/>\n", WIDTH,
                        HEIGHT) &&
           print_panel(to, hist, &upper, false, fail) &&
           print_panel(to, hist, &lower, true, fail) && output_print(to, fail, "</svg>\n");
}
