/* Pages in the commonest form of all, which need no decoder: gray where black is zero, or RGB, in
 * samples of a C type, not compressed, in strips that follow each other without a gap. */
#ifndef FORMAT_TIFF_DECODE_PLAIN_PAGE_H
#define FORMAT_TIFF_DECODE_PLAIN_PAGE_H

#include "format/tiff/decode/page.h"

/* Reads the facts of the current directory's page, the same as those that libtiff would give, if it
 * is such a page without anything unusual. False leaves *page undefined: ask libtiff. */
bool tiff_plain_page_read(const struct tiff_file *file, struct tiff_page *page);

#endif
