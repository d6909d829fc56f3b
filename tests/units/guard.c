#include "tests/units/guard.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/kernel/cpu.h"

static struct {
    const char *kernel;
    size_t n;
    unsigned offset;
} running = {.kernel = "no kernel"};

void guard_open(struct guard *guard, size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size = (size + page - 1) / page * page;
    guard->map =
        mmap(NULL, size + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    guard->begin = guard->map + page;
    guard->end = guard->begin + size;
    if (guard->map == MAP_FAILED || mprotect(guard->map, page, PROT_NONE) != 0 ||
        mprotect(guard->end, page, PROT_NONE) != 0) {
        perror("guard pages");
        exit(1);
    }
}

void guard_close(struct guard *guard)
{
    size_t page = (size_t)(guard->begin - guard->map);
    munmap(guard->map, (size_t)(guard->end - guard->map) + page);
}

void *guard_place(const struct guard *guard, size_t n, unsigned offset)
{
    return offset == GUARD_END ? guard->end - n : guard->begin + offset;
}

/* Signal handlers may not call dprintf() because the signal may have come in the middle of another
 * such function; here it came in the middle of a kernel. */
static void die(int number)
{
    (void)number;
    static const char *const levels[CPU_LEVELS] = {"generic", "v2", "v3", "v4"};
    char where[40] = "that end before the page";
    if (running.offset != GUARD_END)
        snprintf(where, sizeof where, "at offset %u", running.offset);
    dprintf(STDOUT_FILENO, "%s, level %s: touches a page beside its %zu samples %s\n",
            running.kernel, levels[cpu_level()], running.n, where);
    _exit(1);
}

void guard_catch(void)
{
    const struct sigaction action = {.sa_handler = die};
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
}

void guard_note(const char *kernel, size_t n, unsigned offset)
{
    running.kernel = kernel;
    running.n = n;
    running.offset = offset;
}
