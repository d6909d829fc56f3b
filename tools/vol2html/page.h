/* The template of the page, made of the files beside this one by embed.sh. */
#ifndef TOOLS_VOL2HTML_PAGE_H
#define TOOLS_VOL2HTML_PAGE_H

#include <stddef.h>

extern const unsigned char vol2html_page[];
extern const size_t vol2html_page_size;

#endif
