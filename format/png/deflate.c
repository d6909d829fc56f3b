#include "format/png/deflate.h"

#include <stdint.h>
#include <string.h>

#include "format/png/huffman.h"

#define BLOCK 65535 /* bytes that are coded alike: the most that a block can hold as they are */
#define SHORTEST_RUN 8
#define STEP 256 /* bytes looked at at once for a run */
#define SHORTEST_MATCH 3
#define LONGEST_MATCH 258

#define BLOCK_END 256 /* the symbol behind the bytes; behind it come the lengths of matches */
#define SYMBOLS 286
#define DISTANCES 30
#define LONGEST_CODE 14 /* bits, so that four fit one put() */
#define STORED_AROUND 5 /* bytes at most beside those of a block that holds them as they are */

/* The symbols that tell lengths of codes: a length itself, the one before again, zeros. */
enum { REPEAT = 16, FEW_ZEROS, MANY_ZEROS, PRECODE_SYMBOLS };
#define MAX_PRECODE_LENGTH 7

/* ---- bits ----------------------------------------------------------------------------------- */

struct bits {
    uint64_t held; /* fewer than 8 that are no whole byte yet */
    unsigned count;
    unsigned char *to;
};

/* The number whose lowest byte comes first in memory, from one of this machine's, and back. */
static inline uint64_t little_endian(uint64_t number)
{
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(number) : number;
}

/* count is 56 at most. Writes up to 8 bytes beyond the last one that counts. */
static inline void put(struct bits *bits, uint64_t value, unsigned count)
{
    bits->held |= value << bits->count;
    bits->count += count;
    uint64_t bytes = little_endian(bits->held);
    memcpy(bits->to, &bytes, sizeof bytes);
    bits->to += bits->count / 8;
    bits->held >>= bits->count / 8 * 8;
    bits->count %= 8;
}

static void fill_byte(struct bits *bits)
{
    put(bits, 0, (8 - bits->count) % 8);
}

/* ---- what a block is made of ---------------------------------------------------------------- */

/* Bytes that are coded one by one, and a run behind them. */
struct literal_run {
    uint16_t bytes, run;
};

struct block {
    const unsigned char *v;
    size_t n, distance;
    struct literal_run
        literal_runs[BLOCK / SHORTEST_RUN + 1]; /* the last one may be without a run */
    size_t literal_run_count;
    uint64_t match_bits; /* of all matches, beside the codes of their lengths */
    uint32_t counts[SYMBOLS];
};

static inline uint64_t eight_bytes(const unsigned char *v)
{
    uint64_t bytes;
    memcpy(&bytes, v, sizeof bytes);
    return little_endian(bytes);
}

/* Whether any four bytes of STEP, counted off from the first, are those of the pixel before: a
 * quick look at many bytes. */
static bool has_equal_four(const unsigned char *v, size_t distance)
{
    uint32_t equal = 0;
    for (size_t i = 0; i < STEP; i += sizeof(uint32_t)) {
        uint32_t here, before;
        memcpy(&here, v + i, sizeof here);
        memcpy(&before, v + i - distance, sizeof before);
        equal |= here == before;
    }
    return equal != 0;
}

/* Where the first run in [at, end) begins: where eight bytes are those of the pixel before. Else
 * the next one can only begin behind the last of the eight that differs. Where there is none, the
 * place from `end` on where one may begin. */
static size_t find_run_until(const struct block *block, size_t at, size_t end)
{
    while (at < end) {
        const unsigned char *v = block->v + at;
        uint64_t differ = eight_bytes(v) ^ eight_bytes(v - block->distance);
        if (differ == 0)
            break;
        at += 8 - (size_t)__builtin_clzll(differ) / 8;
    }
    return at;
}

/* Where the next run begins; n if there is none. */
static size_t find_run(const struct block *block, size_t at)
{
    size_t last = block->n < SHORTEST_RUN ? 0 : block->n - SHORTEST_RUN;
    at = at < block->distance ? block->distance : at;
    while (at <= last) {
        bool looks = at + STEP <= last;
        size_t end = looks ? at + STEP : last + 1;
        if (looks && !has_equal_four(block->v + at, block->distance)) {
            at = end - 3; /* who begins before has four of its eight bytes here */
            continue;
        }
        at = find_run_until(block, at, end);
        if (at < end)
            return at;
    }
    return block->n;
}

