/* SCIFIO's description is a Java Properties text: axes and their lengths, the fastest first, and
 * the scale and unit of each: https://github.com/scifio/scifio, io/scif/formats/TIFFFormat.java. */
#include "format/tiff/origin/scifio.h"

#include <stdio.h>
#include <string.h>

#include "common/text/number.h"
#include "common/volume/unit.h"
#include "format/tiff/decode/tags.h"
#include "format/tiff/metadata/properties.h"

struct scifio {
    char axes[PROPERTY_SIZE], lengths[PROPERTY_SIZE], scales[PROPERTY_SIZE], units[PROPERTY_SIZE];
};

bool scifio_is_text(const char *text)
{
    return strncmp(text, "SCIFIO=", 7) == 0;
}

static void read_properties(const char *text, struct scifio *scifio)
{
    const struct {
        const char *key;
        char *value;
    } lists[] = {{"axes", scifio->axes},
                 {"lengths", scifio->lengths},
                 {"scales", scifio->scales},
                 {"units", scifio->units}};
    struct property property;
    while (property_next(&text, &property))
        for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
            if (strcmp(property.key, lists[i].key) == 0)
                snprintf(lists[i].value, PROPERTY_SIZE, "%s", property.value);
}

/* Takes the next item off a list with commas. False: there is none, or it is too long. */
static bool next_item(const char **list, char *item, size_t size)
{
    size_t length = strcspn(*list, ",");
    if (**list == '\0' || length >= size)
        return false;
    memcpy(item, *list, length);
    item[length] = '\0';
    *list += length + ((*list)[length] == ',');
    return true;
}

/* A scale of 1 without a unit is what SCIFIO writes for none. */
static void set_step(struct tiff_series *series, enum axis axis, const char *scale,
                     const char *unit_name)
{
    char unit[UNIT_SIZE] = "";
    double step;
    if (strcmp(unit_name, "null") != 0)
        unit_normalize(unit, unit_name);
    bool has_unit = unit[0] != '\0' && !unit_is_pixel(unit);
    if (number_real(scale, &step) && step > 0 && (has_unit || step != 1))
        tiff_series_set_spacing(series, axis, step, has_unit ? unit : "", "SCIFIO scales=");
}

/* The axes of planes after columns and rows; false if there are others than channels, planes and
 * frames. */
static bool set_axes(const struct scifio *scifio, struct tiff_series *series)
{
    static const char *const names[] = {
        [PAGE_CHANNEL] = "Channel", [PAGE_PLANE] = "Z", [PAGE_FRAME] = "Time"};
    const char *axes = scifio->axes, *lengths = scifio->lengths, *scales = scifio->scales,
               *units = scifio->units;
    char name[32], length[32], scale[32], unit[64];
    bool used[PAGE_AXES] = {false};
    size_t placed = 0;
    series->count[PAGE_PLANE] = 1;
    for (size_t i = 0; *axes != '\0'; i++) {
        uint64_t count;
        if (!next_item(&axes, name, sizeof name) || !next_item(&lengths, length, sizeof length) ||
            !number_count(length, &count) || count == 0 || count > INT32_MAX)
            return false;
        bool has_scale = next_item(&scales, scale, sizeof scale);
        bool has_unit = next_item(&units, unit, sizeof unit);
        enum page_axis axis = PAGE_CHANNEL;
        while (i >= 2 && axis < PAGE_AXES && strcmp(name, names[axis]) != 0)
            axis++;
        if (i < 2 ? strcmp(name, i == 0 ? "X" : "Y") != 0
                  : count > 1 && (axis == PAGE_AXES || used[axis]))
            return false;
        if (has_scale && (i < 2 || axis == PAGE_PLANE))
            set_step(series,
                     i == 0   ? AXIS_COLUMN
                     : i == 1 ? AXIS_ROW
                              : AXIS_PLANE,
                     scale, has_unit ? unit : "null");
        if (i == 0)
            series->columns = count;
        if (i == 1)
            series->rows = count;
        if (i < 2 || axis == PAGE_AXES || used[axis])
            continue;
        used[axis] = true;
        series->order[placed++] = axis;
        series->count[axis] = count;
    }
    for (enum page_axis axis = PAGE_CHANNEL; axis < PAGE_AXES; axis++)
        if (!used[axis])
            series->order[placed++] = axis;
    return series->rows > 0 && series->count[PAGE_CHANNEL] * series->count[PAGE_FRAME] <= INT32_MAX;
}

bool scifio_read(const struct tiff_file *file, const char *text, struct tiff_metadata *metadata,
                 struct fail *fail)
{
    struct scifio scifio = {.axes = ""};
    uint64_t samples;
    metadata->dialect = "SCIFIO";
    read_properties(text, &scifio);
    if (!tiff_tag_count(file, TIFFTAG_SAMPLESPERPIXEL, 1, &samples, fail))
        return false;
    if (samples > 1 || !set_axes(&scifio, metadata->series))
        return fail_set(fail,
                        "%s: is a SCIFIO file whose axes are %.60s: taken are X, Y and then "
                        "Channel, Z and Time of gray pages; --plain takes each page as a plane",
                        file->name, scifio.axes[0] != '\0' ? scifio.axes : "not stated");
    metadata->images = tiff_series_images(metadata->series);
    return true;
}
