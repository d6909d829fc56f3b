#include "common/objects/slabs.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/stats/part_list.h"
#include "common/text/number.h"
#include "common/volume/labels.h"

#define SLAB_LINE "vol objects"
#define NUMBERS_LINE "vol numbers"
#define VERSION 1

static const char *const kinds[] = {
    [RUNS_OF_SET] = "set", [RUNS_OF_UNSET] = "unset", [RUNS_OF_VALUES] = "values"};
static const char *const neighbours[] = {
    [CONNECTED_6] = "6", [CONNECTED_18] = "18", [CONNECTED_26] = "26"};

void slab_free(struct slab *slab)
{
    free(slab->voxels);
    free(slab->at_border);
    plane_runs_free(&slab->first);
    plane_runs_free(&slab->last);
    *slab = (struct slab){.objects = 0};
}

static bool put_planes(struct text_out *out, const struct part *part)
{
    return text_put(out, "planes: %" PRIu64 ":%" PRIu64 " of %" PRIu64 "\n", part->first, part->end,
                    part->of);
}

static bool put_steps(struct text_out *out, const double steps[AXES])
{
    bool known = !isnan(steps[AXIS_PLANE] + steps[AXIS_ROW] + steps[AXIS_COLUMN]);
    return known ? text_put(out, "steps: %.17g,%.17g,%.17g\n", steps[AXIS_PLANE], steps[AXIS_ROW],
                            steps[AXIS_COLUMN])
                 : text_put(out, "steps: unknown\n");
}

static bool read_steps(struct text_in *in, double steps[AXES])
{
    const char *text = text_read_field(in, "steps");
    if (!text)
        return false;
    if (number_reals(text, steps, AXES))
        return (steps[0] > 0 && steps[1] > 0 && steps[2] > 0) || text_bad_line(in, "steps");
    for (enum axis axis = 0; axis < AXES; axis++)
        steps[axis] = NAN;
    return strcmp(text, "unknown") == 0 || text_bad_line(in, "steps");
}

bool slab_write(struct text_out *out, const struct slab *slab)
{
    bool ok =
        text_put(out, SLAB_LINE " %d\n", VERSION) && put_planes(out, &slab->part) &&
        text_put(out, "rows: %" PRIu64 "\ncolumns: %" PRIu64 "\n", slab->rows, slab->columns) &&
        text_put(out, "objects of: %s\nconnectivity: %s\n", kinds[slab->rule.kind],
                 neighbours[slab->rule.connectivity]) &&
        put_steps(out, slab->steps) && text_put(out, "objects: %" PRIu64 "\n", slab->objects);
    for (uint64_t i = 1; ok && i <= slab->objects; i++)
        ok = text_put(out, "%" PRIu64 "%s\n", slab->voxels[i], slab->at_border[i] ? " border" : "");
    return ok && plane_runs_write(out, "runs in the first plane", &slab->first) &&
           plane_runs_write(out, "runs in the last plane", &slab->last) && text_end(out);
}

static bool read_planes(struct text_in *in, struct part *part)
{
    const char *text = text_read_field(in, "planes");
    return text && (part_read(text, part) || text_bad_line(in, "planes"));
}

/* The index of the field's text among `count` words. */
static bool read_word(struct text_in *in, const char *key, const char *const *words, size_t count,
                      size_t *index)
{
    const char *text = text_read_field(in, key);
    for (*index = 0; text && *index < count; ++*index)
        if (strcmp(text, words[*index]) == 0)
            return true;
    return text && text_bad_line(in, key);
}

static bool read_object(struct text_in *in, struct slab *slab)
{
    if (!text_read_line(in))
        return false;
    char *space = strchr(in->text, ' ');
    bool border = space && strcmp(space, " border") == 0;
    if (border)
        *space = '\0';
    uint64_t i = slab->objects + 1;
    if (!number_count(in->text, &slab->voxels[i]) || slab->voxels[i] == 0)
        return text_bad_line(in, "voxels of an object");
    slab->at_border[i] = border;
    slab->objects = i;
    return true;
}

/* Memory grows with the lines that come, not with their number as it is claimed. */
static bool read_objects(struct text_in *in, struct slab *slab)
{
    uint64_t count, room = 0;
    if (!text_read_count(in, "objects", LABELS_MAX, &count))
        return false;
    while (slab->objects < count) {
        if (slab->objects + 2 > room) {
            room = 2 * room + 1024;
            uint64_t *voxels = realloc(slab->voxels, room * sizeof *voxels);
            slab->voxels = voxels ? voxels : slab->voxels;
            bool *at_border = realloc(slab->at_border, room * sizeof *at_border);
            slab->at_border = at_border ? at_border : slab->at_border;
            if (!voxels || !at_border)
                return fail_errno(in->fail, "%s", in->input.name);
        }
        if (!read_object(in, slab))
            return false;
    }
    return true;
}

