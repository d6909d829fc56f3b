/* Objects of a volume that is labelled slab by slab: each slab's labels begin at 1, and a text says
 * what is known of them and where they touch the slabs beside. From the texts of all slabs follows
 * which number each label has in the volume. */
#ifndef COMMON_OBJECTS_SLABS_H
#define COMMON_OBJECTS_SLABS_H

#include "common/objects/label_table.h"
#include "common/objects/object_size.h"
#include "common/objects/plane_runs.h"
#include "common/volume/part.h"

struct slab {
    struct part part;
    uint64_t rows, columns;
    struct component_rule rule;
    double steps[AXES];            /* in metres, NAN where they are unknown */
    uint64_t objects;              /* their numbers are 1 to this */
    uint64_t *voxels;              /* of each, from index 1 on */
    bool *at_border;               /* touches a face of the volume */
    struct plane_runs first, last; /* of its planes */
};

void slab_free(struct slab *slab);
MUST_CHECK bool slab_write(struct text_out *out, const struct slab *slab);

/* What slabs_join() says besides numbers. */
struct slabs_result {
    const char *history; /* the command that a volume in one piece would have seen */
    bool binary;         /* every number becomes 1 */
};

/* Reads the texts of all slabs of a volume, and writes another one that gives each label the number
 * that it has in the volume, where its object stays; *labels: the largest. The rule must be that of
 * the slabs. */
MUST_CHECK bool slabs_join(char *const *paths, size_t count, const struct component_rule *rule,
                           const struct object_choice *choice, const struct slabs_result *result,
                           struct text_out *out, uint64_t *labels, struct fail *fail);

#define SLABS_HISTORY_SIZE 480

/* What such a text says of the slab that a volume is. */
struct slab_numbers {
    struct label_table table; /* slab_numbers_free() frees it */
    uint32_t labels;
    bool binary;
    char history[SLABS_HISTORY_SIZE];
};

MUST_CHECK bool slab_numbers_read(const char *path, const struct volume *volume,
                                  struct slab_numbers *numbers, struct fail *fail);
void slab_numbers_free(struct slab_numbers *numbers);

#endif
