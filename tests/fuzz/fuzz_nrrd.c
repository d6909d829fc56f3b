/* Any bytes as a volume stream. */
#include "format/nrrd/stream.h"
#include "tests/fuzz/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct fail fail = {.text = ""};
    fuzz_read(nrrd_open_twice(fuzz_file(bytes, n), &fail));
    return 0;
}
