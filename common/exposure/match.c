#include "common/exposure/match.h"

#include "common/kernel/sortable.h"

/* A walk up a list of values, on which 0 and -0 are one, as for numpy. */
struct walk {
    const struct summary *of;
    size_t next;      /* value */
    uint64_t counted; /* samples up to here */
    float value;      /* where it stands */
};

static float value_at(const struct summary *of, size_t i)
{
    return sortable_to_float(of->values[i].sortable);
}

static bool step(struct walk *walk)
{
    if (walk->next == walk->of->value_count)
        return false;
    walk->value = value_at(walk->of, walk->next);
    do
        walk->counted += walk->of->values[walk->next++].count;
    while (walk->next < walk->of->value_count && value_at(walk->of, walk->next) <= walk->value);
    return true;
}

static double quantile(const struct walk *walk)
{
    return (double)walk->counted / (double)summary_finite(walk->of);
}

/* numpy.interp between two steps of the reference: below the first is its value, and beyond the
 * last. */
static float interpolate(const struct walk *below, const struct walk *above, double q)
{
    double low = quantile(below), high = quantile(above);
    if (q >= high)
        return above->value;
    if (q <= low || below->counted == 0)
        return below->counted == 0 ? above->value : below->value;
    double slope = ((double)above->value - (double)below->value) / (high - low);
    return (float)(slope * (q - low) + (double)below->value);
}

bool match_make(const struct summary *source, const struct summary *reference,
                struct value_table *table, struct fail *fail)
{
    if (!value_table_init(table, source->value_count, fail))
        return false;
    struct walk from = {.of = source}, below = {.of = reference}, above = below;
    if (!step(&above))
        return fail_set(fail, "the reference has no samples");
    for (size_t first = 0; step(&from); first = from.next) {
        double q = quantile(&from);
        while (quantile(&above) < q && above.next < reference->value_count) {
            below = above;
            (void)step(&above);
        }
        float to = interpolate(&below, &above, q);
        for (size_t i = first; i < from.next; i++)
            value_table_add(table, value_at(source, i), to);
    }
    return true;
}
