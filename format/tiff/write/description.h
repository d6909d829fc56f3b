/* What a TIFF file says of itself, in the words of ImageJ or OME. */
#ifndef FORMAT_TIFF_WRITE_DESCRIPTION_H
#define FORMAT_TIFF_WRITE_DESCRIPTION_H

#include "common/volume/volume.h"
#include "format/tiff/write/options.h"

struct tiff_description {
    char *description; /* of the first page */
    char *info;        /* ImageJ's text about an image, shown to people; NULL: none */
    /* Pixels a unit across and down, as fractions; {0, 0} where the spacing is unknown. */
    uint64_t resolution[2][2];
};

/* Pages of a plane: one for each channel, but for colours. */
uint64_t tiff_pages_a_plane(const struct volume *volume);

/* Puts into words what is known of volume. name is the file's, for messages. False when it can't be
 * told; tiff_description_free() is due either way. */
bool tiff_describe(const struct volume *volume, const struct tiff_write_options *options,
                   const char *name, struct tiff_description *description, struct fail *fail);
void tiff_description_free(struct tiff_description *description);

#endif
