/* libtiff, loaded when it is first needed. With the libraries of its codecs that takes longer than
 * all else that a program does with a small volume, and pages of plain numbers are read, and
 * written, without it. */
#ifndef FORMAT_TIFF_DECODE_LIBTIFF_H
#define FORMAT_TIFF_DECODE_LIBTIFF_H

#include <stdbool.h>
#include <tiffio.h>

#include "common/base/fail.h"

/* The functions that we call, without the TIFF before their names. */
#define LIBTIFF_FUNCTIONS(F)                                                                       \
    F(ClientOpenExt)                                                                               \
    F(Close)                                                                                       \
    F(FieldName)                                                                                   \
    F(FieldWithTag)                                                                                \
    F(FindCODEC)                                                                                   \
    F(GetField)                                                                                    \
    F(GetStrileByteCount)                                                                          \
    F(GetStrileOffset)                                                                             \
    F(IsCODECConfigured)                                                                           \
    F(IsTiled)                                                                                     \
    F(NumberOfStrips)                                                                              \
    F(NumberOfTiles)                                                                               \
    F(OpenOptionsAlloc)                                                                            \
    F(OpenOptionsFree)                                                                             \
    F(OpenOptionsSetErrorHandlerExtR)                                                              \
    F(OpenOptionsSetMaxSingleMemAlloc)                                                             \
    F(OpenOptionsSetWarningHandlerExtR)                                                            \
    F(RGBAImageBegin)                                                                              \
    F(RGBAImageEnd)                                                                                \
    F(RGBAImageGet)                                                                                \
    F(RGBAImageOK)                                                                                 \
    F(ReadEncodedStrip)                                                                            \
    F(ReadEncodedTile)                                                                             \
    F(ReadScanline)                                                                                \
    F(ScanlineSize64)                                                                              \
    F(SetErrorHandler)                                                                             \
    F(SetField)                                                                                    \
    F(SetMode)                                                                                     \
    F(SetSubDirectory)                                                                             \
    F(SetWarningHandler)                                                                           \
    F(TileSize64)                                                                                  \
    F(VStripSize64)                                                                                \
    F(WriteEncodedStrip)

#define LIBTIFF_MEMBER(name) __typeof__(TIFF##name) *name;
struct libtiff {
    LIBTIFF_FUNCTIONS(LIBTIFF_MEMBER)
};

/* May be used once libtiff_load() has returned true. */
extern struct libtiff libtiff;

/* Loads libtiff if nobody has. Any thread may call it. `name` is that of the file which needs it,
 * for messages. */
MUST_CHECK bool libtiff_load(const char *name, struct fail *fail);

#endif