static size_t find_run_end(const struct block *block, size_t at)
{
    while (at < block->n && block->v[at] == block->v[at - block->distance])
        at++;
    return at;
}

static void find_literal_runs(struct block *block)
{
    block->literal_run_count = 0;
    for (size_t at = 0; at < block->n;) {
        size_t run = find_run(block, at), end = find_run_end(block, run);
        block->literal_runs[block->literal_run_count++] =
            (struct literal_run){(uint16_t)(run - at), (uint16_t)(end - run)};
        at = end;
    }
}

/* A run becomes as many matches as it takes, of which none may be too short. */
static size_t first_match(size_t run)
{
    if (run <= LONGEST_MATCH)
        return run;
    return run < LONGEST_MATCH + SHORTEST_MATCH ? run - SHORTEST_MATCH : LONGEST_MATCH;
}

/* ---- numbers as a symbol and bits behind it ------------------------------------------------- */

struct number {
    unsigned symbol, extra; /* how many bits */
    uint64_t bits;
};

/* The highest bits of n, `high` of them, are told by the symbol, and so is how many follow. */
static struct number number_of(size_t n, unsigned high)
{
    unsigned length = n > 0 ? 64 - (unsigned)__builtin_clzll(n) : 0;
    unsigned extra = length > high ? length - high : 0;
    return (struct number){.symbol = (extra << (high - 1)) + (unsigned)(n >> extra),
                           .extra = extra,
                           .bits = n & ((1u << extra) - 1)};
}

static struct number length_number(size_t length)
{
    if (length == LONGEST_MATCH)
        return (struct number){.symbol = SYMBOLS - 1};
    struct number number = number_of(length - SHORTEST_MATCH, 3);
    number.symbol += BLOCK_END + 1;
    return number;
}

static struct number distance_number(size_t distance)
{
    return number_of(distance - 1, 2);
}

/* ---- how often symbols come ----------------------------------------------------------------- */

/* Several counters, lest each waits for the one before. */
#define PARTS 4

static void count_bytes(uint32_t part[PARTS][256], const unsigned char *v, size_t n)
{
    for (; n >= PARTS; n -= PARTS, v += PARTS)
        for (size_t p = 0; p < PARTS; p++)
            part[p][v[p]]++;
    for (size_t i = 0; i < n; i++)
        part[0][v[i]]++;
}

static void count_symbols(struct block *block)
{
    uint32_t part[PARTS][256] = {{0}};
    const unsigned char *v = block->v;
    memset(block->counts, 0, sizeof block->counts);
    block->counts[BLOCK_END] = 1;
    block->match_bits = 0;
    for (size_t i = 0; i < block->literal_run_count; i++) {
        const struct literal_run *literal_run = &block->literal_runs[i];
        count_bytes(part, v, literal_run->bytes);
        v += literal_run->bytes + literal_run->run;
        for (size_t left = literal_run->run; left > 0; left -= first_match(left)) {
            struct number length = length_number(first_match(left));
            block->counts[length.symbol]++;
            block->match_bits += length.extra + 1 + distance_number(block->distance).extra;
        }
    }
    for (size_t p = 0; p < PARTS; p++)
        for (size_t i = 0; i < 256; i++)
            block->counts[i] += part[p][i];
}

/* ---- codes, and how they are told ----------------------------------------------------------- */

/* The lengths of both codes of a block, as it tells them: symbols, some with bits behind. */
struct code_lengths {
    uint8_t symbol[SYMBOLS + DISTANCES], extra[SYMBOLS + DISTANCES];
    size_t count;
    uint8_t lengths[PRECODE_SYMBOLS]; /* of the code of these symbols */
    uint64_t size;                    /* of all that in bits */
};

struct codes {
    uint8_t lengths[SYMBOLS + DISTANCES];
    uint16_t symbol[SYMBOLS], distance[DISTANCES];
    struct code_lengths code_lengths;
};

static const unsigned precode_extra_bits[PRECODE_SYMBOLS] = {
    [REPEAT] = 2, [FEW_ZEROS] = 3, [MANY_ZEROS] = 7};

