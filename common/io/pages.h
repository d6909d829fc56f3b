/* Memory that is given away to a pipe: the system hands its pages to the reader instead of copying
 * them. What was given is never touched again; its place is filled with new pages, which only pays
 * where these are huge (2 MiB). */
#ifndef COMMON_IO_PAGES_H
#define COMMON_IO_PAGES_H

#include <stdbool.h>
#include <stddef.h>

#define PAGES_REGION ((size_t)2 << 20) /* a huge page */
#define PAGES_MAX_REGIONS 8

/* Spans are taken in a ring of regions, and released in any order. */
struct pages {
    char *memory; /* NULL: there is none */
    size_t size, regions;
    size_t next;                     /* byte of `memory` that is taken next */
    size_t taken[PAGES_MAX_REGIONS]; /* spans of each region that were not released */
    bool is_over;                    /* the system had no huge page */
};

/* For spans of `size` bytes, of which `count` are taken at a time. Where there is no such memory,
 * pages_take() gives none. */
void pages_init(struct pages *pages, size_t size, size_t count);
void pages_free(struct pages *pages);

/* A span, or NULL: the system has no huge page left, now and from here on. */
void *pages_take(struct pages *pages);
/* Whether an address lies in this memory. */
bool pages_contain(const struct pages *pages, const void *address);
/* Also after it was given away. */
void pages_release(struct pages *pages, const void *span);

#endif
