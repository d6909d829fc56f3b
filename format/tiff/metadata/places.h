/* Where the pages of a file belong, for programs that say so page by page. */
#ifndef FORMAT_TIFF_METADATA_PLACES_H
#define FORMAT_TIFF_METADATA_PLACES_H

#include "format/tiff/metadata/metadata.h"

/* Calls handle_page() for each page, in order, while its directory is the current one; stops when
 * that returns false, with fail set. Call it while the first directory is the current one, which it
 * is again afterwards. A broken chain ends early: whoever reads the pages reports that. */
typedef bool tiff_page_handler(const struct tiff_file *file, uint64_t page, void *state,
                               struct fail *fail);
MUST_CHECK bool tiff_for_each_page(struct tiff_file *file, tiff_page_handler *handle_page,
                                   void *state, struct fail *fail);
/* Reads the current page's description of a kind; "" if there is none. */
MUST_CHECK bool tiff_page_description(const struct tiff_file *file, bool (*is_kind)(const char *),
                                      char *text, size_t size, struct fail *fail);
MUST_CHECK bool tiff_count_pages(struct tiff_file *file, uint64_t *pages, struct fail *fail);

/* The positions of the pages, in their order, along the axes. */
struct page_places {
    uint64_t (*at)[PAGE_AXES];
    size_t count, capacity;
};

MUST_CHECK bool page_places_add(struct page_places *places, const uint64_t at[PAGE_AXES],
                                struct fail *fail);
/* Sets the counts and places of the metadata's only series. Refuses positions that leave one of
 * them empty or are those of two pages. */
MUST_CHECK bool page_places_keep(const struct page_places *places, const struct tiff_file *file,
                                 struct tiff_metadata *metadata, struct fail *fail);

#endif
