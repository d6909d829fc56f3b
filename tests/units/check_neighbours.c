/* Filters that see neighbours, and readers whose volume has another shape than their source: both
 * against the plain sum or maximum over an array. Prints "N cases" or what differs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/stream/checked.h"
#include "common/stream/neighbours.h"
#include "common/stream/second_pass.h"
#include "common/thread/processors.h"

static int cases;

/* ---- a volume in memory --------------------------------------------------------------------- */

struct array {
    struct reader reader;
    const float *v;
    uint64_t there; /* samples before the input ends */
    uint64_t read;  /* samples so far */
};

static size_t array_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct array *array = (struct array *)reader;
    uint64_t left = array->there > reader->at ? array->there - reader->at : 0;
    (void)fail;
    n = n < left ? n : left;
    array->read += n;
    reader_count_inexact(reader, n);
    memcpy(v, array->v + reader->at, n * sizeof *v);
    return n;
}

static struct reader *array_open(const struct array *like, bool cloneable);

static struct reader *array_clone(struct reader *reader, struct fail *fail)
{
    (void)fail;
    struct reader *clone = array_open((const struct array *)reader, true);
    clone->original = reader;
    return clone;
}

static bool array_skip(struct reader *reader, uint64_t n, struct fail *fail)
{
    (void)reader;
    (void)n;
    (void)fail;
    return true;
}

static enum outcome array_rewind(struct reader *reader, struct fail *fail)
{
    (void)reader;
    (void)fail;
    return OUTCOME_DONE;
}

static void array_close(struct reader *reader)
{
    free(reader);
}

static struct reader *array_open(const struct array *like, bool cloneable)
{
    static const struct reader_class class = {.read = array_read,
                                              .skip = array_skip,
                                              .rewind = array_rewind,
                                              .clone = array_clone,
                                              .close = array_close};
    static const struct reader_class pipe = {.read = array_read, .close = array_close};
    struct array *array = malloc(sizeof *array);
    struct fail fail = {.text = ""};
    if (!array)
        abort();
    *array = (struct array){.v = like->v, .there = like->there};
    if (!volume_copy(&array->reader.volume, &like->reader.volume, &fail))
        abort();
    array->reader.class = cloneable ? &class : &pipe;
    array->reader.name = "array";
    array->reader.access = cloneable ? ACCESS_ANY : ACCESS_IN_ORDER;
    return &array->reader;
}

struct gatherer {
    struct writer writer;
    float *v;
    size_t n;
};

static bool gather(struct writer *writer, const float *v, size_t n, struct fail *fail)
{
    struct gatherer *gatherer = (struct gatherer *)writer;
    (void)fail;
    memcpy(gatherer->v + gatherer->n, v, n * sizeof *v);
    gatherer->n += n;
    return true;
}

static const struct writer_class gatherer_class = {.write = gather};

static void fill(struct array *array, const uint64_t size[AXES], float *v)
{
    *array = (struct array){.v = v};
    volume_init(&array->reader.volume);
    memcpy(array->reader.volume.size, size, AXES * sizeof *size);
    array->there = volume_samples(&array->reader.volume);
    for (uint64_t i = 0; i < array->there; i++)
        v[i] = (float)((i * 7919 + i / 13) % 1009);
}

/* ---- a filter with neighbours: their sum, by weights that tell them apart -------------------- */

#define SCRATCH 1000

struct reach {
    int planes, rows;
};

static float weight(int dz, int dy)
{
    return (float)(1 + (dz + 7) * 16 + dy);
}

static void sum_around(const struct reach *reach, const struct surroundings *around, int plane,
                       size_t row, float *made)
{
    for (size_t x = 0; x < around->row_samples; x++) {
        float sum = 0;
        for (int dz = -reach->planes; dz <= reach->planes; dz++)
            for (int dy = -reach->rows; dy <= reach->rows; dy++)
                sum += weight(dz, dy) * surroundings_row(around, row, plane + dz, dy)[x];
        made[x] = sum;
    }
}

