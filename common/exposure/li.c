#include "common/exposure/li.h"

#include <math.h>

#include "common/kernel/sortable.h"
#include "common/stats/scan.h"
#include "common/stream/loop.h"

#define MAX_STEPS 1000

/* Sums of samples up to a threshold ([0]) and above it ([1]), less the minimum. */
struct classes {
    float minimum;
    double threshold;
    double count[2], sum[2];
};

static void add(struct classes *classes, float v, double count)
{
    double distance = (double)v - (double)classes->minimum;
    bool foreground = distance > classes->threshold;
    classes->count[foreground] += count;
    classes->sum[foreground] += count * distance;
}

static bool add_block(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    (void)at;
    (void)fail;
    for (size_t i = 0; i < n; i++)
        if (isfinite(v[i]))
            add(state, v[i], 1);
    return true;
}

static bool divide(struct classes *classes, const struct summary *summary, struct reader *reader,
                   struct fail *fail)
{
    classes->count[0] = classes->count[1] = classes->sum[0] = classes->sum[1] = 0;
    if (summary->overflowed)
        return scan_rewind(reader, fail) && loop_each_block(add_block, classes, reader, fail);
    for (size_t i = 0; i < summary->value_count; i++)
        add(classes, sortable_to_float(summary->values[i].sortable),
            (double)summary->values[i].count);
    return true;
}

/* Half the smallest distance of two values; 0: not known. */
static double half_gap(const struct summary *summary)
{
    double gap = INFINITY;
    for (size_t i = 1; !summary->overflowed && i < summary->value_count; i++) {
        double low = (double)sortable_to_float(summary->values[i - 1].sortable),
               high = (double)sortable_to_float(summary->values[i].sortable);
        gap = high > low ? fmin(gap, high - low) : gap; /* -0 and 0 are the same */
    }
    return isfinite(gap) ? gap / 2 : 0;
}

static double next_threshold(const struct classes *classes)
{
    double back = classes->sum[0] / classes->count[0], fore = classes->sum[1] / classes->count[1];
    return back > 0 ? (back - fore) / (log(back) - log(fore)) : 0;
}

bool li_threshold(const struct summary *summary, struct reader *reader, float *threshold,
                  struct fail *fail)
{
    float minimum = summary_minimum(summary), maximum = summary_maximum(summary);
    *threshold = minimum;
    if (!(minimum < maximum))
        return true;
    if (summary->overflowed && !reader)
        return fail_set(fail, "li needs the samples: there are too many values for statistics");
    /* All samples lie above it: the first step gives their mean. */
    struct classes classes = {.minimum = minimum, .threshold = -1};
    if (!divide(&classes, summary, reader, fail))
        return false;
    double gap = half_gap(summary), next = classes.sum[1] / classes.count[1];
    for (int step = 0; step < MAX_STEPS; step++) {
        classes.threshold = next;
        if (!divide(&classes, summary, reader, fail))
            return false;
        next = next_threshold(&classes);
        if (fabs(next - classes.threshold) <= fmax(gap, next * 1e-9))
            break;
    }
    *threshold = (float)(next + (double)minimum);
    return true;
}
