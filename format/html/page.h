/* A page to look at a volume in, written as its samples come: a template (tools/vol2html/page.html
 * with its style and scripts) in which three marks are replaced: @TITLE@, @FACTS@ (a JSON object),
 * @PLANES@ (a script block of text a plane, see plane_text.h). */
#ifndef FORMAT_HTML_PAGE_H
#define FORMAT_HTML_PAGE_H

#include "common/picture/window.h"
#include "common/volume/stream.h"

struct html_page {
    const unsigned char *template;
    size_t template_size;
    const char *title;            /* UTF-8; any text */
    const struct volume *volume;  /* what is shown */
    const uint64_t *full_size;    /* [AXES] of the volume before samples were averaged */
    const uint64_t *factor;       /* [AXES] how many of them along each axis make one */
    unsigned depth;               /* bits of a level: 8 or 16 */
    const struct window *windows; /* one a channel: samples become levels as in window.h */
    const char *window_source;    /* what the windows are, in words */
};

/* Begins a page in path (output.h's rules); then every sample of the volume must be written. What
 * page points to must last until the writer is closed. NaN, which has no level, goes into a plane's
 * rest: a bit a sample, in order, from the lowest bit of each byte on. NULL on failure. */
struct writer *html_create(const char *path, const struct html_page *page, struct fail *fail);

#endif
