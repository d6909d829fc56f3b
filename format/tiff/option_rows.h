/* Rows of options that say how a TIFF file is read. to: a struct tiff_options, initialized. */
#ifndef FORMAT_TIFF_OPTION_ROWS_H
#define FORMAT_TIFF_OPTION_ROWS_H

#include "common/cli/option.h"
#include "format/tiff/stack/options.h"

#define ROW_TIFF_RAW(to)                                                                           \
    OPT_FLAG(0, "raw", &(to)->raw,                                                                 \
             "keep the stored numbers (default: full scale of integers\nbecomes 1)")
#define ROW_TIFF_RGB(to)                                                                           \
    OPT_FLAG(0, "rgb", &(to)->rgb,                                                                 \
             "convert each page to 8-bit RGB as libtiff displays it, alpha\non black: CMYK, "      \
             "L*a*b*, LogLuv")
#define ROW_TIFF_CHANNEL(to)                                                                       \
    OPT_TEXT('c', "channel", "N|NAME", &(to)->channel,                                             \
             "take one channel, by its number from 0 or its name")
#define ROW_TIFF_FRAME(to)                                                                         \
    OPT_COUNT(0, "frame", "T", 0, INT32_MAX, &(to)->frame,                                         \
              "take time point T, from 0, of a file that has several",                             \
              .given = &(to)->choose_frame)
#define ROW_TIFF_SERIES(to)                                                                        \
    OPT_COUNT(0, "series", "N", 0, INT32_MAX, &(to)->series,                                       \
              "take image N, from 0, of a file that has several, or the N-th\ngroup of pages "     \
              "that agree in size and type",                                                       \
              .given = &(to)->choose_series)
#define ROW_TIFF_ORDER(to)                                                                         \
    OPT_PARSED(0, "order", "AXIS:N,...", tiff_order_parse, &(to)->order,                           \
               "axes that pages run along, the fastest first, instead of the\nfile's: "            \
               "channel:2,plane")
#define ROW_TIFF_MISSING(to)                                                                       \
    OPT_CHOICE(0, "missing", "zero", tiff_missing_words, &(to)->missing,                           \
               "planes whose file is missing, and strips and tiles that are\nempty, become 0 "     \
               "(default: an error)",                                                              \
               .given = &(to)->missing_zero)
#define ROW_TIFF_MEMORY(to)                                                                        \
    OPT_COUNT(0, "memory", "MB", 1, 1 << 20, &(to)->memory,                                        \
              "decode strips and tiles that take up to MB megabytes")
#define ROW_TIFF_PLAIN(to)                                                                         \
    OPT_FLAG(0, "plain", &(to)->plain,                                                             \
             "take each page as a plane and ignore descriptions in the file")

#endif
