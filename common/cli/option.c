#include "common/cli/option.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <float.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/cli/paths.h"
#include "common/io/ending.h"
#include "common/io/progress.h"
#include "common/kernel/cpu.h"
#include "common/text/escape.h"
#include "common/thread/processors.h"

#define MAX_OPTIONS 48
#define HELP_COLUMN 28
#define RUN (-1) /* no exit status yet: the program runs */

/* The options of every program, after its own. */
static struct {
    const char *output;
    uint64_t jobs;
    bool verbose, quiet, progress, help, version;
} common;

static const struct option_row common_rows[] = {
    ROW_OUTPUT(&common.output, ""),
    OPT_COUNT('j', "jobs", "N", 1, INT32_MAX, &common.jobs,
              "use at most N threads (default: one for each processor)", .not_in_history = true),
    OPT_FLAG(0, "verbose", &common.verbose, "print on standard error what is done",
             .not_in_history = true),
    OPT_FLAG(0, "quiet", &common.quiet, "show no progress line", .not_in_history = true),
    OPT_FLAG(0, "progress", &common.progress,
             "show a progress line even if standard error is not a terminal",
             .not_in_history = true),
    OPT_FLAG('h', "help", &common.help, "print this and exit", .not_in_history = true),
    OPT_FLAG('V', "version", &common.version, "print the version and exit", .not_in_history = true),
    {0},
};

/* The program's own rows and the common ones, as one table. */
struct table {
    const struct option_row *row[MAX_OPTIONS];
    const char *text[MAX_OPTIONS]; /* the last argument of each; NULL: not given */
    size_t count;
};

static void add_rows(struct table *table, const struct option_row *rows)
{
    for (; rows && rows->name; rows++) {
        if (table->count == MAX_OPTIONS)
            abort();
        /* A program's own row replaces a common one. */
        bool known = false;
        for (size_t i = 0; i < table->count; i++)
            known |= strcmp(table->row[i]->name, rows->name) == 0;
        if (!known)
            table->row[table->count++] = rows;
    }
}

static void print_indented(FILE *to, const char *text, int indent)
{
    for (; *text != '\0'; text++) {
        putc(*text, to);
        if (*text == '\n')
            fprintf(to, "%*s", indent, "");
    }
    putc('\n', to);
}

static void print_help(const struct program *program, const struct table *table)
{
    printf("usage: %s [OPTION]... %s\n%s\n\n", program->name, program->operands, program->summary);
    for (size_t i = 0; i < table->count; i++) {
        const struct option_row *row = table->row[i];
        int used = row->letter ? printf("  -%c, --%s", row->letter, row->name)
                               : printf("      --%s", row->name);
        if (row->argument)
            used += printf(" %s", row->argument);
        if (used + 2 > HELP_COLUMN) {
            putchar('\n');
            used = 0;
        }
        printf("%*s", HELP_COLUMN - used, "");
        print_indented(stdout, row->help, HELP_COLUMN);
    }
    if (program->more)
        printf("\n%s\n", program->more);
}

/* What an argument may be, separated by blanks: the words of a choice, or the beginnings of the
 * alternatives in its name that are words ("LO,HI|minmax|percentile:P,Q": minmax percentile:). */
static void print_words(const struct option_row *row)
{
    for (int i = 0; row->words && row->words[i]; i++)
        printf("%s%s", i ? " " : "", row->words[i]);
    if (row->words || !row->argument)
        return;
    const char *blank = "";
    for (const char *at = row->argument; *at != '\0'; at += *at == '|') {
        size_t length = strcspn(at, "|"),
               word = strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789:-");
        if (islower((unsigned char)*at)) {
            printf("%s%.*s", blank, (int)(word < length ? word : length), at);
            blank = " ";
        }
        at += length;
    }
}

/* The table for the makers of completions (tools/completion.sh), a line an option: letter, name,
 * argument, words, help, with tabs between; after a line with the operands. */
static void print_rows(const struct program *program, const struct table *table)
{
    printf("%s\n", program->operands);
    for (size_t i = 0; i < table->count; i++) {
        const struct option_row *row = table->row[i];
        char letter[2] = {(char)row->letter, '\0'};
        printf("%s\t%s\t%s\t", letter, row->name, row->argument ? row->argument : "");
        print_words(row);
        putchar('\t');
        for (const char *c = row->help; *c != '\0'; c++)
            putchar(*c == '\n' ? ' ' : *c);
        putchar('\n');
    }
}

/* Returns the exit status of a program that has printed to standard output. */
static int finish_printing(const struct program *program)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    struct fail fail = {.text = ""};
    fail_errno(&fail, "standard output: write");
    program_print(program, fail.text);
    return fail_status(&fail);
}

