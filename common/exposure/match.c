#include "common/exposure/match.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/io/descriptor.h"
#include "common/io/temporary.h"
#include "common/stats/scan.h"
#include "common/stream/loop.h"

/* ---- values to values ----------------------------------------------------------------------- */

/* Two neighbouring values of the reference, with their quantiles. */
struct walk {
    struct value_stream *reference;
    uint64_t counted;
    double low_quantile, low, high_quantile, high;
    bool ended; /* high is the last value */
};

static bool step(struct walk *walk, struct fail *fail)
{
    float value;
    uint64_t count;
    enum outcome outcome = value_stream_next(walk->reference, &value, &count, fail);
    walk->ended = outcome == OUTCOME_CANNOT;
    if (outcome != OUTCOME_DONE)
        return walk->ended;
    walk->low_quantile = walk->high_quantile;
    walk->low = walk->high;
    walk->counted += count;
    walk->high_quantile = (double)walk->counted / (double)summary_finite(walk->reference->summary);
    walk->high = (double)value;
    return true;
}

static bool begin(struct walk *walk, struct value_stream *reference, struct fail *fail)
{
    *walk = (struct walk){.reference = reference};
    if (!step(walk, fail))
        return false;
    walk->low_quantile = walk->high_quantile; /* below the first value there is no other */
    walk->low = walk->high;
    return !walk->ended || fail_set(fail, "the reference has no samples");
}

/* numpy.interp at quantile q, which is not below those before it. */
static bool value_at(struct walk *walk, double q, float *value, struct fail *fail)
{
    while (walk->high_quantile < q && !walk->ended)
        if (!step(walk, fail))
            return false;
    double from = walk->low_quantile, extent = walk->high_quantile - from;
    if (q >= walk->high_quantile)
        *value = (float)walk->high;
    else if (q <= from)
        *value = (float)walk->low;
    else
        *value = (float)((walk->high - walk->low) / extent * (q - from) + walk->low);
    return true;
}

bool match_make(const struct summary *source, struct value_stream *reference,
                struct value_table *table, struct fail *fail)
{
    struct walk walk;
    struct value_stream from;
    uint64_t counted = 0, count;
    float value, to;
    if (!value_table_init(table, source->value_count, fail) || !begin(&walk, reference, fail) ||
        !value_stream_init(&from, source, NULL, fail))
        return false;
    while (value_stream_next(&from, &value, &count, fail) == OUTCOME_DONE) {
        counted += count;
        if (!value_at(&walk, (double)counted / (double)summary_finite(source), &to, fail))
            return false;
        value_table_add(table, value, to);
    }
    return true;
}

/* ---- samples of many values ----------------------------------------------------------------- */

struct match {
    struct reader reader;
    int fd; /* the matched samples */
};

/* One group of the source's values, and what they become. */
struct group {
    const struct value_stream *values;
    float *to; /* by place (value_stream.h) */
    int fd;
    bool first;    /* nothing is stored yet */
    float *stored; /* a block */
};

static bool store(int fd, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    return descriptor_write_at(fd, v, n * sizeof *v, at * sizeof *v) ||
           fail_errno(fail, "matched samples in %s", temporary_folder());
}

static bool fetch(int fd, float *v, size_t n, uint64_t at, struct fail *fail)
{
    size_t got;
    return (descriptor_read_at(fd, v, n * sizeof *v, at * sizeof *v, &got) &&
            got == n * sizeof *v) ||
           fail_errno(fail, "matched samples in %s", temporary_folder());
}

static bool store_block(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    struct group *group = state;
    size_t place, changed = group->first;
    if (group->first)
        memcpy(group->stored, v, n * sizeof *v);
    else if (!fetch(group->fd, group->stored, n, at, fail))
        return false;
    for (size_t i = 0; i < n; i++)
        if (value_stream_place(group->values, v[i], &place)) {
            group->stored[i] = group->to[place];
            changed = 1;
        }
    return !changed || store(group->fd, group->stored, n, at, fail);
}

/* Gives all values of the group theirs. */
static bool match_group(struct value_stream *values, struct walk *walk, uint64_t *counted,
                        float *to, struct fail *fail)
{
    float value;
    uint64_t count;
    for (size_t place; value_stream_in_group(values, &value, &count, &place);) {
        *counted += count;
        double q = (double)*counted / (double)summary_finite(values->summary);
        if (!value_at(walk, q, &to[place], fail))
            return false;
    }
    return true;
}

static bool match_all(struct value_stream *values, struct walk *walk, struct group *group,
                      struct reader *source, struct fail *fail)
{
    uint64_t counted = 0;
    enum outcome outcome;
    while ((outcome = value_stream_load(values, fail)) == OUTCOME_DONE) {
        if (!match_group(values, walk, &counted, group->to, fail) || !scan_rewind(source, fail) ||
            !loop_each_block(store_block, group, source, fail))
            return false;
        group->first = false;
    }
    return outcome == OUTCOME_CANNOT;
}

static size_t match_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    return fetch(((struct match *)reader)->fd, v, n, reader->at, fail) ? n : 0;
}

static enum outcome match_rewind(struct reader *reader, struct fail *fail)
{
    (void)reader;
    (void)fail;
    return OUTCOME_DONE;
}

static void match_close(struct reader *reader)
{
    struct match *match = (struct match *)reader;
    if (match->fd >= 0)
        close(match->fd);
    reader_stack_close(reader);
}

struct reader *match_reader(struct value_stream *values, struct value_stream *reference,
                            struct reader *source, struct fail *fail)
{
    static const struct reader_class class = {
        .read = match_read, .rewind = match_rewind, .close = match_close};
    struct match *match = reader_stack_create(sizeof *match, &class, source, fail);
    if (!match)
        return NULL;
    struct walk walk;
    struct group group = {.values = values, .first = true};
    match->fd = group.fd = temporary_file();
    group.to = malloc((size_t)VALUE_GROUP * BUCKETS * sizeof *group.to);
    group.stored = malloc(LOOP_BLOCK * sizeof *group.stored);
    bool ok = (match->fd >= 0 && group.to && group.stored) ||
              fail_errno(fail, "matched samples in %s", temporary_folder());
    ok = ok && begin(&walk, reference, fail) && match_all(values, &walk, &group, source, fail);
    free(group.to);
    free(group.stored);
    if (ok)
        return &match->reader;
    reader_close(&match->reader);
    return NULL;
}
