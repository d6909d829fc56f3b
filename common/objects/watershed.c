/* The mask is read first and kept as runs with the numbers of their components (label.h), which is
 * when it is known how many voxels each component has. Then samples and markers are read along the
 * runs: each component collects its voxels, with links to the ones before them along planes, rows
 * and columns, and is flooded when the last of them has come. Only components that are begun and
 * not ended are in memory. Their labels go to a place of their own in temporary storage, from where
 * the runs, read a third time, fetch them in the order of the stream. */
#include "common/objects/watershed.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/array.h"
#include "common/base/count.h"
#include "common/io/scratch.h"
#include "common/objects/flood.h"
#include "common/objects/label.h"
#include "common/stream/loop.h"
#include "common/volume/labels.h"

/* A run of the mask, and the number of its first voxel in its component. */
struct link {
    struct run run; /* number: the component's */
    uint32_t first;
};

struct links {
    struct link *link;
    size_t count, capacity;
    size_t *ends; /* of each row, from ends[0] = 0 */
};

struct collecting {
    struct flood flood;
    uint32_t collected;
};

struct watershed {
    struct reader reader; /* its source is the mask's reader */
    struct watershed_request request;
    const struct components *components;
    struct scratch labels; /* of all voxels of the mask, one component after the other */
    uint64_t *place;       /* of each component's next label to write or read */

    /* Flooding. */
    struct reader *source, *markers;
    struct collecting *open; /* by the number of the component */
    struct links plane, before;
    uint64_t open_bytes;
    struct watershed_count *count;

    /* Reading: runs, with labels of the current one. */
    struct run_cursor cursor;
    struct run run;
    uint64_t column;
    uint32_t *row;
};

static bool no_memory(const struct watershed *watershed, struct fail *fail)
{
    return fail_memory(fail, "%s: %.4g MB of objects at once", watershed->reader.name,
                       (double)watershed->open_bytes / 1e6);
}

/* ---- flooding ---- */

static bool begin_component(struct watershed *watershed, uint32_t number, struct fail *fail)
{
    uint64_t voxels = watershed->components->voxels[number];
    uint64_t bytes = voxels * FLOOD_VOXEL_SIZE, most = watershed->request.most_memory;
    if (voxels >= FLOOD_NONE || watershed->open_bytes + bytes > most)
        return fail_set(
            fail,
            "%s: objects of the mask that are open at once take %.4g MB of memory, more "
            "than %.4g MB: the mask hangs together too much, or give --max-memory",
            watershed->reader.name, (double)(watershed->open_bytes + bytes) / 1e6,
            (double)most / 1e6);
    watershed->open_bytes += bytes;
    if (watershed->open_bytes > watershed->count->most)
        watershed->count->most = watershed->open_bytes;
    return flood_init(&watershed->open[number].flood, (uint32_t)voxels) ||
           no_memory(watershed, fail);
}

static bool end_component(struct watershed *watershed, uint32_t number, struct fail *fail)
{
    struct flood *flood = &watershed->open[number].flood;
    if (!flood_run(flood, watershed->request.lines))
        return no_memory(watershed, fail);
    bool ok = scratch_put(&watershed->labels, watershed->place[number] * sizeof *flood->label,
                          flood->label, flood->count * sizeof *flood->label, fail);
    watershed->open_bytes -= flood->count * FLOOD_VOXEL_SIZE;
    flood_free(flood);
    return ok;
}

/* Links the voxels of a run with those of runs of another row, along an axis. */
static void link_runs(struct flood *flood, const struct link *link, const struct link *other,
                      const struct link *end, int axis)
{
    for (; other < end && other->run.begin < link->run.end; other++) {
        uint32_t from = link->run.begin > other->run.begin ? link->run.begin : other->run.begin;
        uint32_t to = link->run.end < other->run.end ? link->run.end : other->run.end;
        for (uint32_t x = from; x < to; x++) {
            uint32_t at = link->first + (x - link->run.begin);
            uint32_t before = other->first + (x - other->run.begin);
            flood->before[axis][at] = before;
        }
    }
}

static bool add_voxels(struct watershed *watershed, const struct link *link, const float *v,
                       const float *markers, uint64_t at, struct fail *fail)
{
    struct flood *flood = &watershed->open[link->run.number].flood;
    char place[PLACE_SIZE];
    for (uint32_t x = link->run.begin; x < link->run.end; x++) {
        uint32_t i = link->first + (x - link->run.begin);
        float marker = markers[x];
        if (!(marker >= 0 && marker <= LABELS_MAX && marker == floorf(marker)))
            return fail_set(fail,
                            "%s: sample %.9g at %s is no label: markers are whole numbers "
                            "from 0 to %d",
                            watershed->markers->name, (double)marker,
                            reader_place(watershed->markers, at + x, place), LABELS_MAX);
        if (isnan(v[x]))
            return fail_set(fail, "%s: sample at %s is NaN: nothing says when it is flooded",
                            watershed->source->name,
                            reader_place(watershed->source, at + x, place));
        flood->value[i] = watershed->request.invert ? -v[x] : v[x];
        flood->label[i] = (uint32_t)marker;
        if (flood->label[i] > watershed->count->largest)
            watershed->count->largest = flood->label[i];
        flood->begins[i] = x == link->run.begin;
    }
    return true;
}

