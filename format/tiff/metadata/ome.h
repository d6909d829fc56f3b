/* OME-XML, which describes the images of one or more TIFF files: read as it streams by, so that its
 * size does not matter. Schema: http://www.openmicroscopy.org/Schemas/OME/2016-06 */
#ifndef FORMAT_TIFF_METADATA_OME_H
#define FORMAT_TIFF_METADATA_OME_H

#include "format/tiff/metadata/metadata.h"

/* Where the XML is. */
struct ome_source {
    const char *name; /* for messages */
    int fd;
    uint64_t offset, size;
};

/* TiffData: pages of a file, and the images that they are. */
struct ome_data {
    char file[OME_TEXT], uuid[OME_TEXT]; /* "": this file */
    bool has_page, has_count;
    uint64_t page, count;
    uint64_t first[PAGE_AXES];
};

/* The beginning of a description is that of OME-XML. */
bool ome_is_xml(const char *text);

/* tiff_metadata_free() is due either way. */
bool ome_read(const struct ome_source *source, struct tiff_metadata *metadata, struct fail *fail);
/* Hands over what is told of the pages of a series, in order. */
typedef bool ome_taker(void *state, const struct ome_data *data, struct fail *fail);
bool ome_each_data(const struct ome_source *source, size_t series, ome_taker *take, void *state,
                   struct fail *fail);

/* Finds the XML of a TIFF file whose first directory was entered. */
bool ome_in_tiff(const struct tiff_file *file, struct ome_source *source, struct fail *fail);
#endif
