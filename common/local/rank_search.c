#include "common/local/rank_search.h"

#include <stdbool.h>

#define VECTOR_BODY "common/local/rank_search_body.h"
#include "common/kernel/vector.h"

CPU_CHOICE(search_row, search_row_generic,
           (const float *const *from, size_t inputs, size_t rank, float *to, size_t n),
           (from, inputs, rank, to, n))

void rank_search_row(const float *const *from, size_t inputs, size_t rank, float *to, size_t n)
{
    search_row(from, inputs, rank, to, n);
}
