#include "common/clahe/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"
#include "common/clahe/blend.h"
#include "common/clahe/layers.h"
#include "common/io/temporary.h"
#include "common/stream/bands.h"
#include "common/stream/loop.h"
#include "common/stream/mask.h"
#include "common/thread/pipeline.h"
#include "common/thread/processors.h"

#define KEPT_MEMORY (12u << 20)  /* planes between those that are counted and mapped */
#define BLOCK_SAMPLES (1u << 19) /* samples that are counted or mapped at once, in whole rows */

/* What a thread does: it counts columns of tiles, or makes their maps, or maps rows of one row of
 * cells. */
enum kind { JOB_COUNT, JOB_MAKE, JOB_MAP };

struct tile_job {
    enum kind kind;
    uint64_t first, end; /* columns, or rows */
    int error;           /* errno; 0: none */
};

struct clahe_reader;

struct tile_worker {
    const struct clahe_reader *run;
    uint16_t *table; /* of the blend; room for a map */
    struct map_window window;
};

struct clahe_reader {
    struct reader reader;
    struct clahe clahe;
    const struct tile_bins *levels; /* from samples to bins */
    struct layers layers;
    uint64_t planes, rows, columns, channels, row_samples;

    struct bands bands; /* of rows that are mapped; where the source is read twice, its clone is */
    struct reader *counted; /* what is counted, or a reader with a mask over it */
    bool masked;

    /* Planes as bins, plane p at p % kept_planes; where the source is read twice, a block. */
    uint16_t *kept;
    uint64_t kept_planes; /* 0: a block */
    uint64_t kept_rows;   /* read so far, of all planes */

    struct pipeline *pipeline; /* NULL before the first sample is read */
    struct tile_worker workers[THREADS_MAX];
    uint16_t *tables;
    struct tile_job jobs[PIPELINE_MAX_JOBS];
    struct tile_job left; /* what is still to be divided into jobs */
    uint64_t weight;      /* of what is counted: how often the plane occurs in the layer */
    struct bin_rows block;
    uint64_t block_rows;
    float *made; /* of a block */
    struct ready ready;
};

/* ---- reading -------------------------------------------------------------------------------- */

/* Puts samples number [at, at + n) of a block in their places. */
static void place_bins(const struct clahe_reader *run, const uint16_t *bins, uint64_t at, size_t n,
                       uint16_t *block)
{
    for (size_t i = 0; i < n; i++, at++) {
        uint64_t row = at / run->row_samples, x = at % run->row_samples;
        uint64_t line = row * run->channels + x % run->channels;
        block[line * run->columns + x / run->channels] = bins[i];
    }
}

static bool read_block(const struct clahe_reader *run, struct reader *from, struct bin_rows *block,
                       struct fail *fail)
{
    enum { BATCH = 1024 };
    float v[BATCH];
    uint16_t bins[BATCH];
    size_t most = run->channels <= BATCH ? BATCH / run->channels * run->channels : BATCH;
    uint64_t n = (block->end - block->first) * run->row_samples;
    for (uint64_t done = 0, part; done < n; done += part) {
        part = min_u64(n - done, most);
        if (reader_read(from, v, part, fail) < part)
            return false;
        tile_bins_find(run->levels, v, part, run->channels == 1 ? block->v + done : bins);
        if (run->channels > 1)
            place_bins(run, bins, done, part, block->v);
    }
    return true;
}

/* ---- jobs ----------------------------------------------------------------------------------- */

/* Rows of one row of cells, or columns of tiles, of which each thread gets a few. */
static bool fill_job(void *state, void *next)
{
    struct clahe_reader *run = state;
    struct tile_job *left = &run->left, *job = next;
    const struct tiles *tiles = run->layers.tiles;
    if (left->first == left->end)
        return false;
    *job = *left;
    job->end = left->kind == JOB_MAP
                   ? tiles_cell_end(&tiles[AXIS_ROW], tiles_cell(&tiles[AXIS_ROW], left->first))
                   : left->first + tiles[AXIS_COLUMN].count / PIPELINE_MAX_JOBS + 1;
    job->end = min_u64(job->end, left->end);
    left->first = job->end;
    return true;
}

