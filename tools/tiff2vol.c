/* tiff2vol - a TIFF stack as a stream of floats. The manual is tiff2vol.1. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/cli/paths.h"
#include "common/cli/shared_options.h"
#include "common/shape/crop.h"
#include "common/stream/loop.h"
#include "common/text/utf8.h"
#include "common/volume/length.h"
#include "format/nrrd/stream.h"
#include "format/tiff/option_rows.h"
#include "format/tiff/read.h"

static struct tiff_options reading;
static struct slice slices[AXES];
static struct length spacing;
static double factors[AXES] = {1, 1, 1};
static const char *unit;
static bool has_spacing, has_factors, has_full_scale, has_planes, has_part;
static struct part_choice part;

static const char *const all_words[] = {"all", NULL};
static int channels;

static const struct option_row options[] = {
    ROW_PLANES(&slices[AXIS_PLANE],
               "every S-th plane from A up to but not including B; others\nare not decoded",
               .given = &has_planes),
    ROW_PART(&part, &has_part),
    OPT_PARSED('s', "spacing", "DZ,DY,DX", length_parse, &spacing,
               "distances between planes, rows and columns, such as\n1,0.2,0.2um, instead of the "
               "file's",
               .given = &has_spacing),
    OPT_TEXT('u', "unit", "UNIT", &unit, "unit of the spacing: um, mm, nm, ..."),
    OPT_REALS(0, "downsampled", "FZ,FY,FX", AXES, DBL_MIN, DBL_MAX, factors,
              "multiply the spacing: samples were left out since it was\nwritten down (1,4,4)",
              .given = &has_factors),
    ROW_TIFF_RAW(&reading),
    OPT_REAL(0, "full-scale", "V", DBL_MIN, DBL_MAX, &reading.full_scale,
             "the stored number V becomes 1 (4095: a camera of 12 bits)", .given = &has_full_scale),
    ROW_TIFF_RGB(&reading),
    ROW_TIFF_CHANNEL(&reading),
    OPT_CHOICE(0, "channels", "all", all_words, &channels,
               "take all channels, which become the last axis", .given = &reading.all_channels),
    ROW_TIFF_FRAME(&reading),
    ROW_TIFF_SERIES(&reading),
    ROW_TIFF_ORDER(&reading),
    ROW_TIFF_MISSING(&reading),
    ROW_TIFF_MEMORY(&reading),
    OPT_FLAG(0, "calibrated", &reading.calibrated,
             "values by the linear calibration in ImageJ's description"),
    ROW_TIFF_PLAIN(&reading),
    {0},
};

static const struct program program = {
    .name = "tiff2vol",
    .summary = "Turn TIFF files, one stack in the order given, into a stream.",
    .operands = "FILE...",
    .options = options,
    .more = "FILE \"-\" is standard input; a folder stands for its .tif and .tiff files.\n"
            "Example: tiff2vol --spacing 0.29,0.065,0.065um --downsampled 1,4,4 cells.tif",
};

/* Returns 0, or the exit status after printing a usage error. */
static int check_options(const struct command *command)
{
    if (command->operand_count == 0)
        return command_usage_error(command, "no FILE; see %s --help (\"-\" is standard input)",
                                   program.name);
    for (enum axis axis = AXIS_PLANE; has_spacing && axis < AXES; axis++)
        if (spacing.value[axis] <= 0)
            return command_usage_error(command, "--spacing: the %s axis has spacing 0",
                                       axis_names[axis]);
    if (unit && spacing.unit[0] != '\0')
        return command_usage_error(command, "--spacing and --unit both name a unit");
    if (has_part && has_planes)
        return command_usage_error(command, "--part and --planes both choose planes");
    if (reading.raw && has_full_scale)
        return command_usage_error(command,
                                   "--raw leaves the numbers as stored, --full-scale does not; "
                                   "expected one of them");
    if (reading.rgb && (reading.raw || has_full_scale))
        return command_usage_error(command, "--rgb makes pictures of 8 bits, which --%s is not for",
                                   reading.raw ? "raw" : "full-scale");
    if (reading.channel && reading.all_channels)
        return command_usage_error(command, "--channel takes one channel, --channels all of them; "
                                            "expected one of them");
    if (reading.raw && reading.calibrated)
        return command_usage_error(command, "--raw leaves the numbers as stored, --calibrated does "
                                            "not; expected one of them");
    if (reading.plain && reading.order.count == 0 && (reading.channel || reading.choose_frame))
        return command_usage_error(command, "--plain knows no channels and frames to choose from");
    return 0;
}

