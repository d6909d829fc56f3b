/* Thresholds between background and foreground, from a histogram: scikit-image's threshold_otsu,
 * threshold_yen, threshold_isodata, threshold_triangle and threshold_minimum (0.19) of float32
 * samples, to the bit. */
#ifndef COMMON_EXPOSURE_THRESHOLD_H
#define COMMON_EXPOSURE_THRESHOLD_H

#include <stdint.h>

#include "common/base/fail.h"

/* The centres of bins, and how many samples are in each. */
struct bin_counts {
    const uint64_t *counts;
    const float *centres;
    size_t bins; /* at least 2; neither the first nor the last is empty */
};

/* Each finds the number of the bin whose centre is the threshold: samples above it are foreground.
 * They return false, with a reason, where the method gives no answer; all but threshold_otsu() and
 * threshold_triangle() may, or where there is no memory. */
typedef bool threshold_finder(const struct bin_counts *of, size_t *bin, struct fail *fail);

/* Otsu: the largest variance between the two classes. */
threshold_finder threshold_otsu;
/* Yen, Chang, Chang: the largest correlation criterion. In single precision, as there. */
threshold_finder threshold_yen;
/* Ridler, Calvard: the first threshold halfway between the means of the two classes. In single
 * precision, as there. */
threshold_finder threshold_isodata;
/* Zack: farthest below the line from the peak to the end of the longer tail. */
threshold_finder threshold_triangle;
/* Prewitt, Mendelsohn: the histogram is smoothed until it has two maxima; the lowest bin between.
 */
threshold_finder threshold_minimum;

#endif
