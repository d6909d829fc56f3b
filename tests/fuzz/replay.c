/* Runs a fuzz target on files, without a fuzzer: replay_nrrd FILE... */
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/file.h"

static bool run(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    size_t capacity = 1 << 20, n = 0;
    uint8_t *bytes = malloc(capacity);
    if (bytes)
        n = fread(bytes, 1, capacity, file);
    fclose(file);
    /* A block of exactly that size, so that a sanitizer sees reads behind it. */
    uint8_t *exact = bytes ? realloc(bytes, n > 0 ? n : 1) : NULL;
    if (exact)
        LLVMFuzzerTestOneInput(exact, n);
    free(exact ? exact : bytes);
    return exact != NULL;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!run(argv[i])) {
            perror(argv[i]);
            return 1;
        }
    printf("%d files\n", argc - 1);
    return 0;
}
