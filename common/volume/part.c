#include "common/volume/part.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"
#include "common/text/number.h"

#define KEY "part"

#define DIGITS "%20[0-9]" /* as many as 64 bits have; number_count() knows whether they fit */
#define DIGITS_SIZE 21

bool part_read(const char *text, struct part *part)
{
    char first[DIGITS_SIZE], end[DIGITS_SIZE], of[DIGITS_SIZE];
    int length = 0;
    return sscanf(text, DIGITS ":" DIGITS " of " DIGITS "%n", first, end, of, &length) == 3 &&
           text[length] == '\0' && number_count(first, &part->first) &&
           number_count(end, &part->end) && number_count(of, &part->of) &&
           part->first < part->end && part->end <= part->of;
}

bool volume_part(const struct volume *volume, struct part *part)
{
    const char *text = volume_value(volume, KEY);
    size_t word = strlen("planes ");
    return text && strncmp(text, "planes ", word) == 0 && part_read(text + word, part) &&
           part->end - part->first == volume->size[AXIS_PLANE] &&
           part->of <= UINT64_MAX / volume_plane_samples(volume);
}

bool volume_set_part(struct volume *volume, const struct part *part, struct fail *fail)
{
    char text[96];
    snprintf(text, sizeof text, "planes %" PRIu64 ":%" PRIu64 " of %" PRIu64, part->first,
             part->end, part->of);
    bool whole = part->first == 0 && part->end == part->of;
    return volume_set_value(volume, KEY, whole ? NULL : text, fail);
}

bool volume_drop_part(struct volume *volume, struct fail *fail)
{
    return volume_set_value(volume, KEY, NULL, fail);
}

bool part_parse(const char *text, void *value, struct fail *fail)
{
    struct part_choice *choice = value;
    char number[24] = "";
    size_t n = strcspn(text, "/");
    if (n < sizeof number)
        memcpy(number, text, n);
    return (text[n] == '/' && number_count(number, &choice->number) &&
            number_count(text + n + 1, &choice->count) && choice->number >= 1 &&
            choice->number <= choice->count) ||
           fail_set(fail, "needs K/N, slab K of 1 to N, not '%s'", text);
}

bool part_planes(const struct part_choice *choice, uint64_t planes, struct part *part,
                 struct fail *fail)
{
    uint64_t count = choice->count, each = planes / count, rest = planes % count;
    if (planes < count)
        return fail_set(fail, "--part: %" PRIu64 " planes make no %" PRIu64 " slabs", planes,
                        count);
    /* The first ones have a plane more. */
    uint64_t k = choice->number - 1;
    part->first = k * each + min_u64(k, rest);
    part->end = part->first + each + (k < rest ? 1 : 0);
    part->of = planes;
    return true;
}
