/* A program's command line once it is parsed (option.h), what it says on standard error, and its
 * last act. */
#ifndef COMMON_CLI_COMMAND_H
#define COMMON_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "common/base/fail.h"
#include "common/cli/effect.h"
#include "common/stream/stream.h"

struct option_row;

/* An option that another program has now. */
struct moved_option {
    const char *name;    /* without "--"; NULL ends the table */
    const char *program; /* that has it */
    const char *command; /* to type instead */
};

struct program {
    const char *name;
    const char *summary;  /* what the program does */
    const char *operands; /* "[FILE]", "FILE..." */
    const char *more;     /* an example and notes for the end of --help; may be NULL */
    const char *ending;   /* that is advised for -o where output is no text, as ".html"; or NULL */
    const struct option_row *options;
    const struct moved_option *moved; /* or NULL */
    size_t max_operands;              /* 0: any number */
    const char *format;               /* that -o writes, as io/ending.h has it; NULL: the stream */
    enum effect_kind effect;          /* on samples, unless options make it another one */
    const bool
        *pool_channels;      /* what becomes of a sample follows from the others: of its own
                                channel (apart.h), or where this is set of all. NULL: it doesn't */
    const char *const *mask; /* a second volume that says which samples count; NULL: none has */
};

struct command {
    const struct program *program;
    const char *output; /* -o; NULL: standard output */
    char **operands;
    size_t operand_count;
    char **words; /* all of them after the program's name, options first */
    size_t word_count;
    bool verbose;
    struct timespec begun; /* by CLOCK_MONOTONIC */
    int status;            /* exit status when option_read() returned false */
    char history[4096];    /* the command as it would be typed again, without files */
};

/* Prints "program: text" as one line on standard error; control characters (a hostile file's name
 * or header) are shown as '?'. */
void program_print(const struct program *program, const char *text);

/* How many operands come before those that are files. */
size_t command_other_operands(const struct program *program);

/* Whether this operand is the only file, and standard input would be read in its place. */
bool command_is_only_file(const struct command *command, const char *operand);

/* The one FILE of a filter; NULL for standard input. */
const char *command_input(const struct command *command);

/* Prints a usage error that was found after option_read(), and returns 2. */
MUST_CHECK __attribute__((format(printf, 2, 3))) int
command_usage_error(const struct command *command, const char *format, ...);

/* With --verbose, prints "program: ..." on standard error. */
__attribute__((format(printf, 2, 3))) void command_verbose(const struct command *command,
                                                           const char *format, ...);

/* The same without --verbose: something that a user must know although nothing failed. */
__attribute__((format(printf, 2, 3))) void command_notice(const struct command *command,
                                                          const char *format, ...);
/* Prints each line of notices. */
void command_notices(const struct command *command, const struct notices *notices);

/* Prints what a user must know of a further input, such as a mask, and closes it. NULL is allowed.
 */
void command_close_input(const struct command *command, struct reader *reader);

/* The last call of every main: closes reader and writer (either may be NULL), prints notices and
 * the failure, and returns the exit status. */
MUST_CHECK int command_finish(const struct command *command, struct reader *in, struct writer *out,
                              bool whole, struct fail *fail);

#endif
