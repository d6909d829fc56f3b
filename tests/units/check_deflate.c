/* Deflates what comes: for each line "DISTANCE LAST BYTES" on standard input, with that many bytes
 * behind it, a line "BYTES MAXIMUM" and the bytes of the stream; MAXIMUM is how many were allowed.
 * Source and stream end before guard pages. */
#include <stdio.h>

#include "format/png/deflate.h"
#include "tests/units/guard.h"

static int deflate_one(size_t distance, int last, size_t n)
{
    struct guard from_guard, to_guard;
    size_t maximum = deflate_runs_bound(n);
    guard_open(&from_guard, n);
    guard_open(&to_guard, maximum);
    unsigned char *from = guard_place(&from_guard, n, GUARD_END);
    unsigned char *to = guard_place(&to_guard, maximum, GUARD_END);
    int ok = fread(from, 1, n, stdin) == n;
    if (ok) {
        guard_note("deflate", n, GUARD_END);
        size_t size = deflate_runs(from, n, distance, last != 0, to);
        printf("%zu %zu\n", size, maximum);
        fwrite(to, 1, size, stdout);
    }
    guard_close(&from_guard);
    guard_close(&to_guard);
    return ok;
}

int main(void)
{
    size_t distance, n;
    int last;
    guard_catch();
    while (scanf("%zu %d %zu", &distance, &last, &n) == 3)
        if (getchar() != '\n' || !deflate_one(distance, last, n))
            return 2;
    return 0;
}
