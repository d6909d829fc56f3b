#include "common/kernel/cpu.h"

#include <stdio.h>
#include <string.h>

static const char *const names[CPU_LEVELS] = {"generic", "v2", "v3", "v4"};

static enum cpu_level chosen = CPU_GENERIC;

static enum cpu_level best_level(void)
{
#ifdef __x86_64__
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("sse4.2"))
        return CPU_GENERIC;
    if (!__builtin_cpu_supports("avx2"))
        return CPU_V2;
    bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    return wide ? CPU_V4 : CPU_V3;
#else
    return CPU_GENERIC;
#endif
}

/* Writes "generic, v2, v3", up to `last`. */
static const char *list_names(enum cpu_level last, char *list, size_t size)
{
    size_t used = 0;
    for (enum cpu_level level = CPU_GENERIC; level <= last; level++)
        used += (size_t)snprintf(list + used, size - used, "%s%s", level ? ", " : "", names[level]);
    return list;
}

bool cpu_choose(const char *name, struct fail *fail)
{
    char list[64];
    enum cpu_level best = best_level(), level = CPU_GENERIC;
    if (!name || name[0] == '\0') {
        chosen = best;
        return true;
    }
    while (level < CPU_LEVELS && strcmp(name, names[level]) != 0)
        level++;
    if (level == CPU_LEVELS)
        return fail_set(fail, "needs one of %s, not '%s'", list_names(CPU_V4, list, sizeof list),
                        name);
    if (level > best)
        return fail_set(fail, "this CPU has no %s; it has %s", name,
                        list_names(best, list, sizeof list));
    chosen = level;
    return true;
}

enum cpu_level cpu_level(void)
{
    return chosen;
}
