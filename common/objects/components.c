/* Union by the smaller number, with halved paths (Tarjan and van Leeuwen, J. ACM 31, 1984). A
 * component's first run in the order of the stream touches no earlier one, so it opens a piece,
 * whose number is the smallest of the component; since the smaller number always stays on top,
 * components are numbered in the order of their first voxels by one walk over the pieces. */
#include "common/objects/components.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/base/array.h"

void components_free(struct components *components)
{
    free(components->number);
    free(components->voxels);
    free(components->at_border);
    *components = (struct components){0};
}

bool components_need_counts(const struct component_choice *choice)
{
    return choice->least > 0 || choice->most > 0 || choice->largest > 0;
}

uint32_t components_add(struct components *components, const char *name, struct fail *fail)
{
    size_t needed = components->pieces + 2; /* there is no piece 0 */
    if (components->pieces == UINT32_MAX - 1) {
        fail_set(fail, "%s: more than %" PRIu32 " pieces: smooth it first", name, UINT32_MAX - 1);
        return 0;
    }
    if (!array_reserve(components->number, &components->number_capacity, needed) ||
        (components->counts &&
         !array_reserve(components->voxels, &components->voxels_capacity, needed)) ||
        !array_reserve(components->at_border, &components->border_capacity, needed)) {
        fail_errno(fail, "%s: %zu pieces of objects", name, components->pieces);
        return 0;
    }
    uint32_t piece = (uint32_t)++components->pieces;
    components->number[piece] = piece;
    components->at_border[piece] = false;
    if (components->counts)
        components->voxels[piece] = 0;
    return piece;
}

uint32_t components_find(struct components *components, uint32_t piece)
{
    uint32_t *number = components->number;
    while (number[piece] != piece)
        piece = number[piece] = number[number[piece]];
    return piece;
}

uint32_t components_join(struct components *components, uint32_t a, uint32_t b)
{
    a = components_find(components, a);
    b = components_find(components, b);
    uint32_t first = a < b ? a : b;
    components->number[a] = components->number[b] = first;
    return first;
}

void components_touch(struct components *components, const struct component_rule *rule,
                      struct run *row, size_t count, const struct run *other, size_t other_count,
                      uint32_t reach)
{
    size_t first = 0;
    for (struct run *run = row; run < row + count; run++) {
        while (first < other_count && other[first].end + reach <= run->begin)
            first++;
        for (size_t i = first; i < other_count && other[i].begin < run->end + reach; i++) {
            bool same = rule->kind != RUNS_OF_VALUES || run->value == other[i].value ||
                        (run->value != run->value && other[i].value != other[i].value);
            if (!same)
                continue;
            if (run->number == 0)
                run->number = components_find(components, other[i].number);
            else if (run->number != other[i].number)
                run->number = components_join(components, run->number, other[i].number);
        }
    }
}

/* What is known of pieces becomes that of the components' first pieces. */
static void sum_pieces(struct components *components)
{
    for (size_t i = components->pieces; i > 0; i--) {
        uint32_t before = components->number[i];
        if (before == i)
            continue;
        if (components->counts)
            components->voxels[before] += components->voxels[i];
        components->at_border[before] |= components->at_border[i];
    }
}

static bool stays(const struct components *components, const struct component_choice *choice,
                  size_t i)
{
    uint64_t voxels = components->counts ? components->voxels[i] : UINT64_MAX;
    bool border = components->at_border[i];
    return components->number[i] == i && voxels >= choice->least &&
           (choice->most == 0 || voxels <= choice->most) && !(choice->drop_border && border) &&
           !(choice->only_border && !border);
}

static int compare_falling(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x < y) - (x > y);
}

/* The voxels that the smallest of the largest has, and how many of just that size stay. */
static bool find_largest(const struct components *components, const struct component_choice *choice,
                         uint64_t *least, uint64_t *equal, struct fail *fail)
{
    uint64_t *voxels = NULL;
    size_t count = 0, capacity = 0;
    *least = *equal = 0;
    for (size_t i = 1; i <= components->pieces; i++) {
        if (!stays(components, choice, i))
            continue;
        if (!array_reserve(voxels, &capacity, count + 1)) {
            free(voxels);
            return fail_errno(fail, "%zu objects", count);
        }
        voxels[count++] = components->voxels[i];
    }
    if (count > choice->largest) {
        qsort(voxels, count, sizeof *voxels, compare_falling);
        *least = voxels[choice->largest - 1];
        for (size_t i = choice->largest; i-- > 0 && voxels[i] == *least;)
            ++*equal;
    }
    free(voxels);
    return true;
}

bool components_finish(struct components *components, const struct component_choice *choice,
                       struct fail *fail)
{
    uint64_t least = 0, equal = 0;
    sum_pieces(components);
    if (choice->largest > 0 && !find_largest(components, choice, &least, &equal, fail))
        return false;
    components->found = components->kept = 0;
    for (size_t i = 1; i <= components->pieces; i++) {
        uint32_t before = components->number[i];
        if (before != i) {
            components->number[i] = components->number[before];
            continue;
        }
        bool keep = stays(components, choice, i) && (least == 0 || components->voxels[i] >= least);
        if (keep && least > 0 && components->voxels[i] == least)
            equal -= keep = equal > 0;
        components->found++;
        components->number[i] = keep ? (uint32_t)++components->kept : 0;
        if (!keep)
            continue;
        /* The number is not larger than that of the piece: nothing is overwritten that is needed.
         */
        components->at_border[components->kept] = components->at_border[i];
        if (components->counts)
            components->voxels[components->kept] = components->voxels[i];
    }
    return true;
}
