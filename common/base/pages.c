#include "common/base/pages.h"

#include <stdint.h>
#include <sys/mman.h>

/* Room to find a multiple of a region in. */
static char *map_aligned(size_t size)
{
    char *all = mmap(NULL, size + PAGES_REGION, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (all == MAP_FAILED)
        return NULL;
    size_t before = (PAGES_REGION - (uintptr_t)all % PAGES_REGION) % PAGES_REGION;
    if (before > 0)
        munmap(all, before);
    munmap(all + before + size, PAGES_REGION - before);
    return all + before;
}

/* One region more than spans need, so that the one that is taken from next is always free. */
void pages_init(struct pages *pages, size_t size, size_t count)
{
    *pages = (struct pages){.memory = NULL};
    if (size == 0 || size > PAGES_REGION)
        return;
    size_t each = PAGES_REGION / size;
    pages->regions = (count + each - 1) / each + 1;
    if (pages->regions > PAGES_MAX_REGIONS)
        return;
#ifdef MADV_HUGEPAGE
    pages->memory = map_aligned(pages->regions * PAGES_REGION);
    if (pages->memory && madvise(pages->memory, pages->regions * PAGES_REGION, MADV_HUGEPAGE) != 0)
        pages_free(pages);
#endif
}

void pages_free(struct pages *pages)
{
    if (pages->memory)
        munmap(pages->memory, pages->regions * PAGES_REGION);
    *pages = (struct pages){.memory = NULL};
}

/* Leaves the pages of a region to those that they were given to; the next access brings new ones.
 */
static bool renew(char *region)
{
    return madvise(region, PAGES_REGION, MADV_DONTNEED) == 0;
}

/* Whether the region has a huge page: touching its first byte has then brought all of it. */
static bool begin_region(char *region)
{
    unsigned char present = 0;
    if (!renew(region))
        return false;
    *(volatile char *)region = 0;
    return mincore(region + PAGES_REGION / 2, 1, &present) == 0 && (present & 1) != 0;
}

void *pages_take(struct pages *pages, size_t size)
{
    if (!pages->memory || pages->is_over)
        return NULL;
    if (PAGES_REGION - pages->next % PAGES_REGION < size)
        pages->next += PAGES_REGION - pages->next % PAGES_REGION;
    pages->next %= pages->regions * PAGES_REGION;
    char *span = pages->memory + pages->next;
    size_t region = pages->next / PAGES_REGION;
    if (pages->next % PAGES_REGION == 0 && (pages->taken[region] > 0 || !begin_region(span))) {
        pages->is_over = true;
        return NULL;
    }
    pages->next += size;
    pages->taken[region]++;
    return span;
}

/* A region is left with the last span that was taken from it. */
void pages_release(struct pages *pages, const void *span)
{
    size_t region = (size_t)((const char *)span - pages->memory) / PAGES_REGION;
    bool is_left = pages->next / PAGES_REGION != region;
    if (--pages->taken[region] == 0 && is_left)
        pages->is_over |= !renew(pages->memory + region * PAGES_REGION);
}
