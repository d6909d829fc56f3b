/* The filter is three filters of one axis each. Along planes it has a reader of its own, of which
 * the one along rows and columns is made: the first sees whole windows of planes of few rows, the
 * second whole windows of rows of one plane, and neither needs memory for both. Rounding to float
 * between the axes is scipy's, and so is the order of sums: pairs from the outside inwards, in
 * double, without fused operations. The result is then the same to the bit, on every machine.
 *
 * Speed is that of the inner loop, which has a window's sum for 32 columns in registers and loads
 * two vectors for each pair. What it reads are doubles, so samples are converted first; a block of
 * 8 planes, or rows, shares what is converted: 8 + 2 * radius rows instead of 8 * (1 + 2 * radius).
 * That is why the filter along planes makes steps of 8 planes, where memory allows.
 *
 * The two readers share the memory that a program with a window may take: the one along rows gets
 * what its window needs, the one along planes the rest. Their kernels run on different threads at
 * different times, and share nothing but the weights, which don't change. */
#include "common/local/gauss.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/kernel/cpu.h"

#define PLANE_STEP 8 /* planes made at once: they share what is read and converted */
#define ROW_STEP 8   /* rows likewise */
#define COLUMNS 32   /* summed at once */
/* Bytes for both passes, and for the pass along rows, which takes more only where its window does.
 */
#define MEMORY (24u << 20)
#define MEMORY_ROWS (4u << 20)

/* ---- weights -------------------------------------------------------------------------------- */

/* exp(t) for t <= 0, to about one unit in the last place of a double. It uses nothing but
 * operations that IEEE fixes, so that weights are the same on every machine: the series for what
 * is left of t without a multiple of ln 2, which is subtracted in two parts. */
static double exponential(double t)
{
    static const double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
    double k = nearbyint(t / (ln2_high + ln2_low));
    double high = t - k * ln2_high, low = k * ln2_low, r = high - low;
    double sum = 0;
    for (int i = 20; i > 1; i--)
        sum = (1 + sum) * r / i;
    /* 1 + r + r * sum, smallest first */
    double rest = (high - r) - low;
    return ldexp(1 + (r + (r * sum + rest)), (int)k);
}

/* As numpy.sum adds up contiguous doubles. */
static double pairwise_sum(const double *v, size_t n)
{
    if (n > 128) {
        size_t half = n / 2 / 8 * 8;
        return pairwise_sum(v, half) + pairwise_sum(v + half, n - half);
    }
    double sum = 0, sums[8] = {0};
    size_t whole = n / 8 * 8;
    for (size_t i = 0; i < whole; i++)
        sums[i % 8] = i < 8 ? v[i] : sums[i % 8] + v[i];
    if (whole > 0)
        sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) +
              ((sums[4] + sums[5]) + (sums[6] + sums[7]));
    for (size_t i = whole; i < n; i++)
        sum += v[i];
    return sum;
}

/* The weights of one axis, from the centre outwards. */
static double *make_weights(double sigma, size_t radius)
{
    size_t n = 2 * radius + 1;
    double *all = malloc((n + radius + 1) * sizeof *all), *weight = all + n;
    if (!all)
        return NULL;
    double scale = -0.5 / (sigma * sigma);
    for (size_t i = 0; i < n; i++) {
        double distance = (double)i - (double)radius;
        all[i] = exponential(scale * (distance * distance));
    }
    double sum = pairwise_sum(all, n);
    for (size_t i = 0; i <= radius; i++)
        weight[i] = all[radius + i] / sum;
    memmove(all, weight, (radius + 1) * sizeof *all);
    return all;
}

bool gauss_init(struct gauss *gauss, struct fail *fail)
{
    memset(gauss->weight, 0, sizeof gauss->weight);
    for (enum axis axis = 0; axis < AXES; axis++) {
        double radius = gauss->truncate * gauss->sigma[axis] + 0.5;
        if (radius >= GAUSS_MAX_RADIUS + 1)
            return fail_set(fail,
                            "the window of a sigma of %.9g voxels along the %s axis reaches %.0f "
                            "voxels, %d at most",
                            gauss->sigma[axis], axis_names[axis], floor(radius), GAUSS_MAX_RADIUS);
        gauss->radius[axis] = (size_t)radius;
        if (gauss->radius[axis] > 0 &&
            !(gauss->weight[axis] = make_weights(gauss->sigma[axis], gauss->radius[axis])))
            return fail_errno(fail, "weights");
    }
    return true;
}

void gauss_free(struct gauss *gauss)
{
    for (enum axis axis = 0; axis < AXES; axis++)
        free(gauss->weight[axis]);
}

/* ---- sums ----------------------------------------------------------------------------------- */

/* One axis: the window's radius and weights. */
struct taps {
    size_t radius;
    const double *weight;
};

