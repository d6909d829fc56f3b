/* The sizes of pixels that the programs of electron microscopes state in private tags: texts of
 * FEI's (sections of KEY=VALUE lines, in metres) and Zeiss' (a line KEY, then "NAME = VALUE UNIT").
 */
#include "format/tiff/origin/electron.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text/number.h"
#include "common/volume/unit.h"
#include "format/tiff/decode/tags.h"

enum { TAG_ZEISS = 34118, TAG_FEI_SFEG = 34680, TAG_FEI_HELIOS = 34682, TEXT_SIZE = 131072 };

/* Copies the next line, without blanks around it; longer ones are cut. */
static bool next_line(const char **text, char *line, size_t size)
{
    if (**text == '\0')
        return false;
    size_t length = strcspn(*text, "\r\n"), blank = strspn(*text, " \t");
    const char *begin = *text + (blank < length ? blank : length);
    size_t kept = (size_t)(*text + length - begin);
    while (kept > 0 && (begin[kept - 1] == ' ' || begin[kept - 1] == '\t'))
        kept--;
    snprintf(line, size, "%.*s", (int)kept, begin);
    *text += length;
    *text += **text == '\r';
    *text += **text == '\n';
    return true;
}

/* A length in nanometres, rounded to the digits that it was written with. */
static bool set_metres(struct tiff_series *series, enum axis axis, double metres,
                       const char *source)
{
    char digits[32];
    double nanometres;
    if (!(metres > 1e-13 && metres < 1))
        return false;
    snprintf(digits, sizeof digits, "%.12g", metres * 1e9);
    if (!number_real(digits, &nanometres))
        return false;
    tiff_series_set_spacing(series, axis, nanometres, "nm", source);
    return true;
}

/* ---- FEI ------------------------------------------------------------------------------------- */

/* The value of a key, of section [Scan] before others. */
static double find_fei_size(const char *text, const char *key)
{
    char line[256], section[64] = "";
    double found = NAN, value;
    size_t length = strlen(key);
    bool is_of_scan = false;
    while (next_line(&text, line, sizeof line)) {
        if (line[0] == '[')
            snprintf(section, sizeof section, "%.63s", line);
        if (strncmp(line, key, length) != 0 || line[length] != '=' || is_of_scan ||
            !number_real(line + length + 1, &value))
            continue;
        is_of_scan = strcmp(section, "[Scan]") == 0;
        if (is_of_scan || isnan(found))
            found = value;
    }
    return found;
}

static bool read_fei(const char *text, struct tiff_series *series)
{
    bool has_column =
        set_metres(series, AXIS_COLUMN, find_fei_size(text, "PixelWidth"), "FEI PixelWidth");
    bool has_row =
        set_metres(series, AXIS_ROW, find_fei_size(text, "PixelHeight"), "FEI PixelHeight");
    return has_column || has_row;
}

/* ---- Zeiss ----------------------------------------------------------------------------------- */

/* "Image Pixel Size = 5.000 nm", in the line after the key. */
static bool read_zeiss_key(const char *text, const char *key, double *size, char unit[UNIT_SIZE])
{
    char line[256], number[64];
    while (next_line(&text, line, sizeof line)) {
        if (strcmp(line, key) != 0 || !next_line(&text, line, sizeof line))
            continue;
        const char *value = strchr(line, '=');
        int used = 0;
        if (!value || sscanf(value + 1, " %63s %n", number, &used) != 1)
            continue;
        unit_normalize(unit, value + 1 + used);
        return number_real(number, size) && *size > 0 && !isnan(unit_metres(unit));
    }
    return false;
}

static bool read_zeiss(const char *text, struct tiff_series *series)
{
    static const char *const keys[] = {"AP_IMAGE_PIXEL_SIZE", "AP_PIXEL_SIZE"};
    char unit[UNIT_SIZE], source[48], line[256];
    double size;
    for (size_t i = 0; i < 2; i++) {
        if (!read_zeiss_key(text, keys[i], &size, unit))
            continue;
        snprintf(source, sizeof source, "Zeiss %s", keys[i]);
        tiff_series_set_spacing(series, AXIS_ROW, size, unit, source);
        tiff_series_set_spacing(series, AXIS_COLUMN, size, unit, source);
        return true;
    }
    /* Older files have only a block of numbers, of which the fourth is it, in metres. */
    for (size_t i = 0; i < 4; i++)
        if (!next_line(&text, line, sizeof line) || !number_real(line, &size))
            return false;
    return set_metres(series, AXIS_ROW, size, "Zeiss fourth number") &&
           set_metres(series, AXIS_COLUMN, size, "Zeiss fourth number");
}

/* ---------------------------------------------------------------------------------------------- */

bool electron_read(const struct tiff_file *file, struct tiff_metadata *metadata, struct fail *fail)
{
    static const unsigned tags[] = {TAG_FEI_HELIOS, TAG_FEI_SFEG, TAG_ZEISS};
    struct tiff_series *series = metadata->series;
    size_t i = 0;
    while (i < 3 && !tiff_has_tag(file, tags[i]))
        i++;
    if (i == 3 || !isnan(series->spacing[AXIS_ROW]) || !isnan(series->spacing[AXIS_COLUMN]))
        return true;
    char *text = malloc(TEXT_SIZE);
    if (!text)
        return fail_errno(fail, "%s", file->name);
    struct fail ignored = {.text = ""};
    bool is_zeiss = tags[i] == TAG_ZEISS;
    if (tiff_tag_text(file, tags[i], text, TEXT_SIZE, &ignored) == OUTCOME_DONE &&
        (is_zeiss ? read_zeiss(text, series) : read_fei(text, series)) && !metadata->dialect)
        metadata->dialect = is_zeiss ? "Zeiss SEM" : "FEI";
    free(text);
    return !ignored.is_system || fail_pass(fail, &ignored);
}
