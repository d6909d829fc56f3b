#include "common/cpu.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const char *const cpu_level_names[] = {"generic", "v3", "v4", NULL};

static enum cpu_level best_level(void)
{
#ifdef __x86_64__
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2"))
        return CPU_GENERIC;
    bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    return wide ? CPU_V4 : CPU_V3;
#else
    return CPU_GENERIC;
#endif
}

enum cpu_level cpu_level(void)
{
    static enum cpu_level found = CPU_LEVELS; /* a second finder would find the same */
    if (found != CPU_LEVELS)
        return found;
    enum cpu_level level = best_level();
    const char *forced = getenv("VOL_CPU");
    for (enum cpu_level l = CPU_GENERIC; forced && l < level; l++)
        if (strcmp(forced, cpu_level_names[l]) == 0)
            level = l;
    found = level;
    return level;
}
