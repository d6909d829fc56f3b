#include "common/volume/source.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/kernel/sample.h"

#define LONGEST_COMMAND 4096

/* Whether a command names the program and has this word among its options; word NULL: any. */
static bool command_is(const char *command, const char *name, const char *word)
{
    size_t length = strlen(name);
    if (strncmp(command, name, length) != 0 || command[length] != ' ')
        return false;
    for (const char *at = command; word && (at = strstr(at, word)); at++) {
        char behind = at[strlen(word)];
        if (at[-1] == ' ' && (behind == ' ' || behind == '=' || behind == '\0'))
            return true;
    }
    return !word;
}

/* Whether each sample that the command lets pass is one that it read. Of what volcat joined, the
 * history tells only what the pieces have in common, which is too little. */
static bool keeps_samples(const char *command)
{
    static const char *const whole[] = {"volcrop", "volaxes", "volset"};
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        if (command_is(command, whole[i], NULL))
            return true;
    return command_is(command, "volproject", "--max") ||
           command_is(command, "volproject", "--min") || command_is(command, "volbin", "max") ||
           command_is(command, "volbin", "--by=max") || command_is(command, "volbin", "min") ||
           command_is(command, "volbin", "--by=min");
}

/* The value of --full-scale in a command of tiff2vol; NAN: it has none. */
static double full_scale_of(const char *command)
{
    static const char word[] = " --full-scale";
    const char *at = strstr(command, word);
    return at ? strtod(at + sizeof word, NULL) : NAN;
}

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

/* Of the program that the history begins with; largest: of the source's type, which it makes 1. */
static double first_scale(const char *command, double largest)
{
    if (!command_is(command, "tiff2vol", NULL))
        return keeps_samples(command) ? 1 : NAN;
    bool is_changed =
        command_is(command, "tiff2vol", "--calibrated") || command_is(command, "tiff2vol", "--rgb");
    if (is_changed)
        return NAN;
    if (command_is(command, "tiff2vol", "--raw"))
        return 1;
    double given = full_scale_of(command);
    return isnan(given) ? largest : given;
}

/* Calls visit for each command of the history until it returns false. Returns false then. */
static bool each_command(const struct volume *volume,
                         bool (*visit)(const char *command, bool is_first, void *state),
                         void *state)
{
    const char *at = volume_value(volume, "history");
    for (bool first = true; at && *at; first = false) {
        char command[LONGEST_COMMAND];
        size_t length = strcspn(at, "\n");
        snprintf(command, sizeof command, "%.*s", (int)length, at);
        if (!visit(command, first, state))
            return false;
        at += length + (at[length] == '\n');
    }
    return true;
}

struct scale {
    double largest, value;
};

static bool follow_scale(const char *command, bool is_first, void *state)
{
    struct scale *scale = state;
    if (is_first)
        scale->value = first_scale(command, scale->largest);
    return !isnan(scale->value) && (is_first || keeps_samples(command));
}

double volume_source_scale(const struct volume *volume)
{
    struct scale scale = {.value = 1};
    bool has_sign, is_known = volume_source_integers(volume, &scale.largest, &has_sign) &&
                              each_command(volume, follow_scale, &scale);
    return is_known ? scale.value : NAN;
}

double volume_count_scale(const struct volume *volume)
{
    return has_narrow_source(volume) ? volume_source_scale(volume) : NAN;
}

bool command_is_value_map(const char *command)
{
    static const char *const maps[] = {"volgamma", "voladjust", "voleq", "volclip"};
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++)
        if (strcmp(command, maps[i]) == 0 || command_is(command, maps[i], NULL))
            return true;
    return false;
}

static bool adds_no_values(const char *command, bool is_first, void *unused)
{
    (void)unused;
    bool reads = is_first && command_is(command, "tiff2vol", NULL) &&
                 !command_is(command, "tiff2vol", "--rgb");
    return reads || keeps_samples(command) || command_is_value_map(command);
}

bool volume_has_few_values(const struct volume *volume)
{
    return has_narrow_source(volume) && each_command(volume, adds_no_values, NULL);
}
