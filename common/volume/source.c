#include "common/volume/source.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/text/number.h"

#define KEY "source scale"

static const char *const state_words[] = {
    [SOURCE_KEPT] = "", [SOURCE_MAPPED] = " mapped", [SOURCE_CHANGED] = " changed"};

bool volume_source_integers(const struct volume *volume, double *largest, bool *has_sign)
{
    const char *type = volume_value(volume, "source type");
    unsigned bits;
    int end = 0;
    *has_sign = type && type[0] == 'i';
    if (!type || sscanf(type, *has_sign ? "int%2u%n" : "uint%2u%n", &bits, &end) != 1 ||
        type[end] != '\0' || bits < 1 || bits > 64)
        return false;
    *largest = ldexp(1, (int)bits - *has_sign) - 1;
    return true;
}

/* Integers that are floats, every one. */
static bool has_narrow_source(const struct volume *volume)
{
    double largest;
    bool has_sign;
    return volume_source_integers(volume, &largest, &has_sign) && largest <= UINT16_MAX;
}

bool volume_set_source_scale(struct volume *volume, double scale, enum source_state state,
                             struct fail *fail)
{
    char number[NUMBER_SIZE], text[NUMBER_SIZE + 16];
    snprintf(text, sizeof text, "%s%s", number_text(scale, number), state_words[state]);
    return volume_set_value(volume, KEY, text, fail);
}

double volume_source_scale(const struct volume *volume, enum source_state *state)
{
    const char *text = volume_value(volume, KEY);
    char number[NUMBER_SIZE];
    double scale;
    if (!text)
        return NAN;
    size_t length = strcspn(text, " ");
    snprintf(number, sizeof number, "%.*s", (int)length, text);
    if (state)
        *state = strcmp(text + length, state_words[SOURCE_KEPT]) == 0     ? SOURCE_KEPT
                 : strcmp(text + length, state_words[SOURCE_MAPPED]) == 0 ? SOURCE_MAPPED
                                                                          : SOURCE_CHANGED;
    return number_real(number, &scale) && scale > 0 ? scale : NAN;
}

double volume_count_scale(const struct volume *volume)
{
    enum source_state state;
    double scale = volume_source_scale(volume, &state);
    return has_narrow_source(volume) && !isnan(scale) && state == SOURCE_KEPT ? scale : NAN;
}

bool volume_has_few_values(const struct volume *volume)
{
    enum source_state state;
    return has_narrow_source(volume) && !isnan(volume_source_scale(volume, &state)) &&
           state != SOURCE_CHANGED;
}

bool volume_note_state(struct volume *volume, enum source_state state, struct fail *fail)
{
    enum source_state before;
    double scale = volume_source_scale(volume, &before);
    return isnan(scale) || state <= before || volume_set_source_scale(volume, scale, state, fail);
}
