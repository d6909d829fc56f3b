#include "format/png/deflate.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "format/png/huffman.h"

#define BLOCK 65535 /* bytes that share codes: the most that a stored block can hold */
#define MIN_RUN 8
#define STEP 256 /* bytes that are searched for a run at once */
#define MIN_MATCH 3
#define MAX_MATCH 258

#define END_OF_BLOCK 256 /* literals are the symbols before it, match lengths those after it */
#define SYMBOLS 286
#define DISTANCES 30
#define MAX_CODE_LENGTH 14   /* bits, so that one put() writes four codes */
#define STORED_BLOCK_EXTRA 5 /* max bytes of a stored block besides its contents */

/* Symbols of the precode, which codes the lengths of the other codes: 0 to 15 are lengths, 16
 * repeats the one before, two repeat 0. */
enum { REPEAT = 16, FEW_ZEROS, MANY_ZEROS, PRECODE_SYMBOLS };
#define MAX_PRECODE_LENGTH 7

/* ---- bits ------------------------------------------------------------------------------------ */

struct bits {
    uint64_t pending; /* fewer than 8 bits, which do not fill a byte yet */
    unsigned count;
    unsigned char *to;
};

/* Converts between this machine's byte order and the one with the lowest byte first. */
static inline uint64_t little_endian(uint64_t number)
{
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(number) : number;
}

/* Writes the lowest `count` bits of value, 56 at most; value has no others. May write up to 8 bytes
 * after the last whole one. */
static inline void put(struct bits *bits, uint64_t value, unsigned count)
{
    bits->pending |= value << bits->count;
    bits->count += count;
    uint64_t bytes = little_endian(bits->pending);
    memcpy(bits->to, &bytes, sizeof bytes);
    bits->to += bits->count / 8;
    bits->pending >>= bits->count / 8 * 8;
    bits->count %= 8;
}

static void end_byte(struct bits *bits)
{
    put(bits, 0, (8 - bits->count) % 8);
}

/* ---- a block as literals and runs ------------------------------------------------------------ */

/* Literals, then a run: bytes that equal those of the pixel before. */
struct literal_run {
    uint16_t literals, run;
};

struct block {
    const unsigned char *v;
    size_t n, distance;
    struct literal_run literal_runs[BLOCK / MIN_RUN + 1]; /* the last run may be empty */
    size_t literal_run_count;
    uint64_t match_bits; /* of all matches, without the codes of their lengths */
    uint32_t counts[SYMBOLS];
};

static inline uint64_t eight_bytes(const unsigned char *v)
{
    uint64_t bytes;
    memcpy(&bytes, v, sizeof bytes);
    return little_endian(bytes);
}

/* Whether any of the STEP / 4 four-byte words at v equals the bytes of the pixel before: a quick
 * test of many bytes. */
static bool has_equal_word(const unsigned char *v, size_t distance)
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

/* Returns where the first run in [at, end) begins, which is where eight bytes equal those of the
 * pixel before. If not all eight do, the next run can only begin after the last that differs. If
 * there is none, returns the first position from `end` on where one may begin. */
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

