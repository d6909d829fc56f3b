#include "common/objects/measures_file.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/stats/part_list.h"
#include "common/text/number.h"
#include "common/volume/labels.h"

#define FIRST_LINE "vol measures"
#define VERSION 1
#define OBJECT_NUMBERS 12 /* label, faces, voxels, box, places */
#define GRID_NUMBERS 12   /* directions, origin */

void measures_free(struct measures *measures)
{
    objects_free(&measures->objects);
    plane_runs_free(&measures->faces.first);
    plane_runs_free(&measures->faces.last);
    for (int i = 0; i < MEASURES_MAX; i++)
        free(measures->names[i]);
    memset(measures->names, 0, sizeof measures->names);
}

/* ---- writing ---- */

static bool put_counts(struct text_out *out, const char *key, const uint64_t *counts, size_t n)
{
    bool ok = text_put(out, "%s: ", key);
    for (size_t i = 0; ok && i < n; i++)
        ok = text_put(out, "%" PRIu64 "%s", counts[i], i + 1 < n ? "," : "\n");
    return ok;
}

static bool put_object(struct text_out *out, const struct object *object)
{
    uint64_t numbers[OBJECT_NUMBERS] = {object->label, object->faces, object->voxels};
    memcpy(numbers + 3, object->first, sizeof object->first);
    memcpy(numbers + 6, object->end, sizeof object->end);
    memcpy(numbers + 9, object->places, sizeof object->places);
    return put_counts(out, "object", numbers, OBJECT_NUMBERS) &&
           text_put(out, "euler: %" PRId64 "\n", object->euler) &&
           put_counts(out, "crossings", object->crossings, DIRECTIONS);
}

static bool put_sum(struct text_out *out, const char *key, const struct int768 *sum)
{
    char text[INT768_TEXT_SIZE];
    int768_text(sum, text);
    return text_put(out, "%s: %s\n", key, text);
}

static bool put_intensity(struct text_out *out, const struct intensity *intensity)
{
    return text_put(out, "nan: %" PRIu64 "\nrange: %.9g,%.9g\n", intensity->nans,
                    (double)intensity->minimum, (double)intensity->maximum) &&
           put_sum(out, "sum", &intensity->moments.sum) &&
           put_sum(out, "squares", &intensity->moments.squares) &&
           put_sum(out, "by plane", &intensity->places[AXIS_PLANE]) &&
           put_sum(out, "by row", &intensity->places[AXIS_ROW]) &&
           put_sum(out, "by column", &intensity->places[AXIS_COLUMN]);
}

static bool put_grid(struct text_out *out, const struct measures *measures)
{
    const double *directions = measures->grid.direction[0], *origin = measures->grid.origin;
    bool ok =
        text_put(out, "unit: %s\nsteps known: %d\ngrid: ", measures->unit, measures->has_grid);
    for (int i = 0; ok && i < 9; i++)
        ok = text_put(out, "%.17g,", directions[i]);
    return ok && text_put(out, "%.17g,%.17g,%.17g\n", origin[0], origin[1], origin[2]);
}

bool measures_write(struct text_out *out, const struct measures *measures)
{
    const struct objects *objects = &measures->objects;
    const struct part *part = &measures->part;
    uint32_t label = 0;
    size_t at;
    bool ok = text_put(out, FIRST_LINE " %d\nplanes: %" PRIu64 ":%" PRIu64 " of %" PRIu64 "\n",
                       VERSION, part->first, part->end, part->of) &&
              text_put(out, "rows: %" PRIu64 "\ncolumns: %" PRIu64 "\n", measures->rows,
                       measures->columns) &&
              put_grid(out, measures) && text_put(out, "intensities: %zu\n", objects->intensities);
    for (size_t i = 0; ok && i < objects->intensities; i++)
        ok = text_put(out, "name: %.400s\n", measures->names[i]);
    ok = ok && text_put(out, "objects: %zu\n", objects->count);
    while (ok && objects_next(objects, &label, &at)) {
        ok = put_object(out, &objects->object[at]);
        for (size_t i = 0; ok && i < objects->intensities; i++)
            ok = put_intensity(out, &objects->intensity[at * objects->intensities + i]);
    }
    return ok && plane_runs_write(out, "runs in the first plane", &measures->faces.first) &&
           plane_runs_write(out, "runs in the last plane", &measures->faces.last) && text_end(out);
}

/* ---- reading ---- */

