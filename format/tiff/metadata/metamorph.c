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

static double ratio_at(const struct tiff_file *file, uint64_t offset)
{
    unsigned char bytes[8];
    return tiff_file_read(file, offset, bytes, sizeof bytes) ? ratio(file, bytes) : NAN;
}

/* A length, then the letters. */
static void read_unit(const struct tiff_file *file, uint64_t offset, char unit[UNIT_SIZE])
{
    char text[UNIT_SIZE] = "";
    unsigned char bytes[4];
    if (!tiff_file_read(file, offset, bytes, sizeof bytes))
        return;
    uint64_t length = tiff_parse_number(file, bytes, 4);
    if (length > 0 && length < sizeof text && tiff_file_read(file, offset + 4, text, length))
        unit_normalize(unit, text);
}

static void read_calibration(const struct tiff_file *file, struct tiff_series *series)
{
    unsigned char pairs[8 * MAX_PAIRS];
    uint64_t count = 0, offset = 0, calibrated = 1;
    double step[AXES] = {NAN, NAN, NAN};
    char unit[UNIT_SIZE] = "";
    /* The tag's count is that of pairs, so its value has twice the size that TIFF would expect. */
    bool is_there = tiff_tag_location(file, TAG_UIC1, &count, &offset) && count > 1;
    size_t got = 8 * min_u64(count, MAX_PAIRS);
    if (!is_there || !tiff_file_read(file, offset, pairs, got))
        return;
    for (size_t i = 0; i + 8 <= got; i += 8) {
        uint64_t id = tiff_parse_number(file, pairs + i, 4);
        uint64_t value = tiff_parse_number(file, pairs + i + 4, 4);
        if (id == ID_CALIBRATED)
            calibrated = value;
        else if (id == ID_X)
            step[AXIS_COLUMN] = ratio_at(file, value);
        else if (id == ID_Y)
            step[AXIS_ROW] = ratio_at(file, value);
        else if (id == ID_UNITS)
            read_unit(file, value, unit);
    }
    if (calibrated == 0 || unit[0] == '\0' || strncmp(unit, "pixel", 5) == 0)
        return;
    if (step[AXIS_ROW] > 0)
        tiff_series_set_spacing(series, AXIS_ROW, step[AXIS_ROW], unit, "MetaMorph YCalibration");
    if (step[AXIS_COLUMN] > 0)
        tiff_series_set_spacing(series, AXIS_COLUMN, step[AXIS_COLUMN], unit,
                                "MetaMorph XCalibration");
}

/* Each plane has six numbers; the first two are its distance, as a fraction. */
static bool read_distance(const struct tiff_file *file, uint64_t offset, uint64_t planes,
                          struct tiff_series *series, struct fail *fail)
{
    unsigned char bytes[24];
    double first = NAN;
    bool is_even = true;
    for (uint64_t i = 0; i < planes; i++) {
        if (!tiff_file_read(file, offset + 24 * i, bytes, sizeof bytes))
            return fail_set(fail, "%s: its tag %d tells of %" PRIu64 " planes, the file ends first",
                            file->name, TAG_UIC2, planes);
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
    if (!tiff_tag_location(file, TAG_UIC3, &count, &offset))
        return true;
    double first = ratio_at(file, offset);
    for (uint64_t i = 1; i < planes && i < count; i++)
        if (ratio_at(file, offset + 8 * i) != first)
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
    if (!tiff_tag_location(file, TAG_UIC2, &planes, &offset) || planes == 0 || planes > MAX_PLANES)
        return fail_set(fail, "%s: its MetaMorph tag %d makes no sense", file->name, TAG_UIC2);
    if (!read_distance(file, offset, planes, series, fail) ||
        !check_wavelengths(file, planes, fail))
        return false;
    read_calibration(file, series);
    series->count[PAGE_PLANE] = planes;
    metadata->images = planes;
    metadata->is_contiguous = true;
    return true;
}