/* Adds the pairs that lie `far` away on both sides of each of COLUMNS samples. */
static inline CPU_INLINE void add_pair(double *restrict sum, const double *v, size_t far,
                                       double weight)
{
    for (size_t x = 0; x < COLUMNS; x++)
        sum[x] += (v[x - far] + v[x + far]) * weight;
}

/* The same for four distances, far to far - 3 * stride, whose sums need not be stored between. */
static inline CPU_INLINE void add_pairs(double *restrict sum, const double *v, size_t far,
                                        size_t stride, const double *weight)
{
    const double *b = v - far, *a = v + far;
    for (size_t x = 0; x < COLUMNS; x++) {
        double s = sum[x] + (b[x] + a[x]) * weight[3];
        s += (b[x + stride] + a[x - stride]) * weight[2];
        s += (b[x + 2 * stride] + a[x - 2 * stride]) * weight[1];
        sum[x] = s + (b[x + 3 * stride] + a[x - 3 * stride]) * weight[0];
    }
}

/* Sums of COLUMNS windows: v[0] is in the centre of the first, each neighbour `stride` further. The
 * pairs that are farthest away come first, as in scipy's correlate1d. */
static inline CPU_INLINE void sum_windows(const struct taps *taps, const double *v, size_t stride,
                                          float *restrict sums)
{
    double sum[COLUMNS];
    for (size_t x = 0; x < COLUMNS; x++)
        sum[x] = v[x] * taps->weight[0];
    size_t j = taps->radius;
    for (; j % 4 != 0; j--)
        add_pair(sum, v, j * stride, taps->weight[j]);
    for (; j > 0; j -= 4)
        add_pairs(sum, v, j * stride, stride, taps->weight + j - 3);
    for (size_t x = 0; x < COLUMNS; x++)
        sums[x] = (float)sum[x];
}

/* Rows to be summed over: row number i is rows[i * stride]. */
struct stack {
    const float *const *rows;
    size_t stride, made, samples;
};

/* Makes stack->made rows, the first at out, the others out_stride further: the sums over 2 * radius
 * + 1 rows, the first of which is row 0, 1, ... of the stack. columns: COLUMNS doubles for each
 * row.
 */
static inline CPU_INLINE void across_body(const struct taps *taps, const struct stack *stack,
                                          double *restrict columns, float *out, size_t out_stride)
{
    size_t rows = stack->made + 2 * taps->radius;
    for (size_t x = 0; x < stack->samples; x += COLUMNS) {
        size_t n = stack->samples - x < COLUMNS ? stack->samples - x : COLUMNS;
        float tail[COLUMNS] = {0};
        for (size_t i = 0; i < rows; i++) {
            const float *v = stack->rows[i * stack->stride] + x;
            if (n < COLUMNS)
                v = memcpy(tail, v, n * sizeof *v);
            for (size_t k = 0; k < COLUMNS; k++)
                columns[i * COLUMNS + k] = v[k];
        }
        for (size_t i = 0; i < stack->made; i++) {
            float *to = out + i * out_stride + x;
            sum_windows(taps, columns + (i + taps->radius) * COLUMNS, COLUMNS,
                        n < COLUMNS ? tail : to);
            if (n < COLUMNS)
                memcpy(to, tail, n * sizeof *to);
        }
    }
}
CPU_VARIANTS(across, across_body,
             (const struct taps *taps, const struct stack *stack, double *columns, float *out,
              size_t out_stride),
             (taps, stack, columns, out, out_stride))

/* Makes out[0..n), the sums along a row: v[0] is its first sample; before and after it stands what
 * the windows see, and COLUMNS more doubles. */
static inline CPU_INLINE void along_body(const struct taps *taps, const double *v, size_t channels,
                                         float *out, size_t n)
{
    size_t x = 0;
    for (; x + COLUMNS <= n; x += COLUMNS)
        sum_windows(taps, v + x, channels, out + x);
    if (x < n) {
        float tail[COLUMNS];
        sum_windows(taps, v + x, channels, tail);
        memcpy(out + x, tail, (n - x) * sizeof *out);
    }
}
CPU_VARIANTS(along, along_body,
             (const struct taps *taps, const double *v, size_t channels, float *out, size_t n),
             (taps, v, channels, out, n))

/* ---- planes, rows and columns --------------------------------------------------------------- */

static struct taps taps_of(const struct gauss *gauss, enum axis axis)
{
    return (struct taps){gauss->radius[axis], gauss->weight[axis]};
}

static size_t columns_size(size_t made, size_t radius)
{
    return (made + 2 * radius) * COLUMNS;
}

static void make_planes(const void *state, const struct surroundings *around, float *made)
{
    struct taps taps = taps_of(state, AXIS_PLANE);
    ptrdiff_t reach = (ptrdiff_t)taps.radius;
    for (size_t i = 0; i < around->count; i++) {
        struct stack stack = {surroundings_rows(around, i, -reach, 0), around->count,
                              around->planes, around->row_samples};
        across(&taps, &stack, around->scratch, made + i * around->row_samples,
               around->plane_samples);
    }
}

