/* MetaMorph STK: one directory; the samples of all planes follow each other, and private tags have
 * their count and distance. Layout: MetaMorph Stack (STK) Image File Format, 2005. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "common/base/number.h"
#include "format/tiff/metadata/dialects.h"

enum { TAG_UIC1 = 33628, TAG_UIC2 = 33629, TAG_UIC3 = 33630 };
enum { ID_CALIBRATED = 3, ID_X = 4, ID_Y = 5, ID_UNITS = 6 }; /* in UIC1's pairs of ID and value */
enum { MAX_PAIRS = 256, MAX_PLANES = 1 << 22 };

static double ratio(const struct tiff_file *file, const unsigned char *bytes)
{
    uint64_t denominator = tiff_parse_number(file, bytes + 4, 4);
    return denominator > 0 ? (double)tiff_parse_number(file, bytes, 4) / (double)denominator : NAN;
}

static bool read_ratio(const struct tiff_file *file, uint64_t offset, double *value,
                       struct fail *fail)
{
    unsigned char bytes[8];
    if (!tiff_file_read(file, offset, bytes, sizeof bytes, fail))
        return false;
    *value = ratio(file, bytes);
    return true;
}

/* A length, then the letters. */
static bool read_unit(const struct tiff_file *file, uint64_t offset, char unit[UNIT_SIZE],
                      struct fail *fail)
{
    char text[UNIT_SIZE] = "";
    unsigned char bytes[4];
    if (!tiff_file_read(file, offset, bytes, sizeof bytes, fail))
        return false;
    uint64_t length = tiff_parse_number(file, bytes, 4);
    if (length == 0 || length >= sizeof text)
        return true;
    if (!tiff_file_read(file, offset + 4, text, length, fail))
        return false;
    unit_normalize(unit, text);
    return true;
}

static bool read_calibration(const struct tiff_file *file, struct tiff_series *series,
                             struct fail *fail)
{
    unsigned char pairs[8 * MAX_PAIRS];
    uint64_t count = 0, offset = 0, calibrated = 1;
    double step[AXES] = {NAN, NAN, NAN};
    char unit[UNIT_SIZE] = "";
    /* The tag's count is that of pairs, so its value has twice the size that TIFF would expect. */
    enum outcome outcome = tiff_tag_location(file, TAG_UIC1, &count, &offset, fail);
    size_t got = 8 * min_u64(count, MAX_PAIRS);
    if (outcome != OUTCOME_DONE || count <= 1)
        return outcome != OUTCOME_FAILED;
    if (!tiff_file_read(file, offset, pairs, got, fail))
        return false;
    for (size_t i = 0; i + 8 <= got; i += 8) {
        uint64_t id = tiff_parse_number(file, pairs + i, 4);
        uint64_t value = tiff_parse_number(file, pairs + i + 4, 4);
        if (id == ID_CALIBRATED)
            calibrated = value;
        else if ((id == ID_X && !read_ratio(file, value, &step[AXIS_COLUMN], fail)) ||
                 (id == ID_Y && !read_ratio(file, value, &step[AXIS_ROW], fail)) ||
                 (id == ID_UNITS && !read_unit(file, value, unit, fail)))
            return false;
    }
    if (calibrated == 0 || unit[0] == '\0' || strncmp(unit, "pixel", 5) == 0)
        return true;
    if (step[AXIS_ROW] > 0)
        tiff_series_set_spacing(series, AXIS_ROW, step[AXIS_ROW], unit, "MetaMorph YCalibration");
    if (step[AXIS_COLUMN] > 0)
        tiff_series_set_spacing(series, AXIS_COLUMN, step[AXIS_COLUMN], unit,
                                "MetaMorph XCalibration");
    return true;
}

/* Each plane has six numbers; the first two are its distance, as a fraction. */
static bool read_distance(const struct tiff_file *file, uint64_t offset, uint64_t planes,
                          struct tiff_series *series, struct fail *fail)
{
    unsigned char bytes[24];
    double first = NAN;
    bool is_even = true;
    for (uint64_t i = 0; i < planes; i++) {
        if (!tiff_file_read(file, offset + 24 * i, bytes, sizeof bytes, fail))
            return false;
        double distance = ratio(file, bytes);
        first = i == 0 ? distance : first;
        is_even = is_even && fabs(distance - first) <= 1e-6 * first;
    }
    if (is_even && first > 0)
        tiff_series_set_spacing(series, AXIS_PLANE, first, "um", "MetaMorph ZDistance");
    return true;
}

static bool check_wavelengths(const struct tiff_file *file, uint64_t planes, struct fail *fail)
{
    uint64_t count, offset;
    double first = NAN, other;
    enum outcome outcome = tiff_tag_location(file, TAG_UIC3, &count, &offset, fail);
    if (outcome != OUTCOME_DONE)
        return outcome != OUTCOME_FAILED;
    if (!read_ratio(file, offset, &first, fail))
        return false;
    for (uint64_t i = 1; i < planes && i < count; i++)
        if (!read_ratio(file, offset + 8 * i, &other, fail))
            return false;
        else if (other != first)
            return fail_set(fail,
                            "%s: its MetaMorph planes differ in wavelength: which are channels is "
                            "not read",
                            file->name);
    return true;
}

bool metamorph_read(const struct tiff_file *file, struct tiff_metadata *metadata, struct fail *fail)
{
    struct tiff_series *series = metadata->series;
    uint64_t planes, offset;
    metadata->dialect = "MetaMorph STK";
    if (tiff_tag_location(file, TAG_UIC2, &planes, &offset, fail) != OUTCOME_DONE ||
        planes > MAX_PLANES)
        return fail_set(fail, "%s: its MetaMorph tag %d makes no sense", file->name, TAG_UIC2);
    if (!read_distance(file, offset, planes, series, fail) ||
        !check_wavelengths(file, planes, fail))
        return false;
    series->count[PAGE_PLANE] = planes;
    metadata->images = planes;
    metadata->is_contiguous = true;
    return read_calibration(file, series, fail);
}
