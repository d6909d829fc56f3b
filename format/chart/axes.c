#include "format/chart/axes.h"

#include <math.h>

#include "common/text/escape.h"
#include "format/chart/ticks.h"

#define TICK 4
#define PAD 3 /* between a tick and its label */

/* To a hundredth, which is more than is seen: %.15g prints it without further digits. */
static double rounded(double pixels)
{
    return round(pixels * 100) / 100;
}

double panel_x(const struct panel *panel, double x)
{
    return rounded(CHART_LEFT + (x - panel->x[0]) / (panel->x[1] - panel->x[0]) *
                                    (CHART_WIDTH - CHART_LEFT - CHART_RIGHT));
}

double panel_y(const struct panel *panel, double y)
{
    double low = panel->y[0], high = panel->y[1];
    if (panel->log) {
        y = log10(y > low ? y : low);
        low = log10(low);
        high = log10(high);
    }
    return rounded(panel->top + CHART_PANEL - (y - low) / (high - low) * CHART_PANEL);
}

static bool print_title(struct output *to, const struct panel *panel, struct fail *fail)
{
    return output_print(to, fail, "<text class=\"title\" x=\"%d\" y=\"%g\" text-anchor=\"middle\">",
                        (CHART_LEFT + CHART_WIDTH - CHART_RIGHT) / 2, panel->top - 9) &&
           text_write_escaped(to, panel->title, TEXT_XML, fail) &&
           output_print(to, fail, "%s</text>\n", panel->more);
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
    double bottom = panel->top + CHART_PANEL;
    bool ok = true;
    for (size_t i = 0; ok && i < ticks.count; i++) {
        char label[NUMBER_SIZE];
        double x = panel_x(panel, ticks.at[i]);
        ok = output_print(to, fail, "<path class=\"tick\" d=\"M%.15g %.15gv%d\"/>\n", x, bottom,
                          TICK) &&
             output_print(to, fail,
                          "<text x=\"%.15g\" y=\"%.15g\" text-anchor=\"middle\">%s</text>\n", x,
                          bottom + TICK + PAD + 9, ticks_label(&ticks, i, label));
    }
    return ok && print_exponent(to, ticks.exponent, CHART_WIDTH - CHART_RIGHT,
                                bottom + TICK + PAD + 22, "end", fail);
}

/* A tick at each power of ten, or at every second, third, ... of them. */
static bool print_log_axis(struct output *to, const struct panel *panel, struct fail *fail)
{
    int first = (int)ceil(log10(panel->y[0])), last = (int)floor(log10(panel->y[1]));
    int step = (last - first) / 7 + 1;
    bool ok = true;
    for (int power = first; ok && power <= last; power += step) {
        double y = panel_y(panel, pow(10, power));
        ok = output_print(to, fail, "<path class=\"tick\" d=\"M%d %.15gh-%d\"/>\n", CHART_LEFT, y,
                          TICK) &&
             output_print(to, fail,
                          "<text x=\"%d\" y=\"%.15g\" text-anchor=\"end\">10<tspan dy=\"-4\" "
                          "font-size=\"8\">%d</tspan></text>\n",
                          CHART_LEFT - TICK - PAD, y + 4, power);
    }
    return ok;
}

static bool print_y_axis(struct output *to, const struct panel *panel, struct fail *fail)
{
    if (panel->log)
        return print_log_axis(to, panel, fail);
    struct ticks ticks = ticks_choose(panel->y[0], panel->y[1], 7, panel->scientific);
    bool ok = true;
    for (size_t i = 0; ok && i < ticks.count; i++) {
        char label[NUMBER_SIZE];
        double y = panel_y(panel, ticks.at[i]);
        ok = output_print(to, fail, "<path class=\"tick\" d=\"M%d %.15gh-%d\"/>\n", CHART_LEFT, y,
                          TICK) &&
             output_print(to, fail, "<text x=\"%d\" y=\"%.15g\" text-anchor=\"end\">%s</text>\n",
                          CHART_LEFT - TICK - PAD, y + 4, ticks_label(&ticks, i, label));
    }
    return ok && print_exponent(to, ticks.exponent, CHART_LEFT, panel->top - 4, "start", fail);
}

static bool print_frame(struct output *to, const struct panel *panel, struct fail *fail)
{
    return output_print(
        to, fail, "<rect class=\"frame\" x=\"%d\" y=\"%g\" width=\"%d\" height=\"%d\"/>\n",
        CHART_LEFT, panel->top, CHART_WIDTH - CHART_LEFT - CHART_RIGHT, CHART_PANEL);
}

static bool print_labels(struct output *to, const struct panel *panel, struct fail *fail)
{
    double middle = panel->top + CHART_PANEL / 2.;
    return output_print(to, fail, "<text x=\"%d\" y=\"%g\" text-anchor=\"middle\">%s</text>\n",
                        (CHART_LEFT + CHART_WIDTH - CHART_RIGHT) / 2,
                        panel->top + CHART_PANEL + TICK + PAD + 22, panel->x_label) &&
           output_print(to, fail,
                        "<text transform=\"translate(13 %g) rotate(-90)\" "
                        "text-anchor=\"middle\">%s</text>\n",
                        middle, panel->y_label);
}

bool panel_print(struct output *to, const struct panel *panel, struct fail *fail)
{
    return print_title(to, panel, fail) && print_x_axis(to, panel, fail) &&
           print_y_axis(to, panel, fail) && print_labels(to, panel, fail) &&
           print_frame(to, panel, fail);
}
