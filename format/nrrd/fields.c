/* What the fields of an NRRD header mean, by the format's definition
 * (http://teem.sourceforge.net/nrrd/format.html) and by what its readers do. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/text/number.h"
#include "common/volume/source.h"
#include "format/nrrd/header.h"

/* Fields that are passed on as they are, and whether they have a word for each axis: those only if
 * the stream's axes are the file's. min, max and the like are not passed on, as samples change. */
static const struct {
    enum nrrd_field field;
    bool per_axis;
} carried[] = {{FIELD_CONTENT, false},    {FIELD_SAMPLE_UNITS, false},
               {FIELD_THICKNESSES, true}, {FIELD_CENTERS, true},
               {FIELD_LABELS, true},      {FIELD_MEASUREMENT_FRAME, false}};

static const char *const type_names[SAMPLE_TYPES][8] = {
    [SAMPLE_INT8] = {"signed char", "int8", "int8_t"},
    [SAMPLE_UINT8] = {"uchar", "unsigned char", "uint8", "uint8_t"},
    [SAMPLE_INT16] = {"short", "short int", "signed short", "signed short int", "int16", "int16_t"},
    [SAMPLE_UINT16] = {"ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"},
    [SAMPLE_INT32] = {"int", "signed int", "int32", "int32_t"},
    [SAMPLE_UINT32] = {"uint", "unsigned int", "uint32", "uint32_t"},
    [SAMPLE_INT64] = {"longlong", "long long", "long long int", "signed long long",
                      "signed long long int", "int64", "int64_t"},
    [SAMPLE_UINT64] = {"ulonglong", "unsigned long long", "unsigned long long int", "uint64",
                       "uint64_t"},
    [SAMPLE_FLOAT32] = {"float"},
    [SAMPLE_FLOAT64] = {"double"}};

static const char *const named_spaces[] = {"right-anterior-superior",
                                           "RAS",
                                           "left-anterior-superior",
                                           "LAS",
                                           "left-posterior-superior",
                                           "LPS",
                                           "scanner-xyz",
                                           "3D-right-handed",
                                           "3D-left-handed"};

/* Returns the next word of a list, or NULL after the last, and moves *list after it. */
static char *next_word(char **list)
{
    char *word = *list + strspn(*list, " \t");
    if (*word == '\0')
        return NULL;
    *list = word + strcspn(word, " \t");
    if (**list != '\0')
        *(*list)++ = '\0';
    return word;
}

static bool read_dimension(struct nrrd_header *header, struct fail *fail)
{
    const char *text = header->text[FIELD_DIMENSION];
    return (number_count(text, &header->dimension) && header->dimension >= 1 &&
            header->dimension <= NRRD_AXES) ||
           nrrd_header_refuse(header, FIELD_DIMENSION, fail, text, "1 to 4");
}

static bool read_sizes(struct nrrd_header *header, struct fail *fail)
{
    char *list = header->text[FIELD_SIZES];
    uint64_t found = 0;
    for (char *word; (word = next_word(&list)) != NULL; found++) {
        uint64_t size = 0;
        if (!number_count(word, &size) || size == 0)
            return nrrd_header_refuse(header, FIELD_SIZES, fail, word,
                                      "whole numbers of 1 or more");
        if (found < header->dimension)
            header->size[found] = size;
    }
    return found == header->dimension ||
           fail_set(fail,
                    "%s: sizes: found %" PRIu64 " numbers, expected %" PRIu64 " (the dimension)",
                    header->name, found, header->dimension);
}

static bool read_type(struct nrrd_header *header, struct fail *fail)
{
    const char *text = header->text[FIELD_TYPE];
    for (enum sample_type type = 0; type < SAMPLE_TYPES; type++)
        for (const char *const *name = type_names[type]; *name; name++)
            if (strcasecmp(text, *name) == 0) {
                header->type = type;
                return true;
            }
    return nrrd_header_refuse(header, FIELD_TYPE, fail, text, "an integer or float type");
}

static bool read_encoding(struct nrrd_header *header, struct fail *fail)
{
    const char *text = header->text[FIELD_ENCODING];
    header->gzip = strcasecmp(text, "gzip") == 0 || strcasecmp(text, "gz") == 0;
    return header->gzip || strcasecmp(text, "raw") == 0 ||
           nrrd_header_refuse(header, FIELD_ENCODING, fail, text, "raw or gzip");
}

