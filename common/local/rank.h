/* The sample of given rank in a window around each sample: median, minimum, maximum, percentiles.
 * NaN are larger than all else. */
#ifndef COMMON_LOCAL_RANK_H
#define COMMON_LOCAL_RANK_H

#include "common/local/footprint.h"
#include "common/local/sorting_network.h"
#include "common/stream/neighbours.h"

struct rank {
    const struct footprint *footprint;
    size_t number; /* of the sample in the sorted window, from 0 */
    size_t channels;
    struct sorting_network network;
};

/* percentile in [0, 100], as scipy.ndimage.percentile_filter takes it: 100 is the largest sample,
 * below that the rank is n * percentile / 100 rounded down. The footprint must live on. */
MUST_CHECK bool rank_init(struct rank *rank, const struct footprint *footprint, size_t channels,
                          double percentile, struct fail *fail);
void rank_free(struct rank *rank);

/* The filter for neighbours_reader(); its edge may be changed. */
struct neighbour_filter rank_filter(const struct rank *rank);

#endif
