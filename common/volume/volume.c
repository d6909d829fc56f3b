#include "common/volume/volume.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/array.h"
#include "common/text/number.h"

const char *const axis_names[] = {"plane", "row", "column", NULL};

/* Columns run along world x, rows along y, planes along z. */
static size_t world_of(enum axis axis)
{
    return (size_t)(AXIS_COLUMN - axis);
}

void volume_init(struct volume *volume)
{
    *volume = (struct volume){.size = {1, 1, 1}, .channels = 1};
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        volume_set_spacing(volume, a, NAN);
    volume->origin[0] = NAN;
}

void volume_free(struct volume *volume)
{
    for (size_t i = 0; i < volume->key_value_count; i++) {
        free(volume->key_values[i].key);
        free(volume->key_values[i].value);
    }
    free(volume->key_values);
    volume->key_values = NULL;
    volume->key_value_count = volume->key_value_capacity = 0;
}

bool volume_is_colour(const struct volume *volume)
{
    return volume->channel_kind == CHANNELS_RGB || volume->channel_kind == CHANNELS_RGBA;
}

static bool set_key_value(struct volume *volume, const char *key, const char *value, bool is_field,
                          struct fail *fail);

bool volume_copy(struct volume *to, const struct volume *from, struct fail *fail)
{
    *to = *from;
    to->key_values = NULL;
    to->key_value_count = to->key_value_capacity = 0;
    for (size_t i = 0; i < from->key_value_count; i++) {
        const struct key_value *key_value = &from->key_values[i];
        if (!set_key_value(to, key_value->key, key_value->value, key_value->is_field, fail)) {
            volume_free(to);
            return false;
        }
    }
    return true;
}

bool volume_fits(const struct volume *volume)
{
    uint64_t most = (uint64_t)INT64_MAX / sizeof(float);
    uint64_t factors[] = {volume->channels, volume->size[AXIS_COLUMN], volume->size[AXIS_ROW],
                          volume->size[AXIS_PLANE]};
    for (size_t i = 0; i < 4; i++) {
        if (factors[i] == 0 || factors[i] > most)
            return false;
        most /= factors[i];
    }
    return true;
}

uint64_t volume_row_samples(const struct volume *volume)
{
    return volume->size[AXIS_COLUMN] * volume->channels;
}

uint64_t volume_plane_samples(const struct volume *volume)
{
    return volume->size[AXIS_ROW] * volume_row_samples(volume);
}

uint64_t volume_samples(const struct volume *volume)
{
    return volume->size[AXIS_PLANE] * volume_plane_samples(volume);
}

struct place volume_place(const struct volume *volume, uint64_t at)
{
    uint64_t row_samples = volume_row_samples(volume);
    uint64_t row = at / row_samples;
    uint64_t in_row = at % row_samples;
    return (struct place){
        .plane = row / volume->size[AXIS_ROW],
        .row = row % volume->size[AXIS_ROW],
        .column = in_row / volume->channels,
        .channel = in_row % volume->channels,
    };
}

const char *place_text(const struct volume *volume, uint64_t at, char text[PLACE_SIZE])
{
    struct place place = volume_place(volume, at);
    int used = snprintf(text, PLACE_SIZE, "plane %" PRIu64 ", row %" PRIu64 ", column %" PRIu64,
                        place.plane, place.row, place.column);
    if (volume->channels > 1)
        snprintf(text + used, PLACE_SIZE - (size_t)used, ", channel %" PRIu64, place.channel);
    return text;
}

double volume_spacing(const struct volume *volume, enum axis axis)
{
    const double *d = volume->direction[axis];
    if (isnan(d[0]))
        return NAN;
    /* A step along one world axis must come back to the last digit, which a norm does not promise.
     */
    if (d[1] == 0 && d[2] == 0)
        return fabs(d[0]);
    if (d[0] == 0 && d[2] == 0)
        return fabs(d[1]);
    if (d[0] == 0 && d[1] == 0)
        return fabs(d[2]);
    return sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
}

void volume_set_spacing(struct volume *volume, enum axis axis, double spacing)
{
    double *d = volume->direction[axis];
    d[0] = d[1] = d[2] = 0;
    d[world_of(axis)] = spacing;
    if (isnan(spacing))
        d[0] = NAN;
}

/* The world axis along which the step of an axis is longest. */
static size_t main_world_axis(const struct volume *volume, enum axis axis)
{
    const double *d = volume->direction[axis];
    if (isnan(d[0]))
        return world_of(axis);
    size_t longest = 0;
    for (size_t i = 1; i < 3; i++)
        longest = fabs(d[i]) > fabs(d[longest]) ? i : longest;
    return longest;
}

const char *volume_unit(const struct volume *volume, enum axis axis)
{
    return volume->unit[main_world_axis(volume, axis)];
}

