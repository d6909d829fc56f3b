/* volinfo - print shape, range, spacing and history of a volume. The manual is volinfo.1. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/cli/option.h"
#include "common/cli/paths.h"
#include "common/exposure/contrast.h"
#include "common/stats/statistics.h"
#include "common/stream/second_pass.h"
#include "common/text/escape.h"
#include "common/text/json.h"
#include "common/volume/source.h"
#include "format/nrrd/stream.h"
#include "format/tiff/option_rows.h"
#include "format/tiff/print.h"

static bool json, header_only, contrast;
static struct tiff_options reading;

static const struct option_row options[] = {
    OPT_FLAG(0, "json", &json, "print JSON, for programs"),
    OPT_FLAG(0, "header", &header_only, "print what the header says; read no samples"),
    OPT_FLAG(0, "contrast", &contrast,
             "print what share of the source type's range lies between\n"
             "the percentiles 1 and 99; low: below 0.05"),
    ROW_TIFF_RAW(&reading),
    ROW_TIFF_RGB(&reading),
    ROW_TIFF_CHANNEL(&reading),
    ROW_TIFF_FRAME(&reading),
    ROW_TIFF_SERIES(&reading),
    ROW_TIFF_ORDER(&reading),
    ROW_TIFF_MISSING(&reading),
    ROW_TIFF_MEMORY(&reading),
    ROW_TIFF_PLAIN(&reading),
    {0},
};

static const struct program program = {
    .name = "volinfo",
    .summary = "Print shape, range, spacing and history of a volume.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .format = "text",
    .more = "FILE may also be a TIFF file, or a folder of them, which is a stack as for tiff2vol;\n"
            "its contents are described without reading samples.\n"
            "The options from --raw on are for such files, and mean what tiff2vol does with them.\n"
            "Example: tiff2vol cells.tif | volinfo",
};

/* What is printed, as text or as JSON. */
struct facts {
    const struct volume *volume;
    const struct stats_result *stats; /* NULL: the samples were not read */
    double spacing[AXES];             /* plane, row, column; NAN: unknown */
    double normalized[AXES];          /* divided by the spacing of columns */
};

static void gather_spacing(struct facts *facts)
{
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        facts->spacing[a] = volume_spacing(facts->volume, a);
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        facts->normalized[a] = facts->spacing[a] / facts->spacing[AXIS_COLUMN];
}

static const char *source_type(const struct volume *volume)
{
    const char *type = volume_value(volume, "source type");
    return type ? type : "";
}

static double float_bytes(const struct volume *volume)
{
    return (double)volume_samples(volume) * sizeof(float);
}

/* ---- text --------------------------------------------------------------------------------- */

/* For people: 0.1, not 0.10000000000000001. */
static const char *known(double value, char text[NUMBER_SIZE])
{
    snprintf(text, NUMBER_SIZE, "%.6g", value);
    return isnan(value) ? "unknown" : text;
}

static bool print_triple(struct output *to, const char *label, const double value[3],
                         const char *unit, struct fail *fail)
{
    char text[3][NUMBER_SIZE];
    return output_print(to, fail, "%-12s(%s, %s, %s)%s", label, known(value[0], text[0]),
                        known(value[1], text[1]), known(value[2], text[2]), unit[0] ? " " : "") &&
           text_write_printable(to, unit, fail) && output_print(to, fail, "\n");
}

static bool print_shape(struct output *to, const struct volume *volume, struct fail *fail)
{
    bool channels = volume->channel_kind != CHANNELS_NONE;
    if (!output_print(to, fail, "%-12s(%" PRIu64 ", %" PRIu64 ", %" PRIu64, "shape",
                      volume->size[AXIS_PLANE], volume->size[AXIS_ROW], volume->size[AXIS_COLUMN]))
        return false;
    if (channels && !output_print(to, fail, ", %" PRIu64, volume->channels))
        return false;
    return output_print(to, fail, ") plane, row, column%s\n", channels ? ", channel" : "");
}

static bool print_type(struct output *to, const struct volume *volume, struct fail *fail)
{
    const char *source = source_type(volume);
    return output_print(to, fail, "%-12sfloat32%s", "type", source[0] ? ", from " : "") &&
           text_write_printable(to, source, fail) && output_print(to, fail, "\n");
}

/* The range as the integers that the source held. False: it held none, or samples are these. */
static bool find_stored(const struct facts *facts, double stored[2])
{
    double scale = volume_count_scale(facts->volume);
    if (isnan(scale) || scale == 1 || !isfinite(facts->stats->minimum) ||
        !isfinite(facts->stats->maximum))
        return false;
    stored[0] = rint((double)facts->stats->minimum * scale) + 0.;
    stored[1] = rint((double)facts->stats->maximum * scale) + 0.;
    return true;
}

