/* How many processors this process may use. */
#ifndef COMMON_THREAD_PROCESSORS_H
#define COMMON_THREAD_PROCESSORS_H

#include <stddef.h>

/* The smallest of: the processors that the scheduler allows (affinity), the quota of its control
 * groups, and SLURM_CPUS_PER_TASK, where Slurm gives a task fewer than the node has. 1 at least. */
size_t processors_allowed(void);

/* The quota of the control groups of which `groups` (/proc/self/cgroup) tells, in the folder `root`
 * (/sys/fs/cgroup), rounded down, but 1 at least; 0: there is none, or it can't be read. */
size_t processors_quota(const char *groups, const char *root);

#endif
