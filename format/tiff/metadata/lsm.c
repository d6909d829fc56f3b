/* Zeiss LSM: a private tag has the shape and the voxel size; a thumbnail follows each image.
 * Layout: Zeiss LSM 510/710 file format, CZ_LSMINFO. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "format/tiff/decode/tags.h"
#include "format/tiff/metadata/dialects.h"

#define LSM_TAG 34412
#define LSM_SIZE 92       /* bytes of the tag that we need */
#define LSM_LONG_SIZE 272 /* with positions and tiles, which older files lack */

enum { SCAN_STACK = 0, SCAN_TIME_PLANE = 3, SCAN_TIME_STACK = 6 };

static bool read_counts(const struct tiff_file *file, const unsigned char *bytes,
                        struct tiff_series *series, uint64_t *samples, struct fail *fail)
{
    uint64_t size[5]; /* columns, rows, planes, channels, frames */
    for (size_t i = 0; i < 5; i++) {
        size[i] = tiff_parse_number(file, bytes + 8 + 4 * i, 4);
        if (size[i] == 0 || size[i] > INT32_MAX)
            return fail_set(fail, "%s: its LSM tag has a size of %" PRIu64, file->name, size[i]);
    }
    uint64_t scan = tiff_parse_number(file, bytes + 88, 2);
    if (scan != SCAN_STACK && scan != SCAN_TIME_PLANE && scan != SCAN_TIME_STACK)
        return fail_set(fail,
                        "%s: LSM scan type %" PRIu64 ": taken are 0 (stack), 3 (planes in time) "
                        "and 6 (stacks in time); --plain takes each page as a plane",
                        file->name, scan);
    static const enum page_axis order[PAGE_AXES] = {PAGE_PLANE, PAGE_FRAME, PAGE_CHANNEL};
    memcpy(series->order, order, sizeof order);
    series->columns = size[0];
    series->rows = size[1];
    series->count[PAGE_PLANE] = size[2];
    series->count[PAGE_FRAME] = size[4];
    series->count[PAGE_CHANNEL] = 1; /* channels are samples of a page */
    *samples = size[3];
    return true;
}

/* Voxel sizes are in metres. */
static void set_spacing(const struct tiff_file *file, const unsigned char *bytes,
                        struct tiff_series *series)
{
    static const char *const sources[AXES] = {"LSM VoxelSizeZ", "LSM VoxelSizeY", "LSM VoxelSizeX"};
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        uint64_t bits = tiff_parse_number(file, bytes + 40 + 8 * (2 - (size_t)a), 8);
        double metres;
        memcpy(&metres, &bits, sizeof metres);
        if (metres > 1e-12 && metres < 1)
            tiff_series_set_spacing(series, a, metres * 1e6, "um", sources[a]);
    }
}

/* Positions and tiles are pages as well. */
static bool check_positions(const struct tiff_file *file, struct fail *fail)
{
    unsigned char bytes[LSM_LONG_SIZE];
    uint64_t size;
    size_t got;
    if (tiff_tag_bytes(file, LSM_TAG, bytes, sizeof bytes, &got, &size, fail) == OUTCOME_FAILED)
        return false;
    if (got < sizeof bytes)
        return true;
    for (size_t at = 264; at < 272; at += 4) {
        uint64_t count = tiff_parse_number(file, bytes + at, 4);
        if (count > 1 && count <= INT32_MAX)
            return fail_set(fail,
                            "%s: holds %" PRIu64 " LSM %s, whose order is not read; --plain takes "
                            "each page as a plane",
                            file->name, count, at == 264 ? "positions" : "tiles");
    }
    return true;
}

bool lsm_read(const struct tiff_file *file, struct tiff_metadata *metadata, struct fail *fail)
{
    unsigned char bytes[LSM_SIZE];
    struct tiff_series *series = metadata->series;
    uint64_t size;
    size_t got;
    metadata->dialect = "Zeiss LSM";
    metadata->samples_are_channels = true;
    if (tiff_tag_bytes(file, LSM_TAG, bytes, sizeof bytes, &got, &size, fail) == OUTCOME_FAILED)
        return false;
    if (got < sizeof bytes)
        return fail_set(fail, "%s: its LSM tag has %" PRIu64 " bytes, expected %d or more",
                        file->name, size, LSM_SIZE);
    uint64_t magic = tiff_parse_number(file, bytes, 4);
    if (magic != 0x0300494c && magic != 0x0400494c)
        return fail_set(fail, "%s: its LSM tag begins with %08" PRIx64, file->name, magic);
    if (file->size > UINT32_MAX)
        return fail_set(fail,
                        "%s: an LSM file of %" PRIu64 " bytes: beyond 4 GB its offsets of 32 bits "
                        "are wrong",
                        file->name, file->size);
    if (!read_counts(file, bytes, series, &series->samples, fail) || !check_positions(file, fail))
        return false;
    if (series->count[PAGE_PLANE] > INT32_MAX / series->count[PAGE_FRAME])
        return fail_set(fail, "%s: its LSM tag tells of impossibly many images", file->name);
    metadata->images = tiff_series_images(series);
    set_spacing(file, bytes, series);
    return true;
}
