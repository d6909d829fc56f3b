/* Any bytes as a TIFF file, read as a user may ask for it. */
#include "format/tiff/read.h"
#include "tests/fuzz/file.h"

static void read_as(const char *path, const struct tiff_options *options)
{
    struct fail fail = {.text = ""};
    struct notices notices = {{0}};
    char *paths[] = {(char *)(uintptr_t)path};
    fuzz_read(tiff_open(paths, 1, options, &notices, &fail));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const struct tiff_options ways[] = {
        {.all_channels = true, .choose_frame = true},
        {.plain = true, .raw = true},
        {.rgb = true, .plain = true, .missing_zero = true},
        {.all_channels = true, .choose_frame = true, .choose_series = true, .missing_zero = true},
    };
    const char *path = fuzz_file(bytes, n);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        read_as(path, &ways[i]);
    return 0;
}
