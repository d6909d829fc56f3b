/* Each line of standard input as an expression that ends where memory does: what is wrong with it,
 * or "good". */
#include <stdio.h>
#include <string.h>

#include "common/math/expression.h"
#include "tests/units/guard.h"

int main(void)
{
    static char line[256];
    static struct expression expression;
    struct guard guard;
    guard_open(&guard, sizeof line);
    guard_catch();
    while (fgets(line, sizeof line, stdin)) {
        struct fail fail = {.text = ""};
        line[strcspn(line, "\n")] = '\0';
        size_t n = strlen(line) + 1;
        char *text = guard_place(&guard, n, GUARD_END);
        memcpy(text, line, n);
        guard_note("expression_parse", n, GUARD_END);
        puts(expression_parse(&expression, text, &fail) ? "good" : fail.text);
    }
    guard_close(&guard);
    return 0;
}
