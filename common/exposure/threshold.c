#include "common/exposure/threshold.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#define MAX_ROUNDS 10000 /* of smoothing, as there */

/* numpy.argmax: the first of the largest, or the first NaN. */
struct best {
    double value;
    size_t at;
    bool any;
};

static void compare(struct best *best, double value, size_t at)
{
    if (!best->any || (!isnan(best->value) && (value > best->value || isnan(value))))
        *best = (struct best){value, at, true};
}

/* ---- Otsu ----------------------------------------------------------------------------------- */

/* The weight and the sum of the samples above each bin, added from the last bin down. */
struct tail {
    double weight, sum;
};

static struct tail *make_tails(const struct bin_counts *of, struct fail *fail)
{
    struct tail *tails = calloc(of->bins + 1, sizeof *tails);
    if (!tails)
        fail_errno(fail, "threshold");
    for (size_t i = of->bins; tails && i-- > 0;) {
        double count = (double)of->counts[i];
        tails[i].weight = tails[i + 1].weight + count;
        tails[i].sum = tails[i + 1].sum + count * (double)of->centres[i];
    }
    return tails;
}

bool threshold_otsu(const struct bin_counts *of, size_t *bin, struct fail *fail)
{
    struct tail *tails = make_tails(of, fail);
    if (!tails)
        return false;
    struct best best = {.any = false};
    double weight = 0, sum = 0;
    for (size_t i = 0; i + 1 < of->bins; i++) {
        double count = (double)of->counts[i];
        weight += count;
        sum += count * (double)of->centres[i];
        double apart = sum / weight - tails[i + 1].sum / tails[i + 1].weight;
        compare(&best, weight * tails[i + 1].weight * (apart * apart), i);
    }
    free(tails);
    *bin = best.at;
    return true;
}

/* ---- Yen ------------------------------------------------------------------------------------ */

bool threshold_yen(const struct bin_counts *of, size_t *bin, struct fail *fail)
{
    float *above = malloc(of->bins * sizeof *above); /* sums of squares from the last bin down */
    if (!above)
        return fail_errno(fail, "threshold");
    double total = 0;
    for (size_t i = 0; i < of->bins; i++)
        total += (double)of->counts[i];
    float sum = 0, squares = 0, scale = (float)total;
    for (size_t i = of->bins; i-- > 0;) {
        float share = (float)of->counts[i] / scale;
        squares += share * share;
        above[i] = squares;
    }
    struct best best = {.any = false};
    squares = 0;
    for (size_t i = 0; i + 1 < of->bins; i++) {
        float share = (float)of->counts[i] / scale;
        sum += share;
        squares += share * share;
        float both = sum * (1.0f - sum);
        float criterion = 1.0f / (squares * above[i + 1]) * (both * both);
        /* In single precision the logarithm makes equals of neighbours, of which the first wins. */
        compare(&best, (double)(float)log((double)criterion), i);
    }
    free(above);
    *bin = best.at;
    return true;
}

/* ---- isodata -------------------------------------------------------------------------------- */

/* A power of 2, by which sums of the centres stay finite and keep their bits; 1 where they do
 * without. */
static float unit_of_sums(const struct bin_counts *of, float total)
{
    float largest = fmaxf(fabsf(of->centres[0]), fabsf(of->centres[of->bins - 1]));
    return (double)total * (double)largest < (double)FLT_MAX / 4 ? 1 : 0x1p-66f;
}

bool threshold_isodata(const struct bin_counts *of, size_t *bin, struct fail *fail)
{
    float total = 0, total_sum = 0, count = 0, sum = 0;
    for (size_t i = 0; i < of->bins; i++)
        total += (float)of->counts[i];
    float unit = unit_of_sums(of, total);
    for (size_t i = 0; i < of->bins; i++)
        total_sum += (float)of->counts[i] * (of->centres[i] * unit);
    float width = of->centres[1] * unit - of->centres[0] * unit;
    for (size_t i = 0; i + 1 < of->bins; i++) {
        count += (float)of->counts[i];
        sum += (float)of->counts[i] * (of->centres[i] * unit);
        float lower = sum / count, higher = (total_sum - sum) / (total - count);
        float distance = (lower + higher) / 2.0f - of->centres[i] * unit;
        if (distance >= 0 && distance < width) {
            *bin = i;
            return true;
        }
    }
    return fail_set(fail, "isodata: no bin lies halfway between the means below and above it");
}

/* ---- triangle ------------------------------------------------------------------------------- */

/* The bin with that distance from the end of the shorter tail. */
static size_t mirrored(const struct bin_counts *of, size_t i, bool flip)
{
    return flip ? of->bins - 1 - i : i;
}

bool threshold_triangle(const struct bin_counts *of, size_t *bin, struct fail *fail)
{
    (void)fail;
    size_t peak = 0;
    for (size_t i = 1; i < of->bins; i++)
        if (of->counts[i] > of->counts[peak])
            peak = i;
    bool flip = peak < of->bins - 1 - peak;
    double height = (double)of->counts[peak], width = (double)mirrored(of, peak, flip);
    double norm = sqrt(height * height + width * width);
    height /= norm;
    width /= norm;
    struct best best = {.any = false};
    for (size_t i = 0; i < mirrored(of, peak, flip); i++) {
        double count = (double)of->counts[mirrored(of, i, flip)];
        compare(&best, height * (double)i - width * count, i);
    }
    *bin = mirrored(of, best.at, flip);
    return true;
}

/* ---- minimum -------------------------------------------------------------------------------- */

/* scipy.ndimage.uniform_filter1d of three bins, the ends repeated. */
static void smooth(double *v, size_t n)
{
    double before = v[0], sum = v[0] + v[0] + (n > 1 ? v[1] : v[0]);
    for (size_t i = 0; i < n; i++) {
        double dropped = before, next = i + 2 < n ? v[i + 2] : v[n - 1];
        before = v[i];
        v[i] = sum / 3;
        sum += next - dropped;
    }
}

/* How many maxima there are; the first two are at[0] and at[1]. */
static size_t find_maxima(const double *v, size_t n, size_t at[2])
{
    size_t found = 0;
    bool rising = true;
    for (size_t i = 0; i + 1 < n; i++)
        if (rising && v[i + 1] < v[i]) {
            rising = false;
            if (found < 2)
                at[found] = i;
            found++;
        } else if (!rising && v[i + 1] > v[i]) {
            rising = true;
        }
    return found;
}

bool threshold_minimum(const struct bin_counts *of, size_t *bin, struct fail *fail)
{
    double *v = malloc(of->bins * sizeof *v);
    if (!v)
        return fail_errno(fail, "threshold");
    for (size_t i = 0; i < of->bins; i++)
        v[i] = (double)of->counts[i];
    size_t maxima = 3, at[2] = {0, 0}, rounds;
    for (rounds = 0; rounds < MAX_ROUNDS && maxima > 2; rounds++) {
        smooth(v, of->bins);
        maxima = find_maxima(v, of->bins, at);
    }
    *bin = at[0];
    for (size_t i = at[0]; maxima == 2 && i <= at[1]; i++)
        *bin = v[i] < v[*bin] ? i : *bin;
    free(v);
    return (maxima == 2 && rounds < MAX_ROUNDS) ||
           fail_set(fail, "minimum: the smoothed histogram has not two maxima");
}
