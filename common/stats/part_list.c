#include "common/stats/part_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/count.h"

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
