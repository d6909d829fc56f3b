#include "common/cli/effect.h"

#include <math.h>

#include "common/exposure/hint.h"
#include "common/volume/labels.h"
#include "common/volume/source.h"
#include "common/volume/values.h"

enum effect_kind effect_of_reduction(enum reduction kind)
{
    bool keeps = kind == REDUCE_MAXIMUM || kind == REDUCE_MINIMUM || kind == REDUCE_MODE ||
                 kind == REDUCE_FIRST;
    bool blends = kind == REDUCE_MEAN || kind == REDUCE_MEDIAN;
    return keeps ? EFFECT_KEEPS : blends ? EFFECT_BLENDS : EFFECT_MAKES;
}

/* The window as samples with its limits change. It is dropped where the map refuses one, or makes
 * it infinite; a map that turns values round exchanges them. -0 is written as 0. */
static bool map_window(const struct filter *map, struct volume *volume, struct fail *fail)
{
    double window[2];
    if (!volume_window(volume, window))
        return true;
    float limits[2] = {(float)window[0], (float)window[1]};
    if (map->change && map->change(map->state, limits, 2) < 2)
        limits[0] = NAN;
    window[0] = (double)fminf(limits[0], limits[1]) + 0.;
    window[1] = isnan(limits[0]) ? NAN : (double)fmaxf(limits[0], limits[1]) + 0.;
    return volume_set_window(volume, window, fail);
}

static bool pass_window(const struct effect *effect, struct volume *volume, struct fail *fail)
{
    static const double mask_window[2] = {0, 1};
    const double *window = effect->makes_mask ? mask_window : effect->window;
    if (window)
        return volume_set_window(volume, window, fail);
    if (effect->kind == EFFECT_MAPS && effect->map)
        return map_window(effect->map, volume, fail);
    return effect->kind == EFFECT_KEEPS || effect->kind == EFFECT_BLENDS ||
           volume_set_value(volume, "window", NULL, fail);
}

/* What is said anew comes at the end of the notes, whatever was said before: volumes that are equal
 * have equal bytes. */
static bool pass_labels(const struct effect *effect, struct volume *volume, struct fail *fail)
{
    uint32_t largest;
    bool keeps = effect->kind == EFFECT_KEEPS && !effect->makes_mask && !effect->labels;
    if (effect->kind == EFFECT_BLENDS && volume_labels(volume, &largest))
        return fail_set(fail, "the samples are labels, between which there is nothing (volset "
                              "--drop labels: they are numbers)");
    if (!keeps && !volume_drop_labels(volume, fail))
        return false;
    if (effect->makes_mask)
        return volume_set_mask(volume, fail);
    return !effect->labels || volume_set_labels(volume, *effect->labels, fail);
}

bool effect_pass(const struct effect *effect, const char *line, struct volume *volume,
                 struct fail *fail)
{
    static const enum source_state states[] = {[EFFECT_KEEPS] = SOURCE_KEPT,
                                               [EFFECT_BLENDS] = SOURCE_CHANGED,
                                               [EFFECT_MAPS] = SOURCE_MAPPED,
                                               [EFFECT_MAKES] = SOURCE_CHANGED};
    bool maps = effect->kind == EFFECT_MAPS;
    const struct filter *ordered = maps && effect->keeps_order ? effect->map : NULL;
    return pass_window(effect, volume, fail) && hint_pass(volume, ordered, fail) &&
           pass_labels(effect, volume, fail) &&
           volume_note_state(volume, states[effect->kind], fail) &&
           (maps || volume_drop_values_of(volume, fail)) && volume_add_history(volume, line, fail);
}
