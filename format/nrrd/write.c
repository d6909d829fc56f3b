/* Writes NRRD: a header that is always built in the same way, then little-endian floats. */
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/io/output.h"
#include "common/io/pages.h"
#include "common/text/number.h"
#include "format/nrrd/stream.h"

struct nrrd_writer {
    struct writer writer;
    struct output output;
    struct pages pages; /* that are lent */
    bool was_asked;     /* for them */
};

static bool print_vector(struct output *output, const double vector[3], struct fail *fail)
{
    char text[3][NUMBER_SIZE];
    return output_print(output, fail, "(%s,%s,%s)", number_text(vector[0], text[0]),
                        number_text(vector[1], text[1]), number_text(vector[2], text[2]));
}

static size_t known_spacings(const struct volume *volume)
{
    size_t known = 0;
    for (size_t a = 0; a < AXES; a++)
        known += isnan(volume->direction[a][0]) ? 0 : 1;
    return known;
}

/* If the spacing of every axis is known: directions, which all readers support. */
static bool print_directions(struct output *output, const struct volume *volume, struct fail *fail)
{
    bool ok = output_print(output, fail, "space directions:%s",
                           volume->channel_kind != CHANNELS_NONE ? " none" : "");
    for (size_t a = AXES; ok && a-- > 0;)
        ok = output_print(output, fail, " ") && print_vector(output, volume->direction[a], fail);
    return ok && output_print(output, fail, "\n");
}

static bool has_units(const struct volume *volume)
{
    return volume->unit[0][0] != '\0' || volume->unit[1][0] != '\0' || volume->unit[2][0] != '\0';
}

/* Fiji and niivue know the micrometre only as "microns". */
static const char *unit_word(const char *unit)
{
    return strcmp(unit, "um") == 0 ? "microns" : unit;
}

static bool print_units(struct output *output, const struct volume *volume, const char *field,
                        struct fail *fail)
{
    return output_print(output, fail, "%s \"%s\" \"%s\" \"%s\"\n", field,
                        unit_word(volume->unit[0]), unit_word(volume->unit[1]),
                        unit_word(volume->unit[2]));
}

/* If some are unknown: spacings with nan, without any field of space (ITK refuses both together).
 * unu loses the units of axes without a label. */
static bool print_spacings(struct output *output, const struct volume *volume, struct fail *fail)
{
    bool channels = volume->channel_kind != CHANNELS_NONE;
    bool ok = output_print(output, fail, "spacings:%s", channels ? " nan" : "");
    for (size_t a = AXES; ok && a-- > 0;) {
        char text[NUMBER_SIZE] = "nan";
        double spacing = volume_spacing(volume, (enum axis)a);
        ok = output_print(output, fail, " %s", isnan(spacing) ? "nan" : number_text(spacing, text));
    }
    if (!ok || !output_print(output, fail, "\n") || !has_units(volume))
        return ok;
    if (!volume_field(volume, "labels") &&
        !output_print(output, fail, "labels:%s \"x\" \"y\" \"z\"\n",
                      channels ? " \"channel\"" : ""))
        return false;
    return print_units(output, volume, channels ? "units: \"\"" : "units:", fail);
}

/* Fields that were passed on as they are. A measurement frame needs the space it refers to. */
static bool print_carried(struct output *output, const struct volume *volume, struct fail *fail)
{
    bool in_space = known_spacings(volume) == AXES;
    for (size_t i = 0; i < volume->key_value_count; i++) {
        const struct key_value *key_value = &volume->key_values[i];
        bool fits = in_space || strcmp(key_value->key, "measurement frame") != 0;
        if (key_value->is_field && fits &&
            !output_print(output, fail, "%s: %s\n", key_value->key, key_value->value))
            return false;
    }
    return true;
}

/* key:=value with the two escapes that the format has; other control characters become blanks. */
static bool print_key_value(struct output *output, const struct key_value *key_value,
                            struct fail *fail)
{
    bool ok = output_print(output, fail, "%s:=", key_value->key);
    for (const char *c = key_value->value; ok && *c != '\0'; c++) {
        if (*c == '\n' || *c == '\\')
            ok = output_write(output, *c == '\n' ? "\\n" : "\\\\", 2, fail);
        else
            ok = output_write(output, iscntrl((unsigned char)*c) ? " " : c, 1, fail);
    }
    return ok && output_print(output, fail, "\n");
}

static bool print_key_values(struct output *output, const struct volume *volume, struct fail *fail)
{
    for (size_t i = 0; i < volume->key_value_count; i++)
        if (!volume->key_values[i].is_field &&
            !print_key_value(output, &volume->key_values[i], fail))
            return false;
    return true;
}

/* The measurement frame came with NRRD0005; all else is older, and so are some readers. sizes must
 * precede the space dimension, which VTK's reader takes for the number of sizes. */
