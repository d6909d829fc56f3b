/* Units: for each line of standard input, the unit that it names, "" for none. */
#include <stdio.h>
#include <string.h>

#include "common/volume/unit.h"

int main(void)
{
    char line[256], unit[UNIT_SIZE];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        unit_normalize(unit, line);
        puts(unit);
    }
    return 0;
}
