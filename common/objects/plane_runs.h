/* The runs of a plane, row after row, and which of two planes touch. */
#ifndef COMMON_OBJECTS_PLANE_RUNS_H
#define COMMON_OBJECTS_PLANE_RUNS_H

#include "common/objects/components.h"
#include "common/text/lines.h"

/* Rows of a plane whose runs are read from a text: memory is taken for them before they come. */
#define PLANE_RUNS_MAX_ROWS (1 << 24)

struct plane_runs {
    struct runs runs;
    size_t *ends; /* of each row in runs, from ends[0] = 0 for the row before the first */
    uint64_t rows;
};

/* An empty plane: all its rows are without runs. False, with errno set, when there is no memory. */
MUST_CHECK bool plane_runs_init(struct plane_runs *plane, uint64_t rows);
/* Makes *to, zeroed, a copy. False, with errno set, when there is no memory. */
MUST_CHECK bool plane_runs_copy(struct plane_runs *to, const struct plane_runs *plane);
void plane_runs_free(struct plane_runs *plane);

/* Joins the runs of a row with those of the plane before, NULL where there is none, and with those
 * of the row before. */
void plane_runs_touch(struct components *components, const struct component_rule *rule,
                      struct plane_runs *plane, uint64_t row, const struct plane_runs *before);

/* The plane as lines of a text, and back: as many rows, with no run beyond the last column. */
MUST_CHECK bool plane_runs_write(struct text_out *out, const char *key,
                                 const struct plane_runs *plane);
MUST_CHECK bool plane_runs_read(struct text_in *in, const char *key, uint64_t rows,
                                uint64_t columns, uint64_t numbers, struct plane_runs *plane);

#endif