static bool print_shape(struct output *output, const struct volume *volume, struct fail *fail)
{
    bool channels = volume->channel_kind != CHANNELS_NONE;
    bool has_frame = known_spacings(volume) == AXES && volume_field(volume, "measurement frame");
    bool ok = output_print(output, fail,
                           "NRRD000%d\n"
                           "# Complete NRRD file format specification at:\n"
                           "# http://teem.sourceforge.net/nrrd/format.html\n"
                           "type: float\n"
                           "dimension: %d\n"
                           "sizes:",
                           has_frame ? 5 : 4, channels ? 4 : 3);
    if (ok && channels)
        ok = output_print(output, fail, " %" PRIu64, volume->channels);
    ok = ok &&
         output_print(output, fail, " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
                      volume->size[AXIS_COLUMN], volume->size[AXIS_ROW], volume->size[AXIS_PLANE]);
    if (!ok || known_spacings(volume) < AXES)
        return ok;
    return volume->space[0] != '\0' ? output_print(output, fail, "space: %s\n", volume->space)
                                    : output_print(output, fail, "space dimension: 3\n");
}

static bool print_header(struct output *output, const struct volume *volume, struct fail *fail)
{
    static const char *const channel_kinds[] = {"", "vector ", "RGB-color ", "RGBA-color "};
    size_t known = known_spacings(volume);
    if (!print_shape(output, volume, fail))
        return false;
    if (known == AXES && !print_directions(output, volume, fail))
        return false;
    if (!output_print(output, fail,
                      "kinds: %sdomain domain domain\nendian: little\nencoding: raw\n",
                      channel_kinds[volume->channel_kind]))
        return false;
    if (known == AXES && has_units(volume) && !print_units(output, volume, "space units:", fail))
        return false;
    if (known == AXES && !isnan(volume->origin[0]) &&
        !(output_print(output, fail, "space origin: ") &&
          print_vector(output, volume->origin, fail) && output_print(output, fail, "\n")))
        return false;
    if (known > 0 && known < AXES && !print_spacings(output, volume, fail))
        return false;
    return print_carried(output, volume, fail) && print_key_values(output, volume, fail) &&
           output_print(output, fail, "\n");
}

/* What is known of a volume, but not written without the spacing of each axis. */
static const char *left_out(const struct volume *volume)
{
    bool has_place = volume->space[0] != '\0' || !isnan(volume->origin[0]) ||
                     volume_field(volume, "measurement frame");
    return has_place && known_spacings(volume) < AXES
               ? "space and origin are left out, as the spacing of an axis is not known"
               : NULL;
}

static bool nrrd_write(struct writer *writer, const float *v, size_t n, struct fail *fail)
{
    struct nrrd_writer *nrrd = (struct nrrd_writer *)writer;
    struct output *output = &nrrd->output;
    if (pages_contain(&nrrd->pages, v))
        return output_give(output, v, n * sizeof *v, fail);
    if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
        return output_write(output, v, n * sizeof *v, fail);
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &v[i], sizeof bits);
        bits = __builtin_bswap32(bits);
        if (!output_write(output, &bits, sizeof bits, fail))
            return false;
    }
    return true;
}

/* For a smaller volume huge pages take longer than copies, and larger spans take enough memory as
 * they are. */
#define LENT_FROM (UINT64_C(1) << 22) /* samples */
#define LENT_SPAN (256u << 10)        /* bytes */

static float *nrrd_lend(struct writer *writer, size_t n, size_t count)
{
    struct nrrd_writer *nrrd = (struct nrrd_writer *)writer;
    if (!nrrd->was_asked && writer->unwritten >= LENT_FROM && n * sizeof(float) <= LENT_SPAN &&
        __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && output_takes_pages(&nrrd->output))
        pages_init(&nrrd->pages, n * sizeof(float), count);
    nrrd->was_asked = true;
    return pages_take(&nrrd->pages);
}

static void nrrd_take_back(struct writer *writer, const float *span)
{
    pages_release(&((struct nrrd_writer *)writer)->pages, span);
}

static bool nrrd_end(struct writer *writer, bool whole, struct fail *fail)
{
    struct nrrd_writer *nrrd = (struct nrrd_writer *)writer;
    whole = output_close(&nrrd->output, whole, fail);
    pages_free(&nrrd->pages);
    free(nrrd);
    return whole;
}

struct writer *nrrd_create(const char *path, const struct volume *volume, struct fail *fail)
{
    static const struct writer_class class = {
        .write = nrrd_write, .lend = nrrd_lend, .take_back = nrrd_take_back, .close = nrrd_end};
    struct nrrd_writer *nrrd = calloc(1, sizeof *nrrd);
    if (!nrrd || !output_open(&nrrd->output, path, fail)) {
        fail_memory(fail, "to write");
        free(nrrd);
        return NULL;
    }
    nrrd->writer.class = &class;
    nrrd->writer.notice = left_out(volume);
    nrrd->writer.unwritten = volume_samples(volume);
    if (print_header(&nrrd->output, volume, fail))
        return &nrrd->writer;
    nrrd_end(&nrrd->writer, false, fail);
    return NULL;
}
