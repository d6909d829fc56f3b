#include "common/io/ending.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

const char *ending_format(const char *path)
{
    /* Those of images and volumes, by which other programs choose how to open a file. */
    static const struct {
        const char *ending, *format;
    } formats[] = {
        {"nrrd", "NRRD"},     {"tif", "TIFF"},  {"tiff", "TIFF"}, {"btf", "TIFF"},
        {"tf8", "TIFF"},      {"png", "PNG"},   {"jpg", "JPEG"},  {"jpeg", "JPEG"},
        {"jp2", "JPEG 2000"}, {"gif", "GIF"},   {"bmp", "BMP"},   {"webp", "WebP"},
        {"svg", "SVG"},       {"html", "HTML"}, {"htm", "HTML"},  {"pdf", "PDF"},
        {"nii", "NIfTI"},     {"mrc", "MRC"},   {"npy", "NumPy"}, {"mha", "MetaImage"},
        {"mhd", "MetaImage"}, {"h5", "HDF5"},   {"zarr", "Zarr"}, {"gz", "gzip"},
        {"dcm", "DICOM"},     {"mp4", "MP4"},   {"zip", "ZIP"},   {"avi", "AVI"},
    };
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof formats / sizeof formats[0]; i++)
        if (strcasecmp(dot + 1, formats[i].ending) == 0)
            return formats[i].format;
    return NULL;
}
