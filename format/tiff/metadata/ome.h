/* OME-XML, which describes the images of one or more TIFF files. It is parsed as a stream, so its
 * size does not matter. Schema: http://www.openmicroscopy.org/Schemas/OME/2016-06 */
#ifndef FORMAT_TIFF_METADATA_OME_H
#define FORMAT_TIFF_METADATA_OME_H

#include "format/tiff/metadata/metadata.h"

#define OME_WAY_OUT "--plain takes each page as a plane"

/* Where the XML is. */
struct ome_source {
    const char *name; /* for messages */
    int fd;
    uint64_t offset, size;
};

/* A TiffData element: pages of a file, and which images they are. */
struct ome_data {
    char file[OME_TEXT], uuid[OME_TEXT]; /* "": this file */
    bool has_page, has_count;
    uint64_t page, count;
    uint64_t first[PAGE_AXES];
};

/* text, the beginning of a description, is OME-XML. */
bool ome_is_xml(const char *text);

/* Sets the spacing of an axis by OME's PhysicalSize and its unit (NULL: the schema's default); what
 * is no size becomes a notice. source: "PROGRAM PhysicalSizeX". */
void ome_set_size(struct tiff_series *series, enum axis axis, const char *size, const char *unit,
                  const char *source);

/* Call tiff_metadata_free() also after a failure. */
MUST_CHECK bool ome_read(const struct ome_source *source, struct tiff_metadata *metadata,
                         struct fail *fail);
/* Calls handle_data() with each TiffData element of a series, in order. It returns false, with fail
 * set, to stop. */
typedef bool ome_data_handler(void *state, const struct ome_data *data, struct fail *fail);
MUST_CHECK bool ome_for_each_data(const struct ome_source *source, size_t series,
                                  ome_data_handler *handle_data, void *state, struct fail *fail);

/* Finds the XML of a TIFF file whose current directory is its first. */
MUST_CHECK bool ome_in_tiff(const struct tiff_file *file, struct ome_source *source,
                            struct fail *fail);

#endif
