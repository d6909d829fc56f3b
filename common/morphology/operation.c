#include "common/morphology/operation.h"

#include <math.h>

#include "common/stream/combine.h"
#include "common/stream/delay.h"

static struct reader *one_after_other(const struct extremes *extremes, enum extreme first,
                                      enum extreme second, struct reader *source, struct fail *fail)
{
    source = extreme_reader(extremes, first, source, fail);
    return source ? extreme_reader(extremes, second, source, fail) : NULL;
}

static struct reader *opened(const struct extremes *extremes, struct reader *source,
                             struct fail *fail)
{
    return one_after_other(extremes, EXTREME_MINIMUM, EXTREME_MAXIMUM, source, fail);
}

static struct reader *closed(const struct extremes *extremes, struct reader *source,
                             struct fail *fail)
{
    return one_after_other(extremes, EXTREME_MAXIMUM, EXTREME_MINIMUM, source, fail);
}

/* made = from - less; NaN are the same on every machine. */
static void subtract(const float *from, const float *less, float *made, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float difference = from[i] - less[i];
        made[i] = isnan(difference) ? NAN : difference;
    }
}

static void subtract_opened(const void *state, const float *const *sources, float *made, size_t n)
{
    (void)state;
    subtract(sources[1], sources[0], made, n);
}

static void subtract_from_closed(const void *state, const float *const *sources, float *made,
                                 size_t n)
{
    (void)state;
    subtract(sources[0], sources[1], made, n);
}

/* Joins what is made of the source with the samples that it is made of, which come `planes` planes
 * later; made comes first. */
static struct reader *join_later(struct reader *(*make)(const struct extremes *, struct reader *,
                                                        struct fail *),
                                 combiner *join, const void *state, const struct extremes *extremes,
                                 uint64_t planes, struct reader *source, struct fail *fail)
{
    struct reader *behind = delay_second(&source, planes, fail);
    if (!behind) {
        reader_close(source);
        return NULL;
    }
    struct reader *made = make(extremes, source, fail);
    if (made)
        return combine_reader(join, state, (struct reader *[]){made, behind}, 2, fail);
    reader_close(behind);
    return NULL;
}

static struct reader *hat(const struct extremes *extremes, enum morphology what,
                          struct reader *source, struct fail *fail)
{
    uint64_t planes = 2 * extremes->extent.after[AXIS_PLANE] + 1;
    bool top = what == MORPHOLOGY_TOPHAT;
    return join_later(top ? opened : closed, top ? subtract_opened : subtract_from_closed, NULL,
                      extremes, planes, source, fail);
}

static struct reader *dilated(const struct extremes *extremes, struct reader *source,
                              struct fail *fail)
{
    return extreme_reader(extremes, EXTREME_MAXIMUM, source, fail);
}

static void find_peaks(const void *least, const float *const *sources, float *made, size_t n)
{
    const float *largest = sources[0], *v = sources[1], low = *(const float *)least;
    for (size_t i = 0; i < n; i++)
        made[i] = (v[i] == largest[i]) & (v[i] >= low);
}

struct reader *morphology_peaks(const struct extremes *extremes, const float *least,
                                struct reader *source, struct fail *fail)
{
    uint64_t planes = extremes->extent.after[AXIS_PLANE] + 1;
    return join_later(dilated, find_peaks, least, extremes, planes, source, fail);
}

struct reader *morphology_reader(const struct extremes *extremes, enum morphology what,
                                 struct reader *source, struct fail *fail)
{
    switch (what) {
    case MORPHOLOGY_ERODE:
        return extreme_reader(extremes, EXTREME_MINIMUM, source, fail);
    case MORPHOLOGY_DILATE:
        return dilated(extremes, source, fail);
    case MORPHOLOGY_OPEN:
        return opened(extremes, source, fail);
    case MORPHOLOGY_CLOSE:
        return closed(extremes, source, fail);
    default:
        return hat(extremes, what, source, fail);
    }
}
