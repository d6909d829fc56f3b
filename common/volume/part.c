#include "common/volume/part.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/number.h"

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
    char digits[DIGITS_SIZE];
    const char *values = volume_value(volume, VALUES_KEY);
    if (values && sscanf(values, DIGITS " samples", digits) == 1 && number_count(digits, &samples))
        return samples;
    return volume_part(volume, &part) ? part.of * volume_plane_samples(volume)
                                      : volume_samples(volume);
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

/* ---- lists ---------------------------------------------------------------------------------- */

void part_list_free(struct part_list *list)
{
    free(list->parts);
    *list = (struct part_list){.count = 0};
}

static bool check(const struct part_list *list, const struct part *part, uint64_t plane_samples,
                  struct fail *fail)
{
    if (list->count > 0 && (list->parts[0].of != part->of || list->plane_samples != plane_samples))
        return fail_set(fail,
                        "planes of another volume: %" PRIu64 " planes of %" PRIu64
                        " samples, not %" PRIu64 " of %" PRIu64,
                        part->of, plane_samples, list->parts[0].of, list->plane_samples);
    for (size_t i = 0; i < list->count; i++) {
        const struct part *other = &list->parts[i];
        uint64_t first = other->first > part->first ? other->first : part->first,
                 end = min_u64(other->end, part->end);
        if (first < end)
            return fail_set(fail, "planes %" PRIu64 ":%" PRIu64 " of %" PRIu64 " are there twice",
                            first, end, part->of);
    }
    return true;
}

/* Joins neighbours that touch. */
static void join_neighbours(struct part_list *list)
{
    size_t kept = 0;
    for (size_t i = 1; i < list->count; i++)
        if (list->parts[i].first == list->parts[kept].end)
            list->parts[kept].end = list->parts[i].end;
        else
            list->parts[++kept] = list->parts[i];
    list->count = kept + 1;
}

bool part_list_add(struct part_list *list, const struct part *part, uint64_t plane_samples,
                   struct fail *fail)
{
    if (!check(list, part, plane_samples, fail))
        return false;
    struct part *parts = realloc(list->parts, (list->count + 1) * sizeof *parts);
    if (!parts)
        return fail_errno(fail, "%zu slabs", list->count + 1);
    list->parts = parts;
    list->plane_samples = plane_samples;
    size_t at = list->count++;
    for (; at > 0 && parts[at - 1].first > part->first; at--)
        parts[at] = parts[at - 1];
    parts[at] = *part;
    join_neighbours(list);
    return true;
}

uint64_t part_list_samples(const struct part_list *list)
{
    uint64_t planes = 0;
    for (size_t i = 0; i < list->count; i++)
        planes += list->parts[i].end - list->parts[i].first;
    return planes * list->plane_samples;
}

bool part_list_is_whole(const struct part_list *list)
{
    return list->count == 1 && list->parts[0].first == 0 && list->parts[0].end == list->parts[0].of;
}

const char *part_list_missing(const struct part_list *list, char text[PART_LIST_TEXT])
{
    uint64_t next = 0, of = list->parts[0].of;
    size_t used = (size_t)snprintf(text, PART_LIST_TEXT, "planes");
    for (size_t i = 0; i <= list->count; i++) {
        uint64_t first = i < list->count ? list->parts[i].first : of;
        bool room = used + 64 < PART_LIST_TEXT;
        if (next < first && used + 24 < PART_LIST_TEXT)
            used +=
                room ? (size_t)snprintf(text + used, PART_LIST_TEXT - used,
                                        "%s %" PRIu64 ":%" PRIu64, used > 6 ? "," : "", next, first)
                     : (size_t)snprintf(text + used, PART_LIST_TEXT - used, ", ...");
        if (!room)
            break;
        next = i < list->count ? list->parts[i].end : of;
    }
    snprintf(text + used, PART_LIST_TEXT - used, " of %" PRIu64, of);
    return text;
}
