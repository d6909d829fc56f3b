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
_Static_assert(sizeof(struct entry) == FLOOD_ENTRY_SIZE, "as flood.h says");

struct heap {
    struct entry *entry;
    size_t count, capacity;
};

bool flood_init(struct flood *flood, uint32_t count)
{
    *flood = (struct flood){.count = count};
    flood->value = malloc(count * sizeof *flood->value);
    flood->label = calloc(count, sizeof *flood->label);
    bool ok = flood->value && flood->label;
    for (int axis = 0; axis < 3; axis++) {
        flood->before[axis] = malloc(count * sizeof(uint32_t));
        flood->behind[axis] = malloc(count * sizeof(uint32_t));
        ok = ok && flood->before[axis] && flood->behind[axis];
    }
    for (int axis = 0; ok && axis < 3; axis++) {
        memset(flood->before[axis], 0xff, count * sizeof(uint32_t));
        memset(flood->behind[axis], 0xff, count * sizeof(uint32_t));
    }
    return ok;
}

void flood_free(struct flood *flood)
{
    free(flood->value);
    free(flood->label);
    for (int axis = 0; axis < 3; axis++) {
        free(flood->before[axis]);
        free(flood->behind[axis]);
    }
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

static void find_neighbours(const struct flood *flood, uint32_t at, uint32_t neighbours[6])
{
    for (int axis = 0; axis < 3; axis++) {
        neighbours[axis] = flood->before[axis][at];
        neighbours[5 - axis] = flood->behind[axis][at];
    }
}

/* Whether two labels meet in a voxel; then it is on a line from here on. */
static bool meets_two(const struct flood *flood, bool *on_line, uint32_t at)
{
    uint32_t neighbours[6], first = 0;
    if (on_line[at])
        return true;
    find_neighbours(flood, at, neighbours);
    for (int i = 0; i < 6; i++) {
        if (neighbours[i] == FLOOD_NONE || on_line[neighbours[i]])
            continue;
        uint32_t label = flood->label[neighbours[i]];
        if (first == 0)
            first = label;
        else if (label != 0 && label != first)
            return on_line[at] = true;
    }
    return false;
}

/* Takes out the first voxel. */
static bool flood_one(struct flood *flood, struct heap *heap, bool *on_line, uint32_t *age)
{
    struct entry entry = pop(heap);
    uint32_t neighbours[6];
    if (on_line) {
        if ((flood->label[entry.at] != 0 && entry.at != entry.source) ||
            meets_two(flood, on_line, entry.at))
            return true;
        flood->label[entry.at] = flood->label[entry.source];
    }
    find_neighbours(flood, entry.at, neighbours);
    for (int i = 0; i < 6; i++) {
        uint32_t next = neighbours[i];
        if (next == FLOOD_NONE || flood->label[next] != 0 || (on_line && on_line[next]))
            continue;
        if (!on_line)
            flood->label[next] = flood->label[entry.at];
        if (!push(heap, (struct entry){flood->value[next], ++*age, next, entry.source}))
            return false;
    }
    return true;
}

bool flood_run(struct flood *flood, bool lines)
{
    struct heap heap = {.count = 0};
    bool *on_line = lines ? calloc(flood->count, sizeof *on_line) : NULL;
    bool ok = !lines || on_line;
    uint32_t age = 0;
    for (uint32_t i = 0; ok && i < flood->count; i++)
        ok = flood->label[i] == 0 || push(&heap, (struct entry){flood->value[i], 0, i, i});
    while (ok && heap.count > 0)
        ok = flood_one(flood, &heap, on_line, &age);
    free(heap.entry);
    free(on_line);
    return ok;
}
