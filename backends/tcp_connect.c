/* SPDX-License-Identifier: MIT
 *
 * Finding the host and connecting to it, by its addresses in turn.
 */
#include <stdio.h>

#include "os/clock.h"
#include "tcp_port.h"

#define PORT_PAUSE UINT64_C(250000000)

enum { MOST_ADDRESSES = 8 };

/* A lookup that was not answered in time goes on, and the next job waits for that same one: a
 * resolver that hangs costs a port one thread, however often the job is tried. */
static uint32_t find(struct tcp_port *port, uint64_t until, struct platen_os_address *addresses,
                     size_t *count)
{
    uint32_t error =
        port->lookup ? 0 : platen_os_lookup_start(port->host, port->number, &port->lookup);
    *count = 0;
    if (error)
        return error;
    error =
        platen_os_lookup_wait(port->lookup, port->bell, until, addresses, MOST_ADDRESSES, count);
    if (error == PLATEN_TIMEOUT || error == PLATEN_OPERATION_ABORTED)
        return error;
    platen_os_lookup_end(port->lookup);
    port->lookup = NULL;
    return error;
}

/* Each address gets an even share of the time that is left. */
static uint64_t share(uint64_t until, size_t addresses_left)
{
    uint64_t now = platen_os_now();
    if (until == PLATEN_OS_FOREVER || now >= until)
        return until;
    return now + (until - now) / addresses_left;
}

/* "Refused" by one address says more than "no way" to another. */
static uint32_t telling(uint32_t before, uint32_t error)
{
    bool no_way = error == PLATEN_NETWORK_UNREACHABLE || error == PLATEN_HOST_UNREACHABLE;
    return before && no_way ? before : error;
}

static void tell_failure(const struct tcp_port *port, const struct platen_os_address *address)
{
    char place[100], text[120];
    platen_os_address_text(address, place, sizeof place);
    snprintf(text, sizeof text, "no connection to %s", place);
    tcp_tell(port, PLATEN_LOG_DEBUG, text);
}

/* From the ports that are allowed, in turn: who has connected from one cannot use it again for a
 * minute or so. With none free it waits. */
static uint32_t connect_from(struct tcp_port *port, const struct platen_os_address *to,
                             uint64_t until, platen_os_socket *socket)
{
    uint32_t error;
    if (!port->from_lowest)
        return platen_os_socket_connect(to, port->bell, until, socket);
    do {
        error = PLATEN_DEVICE_IN_USE;
        for (uint16_t i = 0; i <= port->from_highest - port->from_lowest; i++) {
            uint16_t from = (uint16_t)(port->from_lowest + i);
            error = platen_os_socket_connect_from(from, to, port->bell, until, socket);
            if (error != PLATEN_DEVICE_IN_USE)
                return error;
        }
        uint64_t next = platen_os_now() + PORT_PAUSE;
        error = platen_os_socket_wait(PLATEN_OS_NO_SOCKET, PLATEN_OS_READABLE, port->bell,
                                      next < until ? next : until);
    } while (error == PLATEN_TIMEOUT && platen_os_now() < until);
    return error;
}

uint32_t tcp_connect(struct tcp_port *port, uint64_t until, platen_os_socket *socket)
{
    struct platen_os_address addresses[MOST_ADDRESSES];
    size_t count;
    uint32_t error = find(port, until, addresses, &count), first = 0;

    *socket = PLATEN_OS_NO_SOCKET;
    if (error)
        tcp_tell(port, PLATEN_LOG_INFO, "the host was not found");
    for (size_t i = 0; i < count; i++) {
        error = connect_from(port, &addresses[i], share(until, count - i), socket);
        port->peer = addresses[i];
        if (!error || error == PLATEN_OPERATION_ABORTED)
            return error;
        tell_failure(port, &addresses[i]);
        first = error = telling(first, error);
    }
    return error;
}
