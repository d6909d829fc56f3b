/* A montage: all planes as tiles of one image, row after row of tiles. */
#ifndef COMMON_PICTURE_MONTAGE_H
#define COMMON_PICTURE_MONTAGE_H

#include "common/picture/picture.h"

struct montage {
    uint64_t rows, columns; /* of tiles, enough for all planes */
    uint64_t gap;           /* pixels between tiles and around them */
    bool numbers;           /* of its plane on each tile */
};

MUST_CHECK bool montage_write(const struct picture *picture, struct reader *reader,
                              const struct montage *montage, struct fail *fail);

#endif