/* "a number above 0", "three numbers from 0 to 100", "a whole number of 1 or more". */
static bool out_of_range(const struct option_row *row, const char *text, struct fail *fail)
{
    static const char *const many[] = {"a number", "two numbers", "three numbers", "four numbers"};
    const char *what = row->kind == OPTION_COUNT ? "a whole number" : many[(row->count - 1) & 3];
    char low[NUMBER_SIZE], high[NUMBER_SIZE];
    number_text(row->low, low);
    number_text(row->high, high);
    bool is_open = row->high >= (row->kind == OPTION_COUNT ? INT32_MAX : DBL_MAX);
    if (row->low <= -DBL_MAX && is_open)
        return fail_set(fail, "needs %s, %s, not '%s'", row->argument, what, text);
    if (row->low == DBL_MIN && is_open)
        return fail_set(fail, "needs %s, %s above 0, not '%s'", row->argument, what, text);
    if (is_open)
        return fail_set(fail, "needs %s, %s of %s or more, not '%s'", row->argument, what, low,
                        text);
    return fail_set(fail, "needs %s, %s from %s to %s, not '%s'", row->argument, what, low, high,
                    text);
}

static bool set_reals(const struct option_row *row, const char *text, struct fail *fail)
{
    double numbers[8];
    bool ok = number_reals(text, numbers, row->count);
    for (size_t i = 0; ok && i < row->count; i++)
        ok = numbers[i] >= row->low && numbers[i] <= row->high;
    if (!ok)
        return out_of_range(row, text, fail);
    memcpy(row->value.reals, numbers, row->count * sizeof numbers[0]);
    return true;
}

static bool set_count(const struct option_row *row, const char *text, struct fail *fail)
{
    uint64_t number;
    if (!number_count(text, &number) || (double)number < row->low || (double)number > row->high)
        return out_of_range(row, text, fail);
    *row->value.count = number;
    return true;
}

static bool set_choice(const struct option_row *row, const char *text, struct fail *fail)
{
    char all[256] = "";
    for (int i = 0; row->words[i]; i++) {
        if (strcmp(text, row->words[i]) == 0) {
            *row->value.choice = i;
            return true;
        }
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", row->words[i]);
    }
    return fail_set(fail, "needs one of %s, not '%s'", all, text);
}

static bool set_value(const struct option_row *row, const char *text, struct fail *fail)
{
    switch (row->kind) {
    case OPTION_FLAG:
        return *row->value.flag = true;
    case OPTION_FILE:
    case OPTION_TEXT:
        if (text[0] == '\0' && (row->kind == OPTION_FILE || strcmp(row->argument, "FILE") == 0))
            return fail_set(fail, "needs the name of a file, not ''");
        *row->value.text = text;
        return true;
    case OPTION_REALS:
        return set_reals(row, text, fail);
    case OPTION_COUNT:
        return set_count(row, text, fail);
    case OPTION_SLICE:
        return slice_parse(text, row->value.slice, fail);
    case OPTION_CHOICE:
        return set_choice(row, text, fail);
    case OPTION_PARSED:
        return row->parse(text, row->value.parsed, fail);
    }
    return false;
}

static void append(char *text, size_t size, const char *format, const char *word)
{
    size_t used = strlen(text);
    snprintf(text + used, size - used, format, word);
}

static void write_history(struct command *command, const struct table *table)
{
    char *text = command->history;
    snprintf(text, sizeof command->history, "%s", command->program->name);
    for (size_t i = 0; i < table->count; i++) {
        const struct option_row *row = table->row[i];
        if (row->not_in_history || !table->text[i])
            continue;
        char letter[2] = {(char)row->letter, '\0'};
        append(text, sizeof command->history, row->letter ? " -%s" : " --%s",
               row->letter ? letter : row->name);
        if (row->kind != OPTION_FLAG)
            text_append_word(text, sizeof command->history,
                             row->kind == OPTION_FILE ? path_name(table->text[i]) : table->text[i]);
    }
}

#define LONGEST 32 /* name that is compared */

/* How many letters must be changed, added or removed to make one name the other; two letters that
 * changed places count once. */
static size_t distance(const char *a, size_t m, const char *b, size_t n)
{
    size_t row[3][LONGEST + 1] = {{0}};
    for (size_t i = 0; i <= m; i++) {
        size_t *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        for (size_t k = 0; k <= n; k++) {
            if (i == 0 || k == 0) {
                now[k] = i + k;
                continue;
            }
            size_t least = last[k - 1] + (a[i - 1] != b[k - 1]);
            least = last[k] + 1 < least ? last[k] + 1 : least;
            least = now[k - 1] + 1 < least ? now[k - 1] + 1 : least;
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                least = before[k - 2] + 1 < least ? before[k - 2] + 1 : least;
            now[k] = least;
        }
    }
    return row[m % 3][n];
}