static bool read_counts(struct text_in *in, const char *key, uint64_t *counts, size_t n)
{
    const char *text = text_read_field(in, key);
    if (!text)
        return false;
    for (size_t i = 0; i < n; i++) {
        char number[24] = "";
        size_t length = strcspn(text, ",");
        if (length < sizeof number)
            memcpy(number, text, length);
        if (!number_count(number, &counts[i]) || (text[length] == ',') != (i + 1 < n))
            return text_bad_line(in, key);
        text += length + 1;
    }
    return true;
}

static bool read_object(struct text_in *in, const struct measures *measures, struct object *object)
{
    uint64_t numbers[OBJECT_NUMBERS];
    const uint64_t sizes[AXES] = {measures->part.of, measures->rows, measures->columns};
    if (!read_counts(in, "object", numbers, OBJECT_NUMBERS))
        return false;
    *object = (struct object){.faces = (uint8_t)numbers[1], .voxels = numbers[2]};
    memcpy(object->first, numbers + 3, sizeof object->first);
    memcpy(object->end, numbers + 6, sizeof object->end);
    memcpy(object->places, numbers + 9, sizeof object->places);
    bool fits = numbers[0] >= 1 && numbers[0] <= LABELS_MAX && numbers[1] < 64 && numbers[2] > 0;
    for (enum axis axis = 0; axis < AXES; axis++)
        fits = fits && object->first[axis] < object->end[axis] && object->end[axis] <= sizes[axis];
    if (!fits)
        return text_bad_line(in, "an object");
    object->label = (uint32_t)numbers[0];
    const char *euler = text_read_field(in, "euler");
    return euler && (number_integer(euler, &object->euler) || text_bad_line(in, "euler")) &&
           read_counts(in, "crossings", object->crossings, DIRECTIONS);
}

static bool read_sum(struct text_in *in, const char *key, struct int768 *sum)
{
    const char *text = text_read_field(in, key);
    return text && (int768_parse(text, sum) || text_bad_line(in, key));
}

static bool read_intensity(struct text_in *in, uint64_t voxels, struct intensity *intensity)
{
    if (!text_read_count(in, "nan", voxels, &intensity->nans))
        return false;
    const char *range = text_read_field(in, "range");
    if (!range)
        return false;
    double limits[2] = {INFINITY, -INFINITY};
    bool none = strcmp(range, "inf,-inf") == 0;
    if (none != (intensity->nans == voxels) || (!none && !number_reals(range, limits, 2)))
        return text_bad_line(in, "range");
    intensity->minimum = (float)limits[0];
    intensity->maximum = (float)limits[1];
    return read_sum(in, "sum", &intensity->moments.sum) &&
           read_sum(in, "squares", &intensity->moments.squares) &&
           (none ||
            moments_fit(&intensity->moments, intensity->minimum, intensity->maximum,
                        voxels - intensity->nans) ||
            text_bad_line(in, "sums that samples in this range can have")) &&
           read_sum(in, "by plane", &intensity->places[AXIS_PLANE]) &&
           read_sum(in, "by row", &intensity->places[AXIS_ROW]) &&
           read_sum(in, "by column", &intensity->places[AXIS_COLUMN]);
}

static bool read_objects(struct text_in *in, struct measures *measures)
{
    struct objects *objects = &measures->objects;
    uint64_t count;
    if (!text_read_count(in, "objects", LABELS_MAX, &count))
        return false;
    while (objects->count < count) {
        struct object object;
        size_t before = objects->count, n = objects->intensities;
        if (!read_object(in, measures, &object))
            return false;
        size_t at = objects_find(objects, object.label);
        if (at == SIZE_MAX)
            return fail_errno(in->fail, "%s", in->input.name);
        if (objects->count == before)
            return text_bad_line(in, "another object");
        objects->object[at] = object;
        for (size_t i = 0; i < n; i++)
            if (!read_intensity(in, object.voxels, &objects->intensity[at * n + i]))
                return false;
    }
    return true;
}

static bool read_grid(struct text_in *in, struct measures *measures)
{
    double numbers[GRID_NUMBERS];
    uint64_t known;
    const char *unit = text_read_field(in, "unit");
    if (!unit)
        return false;
    snprintf(measures->unit, sizeof measures->unit, "%.31s", unit);
    if (!text_read_count(in, "steps known", 1, &known))
        return false;
    measures->has_grid = known;
    const char *text = text_read_field(in, "grid");
    if (!text || !(number_reals(text, numbers, GRID_NUMBERS) || text_bad_line(in, "grid")))
        return false;
    memcpy(measures->grid.direction, numbers, 9 * sizeof *numbers);
    memcpy(measures->grid.origin, numbers + 9, 3 * sizeof *numbers);
    return true;
}