/* Returns where the next run begins, from `at` on; n if there is none. */
static size_t find_run(const struct block *block, size_t at)
{
    size_t last = block->n < MIN_RUN ? 0 : block->n - MIN_RUN;
    at = at < block->distance ? block->distance : at;
    while (at <= last) {
        bool is_whole_step = at + STEP <= last;
        size_t end = is_whole_step ? at + STEP : last + 1;
        if (is_whole_step && !has_equal_word(block->v + at, block->distance)) {
            at = end - 3; /* a run that begins before would contain a whole word */
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

/* The length of the first match of a run, which leaves no rest that is too short for a match. */
static size_t first_match(size_t run)
{
    if (run <= MAX_MATCH)
        return run;
    return run < MAX_MATCH + MIN_MATCH ? run - MIN_MATCH : MAX_MATCH;
}

/* ---- numbers as a symbol and extra bits ------------------------------------------------------ */

struct number {
    unsigned symbol, extra; /* extra: how many bits */
    uint64_t bits;
};

/* The symbol stands for the highest bits of n, `high` of them, and for the count of the others. */
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
    if (length == MAX_MATCH)
        return (struct number){.symbol = SYMBOLS - 1};
    struct number number = number_of(length - MIN_MATCH, 3);
    number.symbol += END_OF_BLOCK + 1;
    return number;
}

static struct number distance_number(size_t distance)
{
    return number_of(distance - 1, 2);
}

/* ---- counts of symbols ----------------------------------------------------------------------- */

/* Several counters for each byte, so that an increment does not wait for the one before. */
#define COUNTERS 4

static void count_bytes(uint32_t part[COUNTERS][256], const unsigned char *v, size_t n)
{
    for (; n >= COUNTERS; n -= COUNTERS, v += COUNTERS)
        for (size_t p = 0; p < COUNTERS; p++)
            part[p][v[p]]++;
    for (size_t i = 0; i < n; i++)
        part[0][v[i]]++;
}

static void count_symbols(struct block *block)
{
    uint32_t part[COUNTERS][256] = {{0}};
    const unsigned char *v = block->v;
    memset(block->counts, 0, sizeof block->counts);
    block->counts[END_OF_BLOCK] = 1;
    block->match_bits = 0;
    for (size_t i = 0; i < block->literal_run_count; i++) {
        const struct literal_run *literal_run = &block->literal_runs[i];
        count_bytes(part, v, literal_run->literals);
        v += literal_run->literals + literal_run->run;
        for (size_t left = literal_run->run; left > 0; left -= first_match(left)) {
            struct number length = length_number(first_match(left));
            block->counts[length.symbol]++;
            block->match_bits += length.extra + 1 + distance_number(block->distance).extra;
        }
    }
    for (size_t p = 0; p < COUNTERS; p++)
        for (size_t i = 0; i < 256; i++)
            block->counts[i] += part[p][i];
}

/* ---- codes and their lengths ----------------------------------------------------------------- */

/* The lengths of both codes of a block as symbols of the precode, some with extra bits. */
struct code_lengths {
    uint8_t symbol[SYMBOLS + DISTANCES], extra[SYMBOLS + DISTANCES];
    size_t count;
    uint8_t lengths[PRECODE_SYMBOLS]; /* of the precode */
    uint64_t size;                    /* of everything, in bits */
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

/* Adds n codes of the same length. */
static void put_same_lengths(struct code_lengths *code_lengths, unsigned length, size_t n)
{
    if (length > 0) {
        put_length_symbol(code_lengths, length, 0);
        n--;
    }
    while (n >= 3) {
        size_t max = length > 0 ? 6 : 138, part = n < max ? n : max;
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

/* There is only one distance. As a code of one symbol would be incomplete, another distance has the
 * other code of one bit. */
static void make_codes(struct codes *codes, const struct block *block)
{
    uint8_t *distances = codes->lengths + SYMBOLS;
    unsigned distance = distance_number(block->distance).symbol;
    huffman_lengths(block->counts, SYMBOLS, MAX_CODE_LENGTH, codes->lengths);
    memset(distances, 0, DISTANCES);
    distances[distance] = distances[distance == 0] = 1;
    huffman_codes(codes->lengths, SYMBOLS, codes->symbol);
    huffman_codes(distances, DISTANCES, codes->distance);
    encode_lengths(&codes->code_lengths, codes->lengths, SYMBOLS + DISTANCES);
}

/* The size of the block with these codes, in bits. */
static uint64_t coded_size(const struct codes *codes, const struct block *block)
{
    uint64_t size = 3 + codes->code_lengths.size;
    for (size_t i = 0; i < SYMBOLS; i++)
        size += (uint64_t)block->counts[i] * codes->lengths[i];
    return size + block->match_bits;
}

/* ---- writing --------------------------------------------------------------------------------- */

enum block_type { STORED, DYNAMIC_CODES = 2 };

static void put_type(struct bits *bits, enum block_type type, bool last)
{
    put(bits, last, 1);
    put(bits, type, 2);
}

static void put_stored(struct bits *bits, const unsigned char *v, size_t n, bool last)
{
    put_type(bits, STORED, last);
    end_byte(bits);
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

/* Codes of literals are kept with their lengths above them, to load both at once. */
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
    struct number length_code = length_number(length), distance_code = distance_number(distance);
    put(bits, codes->symbol[length_code.symbol], codes->lengths[length_code.symbol]);
    put(bits, length_code.bits, length_code.extra);
    put(bits, codes->distance[distance_code.symbol], 1);
    put(bits, distance_code.bits, distance_code.extra);
}

static void put_coded(struct bits *bits, const struct codes *codes, const struct block *block,
                      bool last)
{
    uint32_t code[256];
    for (size_t i = 0; i < 256; i++)
        code[i] = codes->symbol[i] | (uint32_t)codes->lengths[i] << LENGTH_SHIFT;
    put_type(bits, DYNAMIC_CODES, last);
    put_code_lengths(bits, &codes->code_lengths);
    const unsigned char *v = block->v;
    for (size_t i = 0; i < block->literal_run_count; i++) {
        const struct literal_run *literal_run = &block->literal_runs[i];
        put_bytes(bits, code, v, literal_run->literals);
        v += literal_run->literals + literal_run->run;
        for (size_t left = literal_run->run; left > 0; left -= first_match(left))
            put_match(bits, codes, first_match(left), block->distance);
    }
    put(bits, codes->symbol[END_OF_BLOCK], codes->lengths[END_OF_BLOCK]);
}

/* What a block needs. Not cleared: it is large, and most blocks have few runs. */
struct work {
    struct block block;
    struct codes codes;
};

static void put_block(struct bits *bits, struct work *work, const unsigned char *v, size_t n,
                      size_t distance, bool last)
{
    struct block *block = &work->block;
    block->v = v;
    block->n = n;
    block->distance = distance;
    find_literal_runs(block);
    count_symbols(block);
    make_codes(&work->codes, block);
    if (coded_size(&work->codes, block) < 8 * (STORED_BLOCK_EXTRA + (uint64_t)n))
        put_coded(bits, &work->codes, block, last);
    else
        put_stored(bits, v, n, last);
}

size_t deflate_runs_bound(size_t n)
{
    return n + (n / BLOCK + 2) * STORED_BLOCK_EXTRA + sizeof(uint64_t);
}

size_t deflate_runs(const unsigned char *v, size_t n, size_t distance, bool last, unsigned char *to)
{
    struct bits bits = {.to = to};
    struct work *work = malloc(sizeof *work);
    if (!work)
        return 0;
    while (n > BLOCK) {
        put_block(&bits, work, v, BLOCK, distance, false);
        v += BLOCK;
        n -= BLOCK;
    }
    put_block(&bits, work, v, n, distance, last);
    free(work);
    if (!last)
        put_stored(&bits, NULL, 0, false); /* ends with a whole byte */
    end_byte(&bits);
    return (size_t)(bits.to - to);
}
