/* SPDX-License-Identifier: MIT */
#include <windows.h>
#include <process.h>

#include "os/thread.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "../once.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/text.h"

#define MILLISECOND UINT64_C(1000000)
#define NAME_SIZE   16

/* The system's lock does not say who holds it; we want wrong use to end the program, as elsewhere.
 */
struct lock {
    SRWLOCK lock;
    atomic_ulong holder; /* 0: nobody */
};

_Static_assert(sizeof(struct lock) <= sizeof(platen_os_mutex), "room for a mutex");
_Static_assert(sizeof(CONDITION_VARIABLE) <= sizeof(platen_os_cond), "room for a condition");
_Static_assert(sizeof(INIT_ONCE) <= sizeof(platen_os_once), "room for an INIT_ONCE");

struct platen_os_thread {
    HANDLE handle;
    char name[NAME_SIZE];
    void (*body)(void *argument);
    void *argument;
    atomic_uint owners; /* the thread itself, until its body returns, and who started it */
};

static void insist(bool right)
{
    if (!right)
        abort();
}

static struct lock *native_mutex(platen_os_mutex *mutex)
{
    return (struct lock *)mutex->room;
}

static CONDITION_VARIABLE *native_cond(platen_os_cond *cond)
{
    return (CONDITION_VARIABLE *)cond->room;
}

static bool is_holder(struct lock *lock)
{
    return atomic_load_explicit(&lock->holder, memory_order_relaxed) == GetCurrentThreadId();
}

static void set_holder(struct lock *lock, unsigned long holder)
{
    atomic_store_explicit(&lock->holder, holder, memory_order_relaxed);
}

void platen_os_mutex_init(platen_os_mutex *mutex)
{
    InitializeSRWLock(&native_mutex(mutex)->lock);
    atomic_init(&native_mutex(mutex)->holder, 0);
}

void platen_os_mutex_destroy(platen_os_mutex *mutex)
{
    insist(atomic_load(&native_mutex(mutex)->holder) == 0);
}

void platen_os_mutex_lock(platen_os_mutex *mutex)
{
    struct lock *lock = native_mutex(mutex);
    insist(!is_holder(lock));
    AcquireSRWLockExclusive(&lock->lock);
    set_holder(lock, GetCurrentThreadId());
}

void platen_os_mutex_unlock(platen_os_mutex *mutex)
{
    struct lock *lock = native_mutex(mutex);
    insist(is_holder(lock));
    set_holder(lock, 0);
    ReleaseSRWLockExclusive(&lock->lock);
}

void platen_os_cond_init(platen_os_cond *cond)
{
    InitializeConditionVariable(native_cond(cond));
}

void platen_os_cond_destroy(platen_os_cond *cond)
{
    (void)cond;
}

static void sleep_on(platen_os_cond *cond, platen_os_mutex *mutex, DWORD milliseconds)
{
    struct lock *lock = native_mutex(mutex);

    insist(is_holder(lock));
    set_holder(lock, 0);
    insist(SleepConditionVariableSRW(native_cond(cond), &lock->lock, milliseconds, 0) ||
           GetLastError() == ERROR_TIMEOUT);
    set_holder(lock, GetCurrentThreadId());
}

void platen_os_cond_wait(platen_os_cond *cond, platen_os_mutex *mutex)
{
    sleep_on(cond, mutex, INFINITE);
}

/* Rounded up: a moment too late is a moment, one too early would make callers spin. */
bool platen_os_cond_wait_until(platen_os_cond *cond, platen_os_mutex *mutex, uint64_t until)
{
    uint64_t now = platen_os_now(), milliseconds;

    if (until == PLATEN_OS_FOREVER) {
        platen_os_cond_wait(cond, mutex);
        return true;
    }
    if (now >= until)
        return false;
    milliseconds = (until - now - 1) / MILLISECOND + 1;
    sleep_on(cond, mutex, milliseconds < INFINITE ? (DWORD)milliseconds : INFINITE - 1);
    return platen_os_now() < until;
}

void platen_os_cond_signal(platen_os_cond *cond)
{
    WakeConditionVariable(native_cond(cond));
}

void platen_os_cond_broadcast(platen_os_cond *cond)
{
    WakeAllConditionVariable(native_cond(cond));
}

struct once_call {
    void (*init)(void);
};

static BOOL CALLBACK call_init(INIT_ONCE *once, void *argument, void **context)
{
    const struct once_call *call = argument;
    (void)once;
    (void)context;
    call->init();
    return TRUE;
}

void platen_os_call_once(platen_os_once *once, void (*init)(void))
{
    struct once_call call = {.init = init};
    insist(InitOnceExecuteOnce((INIT_ONCE *)&once->room, call_init, &call, NULL));
}

/* Windows 10 has names for threads, and only there. */
static void show_name(const char *name)
{
    typedef HRESULT(WINAPI * describe_thread)(HANDLE thread, const WCHAR *description);
    HMODULE kernel = GetModuleHandleW(L"kernel32.dll");
    describe_thread describe =
        (describe_thread)(void (*)(void))GetProcAddress(kernel, "SetThreadDescription");
    WCHAR wide[NAME_SIZE];

    if (!describe)
        return;
    platen_text_to16(name, SIZE_MAX, wide, NAME_SIZE);
    describe(GetCurrentThread(), wide);
}

static void disown(platen_os_thread *thread)
{
    if (atomic_fetch_sub(&thread->owners, 1) == 1)
        free(thread);
}

static unsigned __stdcall run(void *argument)
{
    platen_os_thread *thread = argument;
    show_name(thread->name);
    thread->body(thread->argument);
    disown(thread);
    return 0;
}

uint32_t platen_os_thread_start(platen_os_thread **thread, const char *name, size_t stack_size,
                                void (*body)(void *argument), void *argument)
{
    platen_os_thread *made = calloc(1, sizeof *made);

    *thread = NULL;
    if (!made || stack_size > UINT_MAX) {
        free(made);
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    strncpy(made->name, name, NAME_SIZE - 1);
    made->body = body;
    made->argument = argument;
    atomic_init(&made->owners, 2);
    made->handle = (HANDLE)_beginthreadex(NULL, (unsigned)stack_size, run, made,
                                          STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    if (!made->handle) {
        free(made);
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    *thread = made;
    return 0;
}

void platen_os_thread_join(platen_os_thread *thread)
{
    insist(GetThreadId(thread->handle) != GetCurrentThreadId());
    insist(WaitForSingleObject(thread->handle, INFINITE) == WAIT_OBJECT_0);
    CloseHandle(thread->handle);
    free(thread);
}

void platen_os_thread_let_go(platen_os_thread *thread)
{
    CloseHandle(thread->handle);
    disown(thread);
}

void platen_os_thread_expose(void (*body)(void *argument), void (*interrupted)(void *argument),
                             void *argument)
{
    (void)interrupted;
    body(argument);
}

void platen_os_thread_cancel(platen_os_thread *thread)
{
    CancelSynchronousIo(thread->handle);
}

uint64_t platen_os_thread_id(void)
{
    return GetCurrentThreadId();
}

void platen_os_thread_yield(void)
{
    SwitchToThread();
}