static bool read_lines(struct text_in *in, struct measures *measures)
{
    uint64_t intensities;
    if (!text_read_first(in, FIRST_LINE, VERSION, "list of a slab's measurements",
                         "volmeasure --slab"))
        return false;
    const char *planes = text_read_field(in, "planes");
    if (!planes || !(part_read(planes, &measures->part) || text_bad_line(in, "planes")) ||
        !text_read_count(in, "rows", PLANE_RUNS_MAX_ROWS, &measures->rows) ||
        !text_read_count(in, "columns", RUNS_MAX_COLUMNS, &measures->columns) ||
        !read_grid(in, measures) || !text_read_count(in, "intensities", MEASURES_MAX, &intensities))
        return false;
    if (!objects_init(&measures->objects, intensities))
        return fail_errno(in->fail, "%s", in->input.name);
    for (size_t i = 0; i < intensities; i++) {
        const char *name = text_read_field(in, "name");
        if (!name)
            return false;
        if (!(measures->names[i] = strdup(name)))
            return fail_errno(in->fail, "%s", in->input.name);
    }
    return read_objects(in, measures) &&
           plane_runs_read(in, "runs in the first plane", measures->rows, measures->columns,
                           LABELS_MAX, &measures->faces.first) &&
           plane_runs_read(in, "runs in the last plane", measures->rows, measures->columns,
                           LABELS_MAX, &measures->faces.last) &&
           text_read_end(in);
}

static bool read_measures(const char *path, struct measures *measures, struct fail *fail)
{
    struct text_in in;
    *measures = (struct measures){.has_grid = false};
    return text_open(&in, path, fail) && text_close(&in, read_lines(&in, measures));
}

/* ---- adding up ---- */

static bool same_kind(const struct measures *a, const struct measures *b)
{
    bool same = a->rows == b->rows && a->columns == b->columns &&
                a->objects.intensities == b->objects.intensities && a->has_grid == b->has_grid &&
                strcmp(a->unit, b->unit) == 0;
    for (size_t i = 0; same && i < a->objects.intensities; i++)
        same = strcmp(a->names[i], b->names[i]) == 0;
    return same;
}

static bool add_objects(struct objects *to, const struct objects *part)
{
    size_t n = to->intensities;
    for (size_t i = 0; i < part->count; i++) {
        size_t at = objects_find(to, part->object[i].label);
        if (at == SIZE_MAX)
            return false;
        object_add(&to->object[at], &part->object[i]);
        for (size_t k = 0; k < n; k++)
            intensity_add(&to->intensity[at * n + k], &part->intensity[i * n + k]);
    }
    return true;
}

static int compare_places(const void *a, const void *b)
{
    const struct measures *x = a, *y = b;
    return (x->part.first > y->part.first) - (x->part.first < y->part.first);
}

static bool read_all(char *const *paths, size_t count, struct measures *slabs, struct fail *fail)
{
    struct part_list planes = {.count = 0};
    struct fail why = {.text = ""};
    char missing[PART_LIST_TEXT];
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        ok = read_measures(paths[i], &slabs[i], fail);
        if (ok && !same_kind(&slabs[0], &slabs[i]))
            ok = fail_set(fail,
                          "%s: was measured in planes of another shape or geometry, or in "
                          "other volumes, than %s",
                          paths[i], paths[0]);
        if (ok && !part_list_add(&planes, &slabs[i].part, slabs[i].rows * slabs[i].columns, &why))
            ok = fail_prefix(fail, &why, "%s", paths[i]);
    }
    if (ok && !part_list_is_whole(&planes))
        ok = fail_set(fail, "%s are missing", part_list_missing(&planes, missing));
    part_list_free(&planes);
    return ok;
}

bool measures_join(char *const *paths, size_t count, struct measures *sum, struct fail *fail)
{
    struct measures *slabs = calloc(count, sizeof *slabs);
    *sum = (struct measures){.has_grid = false};
    bool ok = slabs || fail_errno(fail, "%zu slabs", count);
    ok = ok && read_all(paths, count, slabs, fail);
    if (ok)
        qsort(slabs, count, sizeof *slabs, compare_places);
    for (size_t k = 1; ok && k < count; k++)
        ok = (add_objects(&slabs[0].objects, &slabs[k].objects) &&
              measure_between(&slabs[0].objects, &slabs[k - 1].faces.last, &slabs[k].faces.first,
                              slabs[0].columns)) ||
             fail_errno(fail, "%s", paths[k]);
    if (ok) {
        grid_finish(&slabs[0].grid);
        *sum = slabs[0];
        slabs[0] = (struct measures){.has_grid = false};
    }
    for (size_t k = 0; slabs && k < count; k++)
        measures_free(&slabs[k]);
    free(slabs);
    return ok;
}
