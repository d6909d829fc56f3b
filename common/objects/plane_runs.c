#include "common/objects/plane_runs.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/array.h"
#include "common/kernel/bits.h"
#include "common/text/number.h"

bool plane_runs_init(struct plane_runs *plane, uint64_t rows)
{
    *plane = (struct plane_runs){.ends = calloc(rows + 1, sizeof *plane->ends), .rows = rows};
    return plane->ends;
}

bool plane_runs_copy(struct plane_runs *to, const struct plane_runs *plane)
{
    size_t count = plane->runs.count;
    if (!plane_runs_init(to, plane->rows) ||
        !array_reserve(to->runs.run, &to->runs.capacity, count + 1))
        return false;
    memcpy(to->ends, plane->ends, (plane->rows + 1) * sizeof *to->ends);
    if (count > 0)
        memcpy(to->runs.run, plane->runs.run, count * sizeof *to->runs.run);
    to->runs.count = count;
    return true;
}

void plane_runs_free(struct plane_runs *plane)
{
    free(plane->runs.run);
    free(plane->ends);
    *plane = (struct plane_runs){.ends = NULL};
}

/* Joins a row of the plane with a row of a plane that is complete there. */
static void touch_row(struct components *components, const struct component_rule *rule,
                      struct plane_runs *plane, uint64_t row, const struct plane_runs *other,
                      uint64_t other_row, uint32_t reach)
{
    components_touch(components, rule, plane->runs.run + plane->ends[row],
                     plane->ends[row + 1] - plane->ends[row],
                     other->runs.run + other->ends[other_row],
                     other->ends[other_row + 1] - other->ends[other_row], reach);
}

void plane_runs_touch(struct components *components, const struct component_rule *rule,
                      struct plane_runs *plane, uint64_t row, const struct plane_runs *before)
{
    bool by_edge = rule->connectivity >= CONNECTED_18;
    bool by_corner = rule->connectivity >= CONNECTED_26;
    if (row > 0)
        touch_row(components, rule, plane, row, plane, row - 1, by_edge);
    if (!before)
        return;
    touch_row(components, rule, plane, row, before, row, by_edge);
    if (by_edge && row > 0)
        touch_row(components, rule, plane, row, before, row - 1, by_corner);
    if (by_edge && row + 1 < plane->rows)
        touch_row(components, rule, plane, row, before, row + 1, by_corner);
}

bool plane_runs_write(struct text_out *out, const char *key, const struct plane_runs *plane)
{
    if (!text_put(out, "%s: %zu\n", key, plane->runs.count))
        return false;
    for (uint64_t row = 0; row < plane->rows; row++)
        for (size_t i = plane->ends[row]; i < plane->ends[row + 1]; i++) {
            const struct run *run = &plane->runs.run[i];
            if (!text_put(out, "%" PRIu64 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 "\n", row,
                          run->begin, run->end, run->number, bits_of(run->value)))
                return false;
        }
    return true;
}

/* A line of the text as a run behind the last one, in row *row at least. */
static bool read_run(struct text_in *in, uint64_t columns, uint64_t numbers,
                     struct plane_runs *plane, uint64_t *row)
{
    double v[5];
    struct runs *runs = &plane->runs;
    if (!text_read_line(in))
        return false;
    bool fits = number_reals(in->text, v, 5) && v[0] >= (double)*row &&
                v[0] < (double)plane->rows && v[1] >= 0 && v[1] < v[2] && v[2] <= (double)columns &&
                v[3] >= 1 && v[3] <= (double)numbers && v[4] >= 0 && v[4] <= UINT32_MAX;
    for (int i = 0; fits && i < 5; i++)
        fits = v[i] == floor(v[i]);
    if (fits && v[0] == (double)*row && runs->count > plane->ends[*row])
        fits = v[1] >= (double)runs->run[runs->count - 1].end;
    if (!fits)
        return text_bad_line(in, "row,begin,end,number,bits of a run behind the last one");
    if (!array_reserve(runs->run, &runs->capacity, runs->count + 1))
        return fail_errno(in->fail, "%s", in->input.name);
    while (*row < (uint64_t)v[0])
        plane->ends[++*row] = runs->count;
    runs->run[runs->count++] = (struct run){.begin = (uint32_t)v[1],
                                            .end = (uint32_t)v[2],
                                            .number = (uint32_t)v[3],
                                            .value = bits_to_float((uint32_t)v[4])};
    return true;
}

bool plane_runs_read(struct text_in *in, const char *key, uint64_t rows, uint64_t columns,
                     uint64_t numbers, struct plane_runs *plane)
{
    uint64_t count, row = 0;
    if (!text_read_count(in, key, UINT64_MAX, &count))
        return false;
    if (!plane_runs_init(plane, rows))
        return fail_errno(in->fail, "%s", in->input.name);
    for (uint64_t i = 0; i < count; i++)
        if (!read_run(in, columns, numbers, plane, &row))
            return false;
    while (row < rows)
        plane->ends[++row] = plane->runs.count;
    return true;
}
