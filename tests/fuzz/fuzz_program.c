/* Any bytes as the file of a whole program: volclip's main, which reads twice, measures and writes.
 */
#include <getopt.h>

#include "tests/fuzz/file.h"

int volclip_main(int argc, char **argv);

#define main volclip_main
#include "tools/volclip.c"
#undef main

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char *arguments[] = {(char[]){"volclip"},
                         (char[]){"-j1"},
                         (char[]){"-q1,99"},
                         (char[]){"-o/dev/null"},
                         (char *)(uintptr_t)fuzz_file(bytes, n),
                         NULL};
    optind = 0;
    (void)!volclip_main(5, arguments);
    return 0;
}
