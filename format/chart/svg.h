/* A histogram and its cumulative distribution as an SVG picture, without scripts and external
 * files, for light and dark backgrounds. */
#ifndef FORMAT_CHART_SVG_H
#define FORMAT_CHART_SVG_H

#include "format/chart/text.h"

MUST_CHECK bool hist_svg(struct output *to, const struct hist *hist, struct fail *fail);

#endif
