#include "common/picture/picture.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "common/volume/length.h"

/* More pixels than this for a sample are a mistake in a header. */
#define MAX_PIXELS 1000
#define MAX_LENGTH 0x7fffffff

bool picture_spacings(const struct volume *volume, const bool is_shown[AXES], double spacing[AXES])
{
    bool metres = true;
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        metres &= !is_shown[a] || !isnan(volume_step_metres(volume, a));
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        spacing[a] = metres ? volume_step_metres(volume, a) : volume_spacing(volume, a);
    return metres;
}

bool picture_set_proportions(struct picture *picture, const struct volume *volume,
                             bool true_proportions, uint64_t zoom, const bool is_shown[AXES],
                             struct fail *fail)
{
    double spacing[AXES], smallest = NAN;
    picture_spacings(volume, is_shown, spacing);
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        smallest = is_shown[a] ? fmin(smallest, spacing[a]) : smallest;
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        picture->pixels[a] = volume->size[a];
        if (!is_shown[a])
            continue;
        double each = true_proportions && !isnan(spacing[a]) ? spacing[a] / smallest : 1;
        double pixels = rint(length_snap((double)volume->size[a] * each * (double)zoom));
        if (each > MAX_PIXELS)
            return fail_set(fail,
                            "the spacing of %ss is %.4g times the finest one, too much to draw in "
                            "true proportions (up to %d times)",
                            axis_names[a], each, MAX_PIXELS);
        if (pixels > MAX_LENGTH)
            return fail_set(fail, "%" PRIu64 " %ss take %.0f pixels; a picture has up to %d",
                            volume->size[a], axis_names[a], pixels, MAX_LENGTH);
        if (each > 1 || zoom > 1)
            picture->pixels[a] = (uint64_t)pixels;
    }
    return true;
}

bool picture_refuse_infinite(const struct reader *reader, uint64_t at, struct fail *fail)
{
    return reader_refuse_infinite(reader, at,
                                  "; a window of minimum and maximum needs finite ones (give its "
                                  "limits instead)",
                                  fail);
}