static bool read_slab_lines(struct text_in *in, struct slab *slab)
{
    size_t kind, connectivity;
    bool ok =
        text_read_first(in, SLAB_LINE, VERSION, "list of a slab's objects", "vollabel --slab") &&
        read_planes(in, &slab->part) &&
        text_read_count(in, "rows", PLANE_RUNS_MAX_ROWS, &slab->rows) &&
        text_read_count(in, "columns", RUNS_MAX_COLUMNS, &slab->columns) &&
        read_word(in, "objects of", kinds, 3, &kind) &&
        read_word(in, "connectivity", neighbours, 3, &connectivity) &&
        read_steps(in, slab->steps) && read_objects(in, slab);
    if (!ok)
        return false;
    slab->rule = (struct component_rule){.kind = (enum run_kind)kind,
                                         .connectivity = (enum connectivity)connectivity};
    return plane_runs_read(in, "runs in the first plane", slab->rows, slab->columns, slab->objects,
                           &slab->first) &&
           plane_runs_read(in, "runs in the last plane", slab->rows, slab->columns, slab->objects,
                           &slab->last) &&
           text_read_end(in);
}

static bool read_slab(const char *path, struct slab *slab, struct fail *fail)
{
    struct text_in in;
    *slab = (struct slab){.objects = 0};
    return text_open(&in, path, fail) && text_close(&in, read_slab_lines(&in, slab));
}

static int compare_places(const void *a, const void *b)
{
    const struct slab *x = a, *y = b;
    return (x->part.first > y->part.first) - (x->part.first < y->part.first);
}

static bool read_slabs(char *const *paths, size_t count, const struct component_rule *rule,
                       struct slab *slabs, struct fail *fail)
{
    struct part_list planes = {.count = 0};
    struct fail why = {.text = ""};
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        struct slab *slab = &slabs[i];
        if (!read_slab(paths[i], slab, fail))
            ok = false;
        else if (slab->rule.kind != rule->kind || slab->rule.connectivity != rule->connectivity)
            ok = fail_set(fail,
                          "%s: was made with other options: with --connectivity %s%s; give them to "
                          "--merge, too",
                          paths[i], neighbours[slab->rule.connectivity],
                          slab->rule.kind == RUNS_OF_VALUES ? " --values" : "");
        else if (slab->rows != slabs->rows || slab->columns != slabs->columns)
            ok = fail_set(fail, "%s: its planes have another shape than those of %s", paths[i],
                          paths[0]);
        else if (!part_list_add(&planes, &slab->part, slab->rows * slab->columns, &why))
            ok = fail_prefix(fail, &why, "%s", paths[i]);
    }
    char missing[PART_LIST_TEXT];
    if (ok && !part_list_is_whole(&planes))
        ok = fail_set(fail, "%s are missing", part_list_missing(&planes, missing));
    part_list_free(&planes);
    qsort(slabs, count, sizeof *slabs, compare_places);
    return ok;
}

/* Numbers of a plane's runs become those among the objects of all slabs. */
static void shift_numbers(struct plane_runs *plane, uint32_t by)
{
    for (size_t i = 0; i < plane->runs.count; i++)
        plane->runs.run[i].number += by;
}

/* Each slab's objects are the pieces, which are joined where slabs touch. */
static bool join_slabs(struct slab *slabs, size_t count, struct components *components,
                       struct fail *fail)
{
    for (size_t k = 0; k < count; k++) {
        struct slab *slab = &slabs[k];
        uint32_t before = (uint32_t)components->pieces;
        for (uint64_t i = 1; i <= slab->objects; i++) {
            uint32_t piece = components_add(components, "--merge", fail);
            if (piece == 0)
                return false;
            components->voxels[piece] = slab->voxels[i];
            components->at_border[piece] = slab->at_border[i];
        }
        shift_numbers(&slab->first, before);
        shift_numbers(&slab->last, before);
        for (uint64_t row = 0; k > 0 && row < slab->rows; row++)
            plane_runs_touch(components, &slab->rule, &slab->first, row, &slabs[k - 1].last);
    }
    return true;
}