/* Adds the runs of a row, whose samples are v[0..columns). */
static bool add_row(struct watershed *watershed, const float *v, const float *markers, uint64_t at,
                    struct place place, struct fail *fail)
{
    struct links *plane = &watershed->plane, *before = &watershed->before;
    struct run_cursor *cursor = &watershed->cursor;
    size_t first = plane->ends[place.row];
    if (!run_cursor_next_row(cursor))
        return fail_errno(fail, "%s: its objects can't be read again", watershed->reader.name);
    while (cursor->left > 0) {
        struct link link;
        if (!run_cursor_next(cursor, &link.run))
            return fail_errno(fail, "%s: its objects can't be read again", watershed->reader.name);
        if (!array_reserve(plane->link, &plane->capacity, plane->count + 1))
            return no_memory(watershed, fail);
        link.run.number = watershed->components->number[link.run.number];
        struct collecting *open = &watershed->open[link.run.number];
        if (open->collected == 0 && !begin_component(watershed, link.run.number, fail))
            return false;
        link.first = open->collected;
        open->collected += link.run.end - link.run.begin;
        plane->link[plane->count++] = link;
        if (!add_voxels(watershed, &link, v, markers, at, fail))
            return false;
    }
    plane->ends[place.row + 1] = plane->count;
    const struct link *row[2] = {NULL, NULL}, *row_end[2] = {NULL, NULL};
    if (place.plane > 0) {
        row[0] = before->link + before->ends[place.row];
        row_end[0] = before->link + before->ends[place.row + 1];
    }
    if (place.row > 0) {
        row[1] = plane->link + plane->ends[place.row - 1];
        row_end[1] = plane->link + plane->ends[place.row];
    }
    for (size_t i = first; i < plane->count; i++) {
        const struct link *link = &plane->link[i];
        for (int axis = 0; axis < 2; axis++) {
            while (row[axis] < row_end[axis] && row[axis]->run.end <= link->run.begin)
                row[axis]++;
            link_runs(&watershed->open[link->run.number].flood, link, row[axis], row_end[axis],
                      axis);
        }
    }
    return true;
}

/* Floods the components whose last voxel was in the plane. */
static bool end_plane(struct watershed *watershed, struct fail *fail)
{
    struct links done = watershed->plane;
    for (size_t i = 0; i < done.count; i++) {
        uint32_t number = done.link[i].run.number;
        struct collecting *open = &watershed->open[number];
        if (open->flood.count > 0 && open->collected == open->flood.count &&
            !end_component(watershed, number, fail))
            return false;
    }
    watershed->plane = watershed->before;
    watershed->before = done;
    watershed->plane.count = 0;
    return true;
}

/* Reads samples and markers row by row. */
static bool flood_all(struct watershed *watershed, struct fail *fail)
{
    const struct volume *volume = &watershed->reader.volume;
    size_t columns = volume->size[AXIS_COLUMN];
    uint64_t all = volume_samples(volume);
    float *v = malloc(2 * columns * sizeof *v);
    bool ok = v || no_memory(watershed, fail);
    for (uint64_t at = 0; ok && at < all; at += columns) {
        struct place place = volume_place(volume, at);
        ok = reader_read(watershed->source, v, columns, fail) == columns &&
             reader_read(watershed->markers, v + columns, columns, fail) == columns &&
             add_row(watershed, v, v + columns, at, place, fail) &&
             (place.row + 1 < volume->size[AXIS_ROW] || end_plane(watershed, fail));
    }
    free(v);
    return ok;
}

static void free_flooding(struct watershed *watershed)
{
    for (uint64_t i = 0; watershed->open && i <= watershed->components->kept; i++)
        flood_free(&watershed->open[i].flood);
    free(watershed->open);
    watershed->open = NULL;
    for (int i = 0; i < 2; i++) {
        struct links *links = i == 0 ? &watershed->plane : &watershed->before;
        free(links->link);
        free(links->ends);
        *links = (struct links){.link = NULL};
    }
}

/* Where the labels of each component begin. */
static void set_places(struct watershed *watershed)
{
    uint64_t next = 0;
    for (uint64_t i = 1; i <= watershed->components->kept; i++) {
        watershed->place[i] = next;
        next += watershed->components->voxels[i];
    }
}