static bool read_endian(struct nrrd_header *header, struct fail *fail)
{
    const char *text = header->text[FIELD_ENDIAN];
    if (!text)
        return sample_size(header->type) == 1 ||
               fail_set(fail, "%s: endian: is missing, expected little or big for type %s",
                        header->name, header->text[FIELD_TYPE]);
    header->big_endian = strcasecmp(text, "big") == 0;
    return header->big_endian || strcasecmp(text, "little") == 0 ||
           nrrd_header_refuse(header, FIELD_ENDIAN, fail, text, "little or big");
}

static bool read_skips(struct nrrd_header *header, struct fail *fail)
{
    const char *lines = header->text[FIELD_LINE_SKIP], *bytes = header->text[FIELD_BYTE_SKIP];
    if (lines && !number_count(lines, &header->line_skip))
        return nrrd_header_refuse(header, FIELD_LINE_SKIP, fail, lines, "a whole number");
    if (bytes && strcmp(bytes, "-1") == 0 && !header->gzip)
        return header->data_at_end = true;
    return !bytes || (number_count(bytes, &header->byte_skip) && header->byte_skip <= INT64_MAX) ||
           nrrd_header_refuse(header, FIELD_BYTE_SKIP, fail, bytes,
                              "a whole number, or -1 with raw encoding");
}

/* Reads the fields about the samples, and refuses what we don't support. */
static bool read_layout(struct nrrd_header *header, struct fail *fail)
{
    static const enum nrrd_field needed[] = {FIELD_DIMENSION, FIELD_TYPE, FIELD_SIZES,
                                             FIELD_ENCODING};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (!header->text[needed[i]])
            return fail_set(fail, "%s: %s: is missing in the header", header->name,
                            nrrd_field_name(needed[i]));
    return read_dimension(header, fail) && read_type(header, fail) && read_sizes(header, fail) &&
           read_encoding(header, fail) && read_endian(header, fail) && read_skips(header, fail);
}

/* The words of a field that has one for each axis, without quotes. */
struct words {
    char *word[NRRD_AXES];
};

static bool split_words(const struct nrrd_header *header, enum nrrd_field field, uint64_t count,
                        struct words *words, struct fail *fail)
{
    char *list = header->text[field];
    uint64_t found = 0;
    for (; *(list += strspn(list, " \t")) != '\0'; found++) {
        char *word = list;
        if (*list == '"') {
            word++;
            list = strchr(word, '"');
            if (!list)
                return nrrd_header_refuse(header, field, fail, word - 1, "a closing quote");
        } else if (*list == '(') {
            list = strchr(word, ')');
            if (!list)
                return nrrd_header_refuse(header, field, fail, word, "a closing parenthesis");
        } else {
            list += strcspn(list, " \t");
        }
        if (found < count)
            words->word[found] = word;
        if (*list != '\0')
            *list++ = '\0';
    }
    return found == count || fail_set(fail, "%s: %s: found %" PRIu64 " words, expected %" PRIu64,
                                      header->name, nrrd_field_name(field), found, count);
}

/* What the header says that an axis is. */
enum role { ROLE_UNKNOWN, ROLE_POSITION, ROLE_CHANNELS };

static bool is_one_of(const char *word, const char *const *words)
{
    while (*words && strcasecmp(word, *words) != 0)
        words++;
    return *words != NULL;
}

static bool is_vector(const char *direction)
{
    return direction && strcasecmp(direction, "none") != 0;
}

/* By its kind; where that says nothing, by its direction in space: an axis without one, beside axes
 * that have one, holds channels. */
static enum role role_of(const struct nrrd_header *header, const struct words *kinds,
                         const struct words *directions, uint64_t axis)
{
    static const char *const positions[] = {"domain", "space", "time", NULL};
    static const char *const nothing[] = {"???", "none", NULL};
    const char *kind = kinds->word[axis];
    bool has_vectors = false;
    if (kind && !is_one_of(kind, nothing))
        return is_one_of(kind, positions) ? ROLE_POSITION : ROLE_CHANNELS;
    if (is_vector(directions->word[axis]))
        return ROLE_POSITION;
    for (uint64_t a = 0; a < header->dimension; a++)
        has_vectors = has_vectors || is_vector(directions->word[a]);
    return has_vectors ? ROLE_CHANNELS : ROLE_UNKNOWN;
}

