/* Pages of several files that say themselves which channel, plane, frame and position they are. */
#ifndef FORMAT_TIFF_STACK_PLACED_H
#define FORMAT_TIFF_STACK_PLACED_H

#include "format/tiff/stack/pages.h"

struct placed_page {
    int64_t at[PLACE_AXES];
    struct tiff_image image;
};

struct placed_name {
    int64_t channel;
    char name[TIFF_NAME_SIZE];
};

/* Start with {0}. */
struct tiff_placed {
    struct placed_page *list;
    size_t count, capacity;
    struct placed_name *names;
    size_t name_count, name_capacity;
    bool is_sorted;
};

/* Adds the pages of a file, `images` of them in the order of the metadata's only series. */
MUST_CHECK bool placed_add(struct tiff_placed *placed, const struct tiff_metadata *metadata,
                           const struct tiff_image *images, size_t count, struct fail *fail);
/* How many positions of the stage there are. */
MUST_CHECK size_t placed_positions(struct tiff_placed *placed);
/* Sets counts, order and names of channels of a position's series. name: of the files, for
 * messages. Refuses two pages for one place; gaps only where placed_find() meets them. */
MUST_CHECK bool placed_describe(struct tiff_placed *placed, size_t position, const char *name,
                                struct tiff_series *series, struct fail *fail);
/* The image at a place of the series; NULL: there is none. */
const struct tiff_image *placed_find(struct tiff_placed *placed, size_t position,
                                     const uint64_t at[PAGE_AXES]);
void placed_free(struct tiff_placed *placed);

#endif
