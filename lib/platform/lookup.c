/* SPDX-License-Identifier: MIT
 *
 * Looking up a host on a thread that its caller can turn away from.
 *
 * The caller and the thread share the lookup. Whoever is last frees it: the caller joins a thread
 * that has answered; one that has not is put among the strays, which later lookups join when their
 * threads have come to an end.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "once.h"
#include "os/error.h"
#include "os/module.h"
#include "os/thread.h"
#include "resolve.h"

enum { MOST_ADDRESSES = 16 };

struct platen_os_lookup {
    platen_os_lookup *next_stray;
    platen_os_thread *thread; /* NULL: the address stood in the text */
    platen_os_bell answered;  /* rung by the thread */
    atomic_bool done;         /* what follows is there; only the bell and the return are left */
    uint32_t error;
    struct platen_os_address addresses[MOST_ADDRESSES];
    size_t count;
    uint16_t port;
    char host[]; /* NUL-terminated */
};

static _Atomic(platen_os_resolver) replacement;

static platen_os_once strays_made = PLATEN_OS_ONCE;
static platen_os_mutex strays_mutex;
static platen_os_lookup *strays;

static void make_strays(void)
{
    platen_os_mutex_init(&strays_mutex);
}

void platen_os_replace_resolver(platen_os_resolver resolver)
{
    atomic_store(&replacement, resolver);
}

static void destroy(platen_os_lookup *lookup)
{
    if (lookup->thread)
        platen_os_thread_join(lookup->thread);
    if (lookup->answered != PLATEN_OS_NO_BELL)
        platen_os_bell_destroy(lookup->answered);
    free(lookup);
}

/* Takes those out whose threads have ended, and adds one that has not, if it is given. */
static size_t sort_strays(platen_os_lookup *stray)
{
    platen_os_lookup *ended = NULL;
    size_t stuck = stray != NULL;
    platen_os_call_once(&strays_made, make_strays);
    platen_os_mutex_lock(&strays_mutex);
    for (platen_os_lookup **link = &strays; *link;) {
        platen_os_lookup *one = *link;
        if (!atomic_load(&one->done)) {
            link = &one->next_stray;
            stuck++;
            continue;
        }
        *link = one->next_stray;
        one->next_stray = ended;
        ended = one;
    }
    if (stray) {
        stray->next_stray = strays;
        strays = stray;
    }
    platen_os_mutex_unlock(&strays_mutex);
    while (ended) {
        platen_os_lookup *next = ended->next_stray;
        destroy(ended);
        ended = next;
    }
    return stuck;
}

size_t platen_os_lookups_stuck(void)
{
    return sort_strays(NULL);
}

/* The system's resolver is asked with the host alone; `port` is only put into the addresses. */
static void look_up(void *argument)
{
    platen_os_lookup *lookup = argument;
    platen_os_resolver other = atomic_load(&replacement);
    lookup->error =
        other ? other(lookup->host, lookup->port, lookup->addresses, MOST_ADDRESSES, &lookup->count)
              : platen_os_resolve(lookup->host, lookup->port, false, lookup->addresses,
                                  MOST_ADDRESSES, &lookup->count);
    if (!lookup->error && lookup->count == 0)
        lookup->error = PLATEN_HOST_NOT_FOUND;
    atomic_store(&lookup->done, true);
    platen_os_bell_ring(lookup->answered);
}

static uint32_t start_thread(platen_os_lookup *lookup)
{
    uint32_t error = platen_os_bell_create(&lookup->answered);
    return error ? error : platen_os_thread_start(&lookup->thread, "lookup", 0, look_up, lookup);
}

uint32_t platen_os_lookup_start(const char *host, uint16_t port, platen_os_lookup **lookup)
{
    size_t size = strlen(host) + 1;
    platen_os_lookup *made = calloc(1, sizeof *made + size);
    uint32_t error = made ? platen_os_sockets_begin() : PLATEN_NOT_ENOUGH_MEMORY;

    *lookup = NULL;
    if (error) {
        free(made);
        return error;
    }
    memcpy(made->host, host, size);
    made->port = port;
    made->answered = PLATEN_OS_NO_BELL;
    atomic_init(&made->done, false);
    if (platen_os_resolve(host, port, true, made->addresses, MOST_ADDRESSES, &made->count) == 0)
        atomic_store(&made->done, true);
    else
        error = start_thread(made);
    if (error)
        destroy(made);
    else
        *lookup = made;
    return error;
}

uint32_t platen_os_lookup_wait(platen_os_lookup *lookup, platen_os_bell bell, uint64_t until,
                               struct platen_os_address *addresses, size_t room, size_t *count)
{
    uint32_t error = 0;
    *count = 0;
    if (!atomic_load(&lookup->done))
        error = platen_os_bells_wait(lookup->answered, bell, until);
    if (!atomic_load(&lookup->done))
        return error ? error : PLATEN_TIMEOUT;
    if (lookup->error)
        return lookup->error;
    *count = lookup->count < room ? lookup->count : room;
    memcpy(addresses, lookup->addresses, *count * sizeof *addresses);
    return 0;
}

void platen_os_lookup_end(platen_os_lookup *lookup)
{
    if (!lookup)
        return;
    if (atomic_load(&lookup->done)) {
        destroy(lookup);
        sort_strays(NULL);
        return;
    }
    platen_os_module_pin(&strays);
    sort_strays(lookup);
}
