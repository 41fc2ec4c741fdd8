/* SPDX-License-Identifier: MIT */
#include "os/crash.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../once.h"

#define STACK_SIZE (64u * 1024)

static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
static const char *const names[] = {"SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT"};
#define FAULTS (sizeof faults / sizeof *faults)

static void (*_Atomic on_crash)(void);
static struct sigaction before[FAULTS];
static bool installed;
static _Atomic uintptr_t at_fault;  /* the thread that is speaking; 0: none */
static struct platen_os_crash what; /* written by that thread */

const struct platen_os_crash *platen_os_crash_now(void)
{
    return &what;
}

static void note(int number, const siginfo_t *info, const void *context)
{
    what.code = (uint32_t)number;
    for (size_t i = 0; i < FAULTS; i++)
        what.name = faults[i] == number ? names[i] : what.name;
    what.has_address = (number == SIGSEGV || number == SIGBUS) && info->si_code > 0;
    what.address = what.has_address ? (uint64_t)(uintptr_t)info->si_addr : 0;
    what.context = context;
}

/* Whoever was to be asked before us is asked now: the fault happens once more when we return. One
 * that did not come from an instruction (abort, kill) must be sent once more. */
static void hand_on(int number, const siginfo_t *info)
{
    for (size_t i = 0; i < FAULTS; i++)
        sigaction(faults[i], &before[i], NULL);
    if (info->si_code <= 0)
        raise(number);
}

static void speak(int number, siginfo_t *info, void *context)
{
    uintptr_t self = (uintptr_t)pthread_self();
    uintptr_t nobody = 0;
    void (*handler)(void) = atomic_load(&on_crash);

    if (atomic_compare_exchange_strong(&at_fault, &nobody, self))
        note(number, info, context);
    else if (nobody != self)
        for (;;)
            pause();
    if (handler != NULL)
        handler();
    hand_on(number, info);
}

static void install(void)
{
    struct sigaction ours = {.sa_sigaction = speak,
                             .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};

    sigemptyset(&ours.sa_mask);
    for (size_t i = 0; i < FAULTS; i++)
        sigaction(faults[i], &ours, &before[i]);
}

static void uninstall(void)
{
    struct sigaction now;

    for (size_t i = 0; i < FAULTS; i++)
        if (sigaction(faults[i], NULL, &now) == 0 && now.sa_sigaction == speak)
            sigaction(faults[i], &before[i], NULL);
}

void platen_os_on_crash(void (*handler)(void))
{
    atomic_store(&on_crash, handler);
    if (handler != NULL && !installed)
        install();
    if (handler == NULL && installed)
        uninstall();
    installed = handler != NULL;
}

static pthread_key_t stack_key;
static platen_os_once stack_key_made = PLATEN_OS_ONCE;

static void release_stack(void *stack)
{
    stack_t none = {.ss_flags = SS_DISABLE};

    sigaltstack(&none, NULL);
    munmap(stack, STACK_SIZE);
}

static void make_stack_key(void)
{
    pthread_key_create(&stack_key, release_stack);
}

void platen_os_crash_prepare_thread(void)
{
    stack_t now;

    platen_os_call_once(&stack_key_made, make_stack_key);
    if (sigaltstack(NULL, &now) != 0 || (now.ss_flags & SS_DISABLE) == 0)
        return;
    void *memory =
        mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return;
    stack_t ours = {.ss_sp = memory, .ss_size = STACK_SIZE};
    if (pthread_setspecific(stack_key, memory) != 0 || sigaltstack(&ours, NULL) != 0) {
        pthread_setspecific(stack_key, NULL);
        munmap(memory, STACK_SIZE);
    }
}
