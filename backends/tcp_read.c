/* SPDX-License-Identifier: MIT
 *
 * The back channel. The reader comes on a thread of its own, at any time: in a job, between jobs,
 * and while one ends.
 */
#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "tcp_port.h"

enum { KEPT_MOST = 65536, RECEIVES = 16 };

static uint32_t take_kept(struct tcp_port *port, void *data, uint32_t size)
{
    uint32_t there = port->kept_end - port->kept_begin;
    uint32_t moved = there < size ? there : size;
    if (moved)
        memcpy(data, port->kept + port->kept_begin, moved);
    port->kept_begin += moved;
    return moved;
}

/* One receive of what is there; notes the end and what is wrong. 0 with nothing moved: wait. */
static uint32_t receive(struct tcp_port *port, void *data, uint32_t size, uint32_t *moved)
{
    uint32_t error = platen_os_socket_receive(port->socket, data, size, moved);
    if (error == PLATEN_HANDLE_EOF) {
        port->peer_ended = true;
        return 0;
    }
    return error ? tcp_break(port, error) : 0;
}

static uint32_t keep(struct tcp_port *port, uint32_t *moved)
{
    char thrown_away[4096];
    bool has_room = port->kept_end < KEPT_MOST && (port->kept || (port->kept = malloc(KEPT_MOST)));
    uint32_t error;

    if (!has_room)
        return receive(port, thrown_away, sizeof thrown_away, moved);
    error = receive(port, port->kept + port->kept_end, KEPT_MOST - port->kept_end, moved);
    port->kept_end += *moved;
    return error;
}

uint32_t tcp_collect(struct tcp_port *port)
{
    uint32_t error = 0, moved = 1;
    for (int i = 0; i < RECEIVES && !error && moved && !port->peer_ended; i++)
        error = keep(port, &moved);
    return error;
}

/* What a look at the port came to: with `wait` nothing, and the connection (`on_it`), or news, have
 * to be waited for. */
struct look {
    bool wait;
    bool on_it;
    uint32_t news;
    platen_os_socket socket;
    platen_os_bell bell;
};

/* A connection that a cancel has ended is as good as none. That the peer has closed its side is
 * told, unless we have asked it to by closing ours. */
static uint32_t look(struct tcp_port *port, void *data, uint32_t size, uint32_t *moved,
                     struct look *seen)
{
    bool usable = port->socket != PLATEN_OS_NO_SOCKET && !atomic_load(&port->cancelled);
    uint32_t error = 0;

    *moved = take_kept(port, data, size);
    if (!*moved && usable && !port->peer_ended)
        error = atomic_load(&port->broken);
    if (!*moved && usable && !port->peer_ended && !error)
        error = receive(port, data, size, moved);
    if (!*moved && usable && !error && port->peer_ended && !port->half_closed)
        error = PLATEN_BROKEN_PIPE;
    *seen = (struct look){
        .wait = !*moved && !error,
        .on_it = usable && !port->peer_ended,
        .news = atomic_load(&port->news),
        .socket = port->socket,
        .bell = port->bell,
    };
    atomic_store(&port->reading, seen->wait && seen->on_it);
    return error;
}

static void wait_on(struct tcp_port *port, const struct look *seen, uint64_t deadline)
{
    platen_os_socket_wait(seen->socket, PLATEN_OS_READABLE, seen->bell, tcp_moment(port, deadline));
    atomic_store(&port->reading, 0);
    platen_os_wake((const uint32_t *)(uintptr_t)&port->reading);
}

uint32_t tcp_hear(struct tcp_port *port, void *data, uint32_t size, uint64_t deadline,
                  uint32_t *moved)
{
    uint32_t error = 0;
    *moved = 0;
    for (;;) {
        if (atomic_load(&port->cancelled))
            return PLATEN_OPERATION_ABORTED;
        if (!error)
            error = atomic_load(&port->broken);
        if (!error && !port->peer_ended)
            error = receive(port, data, size, moved);
        if (error || *moved)
            return error;
        if (port->peer_ended)
            return PLATEN_BROKEN_PIPE;
        error = platen_os_socket_wait(port->socket, PLATEN_OS_READABLE, port->bell,
                                      tcp_moment(port, deadline));
        if (error)
            return error;
    }
}

uint32_t tcp_read(void *state, void *data, uint32_t size, uint64_t deadline, uint32_t *moved)
{
    struct tcp_port *port = state;
    struct look seen;
    *moved = 0;
    while (size) {
        uint64_t now = port->clock->now(port->clock);
        platen_os_mutex_lock(&port->lock);
        uint32_t error = look(port, data, size, moved, &seen);
        platen_os_mutex_unlock(&port->lock);
        if (!seen.wait)
            return error;
        if (seen.on_it)
            wait_on(port, &seen, deadline);
        else if (now < deadline)
            port->clock->wait(port->clock, (const uint32_t *)(uintptr_t)&port->news, seen.news,
                              deadline);
        if (now >= deadline)
            break;
    }
    return 0;
}
