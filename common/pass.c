#include "common/pass.h"

#include <stdlib.h>

#include "common/progress.h"

/* Whole rows where a row fits a block, so that an observer sees rows; else parts of a row. */
static size_t block_samples(const struct volume *volume, uint64_t at)
{
    uint64_t row = volume_row_samples(volume);
    uint64_t left = volume_samples(volume) - at;
    uint64_t block = PASS_BLOCK;
    if (row <= PASS_BLOCK)
        block -= PASS_BLOCK % row;
    else if (volume->channels <= PASS_BLOCK)
        block -= PASS_BLOCK % volume->channels;
    if (row > PASS_BLOCK && row - at % row < block)
        block = row - at % row;
    return (size_t)(left < block ? left : block);
}

/* What becomes of a block; v may be changed. */
typedef bool visitor(void *state, float *v, size_t n, uint64_t at, struct fail *fail);

/* The loop itself. A short input's last block is visited too. */
static bool each_block(visitor *visit, void *state, struct reader *reader, struct fail *fail)
{
    const struct volume *volume = &reader->volume;
    uint64_t total = volume_samples(volume), plane = volume_plane_samples(volume);
    float *v = malloc(PASS_BLOCK * sizeof *v);
    if (!v)
        return fail_errno(fail, "block of %d samples", PASS_BLOCK);
    bool ok = true;
    while (ok && reader->at < total) {
        size_t n = block_samples(volume, reader->at);
        uint64_t at = reader->at;
        size_t got = reader_read(reader, v, n, fail);
        ok = (got == 0 || visit(state, v, got, at, fail)) && got == n;
        progress_show(reader->at / plane, volume->size[AXIS_PLANE]);
    }
    free(v);
    return ok;
}

struct run {
    const struct pass *pass;
    const struct reader *reader;
    struct writer *writer;
};

static bool change_and_write(void *state, float *v, size_t n, uint64_t at, struct fail *fail)
{
    const struct run *run = state;
    const struct pass *pass = run->pass;
    size_t good = pass->change ? pass->change(pass->state, v, n) : n;
    float refused = good < n ? v[good] : 0;
    if (!writer_write(run->writer, v, good, fail))
        return false;
    char place[PLACE_SIZE];
    return good == n || fail_set(fail, "%s: %s %.9g at %s", run->reader->name, pass->refused,
                                 (double)refused, reader_place(run->reader, at + good, place));
}

bool pass_run(const struct pass *pass, struct reader *reader, struct writer *writer,
              struct fail *fail)
{
    struct pass own = *pass;
    if (reader_last_time(reader, pass->change, pass->state))
        own.change = NULL;
    struct run run = {.pass = &own, .reader = reader, .writer = writer};
    return each_block(change_and_write, &run, reader, fail);
}

struct look {
    observer *look;
    void *state;
};

static bool show(void *state, float *v, size_t n, uint64_t at, struct fail *fail)
{
    const struct look *look = state;
    return look->look(look->state, v, n, at, fail);
}

bool pass_look(observer *look, void *state, struct reader *reader, struct fail *fail)
{
    return each_block(show, &(struct look){look, state}, reader, fail);
}
