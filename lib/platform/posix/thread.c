/* SPDX-License-Identifier: MIT */
#include "os/thread.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../once.h"
#include "os/clock.h"
#include "os/error.h"

#define SECOND    UINT64_C(1000000000)
#define NAME_SIZE 16

_Static_assert(sizeof(pthread_mutex_t) <= sizeof(platen_os_mutex), "room for a mutex");
_Static_assert(sizeof(pthread_cond_t) <= sizeof(platen_os_cond), "room for a condition");
_Static_assert(_Alignof(pthread_mutex_t) <= _Alignof(platen_os_mutex), "a mutex is aligned");
_Static_assert(_Alignof(pthread_cond_t) <= _Alignof(platen_os_cond), "a condition is aligned");

struct platen_os_thread {
    pthread_t id;
    char name[NAME_SIZE];
    void (*body)(void *argument);
    void *argument;
    atomic_uint owners; /* the thread itself, until its body returns, and who started it */
};

/* For calls that fail only if they are used wrongly. */
static void insist(int error)
{
    if (error)
        abort();
}

static pthread_mutex_t *native_mutex(platen_os_mutex *mutex)
{
    return (pthread_mutex_t *)mutex->room;
}

static pthread_cond_t *native_cond(platen_os_cond *cond)
{
    return (pthread_cond_t *)cond->room;
}

/* The checking kind says so when its holder takes it again or somebody else gives it back. */
void platen_os_mutex_init(platen_os_mutex *mutex)
{
    pthread_mutexattr_t kind;
    insist(pthread_mutexattr_init(&kind));
    insist(pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK));
    insist(pthread_mutex_init(native_mutex(mutex), &kind));
    insist(pthread_mutexattr_destroy(&kind));
}

void platen_os_mutex_destroy(platen_os_mutex *mutex)
{
    insist(pthread_mutex_destroy(native_mutex(mutex)));
}

void platen_os_mutex_lock(platen_os_mutex *mutex)
{
    insist(pthread_mutex_lock(native_mutex(mutex)));
}

void platen_os_mutex_unlock(platen_os_mutex *mutex)
{
    insist(pthread_mutex_unlock(native_mutex(mutex)));
}

void platen_os_cond_init(platen_os_cond *cond)
{
    pthread_condattr_t kind;
    insist(pthread_condattr_init(&kind));
    insist(pthread_condattr_setclock(&kind, CLOCK_MONOTONIC));
    insist(pthread_cond_init(native_cond(cond), &kind));
    insist(pthread_condattr_destroy(&kind));
}

void platen_os_cond_destroy(platen_os_cond *cond)
{
    insist(pthread_cond_destroy(native_cond(cond)));
}

void platen_os_cond_wait(platen_os_cond *cond, platen_os_mutex *mutex)
{
    insist(pthread_cond_wait(native_cond(cond), native_mutex(mutex)));
}

bool platen_os_cond_wait_until(platen_os_cond *cond, platen_os_mutex *mutex, uint64_t until)
{
    struct timespec moment = {.tv_sec = (time_t)(until / SECOND),
                              .tv_nsec = (long)(until % SECOND)};
    int error;

    if (until == PLATEN_OS_FOREVER) {
        platen_os_cond_wait(cond, mutex);
        return true;
    }
    error = pthread_cond_timedwait(native_cond(cond), native_mutex(mutex), &moment);
    if (error != ETIMEDOUT)
        insist(error);
    return error == 0;
}

void platen_os_cond_signal(platen_os_cond *cond)
{
    insist(pthread_cond_signal(native_cond(cond)));
}

void platen_os_cond_broadcast(platen_os_cond *cond)
{
    insist(pthread_cond_broadcast(native_cond(cond)));
}

void platen_os_call_once(platen_os_once *once, void (*init)(void))
{
    insist(pthread_once(&once->room, init));
}

static void show_name(const char *name)
{
#ifdef __linux__
    pthread_setname_np(pthread_self(), name);
#else
    (void)name;
#endif
}

static void disown(platen_os_thread *thread)
{
    if (atomic_fetch_sub(&thread->owners, 1) == 1)
        free(thread);
}

static void *run(void *argument)
{
    platen_os_thread *thread = argument;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    show_name(thread->name);
    thread->body(thread->argument);
    disown(thread);
    return NULL;
}

/* A fault of the thread's own must reach its handler: blocked, it would end the process unheard. */
static void fill_mask(sigset_t *mask)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT};
    sigfillset(mask);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        sigdelset(mask, faults[i]);
}

/* The new thread inherits the mask: no signal can slip in before it has set its own. */
static int create_blocked(platen_os_thread *thread, const pthread_attr_t *kind)
{
    sigset_t mask, before;
    int error;

    fill_mask(&mask);
    insist(pthread_sigmask(SIG_BLOCK, &mask, &before));
    error = pthread_create(&thread->id, kind, run, thread);
    insist(pthread_sigmask(SIG_SETMASK, &before, NULL));
    return error;
}

static int create(platen_os_thread *thread, size_t stack_size)
{
    pthread_attr_t kind;
    int error = pthread_attr_init(&kind);

    if (error)
        return error;
    if (stack_size)
        error = pthread_attr_setstacksize(&kind, stack_size);
    if (!error)
        error = create_blocked(thread, &kind);
    pthread_attr_destroy(&kind);
    return error;
}

uint32_t platen_os_thread_start(platen_os_thread **thread, const char *name, size_t stack_size,
                                void (*body)(void *argument), void *argument)
{
    platen_os_thread *made = calloc(1, sizeof *made);
    int error;

    *thread = NULL;
    if (!made)
        return PLATEN_NOT_ENOUGH_MEMORY;
    strncpy(made->name, name, NAME_SIZE - 1);
    made->body = body;
    made->argument = argument;
    atomic_init(&made->owners, 2);
    error = create(made, stack_size);
    if (error) {
        free(made);
        return error == EAGAIN ? PLATEN_NOT_ENOUGH_MEMORY : platen_os_error_from(error);
    }
    *thread = made;
    return 0;
}

void platen_os_thread_join(platen_os_thread *thread)
{
    insist(pthread_join(thread->id, NULL));
    free(thread);
}

void platen_os_thread_let_go(platen_os_thread *thread)
{
    insist(pthread_detach(thread->id));
    disown(thread);
}

void platen_os_thread_expose(void (*body)(void *argument), void (*interrupted)(void *argument),
                             void *argument)
{
    pthread_cleanup_push(interrupted, argument);
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
    body(argument);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    pthread_cleanup_pop(0);
}

/* With glibc a thread that is cancelled needs this library, and the process ends if there is none;
 * then it is better to let the thread wait. */
static bool can_cancel(void)
{
#ifdef __GLIBC__
    static _Atomic(void *) unwinder;
    if (!atomic_load(&unwinder))
        atomic_store(&unwinder, dlopen("libgcc_s.so.1", RTLD_NOW));
    return atomic_load(&unwinder) != NULL;
#else
    return true;
#endif
}

void platen_os_thread_cancel(platen_os_thread *thread)
{
    if (can_cancel())
        pthread_cancel(thread->id);
}

uint64_t platen_os_thread_id(void)
{
    return (uint64_t)(uintptr_t)pthread_self();
}

void platen_os_thread_yield(void)
{
    sched_yield();
}
