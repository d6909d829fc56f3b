/* The pages that are images of an OME-TIFF data set: whether they are what its XML says. */
#ifndef FORMAT_TIFF_DATA_SET_CHECK_H
#define FORMAT_TIFF_DATA_SET_CHECK_H

#include "format/tiff/data_set/assign.h"

/* Checks all pages, and sets where they are in their files; images without a page become zeros, if
 * the user allows that. */
MUST_CHECK bool data_set_check(struct data_set *data_set, struct fail *fail);

#endif
