#include "common/crew.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

struct member {
    struct crew *crew;
    void *worker;
    pthread_t thread;
};

struct slot {
    void *job;
    bool done;
};

struct crew {
    crew_work *work;
    struct member members[CREW_MOST]; /* the first is the caller */
    size_t count, most;               /* members that work; that may */

    pthread_mutex_t mutex; /* for all below */
    pthread_cond_t given, done;
    struct slot slots[CREW_JOBS];     /* a ring; what follows counts from the first job on */
    size_t take_at, work_at, give_at; /* of the next to be taken back, to be done, to be given */
    bool no_more;
};

static size_t wanted;

void crew_choose(size_t threads)
{
    wanted = threads;
}

static size_t count_processors(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
}

size_t crew_threads(bool enough)
{
    size_t threads = wanted > 0 ? wanted : enough ? count_processors() : 1;
    return threads < CREW_MOST ? threads : CREW_MOST;
}

static struct slot *slot_at(struct crew *crew, size_t number)
{
    return &crew->slots[number % CREW_JOBS];
}

/* The next job; the mutex is held before and after. */
static void do_job(struct crew *crew, void *worker)
{
    struct slot *slot = slot_at(crew, crew->work_at++);
    pthread_mutex_unlock(&crew->mutex);
    crew->work(worker, slot->job);
    pthread_mutex_lock(&crew->mutex);
    slot->done = true;
    pthread_cond_signal(&crew->done);
}

static void *do_jobs(void *argument)
{
    const struct member *member = argument;
    struct crew *crew = member->crew;
    pthread_mutex_lock(&crew->mutex);
    for (;;) {
        while (crew->work_at == crew->give_at && !crew->no_more)
            pthread_cond_wait(&crew->given, &crew->mutex);
        if (crew->work_at == crew->give_at)
            break;
        do_job(crew, member->worker);
    }
    pthread_mutex_unlock(&crew->mutex);
    return NULL;
}

/* Signals stay with the main thread. The mutex is held before and after. */
static void start_thread(struct crew *crew)
{
    struct member *member = &crew->members[crew->count];
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&member->thread, NULL, do_jobs, member) == 0)
        crew->count++;
    else
        crew->most = crew->count;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct crew *crew_start(crew_work *work, void *const *workers, size_t count)
{
    struct crew *crew = calloc(1, sizeof *crew);
    if (!crew)
        return NULL;
    crew->work = work;
    crew->count = 1;
    crew->most = count < CREW_MOST ? count : CREW_MOST;
    for (size_t i = 0; i < crew->most; i++)
        crew->members[i] = (struct member){.crew = crew, .worker = workers[i]};
    pthread_mutex_init(&crew->mutex, NULL);
    pthread_cond_init(&crew->given, NULL);
    pthread_cond_init(&crew->done, NULL);
    return crew;
}

void crew_give(struct crew *crew, void *job)
{
    pthread_mutex_lock(&crew->mutex);
    *slot_at(crew, crew->give_at++) = (struct slot){.job = job};
    /* A single job is the caller's own: who has no more to do needs no thread. */
    if (crew->give_at - crew->work_at > 1 && crew->count < crew->most)
        start_thread(crew);
    pthread_cond_signal(&crew->given);
    pthread_mutex_unlock(&crew->mutex);
}

void *crew_take(struct crew *crew)
{
    void *job = NULL;
    pthread_mutex_lock(&crew->mutex);
    if (crew->take_at < crew->give_at) {
        struct slot *slot = slot_at(crew, crew->take_at++);
        while (!slot->done && crew->work_at < crew->give_at)
            do_job(crew, crew->members[0].worker);
        while (!slot->done)
            pthread_cond_wait(&crew->done, &crew->mutex);
        job = slot->job;
    }
    pthread_mutex_unlock(&crew->mutex);
    return job;
}

void crew_finish(struct crew *crew)
{
    if (!crew)
        return;
    while (crew_take(crew))
        ;
    pthread_mutex_lock(&crew->mutex);
    crew->no_more = true;
    pthread_cond_broadcast(&crew->given);
    pthread_mutex_unlock(&crew->mutex);
    for (size_t i = 1; i < crew->count; i++)
        pthread_join(crew->members[i].thread, NULL);
    pthread_mutex_destroy(&crew->mutex);
    pthread_cond_destroy(&crew->given);
    pthread_cond_destroy(&crew->done);
    free(crew);
}