/* The row as doubles, with what stands before and after it. */
static void pad_row(const struct gauss *gauss, const float *row, size_t row_samples, double *padded)
{
    size_t reach = gauss->radius[AXIS_COLUMN] * gauss->channels;
    size_t columns = row_samples / gauss->channels;
    for (size_t i = 0; i < row_samples; i++)
        padded[reach + i] = row[i];
    for (size_t i = 0; i < reach; i++) {
        size_t column = i / gauss->channels, channel = i % gauss->channels;
        int64_t before = (int64_t)column - (int64_t)gauss->radius[AXIS_COLUMN];
        int64_t after = (int64_t)(columns + column);
        padded[i] = row[edge_index(before, columns, gauss->edge) * gauss->channels + channel];
        padded[reach + row_samples + i] =
            row[edge_index(after, columns, gauss->edge) * gauss->channels + channel];
    }
}

static size_t padded_size(const struct gauss *gauss, size_t row_samples)
{
    return row_samples + 2 * gauss->radius[AXIS_COLUMN] * gauss->channels + COLUMNS;
}

static void make_columns(const struct gauss *gauss, const float *row, size_t row_samples,
                         double *padded, float *made)
{
    struct taps taps = taps_of(gauss, AXIS_COLUMN);
    pad_row(gauss, row, row_samples, padded);
    along(&taps, padded + taps.radius * gauss->channels, gauss->channels, made, row_samples);
}

/* Rows first, of a few rows at once, and then the columns of each. */
static void make_plane(const void *state, const struct surroundings *around, float *made)
{
    const struct gauss *gauss = state;
    struct taps taps = taps_of(gauss, AXIS_ROW);
    size_t n = around->row_samples;
    double *columns = around->scratch, *padded = columns + columns_size(ROW_STEP, taps.radius);
    float *rows = (float *)(padded + padded_size(gauss, n));
    for (size_t i = 0, count; i < around->count; i += count) {
        count = around->count - i < ROW_STEP ? around->count - i : ROW_STEP;
        struct stack stack = {surroundings_rows(around, i, 0, -(ptrdiff_t)taps.radius), 1, count,
                              n};
        float *to = gauss->radius[AXIS_COLUMN] > 0 ? rows : made + i * n;
        if (taps.radius > 0)
            across(&taps, &stack, columns, to, n);
        for (size_t k = 0; gauss->radius[AXIS_COLUMN] > 0 && k < count; k++)
            make_columns(gauss, taps.radius > 0 ? rows + k * n : stack.rows[k], n, padded,
                         made + (i + k) * n);
    }
}

static size_t rows_memory(const struct gauss *gauss, const struct reader *source)
{
    uint64_t rows = 2 * gauss->radius[AXIS_ROW] + ROW_STEP, all = source->volume.size[AXIS_ROW];
    uint64_t bytes =
        (rows < all ? rows : all) * volume_row_samples(&source->volume) * sizeof(float);
    return bytes < MEMORY_ROWS            ? MEMORY_ROWS
           : bytes < MEMORY - MEMORY_ROWS ? bytes
                                          : MEMORY - MEMORY_ROWS;
}

static struct reader *filter_planes(struct gauss *gauss, struct reader *source, struct fail *fail)
{
    size_t radius = gauss->radius[AXIS_PLANE];
    struct neighbour_filter filter = {.make = make_planes,
                                      .state = gauss,
                                      .planes = radius,
                                      .step = PLANE_STEP,
                                      .scratch = columns_size(PLANE_STEP, radius) * sizeof(double),
                                      .edge = gauss->edge,
                                      .memory = MEMORY - rows_memory(gauss, source)};
    return radius > 0 ? neighbours_reader(&filter, source, fail) : source;
}

static struct reader *filter_rows(struct gauss *gauss, struct reader *source, struct fail *fail)
{
    size_t n = volume_row_samples(&source->volume), radius = gauss->radius[AXIS_ROW];
    size_t scratch = (columns_size(ROW_STEP, radius) + padded_size(gauss, n)) * sizeof(double) +
                     ROW_STEP * n * sizeof(float);
    struct neighbour_filter filter = {.make = make_plane,
                                      .state = gauss,
                                      .rows = radius,
                                      .scratch = scratch,
                                      .edge = gauss->edge,
                                      .memory = rows_memory(gauss, source)};
    bool any = radius > 0 || gauss->radius[AXIS_COLUMN] > 0;
    return any ? neighbours_reader(&filter, source, fail) : source;
}

struct reader *gauss_reader(struct gauss *gauss, struct reader *source, struct fail *fail)
{
    gauss->channels = source->volume.channels;
    source = filter_planes(gauss, source, fail);
    return source ? filter_rows(gauss, source, fail) : NULL;
}
