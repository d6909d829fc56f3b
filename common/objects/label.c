/* Only two planes of runs are in memory, the one that is read and the one before it: a run joins
 * those of the rows around it that came before. All runs go to a file with the number of their
 * piece; when the last one has come, pieces have their final numbers, and the file is read to paint
 * them. */
#include "common/objects/label.h"

#include <inttypes.h>

#include "common/base/count.h"
#include "common/io/temporary.h"
#include "common/objects/run_file.h"
#include "common/objects/slabs.h"
#include "common/stream/loop.h"

struct label {
    struct reader reader;
    struct label_request request;
    struct components components;
    struct run_file file;
    struct plane_runs plane, before;
    struct plane_runs first; /* the first plane, where it is wanted */
    struct part part;        /* which planes of the volume these are */
    /* Painting. */
    struct run_cursor cursor;
    struct run run;  /* where `column` is or will be */
    uint64_t column; /* the next one in its row */
    float value;     /* in the run */
};

static bool cannot_keep(const struct label *label, struct fail *fail)
{
    return fail_errno(fail,
                      "%s: its objects, %.4g MB so far, can't be kept in %s (name a roomier folder "
                      "with TMPDIR)",
                      label->reader.name, (double)(label->file.flushed + label->file.used) / 1e6,
                      temporary_folder());
}

/* Opens pieces for the runs that touch nothing, and counts. */
static bool number_runs(struct label *label, uint64_t plane, uint64_t row, struct fail *fail)
{
    const uint64_t *size = label->reader.volume.size;
    struct components *components = &label->components;
    bool at_border =
        row == 0 || row + 1 == size[AXIS_ROW] ||
        (!label->request.rule.planes_apart &&
         (label->part.first + plane == 0 || label->part.first + plane + 1 == label->part.of));
    struct run *end = label->plane.runs.run + label->plane.ends[row + 1];
    for (struct run *run = label->plane.runs.run + label->plane.ends[row]; run < end; run++) {
        if (run->number == 0)
            run->number = components_add(components, label->reader.name, fail);
        if (run->number == 0)
            return false;
        if (components->counts)
            components->voxels[run->number] += run->end - run->begin;
        components->at_border[run->number] |=
            at_border || run->begin == 0 || run->end == size[AXIS_COLUMN];
    }
    return true;
}

static bool end_row(struct label *label, uint64_t plane, uint64_t row, struct fail *fail)
{
    struct plane_runs *own = &label->plane;
    const struct component_rule *rule = &label->request.rule;
    own->ends[row + 1] = own->runs.count;
    plane_runs_touch(&label->components, rule, own, row,
                     plane > 0 && !rule->planes_apart ? &label->before : NULL);
    if (!number_runs(label, plane, row, fail))
        return false;
    if (!run_file_put(&label->file, own->runs.run + own->ends[row],
                      own->ends[row + 1] - own->ends[row]))
        return cannot_keep(label, fail);
    if (row + 1 == label->reader.volume.size[AXIS_ROW]) {
        if (label->request.slab && plane == 0 && !plane_runs_copy(&label->first, own))
            return fail_errno(fail, "%s: a plane of objects", label->reader.name);
        struct plane_runs done = label->plane;
        label->plane = label->before;
        label->before = done;
        label->plane.runs.count = 0;
    }
    return true;
}

/* An observer. */
static bool add_span(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    struct label *label = state;
    const struct volume *volume = &label->reader.volume;
    for (size_t part; n > 0; v += part, n -= part, at += part) {
        part = samples_in_row(at, n, volume->size[AXIS_COLUMN]);
        struct place place = volume_place(volume, at);
        if (!runs_add(&label->plane.runs, label->plane.ends[place.row], label->request.rule.kind,
                      (uint32_t)place.column, v, part))
            return fail_errno(fail, "%s: a plane of objects", label->reader.name);
        if (place.column + part == volume->size[AXIS_COLUMN] &&
            !end_row(label, place.plane, place.row, fail))
            return false;
    }
    return true;
}

/* Numbers of pieces become those of components. */
static void finish_numbers(const struct components *components, struct plane_runs *plane)
{
    for (size_t i = 0; i < plane->runs.count; i++)
        plane->runs.run[i].number = components->number[plane->runs.run[i].number];
}

/* Writes what is known of the components, all of which stay. */
static bool write_slab(struct label *label, struct fail *fail)
{
    struct components *components = &label->components;
    const struct volume *volume = &label->reader.volume;
    finish_numbers(components, &label->first);
    finish_numbers(components, &label->before);
    struct slab slab = {.part = label->part,
                        .rows = volume->size[AXIS_ROW],
                        .columns = volume->size[AXIS_COLUMN],
                        .rule = label->request.rule,
                        .objects = components->kept,
                        .voxels = components->voxels,
                        .at_border = components->at_border,
                        .first = label->first,
                        .last = label->before};
    volume_steps_metres(volume, slab.steps);
    if (components->kept > LABELS_MAX)
        return fail_set(fail, "%s: a slab of more than %d objects", label->reader.name, LABELS_MAX);
    return slab_write(label->request.slab, &slab);
}

