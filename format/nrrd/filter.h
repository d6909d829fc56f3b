/* The whole of a program that reads one volume and writes another: the program is its table of
 * options, and what it makes of them and of the volume that is open. */
#ifndef FORMAT_NRRD_FILTER_H
#define FORMAT_NRRD_FILTER_H

#include "common/cli/command.h"
#include "common/cli/effect.h"
#include "common/stream/loop.h"

struct filter_job {
    const struct command *command;
    struct reader *in; /* the volume; may be replaced by a reader that owns it, NULL on failure */
    struct filter filter; /* zeroed: samples pass as they are */
    struct effect effect; /* of the kind that the table says, mapped by the filter */
    const char *history;  /* the line for "history", at first the command; NULL: neither line nor
                             effect, since the volume counts as the one that was read */
    char found[80];       /* what was measured, as options, which the history shows; "": nothing */
    struct reader *mask;  /* the program's, which may be read again; NULL: none */
    bool written;         /* what was asked for is printed: no volume is written */
    size_t channel, channels; /* where channels are treated each by itself, which of how many `in`
                                 is, in order; else 0 of 1 */
    void *state;              /* from malloc(): what pointers point to; freed at the end */
    void (*release)(struct filter_job *job); /* frees what is in it, also after a failure; NULL:
                                                nothing */
};

/* Makes a job of the options and the volume, or of each channel of it. What job's pointers point to
 * must last. */
typedef bool filter_prepare(struct filter_job *job, struct fail *fail);

/* The main of such a program, from the command line to the exit status. check: NULL, or what is
 * wrong with the options together: prints it and returns STATUS_USAGE, or returns 0. */
MUST_CHECK int filter_main(const struct program *program, int argc, char **argv,
                           int (*check)(const struct command *command), filter_prepare *prepare);

/* The same of a command line that has been read: for programs that have other jobs, too. */
MUST_CHECK int filter_run(const struct command *command, filter_prepare *prepare);

#endif
