/* vollabel - number the connected components of a volume. The manual is vollabel.1. */
#include <inttypes.h>

#include "common/cli/shared_options.h"
#include "common/objects/label.h"
#include "common/objects/object_size.h"
#include "common/objects/slabs.h"
#include "format/nrrd/filter.h"

static const char *const connectivity_words[] = {"6", "18", "26", NULL};
static const char *const border_words[] = {"keep", "drop", NULL};

static int connectivity = CONNECTED_26, border;
static struct object_size min_size, max_size;
static bool min_given, max_given, by_values, binary;
static uint64_t largest;
static bool merge;
static const char *slab_path, *numbers_path;

static const struct option_row options[] = {
    OPT_CHOICE(0, "connectivity", "6|18|26", connectivity_words, &connectivity,
               "neighbours of a voxel: by faces, also by edges, also by\n"
               "corners (default 26)"),
    OPT_FLAG(0, "values", &by_values,
             "only equal samples belong together (default: all that are\n"
             "not 0)"),
    OPT_PARSED(0, "min-size", "SIZE", object_size_parse, &min_size, "leave out smaller objects",
               .given = &min_given),
    OPT_PARSED(0, "max-size", "SIZE", object_size_parse, &max_size, "leave out larger objects",
               .given = &max_given),
    OPT_COUNT(0, "largest", "K", 1, 1e9, &largest, "leave out all but the K largest objects"),
    OPT_CHOICE(0, "border", "keep|drop", border_words, &border,
               "drop: leave out objects that touch a face of the volume"),
    OPT_FLAG(0, "binary", &binary, "write 1 instead of numbers: a mask without what is left out"),
    OPT_TEXT(0, "slab", "OBJECTS", &slab_path,
             "FILE is a slab of a volume: write to OBJECTS, too, what --merge\n"
             "must know of it",
             .not_in_history = true),
    OPT_FLAG(0, "merge", &merge,
             "FILEs are OBJECTS of all slabs: write which number each object\nhas in the volume",
             .not_in_history = true, .no_volume = true),
    OPT_FILE(0, "numbers", "NUMBERS", &numbers_path,
             "FILE is what --slab wrote: give its objects the NUMBERS that\n--merge wrote",
             .not_in_history = true),
    {0},
};

static const struct program program = {
    .name = "vollabel",
    .summary = "Number the objects of a mask: its connected components.",
    .operands = "[FILE]...",
    .options = options,
    .effect = EFFECT_MAKES,
    .more = "SIZE is a number of voxels, or a volume in physical units (5um3).\n"
            "Example: volthreshold cells.nrrd | vollabel --min-size 5um3 -o labels.nrrd",
};

static struct object_choice chosen(void)
{
    return (struct object_choice){.least = min_size,
                                  .most = max_size,
                                  .has_most = max_given,
                                  .largest = largest,
                                  .drop_border = border == 1};
}

static struct component_rule rule(void)
{
    return (struct component_rule){.kind = by_values ? RUNS_OF_VALUES : RUNS_OF_SET,
                                   .connectivity = (enum connectivity)connectivity};
}

static struct slab_numbers numbers;

static void release(struct filter_job *job)
{
    (void)job;
    slab_numbers_free(&numbers);
}

/* A slab's labels become those of the volume. */
static bool renumber(struct filter_job *job, struct fail *fail)
{
    if (!slab_numbers_read(numbers_path, &job->in->volume, &numbers, fail))
        return false;
    job->release = release;
    job->history = numbers.history;
    job->filter = (struct filter){
        .change = label_table_span, .state = &numbers.table, .refused = "sample that is no label"};
    job->effect.makes_mask = numbers.binary;
    job->effect.labels = numbers.binary ? NULL : &numbers.labels;
    return true;
}

/* Labels of a slab by itself: the volume counts as the one that was read until they are final. */
static bool label_slab(struct filter_job *job, struct fail *fail)
{
    struct output to;
    struct text_out text;
    struct label_request request = {.rule = rule(), .slab = &text};
    struct label_count count = {.kept = 0};
    if (!output_open(&to, slab_path, fail))
        return false;
    text_begin(&text, &to, fail);
    job->in = label_reader(&request, job->in, &count, fail);
    job->history = NULL;
    return output_close(&to, job->in, fail) &&
           volume_set_labels(&job->in->volume, (uint32_t)count.kept, fail);
}

static bool join_slabs(const struct command *command, struct fail *fail)
{
    struct object_choice choice = chosen();
    struct slabs_result result = {.history = command->history, .binary = binary};
    struct text_out text;
    struct output to;
    uint64_t labels;
    if (!output_open_text(&to, command->output, fail))
        return false;
    text_begin(&text, &to, fail);
    struct component_rule same = rule();
    bool ok = slabs_join(command->operands, command->operand_count, &same, &choice, &result, &text,
                         &labels, fail);
    return output_close(&to, ok, fail);
}

static bool prepare(struct filter_job *job, struct fail *fail)
{
    static uint32_t labels;
    struct label_request request = {.rule = rule(), .paint = binary ? LABEL_SET : LABEL_NUMBERS};
    struct label_count count;
    struct object_choice choice = chosen();
    double steps[AXES];
    if (numbers_path)
        return renumber(job, fail);
    if (slab_path)
        return label_slab(job, fail);
    volume_steps_metres(&job->in->volume, steps);
    if (!object_choice_voxels(&choice, steps, &request.choice, fail))
        return false;
    command_remark_slab(job->command, job->in);
    job->in = label_reader(&request, job->in, &count, fail);
    if (!job->in)
        return false;
    command_verbose(job->command,
                    "%" PRIu64 " objects, of which %" PRIu64 " stay; %" PRIu64 " pieces on the way",
                    count.found, count.kept, count.pieces);
    labels = (uint32_t)count.kept;
    job->effect.makes_mask = binary;
    job->effect.labels = binary ? NULL : &labels;
    return true;
}

static int check(const struct command *command)
{
    bool chooses = min_given || max_given || largest > 0 || border == 1 || binary;
    if (merge + (slab_path != NULL) + (numbers_path != NULL) > 1)
        return command_usage_error(command, "only one of --slab, --merge and --numbers at a time");
    if (slab_path && chooses)
        return command_usage_error(command, "which objects stay is known when all slabs are: give "
                                            "--min-size, --max-size, --largest, --border and "
                                            "--binary to --merge");
    if (numbers_path && (chooses || by_values || connectivity != CONNECTED_26))
        return command_usage_error(command, "--numbers takes no other options: --merge had them");
    if (merge && command->operand_count == 0)
        return command_usage_error(command, "--merge needs the OBJECTS of all slabs");
    if (!merge && command->operand_count > 1)
        return command_usage_error(command, "one operand too many: '%s'; see vollabel --help",
                                   command->operands[1]);
    if (max_given && max_size.value == 0)
        return command_usage_error(command, "--max-size 0 leaves no objects");
    if (max_given && min_given && min_size.unit[0] == max_size.unit[0] &&
        max_size.value < min_size.value)
        return command_usage_error(command, "--max-size is below --min-size: no object is left");
    return 0;
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    int usage = check(&command);
    if (usage != 0)
        return usage;
    if (!merge)
        return filter_run(&command, prepare);
    struct fail fail = {.text = ""};
    bool whole = join_slabs(&command, &fail);
    return command_finish(&command, NULL, NULL, whole, &fail);
}
