/* volset - set spacing, unit, origin and notes of a volume; samples pass unchanged. The manual is
 * volset.1. */
#include <ctype.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "common/cli/option.h"
#include "common/volume/length.h"
#include "format/nrrd/filter.h"

#define MAX_NOTES 64

/* Arguments of an option that may be given several times. */
struct list {
    const char *text[MAX_NOTES];
    size_t count;
};

static struct length spacing;
static const char *unit;
static double origin[3];
static struct list notes, drops;
static bool spacing_given, origin_given;

static bool add(struct list *list, const char *text, struct fail *fail)
{
    if (list->count == MAX_NOTES)
        return fail_set(fail, "more than %d", MAX_NOTES);
    list->text[list->count++] = text;
    return true;
}

/* A key that a header line can begin with. */
static bool parse_note(const char *text, void *list, struct fail *fail)
{
    size_t n = strcspn(text, "=");
    bool ok = n > 0 && text[n] == '=' && text[0] != '#' && !isspace((unsigned char)text[0]);
    for (size_t i = 0; i < n; i++)
        ok = ok && text[i] != ':' && text[i] != '\\' && !iscntrl((unsigned char)text[i]);
    return ok ? add(list, text, fail) : fail_set(fail, "needs KEY=VALUE, not '%s'", text);
}

static bool parse_key(const char *text, void *list, struct fail *fail)
{
    return add(list, text, fail);
}

static const struct option_row options[] = {
    OPT_PARSED(0, "spacing", "LENGTH", length_parse, &spacing,
               "distance of planes, rows and columns: one value or\n"
               "plane,row,column, in the volume's unit or with one",
               .given = &spacing_given),
    OPT_TEXT(0, "unit", "UNIT", &unit, "unit of the spacing: nm, um, mm, ...; numbers stay"),
    OPT_REALS(0, "origin", "X,Y,Z", 3, -DBL_MAX, DBL_MAX, origin,
              "place of the first sample in space", .given = &origin_given),
    OPT_PARSED(0, "note", "KEY=VALUE", parse_note, &notes, "set a note; may be repeated",
               .not_in_history = true),
    OPT_PARSED(0, "drop", "KEY", parse_key, &drops,
               "drop a note, or what is known of the spacing, unit or\norigin; may be repeated",
               .not_in_history = true),
    {0},
};

static const struct program program = {
    .name = "volset",
    .summary = "Set spacing, unit, origin and notes of a volume; samples pass unchanged.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .effect = EFFECT_KEEPS,
    .more = "Example: tiff2vol cells.tif | volset --spacing 0.29,0.26,0.26um -o cells.nrrd",
};

static void set_unit(struct volume *volume, const char *word)
{
    for (enum axis axis = AXIS_PLANE; axis < AXES; axis++)
        unit_normalize(volume->unit[axis], word);
}

static bool drop(struct volume *volume, const char *key, struct fail *fail)
{
    if (strcmp(key, "spacing") == 0)
        for (enum axis axis = AXIS_PLANE; axis < AXES; axis++)
            volume->direction[axis][0] = NAN;
    else if (strcmp(key, "unit") == 0)
        set_unit(volume, "");
    else if (strcmp(key, "origin") == 0)
        volume->origin[0] = NAN;
    else if (volume_value(volume, key))
        return volume_set_value(volume, key, NULL, fail);
    else if (volume_field(volume, key))
        return volume_set_field(volume, key, NULL, fail);
    else
        return fail_set(fail, "--drop: there is no note '%s'", key);
    return true;
}

static bool set_notes(struct volume *volume, struct fail *fail)
{
    for (size_t i = 0; i < drops.count; i++)
        if (!drop(volume, drops.text[i], fail))
            return false;
    for (size_t i = 0; i < notes.count; i++) {
        char key[256];
        size_t n = strcspn(notes.text[i], "=");
        if (n >= sizeof key)
            return fail_set(fail, "--note: a key of %zu bytes, %zu at most", n, sizeof key - 1);
        memcpy(key, notes.text[i], n);
        key[n] = '\0';
        if (!volume_set_value(volume, key, notes.text[i] + n + 1, fail))
            return false;
    }
    return true;
}

/* Keeps the direction of an axis that has one. */
static void set_spacing(struct volume *volume, enum axis axis, double value)
{
    double *step = volume->direction[axis], old = volume_spacing(volume, axis);
    if (isnan(old)) {
        volume_set_spacing(volume, axis, value);
        return;
    }
    for (size_t i = 0; i < 3; i++) {
        bool along = fabs(step[i]) >= old; /* the only part, which takes the very value */
        step[i] = along ? copysign(value, step[i]) : step[i] / old * value;
    }
}

static bool set_place(struct volume *volume, struct fail *fail)
{
    for (enum axis axis = AXIS_PLANE; spacing_given && axis < AXES; axis++)
        set_spacing(volume, axis, spacing.value[axis]);
    if (spacing.unit[0] != '\0')
        set_unit(volume, spacing.unit);
    if (unit)
        set_unit(volume, unit);
    for (enum axis axis = AXIS_PLANE; axis < AXES; axis++)
        if ((origin_given || unit) && isnan(volume_spacing(volume, axis)))
            return fail_set(fail,
                            "--%s needs the spacing along the %s axis, which is unknown: give "
                            "--spacing",
                            origin_given ? "origin" : "unit", axis_names[axis]);
    if (origin_given)
        memcpy(volume->origin, origin, sizeof origin);
    return true;
}

static int check_usage(const struct command *command)
{
    char word[UNIT_SIZE] = "";
    for (enum axis axis = AXIS_PLANE; spacing_given && axis < AXES; axis++)
        if (spacing.value[axis] <= 0)
            return command_usage_error(command, "--spacing: the %s axis has spacing 0",
                                       axis_names[axis]);
    if (unit)
        unit_normalize(word, unit);
    if (unit && isnan(unit_metres(word)))
        return command_usage_error(command, "--unit: '%s' is not a unit of length that is known",
                                   unit);
    if (unit && spacing.unit[0] != '\0')
        return command_usage_error(command, "--spacing and --unit both name a unit");
    if (!spacing_given && !unit && !origin_given && notes.count == 0 && drops.count == 0)
        return command_usage_error(command, "nothing to set; see volset --help");
    return 0;
}

static bool prepare(struct filter_job *job, struct fail *fail)
{
    return set_notes(&job->in->volume, fail) && set_place(&job->in->volume, fail);
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, check_usage, prepare);
}
