/* Which page of which file is which image of an OME-TIFF data set, by its TiffData elements. */
#ifndef FORMAT_TIFF_DATA_SET_ASSIGN_H
#define FORMAT_TIFF_DATA_SET_ASSIGN_H

#include "format/tiff/data_set/files.h"
#include "format/tiff/stack/choose.h"

struct data_set {
    struct data_files files;
    const struct tiff_series *series; /* the one that is added, of the XML's */
    size_t series_number;
    uint64_t samples; /* of a pixel */
    struct tiff_choice choice;
    uint64_t begin; /* of its images among those of the stack */
};

/* Sets file and page of the data set's images in the stack, which have none before; those of which
 * the XML tells nothing still have none. */
MUST_CHECK bool data_set_assign(struct data_set *data_set, struct fail *fail);

#endif
