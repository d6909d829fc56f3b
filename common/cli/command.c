#include "common/cli/command.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/io/progress.h"
#include "common/text/escape.h"
#include "common/text/utf8.h"

void program_print(const struct program *program, const char *text)
{
    char line[FAIL_SIZE];
    snprintf(line, sizeof line, "%s", text);
    utf8_make_printable(line);
    progress_end();
    fprintf(stderr, "%s: %s\n", program->name, line);
}

static void print_line(const struct program *program, const char *format, va_list arguments)
{
    char line[FAIL_SIZE];
    fail_text(line, format, arguments);
    program_print(program, line);
}

int command_usage_error(const struct command *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_line(command->program, format, arguments);
    va_end(arguments);
    return 2;
}

void command_notice(const struct command *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_line(command->program, format, arguments);
    va_end(arguments);
}

void command_notices(const struct command *command, const struct notices *notices)
{
    for (const char *line = notices->text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        command_notice(command, "%.*s", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

void command_verbose(const struct command *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (command->verbose)
        print_line(command->program, format, arguments);
    va_end(arguments);
}

size_t command_other_operands(const struct program *program)
{
    size_t count = 0;
    for (const char *c = program->operands, *end = strstr(c, "FILE"); c < end; c++)
        count += *c == ' ';
    return count;
}

bool command_is_only_file(const struct command *command, const char *operand)
{
    size_t others = command_other_operands(command->program);
    return strstr(command->program->operands, "[FILE]") && command->operand_count == others + 1 &&
           command->operands[others] == operand;
}

const char *command_input(const struct command *command)
{
    return command->operand_count > 0 ? command->operands[0] : NULL;
}

/* What a user must know of what was read, although nothing failed. */
static void notice_input(const struct command *command, const struct reader *reader)
{
    const char *words;
    uint64_t count = reader_inexact(reader, &words);
    if (count > 0)
        command_notice(command, "%s: %" PRIu64 " sample%s %s", reader->name, count,
                       count == 1 ? "" : "s", words);
    while (reader->source) {
        struct reader *part;
        for (size_t i = 1; reader->class->part && (part = reader->class->part(reader, i)); i++)
            notice_input(command, part);
        reader = reader->source;
    }
    if (reader->notice)
        command_notice(command, "%s: %s", reader->name, reader->notice);
    if (reader->rest)
        command_notice(command, "%s: %s", reader->name, reader->rest);
}

void command_close_input(const struct command *command, struct reader *reader)
{
    if (reader)
        notice_input(command, reader);
    reader_close(reader);
}

/* With --verbose: what was done, at the end. */
static void tell_shape(const struct command *command, const struct volume *volume)
{
    uint64_t planes = volume->size[AXIS_PLANE];
    char channels[64] = "";
    if (volume->channels > 1)
        snprintf(channels, sizeof channels, " of %" PRIu64 " channels", volume->channels);
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double seconds = (double)(now.tv_sec - command->begun.tv_sec) +
                     1e-9 * (double)(now.tv_nsec - command->begun.tv_nsec);
    double bytes = (double)volume_samples(volume) * sizeof(float);
    command_verbose(
        command, "done: %" PRIu64 " %s of %" PRIu64 " x %" PRIu64 " voxels%s, %.4g MB, in %.3g s",
        planes, planes == 1 ? "plane" : "planes", volume->size[AXIS_ROW], volume->size[AXIS_COLUMN],
        channels, bytes / 1e6, seconds);
}

/* The file's name in this folder, with another ending: a.tif and a.nrrd.gz as a.nrrd. */
static void append_output(char *text, size_t size, const char *option, const char *path,
                          const char *ending)
{
    char name[FAIL_SIZE];
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    const char *dot = strrchr(base, '.');
    int length = (int)(dot && dot > base ? (size_t)(dot - base) : strlen(base));
    snprintf(name, sizeof name, "%.*s", length, base);
    const char *old = strrchr(name, '.');
    size_t used = strlen(name);
    if (!old || strcmp(old, ending) != 0)
        snprintf(name + used, sizeof name - used, "%s", ending);
    strncat(text, option, size - 1 - strlen(text));
    text_append_word(text, size, name);
}

/* Writes the command that gives fail->converter the file that failed: a pipe into this program with
 * its options, or, where it reads other files too, the conversion alone. */
static void advise(const struct command *command, const struct fail *fail, char text[FAIL_SIZE])
{
    const struct program *program = command->program;
    const char *file = fail->file;
    bool is_piped = strcmp(file, "standard input") == 0,
         is_only = command_is_only_file(command, file);
    snprintf(text, FAIL_SIZE, "%s", fail->converter);
    text_append_word(text, FAIL_SIZE, is_piped ? "-" : file);
    if (!is_piped && !is_only) {
        append_output(text, FAIL_SIZE, " >", file, ".nrrd");
        return;
    }
    strncat(text, " |", FAIL_SIZE - 1 - strlen(text));
    text_append_word(text, FAIL_SIZE, program->name);
    for (size_t i = 0; i < command->word_count; i++)
        if (command->words[i] != file)
            text_append_word(text, FAIL_SIZE, command->words[i]);
    if (program->ending && !command->output && isatty(STDOUT_FILENO))
        append_output(text, FAIL_SIZE, " -o", is_piped ? "volume" : file, program->ending);
}

static void print_failure(const struct command *command, const struct fail *fail)
{
    char instead[FAIL_SIZE];
    if (!fail->converter) {
        program_print(command->program, fail->text);
        return;
    }
    advise(command, fail, instead);
    command_notice(command, "%s; type instead: %s", fail->text, instead);
}

int command_finish(const struct command *command, struct reader *in, struct writer *out, bool whole,
                   struct fail *fail)
{
    const char *left_out = out ? out->notice : NULL;
    whole = writer_close(out, whole, fail) && whole;
    progress_end();
    if (left_out && whole)
        command_notice(command, "%s", left_out);
    if (in)
        notice_input(command, in);
    if (in && whole)
        tell_shape(command, &in->volume);
    reader_close(in);
    if (!whole)
        print_failure(command, fail);
    return whole ? 0 : fail_status(fail);
}
