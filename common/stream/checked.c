#include "common/stream/checked.h"

#include <stdlib.h>

struct checked {
    struct reader reader; /* a clone's source is a clone */
    sample_check *check;
    void *state; /* the clones' too */
};

static size_t checked_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    const struct checked *checked = (const struct checked *)reader;
    size_t got = reader_read(reader->source, v, n, fail);
    if (got < n)
        return got;
    return checked->check(checked->state, reader, v, n, reader->at, fail);
}

static bool checked_skip(struct reader *reader, uint64_t n, struct fail *fail)
{
    bool ok = reader_skip(reader->source, n, fail);
    if (!ok)
        reader->at = reader->source->at;
    return ok;
}

static struct reader *checked_clone(struct reader *reader, struct fail *fail)
{
    struct reader *source = reader_clone(reader->source, fail);
    struct reader *clone = source ? reader_copy(reader, sizeof(struct checked), fail) : NULL;
    if (clone)
        clone->source = source;
    else
        reader_close(source);
    return clone;
}

static void checked_close(struct reader *reader)
{
    struct checked *checked = (struct checked *)reader;
    if (!reader->original)
        free(checked->state);
    reader_stack_close(reader);
}

struct reader *checked_reader(sample_check *check, void *state, struct reader *source,
                              struct fail *fail)
{
    static const struct reader_class class = {.read = checked_read,
                                              .skip = checked_skip,
                                              .rewind = reader_stack_rewind,
                                              .clone = checked_clone,
                                              .close = checked_close,
                                              .place = reader_stack_place};
    struct checked *checked = reader_stack_create(sizeof *checked, &class, source, fail);
    if (!checked) {
        free(state);
        return NULL;
    }
    checked->check = check;
    checked->state = state;
    reader_stack_access(&checked->reader, sizeof *checked);
    return &checked->reader;
}