static bool print_stats(struct output *to, const struct facts *facts, struct fail *fail)
{
    const struct stats_result *stats = facts->stats;
    double stored[2];
    char low[NUMBER_SIZE], high[NUMBER_SIZE], mean[NUMBER_SIZE];
    if (stats->nans < stats->samples &&
        !(output_print(to, fail, "%-12s%s to %s\n", "range", number_text_float(stats->minimum, low),
                       number_text_float(stats->maximum, high)) &&
          (!find_stored(facts, stored) ||
           output_print(to, fail, "%-12s%.0f to %.0f\n", "stored", stored[0], stored[1])) &&
          output_print(to, fail, "%-12s%s\n", "mean", number_text(stats->mean, mean))))
        return false;
    if (stats->infinities > 0 &&
        !output_print(to, fail, "%-12s%" PRIu64 "\n", "infinite", stats->infinities))
        return false;
    return output_print(to, fail, "%-12s%" PRIu64 "\n", "NaN", stats->nans);
}

static bool print_contrast(struct output *to, const struct facts *facts, struct fail *fail)
{
    struct contrast of = contrast_of(facts->volume, facts->stats);
    return isnan(of.share) ||
           output_print(to, fail, "%-12s%.6g%s: %.6g to %.6g of a range of %.6g\n", "contrast",
                        of.share, of.low ? ", low" : "", facts->stats->percentiles[0],
                        facts->stats->percentiles[1], of.range);
}

/* The unit of all axes if they agree, otherwise the three units. */
static void join_units(const struct volume *volume, char *text, size_t size)
{
    const char *plane = volume_unit(volume, AXIS_PLANE), *row = volume_unit(volume, AXIS_ROW),
               *column = volume_unit(volume, AXIS_COLUMN);
    if (strcmp(plane, row) == 0 && strcmp(row, column) == 0)
        snprintf(text, size, "%s", plane);
    else
        snprintf(text, size, "(%s, %s, %s)", plane[0] ? plane : "unknown", row[0] ? row : "unknown",
                 column[0] ? column : "unknown");
}

static bool print_space(struct output *to, const struct facts *facts, struct fail *fail)
{
    const struct volume *volume = facts->volume;
    char unit[4 * UNIT_SIZE];
    join_units(volume, unit, sizeof unit);
    if (!print_triple(to, "spacing", facts->spacing, unit, fail))
        return false;
    if (!isnan(facts->spacing[AXIS_COLUMN]) &&
        !print_triple(to, "normalized", facts->normalized, "", fail))
        return false;
    if (!isnan(volume->origin[0]) && !print_triple(to, "origin", volume->origin, "x, y, z", fail))
        return false;
    return volume->space[0] == '\0' || output_print(to, fail, "%-12s%s\n", "space", volume->space);
}

/* Lines after the first are aligned with it. */
static bool print_key_value(struct output *to, const char *key, const char *value,
                            struct fail *fail)
{
    char *copy = strdup(value);
    bool ok = copy || fail_errno(fail, "%s", key);
    ok = ok && text_write_printable(to, key, fail) &&
         output_print(to, fail, "%s%*s", strlen(key) < 12 ? "" : "\n",
                      strlen(key) < 12 ? 12 - (int)strlen(key) : 12, "");
    for (char *line = copy; ok && line;) {
        char *next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        ok = text_write_printable(to, line, fail) &&
             output_print(to, fail, "\n%*s", next ? 12 : 0, "");
        line = next;
    }
    free(copy);
    return ok;
}

static bool print_text(struct output *to, const struct facts *facts, struct fail *fail)
{
    const struct volume *volume = facts->volume;
    bool ok =
        print_shape(to, volume, fail) && print_type(to, volume, fail) &&
        (!facts->stats || print_stats(to, facts, fail)) &&
        (!contrast || print_contrast(to, facts, fail)) && print_space(to, facts, fail) &&
        output_print(to, fail, "%-12s%.4g MB as float32\n", "memory", float_bytes(volume) / 1e6);
    for (size_t i = 0; ok && i < volume->key_value_count; i++)
        if (strcmp(volume->key_values[i].key, "source type") != 0)
            ok = print_key_value(to, volume->key_values[i].key, volume->key_values[i].value, fail);
    return ok;
}

/* ---- JSON --------------------------------------------------------------------------------- */

