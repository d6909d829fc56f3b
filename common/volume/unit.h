/* Units of length: the many spellings that files have, and one spelling for each unit here. */
#ifndef COMMON_VOLUME_UNIT_H
#define COMMON_VOLUME_UNIT_H

#include <stdbool.h>

#define UNIT_SIZE 32

/* Sets unit to the one spelling of the unit that text names: "um" for "\u00B5m", "microns", a micro
 * sign in Latin-1 or encoded twice. A unit is understood whole or not at all: a word that is none
 * of ours is kept as it is (as UTF-8, without control characters), and unit is "" where text is
 * empty, too long, or holds characters that were lost on the way (U+FFFD). */
void unit_normalize(char unit[UNIT_SIZE], const char *text);

/* The length of a unit in our spelling, in metres; NAN where it is none of the known ones. */
double unit_metres(const char *unit);

/* So many of them in metres. A decimal number is multiplied by a power of 10 without rounding, so
 * that 0.3 um and 0.0003 mm are the same. */
double unit_to_metres(double value, const char *unit);

/* The unit stands for no length: "pixel". */
bool unit_is_pixel(const char *unit);

/* OME's spelling of a unit in our spelling (UTF-8; schema 2016-06, UnitsLength); NULL: it has none.
 */
const char *unit_in_ome(const char *unit);

#endif