/* Reads the source and makes numbers final. */
static bool find_components(struct label *label, struct label_count *count, struct fail *fail)
{
    const struct label_request *request = &label->request;
    struct components *components = &label->components;
    uint64_t rows = label->reader.volume.size[AXIS_ROW];
    if (!plane_runs_init(&label->plane, rows) || !plane_runs_init(&label->before, rows))
        return fail_errno(fail, "%s: a plane of objects", label->reader.name);
    components->counts =
        request->counts || request->slab || components_need_counts(&request->choice);
    if (!loop_each_block(add_span, label, label->reader.source, fail) ||
        !components_finish(components, &request->choice, fail))
        return false;
    if (request->slab && !write_slab(label, fail))
        return false;
    plane_runs_free(&label->plane);
    plane_runs_free(&label->before);
    plane_runs_free(&label->first);
    *count = (struct label_count){
        .pieces = components->pieces, .found = components->found, .kept = components->kept};
    if (request->paint == LABEL_NUMBERS && components->kept > LABELS_MAX)
        return fail_set(fail,
                        "%s: has %" PRIu64 " objects, more than the %d that labels can tell apart: "
                        "leave out small ones (--min-size), or smooth it first",
                        label->reader.name, components->kept, LABELS_MAX);
    return run_cursor_open(&label->cursor, &label->file) ||
           fail_errno(fail, "%s: its objects", label->reader.name);
}

/* The next run of the row, or one behind its end. */
static bool next_run(struct label *label)
{
    label->run = (struct run){.begin = UINT32_MAX, .end = UINT32_MAX};
    if (label->cursor.left == 0)
        return true;
    if (!run_cursor_next(&label->cursor, &label->run))
        return false;
    uint32_t number = label->components.number[label->run.number];
    label->value = label->request.paint == LABEL_NUMBERS ? (float)number
                   : label->request.paint == LABEL_SET   ? number != 0
                                                         : number == 0;
    return true;
}

static size_t label_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct label *label = (struct label *)reader;
    uint64_t columns = reader->volume.size[AXIS_COLUMN];
    float outside = label->request.paint == LABEL_FILL;
    for (size_t got = 0, part; got < n; got += part) {
        bool ok = true;
        if (label->column == 0)
            ok = run_cursor_next_row(&label->cursor) && next_run(label);
        else if (label->column == label->run.end)
            ok = next_run(label);
        if (!ok) {
            fail_errno(fail, "%s: its objects, kept in %s, can't be read again", reader->name,
                       temporary_folder());
            return got;
        }
        bool inside = label->column >= label->run.begin;
        part = min_u64(n - got, min_u64(columns, inside ? label->run.end : label->run.begin) -
                                    label->column);
        float value = inside ? label->value : outside;
        for (size_t i = 0; i < part; i++)
            v[got + i] = value;
        label->column += part;
        if (label->column == columns)
            label->column = 0;
    }
    return n;
}

static enum outcome label_rewind(struct reader *reader, struct fail *fail)
{
    (void)fail;
    struct label *label = (struct label *)reader;
    run_cursor_rewind(&label->cursor);
    label->column = 0;
    return OUTCOME_DONE;
}

static void label_close(struct reader *reader)
{
    struct label *label = (struct label *)reader;
    plane_runs_free(&label->plane);
    plane_runs_free(&label->before);
    plane_runs_free(&label->first);
    components_free(&label->components);
    run_cursor_close(&label->cursor);
    run_file_close(&label->file);
    reader_stack_close(reader);
}

struct reader *label_reader(const struct label_request *request, struct reader *source,
                            struct label_count *count, struct fail *fail)
{
    static const struct reader_class class = {
        .read = label_read, .rewind = label_rewind, .close = label_close};
    struct label *label = reader_stack_create(sizeof *label, &class, source, fail);
    if (!label)
        return NULL;
    const struct volume *volume = &label->reader.volume;
    label->request = *request;
    label->file.fd = -1;
    if (!request->slab || !volume_part(volume, &label->part))
        label->part =
            (struct part){.end = volume->size[AXIS_PLANE], .of = volume->size[AXIS_PLANE]};
    bool ok = true;
    if (volume->channels > 1)
        ok = fail_set(fail, "%s: has %" PRIu64 " channels: objects are of one (volcrop --channels)",
                      label->reader.name, volume->channels);
    else if (volume->size[AXIS_COLUMN] > RUNS_MAX_COLUMNS)
        ok = fail_set(fail, "%s: has rows of %" PRIu64 " columns, more than %" PRIu32,
                      label->reader.name, volume->size[AXIS_COLUMN], RUNS_MAX_COLUMNS);
    else if (!run_file_open(&label->file))
        ok = fail_errno(fail, "%s: its objects", label->reader.name);
    if (ok && find_components(label, count, fail))
        return &label->reader;
    reader_close(&label->reader);
    return NULL;
}

const struct components *label_components(const struct reader *reader)
{
    return &((const struct label *)reader)->components;
}

const struct run_file *label_runs(const struct reader *reader)
{
    return &((const struct label *)reader)->file;
}
