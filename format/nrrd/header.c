#include "format/nrrd/header.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/array.h"

#define HEADER_LIMIT (1u << 20) /* bytes; even a long history has only some thousand */

static const char *const field_names[FIELDS] = {
    [FIELD_CONTENT] = "content",
    [FIELD_NUMBER] = "number",
    [FIELD_TYPE] = "type",
    [FIELD_BLOCK_SIZE] = "block size",
    [FIELD_DIMENSION] = "dimension",
    [FIELD_SPACE] = "space",
    [FIELD_SPACE_DIMENSION] = "space dimension",
    [FIELD_SIZES] = "sizes",
    [FIELD_SPACINGS] = "spacings",
    [FIELD_THICKNESSES] = "thicknesses",
    [FIELD_AXIS_MINS] = "axis mins",
    [FIELD_AXIS_MAXS] = "axis maxs",
    [FIELD_CENTERS] = "centers",
    [FIELD_LABELS] = "labels",
    [FIELD_UNITS] = "units",
    [FIELD_KINDS] = "kinds",
    [FIELD_MIN] = "min",
    [FIELD_MAX] = "max",
    [FIELD_OLD_MIN] = "old min",
    [FIELD_OLD_MAX] = "old max",
    [FIELD_ENDIAN] = "endian",
    [FIELD_ENCODING] = "encoding",
    [FIELD_LINE_SKIP] = "line skip",
    [FIELD_BYTE_SKIP] = "byte skip",
    [FIELD_SAMPLE_UNITS] = "sample units",
    [FIELD_SPACE_DIRECTIONS] = "space directions",
    [FIELD_SPACE_ORIGIN] = "space origin",
    [FIELD_SPACE_UNITS] = "space units",
    [FIELD_MEASUREMENT_FRAME] = "measurement frame",
    [FIELD_DATA_FILE] = "data file",
};

const char *nrrd_field_name(enum nrrd_field field)
{
    return field_names[field];
}

bool nrrd_header_refuse(const struct nrrd_header *header, enum nrrd_field field, struct fail *fail,
                        const char *found, const char *expected)
{
    return fail_set(fail, "%s: %s: found '%.60s', expected %s", header->name,
                    nrrd_field_name(field), found, expected);
}

/* Reads a line and drops its end. Returns it, for the caller to free. NULL on failure, also if the
 * input ends. */
static char *read_line(struct nrrd_header *header, struct input *input, struct fail *fail)
{
    char *line = NULL;
    size_t capacity = 0, length = 0;
    while (array_reserve(line, &capacity, length + 1)) {
        int byte = input_byte(input, fail);
        if (byte < 0) {
            fail_set(fail, "%s: stream ends inside its header", header->name);
            break;
        }
        if (byte == '\0' || ++header->bytes > HEADER_LIMIT) {
            fail_set(fail,
                     byte == '\0' ? "%s: the header holds a NUL byte after %zu bytes"
                                  : "%s: the header does not end within %zu bytes",
                     header->name, header->bytes - (byte != '\0'));
            break;
        }
        if (byte != '\n') {
            line[length++] = (char)byte;
            continue;
        }
        length -= length > 0 && line[length - 1] == '\r';
        line[length] = '\0';
        return line;
    }
    fail_memory(fail, "%s: its header", header->name); /* unless fail is set already */
    free(line);
    return NULL;
}

static bool is_tiff(const unsigned char magic[4])
{
    static const char *const magics[] = {"II*\0", "MM\0*", "II+\0", "MM\0+"};
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
        if (memcmp(magic, magics[i], 4) == 0)
            return true;
    return false;
}

