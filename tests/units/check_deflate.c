/* Deflates what comes: for each line "DISTANCE LAST BYTES" on standard input, with that many bytes
 * behind it, a line "BYTES MOST" and the bytes of the stream. MOST: those that there was room for.
 */
#include <stdio.h>
#include <stdlib.h>

#include "format/png/deflate.h"

static int deflate_one(size_t distance, int last, size_t n)
{
    /* Of just the sizes that are promised, so that a sanitizer sees who goes beyond. */
    size_t most = deflate_runs_most(n);
    unsigned char *from = malloc(n > 0 ? n : 1), *to = malloc(most);
    int ok = from && to && fread(from, 1, n, stdin) == n;
    if (ok) {
        size_t size = deflate_runs(from, n, distance, last != 0, to);
        printf("%zu %zu\n", size, most);
        fwrite(to, 1, size, stdout);
    }
    free(from);
    free(to);
    return ok;
}

int main(void)
{
    size_t distance, n;
    int last;
    while (scanf("%zu %d %zu", &distance, &last, &n) == 3)
        if (getchar() != '\n' || !deflate_one(distance, last, n))
            return 2;
    return 0;
}
