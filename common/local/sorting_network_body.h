/* sorting_network.c on vectors: see common/kernel/vector.h. */

/* Two vectors of windows at a time. */
VECTOR_ENTRY void LEVELLED(run_row)(const struct sorting_network *network, const float *const *from,
                                    float *to, size_t n, void *scratch)
{
    vector(*lane)[2] = scratch;
    for (size_t x = 0; x < n; x += 2 * VECTOR_WIDTH) {
        for (size_t i = 0; i < network->inputs; i++)
            memcpy(lane[i], from[i] + x, sizeof lane[i]);
        for (size_t i = 0; i < network->count; i++) {
            vector *low = lane[network->steps[i][0]], *high = lane[network->steps[i][1]];
            vector a = low[0], b = high[0], c = low[1], d = high[1];
            low[0] = VECTOR_MIN(a, b);
            high[0] = VECTOR_MAX(a, b);
            low[1] = VECTOR_MIN(c, d);
            high[1] = VECTOR_MAX(c, d);
        }
        size_t part = n - x < 2 * VECTOR_WIDTH ? n - x : 2 * VECTOR_WIDTH;
        memcpy(to + x, lane[network->rank], part * sizeof *to);
    }
}
