#include "common/io/pages.h"

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

/* Until a region is taken from again, as much has been written as a pipe holds: so its reader is
 * done with the old pages, and we are the last to leave them. Then the system has them at hand when
 * it looks for new ones. Otherwise these may come from anywhere, and in a virtual machine from
 * memory that its host has taken back. */
#define BETWEEN ((size_t)1 << 20)

void pages_init(struct pages *pages, size_t size, size_t count)
{
    *pages = (struct pages){.size = size};
    if (size == 0 || size > PAGES_REGION)
        return;
    size_t each = PAGES_REGION / size;
    pages->regions = (count + BETWEEN / size + each - 1) / each + 1;
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

/* Leaves the old pages to those that they were given to. Returns whether the new one is huge:
 * touching the first byte has then brought all of it. */
static bool begin_region(char *region)
{
    unsigned char present = 0;
    if (madvise(region, PAGES_REGION, MADV_DONTNEED) != 0)
        return false;
    *(volatile char *)region = 0;
    return mincore(region + PAGES_REGION / 2, 1, &present) == 0 && (present & 1) != 0;
}

void *pages_take(struct pages *pages)
{
    if (!pages->memory || pages->is_over)
        return NULL;
    if (PAGES_REGION - pages->next % PAGES_REGION < pages->size)
        pages->next += PAGES_REGION - pages->next % PAGES_REGION;
    pages->next %= pages->regions * PAGES_REGION;
    char *span = pages->memory + pages->next;
    size_t region = pages->next / PAGES_REGION;
    if (pages->next % PAGES_REGION == 0 && (pages->taken[region] > 0 || !begin_region(span))) {
        pages->is_over = true;
        return NULL;
    }
    pages->next += pages->size;
    pages->taken[region]++;
    return span;
}

bool pages_contain(const struct pages *pages, const void *address)
{
    uintptr_t first = (uintptr_t)pages->memory;
    return pages->memory && (uintptr_t)address >= first &&
           (uintptr_t)address - first < pages->regions * PAGES_REGION;
}

void pages_release(struct pages *pages, const void *span)
{
    pages->taken[(size_t)((const char *)span - pages->memory) / PAGES_REGION]--;
}
