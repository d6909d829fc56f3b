/* The metadata of a written TIFF file, for ImageJ or OME. */
#ifndef FORMAT_TIFF_WRITE_DESCRIPTION_H
#define FORMAT_TIFF_WRITE_DESCRIPTION_H

#include "common/volume/volume.h"
#include "format/tiff/write/options.h"

struct tiff_description {
    char *description; /* ImageDescription of the first page */
    char *info;        /* ImageJ's text about an image for its users; NULL: none */
    /* Pixels per unit, across and down, as fractions; {0, 0} if the spacing is unknown. */
    uint64_t resolution[2][2];
};

/* Pages of a plane: one for each channel, or one for all colours. */
uint64_t tiff_pages_a_plane(const struct volume *volume);

/* Describes volume. name is the file's, for messages. False if the dialect can't express it. Call
 * tiff_description_free() also then. */
MUST_CHECK bool tiff_describe(const struct volume *volume, const struct tiff_write_options *options,
                              const char *name, struct tiff_description *description,
                              struct fail *fail);
void tiff_description_free(struct tiff_description *description);

#endif
