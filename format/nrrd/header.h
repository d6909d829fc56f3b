/* An NRRD header as it is in the file (fields and their text), and what its fields mean. */
#ifndef FORMAT_NRRD_HEADER_H
#define FORMAT_NRRD_HEADER_H

#include "common/io/input.h"
#include "common/kernel/sample.h"
#include "common/volume/volume.h"

#define NRRD_AXES 4 /* that we support */

enum nrrd_field {
    FIELD_CONTENT,
    FIELD_NUMBER,
    FIELD_TYPE,
    FIELD_BLOCK_SIZE,
    FIELD_DIMENSION,
    FIELD_SPACE,
    FIELD_SPACE_DIMENSION,
    FIELD_SIZES,
    FIELD_SPACINGS,
    FIELD_THICKNESSES,
    FIELD_AXIS_MINS,
    FIELD_AXIS_MAXS,
    FIELD_CENTERS,
    FIELD_LABELS,
    FIELD_UNITS,
    FIELD_KINDS,
    FIELD_MIN,
    FIELD_MAX,
    FIELD_OLD_MIN,
    FIELD_OLD_MAX,
    FIELD_ENDIAN,
    FIELD_ENCODING,
    FIELD_LINE_SKIP,
    FIELD_BYTE_SKIP,
    FIELD_SAMPLE_UNITS,
    FIELD_SPACE_DIRECTIONS,
    FIELD_SPACE_ORIGIN,
    FIELD_SPACE_UNITS,
    FIELD_MEASUREMENT_FRAME,
    FIELD_DATA_FILE,
    FIELDS
};

struct nrrd_header {
    const char *name;   /* of the input, for messages */
    char *text[FIELDS]; /* of the field, as found; NULL: not in the header */
    size_t bytes;       /* read so far */

    /* Set by nrrd_header_interpret(): */
    uint64_t dimension;
    uint64_t size[NRRD_AXES]; /* fastest axis first, as in the file */
    enum sample_type type;
    bool big_endian, gzip;
    uint64_t line_skip, byte_skip;
    bool data_at_end;       /* byte skip: -1 */
    bool spacings_disagree; /* with the lengths of the space directions */
};

const char *nrrd_field_name(enum nrrd_field field);

/* Reads magic, fields and the empty line after them, from wherever input stands. Key/values are
 * added to volume. Needs memory only for bytes that were read, and refuses more than 1 MiB. */
MUST_CHECK bool nrrd_header_read(struct nrrd_header *header, struct volume *volume,
                                 struct input *input, struct fail *fail);

/* Fills in the rest of header, and the volume: its shape, place in space, carried fields. Changes
 * the fields' texts. */
MUST_CHECK bool nrrd_header_interpret(struct nrrd_header *header, struct volume *volume,
                                      struct fail *fail);

void nrrd_header_free(struct nrrd_header *header);

/* "NAME: FIELD: found 'FOUND', expected EXPECTED". Always returns false. */
bool nrrd_header_refuse(const struct nrrd_header *header, enum nrrd_field field, struct fail *fail,
                        const char *found, const char *expected);

#endif
