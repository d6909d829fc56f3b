/* Felzenszwalb and Huttenlocher's algorithm: the parabolas that are lowest somewhere, from left to
 * right, with the places where each takes over from the one before. These places are rounded, so
 * near one of them the wrong parabola may be taken for the lowest; but there both are looked at,
 * and the smaller of the values themselves is taken.
 *
 * Where a line is 0, so is the result, and a 0 between others is nearest to nothing else. */
#include "common/morphology/envelope.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* A parabola of the envelope. */
struct piece {
    double from; /* lowest from here on */
    double height;
    size_t at;
};

bool envelope_init(struct envelope *envelope, size_t n, double step, struct fail *fail)
{
    *envelope = (struct envelope){n, step, malloc((n + 1) * sizeof(double))};
    if (!envelope->inverse)
        return fail_memory(fail, "lines of %zu samples", n);
    for (size_t i = 0; i <= n; i++)
        envelope->inverse[i] = 1 / (2 * step * step * (double)i);
    return true;
}

void envelope_free(struct envelope *envelope)
{
    free(envelope->inverse);
}

size_t envelope_scratch(size_t n)
{
    return (n + 2) * sizeof(struct piece);
}

/* Where the parabola of height at q becomes lower than a piece before it. */
static inline double meet(const struct envelope *envelope, const struct piece *piece, double height,
                          size_t q)
{
    return (double)(piece->at + q) / 2 +
           (height - piece->height) * envelope->inverse[q - piece->at];
}

static inline bool is_needed(const double *line, size_t q, size_t n)
{
    return line[q] < INFINITY &&
           (line[q] > 0 || q == 0 || q + 1 == n || line[q - 1] > 0 || line[q + 1] > 0);
}

/* Sets pieces[0] to pieces[count - 1], and one behind them that begins nowhere. */
static size_t find_pieces(const struct envelope *envelope, const double *line, struct piece *pieces)
{
    size_t count = 0;
    for (size_t q = 0; q < envelope->n; q++) {
        if (!is_needed(line, q, envelope->n))
            continue;
        double from = -INFINITY;
        for (; count > 0; count--) {
            from = meet(envelope, &pieces[count - 1], line[q], q);
            if (from > pieces[count - 1].from)
                break;
            from = -INFINITY;
        }
        pieces[count++] = (struct piece){from, line[q], q};
    }
    pieces[count] = (struct piece){INFINITY, INFINITY, 0};
    return count;
}

static inline double value_of(const struct piece *piece, size_t p, double step)
{
    double by = ((double)p - (double)piece->at) * step;
    return piece->height + by * by;
}

static void make_smaller(double *value, const struct piece *piece, size_t p, double step)
{
    double other = value_of(piece, p, step);
    *value = other < *value ? other : *value;
}

void envelope_make(const struct envelope *envelope, double *line, void *scratch)
{
    struct piece *pieces = scratch;
    size_t count = find_pieces(envelope, line, pieces), first = 0;
    double step = envelope->step;
    for (const struct piece *piece = pieces; piece < pieces + count; piece++) {
        size_t end = envelope->n;
        if (piece[1].from < (double)end)
            end = piece[1].from > (double)first ? (size_t)ceil(piece[1].from) : first;
        for (size_t p = first; p < end; p++)
            line[p] = line[p] > 0 ? value_of(piece, p, step) : 0;
        if (end > first && piece > pieces)
            make_smaller(&line[first], piece - 1, first, step);
        if (end > first && piece + 1 < pieces + count)
            make_smaller(&line[end - 1], piece + 1, end - 1, step);
        first = end;
    }
}
