#include "format/tiff/data_set/assign.h"

#include <inttypes.h>

#include "common/base/count.h"
#include "format/tiff/data_set/companion.h"

struct assigning {
    struct data_set *data_set;
    uint64_t pages; /* of all TiffData elements so far */
};

/* Image number `index` of the series is this page. */
static bool assign_page(struct data_set *data_set, uint64_t index, uint32_t input, uint64_t page,
                        struct fail *fail)
{
    uint64_t at[PAGE_AXES];
    const struct tiff_choice *choice = &data_set->choice;
    tiff_series_place(data_set->series, index, at);
    if (at[PAGE_FRAME] != choice->frame || at[PAGE_CHANNEL] < choice->channel ||
        at[PAGE_CHANNEL] - choice->channel >= choice->channels)
        return true;
    struct tiff_image *image =
        &data_set->files.stack->images[data_set->begin + at[PAGE_PLANE] * choice->channels +
                                       at[PAGE_CHANNEL] - choice->channel];
    if (image->input != NO_INPUT && (image->input != input || image->number != page))
        return fail_set(fail,
                        "%s: its OME-XML has two pages for channel %" PRIu64 ", plane %" PRIu64
                        ", frame %" PRIu64 "; " OME_WAY_OUT,
                        data_files_named(&data_set->files)->name, at[PAGE_CHANNEL], at[PAGE_PLANE],
                        at[PAGE_FRAME]);
    image->input = input;
    image->number = (uint32_t)page;
    return true;
}

/* The last of the images asked for, in the order of the series' pages. */
static uint64_t last_chosen(const struct data_set *data_set)
{
    const struct tiff_choice *choice = &data_set->choice;
    const uint64_t at[PAGE_AXES] = {
        [PAGE_CHANNEL] = choice->channel + choice->channels - 1,
        [PAGE_PLANE] = data_set->series->count[PAGE_PLANE] - 1,
        [PAGE_FRAME] = choice->frame,
    };
    return tiff_series_index(data_set->series, at);
}

static bool add_tiff_data(void *state, const struct ome_data *data, struct fail *fail)
{
    struct assigning *assigning = state;
    struct data_set *data_set = assigning->data_set;
    struct data_files *files = &data_set->files;
    const struct tiff_series *series = data_set->series;
    const char *name = data_files_named(files)->name;
    uint64_t all = tiff_series_images(series), count = data->count;
    uint32_t input = data_files_find(files, data, fail);
    if (input == NO_INPUT)
        return false;
    for (enum page_axis axis = PAGE_CHANNEL; axis < PAGE_AXES; axis++)
        if (data->first[axis] >= series->count[axis])
            return fail_set(fail,
                            "%s: its OME-XML has a TiffData that begins with %s %" PRIu64
                            " of %" PRIu64 "; " OME_WAY_OUT,
                            name, page_axis_names[axis], data->first[axis], series->count[axis]);
    uint64_t first = tiff_series_index(series, data->first);
    if (!data->has_count || count == 0) {
        if (!data->has_page && first > last_chosen(data_set))
            return true;
        if (!data->has_page && data_files_is_missing(files, input))
            return data_files_allow_missing(files, input, fail);
        if (!data->has_page && !data_files_list_pages(files, input, fail))
            return false;
        count = data->has_page ? 1 : files->stack->inputs[input].pages.count;
        count = min_u64(count, all - first);
    }
    assigning->pages += count;
    if (count > all - first || assigning->pages > 4 * all)
        return fail_set(fail, "%s: its OME-XML tells of more pages than images; " OME_WAY_OUT,
                        name);
    for (uint64_t i = 0; i < count; i++)
        if (!assign_page(data_set, first + i, input, data->page + i, fail))
            return false;
    return true;
}

static bool read_tiff_data(struct data_set *data_set, struct fail *fail)
{
    const struct tiff_input *input = data_files_named(&data_set->files);
    const char *file = data_set->files.metadata->companion;
    struct assigning assigning = {.data_set = data_set};
    struct companion companion = {0};
    struct ome_source own;
    bool ok = file[0] != '\0'
                  ? companion_open(&companion, input->path, file, fail)
                  : tiff_parse_directory(input->file, input->first_directory, 0, fail) &&
                        ome_in_tiff(input->file, &own, fail);
    ok = ok && ome_for_each_data(file[0] != '\0' ? &companion.source : &own,
                                 data_set->series_number, add_tiff_data, &assigning, fail);
    companion_close(&companion);
    return ok;
}

/* Without TiffData elements the only series has all pages of its file, in order. */
static bool assign_in_order(struct data_set *data_set, struct fail *fail)
{
    struct data_files *files = &data_set->files;
    const struct tiff_input *input = data_files_named(files);
    uint64_t all = tiff_series_images(data_set->series);
    if (!data_files_list_pages(files, files->named, fail))
        return false;
    if (files->metadata->series_count > 1 || input->pages.count != all ||
        files->metadata->companion[0] != '\0')
        return fail_set(fail,
                        "%s: its OME-XML tells of %" PRIu64
                        " images and not in which of %zu pages; " OME_WAY_OUT,
                        input->name, all, input->pages.count);
    for (uint64_t i = 0; i < all; i++)
        if (!assign_page(data_set, i, files->named, i, fail))
            return false;
    return true;
}

bool data_set_assign(struct data_set *data_set, struct fail *fail)
{
    return data_set->series->has_tiff_data ? read_tiff_data(data_set, fail)
                                           : assign_in_order(data_set, fail);
}
