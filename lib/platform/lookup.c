/* SPDX-License-Identifier: MIT
 *
 * Looking up a host: an errand, because no system bounds or ends that.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "os/errand.h"
#include "os/error.h"
#include "resolve.h"

enum { MOST_ADDRESSES = 16 };

struct platen_os_lookup {
    platen_os_errand *errand; /* NULL: the address stood in the text */
    uint32_t error;
    struct platen_os_address addresses[MOST_ADDRESSES];
    size_t count;
    uint16_t port;
    char host[]; /* NUL-terminated */
};

static _Atomic(platen_os_resolver) replacement;

void platen_os_replace_resolver(platen_os_resolver resolver)
{
    atomic_store(&replacement, resolver);
}

size_t platen_os_lookups_stuck(void)
{
    return platen_os_errands_stuck();
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
}

static uint32_t send_errand(platen_os_lookup *lookup)
{
    uint32_t error = platen_os_errand_create("lookup", &lookup->errand);
    return error ? error : platen_os_errand_begin(lookup->errand, look_up, lookup);
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
    if (platen_os_resolve(host, port, true, made->addresses, MOST_ADDRESSES, &made->count))
        error = send_errand(made);
    if (error)
        platen_os_lookup_end(made);
    else
        *lookup = made;
    return error;
}

uint32_t platen_os_lookup_wait(platen_os_lookup *lookup, platen_os_bell bell, uint64_t until,
                               struct platen_os_address *addresses, size_t room, size_t *count)
{
    uint32_t error = lookup->errand ? platen_os_errand_wait(lookup->errand, bell, until) : 0;
    *count = 0;
    if (error || lookup->error)
        return error ? error : lookup->error;
    *count = lookup->count < room ? lookup->count : room;
    memcpy(addresses, lookup->addresses, *count * sizeof *addresses);
    return 0;
}

/* An answer that has come leaves no thread to wait for. */
void platen_os_lookup_end(platen_os_lookup *lookup)
{
    bool busy = lookup && lookup->errand && platen_os_errand_is_busy(lookup->errand);
    if (lookup)
        platen_os_errand_end(lookup->errand, free, lookup, busy ? 0 : PLATEN_OS_FOREVER);
}