/* The option that was most likely meant; NULL: none is like it. */
static const char *nearest_option(const struct table *table, const char *text)
{
    size_t n = strcspn(text, "="), best = n > 4 ? 3 : 2; /* must be less */
    const char *found = NULL;
    for (size_t i = 0; n <= LONGEST && i < table->count; i++) {
        const char *name = table->row[i]->name;
        size_t length = strlen(name);
        size_t far = length <= LONGEST ? distance(text, n, name, length) : LONGEST;
        if (far < best) {
            best = far;
            found = name;
        }
    }
    return found;
}

/* Returns RUN, or the exit status after saying where the option is now. */
static int refuse_moved(const struct command *command, const char *option)
{
    for (const struct moved_option *at = command->program->moved; at && at->name; at++)
        if (strncmp(option, "--", 2) == 0 && strlen(at->name) == strcspn(option + 2, "=") &&
            strncmp(option + 2, at->name, strlen(at->name)) == 0)
            return command_usage_error(command, "--%s is %s' now: %s", at->name, at->program,
                                       at->command);
    return RUN;
}

static int refuse_option(const struct command *command, const struct table *table,
                         const char *option)
{
    const char *meant = strncmp(option, "--", 2) == 0 ? nearest_option(table, option + 2) : NULL;
    const char *program = command->program->name;
    int status = refuse_moved(command, option);
    if (status != RUN)
        return status;
    if (meant)
        return command_usage_error(command, "unknown option '%s' (--%s?); see %s --help", option,
                                   meant, program);
    return command_usage_error(command, "unknown option '%s'; see %s --help", option, program);
}

/* The option that a first operand is meant for which is no file, but a number: the first that takes
 * it. NULL: there is none. */
static const char *option_of_number(const struct command *command)
{
    const struct program *program = command->program;
    const char *text = command->operand_count > 0 ? command->operands[0] : "";
    if (program->max_operands != 1 || text[strspn(text, "+-.")] < '0' ||
        text[strspn(text, "+-.")] > '9' || access(text, F_OK) == 0)
        return NULL;
    for (const struct option_row *row = program->options; row->name; row++) {
        struct fail ignored = {.text = ""};
        bool is_text = row->kind == OPTION_FLAG || row->kind == OPTION_FILE ||
                       row->kind == OPTION_TEXT || row->kind == OPTION_CHOICE;
        if (!is_text && set_value(row, text, &ignored))
            return row->name;
    }
    return NULL;
}

/* A file that is not there may be meant for output. */
static int refuse_operand(const struct command *command, const char *operand)
{
    const char *program = command->program->name;
    if (access(operand, F_OK) != 0)
        return command_usage_error(command,
                                   "one operand too many: '%s' (to write it: -o %s); see %s --help",
                                   operand, operand, program);
    return command_usage_error(command, "one operand too many: '%s'; see %s --help", operand,
                               program);
}

/* Returns RUN, or the exit status after a usage error. */
static int read_options(struct command *command, struct table *table, int argc, char **argv)
{
    struct option names[MAX_OPTIONS + 1] = {{0}};
    char letters[2 * MAX_OPTIONS + 2] = ":";
    for (size_t i = 0; i < table->count; i++) {
        const struct option_row *row = table->row[i];
        names[i] = (struct option){
            .name = row->name, .has_arg = row->argument != NULL, .val = 256 + (int)i};
        if (row->letter) {
            char letter[2] = {(char)row->letter, '\0'};
            append(letters, sizeof letters, row->argument ? "%s:" : "%s", letter);
        }
    }
    opterr = 0;
    for (int found; (found = getopt_long(argc, argv, letters, names, NULL)) != -1;) {
        if (found == ':')
            return command_usage_error(command, "option '%s' needs an argument; see %s --help",
                                       argv[optind - 1], command->program->name);
        if (found == '?' && optopt > 0 && optopt < 256)
            return command_usage_error(command, "unknown option '-%c'; see %s --help", optopt,
                                       command->program->name);
        if (found == '?')
            return refuse_option(command, table, argv[optind - 1]);
        size_t i = 0;
        while (found < 256 ? table->row[i]->letter != found : i != (size_t)(found - 256))
            i++;
        const struct option_row *row = table->row[i];
        struct fail fail = {.text = ""};
        if (!set_value(row, optarg, &fail))
            return command_usage_error(command, "--%s: %s", row->name, fail.text);
        table->text[i] = optarg ? optarg : "";
        if (row->given)
            *row->given = true;
    }
    return RUN;
}

