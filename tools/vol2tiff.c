/* vol2tiff - a stream as a TIFF stack for ImageJ or OME's programs. The manual is vol2tiff.1. */
#include <stdio.h>
#include <string.h>

#include "common/cli/option.h"
#include "common/volume/loop.h"
#include "format/nrrd/stream.h"
#include "format/tiff/write/container.h"

static const char *const type_words[] = {"uint8", "uint16", "float32", NULL};
static const char *const dialect_words[] = {"imagej", "ome", NULL};
static const char *const compression_words[] = {"none", "deflate", "lzw", "zstd", NULL};

static int type, dialect = DIALECT_IMAGEJ, compression = COMPRESS_NONE;
static bool has_type, raw, saturate;

static const struct option_row options[] = {
    OPT_CHOICE(0, "type", "uint8|uint16|float32", type_words, &type,
               "type of the stored samples (default: uint8 or uint16 as in\n"
               "the TIFF file that the stream comes from, if it was scaled\n"
               "to 0 to 1, or raw with --raw; otherwise float32)",
               .given = &has_type),
    OPT_FLAG(0, "raw", &raw,
             "store the samples themselves, rounded (default: 1 becomes\n"
             "the largest number of an integer type)"),
    OPT_FLAG(0, "saturate", &saturate,
             "samples beyond an integer type become its nearest number\n"
             "(default: they are refused)"),
    OPT_CHOICE(0, "dialect", "imagej|ome", dialect_words, &dialect,
               "description of planes, channels and spacing (default imagej)"),
    OPT_CHOICE(0, "compress", "none|deflate|lzw|zstd", compression_words, &compression,
               "compress the samples, without loss (default none)"),
    {0},
};

static const struct program program = {
    .name = "vol2tiff",
    .summary = "Turn a stream into a TIFF stack, for ImageJ or OME's programs.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .more = "A TIFF file can't be written to a pipe: name one with -o.\n"
            "Example: tiff2vol cells.tif | volgamma -g 0.5 | vol2tiff -o bright.tif",
};

/* ---- the type ------------------------------------------------------------------------------ */

/* Whether the samples are those of a TIFF file, as stored (raw) or scaled so that the type's full
 * scale became 1. */
static bool is_from_tiff(const struct volume *volume, bool as_raw)
{
    const char *history = volume_value(volume, "history");
    char first[1024];
    if (!history || strncmp(history, "tiff2vol", 8) != 0)
        return false;
    snprintf(first, sizeof first, "%.*s", (int)strcspn(history, "\n"), history);
    return as_raw == (strstr(first, " --raw") != NULL) && !strstr(first, " --full-scale");
}

static enum sample_type choose_type(const struct volume *volume)
{
    const char *source = volume_value(volume, "source type");
    enum sample_type found = source ? sample_named(source) : SAMPLE_TYPES;
    if (has_type)
        return sample_named(type_words[type]);
    if ((found == SAMPLE_UINT8 || found == SAMPLE_UINT16) && is_from_tiff(volume, raw))
        return found;
    return SAMPLE_FLOAT32;
}

/* ---- samples outside the type --------------------------------------------------------------- */

static size_t refuse_outside(const void *max, float *v, size_t n)
{
    enum { BLOCK = 256 };
    float limit = *(const float *)max;
    size_t at = 0;
    for (bool inside = true; inside && n - at >= BLOCK; at += inside ? BLOCK : 0) {
        int outside = 0;
        for (size_t i = at; i < at + BLOCK; i++)
            outside |= !(v[i] >= 0) | !(v[i] <= limit);
        inside = outside == 0;
    }
    while (at < n && v[at] >= 0 && v[at] <= limit)
        at++;
    return at;
}

static size_t refuse_nan(const void *unused, float *v, size_t n)
{
    size_t at = 0;
    (void)unused;
    while (at < n && v[at] == v[at])
        at++;
    return at;
}

/* The filter that refuses samples outside the type, and in message the text for them. */
static struct filter make_check(const struct tiff_write_options *write_options, float *max,
                                char *message, size_t size)
{
    *max = (float)tiff_max_sample(write_options);
    if (!sample_is_integer(write_options->type))
        return (struct filter){0};
    if (saturate) {
        snprintf(message, size, "%s has no number for", sample_name(write_options->type));
        return (struct filter){.change = refuse_nan, .refused = message};
    }
    snprintf(message, size, "%s takes samples from 0 to %g (or --saturate), not",
             sample_name(write_options->type), (double)*max);
    return (struct filter){.change = refuse_outside, .state = max, .refused = message};
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    if (!tiff_can_compress((enum tiff_compression_scheme)compression))
        return command_usage_error(&command, "--compress: this machine's libtiff knows no %s",
                                   compression_words[compression]);

    struct tiff_write_options write_options = {.raw = raw,
                                               .dialect = (enum tiff_dialect)dialect,
                                               .compression =
                                                   (enum tiff_compression_scheme)compression};
    struct filter filter = {0};
    float max;
    char message[96];
    struct fail fail = {.text = ""};
    struct reader *in = nrrd_open(command_input(&command), &fail);
    struct writer *out = NULL;
    if (in && volume_add_history(&in->volume, command.history, &fail)) {
        write_options.type = choose_type(&in->volume);
        filter = make_check(&write_options, &max, message, sizeof message);
        command_verbose(&command, "samples are stored as %s", sample_name(write_options.type));
        out = tiff_create(command.output, &in->volume, &write_options, &fail);
    }
    bool whole = out && loop_run(&filter, in, out, &fail);
    return command_finish(&command, in, out, whole, &fail);
}