static void sum_neighbours(const void *state, const struct surroundings *around, float *made)
{
    memset(around->scratch, 0xff, SCRATCH);
    for (size_t p = 0; p < around->planes; p++)
        for (size_t i = 0; i < around->count; i++)
            sum_around(state, around, (int)p, i,
                       made + p * around->plane_samples + i * around->row_samples);
}

static int64_t beyond(int64_t i, int64_t n, enum edge edge)
{
    while (i < 0 || i >= n)
        i = edge == EDGE_NEAREST ? (i < 0 ? 0 : n - 1) : (i < 0 ? -1 - i : 2 * n - 1 - i);
    return i;
}

static float plain_sum(const struct array *array, const struct reach *reach, enum edge edge,
                       int64_t z, int64_t y, int64_t x)
{
    const uint64_t *size = array->reader.volume.size;
    float sum = 0;
    for (int dz = -reach->planes; dz <= reach->planes; dz++)
        for (int dy = -reach->rows; dy <= reach->rows; dy++) {
            int64_t plane = beyond(z + dz, (int64_t)size[AXIS_PLANE], edge);
            int64_t row = beyond(y + dy, (int64_t)size[AXIS_ROW], edge);
            int64_t at = (plane * (int64_t)size[AXIS_ROW] + row) * (int64_t)size[AXIS_COLUMN] + x;
            sum += weight(dz, dy) * array->v[at];
        }
    return sum;
}

static bool check_sum(const struct array *array, struct reach reach, enum edge edge, size_t step,
                      size_t memory, bool cloneable)
{
    const uint64_t *size = array->reader.volume.size;
    struct neighbour_filter filter = {.make = sum_neighbours,
                                      .state = &reach,
                                      .planes = (size_t)reach.planes,
                                      .rows = (size_t)reach.rows,
                                      .step = step,
                                      .scratch = SCRATCH,
                                      .edge = edge,
                                      .memory = memory};
    const struct filter nothing = {.change = NULL};
    struct gatherer out = {.writer.class = &gatherer_class,
                           .v = malloc(array->there * sizeof(float))};
    struct fail fail = {.text = ""};
    struct reader *reader = neighbours_reader(&filter, array_open(array, cloneable), &fail);
    bool ok =
        out.v && reader && loop_run(&nothing, reader, &out.writer, &fail) && out.n == array->there;
    const char *words;
    ok = ok && reader_inexact(reader, &words) == array->there; /* however often they are read */
    const float *made = out.v;
    for (int64_t z = 0; ok && z < (int64_t)size[AXIS_PLANE]; z++)
        for (int64_t y = 0; ok && y < (int64_t)size[AXIS_ROW]; y++)
            for (int64_t x = 0; ok && x < (int64_t)size[AXIS_COLUMN]; x++)
                ok = *made++ == plain_sum(array, &reach, edge, z, y, x);
    if (!ok)
        printf("differs: %d planes, %d rows, edge %d, step %zu, memory %zu, clones %d: %s\n",
               reach.planes, reach.rows, edge, step, memory, cloneable, fail.text);
    reader_close(reader);
    free(out.v);
    cases++;
    return ok;
}

static bool check_sums(void)
{
    static const uint64_t sizes[][AXES] = {{9, 14, 11}, {1, 1, 5}, {2, 30, 3}, {5, 200, 700}};
    static const struct reach reaches[] = {{0, 0}, {1, 1}, {2, 0}, {0, 3}, {3, 2}};
    static const size_t memories[] = {3000, 1, 1, 2500000}; /* too little for the planes */
    bool ok = true;
    for (size_t s = 0; s < 4; s++) {
        float *v = malloc(sizes[s][0] * sizes[s][1] * sizes[s][2] * sizeof *v);
        struct array array;
        fill(&array, sizes[s], v);
        for (size_t r = 0; r < (s < 3 ? 5 : 3); r++)
            for (int kind = 0; kind < 24; kind++)
                ok &= check_sum(&array, reaches[r], kind & 1 ? EDGE_REFLECT : EDGE_NEAREST,
                                (size_t)kind / 8 * 2, kind & 2 ? memories[s] : 0, kind & 4);
        free(v);
    }
    return ok;
}

