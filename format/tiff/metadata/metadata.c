#include "format/tiff/metadata/metadata.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/tiff/metadata/ome.h"

/* Of a description: ImageJ's are below 1 KiB, ScanImage's below 50, others show what they are. */
#define TEXT_SIZE 131072

const char *const page_axis_names[] = {"channel", "plane", "frame", NULL};

struct tiff_series *tiff_metadata_add_series(struct tiff_metadata *metadata, struct fail *fail)
{
    size_t count = metadata->series_count;
    if ((count & (count - 1)) == 0) { /* 0 or a power of 2: full */
        size_t room = count ? 2 * count : 1;
        struct tiff_series *series = realloc(metadata->series, room * sizeof *series);
        if (!series) {
            fail_errno(fail, "a list of images");
            return NULL;
        }
        metadata->series = series;
    }
    struct tiff_series *series = &metadata->series[metadata->series_count++];
    *series =
        (struct tiff_series){.order = {PAGE_CHANNEL, PAGE_PLANE, PAGE_FRAME}, .count = {1, 0, 1}};
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        series->spacing[a] = NAN;
    return series;
}

bool tiff_metadata_none(struct tiff_metadata *metadata, struct fail *fail)
{
    *metadata = (struct tiff_metadata){0};
    return tiff_metadata_add_series(metadata, fail) != NULL;
}

void tiff_metadata_free(struct tiff_metadata *metadata)
{
    for (size_t i = 0; i < metadata->series_count; i++)
        free(metadata->series[i].channel_names);
    free(metadata->series);
    *metadata = (struct tiff_metadata){0};
}

void tiff_series_name_channel(struct tiff_series *series, const char *name)
{
    size_t count = series->channel_names_count;
    if (count == TIFF_MOST_CHANNELS)
        return;
    if ((count & (count - 1)) == 0) {
        size_t room = count ? 2 * count : 1;
        char(*names)[TIFF_NAME_SIZE] = realloc(series->channel_names, room * sizeof *names);
        if (!names)
            return;
        series->channel_names = names;
    }
    snprintf(series->channel_names[series->channel_names_count++], TIFF_NAME_SIZE, "%s", name);
}

uint64_t tiff_series_images(const struct tiff_series *series)
{
    return series->count[PAGE_CHANNEL] * series->count[PAGE_PLANE] * series->count[PAGE_FRAME];
}

uint64_t tiff_series_index(const struct tiff_series *series, const uint64_t at[PAGE_AXES])
{
    uint64_t index = 0;
    for (size_t i = PAGE_AXES; i-- > 0;)
        index = index * series->count[series->order[i]] + at[series->order[i]];
    return index;
}

void tiff_series_place(const struct tiff_series *series, uint64_t index, uint64_t at[PAGE_AXES])
{
    for (size_t i = 0; i < PAGE_AXES; i++) {
        at[series->order[i]] = index % series->count[series->order[i]];
        index /= series->count[series->order[i]];
    }
}

static bool refuse_foreign(const struct tiff_file *file, const char *text, struct fail *fail)
{
    static const struct {
        unsigned tag;
        const char *name;
    } tags[] = {{34361, "Olympus FluoView"}, {65420, "Hamamatsu NDPI"}};
    static const struct {
        const char *mark, *name;
    } marks[] = {{"state.", "ScanImage"}, {"scanimage.", "ScanImage"}, {"SCIFIO=", "SCIFIO"}};
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
        if (tiff_has(file, tags[i].tag))
            return fail_set(fail,
                            "%s: is a %s file (tag %u): how it orders planes and channels is not "
                            "read; --plain takes each page as a plane",
                            file->name, tags[i].name, tags[i].tag);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (strncmp(text, marks[i].mark, strlen(marks[i].mark)) == 0)
            return fail_set(fail,
                            "%s: is a %s file: how its description orders planes, channels and "
                            "times is not read; --plain takes each page as a plane",
                            file->name, marks[i].name);
    return true;
}

/* By what stands in the description. */
static bool read_description(const struct tiff_file *file, char *text,
                             struct tiff_metadata *metadata, struct fail *fail)
{
    if (strncmp(text, "ImageJ=", 7) == 0)
        return imagej_read(file, text, metadata, fail);
    if (strncmp(text, "SI.", 3) == 0)
        return scanimage_read(file, text, metadata, fail);
    return tifffile_read(file, text, metadata, fail);
}

static bool read_texts(const struct tiff_file *file, char *text, struct tiff_metadata *metadata,
                       struct fail *fail)
{
    if (!refuse_foreign(file, text, fail))
        return false;
    if (tiff_has(file, 34412))
        return lsm_read(file, metadata, fail);
    if (tiff_has(file, 33629))
        return metamorph_read(file, metadata, fail);
    if (!read_description(file, text, metadata, fail))
        return false;
    if (!metadata->dialect && tiff_text(file, TIFFTAG_SOFTWARE, text, TEXT_SIZE) &&
        strncmp(text, "SI.", 3) == 0)
        return scanimage_read(file, text, metadata, fail);
    return true;
}

bool tiff_identify(struct tiff_file *file, struct tiff_metadata *metadata, struct fail *fail)
{
    char *text = malloc(TEXT_SIZE);
    *metadata = (struct tiff_metadata){0};
    if (!text)
        return fail_errno(fail, "%s", file->name);
    if (!tiff_text(file, TIFFTAG_IMAGEDESCRIPTION, text, TEXT_SIZE))
        text[0] = '\0';
    struct ome_source source;
    bool is_ome = ome_is_xml(text), ok;
    if (is_ome)
        ok = ome_in_tiff(file, &source, fail) && ome_read(&source, metadata, fail);
    else
        ok = tiff_metadata_add_series(metadata, fail) && read_texts(file, text, metadata, fail) &&
             micromanager_read(file, metadata, fail);
    free(text);
    return ok;
}
