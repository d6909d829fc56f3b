/* The chain of pages of one TIFF file. */
#ifndef FORMAT_TIFF_PAGES_H
#define FORMAT_TIFF_PAGES_H

#include "format/tiff/metadata/metadata.h"

#define TIFF_MOST_GROUPS 64

struct tiff_listed {
    uint64_t directory;
    uint64_t data; /* offset of its samples, where it is all that must be known; else 0 */
    uint32_t number, group;
};

struct tiff_pages {
    struct tiff_listed *list;
    size_t count, room;
    /* Pages that are alike; one of each. */
    struct tiff_page groups[TIFF_MOST_GROUPS];
    size_t group_count;
};

/* Lists the directories from the offset `first` on, nothing else. */
bool tiff_pages_walk(struct tiff_file *file, uint64_t first, struct tiff_pages *pages,
                     struct fail *fail);
/* The same, and looks at each page. Smaller copies of images are left out. */
bool tiff_pages_read(struct tiff_file *file, uint64_t first, const struct tiff_metadata *metadata,
                     const struct tiff_decode_options *decoding, struct tiff_pages *pages,
                     struct fail *fail);
void tiff_pages_free(struct tiff_pages *pages);

/* Reads the facts of a page for one of those that are wanted. */
bool tiff_page_take(struct tiff_file *file, uint64_t number, const struct tiff_metadata *metadata,
                    const struct tiff_decode_options *decoding, struct tiff_page *page,
                    struct fail *fail);

/* Where the samples of a page lie, if its directory is not needed beside `like`; else 0. Only what
 * all pages share is known without their directories, and no page's colors are. */
uint64_t tiff_page_shared_data(const struct tiff_page *page, const struct tiff_page *like);

#endif
