/* What the options of a picture program say: which part, how large, in which colours. */
#ifndef COMMON_CLI_PICTURE_OPTIONS_H
#define COMMON_CLI_PICTURE_OPTIONS_H

#include "common/shape/composite.h"
#include "common/volume/volume.h"

/* One index, or three for plane, row and column; each may be the middle of its axis. */
struct index_option {
    size_t count;
    bool middle[AXES];
    int64_t number[AXES];
};

struct grid_option {
    bool automatic;
    uint64_t rows, columns;
};

#define MAX_TILES 65535 /* along a side of the grid */

/* Colours of channels; count 0: those that the channels get without being asked for. */
struct colours_option {
    size_t count;
    unsigned char rgb[COMPOSITE_MAX][3];
};

/* The length of a scale bar; 0: a round one, in the volume's unit. */
struct bar_option {
    double length;
    char unit[UNIT_SIZE]; /* "": the volume's */
};

/* Pixels for a sample, or samples for a pixel, which are averaged. */
struct zoom_option {
    uint64_t pixels, samples;
};

/* Parsers for option rows (option.h); value is the struct of that name. */
MUST_CHECK bool picture_parse_index(const char *text, void *value, struct fail *fail);
MUST_CHECK bool picture_parse_grid(const char *text, void *value, struct fail *fail);
MUST_CHECK bool picture_parse_colours(const char *text, void *value, struct fail *fail);
MUST_CHECK bool picture_parse_bar(const char *text, void *value, struct fail *fail);
MUST_CHECK bool picture_parse_zoom(const char *text, void *value, struct fail *fail);

#endif
