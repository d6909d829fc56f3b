/* How many processors this process may use, and how many threads it does. */
#ifndef COMMON_THREAD_PROCESSORS_H
#define COMMON_THREAD_PROCESSORS_H

#include <stdbool.h>
#include <stddef.h>

#define THREADS_MAX 16 /* the caller's included */

/* Sets how many threads to use, THREADS_MAX at most; 0: as many as gain time. Called once, before
 * any is started. */
void threads_set(size_t threads);
/* How many threads to use, the caller's included: the number that was set; otherwise one for each
 * processor that this process may use, or 1 where there is not enough work for several. */
size_t threads_to_use(bool enough_work);

/* The smallest of: the processors that the scheduler allows (affinity), the quota of its control
 * groups, and SLURM_CPUS_PER_TASK, where Slurm gives a task fewer than the node has. 1 at least. */
size_t processors_allowed(void);

/* The quota of the control groups of which `groups` (/proc/self/cgroup) tells, in the folder `root`
 * (/sys/fs/cgroup), rounded down, but 1 at least; 0: there is none, or it can't be read. */
size_t processors_quota(const char *groups, const char *root);

#endif
