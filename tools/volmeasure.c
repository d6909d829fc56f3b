/* volmeasure - a table of the objects of a volume of labels. The manual is volmeasure.1. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/cli/shared_options.h"
#include "common/objects/label_table.h"
#include "common/objects/measures_file.h"
#include "common/stream/second_pass.h"
#include "common/volume/geometry.h"
#include "common/volume/labels.h"
#include "format/nrrd/stream.h"

static bool csv, json, slab, merge;
static const char *paint;

static const struct option_row options[] = {
    OPT_FLAG(0, "csv", &csv, "print commas in place of tabs"),
    OPT_FLAG(0, "json", &json, "print JSON"),
    OPT_TEXT(0, "paint", "COLUMN", &paint,
             "write a volume instead: each object with its value in COLUMN,\n0 outside of them"),
    OPT_FLAG(0, "slab", &slab, "LABELS is a slab of a volume: print what --merge adds up",
             .not_in_history = true),
    OPT_FLAG(0, "merge", &merge, "FILEs are what --slab printed of all slabs: print their table",
             .not_in_history = true, .no_volume = true),
    {0},
};

static const struct program program = {
    .name = "volmeasure",
    .summary = "Measure the objects of a volume of labels: a table with a row for each.",
    .operands = "[LABELS [INTENSITY]...] | --merge FILE...",
    .options = options,
    .effect = EFFECT_MAPS,
    .more = "Columns: label, voxels, volume, centroid (plane, row, column; x, y, z), box, faces,\n"
            "surface, euler; of each INTENSITY min, max, mean, sum, sd, weighted centroid.\n"
            "Example: vollabel mask.nrrd | volmeasure - cells.nrrd >nuclei.tsv",
};

static int check(const struct command *command)
{
    if (csv + json + slab + (paint != NULL) > 1)
        return command_usage_error(command, "only one of --csv, --json, --paint and --slab");
    if (merge && (slab || paint))
        return command_usage_error(command, "--merge prints a table: no --slab, no --paint");
    if (merge && command->operand_count == 0)
        return command_usage_error(command, "--merge needs what --slab printed of all slabs");
    if (!merge && command->operand_count > 1 + MEASURES_MAX)
        return command_usage_error(command, "more than %d volumes of intensities", MEASURES_MAX);
    return 0;
}

/* A volume's name without its folders and the ending of its file. */
static char *short_name(const char *name)
{
    const char *slash = strrchr(name, '/');
    name = slash ? slash + 1 : name;
    const char *dot = strrchr(name, '.');
    return strndup(name, dot && dot > name ? (size_t)(dot - name) : strlen(name));
}

static struct table table_of(const struct measures *measures)
{
    return (struct table){.objects = &measures->objects,
                          .grid = &measures->grid,
                          .names = (const char *const *)measures->names,
                          .unit = measures->unit};
}

/* The volumes behind the labels, on the same grid. */
static bool open_intensities(const struct command *command, struct reader *labels,
                             struct measures *measures, struct reader **volumes, struct fail *fail)
{
    for (size_t i = 0; i + 1 < command->operand_count; i++) {
        if (!(volumes[i] = nrrd_open(command->operands[i + 1], fail)))
            return false;
        if (volumes[i]->volume.channels > 1)
            return fail_set(fail,
                            "%s: has several channels: name a volume of one (volcrop "
                            "--channels)",
                            volumes[i]->name);
        if (!geometry_agrees(&labels->volume, labels->name, &volumes[i]->volume, volumes[i]->name,
                             fail))
            return false;
        if (!(measures->names[i] = short_name(command->operands[i + 1])))
            return fail_errno(fail, "%s", volumes[i]->name);
        for (size_t k = 0; k < i; k++)
            if (strcmp(measures->names[k], measures->names[i]) == 0)
                return fail_set(fail, "%s and %s give columns the same name: name files otherwise",
                                command->operands[k + 1], command->operands[i + 1]);
    }
    return true;
}

