/* ScanImage 5 and later: lines "SI.name = value" in the Software or ImageDescription of the first
 * page. The order of pages is channels (the fastest), frames of a slice, slices, volumes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/number.h"
#include "format/tiff/metadata/dialects.h"

/* Copies the value of a line "SI.NAME = value"; false if there is none. */
static bool find_value(const char *text, const char *name, char *value, size_t size)
{
    size_t length = strlen(name);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, "SI.", 3) != 0 || strncmp(line + 3, name, length) != 0)
            continue;
        const char *from = line + 3 + length;
        from += strspn(from, " ");
        if (*from != '=')
            continue;
        from++;
        from += strspn(from, " ");
        int n = (int)strcspn(from, "\r\n");
        snprintf(value, size, "%.*s", n, from);
        return true;
    }
    return false;
}

/* Parses numbers as Matlab prints them, "[1 2;3 4]" or "1"; returns how many. */
static size_t read_numbers(const char *value, double *numbers, size_t max)
{
    size_t count = 0;
    while (*value != '\0' && count < max) {
        char word[32];
        value += strspn(value, "[]; ,");
        size_t length = strcspn(value, "[]; ,");
        snprintf(word, sizeof word, "%.*s", (int)(length < 31 ? length : 31), value);
        if (length == 0 || !number_real(word, &numbers[count]))
            break;
        count++;
        value += length;
    }
    return count;
}

static double find_number(const char *text, const char *name, double fallback)
{
    char value[64];
    double number;
    return find_value(text, name, value, sizeof value) && read_numbers(value, &number, 1) == 1
               ? number
               : fallback;
}

static bool is_on(const char *text, const char *name)
{
    char value[16];
    return find_value(text, name, value, sizeof value) &&
           (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
}

/* Spacing by the corners of the field of view, in micrometres, unless it is rotated. */
static bool set_field(const struct tiff_file *file, const char *text, struct tiff_series *series,
                      struct fail *fail)
{
    char value[256];
    double corner[8];
    uint64_t rows, columns;
    if (!tiff_tag_count(file, TIFFTAG_IMAGEWIDTH, 1, &columns, fail) ||
        !tiff_tag_count(file, TIFFTAG_IMAGELENGTH, 1, &rows, fail))
        return false;
    if (is_on(text, "hRoiManager.mroiEnable") ||
        !find_value(text, "hRoiManager.imagingFovUm", value, sizeof value) ||
        read_numbers(value, corner, 8) != 8)
        return true;
    double width = corner[2] - corner[0], height = corner[5] - corner[3];
    bool upright = fabs(corner[3] - corner[1]) <= 1e-6 * height &&
                   fabs(corner[4] - corner[2]) <= 1e-6 * width && width > 0 && height > 0;
    if (!upright)
        return true;
    tiff_series_set_spacing(series, AXIS_COLUMN, width / (double)columns, "um",
                            "ScanImage imagingFovUm");
    tiff_series_set_spacing(series, AXIS_ROW, height / (double)rows, "um",
                            "ScanImage imagingFovUm");
    return true;
}

static void set_step(const char *text, struct tiff_series *series)
{
    double step = find_number(text, "hStackManager.actualStackZStepSize", NAN);
    if (isnan(step))
        step = find_number(text, "hStackManager.stackZStepSize", NAN);
    if (fabs(step) > 0)
        tiff_series_set_spacing(series, AXIS_PLANE, fabs(step), "um", "ScanImage stackZStepSize");
}

static double count_of(const char *text, const char *actual, const char *planned)
{
    double count = find_number(text, actual, NAN);
    return isnan(count) ? find_number(text, planned, 1) : count;
}

bool scanimage_read(const struct tiff_file *file, const char *text, struct tiff_metadata *metadata,
                    struct fail *fail)
{
    struct tiff_series *series = metadata->series;
    char value[256];
    double ignored[64];
    metadata->dialect = "ScanImage";
    size_t channels = find_value(text, "hChannels.channelSave", value, sizeof value)
                          ? read_numbers(value, ignored, 64)
                          : 0;
    double slices = count_of(text, "hStackManager.actualNumSlices", "hStackManager.numSlices");
    double volumes = count_of(text, "hStackManager.actualNumVolumes", "hStackManager.numVolumes");
    double frames = find_number(text, "hStackManager.framesPerSlice", 1);
    double average = find_number(text, "hScan2D.logAverageFactor", 1);
    frames = average > 0 ? floor(frames / average) : NAN;
    bool is_plain = slices == 1 || frames == 1;
    bool sane = channels > 0 && slices >= 1 && volumes >= 1 && frames >= 1 &&
                slices * volumes * frames <= 1e7 && floor(slices) - slices >= 0 &&
                floor(volumes) - volumes >= 0;
    if (!sane || !is_plain)
        return fail_set(fail,
                        "%s: is a ScanImage file whose order of pages is not read (%zu channels, "
                        "%g slices, %g frames a slice, %g volumes); --plain takes each page as a "
                        "plane, with --order as what you say",
                        file->name, channels, slices, frames, volumes);
    series->count[PAGE_CHANNEL] = channels;
    series->count[PAGE_PLANE] = (uint64_t)slices;
    series->count[PAGE_FRAME] = (uint64_t)(volumes * frames);
    metadata->images = tiff_series_images(series);
    if (slices > 1)
        set_step(text, series);
    return set_field(file, text, series, fail);
}
