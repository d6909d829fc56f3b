#include "format/tiff/data_set/companion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/tiff/data_set/beside.h"

void companion_close(struct companion *companion)
{
    if (companion->is_tiff)
        tiff_file_close(&companion->tiff);
    else if (companion->path)
        input_close(&companion->input);
    free(companion->path);
}

bool companion_open(struct companion *companion, const char *path, const char *file,
                    struct fail *fail)
{
    char begin[2] = "";
    struct stat status;
    *companion = (struct companion){.input = {.fd = -1}};
    struct beside beside = {.path = path};
    bool exists;
    companion->path = beside_find(&beside, file, true, &exists, fail);
    beside_free(&beside);
    if (!companion->path || !input_open(&companion->input, companion->path, fail))
        return false;
    if (fstat(companion->input.fd, &status) != 0 || !S_ISREG(status.st_mode))
        return fail_set(fail, "%s: is not a regular file; " OME_WAY_OUT, companion->path);
    companion->source = (struct ome_source){
        .name = companion->path, .fd = companion->input.fd, .size = (uint64_t)status.st_size};
    bool is_tiff = pread(companion->input.fd, begin, 2, 0) == 2 &&
                   (memcmp(begin, "II", 2) == 0 || memcmp(begin, "MM", 2) == 0);
    if (!is_tiff)
        return true;
    input_close(&companion->input);
    companion->is_tiff = tiff_file_open(&companion->tiff, companion->path, fail);
    if (!companion->is_tiff) {
        companion->input.fd = -1;
        return false;
    }
    return tiff_parse_directory(&companion->tiff, companion->tiff.next_directory, 0, fail) &&
           ome_in_tiff(&companion->tiff, &companion->source, fail);
}

static bool read_companion(const struct companion *companion, struct tiff_metadata *metadata,
                           struct fail *fail)
{
    char uuid[OME_TEXT], file[OME_TEXT];
    snprintf(uuid, sizeof uuid, "%s", metadata->uuid);
    snprintf(file, sizeof file, "%s", metadata->companion);
    tiff_metadata_free(metadata);
    if (!ome_read(&companion->source, metadata, fail))
        return false;
    if (metadata->companion[0] != '\0')
        return fail_set(fail, "%s: refers to yet another file, '%.200s'; " OME_WAY_OUT,
                        companion->path, metadata->companion);
    snprintf(metadata->uuid, sizeof metadata->uuid, "%s", uuid);
    snprintf(metadata->companion, sizeof metadata->companion, "%s", file);
    return true;
}

bool companion_describe(const char *path, struct tiff_metadata *metadata, struct fail *fail)
{
    struct companion companion;
    if (metadata->companion[0] == '\0')
        return true;
    bool ok = companion_open(&companion, path, metadata->companion, fail) &&
              read_companion(&companion, metadata, fail);
    companion_close(&companion);
    return ok;
}