/* Bands of rows of one plane that are smaller than the reach: nothing is read twice. */
static bool check_once(void)
{
    static const uint64_t size[AXES] = {3, 40, 6};
    static const struct reach reach = {0, 7};
    bool ok = true;
    float v[720], made[720];
    for (size_t rows = 15; rows < 24; rows++) {
        struct array array;
        struct neighbour_filter filter = {.make = sum_neighbours,
                                          .state = &reach,
                                          .rows = 7,
                                          .scratch = SCRATCH,
                                          .memory = rows * 6 * sizeof(float)};
        const struct filter nothing = {.change = NULL};
        struct gatherer out = {.writer.class = &gatherer_class, .v = made};
        struct fail fail = {.text = ""};
        fill(&array, size, v);
        struct reader *source = array_open(&array, false);
        struct reader *reader = neighbours_reader(&filter, source, &fail);
        ok &= reader && loop_run(&nothing, reader, &out.writer, &fail) &&
              ((struct array *)source)->read == 720;
        if (!ok)
            printf("bands of %zu rows: %s\n", rows - 14, fail.text);
        reader_close(reader);
        cases++;
    }
    return ok;
}

/* An input that ends early is a failure, wherever it ends. */
static bool check_short(void)
{
    static const uint64_t size[AXES] = {4, 6, 5};
    float v[120], made[120];
    bool ok = true;
    for (int kind = 0; kind < 2; kind++) {
        struct array array;
        struct reach reach = {1, 1};
        struct neighbour_filter filter = {.make = sum_neighbours,
                                          .state = &reach,
                                          .planes = 1,
                                          .rows = 1,
                                          .scratch = SCRATCH,
                                          .memory = (size_t)kind};
        struct gatherer out = {.writer.class = &gatherer_class, .v = made};
        struct fail fail = {.text = ""};
        fill(&array, size, v);
        array.there = 119;
        struct filter nothing = {.change = NULL};
        struct reader *reader = neighbours_reader(&filter, array_open(&array, true), &fail);
        ok &= reader && !loop_run(&nothing, reader, &out.writer, &fail) &&
              strcmp(fail.text, "array: stream ends in plane 3 of 4 (row 5)") == 0;
        if (!ok)
            printf("short input: %s\n", fail.text);
        reader_close(reader);
        cases++;
    }
    return ok;
}

/* ---- a reader that only looks at what a pipe brings, which is kept ----------------------------
 */

static size_t look(void *state, const struct reader *reader, const float *v, size_t n, uint64_t at,
                   struct fail *fail)
{
    (void)reader;
    (void)v;
    (void)fail;
    *(uint64_t *)state += at < 600 ? n : 0;
    return n;
}

/* It does not hide that values are kept and can be counted there, and sees them unchanged. */
static bool check_looking(void)
{
    static const uint64_t size[AXES] = {4, 15, 10};
    float v[600], made[600];
    struct array array;
    struct fail fail = {.text = ""};
    struct gatherer out = {.writer.class = &gatherer_class, .v = made};
    struct filter nothing = {.change = NULL};
    const struct dictionary *values;
    fill(&array, size, v);
    uint64_t *seen = calloc(1, sizeof *seen);
    struct reader *kept = second_pass_reader(array_open(&array, false), &fail);
    struct reader *reader = kept ? checked_reader(look, seen, kept, &fail) : NULL;
    bool ok = reader && second_pass_count(reader, &values, &fail) == OUTCOME_DONE &&
              second_pass_run(&nothing, reader, &out.writer, &fail) && *seen == 600 &&
              memcmp(made, v, sizeof v) == 0;
    if (!ok)
        printf("looking: %s\n", fail.text);
    reader_close(reader);
    cases++;
    return ok;
}

/* Doubles what is not the value that state points to. */
static size_t double_others(const void *state, float *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (v[i] == *(const float *)state)
            return i;
        v[i] *= 2;
    }
    return n;
}

/* A filter that refuses a value refuses it at its place, though values are changed where they are
 * kept, and samples before it are changed once. */
