/* Which window a picture gets: what a user asks for, what the stream says, or what is measured. */
#ifndef COMMON_PICTURE_DISPLAY_WINDOW_H
#define COMMON_PICTURE_DISPLAY_WINDOW_H

#include "common/base/number.h"
#include "common/picture/window.h"
#include "common/volume/stream.h"

enum window_source {
    WINDOW_DEFAULT, /* the stream's; else 0 to 1 for colours, minimum to maximum for gray */
    WINDOW_LIMITS,
    WINDOW_MINMAX,
    WINDOW_PERCENTILE,
    WINDOW_OWN /* each picture's own minimum and maximum: found by picture.h */
};

/* Zeroed: the default. */
struct display_window {
    enum window_source source;
    double number[2]; /* the limits, or the percentiles */

    /* The path of a statistics file of the volume, from which to read what would otherwise be
     * measured in a pass over the samples; NULL: measure it. */
    const char *stats;
    struct reader *mask; /* NULL, or what of the volume is measured (statistics.h) */
};

/* "LO,HI", "minmax", "percentile:P,Q" or "plane"; value is a struct display_window (option.h's form
 * of a parser). */
bool display_window_parse(const char *text, void *value, struct fail *fail);

/* Finds the window, unless it is WINDOW_OWN; says in words where it comes from. What must be
 * measured is read from *reader, which may become another reader and stands at its first sample
 * again. On failure it may have become NULL. */
#define WINDOW_WORDS 96
bool display_window_find(const struct display_window *choice, struct reader **reader,
                         struct window *window, char words[WINDOW_WORDS], struct fail *fail);

/* False, with fail set, where a window that is measured would count an alpha channel. */
bool display_window_allowed(const struct display_window *choice, const struct reader *reader,
                            struct fail *fail);

#define WINDOW_TEXT ((size_t)2 * NUMBER_SIZE)
/* "LOW HIGH", each as short as it can be. */
const char *window_text(const struct window *window, char text[WINDOW_TEXT]);

/* The samples of a volume's alpha channel that are transparent and opaque: from 0 to the upper
 * limit of the stream's window, 1 where it has none. A window that is asked for is for colours
 * only. */
struct window display_window_alpha(const struct volume *volume);

#endif
