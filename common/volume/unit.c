#include "common/volume/unit.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/text/number.h"
#include "common/text/utf8.h"

#define MICRO "\xc2\xb5"    /* U+00B5, micro sign */
#define ANGSTROM "\xc3\x85" /* U+00C5, A with ring */

/* Symbols are told apart by case (mm, Mm), words are not. */
static const struct {
    const char *unit;
    double metres; /* NAN: no length */
    const char *ome;
    const char *symbols, *words; /* other spellings, with a blank before and after each */
} units[] = {
    {"um", 1e-6, MICRO "m", " " MICRO "m " MICRO " ",
     " um micron microns micrometer micrometers micrometre micrometres "},
    {"nm", 1e-9, "nm", "", " nm nanometer nanometers nanometre nanometres "},
    {"mm", 1e-3, "mm", " mm ", " millimeter millimeters millimetre millimetres "},
    {"cm", 1e-2, "cm", "", " cm centimeter centimeters centimetre centimetres "},
    {"dm", 1e-1, "dm", " dm ", " decimeter decimeters decimetre decimetres "},
    {"m", 1, "m", " m ", " meter meters metre metres "},
    {"km", 1e3, "km", "", " km kilometer kilometers kilometre kilometres "},
    {"pm", 1e-12, "pm", " pm ", " picometer picometers picometre picometres "},
    {"fm", 1e-15, "fm", " fm ", " femtometer femtometers femtometre femtometres "},
    {"angstrom", 1e-10, ANGSTROM, " A " ANGSTROM " ",
     " angstrom angstroms " ANGSTROM "ngstrom " ANGSTROM "ngstroms angstr\xc3\xb6m " ANGSTROM
     "ngstr\xc3\xb6m \xc3\xa5ngstr\xc3\xb6m \xc3\xa5ngstrom "},
    {"inch", 0.0254, "in", " \" ", " inch inches in "},
    {"ft", 0.3048, "ft", "", " ft foot feet "},
    {"pixel", NAN, "pixel", "", " pixel pixels px pix voxel voxels "},
};
enum { UNITS = sizeof units / sizeof units[0] };

/* ---- text ----------------------------------------------------------------------------------- */

/* Characters of other alphabets, and of the same look, in the spelling of the table. */
static const struct {
    const char *from, *to;
} alike[] = {
    {"\xce\xbc", MICRO},                /* U+03BC, Greek mu */
    {"\xe2\x84\xab", ANGSTROM},         /* U+212B, angstrom sign */
    {"A\xcc\x8a", ANGSTROM},            /* A with a combining ring */
    {"\xd0\xbc\xd0\xba\xd0\xbc", "um"}, /* Cyrillic micrometre, */
    {"\xd0\xbc\xd0\xbc", "mm"},         /* millimetre, */
    {"\xd0\xbd\xd0\xbc", "nm"},         /* nanometre, */
    {"\xd1\x81\xd0\xbc", "cm"},         /* centimetre, */
    {"\xd0\xbc", "m"},                  /* and metre */
};

#define TEXT_SIZE 128

static size_t put_utf8(char *to, unsigned code)
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        to[0] = (char)(0xc0 | code >> 6);
        to[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    to[0] = (char)(0xe0 | code >> 12);
    to[1] = (char)(0x80 | (code >> 6 & 0x3f));
    to[2] = (char)(0x80 | (code & 0x3f));
    return 3;
}

static bool is_utf8(const char *text)
{
    while (*text != '\0') {
        size_t length = (unsigned char)*text < 0x80 ? 1 : utf8_length(text);
        if (length == 0)
            return false;
        text += length;
    }
    return true;
}

/* Text that is not UTF-8 is taken for Latin-1; "\u00B5" is a character of a Java Properties text.
 */
static void decode(char to[TEXT_SIZE], const char *text)
{
    bool utf8 = is_utf8(text);
    size_t used = 0;
    while (*text != '\0' && used + 4 < TEXT_SIZE) {
        char digits[5] = "", *end = digits;
        if (text[0] == '\\' && (text[1] == 'u' || text[1] == 'U'))
            snprintf(digits, sizeof digits, "%.4s", text + 2);
        unsigned long code = strtoul(digits, &end, 16);
        bool is_escape = end == digits + 4;
        if (is_escape || (!utf8 && (unsigned char)*text >= 0x80))
            used += put_utf8(to + used, is_escape ? (unsigned)code : (unsigned char)*text);
        else
            to[used++] = *text;
        text += is_escape ? 6 : 1;
    }
    to[*text == '\0' ? used : 0] = '\0';
}

