/* A panel of an SVG chart: its frame, title, ticks and labels. */
#ifndef FORMAT_CHART_AXES_H
#define FORMAT_CHART_AXES_H

#include "common/io/output.h"

/* In pixels. */
#define CHART_WIDTH 480
#define CHART_HEIGHT 496
#define CHART_LEFT 60
#define CHART_RIGHT 18
#define CHART_PANEL 184 /* height of a panel */

struct panel {
    double top;
    double x[2], y[2]; /* values at the sides of the frame */
    bool log;          /* y is logarithmic: both limits are above 0, and smaller values lie on the
                          lower one */
    bool scientific;   /* labels of y have the exponent of the largest */
    const char *title, *more; /* more follows the title */
    const char *x_label, *y_label;
};

/* Where values lie, in pixels, to a hundredth. */
double panel_x(const struct panel *panel, double x);
double panel_y(const struct panel *panel, double y);

/* Everything but the data, which are drawn before. */
MUST_CHECK bool panel_print(struct output *to, const struct panel *panel, struct fail *fail);

#endif
