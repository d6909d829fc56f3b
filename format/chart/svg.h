/* A histogram and its cumulative distribution as an SVG picture: no script, nothing loaded,
 * readable on light and dark ground. */
#ifndef FORMAT_CHART_SVG_H
#define FORMAT_CHART_SVG_H

#include "format/chart/text.h"

bool hist_svg(struct output *to, const struct hist *hist, struct fail *fail);

#endif
