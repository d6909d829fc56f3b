#include "format/tiff/write/planes.h"

#include <math.h>
#include <stdlib.h>

#include "common/volume/part.h"

struct planes_writer {
    struct writer writer;
    const struct pattern *pattern;
    const struct tiff_write_options *options;
    struct volume plane;   /* the one that is being written */
    uint64_t number;       /* of its file */
    uint64_t in_plane, at; /* samples of a plane; of this one that have been written */
    struct writer *file;   /* NULL between planes */
};

static bool begin_plane(struct planes_writer *planes, struct fail *fail)
{
    char *name = pattern_name(planes->pattern, planes->number);
    if (!name)
        return fail_errno(fail, "name of a file");
    planes->file = tiff_create(name, &planes->plane, planes->options, fail);
    planes->at = 0;
    free(name);
    return planes->file != NULL;
}

static bool end_plane(struct planes_writer *planes, struct fail *fail)
{
    bool ok = writer_close(planes->file, true, fail);
    planes->file = NULL;
    planes->number++;
    for (int w = 0; w < 3; w++)
        planes->plane.origin[w] += planes->plane.direction[AXIS_PLANE][w];
    return ok;
}

static bool planes_write(struct writer *writer, const float *v, size_t n, struct fail *fail)
{
    struct planes_writer *planes = (struct planes_writer *)writer;
    for (size_t part; n > 0; v += part, n -= part) {
        if (!planes->file && !begin_plane(planes, fail))
            return false;
        uint64_t left = planes->in_plane - planes->at;
        part = n < left ? n : (size_t)left;
        if (!writer_write(planes->file, v, part, fail))
            return false;
        planes->at += part;
        if (planes->at == planes->in_plane && !end_plane(planes, fail))
            return false;
    }
    return true;
}

static bool planes_close(struct writer *writer, bool whole, struct fail *fail)
{
    struct planes_writer *planes = (struct planes_writer *)writer;
    if (planes->file)
        whole = writer_close(planes->file, false, fail) && whole;
    volume_free(&planes->plane);
    free(planes);
    return whole;
}

struct writer *tiff_create_planes(const struct pattern *pattern, uint64_t first,
                                  const struct volume *volume,
                                  const struct tiff_write_options *options, struct fail *fail)
{
    static const struct writer_class class = {.write = planes_write, .close = planes_close};
    struct planes_writer *planes = calloc(1, sizeof *planes);
    if (!planes || !volume_copy(&planes->plane, volume, fail)) {
        fail_memory(fail, "planes to write");
        free(planes);
        return NULL;
    }
    planes->writer.class = &class;
    planes->writer.unwritten = volume_samples(volume);
    planes->pattern = pattern;
    planes->options = options;
    planes->number = first;
    planes->plane.size[AXIS_PLANE] = 1;
    planes->in_plane = volume_plane_samples(&planes->plane);
    if (volume_drop_part(&planes->plane, fail))
        return &planes->writer;
    planes_close(&planes->writer, false, fail);
    return NULL;
}
