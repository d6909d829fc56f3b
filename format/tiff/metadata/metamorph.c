/* MetaMorph STK: one directory; the samples of all planes follow each other, and private tags have
 * their count and distance. Layout: MetaMorph Stack (STK) Image File Format, 2005. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"
#include "common/text/number.h"
#include "common/volume/unit.h"
#include "format/tiff/decode/tags.h"
#include "format/tiff/metadata/dialects.h"

enum { TAG_UIC1 = 33628, TAG_UIC2 = 33629, TAG_UIC3 = 33630 };
enum { ID_CALIBRATED = 3, ID_X = 4, ID_Y = 5, ID_UNITS = 6 }; /* in UIC1's pairs of ID and value */
enum { MAX_PAIRS = 256, MAX_PLANES = 1 << 22 };
#define MAX_DISTANCE 1e5 /* of planes, in um */

/* NAN: not a number above or equal to 0. Negative ones look like very large ones. */
static double ratio(const struct tiff_file *file, const unsigned char *bytes)
{
    uint64_t numerator = tiff_parse_number(file, bytes, 4);
    uint64_t denominator = tiff_parse_number(file, bytes + 4, 4);
    return denominator > 0 && denominator <= INT32_MAX && numerator <= INT32_MAX
               ? (double)numerator / (double)denominator
               : NAN;
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
    if (calibrated == 0 || unit[0] == '\0' || unit_is_pixel(unit))
        return true;
    if (step[AXIS_ROW] > 0)
        tiff_series_set_spacing(series, AXIS_ROW, step[AXIS_ROW], unit, "MetaMorph YCalibration");
    if (step[AXIS_COLUMN] > 0)
        tiff_series_set_spacing(series, AXIS_COLUMN, step[AXIS_COLUMN], unit,
                                "MetaMorph XCalibration");
    return true;
}

/* ---- the axes of planes -------------------------------------------------------------------- */

/* Finds how the channels follow each other: side by side at each plane, or one after another.
 * Returns how many there are; 0: neither. */
static uint64_t find_channels(const double *waves, uint64_t planes, bool *is_interleaved)
{
    uint64_t channels = 0, run = 1;
    bool regular = true;
    for (uint64_t i = 0; i < planes && channels <= TIFF_MAX_CHANNELS; i++) {
        uint64_t k = 0;
        while (k < i && waves[k] != waves[i])
            k++;
        channels += k == i;
    }
    while (run < planes && waves[run] == waves[0])
        run++;
    *is_interleaved = run == 1;
    if (channels > TIFF_MAX_CHANNELS || planes % channels != 0 ||
        (!*is_interleaved && run != planes / channels))
        return 0;
    for (uint64_t i = 0; i < planes; i++)
        regular = regular && (*is_interleaved ? waves[i] == waves[i % channels]
                                              : waves[i] == waves[i / run * run]);
    return regular ? channels : 0;
}

/* Wavelengths of planes; all 0 without the tag, -1 where it has no number. */
static bool read_wavelengths(const struct tiff_file *file, uint64_t planes, double *waves,
                             struct fail *fail)
{
    uint64_t count = 0, offset;
    if (tiff_tag_location(file, TAG_UIC3, &count, &offset, fail) == OUTCOME_FAILED)
        return false;
    for (uint64_t i = 0; i < planes; i++) {
        waves[i] = i > 0 ? waves[i - 1] : 0;
        if (i < count && !read_ratio(file, offset + 8 * i, &waves[i], fail))
            return false;
        waves[i] = isnan(waves[i]) ? -1 : waves[i];
    }
    return true;
}

