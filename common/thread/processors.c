#include "common/thread/processors.h"

#include <limits.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text/number.h"

static size_t wanted_threads;

void threads_set(size_t threads)
{
    wanted_threads = threads;
}

size_t threads_to_use(bool enough_work)
{
    size_t threads = wanted_threads > 0 ? wanted_threads : enough_work ? processors_allowed() : 1;
    return threads < THREADS_MAX ? threads : THREADS_MAX;
}

static size_t smaller_quota(size_t a, size_t b)
{
    return a == 0 || (b != 0 && b < a) ? b : a;
}

static size_t quota_of(long long quota, long long period)
{
    return quota <= 0 || period <= 0 ? 0 : quota < period ? 1 : (size_t)(quota / period);
}

static bool read_numbers(const char *path, const char *format, long long *a, long long *b)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    int wanted = b ? 2 : 1, found = b ? fscanf(file, format, a, b) : fscanf(file, format, a);
    fclose(file);
    return found == wanted;
}

/* The quota of one group: version 2 has cpu.max, "max PERIOD" without a limit; version 1 two files.
 */
static size_t quota_in(const char *folder)
{
    char path[PATH_MAX + 32];
    long long quota = 0, period = 0;
    snprintf(path, sizeof path, "%s/cpu.max", folder);
    if (read_numbers(path, "%lld %lld", &quota, &period))
        return quota_of(quota, period);
    snprintf(path, sizeof path, "%s/cpu.cfs_quota_us", folder);
    if (!read_numbers(path, "%lld", &quota, NULL))
        return 0;
    snprintf(path, sizeof path, "%s/cpu.cfs_period_us", folder);
    return read_numbers(path, "%lld", &period, NULL) ? quota_of(quota, period) : 0;
}

/* The smallest quota of a group and of all that contain it. */
static size_t quota_of_path(const char *root, const char *controller, const char *group)
{
    char folder[PATH_MAX];
    int length = snprintf(folder, sizeof folder, "%s%s%s", root, controller, group);
    size_t quota = 0, shortest = strlen(root) + strlen(controller);
    if (length < 0 || (size_t)length >= sizeof folder)
        return 0;
    for (char *end = folder + length; end && (size_t)(end - folder) >= shortest;
         end = strrchr(folder, '/')) {
        *end = '\0';
        quota = smaller_quota(quota, quota_in(folder));
    }
    return quota;
}

/* Lines are "NUMBER:CONTROLLERS:/GROUP", with no controllers in version 2. */
size_t processors_quota(const char *groups, const char *root)
{
    char line[PATH_MAX];
    size_t quota = 0;
    FILE *file = fopen(groups, "re");
    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        char *controllers = strchr(line, ':');
        char *group = controllers ? strchr(++controllers, ':') : NULL;
        if (!group)
            continue;
        *group++ = '\0';
        if (*controllers == '\0')
            quota = smaller_quota(quota, quota_of_path(root, "", group));
        else if (strcmp(controllers, "cpu") == 0 || strcmp(controllers, "cpu,cpuacct") == 0)
            quota = smaller_quota(quota, quota_of_path(root, "/cpu", group));
    }
    if (file)
        fclose(file);
    return quota;
}

size_t processors_allowed(void)
{
    cpu_set_t set;
    size_t count = sched_getaffinity(0, sizeof set, &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
    const char *task = getenv("SLURM_CPUS_PER_TASK");
    uint64_t given;
    if (task && number_count(task, &given))
        count = smaller_quota(count, given);
    return smaller_quota(count, processors_quota("/proc/self/cgroup", "/sys/fs/cgroup"));
}
