/* check_processors GROUPS ROOT: the quota of control groups; without operands, the processors that
 * this process may use. */
#include <stdio.h>

#include "common/thread/processors.h"

int main(int argc, char **argv)
{
    printf("%zu\n", argc == 3 ? processors_quota(argv[1], argv[2]) : processors_allowed());
    return 0;
}
