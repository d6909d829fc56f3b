/* Micro-Manager: JSON about the acquisition after the file's header, and about each page in a
 * private tag. Layout: https://micro-manager.org/Micro-Manager_File_Formats */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/json.h"
#include "common/base/number.h"
#include "format/tiff/metadata/dialects.h"

enum { TAG_METADATA = 51123, INDEX_MARK = 54773648, SUMMARY_MARK = 2355492, TEXT_SIZE = 65536 };

/* A number among the members of the JSON object text; NAN if there is none. */
static double find_number(const char *text, const char *key)
{
    struct json_value value;
    double number;
    return json_member((struct json_value){text, text + strlen(text)}, key, &value) &&
                   json_real(value, &number)
               ? number
               : NAN;
}

static void set_step(struct tiff_series *series, enum axis axis, double step, const char *source)
{
    if (isnan(series->spacing[axis]) && fabs(step) > 0)
        tiff_series_set_spacing(series, axis, fabs(step), "um", source);
}

static enum outcome read_summary(const struct tiff_file *file, char *text, struct fail *fail)
{
    unsigned char bytes[40];
    if (file->size < sizeof bytes)
        return OUTCOME_ABSENT;
    if (!tiff_file_read(file, 0, bytes, sizeof bytes, fail))
        return OUTCOME_FAILED;
    if (tiff_parse_number(file, bytes + 8, 4) != INDEX_MARK ||
        tiff_parse_number(file, bytes + 32, 4) != SUMMARY_MARK)
        return OUTCOME_ABSENT;
    uint64_t length = tiff_parse_number(file, bytes + 36, 4);
    size_t size = min_u64(length, TEXT_SIZE - 1);
    text[size] = '\0';
    return tiff_file_read(file, 40, text, size, fail) ? OUTCOME_DONE : OUTCOME_FAILED;
}

static bool read_texts(const struct tiff_file *file, char *text, struct tiff_metadata *metadata,
                       struct fail *fail)
{
    struct tiff_series *series = metadata->series;
    enum outcome summary = read_summary(file, text, fail);
    if (summary == OUTCOME_FAILED)
        return false;
    if (summary == OUTCOME_DONE) {
        double channels = find_number(text, "Channels"), frames = find_number(text, "Frames");
        if (!metadata->dialect && (channels > 1 || frames > 1))
            return fail_set(fail,
                            "%s: is a Micro-Manager file of %g channels and %g frames without a "
                            "description of their order; --plain takes each page as a plane, with "
                            "--order as what you say",
                            file->name, channels, frames);
        set_step(series, AXIS_PLANE, find_number(text, "z-step_um"), "Micro-Manager z-step_um");
    }
    enum outcome on_page = tiff_tag_text(file, TAG_METADATA, text, TEXT_SIZE, fail);
    if (on_page == OUTCOME_FAILED)
        return false;
    if (on_page == OUTCOME_DONE) {
        double pixel = find_number(text, "PixelSizeUm");
        set_step(series, AXIS_ROW, pixel, "Micro-Manager PixelSizeUm");
        set_step(series, AXIS_COLUMN, pixel, "Micro-Manager PixelSizeUm");
    }
    return true;
}

bool micromanager_read(const struct tiff_file *file, struct tiff_metadata *metadata,
                       struct fail *fail)
{
    unsigned char bytes[12] = {0};
    if (file->size >= sizeof bytes && !tiff_file_read(file, 0, bytes, sizeof bytes, fail))
        return false;
    bool is_micromanager =
        tiff_has_tag(file, TAG_METADATA) || tiff_parse_number(file, bytes + 8, 4) == INDEX_MARK;
    if (!is_micromanager)
        return true;
    char *text = malloc(TEXT_SIZE);
    if (!text)
        return fail_errno(fail, "%s", file->name);
    bool ok = read_texts(file, text, metadata, fail);
    if (ok && !metadata->dialect)
        metadata->dialect = "Micro-Manager";
    free(text);
    return ok;
}
