/* A volume's components as a volume, made while it is read once. */
#ifndef COMMON_OBJECTS_LABEL_H
#define COMMON_OBJECTS_LABEL_H

#include "common/objects/components.h"
#include "common/objects/run_file.h"
#include "common/stream/stream.h"
#include "common/text/lines.h"
#include "common/volume/labels.h"

/* What samples become. */
enum label_paint {
    LABEL_NUMBERS, /* the number of the component, 0 outside of those that stay */
    LABEL_SET,     /* 1 in components that stay, else 0 */
    LABEL_FILL     /* 0 in components that stay, else 1 */
};

struct label_request {
    struct component_rule rule;
    struct component_choice choice;
    enum label_paint paint;
    bool counts;           /* voxels are counted for label_components() */
    struct text_out *slab; /* where to write what slabs_join() (slabs.h) must know; NULL: nowhere */
};

struct label_count {
    uint64_t pieces, found, kept;
};

/* A reader of that. It reads the whole source at once: a gray volume, whose runs it keeps in a file
 * without a name. NULL (source closed) on failure: more components than LABELS_MAX that get
 * numbers, no room for the file. */
MUST_CHECK struct reader *label_reader(const struct label_request *request, struct reader *source,
                                       struct label_count *count, struct fail *fail);

/* What such a reader is made of: the components, and the runs with the numbers of their pieces. */
const struct components *label_components(const struct reader *reader);
const struct run_file *label_runs(const struct reader *reader);

#endif