static void set_channels(uint64_t planes, const double *waves, struct tiff_metadata *metadata)
{
    struct tiff_series *series = metadata->series;
    bool is_interleaved;
    uint64_t channels = find_channels(waves, planes, &is_interleaved);
    if (channels == 0) {
        snprintf(metadata->disorder, sizeof metadata->disorder,
                 "its MetaMorph planes differ in wavelength without a rule: which are channels is "
                 "not known");
        channels = 1;
    }
    for (uint64_t c = 0; channels > 1 && c < channels; c++) {
        char name[TIFF_NAME_SIZE], text[NUMBER_SIZE];
        snprintf(name, sizeof name, "%s nm",
                 number_text(waves[is_interleaved ? c : c * (planes / channels)], text));
        tiff_series_name_channel(series, name);
    }
    if (!is_interleaved) {
        static const enum page_axis order[PAGE_AXES] = {PAGE_PLANE, PAGE_FRAME, PAGE_CHANNEL};
        memcpy(series->order, order, sizeof order);
    }
    series->count[PAGE_CHANNEL] = channels;
}

/* Each plane has six numbers; the first two are its distance, as a fraction. */
static bool read_distances(const struct tiff_file *file, uint64_t offset, uint64_t planes,
                           double *distances, struct fail *fail)
{
    unsigned char bytes[24];
    for (uint64_t i = 0; i < planes; i++) {
        if (!tiff_file_read(file, offset + 24 * i, bytes, sizeof bytes, fail))
            return false;
        distances[i] = ratio(file, bytes);
    }
    return true;
}

/* Planes at no distance from each other are frames. Of channels side by side the largest distance
 * counts: the others are 0 or the same. */
static void set_depth(const double *distances, uint64_t planes, struct tiff_metadata *metadata)
{
    struct tiff_series *series = metadata->series;
    uint64_t channels = series->count[PAGE_CHANNEL], depth = planes / channels;
    uint64_t across = series->order[0] == PAGE_CHANNEL ? channels : 1;
    double first = NAN;
    bool is_even = true, all_zero = true, sane = true;
    for (uint64_t i = 0; i < planes; i++) {
        all_zero = all_zero && distances[i] <= 0;
        sane = sane && distances[i] <= MAX_DISTANCE;
    }
    for (uint64_t i = 0; i < depth; i++) {
        double distance = 0;
        for (uint64_t c = 0; c < across; c++)
            distance = fmax(distance, distances[i * across + c]);
        first = i == 0 ? distance : first;
        is_even = is_even && fabs(distance - first) <= 1e-6 * first;
    }
    bool is_time = all_zero && depth > 1;
    series->count[PAGE_FRAME] = is_time ? depth : 1;
    series->count[PAGE_PLANE] = is_time ? 1 : depth;
    if (!sane)
        snprintf(metadata->notice, sizeof metadata->notice,
                 "MetaMorph's distance of planes is negative or absurd: taken as unknown");
    else if (is_even && first > 0)
        tiff_series_set_spacing(series, AXIS_PLANE, first, "um", "MetaMorph ZDistance");
}

bool metamorph_read(const struct tiff_file *file, struct tiff_metadata *metadata, struct fail *fail)
{
    uint64_t planes, offset;
    metadata->dialect = "MetaMorph STK";
    if (tiff_tag_location(file, TAG_UIC2, &planes, &offset, fail) != OUTCOME_DONE ||
        planes > MAX_PLANES)
        return fail_set(
            fail, "%s: its MetaMorph tag %d makes no sense; --plain takes its pages as planes",
            file->name, TAG_UIC2);
    double *numbers = calloc(planes, 2 * sizeof *numbers);
    if (!numbers)
        return fail_errno(fail, "%s: %" PRIu64 " planes", file->name, planes);
    double *waves = numbers + planes;
    bool ok = read_distances(file, offset, planes, numbers, fail) &&
              read_wavelengths(file, planes, waves, fail) &&
              read_calibration(file, metadata->series, fail);
    if (ok) {
        set_channels(planes, waves, metadata);
        set_depth(numbers, planes, metadata);
    }
    free(numbers);
    metadata->images = planes;
    metadata->is_contiguous = true;
    return ok;
}
