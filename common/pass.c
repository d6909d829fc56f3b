#include "common/pass.h"

#include <inttypes.h>
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

static bool change_and_write(const struct pass *pass, struct reader *reader, struct writer *writer,
                             float *v, size_t n, struct fail *fail)
{
    size_t good = pass->change ? pass->change(pass->state, v, n) : n;
    float refused = good < n ? v[good] : 0;
    if (!writer_write(writer, v, good, fail))
        return false;
    if (good == n)
        return true;
    struct place place = volume_place(&reader->volume, reader->at - n + good);
    return fail_set(fail, "%s: %s %.9g at plane %" PRIu64 ", row %" PRIu64 ", column %" PRIu64 "%s",
                    reader->name, pass->refused, (double)refused, place.plane, place.row,
                    place.column, place.channel ? " (a later channel)" : "");
}

bool pass_run(const struct pass *pass, struct reader *reader, struct writer *writer,
              struct fail *fail)
{
    const struct volume *volume = &reader->volume;
    uint64_t total = volume_samples(volume), plane = volume_plane_samples(volume);
    float *v = malloc(PASS_BLOCK * sizeof *v);
    if (!v)
        return fail_errno(fail, "block of %d samples", PASS_BLOCK);
    bool ok = true;
    while (ok && reader->at < total) {
        size_t n = block_samples(volume, reader->at);
        size_t got = reader_read(reader, v, n, fail);
        ok = change_and_write(pass, reader, writer, v, got, fail) && got == n;
        progress_show(reader->at / plane, volume->size[AXIS_PLANE]);
    }
    free(v);
    return ok;
}

bool pass_look(observer *look, void *state, struct reader *reader, struct fail *fail)
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
        ok = (got == 0 || look(state, v, got, at, fail)) && got == n;
        progress_show(reader->at / plane, volume->size[AXIS_PLANE]);
    }
    free(v);
    return ok;
}
