#include "common/stream/bands.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"
#include "common/stream/loop.h"
#include "common/stream/second_pass.h"

/* ---- bands ---------------------------------------------------------------------------------- */

bool bands_open(struct bands *bands, struct reader *reader, bool again, struct fail *fail)
{
    bands->reader = reader;
    bands->made = (struct band){{0}, {0}};
    bands->from = again ? second_pass_clone(&reader->source, fail) : reader->source;
    return bands->from != NULL;
}

void bands_close(struct bands *bands)
{
    if (bands->reader && bands->from != bands->reader->source)
        reader_close(bands->from);
}

bool bands_end_plane(const struct bands *bands)
{
    return bands->made.high[AXIS_ROW] == bands->reader->volume.size[AXIS_ROW];
}

void bands_next(struct bands *bands)
{
    const uint64_t *size = bands->reader->volume.size;
    struct band *made = &bands->made;
    bool begins = made->high[AXIS_ROW] == 0 || bands_end_plane(bands);
    if (begins) {
        made->low[AXIS_PLANE] = made->high[AXIS_PLANE];
        made->high[AXIS_PLANE] = min_u64(made->low[AXIS_PLANE] + bands->planes, size[AXIS_PLANE]);
    }
    made->low[AXIS_ROW] = begins ? 0 : made->high[AXIS_ROW];
    made->high[AXIS_ROW] = min_u64(made->low[AXIS_ROW] + bands->rows, size[AXIS_ROW]);
}

bool bands_read(struct bands *bands, uint64_t at, float *v, size_t n, struct fail *fail)
{
    return reader_seek(bands->from, at, fail) && reader_read(bands->from, v, n, fail) == n;
}

/* ---- rows that are held --------------------------------------------------------------------- */

bool rows_init(struct rows *rows, size_t slack)
{
    rows->v = calloc(rows->planes * rows->rows * rows->stride + slack, sizeof *rows->v);
    return rows->v != NULL;
}

void rows_free(struct rows *rows)
{
    free(rows->v);
}

/* Moves rows that lie behind one another apart. */
static void pad_rows(const struct rows *rows, float *v, uint64_t count)
{
    for (uint64_t i = count; rows->padding > 0 && i-- > 0;) {
        float *row = v + i * rows->stride;
        memmove(row, v + i * rows->row_samples, rows->row_samples * sizeof *v);
        rows->pad(rows->state, row);
    }
}

/* Reads rows that lie side by side in the ring, of a row longer than a block a part at a time. */
static bool read_rows(const struct rows *rows, struct bands *bands, float *v, uint64_t at,
                      uint64_t count, struct fail *fail)
{
    for (uint64_t done = 0, n = count * rows->row_samples, part; done < n; done += part) {
        part = min_u64(n - done, LOOP_BLOCK);
        if (!bands_read(bands, at + done, v + done, part, fail))
            return false;
        if (rows->prepare)
            rows->prepare(v + done, part);
    }
    pad_rows(rows, v, count);
    return true;
}

/* Reads rows [first, end) of a plane, a block at a time, which stays in fast memory. */
static bool hold_plane(const struct rows *rows, struct bands *bands, uint64_t plane, uint64_t first,
                       uint64_t end, struct fail *fail)
{
    struct reader *source = bands->reader->source;
    uint64_t start = plane * volume_plane_samples(&source->volume), inexact = source->inexact,
             block = LOOP_BLOCK / rows->row_samples;
    block = block > 0 ? block : 1;
    bool ok = true;
    for (uint64_t count; ok && first < end; first += count) {
        count = min_u64(min_u64(block, end - first), rows->rows - first % rows->rows);
        ok = read_rows(rows, bands, rows_at(rows, plane, first), start + first * rows->row_samples,
                       count, fail);
    }
    if (plane < rows->counted)
        source->inexact = inexact;
    return ok;
}

static bool is_same(const struct band *a, const struct band *b, enum axis axis)
{
    return a->low[axis] == b->low[axis] && a->high[axis] == b->high[axis];
}

bool rows_hold(struct rows *rows, struct bands *bands, const struct band *seen, struct fail *fail)
{
    const struct band *held = &rows->held;
    uint64_t plane = seen->low[AXIS_PLANE], row = seen->low[AXIS_ROW];
    bool goes_on = is_same(seen, held, AXIS_PLANE) && row >= held->low[AXIS_ROW];
    if (!goes_on)
        rows->counted = held->high[AXIS_PLANE];
    else if (row < held->high[AXIS_ROW])
        row = held->high[AXIS_ROW];
    if (is_same(seen, held, AXIS_ROW) && plane < held->high[AXIS_PLANE])
        plane = held->high[AXIS_PLANE];
    for (; plane < seen->high[AXIS_PLANE]; plane++)
        if (!hold_plane(rows, bands, plane, row, seen->high[AXIS_ROW], fail))
            return false;
    rows->held = *seen;
    return true;
}