static bool make_labels(struct watershed *watershed, struct fail *fail)
{
    const struct components *components = watershed->components;
    size_t rows = watershed->reader.volume.size[AXIS_ROW];
    uint64_t voxels = 0;
    for (uint64_t i = 1; i <= components->kept; i++)
        voxels += components->voxels[i];
    watershed->count->components = components->kept;
    watershed->open = calloc(components->kept + 1, sizeof *watershed->open);
    watershed->place = calloc(components->kept + 1, sizeof *watershed->place);
    watershed->plane.ends = calloc(rows + 1, sizeof *watershed->plane.ends);
    watershed->before.ends = calloc(rows + 1, sizeof *watershed->before.ends);
    watershed->row = malloc(watershed->reader.volume.size[AXIS_COLUMN] * sizeof *watershed->row);
    if (!watershed->open || !watershed->place || !watershed->plane.ends ||
        !watershed->before.ends || !watershed->row)
        return no_memory(watershed, fail);
    set_places(watershed);
    bool ok = scratch_open(&watershed->labels, "labels", voxels * sizeof(uint32_t), SCRATCH_MEMORY,
                           fail) &&
              flood_all(watershed, fail);
    free_flooding(watershed);
    run_cursor_rewind(&watershed->cursor);
    return ok;
}

/* ---- reading ---- */

/* Goes to the next run of the row and fetches its labels; behind the last one is none. */
static bool next_run(struct watershed *watershed, struct fail *fail)
{
    struct run *run = &watershed->run;
    *run = (struct run){.begin = UINT32_MAX, .end = UINT32_MAX};
    if (watershed->cursor.left == 0)
        return true;
    if (!run_cursor_next(&watershed->cursor, run))
        return fail_errno(fail, "%s: its objects can't be read again", watershed->reader.name);
    uint32_t number = watershed->components->number[run->number];
    size_t n = run->end - run->begin;
    uint64_t at = watershed->place[number];
    watershed->place[number] += n;
    return scratch_get(&watershed->labels, at * sizeof *watershed->row, watershed->row,
                       n * sizeof *watershed->row, fail);
}

static size_t watershed_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct watershed *watershed = (struct watershed *)reader;
    uint64_t columns = reader->volume.size[AXIS_COLUMN];
    for (size_t got = 0; got < n; got++) {
        bool ok = true;
        if (watershed->column == 0)
            ok = run_cursor_next_row(&watershed->cursor) && next_run(watershed, fail);
        else if (watershed->column == watershed->run.end)
            ok = next_run(watershed, fail);
        if (!ok) {
            fail_errno(fail, "%s: its objects can't be read again", reader->name);
            return got;
        }
        uint64_t x = watershed->column++;
        v[got] = x < watershed->run.begin ? 0 : (float)watershed->row[x - watershed->run.begin];
        if (watershed->column == columns)
            watershed->column = 0;
    }
    return n;
}

static enum outcome watershed_rewind(struct reader *reader, struct fail *fail)
{
    (void)fail;
    struct watershed *watershed = (struct watershed *)reader;
    run_cursor_rewind(&watershed->cursor);
    set_places(watershed);
    watershed->column = 0;
    return OUTCOME_DONE;
}

static void watershed_close(struct reader *reader)
{
    struct watershed *watershed = (struct watershed *)reader;
    if (watershed->components)
        free_flooding(watershed);
    free(watershed->place);
    free(watershed->row);
    scratch_close(&watershed->labels);
    run_cursor_close(&watershed->cursor);
    reader_close(watershed->source);
    reader_close(watershed->markers);
    reader_stack_close(reader);
}

static struct reader *watershed_part(const struct reader *reader, size_t i)
{
    const struct watershed *watershed = (const struct watershed *)reader;
    return i == 0   ? reader->source
           : i == 1 ? watershed->source
           : i == 2 ? watershed->markers
                    : NULL;
}

struct reader *watershed_reader(const struct watershed_request *request, struct reader *source,
                                struct reader *markers, struct reader *mask,
                                struct watershed_count *count, struct fail *fail)
{
    static const struct reader_class class = {.read = watershed_read,
                                              .rewind = watershed_rewind,
                                              .part = watershed_part,
                                              .close = watershed_close};
    const struct label_request runs = {
        .rule = {RUNS_OF_SET, CONNECTED_6, false}, .paint = LABEL_SET, .counts = true};
    struct label_count found;
    struct reader *components = label_reader(&runs, mask, &found, fail);
    struct watershed *watershed =
        components ? reader_stack_create(sizeof *watershed, &class, components, fail) : NULL;
    if (!watershed) {
        reader_close(source);
        reader_close(markers);
        return NULL;
    }
    *count = (struct watershed_count){.components = 0};
    watershed->request = *request;
    watershed->source = source;
    watershed->markers = markers;
    watershed->count = count;
    watershed->labels.fd = -1;
    watershed->components = label_components(components);
    volume_free(&watershed->reader.volume);
    if (volume_copy(&watershed->reader.volume, &source->volume, fail) &&
        (run_cursor_open(&watershed->cursor, label_runs(components)) ||
         no_memory(watershed, fail)) &&
        make_labels(watershed, fail))
        return &watershed->reader;
    reader_close(&watershed->reader);
    return NULL;
}
