/* Colours for 256 gray levels. */
#ifndef COMMON_PICTURE_COLORMAP_H
#define COMMON_PICTURE_COLORMAP_H

enum colormap {
    COLORMAP_GRAY,
    COLORMAP_VIRIDIS,
    COLORMAP_MAGMA,
    COLORMAP_INFERNO,
    COLORMAP_FIRE,
    COLORMAP_ICE
};

/* Their names in that order, NULL at the end. */
extern const char *const colormap_names[];

/* Red, green and blue of each of the 256 levels. */
void colormap_fill(enum colormap map, unsigned char rgb[256][3]);

#endif
