/* Parses the order of pages that a user states. */
#include <string.h>

#include "common/text/number.h"
#include "format/tiff/metadata/metadata.h"
#include "format/tiff/stack/options.h"

const char *const tiff_missing_words[] = {"zero", NULL};

bool tiff_order_parse(const char *text, void *value, struct fail *fail)
{
    struct tiff_order *order = value;
    unsigned seen = 0, open = 0;
    *order = (struct tiff_order){0};
    for (const char *next = text; next; order->count++) {
        char word[32];
        size_t length = strcspn(next, ",");
        int axis = 0;
        if (length >= sizeof word || order->count == PAGE_AXES)
            break;
        memcpy(word, next, length);
        word[length] = '\0';
        next = next[length] == ',' ? next + length + 1 : NULL;
        char *size = strchr(word, ':');
        if (size)
            *size++ = '\0';
        while (page_axis_names[axis] && strcmp(word, page_axis_names[axis]) != 0)
            axis++;
        if (!page_axis_names[axis] || (seen & 1u << axis) != 0 ||
            (size && (!number_count(size, &order->size[order->count]) ||
                      order->size[order->count] == 0 || order->size[order->count] > INT32_MAX)))
            break;
        seen |= 1u << axis;
        open += !size;
        order->axis[order->count] = axis;
        if (!next) {
            order->count++;
            if (open <= 1)
                return true;
            break;
        }
    }
    return fail_set(fail,
                    "needs an order of pages, the fastest first: channel, plane, frame with "
                    "sizes, of which one may be left out, as in channel:2,plane; not '%s'",
                    text);
}
