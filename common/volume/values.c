#include "common/volume/values.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/text/number.h"
#include "common/volume/part.h"

#define VALUES_KEY "values of"

#define VALUES_SIZE 64

static void values_text(uint64_t samples, uint32_t checksum, char text[VALUES_SIZE])
{
    snprintf(text, VALUES_SIZE, "%" PRIu64 " samples, checksum %08" PRIx32, samples, checksum);
}

bool volume_set_values_of(struct volume *volume, uint64_t samples, uint32_t checksum,
                          struct fail *fail)
{
    char text[VALUES_SIZE];
    values_text(samples, checksum, text);
    return volume_set_value(volume, VALUES_KEY, text, fail);
}

bool volume_drop_values_of(struct volume *volume, struct fail *fail)
{
    return volume_set_value(volume, VALUES_KEY, NULL, fail);
}

bool volume_is_values(const struct volume *volume)
{
    return volume_value(volume, VALUES_KEY) != NULL;
}

bool volume_is_values_of(const struct volume *volume, uint64_t samples, uint32_t checksum)
{
    char text[VALUES_SIZE];
    const char *found = volume_value(volume, VALUES_KEY);
    values_text(samples, checksum, text);
    return found && strcmp(found, text) == 0;
}

uint64_t volume_whole_samples(const struct volume *volume)
{
    struct part part;
    uint64_t samples;
    char digits[21]; /* of 64 bits */
    const char *values = volume_value(volume, VALUES_KEY);
    if (values && sscanf(values, "%20[0-9] samples", digits) == 1 && number_count(digits, &samples))
        return samples;
    return volume_part(volume, &part) ? part.of * volume_plane_samples(volume)
                                      : volume_samples(volume);
}
