#include "common/volume/part.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/number.h"

#define KEY "part"

bool volume_part(const struct volume *volume, struct part *part)
{
    const char *text = volume_value(volume, KEY);
    int end = 0;
    return text &&
           sscanf(text, "planes %" SCNu64 ":%" SCNu64 " of %" SCNu64 "%n", &part->first, &part->end,
                  &part->of, &end) == 3 &&
           text[end] == '\0' && part->first < part->end && part->end <= part->of &&
           part->end - part->first == volume->size[AXIS_PLANE];
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
    return !volume_value(volume, KEY) || volume_set_value(volume, KEY, NULL, fail);
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
           fail_set(fail, "'%s' is no K/N, slab K of 1 to N", text);
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