static bool maps_failed(const struct clahe_reader *run, int error, struct fail *fail)
{
    errno = error;
    return fail_errno(fail, "%s: maps of tiles, in %s", run->reader.name, temporary_folder());
}

static bool do_jobs(struct clahe_reader *run, struct tile_job all, struct fail *fail)
{
    int error = 0;
    run->left = all;
    for (const struct tile_job *job; (job = pipeline_next(run->pipeline, fill_job, run));)
        error = job->error != 0 ? job->error : error;
    return error == 0 || maps_failed(run, error, fail);
}

static bool do_columns(struct clahe_reader *run, enum kind kind, struct fail *fail)
{
    return do_jobs(run, (struct tile_job){kind, .end = run->layers.tiles[AXIS_COLUMN].count}, fail);
}

/* ---- counting ------------------------------------------------------------------------------- */

static uint16_t *kept_place(const struct clahe_reader *run, uint64_t plane, uint64_t row)
{
    return run->kept + ((plane % run->kept_planes) * run->rows + row) * run->row_samples;
}

/* Reads rows of planes until those of the block are kept. */
static bool keep_block(struct clahe_reader *run, const struct bin_rows *block, struct fail *fail)
{
    uint64_t end = block->plane * run->rows + block->end;
    while (run->kept_rows < end) {
        struct bin_rows next = {.plane = run->kept_rows / run->rows,
                                .first = run->kept_rows % run->rows};
        next.end = min_u64(next.first + run->block_rows,
                           min_u64(run->rows, next.first + end - run->kept_rows));
        next.v = kept_place(run, next.plane, next.first);
        if (!read_block(run, run->counted, &next, fail))
            return false;
        run->kept_rows += next.end - next.first;
    }
    return true;
}

/* Finds the block's samples. Those that were counted are read once more to be mapped, and what is
 * wrong with them is counted then. */
static bool find_block(struct clahe_reader *run, struct bin_rows *block, struct fail *fail)
{
    if (run->kept_planes > 0) {
        block->v = kept_place(run, block->plane, block->first);
        return keep_block(run, block, fail);
    }
    struct reader *source = run->reader.source;
    uint64_t row = block->plane * run->rows + block->first, inexact = source->inexact;
    block->v = run->kept;
    bool ok = reader_seek(run->counted, row * run->row_samples, fail) &&
              read_block(run, run->counted, block, fail);
    source->inexact = inexact;
    return ok;
}

static bool count_plane(struct clahe_reader *run, uint64_t plane, struct fail *fail)
{
    uint64_t row, end;
    layers_band_rows(&run->layers, &row, &end);
    for (; row < end; row = run->block.end) {
        run->block = (struct bin_rows){
            .plane = plane, .first = row, .end = min_u64(row + run->block_rows, end)};
        if (!find_block(run, &run->block, fail) || !do_columns(run, JOB_COUNT, fail))
            return false;
    }
    return true;
}

static bool count_band(struct clahe_reader *run, uint64_t layer, struct fail *fail)
{
    const struct tiles *tiles = &run->layers.tiles[AXIS_PLANE];
    bool is_last = layer == tiles->count - 1;
    uint64_t first = layer * tiles->kernel, end = min_u64(first + tiles->kernel, tiles->size);
    for (uint64_t z = is_last ? min_u64(first, tiles->first) : first; z < end; z++) {
        run->weight = (z >= first) + (is_last ? tiles->again[z] : 0);
        if (run->weight > 0 && !count_plane(run, z, fail))
            return false;
    }
    return do_columns(run, JOB_MAKE, fail);
}

static bool count_layer(struct clahe_reader *run, uint64_t layer, struct fail *fail)
{
    uint64_t rows = run->layers.tiles[AXIS_ROW].count;
    for (uint64_t y = 0; y < rows; y = run->layers.end) {
        layers_begin_band(&run->layers, y);
        if (!count_band(run, layer, fail))
            return false;
    }
    return layers_end(&run->layers, layer, run->workers[0].table) || maps_failed(run, errno, fail);
}

/* ---- mapping -------------------------------------------------------------------------------- */

