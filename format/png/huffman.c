#include "format/png/huffman.h"

#include <stdbool.h>
#include <stdlib.h>

/* A weight and, in the lowest bits, its symbol in one number, which is sorted by the weight. */
#define SYMBOL_BITS 9
#define SYMBOL_MASK ((1u << SYMBOL_BITS) - 1)

static int compare(const void *a, const void *b)
{
    uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;
    return (first > second) - (first < second);
}

static size_t sort_symbols(const uint32_t *counts, size_t n, uint16_t *symbols, uint32_t *weights)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++)
        if (counts[i] > 0)
            weights[used++] = counts[i] << SYMBOL_BITS | (uint32_t)i;
    qsort(weights, used, sizeof *weights, compare);
    for (size_t i = 0; i < used; i++) {
        symbols[i] = (uint16_t)(weights[i] & SYMBOL_MASK);
        weights[i] >>= SYMBOL_BITS;
    }
    return used;
}

/* Sets the depths in Huffman's tree of leaves with ascending weights. Nodes are made in ascending
 * order as well, so the two lightest without a parent are always among the next leaves and the next
 * nodes. The depth of a leaf that is alone stays as it is. */
static void leaf_depths(const uint32_t *weights, size_t leaves, uint8_t *depths)
{
    uint32_t node[HUFFMAN_MAX_SYMBOLS];
    uint16_t leaf_parent[HUFFMAN_MAX_SYMBOLS], node_parent[HUFFMAN_MAX_SYMBOLS];
    uint8_t node_depth[HUFFMAN_MAX_SYMBOLS];
    size_t next_leaf = 0, next_node = 0;
    if (leaves < 2)
        return;
    for (size_t made = 0; made + 1 < leaves; made++) {
        node[made] = 0;
        for (int child = 0; child < 2; child++) {
            bool is_leaf =
                next_leaf < leaves && (next_node == made || weights[next_leaf] <= node[next_node]);
            node[made] += is_leaf ? weights[next_leaf] : node[next_node];
            *(is_leaf ? &leaf_parent[next_leaf++] : &node_parent[next_node++]) = (uint16_t)made;
        }
    }
    node_depth[leaves - 2] = 0;
    for (size_t i = leaves - 2; i-- > 0;)
        node_depth[i] = (uint8_t)(node_depth[node_parent[i]] + 1);
    for (size_t i = 0; i < leaves; i++)
        depths[i] = (uint8_t)(node_depth[leaf_parent[i]] + 1);
}

void huffman_lengths(const uint32_t *counts, size_t n, unsigned max_length, uint8_t *lengths)
{
    uint16_t symbols[HUFFMAN_MAX_SYMBOLS];
    uint32_t weights[HUFFMAN_MAX_SYMBOLS];
    uint8_t depths[HUFFMAN_MAX_SYMBOLS] = {1};
    size_t used = sort_symbols(counts, n, symbols, weights);
    leaf_depths(weights, used, depths);
    /* More similar weights make a tree less deep. The lightest leaf is the deepest. */
    while (depths[0] > max_length) {
        for (size_t i = 0; i < used; i++)
            weights[i] = (weights[i] + 1) / 2;
        leaf_depths(weights, used, depths);
    }
    for (size_t i = 0; i < n; i++)
        lengths[i] = 0;
    for (size_t i = 0; i < used; i++)
        lengths[symbols[i]] = depths[i];
}

static uint16_t reversed(unsigned code, unsigned length)
{
    unsigned turned = 0;
    for (unsigned i = 0; i < length; i++)
        turned |= (code >> i & 1) << (length - 1 - i);
    return (uint16_t)turned;
}

void huffman_codes(const uint8_t *lengths, size_t n, uint16_t *codes)
{
    unsigned count[HUFFMAN_MAX_LENGTH + 1] = {0}, next[HUFFMAN_MAX_LENGTH + 1] = {0};
    for (size_t i = 0; i < n; i++)
        count[lengths[i]] += lengths[i] > 0;
    for (unsigned length = 1; length <= HUFFMAN_MAX_LENGTH; length++)
        next[length] = (next[length - 1] + count[length - 1]) << 1;
    for (size_t i = 0; i < n; i++)
        codes[i] = lengths[i] > 0 ? reversed(next[lengths[i]]++, lengths[i]) : 0;
}