/* If a standard stream is closed, the next file that is opened would get its number, and receive
 * samples or messages. /dev/null takes its place, opened so that using the stream still fails. */
static void occupy_standard_streams(void)
{
    static const int modes[] = {O_WRONLY, O_RDONLY, O_RDWR};
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            open("/dev/null", modes[fd]);
}

/* Whether the volume comes from standard input because no file is named. */
static bool reads_by_default(const struct command *command, const struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->text[i] && table->row[i]->no_volume)
            return false;
    return strstr(command->program->operands, "[FILE]") &&
           command->operand_count <= command_other_operands(command->program);
}

/* Only one of the files that a program reads can be standard input. */
static int check_standard_input(const struct command *command, const struct table *table)
{
    const char *found[2];
    size_t count = 0;
    if (reads_by_default(command, table))
        found[count++] = "FILE";
    for (size_t i = command_other_operands(command->program);
         count < 2 && i < command->operand_count; i++)
        if (strcmp(command->operands[i], "-") == 0)
            found[count++] = "FILE";
    for (size_t i = 0; count < 2 && i < table->count; i++)
        if (table->row[i]->kind == OPTION_FILE && table->text[i] &&
            strcmp(table->text[i], "-") == 0)
            found[count++] = table->row[i]->name;
    if (count < 2)
        return RUN;
    bool is_option[2] = {strcmp(found[0], "FILE") != 0, strcmp(found[1], "FILE") != 0};
    return command_usage_error(command, "standard input can be only one file, not %s%s and %s%s",
                               is_option[0] ? "--" : "", found[0], is_option[1] ? "--" : "",
                               found[1]);
}

/* A file that is named as another format's would be taken for that. */
static int check_output_name(const struct command *command, const struct table *table)
{
    const char *format = command->program->format ? command->program->format : "NRRD";
    for (size_t i = 0; i < table->count; i++) {
        const char *path = table->row[i]->letter == 'o' ? table->text[i] : NULL;
        const char *named = path ? ending_format(path) : NULL;
        if (named && strcmp(named, format) != 0)
            return command_usage_error(command, "--output: '%s' is a name for %s, not for %s", path,
                                       named, format);
    }
    return RUN;
}

static int read_command(struct command *command, struct table *table, int argc, char **argv)
{
    const struct program *program = command->program;
    if (argc == 2 && strcmp(argv[1], "--print-options") == 0) {
        print_rows(program, table);
        return finish_printing(program);
    }
    int status = read_options(command, table, argc, argv);
    if (status != RUN)
        return status;
    if (common.help)
        print_help(program, table);
    else if (common.version)
        printf("%s %s\n", program->name, VOL_VERSION);
    if (common.help || common.version)
        return finish_printing(program);
    struct fail fail = {.text = ""};
    if (!cpu_choose(getenv("VOL_CPU"), &fail))
        return command_usage_error(command, "VOL_CPU: %s", fail.text);
    command->output = common.output;
    command->verbose = common.verbose;
    command->words = argv + 1;
    command->word_count = (size_t)argc - 1;
    command->operands = argv + optind;
    command->operand_count = (size_t)(argc - optind);
    const char *meant = option_of_number(command);
    if (meant)
        return command_usage_error(command, "'%s' is no file: type %s --%s %s%s%s",
                                   command->operands[0], program->name, meant, command->operands[0],
                                   command->operand_count > 1 ? " " : "",
                                   command->operand_count > 1 ? command->operands[1] : "");
    if (program->max_operands > 0 && command->operand_count > program->max_operands)
        return refuse_operand(command, command->operands[program->max_operands]);
    status = check_output_name(command, table);
    return status == RUN ? check_standard_input(command, table) : status;
}

bool option_read(const struct program *program, int argc, char **argv, struct command *command)
{
    struct table table = {.count = 0};
    occupy_standard_streams();
    *command = (struct command){.program = program};
    clock_gettime(CLOCK_MONOTONIC, &command->begun);
    add_rows(&table, program->options);
    add_rows(&table, common_rows);
    command->status = read_command(command, &table, argc, argv);
    if (command->status != RUN)
        return false;
    threads_set(common.jobs);
    write_history(command, &table);
    progress_start(program->name, common.quiet      ? PROGRESS_NEVER
                                  : common.progress ? PROGRESS_ALWAYS
                                                    : PROGRESS_AUTOMATIC);
    return true;
}
