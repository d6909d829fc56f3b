/* A heap holds voxels by value, then by age: how many were put there before. A voxel that is taken
 * out gives its label to its neighbours that have none, before planes, rows and columns, then
 * behind them, and puts them into the heap. Markers all have the age 0, and between equal ones the
 * order of the stream decides, where scikit-image leaves it to the layout of its heap.
 *
 * With lines a voxel gets its label when it is taken out, unless its neighbours have two different
 * ones: then it is on a line, and nothing flows through it. */
#include "common/objects/flood.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/array.h"

struct entry {
    float value;
    uint32_t age, at, source; /* source: the marker that it was reached from */
};

struct heap {
    struct entry *entry;
    size_t count, capacity;
};

/* A component that is flooded. */
struct flooding {
    struct flood *flood;
    struct heap heap;
    uint32_t *behind[2]; /* neighbours behind each voxel along planes and rows */
    bool *on_line;       /* NULL: there are no lines */
    uint32_t age;
};

bool flood_init(struct flood *flood, uint32_t count)
{
    *flood = (struct flood){
        .count = count,
        .value = malloc(count * sizeof *flood->value),
        .label = calloc(count, sizeof *flood->label),
        .before = {malloc(count * sizeof(uint32_t)), malloc(count * sizeof(uint32_t))},
        .begins = calloc(count, sizeof *flood->begins)};
    if (!flood->value || !flood->label || !flood->before[0] || !flood->before[1] || !flood->begins)
        return false;
    memset(flood->before[0], 0xff, count * sizeof(uint32_t));
    memset(flood->before[1], 0xff, count * sizeof(uint32_t));
    return true;
}

void flood_free(struct flood *flood)
{
    free(flood->value);
    free(flood->label);
    free(flood->before[0]);
    free(flood->before[1]);
    free(flood->begins);
    *flood = (struct flood){.count = 0};
}

static bool comes_first(const struct entry *a, const struct entry *b)
{
    if (a->value != b->value)
        return a->value < b->value;
    return a->age != b->age ? a->age < b->age : a->at < b->at;
}

static bool push(struct heap *heap, struct entry entry)
{
    if (!array_reserve(heap->entry, &heap->capacity, heap->count + 1))
        return false;
    size_t at = heap->count++;
    for (; at > 0 && comes_first(&entry, &heap->entry[(at - 1) / 2]); at = (at - 1) / 2)
        heap->entry[at] = heap->entry[(at - 1) / 2];
    heap->entry[at] = entry;
    return true;
}

static struct entry pop(struct heap *heap)
{
    struct entry first = heap->entry[0], last = heap->entry[--heap->count];
    size_t at = 0, child;
    while ((child = 2 * at + 1) < heap->count) {
        child +=
            child + 1 < heap->count && comes_first(&heap->entry[child + 1], &heap->entry[child]);
        if (!comes_first(&heap->entry[child], &last))
            break;
        heap->entry[at] = heap->entry[child];
        at = child;
    }
    heap->entry[at] = last;
    return first;
}

static void find_neighbours(const struct flooding *run, uint32_t at, uint32_t neighbours[6])
{
    const struct flood *flood = run->flood;
    bool last = at + 1 == flood->count || flood->begins[at + 1];
    neighbours[0] = flood->before[0][at];
    neighbours[1] = flood->before[1][at];
    neighbours[2] = flood->begins[at] ? FLOOD_NONE : at - 1;
    neighbours[3] = last ? FLOOD_NONE : at + 1;
    neighbours[4] = run->behind[1][at];
    neighbours[5] = run->behind[0][at];
}

/* Whether two labels meet in a voxel; then it is on a line from here on. */
static bool meets_two(const struct flooding *run, uint32_t at)
{
    uint32_t neighbours[6], first = 0;
    if (run->on_line[at])
        return true;
    find_neighbours(run, at, neighbours);
    for (int i = 0; i < 6; i++) {
        if (neighbours[i] == FLOOD_NONE || run->on_line[neighbours[i]])
            continue;
        uint32_t label = run->flood->label[neighbours[i]];
        if (first == 0)
            first = label;
        else if (label != 0 && label != first)
            return run->on_line[at] = true;
    }
    return false;
}

/* Takes out the first voxel. */
static bool flood_one(struct flooding *run)
{
    struct flood *flood = run->flood;
    struct entry entry = pop(&run->heap);
    uint32_t neighbours[6];
    if (run->on_line) {
        if ((flood->label[entry.at] != 0 && entry.at != entry.source) || meets_two(run, entry.at))
            return true;
        flood->label[entry.at] = flood->label[entry.source];
    }
    find_neighbours(run, entry.at, neighbours);
    for (int i = 0; i < 6; i++) {
        uint32_t next = neighbours[i];
        if (next == FLOOD_NONE || flood->label[next] != 0 || (run->on_line && run->on_line[next]))
            continue;
        if (!run->on_line)
            flood->label[next] = flood->label[entry.at];
        if (!push(&run->heap, (struct entry){flood->value[next], ++run->age, next, entry.source}))
            return false;
    }
    return true;
}

/* The other ends of the links. */
static bool find_behind(struct flooding *run)
{
    const struct flood *flood = run->flood;
    for (int axis = 0; axis < 2; axis++) {
        uint32_t *behind = run->behind[axis] = malloc(flood->count * sizeof *behind);
        if (!behind)
            return false;
        memset(behind, 0xff, flood->count * sizeof *behind);
        for (uint32_t i = 0; i < flood->count; i++)
            if (flood->before[axis][i] != FLOOD_NONE)
                behind[flood->before[axis][i]] = i;
    }
    return true;
}

bool flood_run(struct flood *flood, bool lines)
{
    struct flooding run = {.flood = flood,
                           .on_line = lines ? calloc(flood->count, sizeof(bool)) : NULL};
    bool ok = (!lines || run.on_line) && find_behind(&run);
    for (uint32_t i = 0; ok && i < flood->count; i++)
        ok = flood->label[i] == 0 || push(&run.heap, (struct entry){flood->value[i], 0, i, i});
    while (ok && run.heap.count > 0)
        ok = flood_one(&run);
    free(run.heap.entry);
    free(run.behind[0]);
    free(run.behind[1]);
    free(run.on_line);
    return ok;
}