static bool json_shape(struct output *to, const struct volume *volume, struct fail *fail)
{
    static const char *const kinds[] = {"null", "\"vector\"", "\"RGB\"", "\"RGBA\""};
    return output_print(to, fail,
                        "{\n  \"shape\": [%" PRIu64 ", %" PRIu64 ", %" PRIu64
                        "],\n  \"channels\": %" PRIu64 ",\n  \"channel_kind\": %s",
                        volume->size[AXIS_PLANE], volume->size[AXIS_ROW], volume->size[AXIS_COLUMN],
                        volume->channels, kinds[volume->channel_kind]) &&
           json_key(to, "type", fail) && json_string(to, "float32", fail) &&
           json_key(to, "source_type", fail) && json_string(to, source_type(volume), fail) &&
           json_key(to, "bytes", fail) && output_print(to, fail, "%.0f", float_bytes(volume));
}

static bool json_stats(struct output *to, const struct facts *facts, struct fail *fail)
{
    const struct stats_result *stats = facts->stats;
    double stored[2];
    return json_key(to, "minimum", fail) && json_number(to, (double)stats->minimum, fail) &&
           json_key(to, "maximum", fail) && json_number(to, (double)stats->maximum, fail) &&
           (!find_stored(facts, stored) ||
            (json_key(to, "stored_range", fail) && json_numbers(to, stored, 2, fail))) &&
           json_key(to, "mean", fail) && json_number(to, stats->mean, fail) &&
           json_key(to, "nans", fail) && output_print(to, fail, "%" PRIu64, stats->nans) &&
           json_key(to, "infinities", fail) &&
           output_print(to, fail, "%" PRIu64, stats->infinities);
}

static bool json_contrast(struct output *to, const struct facts *facts, struct fail *fail)
{
    struct contrast of = contrast_of(facts->volume, facts->stats);
    return json_key(to, "contrast", fail) && json_number(to, of.share, fail) &&
           json_key(to, "low_contrast", fail) &&
           output_print(to, fail, "%s", of.low ? "true" : "false");
}

static bool json_space(struct output *to, const struct facts *facts, struct fail *fail)
{
    const struct volume *volume = facts->volume;
    const char *units[AXES];
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        units[a] = volume_unit(volume, a);
    return json_key(to, "spacing", fail) && json_numbers(to, facts->spacing, AXES, fail) &&
           json_key(to, "spacing_normalized", fail) &&
           json_numbers(to, facts->normalized, AXES, fail) && json_key(to, "unit", fail) &&
           json_strings(to, units, AXES, fail) &&
           (isnan(volume->origin[0]) ||
            (json_key(to, "origin", fail) && json_numbers(to, volume->origin, 3, fail))) &&
           (volume->space[0] == '\0' ||
            (json_key(to, "space", fail) && json_string(to, volume->space, fail)));
}

static bool json_history(struct output *to, const char *history, struct fail *fail)
{
    bool ok = output_print(to, fail, "[");
    for (bool first = true; ok && history[0] != '\0'; first = false) {
        char line[4096];
        size_t length = strcspn(history, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, history);
        ok = output_print(to, fail, "%s", first ? "" : ", ") && json_string(to, line, fail);
        history += length + (history[length] == '\n');
    }
    return ok && output_print(to, fail, "]");
}

static bool json_key_values(struct output *to, const struct volume *volume, struct fail *fail)
{
    const char *history = volume_value(volume, "history");
    double window[2];
    bool ok = json_key(to, "window", fail) &&
              (volume_window(volume, window) ? json_numbers(to, window, 2, fail)
                                             : output_print(to, fail, "null")) &&
              json_key(to, "history", fail) && json_history(to, history ? history : "", fail) &&
              json_key(to, "notes", fail) && output_print(to, fail, "{");
    bool first = true;
    for (size_t i = 0; ok && i < volume->key_value_count; i++) {
        ok = output_print(to, fail, "%s", first ? "" : ", ") &&
             json_string(to, volume->key_values[i].key, fail) && output_print(to, fail, ": ") &&
             json_string(to, volume->key_values[i].value, fail);
        first = false;
    }
    return ok && output_print(to, fail, "}\n}\n");
}

static bool print_json(struct output *to, const struct facts *facts, struct fail *fail)
{
    return json_shape(to, facts->volume, fail) && (!facts->stats || json_stats(to, facts, fail)) &&
           (!contrast || json_contrast(to, facts, fail)) && json_space(to, facts, fail) &&
           json_key_values(to, facts->volume, fail);
}

