/* tifffile describes the array that it wrote: {"shape": [30, 256, 256], ...}, formerly
 * shape=(30,256,256). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/json.h"
#include "common/base/number.h"
#include "format/tiff/decode/tags.h"
#include "format/tiff/metadata/dialects.h"

#define MAX_SIZES 16

/* Returns how many sizes the array has; 0 if they are not 1 to 16 whole numbers. */
static size_t read_sizes(struct json_value array, uint64_t sizes[MAX_SIZES])
{
    struct json_value item;
    size_t count = 0;
    for (char digits[24]; json_item(array, count, &item); count++)
        if (count == MAX_SIZES || !json_text(item, digits, sizeof digits) ||
            !number_count(digits, &sizes[count]))
            return 0;
    return count;
}

/* Reads the shape, and the letters of its axes: "" if they are not stated. Returns how many sizes
 * there are, 0 if this is no description of tifffile's. */
static size_t read_shape(const char *text, uint64_t sizes[MAX_SIZES], char axes[MAX_SIZES + 1])
{
    struct json_value value = {text, text + strlen(text)}, member;
    const char *end = strncmp(text, "shape=(", 7) == 0 ? strchr(text, ')') : NULL;
    axes[0] = '\0';
    if (end) {
        char array[512];
        snprintf(array, sizeof array, "[%.*s]", (int)(end - text - 7), text + 7);
        return read_sizes((struct json_value){array, array + strlen(array)}, sizes);
    }
    size_t count = json_member(value, "shape", &member) ? read_sizes(member, sizes) : 0;
    if (!json_member(value, "axes", &member) || !json_text(member, axes, MAX_SIZES + 1) ||
        strlen(axes) != count)
        axes[0] = '\0';
    return count;
}

/* How many of the last sizes are axes of a page: *used; 0 if they are not those of this file's
 * pages. */
static bool sizes_of_page(const struct tiff_file *file, const uint64_t *sizes, size_t count,
                          size_t *used, struct fail *fail)
{
    uint64_t rows, columns, samples, planar;
    if (!tiff_tag_count(file, TIFFTAG_IMAGELENGTH, 0, &rows, fail) ||
        !tiff_tag_count(file, TIFFTAG_IMAGEWIDTH, 0, &columns, fail) ||
        !tiff_tag_count(file, TIFFTAG_SAMPLESPERPIXEL, 1, &samples, fail) ||
        !tiff_tag_count(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG, &planar, fail))
        return false;
    uint64_t page[3] = {rows, columns, samples};
    if (planar == PLANARCONFIG_SEPARATE && samples > 1) {
        page[0] = samples;
        page[1] = rows;
        page[2] = columns;
    }
    *used = samples > 1 ? 3 : 2;
    if (count < *used || memcmp(sizes + count - *used, page, *used * sizeof page[0]) != 0)
        *used = 0;
    return true;
}

/* The axis of pages that a letter stands for; PAGE_AXES if none. */
static enum page_axis axis_of_letter(char letter)
{
    static const char letters[] = "CZT";
    const char *found = letter != '\0' ? strchr(letters, letter) : NULL;
    return found ? (enum page_axis)(found - letters) : PAGE_AXES;
}

/* Fills in the series from the axes that pages run along, the slowest first. False if these are not
 * all channels, planes and frames. */
static bool set_axes(struct tiff_series *series, const uint64_t *sizes, const char *letters,
                     size_t count)
{
    bool used[PAGE_AXES] = {false};
    size_t placed = 0, others = 0;
    uint64_t other = 1;
    for (size_t i = count; i-- > 0;) {
        enum page_axis axis = axis_of_letter(letters[0] != '\0' ? letters[i] : '\0');
        if (axis == PAGE_AXES || used[axis]) {
            others += sizes[i] > 1;
            other *= sizes[i];
            if (sizes[i] > 1)
                axis = PAGE_PLANE; /* if it is the only one */
            else
                continue;
        }
        if (used[axis] || others > 1)
            return false;
        used[axis] = true;
        series->order[placed++] = axis;
        series->count[axis] = sizes[i];
    }
    for (enum page_axis axis = PAGE_CHANNEL; axis < PAGE_AXES; axis++)
        if (!used[axis]) {
            series->order[placed++] = axis;
            series->count[axis] = 1;
        }
    /* Beside channels or frames, an axis without a name may be anything. */
    return others == 0 || tiff_series_images(series) == other;
}

bool tifffile_read(const struct tiff_file *file, const char *text, struct tiff_metadata *metadata,
                   struct fail *fail)
{
    uint64_t sizes[MAX_SIZES], images = 1;
    char axes[MAX_SIZES + 1];
    size_t count = read_shape(text, sizes, axes);
    size_t used;
    if (!sizes_of_page(file, sizes, count, &used, fail))
        return false;
    if (used == 0)
        return true;
    metadata->dialect = "tifffile shape";
    for (size_t i = 0; i < count - used; i++) {
        if (sizes[i] == 0 || images > INT32_MAX / sizes[i])
            return fail_set(fail, "%s: its description has an impossible shape, %.60s", file->name,
                            text);
        images *= sizes[i];
    }
    if (!set_axes(metadata->series, sizes, axes, count - used))
        return fail_set(fail,
                        "%s: its description has axes besides rows and columns (%.60s) of which "
                        "it does not say which are planes, channels or frames; --plain takes each "
                        "page as a plane, with --order as what you say",
                        file->name, text);
    metadata->images = images;
    return true;
}
