#include "common/lanes.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "common/pass.h"

#define QUEUE 2

struct block {
    float *v;
    size_t n;
    uint64_t at;
};

struct lanes {
    lane_work *work;
    void *states[2];
    size_t count;
    bool ended; /* by the caller's lane */

    pthread_t thread;
    pthread_mutex_t mutex; /* for all below */
    pthread_cond_t changed;
    struct block queue[QUEUE]; /* blocks waiting for the thread, the first being worked on */
    size_t first, waiting;
    bool thread_ended, no_more;
};

size_t lanes_count(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) < 2 ? 1 : 2;
}

static void *second_lane(void *argument)
{
    struct lanes *lanes = argument;
    pthread_mutex_lock(&lanes->mutex);
    for (;;) {
        while (lanes->waiting == 0 && !lanes->no_more)
            pthread_cond_wait(&lanes->changed, &lanes->mutex);
        if (lanes->waiting == 0)
            break;
        struct block block = lanes->queue[lanes->first];
        bool work = !lanes->thread_ended;
        pthread_mutex_unlock(&lanes->mutex);
        bool ended = work && !lanes->work(lanes->states[1], block.v, block.n, block.at);
        pthread_mutex_lock(&lanes->mutex);
        lanes->thread_ended |= ended;
        lanes->first = (lanes->first + 1) % QUEUE;
        lanes->waiting--;
    }
    pthread_mutex_unlock(&lanes->mutex);
    return NULL;
}

/* Signals stay with the main thread. */
static bool start_thread(struct lanes *lanes)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool ok = pthread_create(&lanes->thread, NULL, second_lane, lanes) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}

static void free_lanes(struct lanes *lanes)
{
    for (size_t i = 0; i < QUEUE; i++)
        free(lanes->queue[i].v);
    pthread_mutex_destroy(&lanes->mutex);
    pthread_cond_destroy(&lanes->changed);
    free(lanes);
}

struct lanes *lanes_start(lane_work *work, void *const *states, size_t count)
{
    struct lanes *lanes = calloc(1, sizeof *lanes);
    if (!lanes)
        return NULL;
    lanes->work = work;
    lanes->count = count;
    memcpy(lanes->states, states, count * sizeof *states);
    pthread_mutex_init(&lanes->mutex, NULL);
    pthread_cond_init(&lanes->changed, NULL);
    bool ok = true;
    for (size_t i = 0; count > 1 && i < QUEUE; i++)
        ok = (lanes->queue[i].v = malloc(PASS_BLOCK * sizeof(float))) && ok;
    if (ok && (count < 2 || start_thread(lanes)))
        return lanes;
    free_lanes(lanes);
    return NULL;
}

/* Hands the block to the thread unless it has enough to do already. */
static bool queue_block(struct lanes *lanes, const float *v, size_t n, uint64_t at)
{
    pthread_mutex_lock(&lanes->mutex);
    bool room = lanes->waiting < QUEUE;
    struct block *block = &lanes->queue[(lanes->first + lanes->waiting) % QUEUE];
    pthread_mutex_unlock(&lanes->mutex);
    if (!room)
        return false;
    /* Only this lane fills blocks, so this one stays free meanwhile. */
    memcpy(block->v, v, n * sizeof *v);
    block->n = n;
    block->at = at;
    pthread_mutex_lock(&lanes->mutex);
    lanes->waiting++;
    pthread_cond_signal(&lanes->changed);
    pthread_mutex_unlock(&lanes->mutex);
    return true;
}

static bool thread_has_ended(struct lanes *lanes)
{
    pthread_mutex_lock(&lanes->mutex);
    bool ended = lanes->thread_ended;
    pthread_mutex_unlock(&lanes->mutex);
    return ended;
}

bool lanes_give(struct lanes *lanes, const float *v, size_t n, uint64_t at)
{
    if (lanes->count > 1 && queue_block(lanes, v, n, at))
        return !thread_has_ended(lanes);
    lanes->ended |= !lanes->work(lanes->states[0], v, n, at);
    return !lanes->ended && !thread_has_ended(lanes);
}

bool lanes_finish(struct lanes *lanes)
{
    if (!lanes)
        return true;
    if (lanes->count > 1) {
        pthread_mutex_lock(&lanes->mutex);
        lanes->no_more = true;
        pthread_cond_signal(&lanes->changed);
        pthread_mutex_unlock(&lanes->mutex);
        pthread_join(lanes->thread, NULL);
    }
    bool ok = !lanes->ended && !lanes->thread_ended;
    free_lanes(lanes);
    return ok;
}