static bool refuse_role(const struct nrrd_header *header, const struct words *kinds,
                        const struct words *directions, uint64_t axis, struct fail *fail)
{
    const char *kind = kinds->word[axis], *direction = directions->word[axis];
    return fail_set(fail,
                    "%s: %s: found '%.40s' for axis %" PRIu64 ", expected it only for the fastest "
                    "axis (unu permute can move it)",
                    header->name, nrrd_field_name(kind ? FIELD_KINDS : FIELD_SPACE_DIRECTIONS),
                    kind        ? kind
                    : direction ? direction
                                : "none",
                    axis);
}

/* Finds out whether the fastest axis holds channels: the header says so, or it is one of four and
 * the header says nothing about it. Refuses another axis that does, and four axes of positions. */
static bool find_channels(const struct nrrd_header *header, const struct words *kinds,
                          const struct words *directions, struct volume *volume, struct fail *fail)
{
    enum role first = role_of(header, kinds, directions, 0);
    const char *kind = kinds->word[0];
    for (uint64_t a = 1; a < header->dimension; a++)
        if (role_of(header, kinds, directions, a) == ROLE_CHANNELS)
            return refuse_role(header, kinds, directions, a, fail);
    if (first == ROLE_POSITION && header->dimension == NRRD_AXES)
        return fail_set(fail,
                        "%s: %s: found four axes in space and time, expected three, or channels as "
                        "the fastest axis (unu slice can take out one volume)",
                        header->name, nrrd_field_name(kind ? FIELD_KINDS : FIELD_SPACE_DIRECTIONS));
    bool channels = first == ROLE_CHANNELS || header->dimension == NRRD_AXES;
    volume->channel_kind = channels ? CHANNELS_VECTOR : CHANNELS_NONE;
    if (kind && strcasecmp(kind, "RGB-color") == 0 && header->size[0] == 3)
        volume->channel_kind = CHANNELS_RGB;
    if (kind && strcasecmp(kind, "RGBA-color") == 0 && header->size[0] == 4)
        volume->channel_kind = CHANNELS_RGBA;
    return true;
}

/* The axis of the file, 0 is the fastest, that is our axis; NRRD_AXES if the file has none. */
static uint64_t file_axis(const struct nrrd_header *header, const struct volume *volume,
                          enum axis axis)
{
    uint64_t at = (uint64_t)(AXIS_COLUMN - axis) + (volume->channel_kind != CHANNELS_NONE);
    return at < header->dimension ? at : NRRD_AXES;
}

static bool read_shape(const struct nrrd_header *header, const struct words *kinds,
                       const struct words *directions, struct volume *volume, struct fail *fail)
{
    if (!find_channels(header, kinds, directions, volume, fail))
        return false;
    if (volume->channel_kind != CHANNELS_NONE)
        volume->channels = header->size[0];
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        uint64_t at = file_axis(header, volume, a);
        volume->size[a] = at < NRRD_AXES ? header->size[at] : 1;
    }
    return volume_fits(volume) ||
           fail_set(fail, "%s: sizes: their product is more samples than a stream can hold",
                    header->name);
}

static bool read_vector(const struct nrrd_header *header, enum nrrd_field field, const char *word,
                        size_t n, double vector[3], struct fail *fail)
{
    char numbers[128], *save = NULL;
    size_t found = 0;
    vector[0] = vector[1] = vector[2] = 0;
    snprintf(numbers, sizeof numbers, "%s", word[0] == '(' ? word + 1 : "");
    for (char *w = strtok_r(numbers, ", \t)", &save); w; w = strtok_r(NULL, ", \t)", &save))
        if (found++ < n && !number_any(w, &vector[found - 1]))
            return nrrd_header_refuse(header, field, fail, w, "a number");
    if (found != n)
        return nrrd_header_refuse(header, field, fail, word,
                                  "a vector with a number for each dimension of space");
    for (size_t i = 0; i < n; i++)
        if (!isfinite(vector[i]))
            vector[0] = NAN;
    return true;
}

