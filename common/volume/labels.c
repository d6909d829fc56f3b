#include "common/volume/labels.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/text/number.h"

#define MASK_KEY "mask"
#define LABELS_KEY "labels"

bool volume_is_mask(const struct volume *volume)
{
    const char *text = volume_value(volume, MASK_KEY);
    return text && strcmp(text, "1") == 0;
}

bool volume_set_mask(struct volume *volume, struct fail *fail)
{
    return volume_set_value(volume, LABELS_KEY, NULL, fail) &&
           volume_set_value(volume, MASK_KEY, "1", fail);
}

bool volume_labels(const struct volume *volume, uint32_t *largest)
{
    const char *text = volume_value(volume, LABELS_KEY);
    uint64_t number;
    if (!text || !number_count(text, &number) || number > LABELS_MAX)
        return false;
    *largest = (uint32_t)number;
    return true;
}

bool volume_set_labels(struct volume *volume, uint32_t largest, struct fail *fail)
{
    char text[16];
    snprintf(text, sizeof text, "%" PRIu32, largest);
    return volume_set_value(volume, MASK_KEY, NULL, fail) &&
           volume_set_value(volume, LABELS_KEY, text, fail);
}

bool volume_drop_labels(struct volume *volume, struct fail *fail)
{
    return volume_set_value(volume, MASK_KEY, NULL, fail) &&
           volume_set_value(volume, LABELS_KEY, NULL, fail);
}
