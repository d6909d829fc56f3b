/* Histograms and their cumulative distributions as an SVG picture, without scripts and external
 * files, for light and dark backgrounds. */
#ifndef FORMAT_CHART_SVG_H
#define FORMAT_CHART_SVG_H

#include "format/chart/text.h"

#define CHART_MAX_SERIES 7 /* colours that can be told apart */

/* One histogram is drawn as bars; several, which have the same number of bins, as lines with a
 * legend of their names, and as fractions of the samples where they have different numbers of
 * them. log: counts are drawn on a logarithmic axis. The title is that of the first. */
MUST_CHECK bool hist_svg(struct output *to, const struct hist *series, size_t count, bool log,
                         struct fail *fail);

#endif
