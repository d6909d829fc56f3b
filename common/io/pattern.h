/* Names of numbered files: "plane-%04d.png". A user's pattern is parsed here and never reaches a
 * printf. */
#ifndef COMMON_IO_PATTERN_H
#define COMMON_IO_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/fail.h"

struct pattern {
    const char *text;   /* the whole pattern; not owned */
    const char *before; /* where its conversion begins */
    const char *after;  /* where that ends */
    unsigned width;     /* minimum number of digits, 0 to 9 */
    bool zeros;         /* padded with zeros, otherwise with spaces */
};

/* Accepts exactly one of %d, %4d, %04d (with any width up to 9), and %% for a percent sign; any
 * other conversion is a failure that names it. text must outlive the pattern. */
MUST_CHECK bool pattern_parse(const char *text, struct pattern *pattern, struct fail *fail);

/* The file name for a number, to be freed by the caller; NULL: no memory. */
char *pattern_name(const struct pattern *pattern, uint64_t number);

#endif