/* Maps rows [first, end) of a cell in one channel. */
static void map_cell(const struct clahe_reader *run, const struct tile_job *job, uint64_t channel,
                     uint64_t first, uint64_t end, const uint16_t *table)
{
    const struct tiles *tiles = run->layers.tiles;
    const struct bin_rows *block = &run->block;
    struct blend blend = {.table = table, .nan = run->clahe.bins};
    blend.column = (const double(*)[2])tiles[AXIS_COLUMN].weight + first;
    memcpy(blend.plane, tiles[AXIS_PLANE].weight[block->plane], sizeof blend.plane);
    for (uint64_t y = job->first; y < job->end; y++) {
        uint64_t line = (y - block->first) * run->channels;
        memcpy(blend.row, tiles[AXIS_ROW].weight[y], sizeof blend.row);
        blend_row(&blend, block->v + (line + channel) * run->columns + first,
                  run->made + line * run->columns + first * run->channels + channel, run->channels,
                  end - first);
    }
}

static bool map_rows(struct tile_worker *worker, const struct tile_job *job)
{
    const struct clahe_reader *run = worker->run;
    const struct tiles *tiles = &run->layers.tiles[AXIS_COLUMN];
    uint64_t cell[AXES] = {tiles_cell(&run->layers.tiles[AXIS_PLANE], run->block.plane),
                           tiles_cell(&run->layers.tiles[AXIS_ROW], job->first)};
    for (uint64_t c = 0; c < run->channels; c++) {
        worker->window.first = worker->window.end = 0;
        for (uint64_t x = 0, end; x < run->columns; x = end) {
            cell[AXIS_COLUMN] = tiles_cell(tiles, x);
            end = tiles_cell_end(tiles, cell[AXIS_COLUMN]);
            if (!layers_table(&run->layers, c, cell, &worker->window, worker->table))
                return false;
            map_cell(run, job, c, x, end, worker->table);
        }
    }
    return true;
}

/* Maps the next rows to `made`. */
static bool map_block(struct clahe_reader *run, struct fail *fail)
{
    const struct band *made = &run->bands.made;
    struct bin_rows *block = &run->block;
    *block = (struct bin_rows){.plane = made->low[AXIS_PLANE],
                               .first = made->low[AXIS_ROW],
                               .end = made->high[AXIS_ROW],
                               .v = run->kept};
    if (run->kept_planes > 0)
        block->v = kept_place(run, block->plane, block->first);
    else if (!read_block(run, run->reader.source, block, fail))
        return false;
    if (!do_jobs(run, (struct tile_job){JOB_MAP, block->first, block->end, 0}, fail))
        return false;
    run->ready = (struct ready){run->made, (block->end - block->first) * run->row_samples};
    return true;
}

static bool make_rows(struct reader *reader, struct fail *fail)
{
    struct clahe_reader *run = (struct clahe_reader *)reader;
    bands_next(&run->bands);
    uint64_t plane = run->bands.made.low[AXIS_PLANE], layer,
             cell = tiles_cell(&run->layers.tiles[AXIS_PLANE], plane);
    while ((layer = layers_begin(&run->layers, cell, run->masked)) < UINT64_MAX)
        if (!count_layer(run, layer, fail))
            return false;
    return map_block(run, fail);
}

static void work(void *state, void *argument)
{
    struct tile_worker *worker = state;
    const struct clahe_reader *run = worker->run;
    struct tile_job *job = argument;
    bool ok = true;
    if (job->kind == JOB_MAP)
        ok = map_rows(worker, job);
    for (uint64_t x = job->first; job->kind == JOB_COUNT && x < job->end; x++)
        layers_count(&run->layers, &run->block, run->weight, x);
    for (uint64_t x = job->first; job->kind == JOB_MAKE && x < job->end; x++)
        ok = layers_make_maps(&run->layers, x, worker->table) && ok;
    job->error = ok ? 0 : errno;
}

/* ---- setting up ----------------------------------------------------------------------------- */

/* Planes from the one that is mapped to the last one of the layer behind it. */
static uint64_t planes_between(uint64_t tile, uint64_t planes)
{
    return min_u64(tile + tile / 2, planes);
}

