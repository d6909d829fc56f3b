#include "common/local/morphology.h"

#include <math.h>

#include "common/stream/combine.h"
#include "common/stream/delay.h"
#include "common/stream/second_pass.h"

#define MEMORY_DELAY (16u << 20) /* for samples that wait for those made of them */

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

/* The source once more, for what is behind: another reader of it, or what it delays. */
static struct reader *second_reader(const struct extremes *extremes, struct reader **source,
                                    struct fail *fail)
{
    uint64_t planes = 2 * extremes->extent.after[AXIS_PLANE] + 1;
    struct reader *behind = NULL;
    double bytes =
        (double)planes * (double)volume_plane_samples(&(*source)->volume) * sizeof(float);
    if (reader_has_clones(*source) || bytes > MEMORY_DELAY)
        return second_pass_clone(source, fail);
    *source = delay_reader(*source, &behind, fail);
    return *source ? behind : NULL;
}

static struct reader *hat(const struct extremes *extremes, enum morphology what,
                          struct reader *source, struct fail *fail)
{
    struct reader *behind = second_reader(extremes, &source, fail);
    if (!behind) {
        reader_close(source);
        return NULL;
    }
    bool top = what == MORPHOLOGY_TOPHAT;
    struct reader *made = (top ? opened : closed)(extremes, source, fail);
    if (made)
        return combine_reader(top ? subtract_opened : subtract_from_closed, NULL,
                              (struct reader *[]){made, behind}, 2, fail);
    reader_close(behind);
    return NULL;
}

struct reader *morphology_reader(const struct extremes *extremes, enum morphology what,
                                 struct reader *source, struct fail *fail)
{
    switch (what) {
    case MORPHOLOGY_ERODE:
        return extreme_reader(extremes, EXTREME_MINIMUM, source, fail);
    case MORPHOLOGY_DILATE:
        return extreme_reader(extremes, EXTREME_MAXIMUM, source, fail);
    case MORPHOLOGY_OPEN:
        return opened(extremes, source, fail);
    case MORPHOLOGY_CLOSE:
        return closed(extremes, source, fail);
    default:
        return hat(extremes, what, source, fail);
    }
}
