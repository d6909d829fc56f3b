/* Raises spans of samples to a power: x^gamma * gain, as scikit-image's adjust_gamma does on
 * float32 data, with the same bits on every machine, compiler and vector unit. */
#ifndef COMMON_KERNEL_POWER_H
#define COMMON_KERNEL_POWER_H

#include <stddef.h>
#include <stdint.h>

/* numpy rounds a Python number to float32 when it is combined with a float32 array, so gamma and
 * gain are rounded here: gamma 0.1 is 0.1f, and 2^-150 or less is 0. With a gain of 3.4e38 or more
 * numpy 1.24 multiplies in double, and so do we; a gamma that large gives only 0, 1 and infinity,
 * in float as in double. */
enum power_kind { POWER_ONES, POWER_ROOT, POWER_COPY, POWER_SQUARE, POWER_GENERAL };

struct power {
    float gamma;
    double gain;
    enum power_kind kind;
    uint32_t sign; /* the sign bit when gamma is odd: the result keeps the sample's sign */
    float min;     /* finite samples below it have no power: 0, or -infinity for integers */
};

/* gamma >= 0, both finite. */
void power_choose(struct power *power, double gamma, double gain);

/* Changes v[0..n) in place: the power, rounded to float, times gain, rounded to float.
 *
 * gamma 0, 0.5, 1 and 2 give ones, the square root, a copy and the square, correctly rounded. Any
 * other power is at most 0.5001 units in the last place from the true one, for all floats, also for
 * subnormal samples and results and for results that round to 0 or to infinity.
 *
 * As in numpy: gamma 0 makes every sample 1, NaN too. Else NaN stays, bit for bit; -0 gives 0,
 * except that it stays -0 with gamma 0.5 and odd integers (1 is one); infinity stays. Negative
 * samples follow C's pow(): x^gamma for integers, NaN for others (but -infinity gives infinity,
 * with 0.5 NaN). A NaN that arises here, also as infinity times gain 0, is always 0x7fc00000. */
void power_span(const struct power *power, float *v, size_t n);

/* power_span() of one sample. */
float power_sample(const struct power *power, float x);

/* Index of the first sample below 0, n if there is none. -0 and NaN are not below 0. */
size_t span_first_negative(const float *v, size_t n);

#endif