static bool check_refusal(void)
{
    static const uint64_t size[AXES] = {4, 15, 10};
    float v[600], made[600];
    struct array array;
    struct fail fail = {.text = ""};
    struct gatherer out = {.writer.class = &gatherer_class, .v = made};
    const struct dictionary *values;
    fill(&array, size, v);
    for (size_t i = 0; i < 600; i++)
        v[i] = (float)(1 + i % 7);
    v[423] = 99;
    struct filter filter = {.change = double_others, .state = &v[423], .refused = "value"};
    struct reader *reader = second_pass_reader(array_open(&array, false), &fail);
    bool ok = reader && second_pass_count(reader, &values, &fail) == OUTCOME_DONE &&
              !second_pass_run(&filter, reader, &out.writer, &fail) &&
              strcmp(fail.text, "array: value 99 at plane 2, row 12, column 3") == 0;
    for (size_t i = 0; ok && i < 423; i++)
        ok = made[i] == 2 * v[i];
    if (!ok)
        printf("a value that is refused: %s\n", fail.text);
    reader_close(reader);
    cases++;
    return ok;
}

/* ---- a reader of another shape: the maximum along planes ------------------------------------- */

struct projection {
    struct reader reader;
    float *max; /* of a plane; NULL before the first sample is asked for */
};

static bool take_max(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    struct projection *projection = state;
    uint64_t plane = volume_plane_samples(&projection->reader.volume);
    (void)fail;
    for (size_t i = 0; i < n; i++) {
        float *max = &projection->max[(at + i) % plane];
        *max = v[i] > *max ? v[i] : *max;
    }
    return true;
}

static size_t projection_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct projection *projection = (struct projection *)reader;
    uint64_t plane = volume_plane_samples(&reader->volume);
    if (!projection->max) {
        projection->max = malloc(plane * sizeof *projection->max);
        for (uint64_t i = 0; projection->max && i < plane; i++)
            projection->max[i] = -INFINITY;
        if (!projection->max ||
            !loop_each_block(take_max, projection, projection->reader.source, fail))
            return 0;
    }
    memcpy(v, projection->max + reader->at, n * sizeof *v);
    return n;
}

static void projection_close(struct reader *reader)
{
    free(((struct projection *)reader)->max);
    reader_stack_close(reader);
}

static struct reader *projection_reader(struct reader *source, struct fail *fail)
{
    static const struct reader_class class = {.read = projection_read, .close = projection_close};
    struct projection *projection = reader_stack_create(sizeof *projection, &class, source, fail);
    if (!projection)
        return NULL;
    projection->reader.volume.size[AXIS_PLANE] = 1;
    return &projection->reader;
}

static bool check_projection(void)
{
    static const uint64_t size[AXES] = {12, 300, 400};
    uint64_t plane = size[1] * size[2], n = size[0] * plane;
    float *v = malloc(n * sizeof *v), *made = malloc(plane * sizeof *made);
    struct array array;
    fill(&array, size, v);
    bool ok = true;
    for (int cloneable = 0; cloneable < 2; cloneable++) {
        struct fail fail = {.text = ""};
        struct filter filter = {.change = NULL};
        struct gatherer out = {.writer.class = &gatherer_class, .v = made};
        struct reader *reader = projection_reader(array_open(&array, cloneable), &fail);
        ok &= reader && loop_run(&filter, reader, &out.writer, &fail) && out.n == plane;
        for (uint64_t i = 0; ok && i < plane; i++) {
            float max = v[i];
            for (uint64_t z = 1; z < size[0]; z++)
                max = fmaxf(max, v[z * plane + i]);
            ok = made[i] == max;
        }
        if (!ok)
            printf("projection differs: %s\n", fail.text);
        reader_close(reader);
        cases++;
    }
    free(v);
    free(made);
    return ok;
}

int main(void)
{
    bool ok = true;
    for (size_t threads = 1; threads <= 3; threads += 2) {
        threads_set(threads);
        ok &= check_sums() && check_once() && check_looking() && check_refusal() && check_short() &&
              check_projection();
    }
    printf("%d cases\n", cases);
    return ok ? 0 : 1;
}