static bool print_facts(const struct command *command, const struct volume *volume,
                        const struct stats_result *stats, struct fail *fail)
{
    struct facts facts = {.volume = volume, .stats = stats};
    gather_spacing(&facts);
    struct output to;
    if (!output_open_text(&to, command->output, fail))
        return false;
    bool whole = json ? print_json(&to, &facts, fail) : print_text(&to, &facts, fail);
    return output_close(&to, whole, fail);
}

/* Prints what a TIFF file, or the files of a folder (from is NULL) contain, without decoding their
 * samples. */
static int print_tiff(const struct command *command, struct input *from, const struct paths *files)
{
    struct fail fail = {.text = ""};
    struct notices notices = {{0}};
    struct output to;
    bool whole = false;
    if (contrast) {
        const char *name = from ? from->name : command_input(command);
        fail_convert(&fail, "tiff2vol", name, "%s: --contrast is for volumes", name);
    } else if (output_open_text(&to, command->output, &fail)) {
        whole =
            from
                ? tiff_print(from, command_input(command), &reading, json, &to, &notices, &fail)
                : tiff_print_files(files->path, files->count, &reading, json, &to, &notices, &fail);
        whole = output_close(&to, whole, &fail);
    }
    if (from)
        input_close(from);
    if (whole)
        command_notices(command, &notices);
    return command_finish(command, NULL, NULL, whole, &fail);
}

static bool is_folder(const char *path)
{
    struct stat status;
    return path && strcmp(path, "-") != 0 && stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static int print_folder(const struct command *command)
{
    static const char *const endings[] = {".tif", ".tiff", NULL};
    struct fail fail = {.text = ""};
    struct paths files = {0};
    int status = paths_add(&files, command_input(command), endings, &fail)
                     ? print_tiff(command, NULL, &files)
                     : command_finish(command, NULL, NULL, false, &fail);
    paths_free(&files);
    return status;
}

/* The option given that is for TIFF files alone; NULL if none is. */
static const char *tiff_option(void)
{
    return reading.raw               ? "raw"
           : reading.rgb             ? "rgb"
           : reading.channel         ? "channel"
           : reading.choose_frame    ? "frame"
           : reading.choose_series   ? "series"
           : reading.order.count > 0 ? "order"
           : reading.missing_zero    ? "missing"
           : reading.memory > 0      ? "memory"
           : reading.plain           ? "plain"
                                     : NULL;
}

/* Reads what was not wanted, so that a program that writes to us and to another one is not cut
 * off. */
static void drain_pipe(struct reader *in)
{
    struct fail ignored = {.text = ""};
    if (reader_rewind(in, &ignored) == OUTCOME_CANNOT)
        (void)!reader_skip(in, volume_samples(&in->volume), &ignored);
}

static bool gather(struct reader *in, struct stats_result *result, struct fail *fail)
{
    const struct stats_request request = {.moments = true,
                                          .allow_infinities = true,
                                          .quantiles = contrast_percentiles,
                                          .quantile_count = contrast ? 2 : 0};
    return stats_gather(&request, in, false, result, fail);
}

/* Says of a file of another kind which kinds there are. */
static struct reader *open_volume(struct input *input, struct fail *fail)
{
    char first[9] = "";
    size_t n = input_peek(input, first, 8, fail);
    if (n < 4 || memcmp(first, "NRRD", 4) == 0)
        return nrrd_open_input(input, fail);
    fail_set(fail,
             "%s: is neither a volume nor a TIFF file: it begins with '%s', expected 'NRRD', 'II' "
             "or 'MM'",
             input->name, first);
    input_close(input);
    return NULL;
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    if (contrast && header_only)
        return command_usage_error(&command, "--contrast needs the samples, which --header leaves");
    if (is_folder(command_input(&command)))
        return print_folder(&command);
    struct fail fail = {.text = ""};
    struct input input;
    if (!input_open(&input, command_input(&command), &fail))
        return command_finish(&command, NULL, NULL, false, &fail);
    if (tiff_is_tiff(&input, &fail))
        return print_tiff(&command, &input, NULL);
    if (tiff_option()) {
        fail_set(&fail, "%s: --%s is for TIFF files, which this is not", input.name, tiff_option());
        input_close(&input);
        return command_finish(&command, NULL, NULL, false, &fail);
    }

    struct stats_result result = {0};
    struct reader *in = open_volume(&input, &fail);
    if (in && contrast)
        in = second_pass_reader(in, &fail);
    bool ready = in && (header_only || gather(in, &result, &fail));
    bool whole = ready && print_facts(&command, &in->volume, header_only ? NULL : &result, &fail);
    stats_free(&result);
    if (ready && header_only)
        drain_pipe(in);
    return command_finish(&command, in, NULL, whole, &fail);
}
