#include "common/io/progress.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* There is one standard error, so there is one progress line. */
static struct {
    const char *program;
    bool wanted, shown;
    double began, next;
} line;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void progress_start(const char *program, enum progress_mode mode)
{
    struct stat status;
    bool hidden =
        !isatty(STDERR_FILENO) || (fstat(STDOUT_FILENO, &status) == 0 && S_ISFIFO(status.st_mode));
    line.program = program;
    line.wanted = mode == PROGRESS_ALWAYS || (mode == PROGRESS_AUTOMATIC && !hidden);
    line.began = line.wanted ? seconds() : 0;
    line.next = line.began + 1;
}

void progress_show(uint64_t done, uint64_t total)
{
    if (!line.wanted)
        return;
    double now = seconds();
    if (now < line.next)
        return;
    double rate = (double)done / (now - line.began);
    fprintf(stderr, "\r%s: plane %" PRIu64 " of %" PRIu64 ", %.1f planes/s", line.program, done,
            total, rate);
    if (done > 0)
        fprintf(stderr, ", %.0f s left ", (double)(total - done) / rate);
    fputs("\033[K", stderr);
    line.shown = true;
    line.next = now + 0.25;
}

void progress_end(void)
{
    if (line.shown)
        fputs("\r\033[K", stderr);
    line.shown = false;
}
