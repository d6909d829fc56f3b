/* Why something failed: a text that is set where the fault is known, passed up through the callers
 * and printed once, by main. */
#ifndef COMMON_BASE_FAIL_H
#define COMMON_BASE_FAIL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Counts of bytes and samples pass between uint64_t and size_t without checks. */
_Static_assert(SIZE_MAX == UINT64_MAX, "size_t must have 64 bits");

/* For functions whose result must not be ignored. */
#define MUST_CHECK __attribute__((warn_unused_result))

/* For functions that may be unable to do something without that being a failure. */
enum outcome {
    OUTCOME_FAILED, /* fail is set */
    OUTCOME_CANNOT, /* fail is not set: the caller does it another way or without it */
    OUTCOME_ABSENT = OUTCOME_CANNOT, /* for functions that read what need not be there */
    OUTCOME_DONE,
};

#define FAIL_SIZE 1024

struct fail {
    char text[FAIL_SIZE]; /* "" while nothing has failed; no program name, no newline */
    bool is_system; /* the system failed, not the input or what was asked: see fail_status() */
    /* The command that makes the volume of a file that is something else, and the file's name,
     * which must last; or NULL: fail_convert(). */
    const char *converter, *file;
};

/* Prints a text of which both ends stay, if it is too long: names may be. */
void fail_text(char text[FAIL_SIZE], const char *format, va_list arguments);

/* Sets the text, as "where: what was found, what was expected". The first failure stays: later ones
 * are its consequences. Always returns false, so that callers can return it. */
__attribute__((format(printf, 2, 3))) bool fail_set(struct fail *fail, const char *format, ...);

/* The same, with ": " and the system's message for errno at the end. */
__attribute__((format(printf, 2, 3))) bool fail_errno(struct fail *fail, const char *format, ...);
/* The same where memory is what is missing, whatever errno is. */
__attribute__((format(printf, 2, 3))) bool fail_memory(struct fail *fail, const char *format, ...);

/* The same of a file that another program can read, as "tiff2vol": the command to type instead is
 * printed behind the text. */
__attribute__((format(printf, 4, 5))) bool fail_convert(struct fail *fail, const char *converter,
                                                        const char *file, const char *format, ...);

/* Passes another failure up; fail_prefix() as "prefix: why". */
bool fail_pass(struct fail *fail, const struct fail *why);
__attribute__((format(printf, 3, 4))) bool fail_prefix(struct fail *fail, const struct fail *why,
                                                       const char *format, ...);

/* The exit status of a failure: STATUS_SYSTEM where the system failed (no memory, a full disk, an
 * I/O error, too many open files), so that trying again may help; else STATUS_INPUT. */
enum { STATUS_INPUT = 1, STATUS_USAGE = 2, STATUS_SYSTEM = 75 /* EX_TEMPFAIL of sysexits.h */ };
int fail_status(const struct fail *fail);

/* What the user should know although nothing failed: lines, without a newline after the last. */
struct notices {
    char text[2048];
};
/* Adds a line; one that no longer fits is dropped. */
__attribute__((format(printf, 2, 3))) void notices_add(struct notices *notices, const char *format,
                                                       ...);

#endif
