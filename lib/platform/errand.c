/* SPDX-License-Identifier: MIT
 *
 * Errands: see os/errand.h. The caller and the thread share the errand. Whoever is last frees it:
 * the caller joins a thread that has come to its end; one that has not becomes a stray, which
 * nobody joins and which takes the errand with it when it ends.
 */
#include "os/errand.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "os/error.h"
#include "os/module.h"
#include "os/thread.h"
#include "resolve.h"

struct platen_os_errand {
    const char *name;
    platen_os_thread *thread; /* NULL: there is none */
    platen_os_bell answered;  /* rung by the thread when a task is over */

    platen_os_mutex mutex; /* guards what follows */
    platen_os_cond changed;
    void (*task)(void *argument); /* NULL: none is under way */
    void *argument;
    void (*last)(void *argument);
    void *last_argument;
    bool leaving; /* no more tasks come */
    bool spent;   /* the thread was interrupted, and is good for nothing more */
    bool over;    /* the thread does nothing any more but return */
    bool stray;   /* the errand is the thread's alone */
};

static atomic_size_t strays;

/* ---- the end ------------------------------------------------------------------------------- */

static void destroy(platen_os_errand *errand)
{
    if (errand->thread)
        platen_os_thread_join(errand->thread);
    if (errand->answered != PLATEN_OS_NO_BELL)
        platen_os_bell_destroy(errand->answered);
    platen_os_cond_destroy(&errand->changed);
    platen_os_mutex_destroy(&errand->mutex);
    free(errand);
}

static bool is_over(platen_os_errand *errand)
{
    bool over;
    platen_os_mutex_lock(&errand->mutex);
    over = errand->over;
    platen_os_mutex_unlock(&errand->mutex);
    return over;
}

/* False: the thread is over, after all. */
static bool make_stray(platen_os_errand *errand)
{
    bool stray;
    platen_os_mutex_lock(&errand->mutex);
    stray = !errand->over;
    if (stray) {
        platen_os_thread_let_go(errand->thread);
        errand->thread = NULL;
        errand->stray = true;
        atomic_fetch_add(&strays, 1);
    }
    platen_os_mutex_unlock(&errand->mutex);
    return stray;
}

size_t platen_os_errands_stuck(void)
{
    return atomic_load(&strays);
}

/* ---- on the thread ------------------------------------------------------------------------- */

static bool next_task(platen_os_errand *errand)
{
    bool has;
    platen_os_mutex_lock(&errand->mutex);
    while (!errand->task && !errand->leaving && !errand->spent)
        platen_os_cond_wait(&errand->changed, &errand->mutex);
    has = errand->task != NULL;
    platen_os_mutex_unlock(&errand->mutex);
    return has;
}

static void run_task(void *argument)
{
    platen_os_errand *errand = argument;
    errand->task(errand->argument);
}

static void end_task(platen_os_errand *errand)
{
    platen_os_mutex_lock(&errand->mutex);
    errand->task = NULL;
    platen_os_bell_ring(errand->answered);
    platen_os_mutex_unlock(&errand->mutex);
}

/* Whoever sees `over` may join the thread. One that was interrupted and not ended leaves the last
 * task to another. */
static void leave(platen_os_errand *errand)
{
    bool stray;
    platen_os_mutex_lock(&errand->mutex);
    if (errand->last) {
        void (*last)(void *) = errand->last;
        errand->last = NULL;
        platen_os_mutex_unlock(&errand->mutex);
        last(errand->last_argument);
        platen_os_mutex_lock(&errand->mutex);
    }
    errand->over = true;
    stray = errand->stray;
    platen_os_cond_broadcast(&errand->changed);
    platen_os_mutex_unlock(&errand->mutex);
    if (!stray)
        return;
    destroy(errand);
    atomic_fetch_sub(&strays, 1);
}

static void cut(void *argument)
{
    end_task(argument);
    leave(argument);
}

static void serve(void *argument)
{
    while (next_task(argument)) {
        platen_os_thread_expose(run_task, cut, argument);
        end_task(argument);
    }
    leave(argument);
}

/* ---- on the caller's side ------------------------------------------------------------------ */

