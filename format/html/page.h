/* A page that shows a volume: a template (tools/vol2html/page.html with its style and scripts) in
 * which three marks are replaced: @TITLE@, @FACTS@ by the metadata as a JSON object, and @PLANES@
 * by a script element for each plane, whose text is made in plane_text.h. */
#ifndef FORMAT_HTML_PAGE_H
#define FORMAT_HTML_PAGE_H

#include "format/html/levels.h"

struct html_page {
    const unsigned char *template;
    size_t template_size;
    const char *title;           /* UTF-8; any text */
    const struct volume *volume; /* what is shown */
    const uint64_t *full_size;   /* [AXES], before samples were averaged */
    const uint64_t *factor;      /* [AXES], how many samples along each axis were averaged */
    unsigned depth;              /* bits of a level: 8 or 16 */
    struct html_levels levels;   /* samples become levels as in window.h */
    const char *window_source;   /* where the windows come from, in words */
    bool is_labels;              /* each level is a number of its own, with its own colour */
};

/* Begins a page in path (by output.h's rules). What page points to must last until the writer is
 * closed. A plane with NaN, which has no level, ends with a bit for each sample, set for NaN, in
 * order and from the lowest bit of each byte up. NULL on failure. */
MUST_CHECK struct writer *html_create(const char *path, const struct html_page *page,
                                      struct fail *fail);

#endif
