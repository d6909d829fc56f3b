/* Any bytes as the texts in which programs describe their TIFF files. The first byte chooses the
 * tag, the rest is its value, in a file of one small page. */
#include <stdlib.h>
#include <string.h>

#include "format/tiff/read.h"
#include "tests/fuzz/file.h"

enum { ENTRIES = 8, PAGE_AT = 8, VALUE_AT = PAGE_AT + 2 + 12 * ENTRIES + 4, MAX_TEXT = 1 << 16 };

static unsigned char *put(unsigned char *to, uint32_t number, size_t size)
{
    for (size_t i = 0; i < size; i++)
        *to++ = (unsigned char)(number >> 8 * i);
    return to;
}

static unsigned char *put_entry(unsigned char *to, uint32_t tag, uint32_t type, uint32_t count,
                                uint32_t value)
{
    return put(put(put(put(to, tag, 2), type, 2), count, 4), value, 4);
}

/* The value must not lie inside its entry, so it has 5 bytes at least. */
static size_t make_file(unsigned tag, const uint8_t *text, size_t n, unsigned char *file)
{
    enum { ASCII = 2, SHORT = 3, LONG = 4 };
    memset(file, 0, VALUE_AT + 8);
    memcpy(file, "II*\0", 4);
    put(file + 4, PAGE_AT, 4);
    unsigned char *to = put(file + PAGE_AT, ENTRIES, 2);
    to = put_entry(to, 256, SHORT, 1, 2);
    to = put_entry(to, 257, SHORT, 1, 1);
    to = put_entry(to, 258, SHORT, 1, 8);
    to = put_entry(to, 262, SHORT, 1, 1);
    if (tag < 273)
        to = put_entry(to, tag, ASCII, (uint32_t)n + 5, VALUE_AT);
    to = put_entry(to, 273, LONG, 1, 4);
    to = put_entry(to, 278, SHORT, 1, 1);
    to = put_entry(to, 279, LONG, 1, 2);
    if (tag > 273)
        to = put_entry(to, tag, ASCII, (uint32_t)n + 5, VALUE_AT);
    put(to, 0, 4);
    memcpy(file + VALUE_AT, text, n);
    memset(file + VALUE_AT + n, 0, 5);
    return VALUE_AT + n + 5;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const unsigned tags[] = {270, 270, 270, 305, 315, 51123, 33628, 50839, 34412, 65000};
    static unsigned char file[VALUE_AT + MAX_TEXT + 5];
    struct tiff_options options = {.all_channels = true};
    struct fail fail = {.text = ""};
    struct notices notices = {{0}};
    if (n < 1 || n - 1 > MAX_TEXT)
        return 0;
    size_t size =
        make_file(tags[bytes[0] % (sizeof tags / sizeof tags[0])], bytes + 1, n - 1, file);
    char *paths[] = {(char *)(uintptr_t)fuzz_file(file, size)};
    fuzz_read(tiff_open(paths, 1, &options, &notices, &fail));
    return 0;
}