/* UTF-8 that was encoded once more, as if its bytes were Latin-1 characters; false: it was not. */
static bool decode_again(char text[TEXT_SIZE])
{
    char once[TEXT_SIZE];
    size_t used = 0;
    bool any = false;
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; used++) {
        if (*c >= 0x80 && *c != 0xc2 && *c != 0xc3)
            return false;
        any |= *c >= 0x80;
        once[used] = (char)(*c < 0x80 ? *c : (*c & 3) << 6 | (c[1] & 0x3f));
        c += *c < 0x80 ? 1 : 2;
    }
    once[used] = '\0';
    if (!any || !is_utf8(once))
        return false;
    memcpy(text, once, used + 1);
    return true;
}

/* Writes text without blanks around it and with one character for each of those that look alike. */
static void unify(char to[TEXT_SIZE], const char *text)
{
    size_t used = 0;
    text += strspn(text, " \t\r\n");
    while (*text != '\0' && used + 4 < TEXT_SIZE) {
        size_t i = 0, count = sizeof alike / sizeof alike[0];
        while (i < count && strncmp(text, alike[i].from, strlen(alike[i].from)) != 0)
            i++;
        if (i == count) {
            to[used++] = *text++;
            continue;
        }
        used += (size_t)sprintf(to + used, "%s", alike[i].to);
        text += strlen(alike[i].from);
    }
    while (used > 0 && strchr(" \t\r\n", to[used - 1]))
        used--;
    to[used] = '\0';
}

/* ---- units ---------------------------------------------------------------------------------- */

static bool is_listed(const char *text, const char *list, bool by_case)
{
    size_t length = strlen(text);
    for (const char *word = list; *word != '\0'; word += strcspn(word, " ")) {
        word += strspn(word, " ");
        if (strcspn(word, " ") == length && length > 0 &&
            (by_case ? strncmp(word, text, length) : strncasecmp(word, text, length)) == 0)
            return true;
    }
    return false;
}

static size_t find(const char *text)
{
    size_t i = 0;
    while (i < UNITS && !is_listed(text, units[i].symbols, true) &&
           !is_listed(text, units[i].words, false))
        i++;
    return i;
}

static bool is_whole_text(const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f || *c == '"' || *c == '\\')
            return false;
    return strstr(text, "\xef\xbf\xbd") == NULL && strlen(text) < UNIT_SIZE;
}

void unit_normalize(char unit[UNIT_SIZE], const char *text)
{
    char decoded[TEXT_SIZE], unified[TEXT_SIZE];
    decode(decoded, text);
    while (decode_again(decoded))
        ;
    unify(unified, decoded);
    size_t i = find(unified);
    if (i < UNITS)
        snprintf(unit, UNIT_SIZE, "%s", units[i].unit);
    else
        snprintf(unit, UNIT_SIZE, "%.*s", UNIT_SIZE - 1, is_whole_text(unified) ? unified : "");
}

double unit_metres(const char *unit)
{
    for (size_t i = 0; i < UNITS; i++)
        if (strcmp(unit, units[i].unit) == 0)
            return units[i].metres;
    return NAN;
}

double unit_to_metres(double value, const char *unit)
{
    double metres = unit_metres(unit);
    if (isnan(metres))
        return NAN;
    char text[NUMBER_SIZE], moved[2 * NUMBER_SIZE];
    long power = lrint(log10(metres)), own = 0;
    snprintf(moved, sizeof moved, "1e%ld", power);
    if (strtod(moved, NULL) != metres)
        return value * metres;
    number_text(value, text);
    char *exponent = strchr(text, 'e');
    if (exponent) {
        own = strtol(exponent + 1, NULL, 10);
        *exponent = '\0';
    }
    snprintf(moved, sizeof moved, "%se%ld", text, own + power);
    return strtod(moved, NULL);
}

bool unit_is_pixel(const char *unit)
{
    return strcmp(unit, "pixel") == 0;
}

const char *unit_in_ome(const char *unit)
{
    for (size_t i = 0; i < UNITS; i++)
        if (strcmp(unit, units[i].unit) == 0)
            return units[i].ome;
    return NULL;
}
