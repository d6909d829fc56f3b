/* Buffers between two pages that may not be touched: a kernel that reads or writes beyond its
 * samples is stopped there, and named. */
#ifndef TESTS_UNITS_GUARD_H
#define TESTS_UNITS_GUARD_H

#include <limits.h>
#include <stddef.h>

struct guard {
    unsigned char *map;   /* a page that may not be touched, the buffer, another such page */
    unsigned char *begin; /* of the buffer, which begins and ends with a page */
    unsigned char *end;
};

/* A buffer of `size` bytes or more. On failure the process exits with 1. */
void guard_open(struct guard *guard, size_t size);
void guard_close(struct guard *guard);

/* Where n bytes begin: as many bytes behind the begin of the buffer, so that 0 is directly behind
 * the first page; or so that they end directly before the second page. */
#define GUARD_END UINT_MAX
void *guard_place(const struct guard *guard, size_t n, unsigned offset);

/* From here on, touching such a page prints what ran, as guard_note() says, and exits with 1. */
void guard_catch(void);
/* A kernel's name, which is not copied, and how many samples of what offset it gets next. */
void guard_note(const char *kernel, size_t n, unsigned offset);

#endif
