/* Whether two volumes lie on the same grid. */
#ifndef COMMON_VOLUME_GEOMETRY_H
#define COMMON_VOLUME_GEOMETRY_H

#include "common/volume/volume.h"

/* Sets the failure in which way b differs from a: in its shape (channels apart), or, where both are
 * known, in its steps, units or the place of its first sample, beyond a ten-thousandth of a step.
 * True: they are the same. */
MUST_CHECK bool geometry_agrees(const struct volume *a, const char *a_name, const struct volume *b,
                                const char *b_name, struct fail *fail);

#endif