static bool check_magic(const struct nrrd_header *header, struct input *input, struct fail *fail)
{
    unsigned char magic[8];
    size_t got = input_read(input, magic, sizeof magic, fail);
    if (got == 0)
        return input_refuse_empty(input, "an NRRD stream", fail);
    if (got == 8 && memcmp(magic, "NRRD000", 7) == 0) {
        if (magic[7] >= '1' && magic[7] <= '6')
            return true;
        return fail_set(fail, "%s: is an NRRD000%c, expected NRRD0001 to NRRD0006", header->name,
                        magic[7]);
    }
    if (got >= 4 && is_tiff(magic))
        return fail_convert(fail, "tiff2vol", header->name, "%s: is a TIFF file, expected NRRD",
                            header->name);
    if (got >= 2 && magic[0] == 0x1f && magic[1] == 0x8b)
        return fail_convert(fail, "gzip -dc", header->name,
                            "%s: is compressed as a whole, expected NRRD", header->name);
    return fail_set(fail, "%s: is not an NRRD stream: it begins with '%.*s', expected 'NRRD000'",
                    header->name, (int)got, (const char *)magic);
}

static void unescape(char *value)
{
    char *to = value;
    for (const char *from = value; *from != '\0'; from++) {
        if (from[0] == '\\' && (from[1] == 'n' || from[1] == '\\'))
            *to++ = *++from == 'n' ? '\n' : '\\';
        else
            *to++ = *from;
    }
    *to = '\0';
}

static void trim_end(char *text)
{
    for (size_t n = strlen(text); n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'); n--)
        text[n - 1] = '\0';
}

/* Ignores case and blanks: "spacedimension" is another name of "space dimension". */
static bool same_name(const char *found, const char *name)
{
    while (*found != '\0' || *name != '\0') {
        if (*name == ' ')
            found += *found == ' ';
        else if (tolower((unsigned char)*found++) != *name)
            return false;
        name++;
    }
    return true;
}

static enum nrrd_field field_named(const char *name)
{
    if (same_name(name, "centerings"))
        return FIELD_CENTERS;
    enum nrrd_field field = FIELD_CONTENT;
    while (field < FIELDS && !same_name(name, field_names[field]))
        field++;
    return field;
}

static bool store_field(struct nrrd_header *header, struct volume *volume, char *name, char *value,
                        struct fail *fail)
{
    enum nrrd_field field = field_named(name);
    trim_end(value);
    /* Unknown fields become key/values: unu refuses a stream with a field that it does not know. */
    if (field == FIELDS)
        return volume_set_value(volume, name, value, fail);
    if (field == FIELD_DATA_FILE) /* refuse it here: its header may end without an empty line */
        return nrrd_header_refuse(header, field, fail, value,
                                  "none: data must follow the header (attached)");
    if (header->text[field])
        return fail_set(fail, "%s: %s: stands twice in the header", header->name, name);
    header->text[field] = strdup(value);
    return header->text[field] || fail_errno(fail, "%s: %s", header->name, name);
}

static bool parse_line(struct nrrd_header *header, struct volume *volume, char *line,
                       struct fail *fail)
{
    if (line[0] == '#')
        return true;
    char *pair = strstr(line, ":="), *colon = strstr(line, ": ");
    if (pair && pair != line && (!colon || pair < colon)) {
        *pair = '\0';
        unescape(pair + 2);
        return volume_set_value(volume, line, pair + 2, fail);
    }
    if (!colon)
        colon = strchr(line, ':');
    if (!colon || colon == line)
        return fail_set(fail, "%s: header line '%.60s' is neither 'field: value' nor 'key:=value'",
                        header->name, line);
    *colon = '\0';
    char *value = colon + 1 + strspn(colon + 1, " \t");
    return store_field(header, volume, line, value, fail);
}

bool nrrd_header_read(struct nrrd_header *header, struct volume *volume, struct input *input,
                      struct fail *fail)
{
    if (!check_magic(header, input, fail))
        return false;
    char *line = read_line(header, input, fail); /* the rest of the magic's line */
    bool ok = line && (line[strspn(line, " \t")] == '\0' ||
                       fail_set(fail, "%s: is not an NRRD stream: '%.60s' follows its magic",
                                header->name, line));
    while (ok) {
        free(line);
        line = read_line(header, input, fail);
        if (!line || line[0] == '\0')
            break;
        ok = parse_line(header, volume, line, fail);
    }
    ok = ok && line;
    free(line);
    return ok;
}

void nrrd_header_free(struct nrrd_header *header)
{
    for (size_t i = 0; i < FIELDS; i++)
        free(header->text[i]);
}
