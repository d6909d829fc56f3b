#include "common/stream/delay.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"
#include "common/stream/loop.h"
#include "common/stream/second_pass.h"

#define MEMORY (16u << 20)

struct piece {
    struct piece *next;
    float v[LOOP_BLOCK];
};

/* Samples number behind->at to ahead->at: from number `first` of the oldest piece on. */
struct ahead {
    struct reader reader;
    struct piece *oldest, *newest, *unused;
    size_t first, end; /* in the oldest and in the newest piece */
};

struct behind {
    struct reader reader;
    struct ahead *ahead;
};

static bool add_piece(struct ahead *ahead)
{
    struct piece *piece = ahead->unused;
    if (piece)
        ahead->unused = piece->next;
    else
        piece = malloc(sizeof *piece);
    if (!piece)
        return false;
    piece->next = NULL;
    if (ahead->newest)
        ahead->newest->next = piece;
    else
        ahead->oldest = piece;
    ahead->newest = piece;
    ahead->end = 0;
    return true;
}

static size_t ahead_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct ahead *ahead = (struct ahead *)reader;
    size_t got = reader_read(reader->source, v, n, fail);
    for (size_t kept = 0, part; kept < got; kept += part) {
        if ((!ahead->newest || ahead->end == LOOP_BLOCK) && !add_piece(ahead)) {
            fail_errno(fail, "%s", reader->name);
            return kept;
        }
        part = min_u64(got - kept, LOOP_BLOCK - ahead->end);
        memcpy(ahead->newest->v + ahead->end, v + kept, part * sizeof *v);
        ahead->end += part;
    }
    return got;
}

static void drop_oldest(struct ahead *ahead)
{
    struct piece *piece = ahead->oldest;
    ahead->oldest = piece->next;
    if (!ahead->oldest)
        ahead->newest = NULL;
    ahead->first = 0;
    piece->next = ahead->unused;
    ahead->unused = piece;
}

static size_t behind_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct ahead *ahead = ((struct behind *)reader)->ahead;
    (void)fail;
    for (size_t got = 0, part; got < n; got += part) {
        part = min_u64(n - got, LOOP_BLOCK - ahead->first);
        memcpy(v + got, ahead->oldest->v + ahead->first, part * sizeof *v);
        ahead->first += part;
        if (ahead->first == LOOP_BLOCK)
            drop_oldest(ahead);
    }
    return n;
}

static void free_pieces(struct piece *piece)
{
    for (struct piece *next; piece; piece = next) {
        next = piece->next;
        free(piece);
    }
}

static void ahead_close(struct reader *reader)
{
    struct ahead *ahead = (struct ahead *)reader;
    free_pieces(ahead->oldest);
    free_pieces(ahead->unused);
    reader_stack_close(reader);
}

static void behind_close(struct reader *reader)
{
    free(reader);
}

struct reader *delay_reader(struct reader *source, struct reader **behind, struct fail *fail)
{
    static const struct reader_class ahead_class = {.read = ahead_read,
                                                    .close = ahead_close,
                                                    .place = reader_stack_place},
                                     behind_class = {.read = behind_read, .close = behind_close};
    struct ahead *ahead = reader_stack_create(sizeof *ahead, &ahead_class, source, fail);
    struct behind *second = ahead ? calloc(1, sizeof *second) : NULL;
    if (second && volume_copy(&second->reader.volume, &source->volume, fail)) {
        second->reader.class = &behind_class;
        second->reader.name = source->name;
        second->ahead = ahead;
        *behind = &second->reader;
        return &ahead->reader;
    }
    if (ahead) {
        fail_errno(fail, "%s", source->name);
        reader_close(&ahead->reader);
    }
    free(second);
    return NULL;
}

struct reader *delay_second(struct reader **source, uint64_t planes, struct fail *fail)
{
    struct reader *behind = NULL;
    double bytes =
        (double)planes * (double)volume_plane_samples(&(*source)->volume) * sizeof(float);
    if (reader_has_clones(*source) || bytes > MEMORY)
        return second_pass_clone(source, fail);
    *source = delay_reader(*source, &behind, fail);
    return *source ? behind : NULL;
}
