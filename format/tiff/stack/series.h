/* Several arrays in one file, each of which begins with a page that describes it. */
#ifndef FORMAT_TIFF_STACK_SERIES_H
#define FORMAT_TIFF_STACK_SERIES_H

#include "format/tiff/stack/pages.h"

/* Makes each array of a file a series and a group of its pages, if there are several and not all of
 * them are single images. metadata: of the first one. */
MUST_CHECK bool tiff_find_series(struct tiff_file *file, const struct tiff_decode_options *options,
                                 struct tiff_metadata *metadata, struct tiff_pages *pages,
                                 struct fail *fail);
/* Makes the metadata those of one group of pages alone. */
MUST_CHECK bool tiff_choose_series(struct tiff_file *file, const struct tiff_pages *pages,
                                   size_t group, struct tiff_metadata *metadata, struct fail *fail);
/* Refuses a file of several series, with a list of them. */
bool tiff_refuse_series(const char *name, const struct tiff_metadata *metadata, struct fail *fail);

#endif