double volume_step_metres(const struct volume *volume, enum axis axis)
{
    double metres[3], sum = 0;
    size_t used = 0;
    for (size_t i = 0; i < 3; i++) {
        double step = volume->direction[axis][i];
        metres[i] = step == 0 ? 0 : unit_to_metres(fabs(step), volume->unit[i]);
        used += step != 0;
        sum += metres[i] * metres[i];
    }
    return used > 1 ? sqrt(sum) : metres[0] + metres[1] + metres[2];
}

void volume_take_steps(struct volume *volume, enum axis axis, double first, double times)
{
    double *step = volume->direction[axis];
    if (isnan(step[0])) {
        if (first > 0 || first < 0)
            volume->origin[0] = NAN;
        return;
    }
    for (size_t w = 0; w < 3; w++) {
        volume->origin[w] += first * step[w];
        step[w] *= times;
    }
}

void volume_set_unit(struct volume *volume, enum axis axis, const char *unit)
{
    unit_normalize(volume->unit[world_of(axis)], unit);
}

static struct key_value *find_key_value(const struct volume *volume, const char *key, bool is_field)
{
    for (size_t i = 0; i < volume->key_value_count; i++)
        if (volume->key_values[i].is_field == is_field &&
            strcmp(volume->key_values[i].key, key) == 0)
            return &volume->key_values[i];
    return NULL;
}

static void drop_key_value(struct volume *volume, struct key_value *key_value)
{
    free(key_value->key);
    free(key_value->value);
    size_t after = volume->key_value_count - (size_t)(key_value - volume->key_values) - 1;
    memmove(key_value, key_value + 1, after * sizeof *key_value);
    volume->key_value_count--;
}

static bool add_key_value(struct volume *volume, const char *key, const char *value, bool is_field)
{
    if (!array_reserve(volume->key_values, &volume->key_value_capacity,
                       volume->key_value_count + 1))
        return false;
    struct key_value key_value = {.key = strdup(key), .value = strdup(value), .is_field = is_field};
    if (!key_value.key || !key_value.value) {
        free(key_value.key);
        free(key_value.value);
        return false;
    }
    volume->key_values[volume->key_value_count++] = key_value;
    return true;
}

static bool set_key_value(struct volume *volume, const char *key, const char *value, bool is_field,
                          struct fail *fail)
{
    struct key_value *key_value = find_key_value(volume, key, is_field);
    if (!value) {
        if (key_value)
            drop_key_value(volume, key_value);
        return true;
    }
    if (!key_value)
        return add_key_value(volume, key, value, is_field) || fail_errno(fail, "note \"%s\"", key);
    char *copy = strdup(value);
    if (!copy)
        return fail_errno(fail, "note \"%s\"", key);
    free(key_value->value);
    key_value->value = copy;
    return true;
}

const char *volume_value(const struct volume *volume, const char *key)
{
    const struct key_value *key_value = find_key_value(volume, key, false);
    return key_value ? key_value->value : NULL;
}

const char *volume_field(const struct volume *volume, const char *key)
{
    const struct key_value *key_value = find_key_value(volume, key, true);
    return key_value ? key_value->value : NULL;
}

bool volume_set_value(struct volume *volume, const char *key, const char *value, struct fail *fail)
{
    return set_key_value(volume, key, value, false, fail);
}

bool volume_set_field(struct volume *volume, const char *key, const char *value, struct fail *fail)
{
    return set_key_value(volume, key, value, true, fail);
}

bool volume_add_history(struct volume *volume, const char *command, struct fail *fail)
{
    const char *before = volume_value(volume, "history");
    if (!before || before[0] == '\0')
        return volume_set_value(volume, "history", command, fail);
    size_t size = strlen(before) + strlen(command) + 2;
    char *history = malloc(size);
    if (!history)
        return fail_errno(fail, "history");
    snprintf(history, size, "%s\n%s", before, command);
    bool ok = volume_set_value(volume, "history", history, fail);
    free(history);
    return ok;
}

bool volume_window(const struct volume *volume, double window[2])
{
    const char *text = volume_value(volume, "window");
    if (!text)
        return false;
    char low[NUMBER_SIZE], high[NUMBER_SIZE], rest;
    return sscanf(text, "%31s %31s %c", low, high, &rest) == 2 && number_real(low, &window[0]) &&
           number_real(high, &window[1]) && window[0] <= window[1];
}

bool volume_set_window(struct volume *volume, const double window[2], struct fail *fail)
{
    if (!isfinite(window[0]) || !isfinite(window[1]))
        return volume_set_value(volume, "window", NULL, fail);
    char low[NUMBER_SIZE], high[NUMBER_SIZE], text[2 * NUMBER_SIZE];
    snprintf(text, sizeof text, "%s %s", number_text(window[0], low), number_text(window[1], high));
    return volume_set_value(volume, "window", text, fail);
}

bool volume_set_colour_window(struct volume *volume, double largest, struct fail *fail)
{
    const double window[2] = {0, largest};
    return !volume_is_colour(volume) || volume_value(volume, "window") ||
           volume_set_window(volume, window, fail);
}
