#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/number.h"
#include "format/tiff/metadata/dialects.h"

#define MOST_SIZES 16

/* tifffile describes the array that it wrote: {"shape": [30, 256, 256], ...}, formerly
 * shape=(30,256,256). Returns how many sizes there are, 0 when it is no such description. */
static size_t read_shape(const char *text, uint64_t sizes[MOST_SIZES])
{
    const char *next = strncmp(text, "shape=(", 7) == 0 ? text + 7 : NULL;
    const char *key = text[0] == '{' ? strstr(text, "\"shape\"") : NULL;
    if (key) {
        key += strlen("\"shape\"");
        key += strspn(key, " :");
        next = *key == '[' ? key + 1 : NULL;
    }
    for (size_t count = 0; next && count < MOST_SIZES; next++) {
        char digits[24];
        next += strspn(next, " ");
        size_t length = strspn(next, "0123456789");
        if (length == 0 && count > 0 && (*next == ')' || *next == ']'))
            return count;
        snprintf(digits, sizeof digits, "%.*s", (int)(length < 23 ? length : 23), next);
        if (!number_count(digits, &sizes[count++]))
            return 0;
        next += length;
        next += strspn(next, " ");
        if (*next == ']' || *next == ')')
            return count;
        if (*next != ',')
            return 0;
    }
    return 0;
}

/* The letters of the axes, as many as there are sizes; "" where they are not told. */
static void read_axes(const char *text, size_t count, char axes[MOST_SIZES + 1])
{
    const char *key = strstr(text, "\"axes\"");
    axes[0] = '\0';
    if (!key)
        return;
    key += strlen("\"axes\"");
    key += strspn(key, " :");
    if (*key == '"' && strcspn(key + 1, "\"") == count && count <= MOST_SIZES)
        snprintf(axes, MOST_SIZES + 1, "%.*s", (int)count, key + 1);
}

/* How many of the last sizes are a page's own; 0 when they are those of another image. */
static size_t sizes_of_page(const struct tiff_file *file, const uint64_t *sizes, size_t count)
{
    uint64_t rows = tiff_number(file, TIFFTAG_IMAGELENGTH, 0);
    uint64_t columns = tiff_number(file, TIFFTAG_IMAGEWIDTH, 0);
    uint64_t samples = tiff_number(file, TIFFTAG_SAMPLESPERPIXEL, 1);
    bool separate =
        tiff_number(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;
    uint64_t own[3] = {rows, columns, samples};
    if (separate && samples > 1) {
        own[0] = samples;
        own[1] = rows;
        own[2] = columns;
    }
    size_t used = samples > 1 ? 3 : 2;
    if (count < used || memcmp(sizes + count - used, own, used * sizeof own[0]) != 0)
        return 0;
    return used;
}

/* Which axis of pages a letter is; PAGE_AXES where it is none. */
static enum page_axis axis_of_letter(char letter)
{
    static const char letters[] = "CZT";
    const char *found = letter != '\0' ? strchr(letters, letter) : NULL;
    return found ? (enum page_axis)(found - letters) : PAGE_AXES;
}

/* Fills in the series from the axes that run along pages, slowest first. False: they are not all
 * channels, planes and frames. */
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
    /* An axis without a name beside channels or frames may be anything. */
    return others == 0 || tiff_series_images(series) == other;
}

bool tifffile_read(const struct tiff_file *file, const char *text, struct tiff_metadata *metadata,
                   struct fail *fail)
{
    uint64_t sizes[MOST_SIZES], images = 1;
    char axes[MOST_SIZES + 1];
    size_t count = read_shape(text, sizes);
    size_t used = sizes_of_page(file, sizes, count);
    if (used == 0)
        return true;
    metadata->dialect = "tifffile shape";
    for (size_t i = 0; i < count - used; i++) {
        if (sizes[i] == 0 || images > INT32_MAX / sizes[i])
            return fail_set(fail, "%s: its description has an impossible shape, %.60s", file->name,
                            text);
        images *= sizes[i];
    }
    read_axes(text, count, axes);
    if (!set_axes(metadata->series, sizes, axes, count - used))
        return fail_set(fail,
                        "%s: its description has axes besides rows and columns (%.60s) of which "
                        "it does not say which are planes, channels or frames; --plain takes each "
                        "page as a plane, with --order as what you say",
                        file->name, text);
    metadata->images = images;
    return true;
}
