/* Pages as libtiff understands them, and whether we can read them: with interpretation.h, every
 * refusal of a page is here. */
#ifndef FORMAT_TIFF_DECODE_READ_PAGE_H
#define FORMAT_TIFF_DECODE_READ_PAGE_H

#include "format/tiff/decode/page.h"

/* Reads the facts of the current directory's page, number `number`, as libtiff understands it. */
MUST_CHECK bool tiff_page_read(struct tiff_file *file, uint64_t number,
                               const struct tiff_decode_options *options, struct tiff_page *page,
                               struct fail *fail);

#endif
