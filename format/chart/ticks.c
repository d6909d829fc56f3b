#include "format/chart/ticks.h"

#include <math.h>
#include <stdio.h>

/* Steps are these times a power of ten; decimals: how many a label needs for the factor. */
static const struct {
    double size;
    int decimals;
} steps[] = {{1, 0}, {2, 0}, {2.5, 1}, {5, 0}, {10, 0}};
#define STEPS (sizeof steps / sizeof steps[0])

/* Ticks are whole multiples of the step. The tolerance is for rounding: a tick at a limit counts.
 */
static double first_multiple(double low, double step)
{
    return ceil(low / step - 1e-9);
}

static double last_multiple(double high, double step)
{
    return floor(high / step + 1e-9);
}

static void place(struct ticks *ticks, double low, double high, double step)
{
    double first = first_multiple(low, step), last = last_multiple(high, step);
    for (double k = first; k <= last && ticks->count < TICKS_MAX; k++)
        ticks->at[ticks->count++] = k * step;
}

static void choose_exponent(struct ticks *ticks, bool scientific)
{
    double largest = 0;
    for (size_t i = 0; i < ticks->count; i++)
        largest = fmax(largest, fabs(ticks->at[i]));
    int exponent = largest > 0 ? (int)floor(log10(largest) + 1e-9) : 0;
    if (scientific || exponent >= 5 || exponent <= -4)
        ticks->exponent = exponent;
}

struct ticks ticks_choose(double low, double high, size_t max, bool scientific)
{
    struct ticks ticks = {.count = 0};
    int power = (int)floor(log10((high - low) / (double)max)) - 1;
    for (size_t i = 0;; i++) {
        if (i == STEPS - 1) {
            power++;
            i = 0;
        }
        double step = steps[i].size * pow(10, power);
        if (last_multiple(high, step) - first_multiple(low, step) + 1 > (double)max)
            continue;
        place(&ticks, low, high, step);
        choose_exponent(&ticks, scientific);
        int decimals = ticks.exponent - power + steps[i].decimals;
        ticks.decimals = decimals > 0 ? decimals : 0;
        return ticks;
    }
}

const char *ticks_label(const struct ticks *ticks, size_t i, char text[NUMBER_SIZE])
{
    double value = ticks->at[i] / pow(10, ticks->exponent);
    snprintf(text, NUMBER_SIZE, "%.*f", ticks->decimals < 12 ? ticks->decimals : 12,
             fabs(value) < 1e-9 ? 0 : value);
    return text;
}