bool clahe_needs_clone(const struct clahe *clahe, const struct volume *volume)
{
    uint64_t planes = planes_between(clahe->kernel[AXIS_PLANE], volume->size[AXIS_PLANE]);
    return planes > KEPT_MEMORY / sizeof(uint16_t) / volume_plane_samples(volume);
}

static bool allocate(struct clahe_reader *run)
{
    size_t threads = THREADS_MAX;
    size_t block = run->block_rows * run->row_samples;
    size_t kept = run->kept_planes > 0 ? run->kept_planes * run->rows * run->row_samples : block;
    size_t table = (run->clahe.bins + 1) * BLEND_CORNERS + layers_window_size(&run->layers);
    run->kept = malloc(kept * sizeof *run->kept);
    run->made = malloc(block * sizeof *run->made);
    run->tables = malloc(threads * table * sizeof *run->tables);
    if (!run->kept || !run->made || !run->tables)
        return false;
    for (size_t i = 0; i < threads; i++)
        run->workers[i] = (struct tile_worker){
            .run = run,
            .table = run->tables + i * table,
            .window.maps = run->tables + i * table + (run->clahe.bins + 1) * BLEND_CORNERS};
    return true;
}

static bool start(struct clahe_reader *run, struct fail *fail)
{
    bool many = volume_samples(&run->reader.volume) >= 8 * LOOP_BLOCK;
    if (!allocate(run))
        return fail_errno(fail, "%s: tiles", run->reader.name);
    run->pipeline = pipeline_start(work, PIPELINE_ARRAY(run->workers, threads_to_use(many)),
                                   PIPELINE_ARRAY(run->jobs, PIPELINE_MAX_JOBS));
    return run->pipeline || fail_errno(fail, "threads");
}

static size_t clahe_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct clahe_reader *run = (struct clahe_reader *)reader;
    if (!run->pipeline && !start(run, fail))
        return 0;
    return reader_pass_on(reader, &run->ready, make_rows, v, n, fail);
}

static void clahe_close(struct reader *reader)
{
    struct clahe_reader *run = (struct clahe_reader *)reader;
    pipeline_finish(run->pipeline);
    if (run->masked)
        reader_close(run->counted);
    bands_close(&run->bands);
    layers_free(&run->layers);
    free(run->kept);
    free(run->made);
    free(run->tables);
    reader_stack_close(reader);
}

static bool init(struct clahe_reader *run, struct reader *mask, struct fail *fail)
{
    struct reader *source = run->reader.source;
    if (!layers_init(&run->layers, &source->volume, run->clahe.kernel, run->clahe.bins,
                     run->clahe.clip_limit, fail))
        return false;
    bool twice = mask || clahe_needs_clone(&run->clahe, &source->volume);
    run->block_rows = min_u64(BLOCK_SAMPLES / run->row_samples + 1, run->rows);
    run->kept_planes = twice ? 0 : planes_between(run->clahe.kernel[AXIS_PLANE], run->planes);
    run->bands = (struct bands){.planes = 1, .rows = run->block_rows};
    if (!bands_open(&run->bands, &run->reader, twice, fail))
        return false;
    run->counted = run->bands.from;
    if (!mask)
        return true;
    run->masked = true;
    run->counted = mask_reader(run->bands.from, mask, fail);
    /* The mask may have been read before. */
    return run->counted && reader_rewind(run->counted, fail) == OUTCOME_DONE;
}

struct reader *clahe_reader(const struct clahe *clahe, const struct tile_bins *levels,
                            struct reader *source, struct reader *mask, struct fail *fail)
{
    static const struct reader_class class = {.read = clahe_read, .close = clahe_close};
    struct clahe_reader *run = reader_stack_create(sizeof *run, &class, source, fail);
    if (!run)
        return NULL;
    const struct volume *volume = &run->reader.volume;
    run->clahe = *clahe;
    run->levels = levels;
    run->planes = volume->size[AXIS_PLANE];
    run->rows = volume->size[AXIS_ROW];
    run->columns = volume->size[AXIS_COLUMN];
    run->channels = volume->channels;
    run->row_samples = volume_row_samples(volume);
    if (init(run, mask, fail))
        return &run->reader;
    reader_close(&run->reader);
    return NULL;
}
