/* The window of a picture: as the user chose it, as the stream has it, or measured. */
#ifndef COMMON_PICTURE_DISPLAY_WINDOW_H
#define COMMON_PICTURE_DISPLAY_WINDOW_H

#include "common/picture/window.h"
#include "common/stats/file_source.h"
#include "common/stream/stream.h"
#include "common/text/number.h"

enum window_source {
    WINDOW_DEFAULT, /* the stream's; else 0 to 1 for colours, minimum to maximum for gray */
    WINDOW_LIMITS,
    WINDOW_MINMAX,
    WINDOW_PERCENTILE,
    WINDOW_PER_PICTURE /* minimum and maximum of each picture (slices.h, views.h) */
};

/* The choice of a window; zeroed: the default. */
struct display_window {
    enum window_source source;
    double number[2]; /* the limits, or the percentiles */
    bool lighten;     /* WINDOW_DEFAULT, measured: percentiles where minimum to maximum is nearly
                         black (dark.h) */

    struct stats_source stats; /* a statistics file that is read instead of measuring */
    struct reader *mask;       /* NULL, or which samples of the volume to measure (statistics.h) */
};

/* Parses "LO,HI", "minmax", "percentile:P,Q" or "plane" into value, a struct display_window; for an
 * option row. */
MUST_CHECK bool display_window_parse(const char *text, void *value, struct fail *fail);

/* Sets window, and source to words that say where it comes from; neither for WINDOW_PER_PICTURE.
 * Measuring replaces *reader by one that can be rewound and leaves it at its first sample; on
 * failure *reader may be NULL. */
#define WINDOW_SOURCE_SIZE 96
MUST_CHECK bool display_window_find(const struct display_window *choice, struct reader **reader,
                                    struct window *window, char source[WINDOW_SOURCE_SIZE],
                                    struct fail *fail);

/* What source then says where a window was lightened. */
extern const char display_window_lightened[];

/* Fails if the window would be measured and the samples include an alpha channel. */
MUST_CHECK bool display_window_allowed(const struct display_window *choice,
                                       const struct reader *reader, struct fail *fail);

#define WINDOW_TEXT ((size_t)2 * NUMBER_SIZE)
/* "LOW HIGH", each as short as possible. */
const char *window_text(const struct window *window, char text[WINDOW_TEXT]);

/* The samples of a volume's alpha channel that are transparent and opaque: from 0 to the upper
 * limit of the stream's window, 1 where it has none. A window that is asked for is for colours
 * only. */
struct window display_window_alpha(const struct volume *volume);

#endif
