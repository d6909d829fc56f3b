#include "common/objects/runs.h"

#include "common/base/array.h"
#include "common/kernel/edges.h"

#define SPAN 4096 /* samples whose edges are found at once */

/* Ends and begins runs at the edges of v[0..n). *open: the last run goes on. */
static bool cut_at_edges(struct runs *runs, enum run_kind kind, uint32_t column, const float *v,
                         size_t words, const uint64_t *edges, bool *open)
{
    for (size_t w = 0; w < words; w++)
        for (uint64_t left = edges[w]; left != 0; left &= left - 1) {
            size_t i = w * 64 + (size_t)__builtin_ctzll(left);
            if (*open)
                runs->run[runs->count - 1].end = column + (uint32_t)i;
            *open = (v[i] != 0) != (kind == RUNS_OF_UNSET);
            if (!*open)
                continue;
            if (!array_reserve(runs->run, &runs->capacity, runs->count + 1))
                return false;
            runs->run[runs->count++] = (struct run){.begin = column + (uint32_t)i,
                                                    .value = kind == RUNS_OF_VALUES ? v[i] : 1};
        }
    return true;
}

bool runs_add(struct runs *runs, size_t first, enum run_kind kind, uint32_t column, const float *v,
              size_t n)
{
    uint64_t edges[EDGES_WORDS(SPAN)];
    bool open = column > 0 && runs->count > first && runs->run[runs->count - 1].end == column;
    for (size_t done = 0, part; done < n; done += part) {
        part = n - done < SPAN ? n - done : SPAN;
        float outside = kind == RUNS_OF_UNSET;
        if (kind == RUNS_OF_VALUES)
            edges_of_values(v + done, part, open ? runs->run[runs->count - 1].value : 0, edges);
        else
            edges_of_zeros(v + done, part, open ? 1 - outside : outside, edges);
        if (!cut_at_edges(runs, kind, column + (uint32_t)done, v + done, EDGES_WORDS(part), edges,
                          &open))
            return false;
        if (open)
            runs->run[runs->count - 1].end = column + (uint32_t)(done + part);
    }
    return true;
}
