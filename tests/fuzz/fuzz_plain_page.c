/* Any bytes as a TIFF file whose plain pages are read without libtiff and with it: what the two say
 * must be the same. */
#include <stdio.h>
#include <stdlib.h>

#include "format/tiff/decode/plain_page.h"
#include "format/tiff/decode/read_page.h"
#include "tests/fuzz/file.h"

#define MAX_PAGES 64

static bool is_same(const struct tiff_page *a, const struct tiff_page *b)
{
    return a->rows == b->rows && a->columns == b->columns && a->channels == b->channels &&
           a->channel_kind == b->channel_kind && a->type == b->type && a->storage == b->storage &&
           a->bits == b->bits && a->samples == b->samples && a->unpacked == b->unpacked &&
           a->palette == b->palette && a->has_palette_colors == b->has_palette_colors &&
           a->inverted == b->inverted && a->mirrored == b->mirrored &&
           a->upside_down == b->upside_down && a->repairs == b->repairs && a->sparse == b->sparse &&
           a->separate == b->separate && a->compressed == b->compressed && a->tiled == b->tiled &&
           a->segment_rows == b->segment_rows && a->segment_columns == b->segment_columns &&
           a->segments_across == b->segments_across && a->segments == b->segments &&
           a->data_offset == b->data_offset;
}

/* Whether the current directory's page is plain. Ends the program if libtiff understands it
 * otherwise. */
static bool compare(struct tiff_file *file, uint64_t number)
{
    static const struct tiff_decode_options ways[] = {
        {.raw = false}, {.raw = true}, {.missing_zero = true}};
    struct tiff_page plain, page;
    if (!tiff_plain_page_read(file, &plain))
        return false;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct fail fail = {.text = ""};
        if (tiff_page_read(file, number, &ways[i], &page, &fail) && is_same(&page, &plain))
            continue;
        fprintf(stderr, "page %llu is plain, but with libtiff another one: %s\n",
                (unsigned long long)number, fail.text);
        abort();
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct tiff_file file;
    struct fail fail = {.text = ""};
    uint64_t number = 0, plain = 0;
    if (!tiff_file_open(&file, fuzz_file(bytes, n), &fail))
        return 0;
    while (number < MAX_PAGES && file.next_directory != 0 &&
           tiff_parse_directory(&file, file.next_directory, number, &fail))
        plain += compare(&file, number++);
    if (getenv("COUNT_PAGES"))
        printf("%llu of %llu pages are plain\n", (unsigned long long)plain,
               (unsigned long long)number);
    tiff_file_close(&file);
    return 0;
}
