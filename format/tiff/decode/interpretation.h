/* What the stored numbers of a page mean: their type, their channels, their colours. */
#ifndef FORMAT_TIFF_DECODE_INTERPRETATION_H
#define FORMAT_TIFF_DECODE_INTERPRETATION_H

#include "format/tiff/decode/page.h"

/* Reads that of the page that libtiff was given, whose compression is known; or refuses it. */
MUST_CHECK bool tiff_page_read_interpretation(struct tiff_file *file, uint64_t number,
                                              const struct tiff_decode_options *options,
                                              struct tiff_page *page, struct fail *fail);

#endif
