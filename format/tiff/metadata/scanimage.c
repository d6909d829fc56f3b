/* ScanImage 5 and later: lines "SI.name = value", or "scanimage.SI.name = value", in the Software
 * or ImageDescription of the first page. The order of pages is channels (the fastest), frames of a
 * slice, slices, volumes. After the slices of a volume may come frames of the flyback. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text/number.h"
#include "format/tiff/decode/tags.h"
#include "format/tiff/metadata/dialects.h"
#include "format/tiff/metadata/places.h"

static const char *skip_prefix(const char *text, const char *prefix)
{
    size_t length = strlen(prefix);
    return strncmp(text, prefix, length) == 0 ? text + length : NULL;
}

bool scanimage_is_text(const char *text)
{
    return skip_prefix(text, "SI.") || skip_prefix(text, "scanimage.SI.");
}

/* Copies the value of a line "SI.NAME = value"; false if there is none. */
static bool find_value(const char *text, const char *name, char *value, size_t size)
{
    size_t length = strlen(name);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        const char *from = skip_prefix(line, "scanimage.");
        from = skip_prefix(from ? from : line, "SI.");
        if (!from || strncmp(from, name, length) != 0)
            continue;
        from += length;
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

/* ---- the order of pages -------------------------------------------------------------------- */

struct layout {
    uint64_t channels, slices, volumes;
    uint64_t repeats; /* frames of a slice */
    uint64_t flyback; /* frames after the slices of a volume */
};

static double count_of(const char *text, const char *actual, const char *planned)
{
    double count = find_number(text, actual, NAN);
    return isnan(count) ? find_number(text, planned, 1) : count;
}

static bool is_count(double value)
{
    return value >= 1 && value <= 1e7 && value - floor(value) <= 0;
}

static bool refuse_order(const struct tiff_file *file, uint64_t channels, double slices,
                         double frames, double volumes, struct fail *fail)
{
    return fail_set(fail,
                    "%s: is a ScanImage file whose order of pages is not read (%" PRIu64
                    " channels, %g slices, %g frames a slice, %g volumes); --plain takes each page "
                    "as a plane, with --order as what you say",
                    file->name, channels, slices, frames, volumes);
}

static bool read_layout(const struct tiff_file *file, const char *text, struct layout *layout,
                        struct fail *fail)
{
    char value[256];
    double ignored[64];
    size_t channels = find_value(text, "hChannels.channelSave", value, sizeof value)
                          ? read_numbers(value, ignored, 64)
                          : 0;
    double slices = count_of(text, "hStackManager.actualNumSlices", "hStackManager.numSlices");
    double volumes = count_of(text, "hStackManager.actualNumVolumes", "hStackManager.numVolumes");
    double frames = find_number(text, "hStackManager.framesPerSlice", 1);
    double average = find_number(text, "hScan2D.logAverageFactor", 1);
    if (!find_value(text, "hStackManager.numVolumes", value, sizeof value))
        volumes = count_of(text, "hStackManager.actualNumVolumes", "hFastZ.numVolumes");
    frames = average > 0 ? floor(frames / average) : NAN;
    *layout = (struct layout){0};
    if (channels == 0 || !is_count(slices) || !is_count(volumes) || !is_count(frames) ||
        slices * volumes * frames > 1e7)
        return refuse_order(file, channels, slices, frames, volumes, fail);
    *layout = (struct layout){.channels = channels,
                              .slices = (uint64_t)slices,
                              .volumes = (uint64_t)volumes,
                              .repeats = (uint64_t)frames};
    return true;
}

/* Pages of so many volumes; the last one may end before its flyback. */
static bool fits(const struct layout *layout, uint64_t pages, uint64_t volumes)
{
    uint64_t used = layout->channels * layout->slices * layout->repeats;
    uint64_t volume = used + layout->channels * layout->flyback;
    return pages == volumes * volume || pages == (volumes - 1) * volume + used;
}

/* The layout has a flyback of so many frames if that agrees with the pages. With `any`, the file
 * may end after any volume. */
static bool try_flyback(struct layout *layout, uint64_t pages, double flyback, bool any)
{
    struct layout tried = *layout;
    if (!is_count(flyback))
        return false;
    tried.flyback = (uint64_t)flyback;
    uint64_t volume = tried.channels * (tried.slices * tried.repeats + tried.flyback);
    uint64_t volumes = any ? (pages + volume - 1) / volume : layout->volumes;
    if (volumes == 0 || !fits(&tried, pages, volumes))
        return false;
    tried.volumes = volumes;
    *layout = tried;
    return true;
}

/* numFramesPerVolumeWithFlyback is what the file has; older programs write how many frames are to
 * be discarded, which may have happened before they were written. */
static void find_flyback(const char *text, uint64_t pages, struct layout *layout)
{
    double average = find_number(text, "hScan2D.logAverageFactor", 1);
    double used = (double)layout->slices * find_number(text, "hStackManager.framesPerSlice", 1);
    double stated = find_number(text, "hStackManager.numFramesPerVolumeWithFlyback", NAN) - used;
    double old = find_number(text, "hFastZ.numFramesPerVolume", NAN) - used;
    double discarded = find_number(text, "hFastZ.numDiscardFlybackFrames", NAN);
    char value[16];
    bool is_off =
        find_value(text, "hFastZ.enable", value, sizeof value) && !is_on(text, "hFastZ.enable");
    if (layout->slices == 1 || try_flyback(layout, pages, stated, false) ||
        try_flyback(layout, pages, stated / average, false) ||
        try_flyback(layout, pages, stated, true))
        return;
    if (!isnan(stated) || is_off || fits(layout, pages, layout->volumes))
        return;
    if (!try_flyback(layout, pages, old, false) && !try_flyback(layout, pages, discarded, false) &&
        !try_flyback(layout, pages, old, true))
        (void)try_flyback(layout, pages, discarded, true);
}

/* Places of pages: repeats of a slice are frames, the flyback has none. */
static bool place_pages(const struct tiff_file *file, const struct layout *layout, uint64_t pages,
                        struct tiff_metadata *metadata, struct fail *fail)
{
    uint64_t used = layout->slices * layout->repeats, volume = used + layout->flyback;
    metadata->places = calloc(pages, sizeof *metadata->places);
    if (!metadata->places)
        return fail_errno(fail, "%s: a list of %" PRIu64 " pages", file->name, pages);
    metadata->place_count = pages;
    for (uint64_t page = 0; page < pages; page++) {
        uint64_t frame = page / layout->channels, inside = frame % volume;
        const uint64_t at[PAGE_AXES] = {page % layout->channels, inside / layout->repeats,
                                        frame / volume * layout->repeats +
                                            inside % layout->repeats};
        metadata->places[page] =
            inside < used ? tiff_series_index(metadata->series, at) : TIFF_NO_PLACE;
    }
    return true;
}

bool scanimage_read(struct tiff_file *file, const char *text, struct tiff_metadata *metadata,
                    struct fail *fail)
{
    struct tiff_series *series = metadata->series;
    struct layout layout;
    uint64_t pages;
    metadata->dialect = "ScanImage";
    metadata->reads_each_page = true;
    if (!read_layout(file, text, &layout, fail) || !tiff_count_pages(file, &pages, fail))
        return false;
    uint64_t volumes = layout.volumes;
    find_flyback(text, pages, &layout);
    series->count[PAGE_CHANNEL] = layout.channels;
    series->count[PAGE_PLANE] = layout.slices;
    series->count[PAGE_FRAME] = layout.volumes * layout.repeats;
    metadata->images = tiff_series_images(series);
    if (layout.volumes != volumes)
        snprintf(metadata->notice, sizeof metadata->notice,
                 "ScanImage's metadata tell of %" PRIu64 " volumes, the file has %" PRIu64, volumes,
                 layout.volumes);
    bool in_order = layout.flyback == 0 && (layout.slices == 1 || layout.repeats == 1);
    if (!in_order && !fits(&layout, pages, layout.volumes))
        return refuse_order(file, layout.channels, (double)layout.slices, (double)layout.repeats,
                            (double)volumes, fail);
    if (!in_order && !place_pages(file, &layout, pages, metadata, fail))
        return false;
    if (layout.slices > 1)
        set_step(text, series);
    return set_field(file, text, series, fail);
}