/* *dimension: how many numbers a vector has; 0 if the header has no space. */
static bool read_space(struct nrrd_header *header, struct volume *volume, size_t *dimension,
                       struct fail *fail)
{
    const char *name = header->text[FIELD_SPACE], *count = header->text[FIELD_SPACE_DIMENSION];
    uint64_t number = 0;
    *dimension = 0;
    if (name && count)
        return fail_set(fail, "%s: space: stands beside space dimension; only one of them may",
                        header->name);
    if (count && (!number_count(count, &number) || number < 1 || number > 3))
        return nrrd_header_refuse(header, FIELD_SPACE_DIMENSION, fail, count, "1 to 3");
    *dimension = number;
    for (size_t i = 0; name && i < sizeof named_spaces / sizeof named_spaces[0]; i++) {
        if (strcasecmp(name, named_spaces[i]) == 0) {
            snprintf(volume->space, sizeof volume->space, "%s", named_spaces[i]);
            *dimension = 3;
        }
    }
    return !name || *dimension == 3 ||
           nrrd_header_refuse(header, FIELD_SPACE, fail, name, "a space of three dimensions");
}

static bool read_directions(const struct nrrd_header *header, const struct words *directions,
                            size_t dimension, struct volume *volume, struct fail *fail)
{
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        uint64_t at = file_axis(header, volume, a);
        const char *word = at < NRRD_AXES ? directions->word[at] : NULL;
        if (!is_vector(word))
            continue;
        double *step = volume->direction[a];
        if (!read_vector(header, FIELD_SPACE_DIRECTIONS, word, dimension, step, fail))
            return false;
        if (step[0] == 0 && step[1] == 0 && step[2] == 0)
            return nrrd_header_refuse(header, FIELD_SPACE_DIRECTIONS, fail, word,
                                      "a step that is not zero");
    }
    return true;
}

/* *number: NAN unless the field has one, which is finite, for the axis. */
static bool read_number(const struct nrrd_header *header, enum nrrd_field field,
                        const struct words *words, uint64_t axis, double *number, struct fail *fail)
{
    const char *word = axis < NRRD_AXES ? words->word[axis] : NULL;
    *number = NAN;
    return !word || (number_any(word, number) && !isinf(*number)) ||
           nrrd_header_refuse(header, field, fail, word, "finite numbers, or nan");
}

/* Reads the spacings of axes without a direction. Where an axis has both, the direction counts. */
static bool read_spacings(struct nrrd_header *header, const struct words *directions,
                          struct volume *volume, struct fail *fail)
{
    struct words spacings = {{0}};
    if (!split_words(header, FIELD_SPACINGS, header->dimension, &spacings, fail))
        return false;
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        uint64_t at = file_axis(header, volume, a);
        double spacing, length = volume_spacing(volume, a);
        if (!read_number(header, FIELD_SPACINGS, &spacings, at, &spacing, fail))
            return false;
        if (at < NRRD_AXES && is_vector(directions->word[at]))
            header->spacings_disagree |= fabs(fabs(spacing) - length) > 1e-3 * length;
        else if (spacing == 0)
            return nrrd_header_refuse(header, FIELD_SPACINGS, fail, spacings.word[at],
                                      "numbers other than 0, or nan");
        else if (!isnan(spacing))
            volume_set_spacing(volume, a, spacing);
    }
    return true;
}

/* Axis mins and maxs are the ends of the first and the last sample where centers are cells, as they
 * are unless they are said to be nodes, and else their centers. They count where neither a spacing
 * nor a space says more. */
static bool read_bounds(const struct nrrd_header *header, size_t dimension, struct volume *volume,
                        struct fail *fail)
{
    static const enum nrrd_field fields[3] = {FIELD_AXIS_MINS, FIELD_AXIS_MAXS, FIELD_CENTERS};
    struct words words[3] = {{{0}}};
    double origin[AXES] = {NAN, NAN, NAN};
    for (size_t i = 0; i < 3; i++)
        if (header->text[fields[i]] &&
            !split_words(header, fields[i], header->dimension, &words[i], fail))
            return false;
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        uint64_t at = file_axis(header, volume, a);
        double min, max;
        if (!read_number(header, FIELD_AXIS_MINS, &words[0], at, &min, fail) ||
            !read_number(header, FIELD_AXIS_MAXS, &words[1], at, &max, fail))
            return false;
        const char *centers = at < NRRD_AXES ? words[2].word[at] : NULL;
        bool is_node = centers && strcasecmp(centers, "node") == 0;
        double steps = (double)(volume->size[a] - is_node), step = (max - min) / steps;
        if (dimension == 0 && isnan(volume->direction[a][0]) && steps > 0 && isfinite(step) &&
            fabs(step) > 0)
            volume_set_spacing(volume, a, step);
        origin[a] = min + (is_node ? 0 : volume->direction[a][AXIS_COLUMN - a] / 2);
    }
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        if (isnan(origin[a]) || isnan(volume->direction[a][0]))
            return true;
    for (enum axis a = AXIS_PLANE; dimension == 0 && a < AXES; a++)
        volume->origin[AXIS_COLUMN - a] = origin[a];
    return true;
}

