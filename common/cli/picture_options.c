#include "common/cli/picture_options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text/number.h"
#include "common/volume/length.h"

bool picture_parse_index(const char *text, void *value, struct fail *fail)
{
    struct index_option *index = value;
    *index = (struct index_option){0};
    for (const char *at = text; index->count < AXES;) {
        char part[32];
        size_t length = strcspn(at, ",");
        snprintf(part, sizeof part, "%.*s", (int)(length < sizeof part ? length : 0), at);
        index->middle[index->count] = strcmp(part, "mid") == 0;
        if (!index->middle[index->count] && !number_integer(part, &index->number[index->count]))
            break;
        index->count++;
        if (at[length] == '\0')
            return index->count != 2 || fail_set(fail, "needs one index or three, not '%s'", text);
        at += length + 1;
    }
    return fail_set(fail, "needs N or PLANE,ROW,COLUMN, each a whole number or mid, not '%s'",
                    text);
}

bool picture_parse_grid(const char *text, void *value, struct fail *fail)
{
    struct grid_option *grid = value;
    const char *cross = strchr(text, 'x');
    char rows[16] = "";
    if (strcmp(text, "auto") == 0)
        return grid->automatic = true;
    grid->automatic = false;
    if (cross && (size_t)(cross - text) < sizeof rows)
        memcpy(rows, text, (size_t)(cross - text));
    return (number_count(rows, &grid->rows) && number_count(cross + 1, &grid->columns) &&
            grid->rows >= 1 && grid->rows <= MAX_TILES && grid->columns >= 1 &&
            grid->columns <= MAX_TILES) ||
           fail_set(fail, "needs ROWSxCOLUMNS of tiles, each from 1 to %d, or auto, not '%s'",
                    MAX_TILES, text);
}

/* Parses a name or six hexadecimal digits. */
static bool parse_colour(const char *text, size_t n, unsigned char rgb[3])
{
    static const struct {
        const char *name;
        unsigned char rgb[3];
    } named[] = {{"red", {255, 0, 0}},       {"green", {0, 255, 0}},     {"blue", {0, 0, 255}},
                 {"cyan", {0, 255, 255}},    {"magenta", {255, 0, 255}}, {"yellow", {255, 255, 0}},
                 {"white", {255, 255, 255}}, {"gray", {255, 255, 255}},  {"none", {0, 0, 0}}};
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        if (strlen(named[i].name) == n && strncmp(named[i].name, text, n) == 0) {
            memcpy(rgb, named[i].rgb, 3);
            return true;
        }
    if (n != 6 || strspn(text, "0123456789abcdefABCDEF") < n)
        return false;
    for (size_t k = 0; k < 3; k++)
        rgb[k] =
            (unsigned char)strtoul((const char[]){text[2 * k], text[2 * k + 1], '\0'}, NULL, 16);
    return true;
}

bool picture_parse_colours(const char *text, void *value, struct fail *fail)
{
    struct colours_option *colours = value;
    colours->count = 0;
    for (const char *part = text; part;) {
        size_t n = strcspn(part, ",");
        if (colours->count == COMPOSITE_MAX || !parse_colour(part, n, colours->rgb[colours->count]))
            return fail_set(fail,
                            "needs a list of at most %d colours (red, green, blue, cyan, "
                            "magenta, yellow, white, none or RRGGBB), not '%s'",
                            COMPOSITE_MAX, text);
        colours->count++;
        part = part[n] == ',' ? part + n + 1 : NULL;
    }
    return true;
}

bool picture_parse_bar(const char *text, void *value, struct fail *fail)
{
    struct bar_option *bar = value;
    struct length length;
    struct fail other = {.text = ""};
    *bar = (struct bar_option){0};
    if (strcmp(text, "auto") == 0)
        return true;
    if (strchr(text, ',') || !length_parse(text, &length, &other) || length.value[0] <= 0)
        return fail_set(fail, "needs a length above 0, such as 20um, or auto, not '%s'", text);
    bar->length = length.value[0];
    memcpy(bar->unit, length.unit, sizeof bar->unit);
    return true;
}

/* A whole number, 1/N, or a fraction that is one of these. */
bool picture_parse_zoom(const char *text, void *value, struct fail *fail)
{
    struct zoom_option *zoom = value;
    double factor = 0;
    *zoom = (struct zoom_option){1, 1};
    bool ok = strncmp(text, "1/", 2) == 0 ? number_count(text + 2, &zoom->samples)
                                          : number_real(text, &factor) && factor > 0;
    if (ok && factor >= 1)
        zoom->pixels = factor <= 100 && factor == floor(factor) ? (uint64_t)factor : 0;
    else if (ok && factor > 0)
        zoom->samples = fabs(rint(1 / factor) * factor - 1) < 0.01 ? (uint64_t)rint(1 / factor) : 0;
    return (ok && zoom->pixels >= 1 && zoom->samples >= 1 && zoom->samples <= 1000) ||
           fail_set(fail, "needs a whole number up to 100, or 1/N (0.5, 0.25, ...), not '%s'",
                    text);
}
