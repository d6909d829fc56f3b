#include "common/objects/columns.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text/json.h"
#include "common/text/number.h"

#define NAME_SIZE 256

/* ---- measurements of the voxels ---- */

typedef double object_value(const struct object *object, const struct grid *grid);

static double place_of(const struct object *object, enum axis axis)
{
    return (double)object->places[axis] / (double)object->voxels;
}

static double world_of(const struct object *object, const struct grid *grid, int i)
{
    double world = grid->origin[i];
    for (enum axis axis = 0; axis < AXES; axis++)
        world += grid->direction[axis][i] * place_of(object, axis);
    return world;
}

static double surface_of(const struct object *object, const struct grid *grid)
{
    double sum = 0;
    for (int k = 0; k < DIRECTIONS; k++)
        sum += grid->surface[k] * (double)object->crossings[k];
    return sum;
}

/* A column whose value is `expression` of an object. */
#define VALUE(name, expression)                                                                    \
    static double name(const struct object *object, const struct grid *grid)                       \
    {                                                                                              \
        (void)grid;                                                                                \
        return (double)(expression);                                                               \
    }
VALUE(label_value, object->label)
VALUE(voxels_value, object->voxels)
VALUE(volume_value_of, (double)object->voxels * grid->voxel)
VALUE(plane_value, place_of(object, AXIS_PLANE))
VALUE(row_value, place_of(object, AXIS_ROW))
VALUE(column_value, place_of(object, AXIS_COLUMN))
VALUE(x_value, world_of(object, grid, 0))
VALUE(y_value, world_of(object, grid, 1))
VALUE(z_value, world_of(object, grid, 2))
VALUE(plane_first_value, object->first[AXIS_PLANE])
VALUE(row_first_value, object->first[AXIS_ROW])
VALUE(column_first_value, object->first[AXIS_COLUMN])
VALUE(plane_last_value, object->end[AXIS_PLANE])
VALUE(row_last_value, object->end[AXIS_ROW])
VALUE(column_last_value, object->end[AXIS_COLUMN])
VALUE(faces_value, __builtin_popcount(object->faces))
VALUE(surface_value, surface_of(object, grid))
VALUE(euler_value, object->euler)

static const struct {
    const char *name;
    object_value *value;
} object_columns[] = {{"label", label_value},
                      {"voxels", voxels_value},
                      {"volume", volume_value_of},
                      {"plane", plane_value},
                      {"row", row_value},
                      {"column", column_value},
                      {"x", x_value},
                      {"y", y_value},
                      {"z", z_value},
                      {"plane_first", plane_first_value},
                      {"row_first", row_first_value},
                      {"column_first", column_first_value},
                      {"plane_last", plane_last_value},
                      {"row_last", row_last_value},
                      {"column_last", column_last_value},
                      {"faces", faces_value},
                      {"surface", surface_value},
                      {"euler", euler_value}};
#define OBJECT_COLUMNS (sizeof object_columns / sizeof *object_columns)

/* ---- measurements of the samples ---- */

/* Of n samples that are not NaN. */
typedef double intensity_value(const struct intensity *intensity, uint64_t n);

static double weighted(const struct intensity *intensity, enum axis axis)
{
    return int768_value(&intensity->places[axis], 0) / int768_value(&intensity->moments.sum, 0);
}

#define SAMPLES_VALUE(name, expression)                                                            \
    static double name(const struct intensity *intensity, uint64_t n)                              \
    {                                                                                              \
        return n == 0 ? NAN : (double)(expression);                                                \
    }
SAMPLES_VALUE(min_value, intensity->minimum)
SAMPLES_VALUE(max_value, intensity->maximum)
SAMPLES_VALUE(mean_value, moments_mean(&intensity->moments, n))
SAMPLES_VALUE(sum_value, int768_value(&intensity->moments.sum, -149))
SAMPLES_VALUE(sd_value, sqrt(moments_variance(&intensity->moments, n)))
SAMPLES_VALUE(plane_weighted_value, weighted(intensity, AXIS_PLANE))
SAMPLES_VALUE(row_weighted_value, weighted(intensity, AXIS_ROW))
SAMPLES_VALUE(column_weighted_value, weighted(intensity, AXIS_COLUMN))

static const struct {
    const char *name;
    intensity_value *value;
} intensity_columns[] = {{"min", min_value},
                         {"max", max_value},
                         {"mean", mean_value},
                         {"sum", sum_value},
                         {"sd", sd_value},
                         {"plane_weighted", plane_weighted_value},
                         {"row_weighted", row_weighted_value},
                         {"column_weighted", column_weighted_value}};
#define INTENSITY_COLUMNS (sizeof intensity_columns / sizeof *intensity_columns)

/* ---- the table ---- */

void grid_finish(struct grid *grid)
{
    struct volume volume;
    double steps[AXES];
    volume_init(&volume);
    memcpy(volume.direction, grid->direction, sizeof volume.direction);
    for (enum axis axis = 0; axis < AXES; axis++)
        steps[axis] = volume_spacing(&volume, axis);
    grid->voxel = steps[0] * steps[1] * steps[2];
    surface_weights(steps, grid->surface);
}

