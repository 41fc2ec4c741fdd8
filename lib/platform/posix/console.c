/* SPDX-License-Identifier: MIT */
#include "os/console.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char **platen_os_arguments(int argc, char **argv, int *count)
{
    *count = argc;
    return argv;
}

bool platen_os_is_terminal(enum platen_os_stream stream)
{
    return isatty((int)platen_os_file_standard(stream)) == 1;
}

/* Nothing is to be prepared here: a terminal has escape sequences, or says that it has none. */
bool platen_os_prepare_terminal(enum platen_os_stream stream)
{
    const char *kind = getenv("TERM");
    return platen_os_is_terminal(stream) && kind && *kind && strcmp(kind, "dumb") != 0;
}

char *platen_os_environment(const char *name)
{
    const char *value = getenv(name);
    return value ? strdup(value) : NULL;
}

static const int requests[] = {SIGINT, SIGTERM, SIGHUP};
#define REQUESTS (sizeof requests / sizeof *requests)

static void (*_Atomic on_request)(void);

/* From now on each of them does what it does by default: the second request ends the process. */
static void forward(int number)
{
    struct sigaction plain = {.sa_handler = SIG_DFL}, now;
    void (*handler)(void) = atomic_load(&on_request);

    (void)number;
    for (size_t i = 0; i < REQUESTS; i++)
        if (sigaction(requests[i], NULL, &now) == 0 && now.sa_handler == forward)
            sigaction(requests[i], &plain, NULL);
    if (handler)
        handler();
}

void platen_os_on_interrupt(void (*handler)(void))
{
    struct sigaction ours = {.sa_handler = forward, .sa_flags = SA_RESTART}, before;

    atomic_store(&on_request, handler);
    sigemptyset(&ours.sa_mask);
    for (size_t i = 0; i < REQUESTS; i++)
        sigaddset(&ours.sa_mask, requests[i]);
    for (size_t i = 0; i < REQUESTS; i++) {
        sigaction(requests[i], NULL, &before);
        if (before.sa_handler != SIG_IGN) /* nohup and background jobs stay what they are */
            sigaction(requests[i], &ours, NULL);
    }
}