static bool read_units(const struct nrrd_header *header, size_t dimension, struct volume *volume,
                       struct fail *fail)
{
    struct words units = {{0}};
    if (header->text[FIELD_SPACE_UNITS]) {
        if (dimension == 0)
            return fail_set(fail, "%s: space units: stands without space or space dimension",
                            header->name);
        if (!split_words(header, FIELD_SPACE_UNITS, dimension, &units, fail))
            return false;
        for (size_t w = 0; w < dimension; w++)
            unit_normalize(volume->unit[w], units.word[w]);
    }
    if (!header->text[FIELD_UNITS])
        return true;
    if (!split_words(header, FIELD_UNITS, header->dimension, &units, fail))
        return false;
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        uint64_t at = file_axis(header, volume, a);
        if (at < NRRD_AXES && units.word[at][0] != '\0')
            volume_set_unit(volume, a, units.word[at]);
    }
    return true;
}

static bool read_place_in_space(struct nrrd_header *header, const struct words *directions,
                                struct volume *volume, struct fail *fail)
{
    size_t dimension;
    if (!read_space(header, volume, &dimension, fail))
        return false;
    if (dimension == 0 &&
        (header->text[FIELD_SPACE_DIRECTIONS] || header->text[FIELD_SPACE_ORIGIN]))
        return fail_set(fail, "%s: %s: stands without space or space dimension", header->name,
                        header->text[FIELD_SPACE_DIRECTIONS] ? "space directions" : "space origin");
    if (header->text[FIELD_SPACE_DIRECTIONS] &&
        !read_directions(header, directions, dimension, volume, fail))
        return false;
    if (header->text[FIELD_SPACINGS] && !read_spacings(header, directions, volume, fail))
        return false;
    if ((header->text[FIELD_AXIS_MINS] || header->text[FIELD_AXIS_MAXS]) &&
        !read_bounds(header, dimension, volume, fail))
        return false;
    if (header->text[FIELD_SPACE_ORIGIN] &&
        !read_vector(header, FIELD_SPACE_ORIGIN, header->text[FIELD_SPACE_ORIGIN], dimension,
                     volume->origin, fail))
        return false;
    return read_units(header, dimension, volume, fail);
}

static bool carry_fields(const struct nrrd_header *header, struct volume *volume, struct fail *fail)
{
    uint64_t written = 3 + (volume->channel_kind != CHANNELS_NONE);
    for (size_t i = 0; i < sizeof carried / sizeof carried[0]; i++) {
        const char *text = header->text[carried[i].field];
        if (text && (!carried[i].per_axis || header->dimension == written) &&
            !volume_set_field(volume, nrrd_field_name(carried[i].field), text, fail))
            return false;
    }
    return true;
}

bool nrrd_header_interpret(struct nrrd_header *header, struct volume *volume, struct fail *fail)
{
    struct words kinds = {{0}}, directions = {{0}};
    if (!read_layout(header, fail))
        return false;
    if (!carry_fields(header, volume, fail)) /* before split_words() changes them */
        return false;
    if (header->text[FIELD_KINDS] &&
        !split_words(header, FIELD_KINDS, header->dimension, &kinds, fail))
        return false;
    if (header->text[FIELD_SPACE_DIRECTIONS] &&
        !split_words(header, FIELD_SPACE_DIRECTIONS, header->dimension, &directions, fail))
        return false;
    if (!read_shape(header, &kinds, &directions, volume, fail) ||
        !read_place_in_space(header, &directions, volume, fail))
        return false;
    if (sample_is_integer(header->type) &&
        !(volume_set_colour_window(volume, sample_largest(header->type), fail) &&
          volume_set_source_scale(volume, 1, SOURCE_KEPT, fail)))
        return false;
    if (!volume_value(volume, "source type"))
        return volume_set_value(volume, "source type", sample_name(header->type), fail);
    return true;
}
