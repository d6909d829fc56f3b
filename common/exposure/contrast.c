#include "common/exposure/contrast.h"

#include <math.h>

#include "common/volume/source.h"

const double contrast_percentiles[2] = {1, 99};

static bool all_whole(const struct stats_result *result)
{
    bool whole =
        result->minimum == rintf(result->minimum) && result->maximum == rintf(result->maximum);
    for (size_t i = 0; whole && i < 2 * result->quantile_count; i++)
        whole = result->order_statistics[i].value == rintf(result->order_statistics[i].value);
    return whole;
}

/* Whether samples are the source's numbers, which is known as long as no program changes samples. A
 * note that another program has kept does not tell that it scaled them: fractions do. */
static bool are_stored(const struct volume *volume, bool has_sign,
                       const struct stats_result *result)
{
    enum source_state state;
    double scale = volume_source_scale(volume, &state);
    bool in_unit = result->maximum <= 1 && result->minimum >= (has_sign ? -1 : 0);
    return isnan(scale) || state != SOURCE_KEPT ? !in_unit
                                                : scale == 1 && (!in_unit || all_whole(result));
}

static double find_range(const struct volume *volume, const struct stats_result *result)
{
    double largest;
    bool has_sign;
    if (!volume_source_integers(volume, &largest, &has_sign))
        return 2;
    if (!are_stored(volume, has_sign, result))
        return has_sign ? 2 : 1;
    return has_sign ? 2 * largest + 1 : largest;
}

struct contrast contrast_of(const struct volume *volume, const struct stats_result *result)
{
    struct contrast contrast = {.share = NAN, .range = find_range(volume, result)};
    if (result->nans < result->samples)
        contrast.share = (result->percentiles[1] - result->percentiles[0]) / contrast.range;
    contrast.low = contrast.share < CONTRAST_LOW;
    return contrast;
}
