#include "common/volume/stream.h"

#include <inttypes.h>
#include <stdlib.h>

static bool ends_early(const struct reader *reader, uint64_t at, struct fail *fail)
{
    struct place place = volume_place(&reader->volume, at);
    return fail_set(fail, "%s: stream ends in plane %" PRIu64 " of %" PRIu64 " (row %" PRIu64 ")",
                    reader->name, place.plane, reader->volume.size[AXIS_PLANE], place.row);
}

size_t reader_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    size_t got = reader->class->read(reader, v, n, fail);
    reader->at += got;
    if (got < n)
        ends_early(reader, reader->at, fail);
    return got;
}

size_t reader_read_at(struct reader *reader, uint64_t at, float *v, size_t n, struct fail *fail)
{
    size_t got = reader->class->read_at(reader, at, v, n, fail);
    if (got < n)
        ends_early(reader, at + got, fail);
    return got;
}

bool reader_reads_anywhere(const struct reader *reader)
{
    return reader->class->read_at != NULL;
}

static bool read_and_drop(struct reader *reader, uint64_t n, struct fail *fail)
{
    static float dropped[4096];
    const size_t most = sizeof dropped / sizeof dropped[0];
    while (n > 0) {
        size_t part = n < most ? (size_t)n : most;
        if (reader_read(reader, dropped, part, fail) < part)
            return false;
        n -= part;
    }
    return true;
}

bool reader_skip(struct reader *reader, uint64_t n, struct fail *fail)
{
    if (!reader->class->skip)
        return read_and_drop(reader, n, fail);
    if (!reader->class->skip(reader, n, fail))
        return ends_early(reader, reader->at, fail);
    reader->at += n;
    return true;
}

bool reader_rewind(struct reader *reader, struct fail *fail)
{
    if (!reader->class->rewind || !reader->class->rewind(reader, fail))
        return false;
    reader->at = 0;
    return true;
}

const struct dictionary *reader_values(struct reader *reader, struct fail *fail)
{
    return reader->class->values ? reader->class->values(reader, fail) : NULL;
}

bool reader_last_time(struct reader *reader, kernel *change, const void *state)
{
    return reader->class->last_time && reader->class->last_time(reader, change, state);
}

void reader_close(struct reader *reader)
{
    if (!reader)
        return;
    volume_free(&reader->volume);
    reader->class->close(reader);
}

struct reader *reader_twin(struct reader *reader, struct fail *fail)
{
    return reader->class->twin(reader, fail);
}

const char *reader_place(const struct reader *reader, uint64_t at, char text[PLACE_SIZE])
{
    while (reader->class->source)
        reader = reader->class->source(reader, &at);
    return place_text(&reader->volume, at, text);
}

bool writer_write(struct writer *writer, const float *v, size_t n, struct fail *fail)
{
    return writer->class->write(writer, v, n, fail);
}

bool writer_close(struct writer *writer, bool whole, struct fail *fail)
{
    return writer ? writer->class->close(writer, whole, fail) : whole;
}
