/* minimum.c on vectors: see common/kernel/vector.h. */

#define BLOCK 4 /* vectors at once */

VECTOR_ENTRY void LEVELLED(run_pair)(float *to, const float *a, const float *b, size_t n)
{
    size_t x = 0;
    for (; x + BLOCK * VECTOR_WIDTH <= n; x += BLOCK * VECTOR_WIDTH) {
        vector low[BLOCK];
        VECTOR_UNROLL
        for (size_t k = 0; k < BLOCK; k++) {
            vector other;
            VECTOR_LOAD(low[k], a + x + k * VECTOR_WIDTH);
            VECTOR_LOAD(other, b + x + k * VECTOR_WIDTH);
            low[k] = VECTOR_MIN(low[k], other);
        }
        VECTOR_UNROLL
        for (size_t k = 0; k < BLOCK; k++)
            VECTOR_STORE(to + x + k * VECTOR_WIDTH, low[k]);
    }
    for (size_t part; x < n; x += part) {
        part = n - x < VECTOR_WIDTH ? n - x : VECTOR_WIDTH;
        vector low = {0}, other = {0};
        memcpy(&low, a + x, part * sizeof *a);
        memcpy(&other, b + x, part * sizeof *b);
        low = VECTOR_MIN(low, other);
        memcpy(to + x, &low, part * sizeof *to);
    }
}
#undef BLOCK
