/* volgamma - raise each sample to a power: gain * sample^gamma, scikit-image's adjust_gamma. The
 * manual is volgamma.1. */
#include <float.h>

#include "common/cli/option.h"
#include "common/kernel/power.h"
#include "format/nrrd/filter.h"

enum negative { NEGATIVE_ERROR, NEGATIVE_CLAMP, NEGATIVE_KEEP };
static const char *const negative_words[] = {"error", "clamp", "keep", NULL};

static double gamma_value = 1, gain = 1;
static int negative = NEGATIVE_ERROR;

static const struct option_row options[] = {
    OPT_REAL('g', "gamma", "GAMMA", 0, DBL_MAX, &gamma_value,
             "exponent, 0 or more; below 1 brightens, above 1 darkens\n(default 1)"),
    OPT_REAL('k', "gain", "GAIN", -DBL_MAX, DBL_MAX, &gain, "factor after the power (default 1)"),
    OPT_CHOICE(0, "negative", "error|clamp|keep", negative_words, &negative,
               "negative samples: refuse the volume, treat them as 0, or do\n"
               "not change them (default error)"),
    {0},
};

static const struct program program = {
    .name = "volgamma",
    .summary = "Raise each sample to a power: gain * sample^gamma.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .effect = EFFECT_MAPS,
    .more = "Example: tiff2vol cells.tif | volgamma -g 0.5 | vol2png -o plane-%04d.png",
};

static size_t refuse_negative(const void *power, float *v, size_t n)
{
    size_t good = span_first_negative(v, n);
    power_span(power, v, good);
    return good;
}

static size_t clamp_negative(const void *power, float *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        v[i] = v[i] < 0 ? 0 : v[i];
    power_span(power, v, n);
    return n;
}

static size_t keep_negative(const void *power, float *v, size_t n)
{
    for (size_t done = 0; done < n; done++) {
        size_t good = span_first_negative(v + done, n - done);
        power_span(power, v + done, good);
        done += good;
    }
    return n;
}

/* Powers that are rounded correctly never turn the order of two samples round; of others nearly
 * equal results may. */
static bool prepare(struct filter_job *job, struct fail *fail)
{
    static kernel *const kernels[] = {refuse_negative, clamp_negative, keep_negative};
    static struct power power;
    (void)fail;
    if (gamma_value == 0)
        command_notice(job->command, "a gamma of 0 makes every sample the same, the gain");
    if (gain != 0 && (float)gain == 0)
        command_notice(job->command,
                       "a gain of %g is 0 in single precision, as scikit-image computes", gain);
    power_choose(&power, gamma_value, gain);
    job->filter =
        (struct filter){.change = kernels[negative], .state = &power, .refused = "negative sample"};
    job->effect.keeps_order = power.kind != POWER_GENERAL && gain >= 0;
    return true;
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, NULL, prepare);
}
