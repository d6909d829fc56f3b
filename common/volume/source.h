/* The numbers that a volume's samples were in its source. */
#ifndef COMMON_VOLUME_SOURCE_H
#define COMMON_VOLUME_SOURCE_H

#include "common/volume/volume.h"

/* The number that turns a sample into the integer that the source file held: 65535 where tiff2vol
 * made the full scale of 16 bits 1, 1 where samples are as they were stored. NAN where the source
 * held no integers, or a program in the history may have changed the samples since. */
double volume_count_scale(const struct volume *volume);

#endif
