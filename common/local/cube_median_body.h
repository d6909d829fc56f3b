/* cube_median.c on vectors: see common/kernel/vector.h.
 *
 * Three samples along the planes are sorted once for the three rows of windows that see them, three
 * such triples along the rows once for three columns; only those of the sorted nines that can
 * be the median are sorted further. About 96 minima and maxima a sample. */

#define EXCHANGE(a, b)                                                                             \
    do {                                                                                           \
        vector low_ = VECTOR_MIN(a, b);                                                            \
        (b) = VECTOR_MAX(a, b);                                                                    \
        (a) = low_;                                                                                \
    } while (0)

/* Sorts three samples along the planes. sorted[rank * stride + x] */
VECTOR_FUNCTION void LEVELLED(sort_planes)(const float *const plane[3], int32_t *sorted, size_t n,
                                           size_t stride)
{
    for (size_t x = 0; x < n; x += VECTOR_WIDTH) {
        vector a, b, c;
        VECTOR_LOAD(a, plane[0] + x);
        VECTOR_LOAD(b, plane[1] + x);
        VECTOR_LOAD(c, plane[2] + x);
        EXCHANGE(a, b);
        EXCHANGE(b, c);
        EXCHANGE(a, b);
        VECTOR_STORE(sorted + x, a);
        VECTOR_STORE(sorted + stride + x, b);
        VECTOR_STORE(sorted + 2 * stride + x, c);
    }
}

/* Sorts nine samples: three sorted triples of three rows, which lie behind one another. */
VECTOR_FUNCTION void LEVELLED(merge_rows)(const int32_t *triples, int32_t *sorted, size_t n,
                                          size_t stride)
{
    for (size_t x = 0; x < n; x += VECTOR_WIDTH) {
        vector v[9];
        VECTOR_UNROLL
        for (size_t i = 0; i < 9; i++)
            VECTOR_LOAD(v[i], triples + i * stride + x);
        VECTOR_UNROLL
        for (size_t i = 0; i < 3; i++) {
            EXCHANGE(v[i], v[i + 3]);
            EXCHANGE(v[i + 3], v[i + 6]);
            EXCHANGE(v[i], v[i + 3]);
        }
        EXCHANGE(v[1], v[3]);
        EXCHANGE(v[5], v[7]);
        EXCHANGE(v[2], v[6]);
        EXCHANGE(v[4], v[6]);
        EXCHANGE(v[2], v[4]);
        EXCHANGE(v[2], v[3]);
        EXCHANGE(v[5], v[6]);
        VECTOR_UNROLL
        for (size_t i = 0; i < 9; i++)
            VECTOR_STORE(sorted + i * stride + x, v[i]);
    }
}

/* Loads the samples of rank i in the nines of three columns. */
VECTOR_FUNCTION void LEVELLED(load_three)(vector three[3], const int32_t *sorted, size_t i,
                                          size_t stride, size_t channels)
{
    VECTOR_UNROLL
    for (size_t k = 0; k < 3; k++)
        VECTOR_LOAD(three[k], sorted + i * stride + k * channels);
}

/* The larger two of three: *middle <= *high. */
VECTOR_FUNCTION void LEVELLED(upper_two)(const vector v[3], vector *middle, vector *high)
{
    vector low = VECTOR_MIN(v[0], v[1]), up = VECTOR_MAX(v[0], v[1]), rest = VECTOR_MIN(up, v[2]);
    *high = VECTOR_MAX(up, v[2]);
    *middle = VECTOR_MAX(low, rest);
}

/* The smaller two of three: *low <= *middle. */
VECTOR_FUNCTION void LEVELLED(lower_two)(const vector v[3], vector *low, vector *middle)
{
    vector down = VECTOR_MIN(v[0], v[1]), high = VECTOR_MAX(v[0], v[1]),
           rest = VECTOR_MAX(down, v[2]);
    *low = VECTOR_MIN(down, v[2]);
    *middle = VECTOR_MIN(high, rest);
}

/* Merges four sorted and four sorted; all but the first and the last are needed. */
VECTOR_FUNCTION void LEVELLED(merge_four)(vector v[8])
{
    VECTOR_UNROLL
    for (size_t i = 0; i < 4; i++)
        EXCHANGE(v[i], v[i + 4]);
    EXCHANGE(v[2], v[4]);
    EXCHANGE(v[3], v[5]);
    EXCHANGE(v[1], v[2]);
    EXCHANGE(v[3], v[4]);
    EXCHANGE(v[5], v[6]);
}

/* The median of three sorted nines. Of those of rank 0 and 1 only the largest can be it, of rank 2
 * and 3 all but the smallest, of rank 4 the middle one, and the other way round above. */
VECTOR_FUNCTION void LEVELLED(median_of_nines)(const int32_t *sorted, vector *median, size_t stride,
                                               size_t channels)
{
    vector three[3], middle[5], outer[8], unused;
    VECTOR_UNROLL
    for (size_t i = 0; i < 9; i++) {
        LEVELLED(load_three)(three, sorted, i, stride, channels);
        if (i < 2)
            LEVELLED(upper_two)(three, &unused, &outer[i]);
        else if (i < 4)
            LEVELLED(upper_two)(three, &middle[i - 2], &outer[i]);
        else if (i == 4)
            LEVELLED(upper_two)(three, &middle[2], &unused);
        else if (i < 7)
            LEVELLED(lower_two)(three, &outer[i - 1], &middle[i - 2]);
        else
            LEVELLED(lower_two)(three, &outer[i - 1], &unused);
    }
    LEVELLED(merge_four)(outer);
    *median = outer[6];
    VECTOR_UNROLL
    for (size_t i = 0; i < 5; i++) {
        vector larger = VECTOR_MAX(outer[5 - i], middle[i]);
        *median = VECTOR_MIN(*median, larger);
    }
}

VECTOR_FUNCTION void LEVELLED(median_row)(const int32_t *sorted, float *made, size_t n,
                                          size_t stride, size_t channels)
{
    for (size_t x = 0; x < n; x += VECTOR_WIDTH) {
        vector median;
        LEVELLED(median_of_nines)(sorted + x, &median, stride, channels);
        if (n - x < VECTOR_WIDTH)
            memcpy(made + x, &median, (n - x) * sizeof *made);
        else
            VECTOR_STORE(made + x, median);
    }
}

/* Makes columns [x, x + n) of all rows. */
VECTOR_FUNCTION void LEVELLED(run_tile)(const struct surroundings *around, size_t channels,
                                        float *made, size_t x, size_t n)
{
    size_t stride = tile_stride(channels), wide = n + 2 * channels;
    int32_t *triples = around->scratch, *nines = triples + 3 * 3 * stride;
    for (size_t i = 0; i < around->count + 2; i++) {
        const float *plane[3];
        for (ptrdiff_t z = 0; z < 3; z++)
            plane[z] = surroundings_row(around, i, z - 1, -1) + x - channels;
        LEVELLED(sort_planes)(plane, triples + i % 3 * 3 * stride, wide, stride);
        if (i < 2)
            continue;
        LEVELLED(merge_rows)(triples, nines, wide, stride);
        LEVELLED(median_row)(nines, made + (i - 2) * around->row_samples + x, n, stride, channels);
    }
}

VECTOR_ENTRY void LEVELLED(run_rows)(const struct surroundings *around, size_t channels,
                                     float *made)
{
    for (size_t x = 0, n = around->row_samples; x < n; x += TILE)
        LEVELLED(run_tile)(around, channels, made, x, n - x < TILE ? n - x : TILE);
}
#undef EXCHANGE
