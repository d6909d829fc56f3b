#include "common/stream/stream.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"

static bool ends_early(const struct reader *reader, struct fail *fail)
{
    struct place place = volume_place(&reader->volume, reader->at);
    return fail_set(fail, "%s: stream ends in plane %" PRIu64 " of %" PRIu64 " (row %" PRIu64 ")",
                    reader->name, place.plane, reader->volume.size[AXIS_PLANE], place.row);
}

/* The last sample was read or skipped. A source that can't skip is made of another one, and need
 * not make what nobody asks for. */
static bool end_sources(struct reader *reader, struct fail *fail)
{
    struct reader *source = reader->source;
    while (source && source->source && !source->class->skip)
        source = source->source;
    uint64_t left = source ? volume_samples(&source->volume) - source->at : 0;
    return (!reader->class->end || reader->class->end(reader, fail)) &&
           (left == 0 || reader_skip(source, left, fail));
}

static bool is_last(const struct reader *reader, uint64_t n)
{
    return n > 0 && reader->at + n == volume_samples(&reader->volume);
}

size_t reader_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    size_t got = reader->class->read(reader, v, n, fail);
    if (got == n && is_last(reader, n) && !end_sources(reader, fail))
        got--;
    reader->at += got;
    if (got < n)
        ends_early(reader, fail);
    return got;
}

bool reader_drop(struct reader *reader, uint64_t n, struct fail *fail)
{
    enum { DROPPED = 1024 };
    float dropped[DROPPED];
    while (n > 0) {
        size_t part = n < DROPPED ? n : DROPPED;
        if (reader_read(reader, dropped, part, fail) < part)
            return false;
        n -= part;
    }
    return true;
}

bool reader_skip(struct reader *reader, uint64_t n, struct fail *fail)
{
    if (!reader->class->skip)
        return reader_drop(reader, n, fail);
    if (!reader->class->skip(reader, n, fail))
        return ends_early(reader, fail);
    bool ok = !is_last(reader, n) || end_sources(reader, fail);
    reader->at += n;
    return ok;
}

enum outcome reader_rewind(struct reader *reader, struct fail *fail)
{
    enum outcome outcome =
        reader->class->rewind ? reader->class->rewind(reader, fail) : OUTCOME_CANNOT;
    if (outcome != OUTCOME_DONE)
        return outcome;
    reader->at = 0;
    if (reader->inexact > reader->inexact_before)
        reader->inexact_before = reader->inexact;
    reader->inexact = 0;
    return outcome;
}

bool reader_seek(struct reader *reader, uint64_t at, struct fail *fail)
{
    enum outcome outcome = at < reader->at ? reader_rewind(reader, fail) : OUTCOME_DONE;
    if (outcome == OUTCOME_CANNOT)
        return fail_set(fail, "%s: can't be read again", reader->name);
    return outcome == OUTCOME_DONE &&
           (at == reader->at || reader_skip(reader, at - reader->at, fail));
}

struct reader *reader_clone(struct reader *reader, struct fail *fail)
{
    return reader->class->clone(reader, fail);
}

void reader_count_inexact(struct reader *reader, uint64_t n)
{
    if (n > 0)
        atomic_fetch_add(&(reader->original ? reader->original : reader)->inexact, n);
}

uint64_t reader_inexact(const struct reader *reader, const char **words)
{
    while (reader->source)
        reader = reader->source;
    *words = reader->inexact_words;
    return reader->inexact > reader->inexact_before ? reader->inexact : reader->inexact_before;
}

void reader_close(struct reader *reader)
{
    if (!reader)
        return;
    volume_free(&reader->volume);
    reader->class->close(reader);
}

void readers_close(struct reader *const *readers, size_t count)
{
    while (count-- > 0)
        reader_close(readers[count]);
}

const char *reader_place(const struct reader *reader, uint64_t at, char text[PLACE_SIZE])
{
    for (; reader->class->place; reader = reader->source)
        at = reader->class->place(reader, at);
    return place_text(&reader->volume, at, text);
}

bool reader_refuse_infinite(const struct reader *reader, uint64_t at, const char *advice,
                            struct fail *fail)
{
    char place[PLACE_SIZE];
    return fail_set(fail, "%s: infinite sample at %s%s", reader->name,
                    reader_place(reader, at, place), advice);
}

void *reader_stack_create(size_t size, const struct reader_class *class, struct reader *source,
                          struct fail *fail)
{
    struct reader *reader = calloc(1, size);
    if (reader && volume_copy(&reader->volume, &source->volume, fail)) {
        reader->class = class;
        reader->name = source->name;
        reader->source = source;
        return reader;
    }
    fail_errno(fail, "%s", source->name);
    free(reader);
    reader_close(source);
    return NULL;
}

void *reader_copy(struct reader *reader, size_t size, struct fail *fail)
{
    struct reader *copy = malloc(size);
    if (!copy) {
        fail_errno(fail, "%s", reader->name);
        return NULL;
    }
    memcpy(copy, reader, size);
    copy->at = 0;
    copy->original = reader->original ? reader->original : reader;
    copy->source = NULL; /* that is the reader's */
    if (volume_copy(&copy->volume, &reader->volume, fail))
        return copy;
    free(copy);
    return NULL;
}

void reader_stack_access(struct reader *reader, uint64_t more_size)
{
    const struct reader *source = reader->source;
    reader->access = source->access;
    reader->decode_block = source->decode_block;
    reader->clone_size = source->clone_size + more_size;
}

size_t reader_pass_on(struct reader *reader, struct ready *ready, reader_maker *make, float *v,
                      size_t n, struct fail *fail)
{
    for (size_t got = 0, part; got < n; got += part) {
        if (ready->samples == 0 && !make(reader, fail))
            return got;
        part = min_u64(n - got, ready->samples);
        memcpy(v + got, ready->v, part * sizeof *v);
        ready->v += part;
        ready->samples -= part;
    }
    return n;
}

bool reader_at_skip(struct reader *reader, uint64_t n, struct fail *fail)
{
    (void)reader;
    (void)n;
    (void)fail;
    return true;
}

enum outcome reader_at_rewind(struct reader *reader, struct fail *fail)
{
    (void)reader;
    (void)fail;
    return OUTCOME_DONE;
}

enum outcome reader_stack_rewind(struct reader *reader, struct fail *fail)
{
    return reader_rewind(reader->source, fail);
}

uint64_t reader_stack_place(const struct reader *reader, uint64_t at)
{
    (void)reader;
    return at;
}

void reader_stack_close(struct reader *reader)
{
    reader_close(reader->source);
    free(reader);
}

bool writer_write(struct writer *writer, const float *v, size_t n, struct fail *fail)
{
    writer->unwritten -= min_u64(n, writer->unwritten);
    return writer->class->write(writer, v, n, fail);
}

bool writer_close(struct writer *writer, bool whole, struct fail *fail)
{
    if (!writer)
        return whole;
    if (whole && writer->unwritten > 0)
        whole = fail_set(fail,
                         "the last %" PRIu64 " samples were not written: this is a bug in "
                         "this program",
                         writer->unwritten);
    return writer->class->close(writer, whole, fail);
}
