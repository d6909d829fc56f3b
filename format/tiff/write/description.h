/* The metadata of a written TIFF file, for ImageJ or OME. */
#ifndef FORMAT_TIFF_WRITE_DESCRIPTION_H
#define FORMAT_TIFF_WRITE_DESCRIPTION_H

#include "common/volume/volume.h"
#include "format/tiff/write/options.h"

#define MAX_CHANNEL_COLOURS 16 /* of more channels none are written */

struct tiff_description {
    char *description; /* ImageDescription of the first page */
    /* What ImageJ has in private tags, its text for users, windows and colours of channels, one
     * part after another, of which the first is the contents; NULL: none. */
    char *parts;
    uint64_t part_sizes[2 + 1 + MAX_CHANNEL_COLOURS]; /* bytes */
    size_t part_count;
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
