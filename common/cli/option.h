/* The command line: one table of options feeds parsing, --help, usage errors and history. */
#ifndef COMMON_CLI_OPTION_H
#define COMMON_CLI_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"
#include "common/cli/command.h"
#include "common/text/number.h"

enum option_kind {
    OPTION_FLAG,   /* bool: becomes true */
    OPTION_TEXT,   /* const char * */
    OPTION_FILE,   /* the same, a file that is read; "-" is standard input */
    OPTION_REALS,  /* double[count], each in [low, high], separated by commas */
    OPTION_COUNT,  /* uint64_t in [low, high] */
    OPTION_SLICE,  /* struct slice */
    OPTION_CHOICE, /* int: index into words */
    OPTION_PARSED, /* by parse(text, value, fail) */
};

struct option_row {
    int letter;           /* 0: long name only */
    const char *name;     /* without "--"; NULL ends the table */
    const char *argument; /* its name in --help; NULL for flags */
    const char *help;     /* may contain newlines; ends with the default */
    enum option_kind kind;
    bool not_in_history; /* does not change the samples: left out of history */
    bool no_volume;      /* where it is given, no volume is read from standard input */
    union {
        bool *flag;
        const char **text;
        double *reals;
        uint64_t *count;
        struct slice *slice;
        int *choice;
        void *parsed;
    } value;     /* where it goes; must already contain the default */
    bool *given; /* set when the option is given; may be NULL */
    double low, high;
    size_t count;
    const char *const *words; /* NULL-terminated */
    bool (*parse)(const char *text, void *value, struct fail *fail);
};

/* Rows of a table. After the help, other fields may follow: .given = &x, .not_in_history = true. */
#define OPTION_ROW_(kind_, letter_, name_, argument_)                                              \
    .kind = kind_, .letter = letter_, .name = name_, .argument = argument_
#define OPT_FLAG(letter, name, value_, ...)                                                        \
    {                                                                                              \
        OPTION_ROW_(OPTION_FLAG, letter, name, NULL), .value.flag = value_, .help = __VA_ARGS__    \
    }
#define OPT_TEXT(letter, name, argument, value_, ...)                                              \
    {                                                                                              \
        OPTION_ROW_(OPTION_TEXT, letter, name, argument), .value.text = value_,                    \
                                                          .help = __VA_ARGS__                      \
    }
#define OPT_FILE(letter, name, argument, value_, ...)                                              \
    {                                                                                              \
        OPTION_ROW_(OPTION_FILE, letter, name, argument), .value.text = value_,                    \
                                                          .help = __VA_ARGS__                      \
    }
#define OPT_REAL(letter, name, argument, low, high, value, ...)                                    \
    OPT_REALS(letter, name, argument, 1, low, high, value, __VA_ARGS__)
#define OPT_REALS(letter, name, argument, count_, low_, high_, value_, ...)                        \
    {                                                                                              \
        OPTION_ROW_(OPTION_REALS, letter, name, argument), .count = count_, .low = low_,           \
                                                           .high = high_, .value.reals = value_,   \
                                                           .help = __VA_ARGS__                     \
    }
#define OPT_COUNT(letter, name, argument, low_, high_, value_, ...)                                \
    {                                                                                              \
        OPTION_ROW_(OPTION_COUNT, letter, name, argument),                                         \
            .low = low_, .high = high_, .value.count = value_, .help = __VA_ARGS__                 \
    }
#define OPT_SLICE(letter, name, argument, value_, ...)                                             \
    {                                                                                              \
        OPTION_ROW_(OPTION_SLICE, letter, name, argument), .value.slice = value_,                  \
                                                           .help = __VA_ARGS__                     \
    }
#define OPT_CHOICE(letter, name, argument, words_, value_, ...)                                    \
    {                                                                                              \
        OPTION_ROW_(OPTION_CHOICE, letter, name, argument),                                        \
            .words = words_, .value.choice = value_, .help = __VA_ARGS__                           \
    }
#define OPT_PARSED(letter, name, argument, parse_, value_, ...)                                    \
    {                                                                                              \
        OPTION_ROW_(OPTION_PARSED, letter, name, argument),                                        \
            .parse = parse_, .value.parsed = value_, .help = __VA_ARGS__                           \
    }

/* The row of -o, for programs that add to its help. */
#define ROW_OUTPUT(value, more)                                                                    \
    OPT_TEXT('o', "output", "FILE", value,                                                         \
             "write FILE, whole or not at all (default: standard output)" more,                    \
             .not_in_history = true)

/* Parses the command line, which in every program may also contain -o, -j, --verbose, --quiet,
 * --progress, --help and --version. False: the program must exit with command->status (0 after
 * --help, 2 after a usage error, which was printed). */
MUST_CHECK bool option_read(const struct program *program, int argc, char **argv,
                            struct command *command);

#endif