uint32_t platen_os_errand_create(const char *name, platen_os_errand **errand)
{
    platen_os_errand *made = calloc(1, sizeof *made);
    uint32_t error;

    *errand = NULL;
    if (!made)
        return PLATEN_NOT_ENOUGH_MEMORY;
    made->name = name;
    platen_os_mutex_init(&made->mutex);
    platen_os_cond_init(&made->changed);
    made->answered = PLATEN_OS_NO_BELL;
    error = platen_os_sockets_begin();
    if (!error)
        error = platen_os_bell_create(&made->answered);
    if (error)
        destroy(made);
    else
        *errand = made;
    return error;
}

/* A thread that was interrupted is replaced. */
static uint32_t start_thread(platen_os_errand *errand)
{
    if (errand->thread && !is_over(errand))
        return 0;
    if (errand->thread)
        platen_os_thread_join(errand->thread);
    errand->thread = NULL;
    errand->spent = errand->over = false;
    return platen_os_thread_start(&errand->thread, errand->name, 0, serve, errand);
}

uint32_t platen_os_errand_begin(platen_os_errand *errand, void (*task)(void *argument),
                                void *argument)
{
    uint32_t error = 0;
    platen_os_mutex_lock(&errand->mutex);
    while (errand->spent && !errand->over)
        platen_os_cond_wait(&errand->changed, &errand->mutex);
    platen_os_mutex_unlock(&errand->mutex);
    error = start_thread(errand);
    if (error)
        return error;
    platen_os_bell_hush(errand->answered);
    platen_os_mutex_lock(&errand->mutex);
    errand->task = task;
    errand->argument = argument;
    platen_os_cond_broadcast(&errand->changed);
    platen_os_mutex_unlock(&errand->mutex);
    return 0;
}

bool platen_os_errand_is_busy(platen_os_errand *errand)
{
    bool busy;
    platen_os_mutex_lock(&errand->mutex);
    busy = errand->task != NULL;
    platen_os_mutex_unlock(&errand->mutex);
    return busy;
}

uint32_t platen_os_errand_wait(platen_os_errand *errand, platen_os_bell bell, uint64_t until)
{
    uint32_t error = 0;
    if (platen_os_errand_is_busy(errand))
        error = platen_os_bells_wait(errand->answered, bell, until);
    if (!platen_os_errand_is_busy(errand))
        return 0;
    return error ? error : PLATEN_TIMEOUT;
}

void platen_os_errand_interrupt(platen_os_errand *errand)
{
    platen_os_mutex_lock(&errand->mutex);
    if (errand->task && !errand->spent) {
        errand->spent = true;
        platen_os_thread_cancel(errand->thread);
    }
    platen_os_mutex_unlock(&errand->mutex);
}

/* False: the thread that there was had come to its end before it knew of `last`. */
static bool send_off(platen_os_errand *errand, void (*last)(void *argument), void *argument)
{
    bool has_thread;
    platen_os_mutex_lock(&errand->mutex);
    errand->last = last;
    errand->last_argument = argument;
    errand->leaving = true;
    has_thread = errand->thread && !errand->over;
    platen_os_cond_broadcast(&errand->changed);
    platen_os_mutex_unlock(&errand->mutex);
    return has_thread;
}

static bool wait_for_end(platen_os_errand *errand, uint64_t until)
{
    bool over, waiting = true;
    platen_os_mutex_lock(&errand->mutex);
    while (!errand->over && waiting)
        waiting = platen_os_cond_wait_until(&errand->changed, &errand->mutex, until);
    over = errand->over;
    platen_os_mutex_unlock(&errand->mutex);
    return over;
}

bool platen_os_errand_end(platen_os_errand *errand, void (*last)(void *argument), void *argument,
                          uint64_t until)
{
    if (!errand) {
        last(argument);
        return true;
    }
    if (!send_off(errand, last, argument) && start_thread(errand))
        leave(errand); /* no thread to be had: better late than never */
    if (!wait_for_end(errand, until)) {
        platen_os_module_pin(&strays);
        if (make_stray(errand))
            return false;
    }
    destroy(errand);
    return true;
}
