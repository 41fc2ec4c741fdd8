/* SPDX-License-Identifier: MIT */
#include "os/process.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <unistd.h>

#include "os/error.h"

uint64_t platen_os_process_id(void)
{
    return (uint64_t)getpid();
}

_Noreturn void platen_os_process_end_family(void)
{
    if (getpgrp() == getpid())
        kill(0, SIGKILL);
    _exit(SIGKILL + 128);
}

/* Of those that nobody uses; SIGKILL itself would leave the family behind. */
static int orphaned(void)
{
    return SIGRTMAX - 2;
}

static void on_orphaned(int signal)
{
    (void)signal;
    platen_os_process_end_family();
}

void platen_os_process_follow(void)
{
    struct sigaction action = {.sa_handler = on_orphaned};
    sigset_t set;

    sigemptyset(&action.sa_mask);
    sigaction(orphaned(), &action, NULL);
    sigemptyset(&set);
    sigaddset(&set, orphaned());
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    prctl(PR_SET_PDEATHSIG, orphaned());
}

/* Who is stopped hears of SIGKILL alone. */
void platen_os_process_await_debugger(void)
{
    int before = 0;

    prctl(PR_GET_PDEATHSIG, &before);
    if (before != 0)
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    raise(SIGSTOP);
    if (before != 0)
        prctl(PR_SET_PDEATHSIG, before);
}

uint32_t platen_os_process_on_copy(void (*here)(void), void (*in_copy)(void))
{
    int code = pthread_atfork(NULL, here, in_copy);
    return code ? platen_os_error_from(code) : 0;
}

/* The faults, and what a program is ended or told of its children by. */
static const int signals[] = {SIGSEGV, SIGBUS, SIGILL,  SIGFPE,  SIGABRT, SIGPIPE,
                              SIGTERM, SIGINT, SIGCHLD, SIGALRM, SIGHUP,  SIGUSR1};

uint64_t platen_os_process_habits(void)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction now;
        if (sigaction(signals[i], NULL, &now) == 0)
            sum = (sum * 31) ^ (uint64_t)(uintptr_t)now.sa_sigaction ^ (uint64_t)now.sa_flags << 40;
    }
    return sum;
}

bool platen_os_environment_take(const char *name, char *to, size_t size)
{
    const char *value = getenv(name);
    size_t length = value == NULL ? size : strlen(value);
    bool fits = length < size;
    memcpy(to, fits ? value : "", fits ? length + 1 : 1);
    unsetenv(name);
    return fits;
}

uint32_t platen_os_random(void *to, size_t size)
{
    unsigned char *at = to;
    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);
        if (got <= 0)
            return platen_os_last_error();
        at += got;
        size -= (size_t)got;
    }
    return 0;
}
