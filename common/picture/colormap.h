/* Colour maps: a colour for each of 256 gray levels. */
#ifndef COMMON_PICTURE_COLORMAP_H
#define COMMON_PICTURE_COLORMAP_H

enum colormap {
    COLORMAP_GRAY,
    COLORMAP_VIRIDIS,
    COLORMAP_MAGMA,
    COLORMAP_INFERNO,
    COLORMAP_FIRE,
    COLORMAP_ICE,
    COLORMAP_LABELS /* a colour for each level that differs from its neighbours'; 0 is black */
};

/* Names in the order of the enum, NULL at the end. */
extern const char *const colormap_names[];

/* Sets red, green and blue of each level. */
void colormap_fill(enum colormap map, unsigned char rgb[256][3]);

#endif
