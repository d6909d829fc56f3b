#include "common/stream/combine.h"

#include <stdlib.h>

#include "common/base/count.h"

#define BATCH 16384 /* samples of each source at a time */

struct combined {
    struct reader reader; /* its source is the first one */
    combiner *combine;
    const void *state;
    struct reader *sources[COMBINE_MAX];
    size_t count;
    float *batches; /* of each source but the first, which is read in place */
};

static size_t combine_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct combined *combined = (struct combined *)reader;
    const float *samples[COMBINE_MAX];
    for (size_t done = 0, count; done < n; done += count) {
        count = min_u64(n - done, BATCH);
        for (size_t i = 0; i < combined->count; i++) {
            float *to = i == 0 ? v + done : combined->batches + i * BATCH;
            if (reader_read(combined->sources[i], to, count, fail) < count)
                return done;
            samples[i] = to;
        }
        combined->combine(combined->state, samples, v + done, count);
    }
    return n;
}

static bool combine_skip(struct reader *reader, uint64_t n, struct fail *fail)
{
    struct combined *combined = (struct combined *)reader;
    for (size_t i = 0; i < combined->count; i++)
        if (!reader_skip(combined->sources[i], n, fail))
            return false;
    return true;
}

static enum outcome combine_rewind(struct reader *reader, struct fail *fail)
{
    struct combined *combined = (struct combined *)reader;
    enum outcome outcome = OUTCOME_DONE;
    for (size_t i = 0; i < combined->count && outcome == OUTCOME_DONE; i++)
        outcome = reader_rewind(combined->sources[i], fail);
    return outcome;
}

static struct reader *combine_part(const struct reader *reader, size_t i)
{
    const struct combined *combined = (const struct combined *)reader;
    return i < combined->count ? combined->sources[i] : NULL;
}

static void combine_close(struct reader *reader)
{
    struct combined *combined = (struct combined *)reader;
    readers_close(combined->sources, combined->count);
    free(combined->batches);
    free(combined);
}

static struct reader *combine_clone(struct reader *reader, struct fail *fail)
{
    struct combined *combined = (struct combined *)reader;
    struct reader *clones[COMBINE_MAX];
    for (size_t i = 0; i < combined->count; i++)
        if (!(clones[i] = reader_clone(combined->sources[i], fail))) {
            readers_close(clones, i);
            return NULL;
        }
    return combine_reader(combined->combine, combined->state, clones, combined->count, fail);
}

struct reader *combine_reader(combiner *combine, const void *state, struct reader *const *sources,
                              size_t count, struct fail *fail)
{
    static const struct reader_class class = {.read = combine_read,
                                              .skip = combine_skip,
                                              .rewind = combine_rewind,
                                              .clone = combine_clone,
                                              .part = combine_part,
                                              .close = combine_close};
    bool cloneable = true;
    for (size_t i = 0; i < count; i++)
        cloneable = cloneable && sources[i]->access == ACCESS_ANY;
    float *batches = malloc(count * BATCH * sizeof *batches);
    if (!batches) {
        fail_errno(fail, "%s", sources[0]->name);
        readers_close(sources, count);
        return NULL;
    }
    struct combined *combined = reader_stack_create(sizeof *combined, &class, sources[0], fail);
    if (!combined) { /* the first one is closed */
        readers_close(sources + 1, count - 1);
        free(batches);
        return NULL;
    }
    combined->combine = combine;
    combined->state = state;
    combined->count = count;
    combined->batches = batches;
    combined->reader.access = cloneable ? ACCESS_ANY : ACCESS_IN_ORDER;
    combined->reader.clone_size = count * BATCH * sizeof *batches;
    for (size_t i = 0; i < count; i++)
        combined->sources[i] = sources[i];
    return &combined->reader;
}
