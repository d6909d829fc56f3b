/* The chain of pages of one TIFF file. */
#ifndef FORMAT_TIFF_STACK_PAGES_H
#define FORMAT_TIFF_STACK_PAGES_H

#include "format/tiff/metadata/metadata.h"
#include "format/tiff/stack/texts.h"

#define TIFF_MAX_GROUPS 64

struct tiff_page_entry {
    uint64_t directory;
    /* Where its samples begin, if they can be read without the rest of the directory; else 0. */
    uint64_t data_offset;
    uint32_t number, group;
};

/* One channel of one plane. */
struct tiff_image {
    uint64_t directory;     /* 0: there is none, its samples are 0 */
    uint64_t data_offset;   /* see struct tiff_page_entry */
    uint32_t input, number; /* the file, and the page in it */
    uint32_t part;          /* of a page that is several images */
};

struct tiff_pages {
    struct tiff_page_entry *list;
    size_t count, capacity;
    /* Compatible pages are a group; the first page of each. */
    struct tiff_page *groups;
    size_t group_count, group_capacity;
    /* Set by the caller of tiff_pages_read(): */
    struct notices *notices;  /* of what is left out or repaired */
    struct tiff_texts *texts; /* compares those of the group; NULL: they are of no interest */
    uint32_t texts_group;
    struct fail *cut; /* why pages at the end can't be read; NULL: that is a failure of reading */
};

/* Lists the directories from the offset `first` on; other facts of the pages stay 0. */
MUST_CHECK bool tiff_pages_list(struct tiff_file *file, uint64_t first, struct tiff_pages *pages,
                                struct fail *fail);
/* Reads the facts of all pages from the offset `first` on, except of smaller copies of an image and
 * of masks. */
MUST_CHECK bool tiff_pages_read(struct tiff_file *file, uint64_t first,
                                const struct tiff_metadata *metadata,
                                const struct tiff_decode_options *options, struct tiff_pages *pages,
                                struct fail *fail);
void tiff_pages_free(struct tiff_pages *pages);
/* Whether pages at the end can't be read, though that was no failure. */
bool tiff_pages_are_cut(const struct tiff_pages *pages);

/* tiff_page_read(), and what the metadata change about it. */
MUST_CHECK bool tiff_page_interpret(struct tiff_file *file, uint64_t number,
                                    const struct tiff_metadata *metadata,
                                    const struct tiff_decode_options *options,
                                    struct tiff_page *page, struct fail *fail);

/* The offset of the page's samples, if its directory is not needed beside the facts of `like`; else
 * 0. A page's own colors need its directory. */
uint64_t tiff_page_data_offset(const struct tiff_page *page, const struct tiff_page *like);

#endif
