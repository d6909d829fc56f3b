#include "common/exposure/contrast.h"

#include <math.h>

#include "common/kernel/sample.h"

const double contrast_percentiles[2] = {1, 99};

static double find_range(enum sample_type type, float minimum, float maximum)
{
    if (type == SAMPLE_TYPES || !sample_is_integer(type))
        return 2;
    bool has_sign =
        type == SAMPLE_INT8 || type == SAMPLE_INT16 || type == SAMPLE_INT32 || type == SAMPLE_INT64;
    double largest = sample_largest(type), all = has_sign ? 2 * largest + 1 : largest;
    bool scaled = maximum <= 1 && minimum >= (has_sign ? -1 : 0);
    return !scaled ? all : has_sign ? 2 : 1;
}

struct contrast contrast_of(const struct volume *volume, const struct stats_result *result)
{
    const char *type = volume_value(volume, "source type");
    struct contrast contrast = {.share = NAN};
    contrast.range =
        find_range(type ? sample_named(type) : SAMPLE_TYPES, result->minimum, result->maximum);
    if (result->nans < result->samples)
        contrast.share = (result->percentiles[1] - result->percentiles[0]) / contrast.range;
    contrast.low = contrast.share < CONTRAST_LOW;
    return contrast;
}