static void put_length_symbol(struct code_lengths *code_lengths, unsigned symbol, size_t extra)
{
    code_lengths->symbol[code_lengths->count] = (uint8_t)symbol;
    code_lengths->extra[code_lengths->count++] = (uint8_t)extra;
}

/* n times the same length. */
static void put_same_lengths(struct code_lengths *code_lengths, unsigned length, size_t n)
{
    if (length > 0) {
        put_length_symbol(code_lengths, length, 0);
        n--;
    }
    while (n >= 3) {
        size_t most = length > 0 ? 6 : 138, part = n < most ? n : most;
        if (length > 0)
            put_length_symbol(code_lengths, REPEAT, part - 3);
        else if (part < 11)
            put_length_symbol(code_lengths, FEW_ZEROS, part - 3);
        else
            put_length_symbol(code_lengths, MANY_ZEROS, part - 11);
        n -= part;
    }
    for (; n > 0; n--)
        put_length_symbol(code_lengths, length, 0);
}

static void encode_lengths(struct code_lengths *code_lengths, const uint8_t *lengths, size_t n)
{
    code_lengths->count = 0;
    for (size_t at = 0, end; at < n; at = end) {
        for (end = at + 1; end < n && lengths[end] == lengths[at]; end++)
            ;
        put_same_lengths(code_lengths, lengths[at], end - at);
    }
    uint32_t counts[PRECODE_SYMBOLS] = {0};
    for (size_t i = 0; i < code_lengths->count; i++)
        counts[code_lengths->symbol[i]]++;
    huffman_lengths(counts, PRECODE_SYMBOLS, MAX_PRECODE_LENGTH, code_lengths->lengths);
    code_lengths->size = 5 + 5 + 4 + 3 * PRECODE_SYMBOLS;
    for (size_t i = 0; i < PRECODE_SYMBOLS; i++)
        code_lengths->size +=
            (uint64_t)counts[i] * (code_lengths->lengths[i] + precode_extra_bits[i]);
}

/* Only one distance comes, but a code of one symbol would not be complete: another one has the
 * second code of one bit. */
static void make_codes(struct codes *codes, const struct block *block)
{
    uint8_t *distances = codes->lengths + SYMBOLS;
    unsigned distance = distance_number(block->distance).symbol;
    huffman_lengths(block->counts, SYMBOLS, LONGEST_CODE, codes->lengths);
    memset(distances, 0, DISTANCES);
    distances[distance] = distances[distance == 0] = 1;
    huffman_codes(codes->lengths, SYMBOLS, codes->symbol);
    huffman_codes(distances, DISTANCES, codes->distance);
    encode_lengths(&codes->code_lengths, codes->lengths, SYMBOLS + DISTANCES);
}

/* Bits of the block in these codes. */
static uint64_t coded_size(const struct codes *codes, const struct block *block)
{
    uint64_t size = 3 + codes->code_lengths.size;
    for (size_t i = 0; i < SYMBOLS; i++)
        size += (uint64_t)block->counts[i] * codes->lengths[i];
    return size + block->match_bits;
}

/* ---- writing -------------------------------------------------------------------------------- */

enum block_type { STORED, CODED = 2 };

static void put_type(struct bits *bits, enum block_type type, bool last)
{
    put(bits, last, 1);
    put(bits, type, 2);
}

static void put_stored(struct bits *bits, const unsigned char *v, size_t n, bool last)
{
    put_type(bits, STORED, last);
    fill_byte(bits);
    put(bits, n, 16);
    put(bits, ~n & 0xffff, 16);
    if (n > 0)
        memcpy(bits->to, v, n);
    bits->to += n;
}

static void put_code_lengths(struct bits *bits, const struct code_lengths *code_lengths)
{
    static const uint8_t order[PRECODE_SYMBOLS] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                   11, 4,  12, 3, 13, 2, 14, 1, 15};
    uint16_t codes[PRECODE_SYMBOLS];
    huffman_codes(code_lengths->lengths, PRECODE_SYMBOLS, codes);
    put(bits, SYMBOLS - 257, 5);
    put(bits, DISTANCES - 1, 5);
    put(bits, PRECODE_SYMBOLS - 4, 4);
    for (size_t i = 0; i < PRECODE_SYMBOLS; i++)
        put(bits, code_lengths->lengths[order[i]], 3);
    for (size_t i = 0; i < code_lengths->count; i++) {
        unsigned symbol = code_lengths->symbol[i];
        put(bits, codes[symbol], code_lengths->lengths[symbol]);
        put(bits, code_lengths->extra[i], precode_extra_bits[symbol]);
    }
}