static bool measure(const struct command *command, struct reader *labels, struct measures *measures,
                    struct fail *fail)
{
    struct reader *volumes[MEASURES_MAX] = {NULL};
    const struct volume *volume = &labels->volume;
    size_t intensities = command->operand_count > 1 ? command->operand_count - 1 : 0;
    measures->rows = volume->size[AXIS_ROW];
    measures->columns = volume->size[AXIS_COLUMN];
    measures->has_grid = grid_init(&measures->grid, volume);
    strcpy(measures->unit, volume_unit(volume, AXIS_COLUMN));
    if (!slab || !volume_part(volume, &measures->part))
        measures->part =
            (struct part){.end = volume->size[AXIS_PLANE], .of = volume->size[AXIS_PLANE]};
    if (!objects_init(&measures->objects, intensities))
        return fail_errno(fail, "%s", labels->name);
    bool ok = open_intensities(command, labels, measures, volumes, fail) &&
              measure_volume(&measures->objects, labels, volumes, &measures->part,
                             slab ? &measures->faces : NULL, fail);
    for (size_t i = 0; i < intensities; i++)
        command_close_input(command, volumes[i]);
    return ok;
}

/* Says what a user must know of the numbers. */
static void remark(const struct command *command, const struct measures *measures)
{
    const struct objects *objects = &measures->objects;
    uint64_t nans = 0;
    for (size_t i = 0; i < objects->count * objects->intensities; i++)
        nans += objects->intensity[i].nans;
    if (nans > 0)
        command_notice(command, "%llu samples in objects are NaN and left out",
                       (unsigned long long)nans);
    if (!measures->has_grid)
        command_notice(command, "the spacing is unknown: volume, surface, x, y and z are in "
                                "voxels (volset --spacing)");
    command_verbose(command, "%zu objects", objects->count);
}

static bool print(const struct command *command, const struct measures *measures, struct fail *fail)
{
    struct table table = table_of(measures);
    struct text_out text;
    struct output to;
    if (!output_open_text(&to, command->output, fail))
        return false;
    text_begin(&text, &to, fail);
    bool ok = slab ? measures_write(&text, measures)
                   : table_print(&table,
                                 json  ? TABLE_JSON
                                 : csv ? TABLE_CSV
                                       : TABLE_TSV,
                                 &to, fail);
    return output_close(&to, ok, fail);
}

/* What each label becomes: its object's value. */
static bool fill_table(const struct measures *measures, struct label_table *to, struct fail *fail)
{
    const struct table table = table_of(measures);
    uint32_t label = 0, largest = 0;
    size_t at;
    while (objects_next(&measures->objects, &label, &at))
        largest = label;
    double *values = table_column(&table, paint, fail);
    if (!values)
        return false;
    *to = (struct label_table){.to = calloc(largest + 1, sizeof *to->to), .count = largest + 1};
    for (label = 0; to->to && objects_next(&measures->objects, &label, &at);)
        to->to[label] = (float)values[at];
    free(values);
    return to->to || fail_errno(fail, "%zu objects", measures->objects.count);
}

static bool write_painted(const struct command *command, const struct measures *measures,
                          struct reader *labels, struct fail *fail)
{
    struct label_table table = {.count = 0};
    const struct filter filter = {
        .change = label_table_span, .state = &table, .refused = "sample that is no label"};
    const struct effect effect = {.kind = EFFECT_MAKES};
    bool ok = fill_table(measures, &table, fail) && reader_seek(labels, 0, fail) &&
              effect_pass(&effect, command->history, &labels->volume, fail);
    struct writer *out = ok ? nrrd_create(command->output, &labels->volume, fail) : NULL;
    ok = out && second_pass_run(&filter, labels, out, fail);
    ok = writer_close(out, ok, fail);
    free(table.to);
    return ok;
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    int usage = check(&command);
    if (usage != 0)
        return usage;
    struct fail fail = {.text = ""};
    struct measures measures = {.has_grid = false};
    struct reader *labels = NULL;
    bool ok;
    if (merge)
        ok = measures_join(command.operands, command.operand_count, &measures, &fail);
    else {
        labels = nrrd_open(command_input(&command), &fail);
        if (labels && paint)
            labels = second_pass_reader(labels, &fail);
        if (labels && !slab)
            command_remark_slab(&command, labels);
        ok = labels && measure(&command, labels, &measures, &fail);
    }
    if (ok)
        remark(&command, &measures);
    ok = ok && (paint ? write_painted(&command, &measures, labels, &fail)
                      : print(&command, &measures, &fail));
    measures_free(&measures);
    return command_finish(&command, labels, NULL, ok, &fail);
}
