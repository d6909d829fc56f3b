/* Runs: the samples of a row that lie side by side and belong together. */
#ifndef COMMON_OBJECTS_RUNS_H
#define COMMON_OBJECTS_RUNS_H

#include "common/base/fail.h"

struct run {
    uint32_t begin, end; /* columns, half open */
    uint32_t number;     /* of what it is a part of */
    float value;         /* of its samples, where these are equal */
};

struct runs {
    struct run *run;
    size_t count, capacity;
};

/* Which samples make runs. */
enum run_kind {
    RUNS_OF_SET,    /* those that are not 0; their value is 1 */
    RUNS_OF_UNSET,  /* those that are 0 */
    RUNS_OF_VALUES, /* those that are not 0, each value by itself; NaN are equal */
};

/* Columns are counted in 32 bits. */
#define RUNS_MAX_COLUMNS (UINT32_MAX - 1)

/* Appends the runs in v[0..n), whose first sample is in `column` of a row, the runs of which begin
 * with number `first`; what lies before v in this row must have been added. False, with errno set,
 * when there is no memory. */
MUST_CHECK bool runs_add(struct runs *runs, size_t first, enum run_kind kind, uint32_t column,
                         const float *v, size_t n);

#endif
