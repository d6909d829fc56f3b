/* Names of numbered files: "plane-%04d.png". A user's pattern is parsed here and never reaches a
 * printf. */
#ifndef COMMON_CLI_PATTERN_H
#define COMMON_CLI_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/fail.h"

struct pattern {
    const char *text;   /* the whole pattern; not owned */
    const char *before; /* its conversion begins there */
    const char *after;  /* and ends there */
    unsigned width;     /* digits at least, 0 to 9 */
    bool zeros;         /* filled up with zeros, else with spaces */
};

/* Takes exactly one of %d, %4d, %04d (with any width up to 9), and %% for a percent sign; refuses
 * everything else, naming it. text must last as long as the pattern. */
bool pattern_parse(const char *text, struct pattern *pattern, struct fail *fail);

/* The name that stands for a number, to be freed; NULL when memory is short. */
char *pattern_name(const struct pattern *pattern, uint64_t number);

#endif