/* Which planes are read, where that does not depend on how many there are. */
static void set_planes_needed(const struct slice *slice)
{
    if (slice->step == 0 || slice->start < 0 || slice->stop < 0)
        return;
    reading.first_plane = (uint64_t)slice->start;
    reading.plane_step = slice->step;
    reading.planes_needed = slice->single ? (uint64_t)slice->start + 1 : (uint64_t)slice->stop;
}

/* Other programs show nothing of a volume whose spacing is known in part. */
static void notice_unknown(const struct command *command, const struct volume *volume,
                           const char *name)
{
    char axes[64] = "";
    size_t used = 0;
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        if (isnan(volume_spacing(volume, a)))
            used += (size_t)snprintf(axes + used, sizeof axes - used, "%s%ss", used ? " and " : "",
                                     axis_names[a]);
    command_notice(command,
                   "%s: the distance between %s is not known, but others are: --spacing DZ,DY,DX "
                   "sets all",
                   name, axes);
}

static bool set_space(const struct command *command, struct volume *volume, const char *name,
                      struct fail *fail)
{
    bool all = true, any = false;
    const char *word = spacing.unit[0] != '\0' ? spacing.unit : unit;
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        double step = has_spacing ? spacing.value[a] : volume_spacing(volume, a);
        if (isnan(step) && factors[a] != 1)
            return fail_set(fail,
                            "%s: --downsampled: the step between %ss is not known; give it "
                            "with --spacing",
                            name, axis_names[a]);
        volume_set_spacing(volume, a, step * factors[a]);
        all = all && !isnan(step);
        any = any || !isnan(step);
        if (word && !isnan(step))
            volume_set_unit(volume, a, word);
    }
    if (unit && !any)
        return fail_set(fail, "%s: --unit: no step is known; give them with --spacing", name);
    if (any && !all)
        notice_unknown(command, volume, name);
    if (all)
        volume->origin[0] = volume->origin[1] = volume->origin[2] = 0;
    return true;
}

/* The first line of the history: the command and the names of its files, without their folders. */
static bool add_history(struct volume *volume, const struct command *command, struct fail *fail)
{
    char line[sizeof command->history + 1024];
    size_t count = command->operand_count, shown = count > 4 ? 2 : count;
    size_t used = (size_t)snprintf(line, sizeof line, "%s", command->history);
    for (size_t i = 0; i < shown && used < sizeof line; i++) {
        const char *name = path_name(command->operands[count > 4 && i ? count - 1 : i]);
        used += (size_t)snprintf(line + used, sizeof line - used, "%s %.240s",
                                 count > 4 && i ? " ..." : "", name);
    }
    utf8_make_printable(line);
    return volume_add_history(volume, line, fail);
}

static bool find_files(const struct command *command, struct paths *files, struct fail *fail)
{
    static const char *const endings[] = {".tif", ".tiff", NULL};
    for (size_t i = 0; i < command->operand_count; i++)
        if (!paths_add(files, command->operands[i], endings, fail))
            return false;
    return true;
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    int usage_error = check_options(&command);
    if (usage_error != 0)
        return usage_error;

    struct filter as_it_is = {0};
    struct fail fail = {.text = ""};
    struct paths files = {0};
    struct notices notices = {{0}};
    set_planes_needed(&slices[AXIS_PLANE]);
    reading.part = part;
    struct reader *in = find_files(&command, &files, &fail)
                            ? tiff_open(files.path, files.count, &reading, &notices, &fail)
                            : NULL;
    if (in)
        command_notices(&command, &notices);
    bool ready = in && set_space(&command, &in->volume, in->name, &fail) &&
                 add_history(&in->volume, &command, &fail);
    if (ready) {
        in = has_part ? crop_slab(in, &part, &fail) : crop_reader(in, slices, &fail);
        ready = in != NULL;
    }
    struct writer *out = ready ? nrrd_create(command.output, &in->volume, &fail) : NULL;
    bool whole = out && loop_run(&as_it_is, in, out, &fail);
    int status = command_finish(&command, in, out, whole, &fail);
    paths_free(&files);
    return status;
}
