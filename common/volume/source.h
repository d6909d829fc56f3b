/* The numbers that a volume's samples were in its source. */
#ifndef COMMON_VOLUME_SOURCE_H
#define COMMON_VOLUME_SOURCE_H

#include "common/volume/volume.h"

/* False where the source held no integers. largest: of their type, rounded to a double. */
bool volume_source_integers(const struct volume *volume, double *largest, bool *has_sign);

/* The number that turns a sample into the integer that the source file held: 65535 where tiff2vol
 * made the full scale of 16 bits 1, 1 where samples are as they were stored. NAN where the source
 * held no integers, or a program in the history may have changed the samples since. */
double volume_source_scale(const struct volume *volume);

/* The same, but NAN also for integers of more than 16 bits, which floats round. */
double volume_count_scale(const struct volume *volume);

/* Whether a command gives each value another one, whatever its place is. */
bool command_is_value_map(const char *command);

/* Whether the history shows that there are at most 65536 values: those of a source of 16 bits or
 * less, of which programs since kept some, or gave each another one. */
bool volume_has_few_values(const struct volume *volume);

#endif
