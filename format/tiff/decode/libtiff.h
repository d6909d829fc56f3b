/* libtiff, loaded when it is first needed. With the libraries of its codecs that takes longer than
 * all else that a program does with a small volume, and pages of plain numbers are read, and
 * written, without it. */
#ifndef FORMAT_TIFF_DECODE_LIBTIFF_H
#define FORMAT_TIFF_DECODE_LIBTIFF_H

#include <tiffio.h>

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

/* All NULL until libtiff_load() has returned NULL. */
extern struct libtiff libtiff;

/* Loads libtiff if nobody has. Any thread may call it. NULL, or why libtiff can't be loaded; then
 * *error_number is the system's errno if that had no memory or no descriptors for it, else 0. */
const char *libtiff_load(int *error_number);

#endif
