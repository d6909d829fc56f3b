/* volcat - join volumes along an axis. The manual is volcat.1. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cli/effect.h"
#include "common/cli/option.h"
#include "common/shape/join.h"
#include "common/stream/loop.h"
#include "common/volume/part.h"
#include "format/nrrd/stream.h"

static const char *const axis_words[] = {"plane", "row", "column", "channel", NULL};

static int axis = JOIN_PLANES;
static bool any_place;

static const struct option_row options[] = {
    OPT_CHOICE('a', "axis", "plane|row|column|channel", axis_words, &axis,
               "along which volumes are joined (default plane)"),
    OPT_FLAG(0, "any-place", &any_place,
             "do not look whether each volume begins where the last one\nends"),
    {0},
};

static const struct program program = {
    .name = "volcat",
    .summary = "Join volumes to one along an axis.",
    .operands = "FILE...",
    .max_operands = 0,
    .options = options,
    .more = "Example: volcat left.nrrd right.nrrd --axis column -o both.nrrd",
};

/* Whether a line of history is a cut along the axis and nothing else: "volcrop -p 10:20". */
static bool is_cut(const char *line)
{
    static const char *const cuts[][2] = {{"volcrop -p ", "volcrop --planes "},
                                          {"volcrop --rows ", "volcrop --rows "},
                                          {"volcrop --columns ", "volcrop --columns "}};
    for (size_t i = 0; i < 2 && axis != JOIN_CHANNELS; i++) {
        size_t n = strlen(cuts[axis][i]);
        if (strncmp(line, cuts[axis][i], n) == 0 &&
            line[n + strspn(line + n, "-:0123456789")] == '\0')
            return true;
    }
    return false;
}

/* What a history says after lines that all have in common; NULL: nothing. */
static const char *own_lines(const struct volume *volume, size_t common)
{
    const char *history = volume_value(volume, "history");
    if (!history || strlen(history) <= common)
        return NULL;
    return history + common + (common > 0 ? 1 : 0);
}

/* Pieces that were only cut from a volume make that volume again, and one volume is what it was:
 * nothing is added. */
static bool are_only_cut(struct reader *const *pieces, size_t count, size_t common)
{
    struct part part;
    for (size_t i = 0; count > 1 && i < count; i++) {
        const char *own = own_lines(&pieces[i]->volume, common);
        bool slab = axis == JOIN_PLANES && !own && volume_part(&pieces[i]->volume, &part);
        if (!slab && !(own && is_cut(own)))
            return false;
    }
    return true;
}

static bool add_history(const struct command *command, struct reader *const *pieces, size_t count,
                        struct reader *in, struct fail *fail)
{
    const char *history = volume_value(&in->volume, "history");
    return are_only_cut(pieces, count, history ? strlen(history) : 0) ||
           effect_pass(&(const struct effect){.kind = EFFECT_KEEPS}, command->history, &in->volume,
                       fail);
}

static struct reader *open_pieces(const struct command *command, struct reader **pieces,
                                  struct fail *fail)
{
    for (size_t i = 0; i < command->operand_count; i++)
        if (!(pieces[i] = nrrd_open(command->operands[i], fail))) {
            readers_close(pieces, i);
            return NULL;
        }
    return join_reader(pieces, command->operand_count, (enum join_axis)axis, any_place, fail);
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    if (command.operand_count == 0)
        return command_usage_error(&command, "FILE is missing; see volcat --help");

    struct filter as_it_is = {0};
    struct fail fail = {.text = ""};
    struct reader *in = NULL, **pieces = calloc(command.operand_count, sizeof *pieces);
    if (pieces)
        in = open_pieces(&command, pieces, &fail);
    else
        fail_errno(&fail, "%zu volumes", command.operand_count);
    bool ready = in && add_history(&command, pieces, command.operand_count, in, &fail);
    struct writer *out = ready ? nrrd_create(command.output, &in->volume, &fail) : NULL;
    bool whole = out && loop_run(&as_it_is, in, out, &fail);
    int status = command_finish(&command, in, out, whole, &fail);
    free(pieces);
    return status;
}
