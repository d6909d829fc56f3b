/* The file with the OME-XML, where the file that the user named only refers to it. */
#ifndef FORMAT_TIFF_DATA_SET_COMPANION_H
#define FORMAT_TIFF_DATA_SET_COMPANION_H

#include "format/tiff/metadata/ome.h"

/* A file of XML alone, or a TIFF file that contains it. */
struct companion {
    char *path;
    struct input input;
    struct tiff_file tiff;
    bool is_tiff;
    struct ome_source source;
};

/* Opens the file that is named `file` in the description of the one at `path`. Close it also after
 * a failure. */
MUST_CHECK bool companion_open(struct companion *companion, const char *path, const char *file,
                               struct fail *fail);
void companion_close(struct companion *companion);

/* Replaces metadata that name such a file by that file's; they still name it. */
MUST_CHECK bool companion_describe(const char *path, struct tiff_metadata *metadata,
                                   struct fail *fail);

#endif
