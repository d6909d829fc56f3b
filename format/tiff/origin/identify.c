#include "format/tiff/origin/identify.h"

#include <stdlib.h>
#include <string.h>

#include "format/tiff/decode/tags.h"
#include "format/tiff/metadata/dialects.h"
#include "format/tiff/metadata/ome.h"
#include "format/tiff/origin/electron.h"
#include "format/tiff/origin/scifio.h"

/* As much of a description as is read. ImageJ's are below 1 KiB and ScanImage's below 50 KiB; the
 * beginning is enough to recognize the others. */
#define TEXT_SIZE 131072

static bool refuse_foreign(const struct tiff_file *file, const char *text, struct fail *fail)
{
    static const struct {
        unsigned tag;
        const char *name;
    } tags[] = {{34361, "Olympus FluoView"}, {65420, "Hamamatsu NDPI"}};
    static const struct {
        const char *mark, *name;
    } marks[] = {{"state.", "ScanImage"}, {"scanimage.", "ScanImage"}};
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
        if (tiff_has_tag(file, tags[i].tag))
            return fail_set(fail,
                            "%s: is a %s file (tag %u): how it orders planes and channels is not "
                            "read; --plain takes each page as a plane",
                            file->name, tags[i].name, tags[i].tag);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (strncmp(text, marks[i].mark, strlen(marks[i].mark)) == 0 && !scanimage_is_text(text))
            return fail_set(fail,
                            "%s: is a %s file: how its description orders planes, channels and "
                            "times is not read; --plain takes each page as a plane",
                            file->name, marks[i].name);
    return true;
}

static bool is_json(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '{' || strncmp(text, "shape=(", 7) == 0;
}

/* Copies the description of the page that is one of a program's we know, of the kind that tells
 * most, else the first one. "" if there is none. */
static bool find_description(const struct tiff_file *file, char *text, struct fail *fail)
{
    static bool (*const kinds[])(const char *) = {
        ome_is_xml,          imagej_is_text,        scanimage_is_text, metaseries_is_text,
        improvision_is_text, channel_pages_is_text, scifio_is_text,    is_json};
    enum { KINDS = sizeof kinds / sizeof kinds[0] };
    const unsigned tag = TIFFTAG_IMAGEDESCRIPTION;
    size_t best = KINDS, number = 0;
    enum outcome outcome = OUTCOME_DONE;
    for (size_t i = 0; outcome == OUTCOME_DONE; i++) {
        outcome = tiff_tag_text_at(file, tag, i, text, TEXT_SIZE, fail);
        for (size_t kind = 0; outcome == OUTCOME_DONE && kind < best; kind++)
            if (kinds[kind](text)) {
                best = kind;
                number = i;
            }
    }
    if (outcome != OUTCOME_FAILED)
        outcome = tiff_tag_text_at(file, tag, number, text, TEXT_SIZE, fail);
    if (outcome == OUTCOME_ABSENT)
        text[0] = '\0';
    return outcome != OUTCOME_FAILED;
}

static bool read_description(struct tiff_file *file, const char *text,
                             struct tiff_metadata *metadata, struct fail *fail)
{
    if (imagej_is_text(text))
        return imagej_read(file, text, metadata, fail);
    if (scanimage_is_text(text))
        return scanimage_read(file, text, metadata, fail);
    if (metaseries_is_text(text))
        return metaseries_read(file, metadata, fail);
    if (scifio_is_text(text))
        return scifio_read(file, text, metadata, fail);
    if (improvision_is_text(text))
        return improvision_read(file, metadata, fail);
    if (channel_pages_is_text(text))
        return channel_pages_read(file, text, metadata, fail);
    return tifffile_read(file, text, metadata, fail);
}

static bool read_texts(struct tiff_file *file, char *text, struct tiff_metadata *metadata,
                       struct fail *fail)
{
    if (!refuse_foreign(file, text, fail))
        return false;
    if (tiff_has_tag(file, 34412))
        return lsm_read(file, metadata, fail);
    if (tiff_has_tag(file, 33629))
        return metamorph_read(file, metadata, fail);
    if (!read_description(file, text, metadata, fail))
        return false;
    if (!metadata->dialect && !nih_read(file, metadata, fail))
        return false;
    if (metadata->dialect)
        return true;
    enum outcome software = tiff_tag_text(file, TIFFTAG_SOFTWARE, text, TEXT_SIZE, fail);
    if (software == OUTCOME_DONE && scanimage_is_text(text))
        return scanimage_read(file, text, metadata, fail);
    return software != OUTCOME_FAILED;
}

bool tiff_identify(struct tiff_file *file, uint64_t first_directory, bool plain,
                   struct tiff_metadata *metadata, struct fail *fail)
{
    *metadata = (struct tiff_metadata){0};
    if (!tiff_parse_directory(file, first_directory, 0, fail))
        return false;
    if (plain)
        return tiff_metadata_plain(metadata, fail);
    char *text = malloc(TEXT_SIZE);
    if (!text)
        return fail_errno(fail, "%s", file->name);
    struct ome_source source;
    bool ok = find_description(file, text, fail);
    if (ok && ome_is_xml(text))
        ok = ome_in_tiff(file, &source, fail) && ome_read(&source, metadata, fail);
    else if (ok)
        ok = tiff_metadata_add_series(metadata, fail) && read_texts(file, text, metadata, fail) &&
             micromanager_read(file, metadata, fail) && electron_read(file, metadata, fail);
    free(text);
    return ok;
}