/* Codes of bytes with their lengths above: what is needed of both is loaded at once. */
#define LENGTH_SHIFT 16

static void put_bytes(struct bits *to, const uint32_t *code, const unsigned char *v, size_t n)
{
    struct bits bits = *to;
    for (; n >= 4; n -= 4, v += 4) {
        uint32_t a = code[v[0]], b = code[v[1]], c = code[v[2]], d = code[v[3]];
        unsigned a_length = a >> LENGTH_SHIFT, b_length = b >> LENGTH_SHIFT;
        unsigned c_length = c >> LENGTH_SHIFT, d_length = d >> LENGTH_SHIFT;
        uint64_t ab = (uint64_t)(b & 0xffff) << a_length | (a & 0xffff);
        uint64_t cd = (uint64_t)(d & 0xffff) << c_length | (c & 0xffff);
        unsigned ab_length = a_length + b_length;
        put(&bits, cd << ab_length | ab, ab_length + c_length + d_length);
    }
    for (size_t i = 0; i < n; i++)
        put(&bits, code[v[i]] & 0xffff, code[v[i]] >> LENGTH_SHIFT);
    *to = bits;
}

static void put_match(struct bits *bits, const struct codes *codes, size_t length, size_t distance)
{
    struct number how_long = length_number(length), how_far = distance_number(distance);
    put(bits, codes->symbol[how_long.symbol], codes->lengths[how_long.symbol]);
    put(bits, how_long.bits, how_long.extra);
    put(bits, codes->distance[how_far.symbol], 1);
    put(bits, how_far.bits, how_far.extra);
}

static void put_coded(struct bits *bits, const struct codes *codes, const struct block *block,
                      bool last)
{
    uint32_t code[256];
    for (size_t i = 0; i < 256; i++)
        code[i] = codes->symbol[i] | (uint32_t)codes->lengths[i] << LENGTH_SHIFT;
    put_type(bits, CODED, last);
    put_code_lengths(bits, &codes->code_lengths);
    const unsigned char *v = block->v;
    for (size_t i = 0; i < block->literal_run_count; i++) {
        const struct literal_run *literal_run = &block->literal_runs[i];
        put_bytes(bits, code, v, literal_run->bytes);
        v += literal_run->bytes + literal_run->run;
        for (size_t left = literal_run->run; left > 0; left -= first_match(left))
            put_match(bits, codes, first_match(left), block->distance);
    }
    put(bits, codes->symbol[BLOCK_END], codes->lengths[BLOCK_END]);
}

static void put_block(struct bits *bits, const unsigned char *v, size_t n, size_t distance,
                      bool last)
{
    struct block block; /* its stretches are not cleared, as most blocks have few */
    struct codes codes;
    block.v = v;
    block.n = n;
    block.distance = distance;
    find_literal_runs(&block);
    count_symbols(&block);
    make_codes(&codes, &block);
    if (coded_size(&codes, &block) < 8 * (STORED_AROUND + (uint64_t)n))
        put_coded(bits, &codes, &block, last);
    else
        put_stored(bits, v, n, last);
}

size_t deflate_runs_bound(size_t n)
{
    return n + (n / BLOCK + 2) * STORED_AROUND + sizeof(uint64_t);
}

size_t deflate_runs(const unsigned char *v, size_t n, size_t distance, bool last, unsigned char *to)
{
    struct bits bits = {.to = to};
    while (n > BLOCK) {
        put_block(&bits, v, BLOCK, distance, false);
        v += BLOCK;
        n -= BLOCK;
    }
    put_block(&bits, v, n, distance, last);
    if (!last)
        put_stored(&bits, NULL, 0, false); /* ends on a byte */
    fill_byte(&bits);
    return (size_t)(bits.to - to);
}
