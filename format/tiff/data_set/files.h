/* The files of an OME-TIFF data set: found by the names and UUIDs of its TiffData elements. */
#ifndef FORMAT_TIFF_DATA_SET_FILES_H
#define FORMAT_TIFF_DATA_SET_FILES_H

#include "format/tiff/data_set/beside.h"
#include "format/tiff/metadata/ome.h"
#include "format/tiff/stack/stack.h"

struct data_files {
    struct tiff_stack *stack;
    const struct tiff_metadata *metadata; /* of the XML */
    uint32_t named;                       /* the file that the user named, which is open */
    struct beside beside;                 /* its folder */
    struct lookup names; /* input files by the names and UUIDs that TiffData elements have */
    struct lookup paths; /* and by their paths */
};

/* metadata must last. Free it also after a failure. */
MUST_CHECK bool data_files_init(struct data_files *files, struct tiff_stack *stack, uint32_t named,
                                const struct tiff_metadata *metadata, struct fail *fail);
void data_files_free(struct data_files *files);

/* Until another file is added. */
const struct tiff_input *data_files_named(const struct data_files *files);
/* The file that a TiffData element names, which may be missing; NO_INPUT on failure. */
MUST_CHECK uint32_t data_files_find(struct data_files *files, const struct ome_data *data,
                                    struct fail *fail);
bool data_files_is_missing(const struct data_files *files, uint32_t number);
/* Refuses a missing file, unless the user allows that. */
MUST_CHECK bool data_files_allow_missing(const struct data_files *files, uint32_t number,
                                         struct fail *fail);
/* Lists the pages of a file if that is not done yet. */
MUST_CHECK bool data_files_list_pages(struct data_files *files, uint32_t number, struct fail *fail);

#endif
