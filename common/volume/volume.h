/* What is known of a volume besides its samples: shape, channels, place in space, key/values. A
 * volume is indexed (plane, row, column[, channel]); planes are the slowest axis. */
#ifndef COMMON_VOLUME_VOLUME_H
#define COMMON_VOLUME_VOLUME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"
#include "common/volume/unit.h"

enum axis { AXIS_PLANE, AXIS_ROW, AXIS_COLUMN, AXES };
extern const char *const axis_names[]; /* "plane", "row", "column", NULL */

/* Gray volumes have no channel axis; the others have one, even when it is one channel long. */
enum channel_kind { CHANNELS_NONE, CHANNELS_VECTOR, CHANNELS_RGB, CHANNELS_RGBA };

#define SPACE_SIZE 48

/* A line of the header that says something about the volume: a key/value of the stream, or a field
 * of its format that is passed on as it came. */
struct key_value {
    char *key;
    char *value;
    bool is_field;
};

struct volume {
    uint64_t size[AXES]; /* samples along plane, row, column; all >= 1 */
    uint64_t channels;   /* samples a voxel, 1 where channel_kind is CHANNELS_NONE */
    enum channel_kind channel_kind;

    /* direction[a] is the step from one sample to the next along axis a, in world coordinates
     * x, y, z, which columns, rows and planes follow unless a file says otherwise.
     * direction[a][0] is NAN where the spacing of that axis is unknown. */
    double direction[AXES][3];
    double origin[3];        /* centre of the first sample; origin[0] is NAN when unknown */
    char unit[3][UNIT_SIZE]; /* of world x, y, z; "" when unknown; a micrometre is always "um" */
    char space[SPACE_SIZE];  /* what the world axes mean ("left-posterior-superior"); "" unknown */

    struct key_value *key_values; /* in the order of the header */
    size_t key_value_count, key_value_capacity;
};

/* A gray volume of 1 x 1 x 1; nothing else is known of it. */
void volume_init(struct volume *volume);
void volume_free(struct volume *volume);

/* Whether its channels are red, green, blue (and alpha). */
bool volume_is_colour(const struct volume *volume);

/* Makes *to a copy; on failure *to is empty. */
MUST_CHECK bool volume_copy(struct volume *to, const struct volume *from, struct fail *fail);

/* False when the number of samples, as bytes of a float each, would not fit an int64_t. */
bool volume_fits(const struct volume *volume);

/* Samples (voxels times channels) in a row, a plane, the volume. Only after volume_fits(). */
uint64_t volume_row_samples(const struct volume *volume);
uint64_t volume_plane_samples(const struct volume *volume);
uint64_t volume_samples(const struct volume *volume);

/* How many of n samples, the first of which is number `at`, lie in the same row as that one; a row,
 * or whatever else follows one after the other, has `length` samples. */
static inline size_t samples_in_row(uint64_t at, size_t n, uint64_t length)
{
    uint64_t left = length - at % length;
    return left < n ? left : n;
}

/* Where sample number `at` of the volume lies. */
struct place {
    uint64_t plane, row, column, channel;
};
struct place volume_place(const struct volume *volume, uint64_t at);
/* The same in words: "plane 1, row 0, column 2", with the channel where there is more than one. */
#define PLACE_SIZE 120
const char *place_text(const struct volume *volume, uint64_t at, char text[PLACE_SIZE]);

/* Length of the step along an axis, > 0, in volume_unit(); NAN when unknown. */
double volume_spacing(const struct volume *volume, enum axis axis);
void volume_set_spacing(struct volume *volume, enum axis axis, double spacing);

/* Moves the first sample `first` steps on along an axis, and makes the step `times` as long; the
 * origin becomes unknown where it moves by an unknown step. */
void volume_take_steps(struct volume *volume, enum axis axis, double first, double times);

/* The same in metres; NAN when the spacing or a unit is unknown. */
double volume_step_metres(const struct volume *volume, enum axis axis);

/* The unit of an axis in our spelling (unit.h), "" when unknown; set from any spelling. An oblique
 * axis has that of the world axis which it follows most. */
const char *volume_unit(const struct volume *volume, enum axis axis);
void volume_set_unit(struct volume *volume, enum axis axis, const char *unit);

/* The value of a key/value, or of a field that is passed on; NULL where there is none. Setting
 * replaces it; the value NULL removes it. */
const char *volume_value(const struct volume *volume, const char *key);
const char *volume_field(const struct volume *volume, const char *key);
MUST_CHECK bool volume_set_value(struct volume *volume, const char *key, const char *value,
                                 struct fail *fail);
MUST_CHECK bool volume_set_field(struct volume *volume, const char *key, const char *value,
                                 struct fail *fail);

/* Appends a command to the value of "history", a command a line. */
MUST_CHECK bool volume_add_history(struct volume *volume, const char *command, struct fail *fail);

/* The value of "window": the samples that black and white stand for. False when there is none (or
 * it is not a pair of finite numbers, the lower first). volume_set_window() removes it when a limit
 * is not finite. */
bool volume_window(const struct volume *volume, double window[2]);
MUST_CHECK bool volume_set_window(struct volume *volume, const double window[2], struct fail *fail);

/* For a volume of colours whose samples are stored integers: sets "window" to 0 and the integer
 * type's largest value, where there is none. Without it, colours are taken to be 0 to 1. */
MUST_CHECK bool volume_set_colour_window(struct volume *volume, double largest, struct fail *fail);

#endif
