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

/* The number that becomes 1 where integers of a type are scaled; NAN for floats, and where a float
 * does not hold each of them. */
static double full_scale_of_type(const char *type)
{
    unsigned bits;
    int end = 0;
    enum sample_type known = sample_named(type);
    if (known != SAMPLE_TYPES)
        return sample_is_integer(known) && sample_largest(known) <= UINT16_MAX
                   ? 1 / sample_unit_scale(known)
                   : NAN;
    bool is_narrow = sscanf(type, "uint%2u%n", &bits, &end) == 1 && type[end] == '\0' && bits <= 16;
    return is_narrow ? ldexp(1, (int)bits) - 1 : NAN;
}

/* Of the program that the history begins with. */
static double first_scale(const char *command, const char *type)
{
    if (!command_is(command, "tiff2vol", NULL))
        return keeps_samples(command) ? 1 : NAN;
    bool is_changed =
        command_is(command, "tiff2vol", "--calibrated") || command_is(command, "tiff2vol", "--rgb");
    if (is_changed)
        return NAN;
    if (command_is(command, "tiff2vol", "--raw"))
        return isnan(full_scale_of_type(type)) ? NAN : 1;
    double given = full_scale_of(command);
    return isnan(given) ? full_scale_of_type(type) : given;
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
    const char *type;
    double value;
};

static bool follow_scale(const char *command, bool is_first, void *state)
{
    struct scale *scale = state;
    if (is_first)
        scale->value = first_scale(command, scale->type);
    return !isnan(scale->value) && (is_first || keeps_samples(command));
}

double volume_count_scale(const struct volume *volume)
{
    struct scale scale = {.type = volume_value(volume, "source type"), .value = 1};
    bool is_known = scale.type && !isnan(full_scale_of_type(scale.type)) &&
                    each_command(volume, follow_scale, &scale);
    return is_known ? scale.value : NAN;
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
    const char *type = volume_value(volume, "source type");
    return type && !isnan(full_scale_of_type(type)) && each_command(volume, adds_no_values, NULL);
}