bool grid_init(struct grid *grid, const struct volume *volume)
{
    bool known = true;
    for (enum axis axis = 0; axis < AXES; axis++) {
        bool has_step = !isnan(volume_spacing(volume, axis));
        for (int i = 0; i < 3; i++)
            grid->direction[axis][i] =
                has_step ? volume->direction[axis][i] : (double)(i == AXES - 1 - (int)axis);
        grid->origin[axis] = isnan(volume->origin[0]) ? 0 : volume->origin[axis];
        known = known && has_step;
    }
    grid_finish(grid);
    return known;
}

static size_t count_columns(const struct table *table)
{
    return OBJECT_COLUMNS + table->objects->intensities * INTENSITY_COLUMNS;
}

static void column_name(const struct table *table, size_t column, char name[NAME_SIZE])
{
    size_t intensity = (column - OBJECT_COLUMNS) / INTENSITY_COLUMNS;
    const char *own = column < OBJECT_COLUMNS
                          ? object_columns[column].name
                          : intensity_columns[(column - OBJECT_COLUMNS) % INTENSITY_COLUMNS].name;
    bool alone = column < OBJECT_COLUMNS || table->objects->intensities == 1;
    snprintf(name, NAME_SIZE, "%s%s%s", own, alone ? "" : ":",
             alone ? "" : table->names[intensity]);
}

static double value_at(const struct table *table, size_t column, size_t at)
{
    const struct object *object = &table->objects->object[at];
    if (column < OBJECT_COLUMNS)
        return object_columns[column].value(object, table->grid);
    size_t intensity = (column - OBJECT_COLUMNS) / INTENSITY_COLUMNS;
    const struct intensity *samples =
        &table->objects->intensity[at * table->objects->intensities + intensity];
    return intensity_columns[(column - OBJECT_COLUMNS) % INTENSITY_COLUMNS].value(
        samples, object->voxels - samples->nans);
}

/* A field of a table: quoted where it needs to be. Names with a tab, or a line's end, have that
 * shown as '?'. */
static bool put_name(struct output *to, const char *name, enum table_kind kind, struct fail *fail)
{
    char text[2 * NAME_SIZE + 2];
    size_t n = 0;
    bool quoted = kind == TABLE_CSV && strpbrk(name, ",\"");
    if (quoted)
        text[n++] = '"';
    for (const char *c = name; *c != '\0'; c++) {
        if (quoted && *c == '"')
            text[n++] = '"';
        text[n++] = (unsigned char)*c < ' ' ? '?' : *c;
    }
    if (quoted)
        text[n++] = '"';
    return output_write(to, text, n, fail);
}

static bool print_json(const struct table *table, struct output *to, struct fail *fail)
{
    uint32_t label = 0;
    size_t at, columns = count_columns(table);
    bool ok = output_print(to, fail, "{\n  \"unit\": ") && json_string(to, table->unit, fail) &&
              json_key(to, "objects", fail) && output_print(to, fail, "[");
    for (const char *comma = ""; ok && objects_next(table->objects, &label, &at); comma = ",") {
        ok = output_print(to, fail, "%s\n    {", comma);
        for (size_t column = 0; ok && column < columns; column++) {
            char name[NAME_SIZE];
            column_name(table, column, name);
            ok = (column == 0 || output_print(to, fail, ", ")) && json_string(to, name, fail) &&
                 output_print(to, fail, ": ") && json_number(to, value_at(table, column, at), fail);
        }
        ok = ok && output_print(to, fail, "}");
    }
    return ok && output_print(to, fail, "\n  ]\n}\n");
}

bool table_print(const struct table *table, enum table_kind kind, struct output *to,
                 struct fail *fail)
{
    uint32_t label = 0;
    size_t at, columns = count_columns(table);
    const char *comma = kind == TABLE_CSV ? "," : "\t";
    bool ok = true;
    if (kind == TABLE_JSON)
        return print_json(table, to, fail);
    for (size_t column = 0; ok && column < columns; column++) {
        char name[NAME_SIZE];
        column_name(table, column, name);
        ok = (column == 0 || output_print(to, fail, "%s", comma)) && put_name(to, name, kind, fail);
    }
    ok = ok && output_print(to, fail, "\n");
    while (ok && objects_next(table->objects, &label, &at)) {
        for (size_t column = 0; ok && column < columns; column++) {
            char text[NUMBER_SIZE];
            ok = output_print(to, fail, "%s%s", column == 0 ? "" : comma,
                              number_text(value_at(table, column, at), text));
        }
        ok = ok && output_print(to, fail, "\n");
    }
    return ok;
}

double *table_column(const struct table *table, const char *name, struct fail *fail)
{
    size_t columns = count_columns(table), found = columns;
    char text[NAME_SIZE];
    for (size_t column = 0; column < columns && found == columns; column++) {
        column_name(table, column, text);
        if (strcmp(text, name) == 0)
            found = column;
    }
    if (found == columns) {
        fail_set(fail, "there is no column '%s' in the table", name);
        return NULL;
    }
    double *values = malloc((table->objects->count + 1) * sizeof *values);
    if (!values)
        fail_errno(fail, "%zu objects", table->objects->count);
    for (size_t at = 0; values && at < table->objects->count; at++)
        values[at] = value_at(table, found, at);
    return values;
}
