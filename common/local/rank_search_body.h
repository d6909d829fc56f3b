/* rank_search.c on vectors: see common/kernel/vector.h. */

#define BLOCK 4         /* vectors of windows that are searched together */
#define TIGHTEN_STEPS 4 /* bisections before the limits are moved to samples */

/* The sample that is searched for lies in [low, high]. */
#define search LEVELLED(search)
struct search {
    vector low[BLOCK], high[BLOCK];
};

VECTOR_FUNCTION void LEVELLED(find_range)(struct search *search, const struct rank_inputs *from,
                                          size_t x)
{
    memcpy(search->low, from->runs[0].first + x, sizeof search->low);
    memcpy(search->high, from->runs[0].first + x, sizeof search->high);
    RANK_EACH_INPUT(from, input, x)
    {
        VECTOR_UNROLL
        for (size_t k = 0; k < BLOCK; k++) {
            vector v;
            VECTOR_LOAD(v, input + k * VECTOR_WIDTH);
            search->low[k] = VECTOR_MIN(search->low[k], v);
            search->high[k] = VECTOR_MAX(search->high[k], v);
        }
    }
}

VECTOR_FUNCTION bool LEVELLED(is_found)(const struct search *search)
{
    vector differ = search->low[0] ^ search->high[0];
    uint64_t words[sizeof(vector) / sizeof(uint64_t)], any = 0;
    for (size_t k = 1; k < BLOCK; k++)
        differ |= search->low[k] ^ search->high[k];
    VECTOR_STORE(words, differ);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        any |= words[i];
    return any == 0;
}

/* Halves each interval by the number of samples below its middle. */
VECTOR_FUNCTION void LEVELLED(bisect)(struct search *search, const struct rank_inputs *from,
                                      size_t rank, size_t x)
{
    vector middle[BLOCK], below[BLOCK];
    VECTOR_UNROLL
    for (size_t k = 0; k < BLOCK; k++) { /* rounded up, without overflow */
        middle[k] = (search->low[k] | search->high[k]) - ((search->low[k] ^ search->high[k]) >> 1);
        below[k] = middle[k] ^ middle[k];
    }
    RANK_EACH_INPUT(from, input, x)
    {
        VECTOR_UNROLL
        for (size_t k = 0; k < BLOCK; k++) {
            vector v;
            VECTOR_LOAD(v, input + k * VECTOR_WIDTH);
            below[k] += v < middle[k]; /* true is -1 */
        }
    }
    VECTOR_UNROLL
    for (size_t k = 0; k < BLOCK; k++) {
        vector upper = below[k] >= -(int32_t)rank;
        search->low[k] = VECTOR_SELECT(upper, middle[k], search->low[k]);
        search->high[k] = VECTOR_SELECT(upper, search->high[k], middle[k] - 1);
    }
}

/* Moves each limit to the nearest sample inside. */
VECTOR_FUNCTION void LEVELLED(tighten)(struct search *search, const struct rank_inputs *from,
                                       size_t x)
{
    struct search old = *search;
    VECTOR_UNROLL
    for (size_t k = 0; k < BLOCK; k++) {
        search->low[k] = old.high[k];
        search->high[k] = old.low[k];
    }
    RANK_EACH_INPUT(from, input, x)
    {
        VECTOR_UNROLL
        for (size_t k = 0; k < BLOCK; k++) {
            vector v, up, down;
            VECTOR_LOAD(v, input + k * VECTOR_WIDTH);
            up = VECTOR_SELECT(v < old.low[k], old.high[k], v);
            down = VECTOR_SELECT(v > old.high[k], old.low[k], v);
            search->low[k] = VECTOR_MIN(search->low[k], up);
            search->high[k] = VECTOR_MAX(search->high[k], down);
        }
    }
}

VECTOR_ENTRY void LEVELLED(search_row)(const struct rank_inputs *from, size_t rank, float *to,
                                       size_t n)
{
    const size_t block = BLOCK * VECTOR_WIDTH;
    for (size_t x = 0; x < n; x += block) {
        struct search search;
        LEVELLED(find_range)(&search, from, x);
        if (rank == 0)
            memcpy(search.high, search.low, sizeof search.high);
        if (rank == from->count - 1)
            memcpy(search.low, search.high, sizeof search.low);
        for (size_t step = 1; !LEVELLED(is_found)(&search); step++) {
            LEVELLED(bisect)(&search, from, rank, x);
            if (step % TIGHTEN_STEPS == 0)
                LEVELLED(tighten)(&search, from, x);
        }
        memcpy(to + x, search.low, (n - x < block ? n - x : block) * sizeof *to);
    }
}
#undef search
#undef BLOCK
#undef TIGHTEN_STEPS