static bool write_numbers(const struct slab *slabs, size_t count,
                          const struct components *components, const struct slabs_result *result,
                          struct text_out *out)
{
    size_t piece = 0;
    bool ok = text_put(out, NUMBERS_LINE " %d\nhistory: %s\nbinary: %d\nlabels: %" PRIu64 "\n",
                       VERSION, result->history, result->binary, components->kept);
    for (size_t k = 0; ok && k < count; k++) {
        ok = put_planes(out, &slabs[k].part) &&
             text_put(out, "objects: %" PRIu64 "\n", slabs[k].objects);
        for (uint64_t i = 0; ok && i < slabs[k].objects; i++)
            ok = text_put(out, "%" PRIu32 "\n", components->number[++piece]);
    }
    return ok && text_end(out);
}

bool slabs_join(char *const *paths, size_t count, const struct component_rule *rule,
                const struct object_choice *choice, const struct slabs_result *result,
                struct text_out *out, uint64_t *labels, struct fail *fail)
{
    struct slab *slabs = calloc(count, sizeof *slabs);
    struct components components = {.counts = true};
    struct component_choice voxels;
    bool ok = slabs || fail_errno(fail, "%zu slabs", count);
    ok = ok && read_slabs(paths, count, rule, slabs, fail) &&
         object_choice_voxels(choice, slabs->steps, &voxels, fail) &&
         join_slabs(slabs, count, &components, fail) &&
         components_finish(&components, &voxels, fail);
    if (ok && !result->binary && components.kept > LABELS_MAX)
        ok = fail_set(fail,
                      "%" PRIu64 " objects, more than the %d that labels can tell apart: "
                      "leave out small ones (--min-size)",
                      components.kept, LABELS_MAX);
    *labels = components.kept;
    ok = ok && write_numbers(slabs, count, &components, result, out);
    for (size_t k = 0; slabs && k < count; k++)
        slab_free(&slabs[k]);
    free(slabs);
    components_free(&components);
    return ok;
}

/* The numbers of one slab; those of the others are read over. */
static bool read_table(struct text_in *in, bool wanted, struct slab_numbers *numbers)
{
    uint64_t count, number, room = 0;
    struct label_table *table = &numbers->table;
    if (!text_read_count(in, "objects", LABELS_MAX, &count))
        return false;
    for (uint64_t i = 0; i <= count; i++) {
        if (wanted && i == room) {
            room = 2 * room + 1024;
            float *to = realloc(table->to, room * sizeof *to);
            if (!to)
                return fail_errno(in->fail, "%s", in->input.name);
            table->to = to;
        }
        number = 0;
        if (i > 0 && (!text_read_line(in) ||
                      !(number_count(in->text, &number) || text_bad_line(in, "a number"))))
            return false;
        if (number > numbers->labels)
            return text_bad_line(in, "a number up to that of the labels");
        if (wanted) {
            table->to[i] = (float)(numbers->binary && number > 0 ? 1 : number);
            table->count = (uint32_t)(i + 1);
        }
    }
    return true;
}

static bool read_numbers(struct text_in *in, const struct part *part, struct slab_numbers *numbers)
{
    uint64_t binary, labels;
    if (!text_read_first(in, NUMBERS_LINE, VERSION, "list of objects' numbers", "vollabel --merge"))
        return false;
    const char *history = text_read_field(in, "history");
    if (!history)
        return false;
    snprintf(numbers->history, sizeof numbers->history, "%s", history);
    if (!text_read_count(in, "binary", 1, &binary) ||
        !text_read_count(in, "labels", UINT32_MAX, &labels))
        return false;
    numbers->binary = binary;
    numbers->labels = (uint32_t)labels;
    while (text_next_is(in, "planes")) {
        struct part found;
        if (!read_planes(in, &found))
            return false;
        bool wanted = found.first == part->first && found.end == part->end && found.of == part->of;
        if (!read_table(in, wanted && !numbers->table.to, numbers))
            return false;
    }
    return in->again && text_read_end(in);
}

bool slab_numbers_read(const char *path, const struct volume *volume, struct slab_numbers *numbers,
                       struct fail *fail)
{
    struct text_in in;
    struct part part;
    if (!volume_part(volume, &part))
        part = (struct part){.end = volume->size[AXIS_PLANE], .of = volume->size[AXIS_PLANE]};
    *numbers = (struct slab_numbers){.labels = 0};
    if (!text_open(&in, path, fail))
        return false;
    if (!text_close(&in, read_numbers(&in, &part, numbers)))
        return false;
    return numbers->table.to ||
           fail_set(fail, "%s: says nothing of planes %" PRIu64 ":%" PRIu64 " of %" PRIu64, path,
                    part.first, part.end, part.of);
}

void slab_numbers_free(struct slab_numbers *numbers)
{
    free(numbers->table.to);
    numbers->table.to = NULL;
}
