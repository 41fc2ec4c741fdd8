/* SPDX-License-Identifier: MIT
 *
 * The end of a job. What `write` moved is in this system's hands only; a job is printed when the
 * other system has acknowledged all of it. So our side of the connection is closed first, which
 * tells the printer that the job is whole; then we wait until everything is acknowledged, that end
 * included, and (waiteof) until the printer has closed its side too, which says that its program
 * has read everything. Meanwhile what the printer says is received: if something were left unread,
 * the close would break the connection off, and some systems then throw away what they had not yet
 * read.
 *
 * A job that is abandoned, cancelled or lost is broken off with a reset: what has not gone out is
 * thrown away at once, and the printer does not take a part of a job for the whole of it.
 */
#include <stdlib.h>

#include "os/clock.h"
#include "tcp_port.h"

#define FIRST_PAUSE UINT64_C(1000000)
#define LAST_PAUSE  UINT64_C(32000000)

static uint32_t half_close(struct tcp_port *port)
{
    uint32_t error = 0;
    platen_os_mutex_lock(&port->lock);
    if (!port->half_closed) {
        port->half_closed = true;
        error = platen_os_socket_half_close(port->socket);
    }
    platen_os_mutex_unlock(&port->lock);
    return error ? tcp_break(port, error) : 0;
}

static uint32_t collect(struct tcp_port *port)
{
    platen_os_mutex_lock(&port->lock);
    uint32_t error = tcp_collect(port);
    platen_os_mutex_unlock(&port->lock);
    return error;
}

/* Has the peer's system everything? */
static uint32_t ask(struct tcp_port *port)
{
    uint32_t left, error;
    if (port->acknowledged)
        return 0;
    error = platen_os_socket_unacknowledged(port->socket, &port->peer, &left);
    if (error)
        return tcp_break(port, error);
    port->acknowledged = left == 0;
    return 0;
}

/* Waiting for the peer's end, there is no need to ask before it has come. */
static bool may_be_over(struct tcp_port *port)
{
    return !port->wait_for_end || atomic_load(&port->peer_ended);
}

/* A reset is told once, and perhaps to the reader: who then receives finds an ordinary end. So what
 * the reader knows is asked for after that. */
static uint32_t look(struct tcp_port *port)
{
    uint32_t error = collect(port);
    if (!error)
        error = atomic_load(&port->broken);
    if (error || !may_be_over(port))
        return error;
    error = ask(port);
    port->drained = !error && port->acknowledged;
    return error;
}

/* No system wakes anybody for an acknowledgement: it is asked for, at growing intervals. After the
 * peer's end there is nothing left on the socket to wait for. */
static uint32_t wait_a_little(struct tcp_port *port, uint64_t until, uint64_t *pause)
{
    bool ended = atomic_load(&port->peer_ended);
    platen_os_socket socket = ended ? PLATEN_OS_NO_SOCKET : port->socket;
    uint64_t now = platen_os_now();
    if (now >= until)
        return PLATEN_TIMEOUT;
    if (may_be_over(port) && until - now > *pause)
        until = now + *pause;
    *pause = *pause < LAST_PAUSE ? *pause * 2 : LAST_PAUSE;
    uint32_t error = platen_os_socket_wait(socket, PLATEN_OS_READABLE, port->bell, until);
    return error == PLATEN_TIMEOUT ? 0 : error;
}

uint32_t tcp_drain(void *state, uint64_t deadline)
{
    struct tcp_port *port = state;
    uint64_t until = tcp_moment(port, deadline), pause = FIRST_PAUSE;
    uint32_t error;

    if (port->socket == PLATEN_OS_NO_SOCKET)
        return 0;
    if (atomic_load(&port->cancelled))
        return PLATEN_OPERATION_ABORTED;
    error = atomic_load(&port->broken);
    if (!error)
        error = half_close(port);
    while (!error) {
        error = look(port);
        if (error || port->drained)
            break;
        error = wait_a_little(port, until, &pause);
    }
    return error;
}

/* Takes the connection away from the reader, who leaves at once. */
static platen_os_socket take_connection(struct tcp_port *port)
{
    platen_os_socket socket;
    platen_os_mutex_lock(&port->lock);
    socket = port->socket;
    port->socket = PLATEN_OS_NO_SOCKET;
    if (atomic_load(&port->reading))
        tcp_ring(port);
    platen_os_mutex_unlock(&port->lock);
    while (atomic_load(&port->reading))
        platen_os_wait((const uint32_t *)(uintptr_t)&port->reading, 1, PLATEN_OS_FOREVER);
    return socket;
}

/* At the deadline: a printer that has everything and keeps the connection open has been printed on;
 * many close long after the page is out. */
static uint32_t judge(struct tcp_port *port, uint64_t deadline)
{
    uint32_t error = port->drained ? 0 : tcp_drain(port, deadline);
    if (error != PLATEN_TIMEOUT)
        return error;
    error = ask(port);
    if (error || !port->acknowledged)
        return error ? error : PLATEN_TIMEOUT;
    tcp_tell(port, PLATEN_LOG_INFO, "the printer has the whole job and keeps the connection open");
    return 0;
}

uint32_t tcp_end_doc(void *state, bool abandoned, uint64_t deadline)
{
    struct tcp_port *port = state;
    uint32_t error;

    if (port->socket == PLATEN_OS_NO_SOCKET)
        return 0;
    error = abandoned ? 0 : judge(port, deadline);
    if (!abandoned && !error)
        collect(port);
    platen_os_socket_close(take_connection(port), abandoned || error);
    return error;
}
