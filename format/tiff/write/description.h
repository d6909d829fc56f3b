/* The metadata of a written TIFF file, for ImageJ or OME. */
#ifndef FORMAT_TIFF_WRITE_DESCRIPTION_H
#define FORMAT_TIFF_WRITE_DESCRIPTION_H

#include "common/volume/volume.h"
#include "format/tiff/write/options.h"

struct tiff_description {
    char *description; /* ImageDescription of the first page */
    char *info;        /* ImageJ's text about an image for its users, UTF-16; NULL: none */
    size_t info_size;  /* bytes */
    /* Pixels per unit, across and down, as fractions; {0, 0} if the spacing is unknown. The unit is
     * that of the description, or centimetres for resolution_unit RESUNIT_CENTIMETER. */
    uint64_t resolution[2][2];
    unsigned resolution_unit;
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
