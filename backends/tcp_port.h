/* SPDX-License-Identifier: MIT
 *
 * What the files of the tcp backend share. tcp.c is the backend and moves the bytes, tcp_target.c
 * reads what stands in the URI, tcp_connect.c finds the host and connects, tcp_read.c is the back
 * channel, tcp_end.c sees to it that the last byte arrives.
 */
#ifndef TCP_PORT_H
#define TCP_PORT_H

#include <stdatomic.h>

#include <platen/backend.h>

#include "os/socket.h"
#include "os/thread.h"

/* One open port: the backend's private state. A connection lives as long as its job.
 *
 * The write lane alone makes, uses and ends the connection; `lock` keeps it in place for the reader
 * and for cancel, who come from other threads, and is never held while anybody waits. */
struct tcp_port {
    struct platen_clock *clock;
    void (*log)(void *context, enum platen_log_level level, const char *text);
    void *log_context;
    char *host;
    uint16_t number;
    uint64_t patience;    /* for connecting, nanoseconds */
    uint16_t from_lowest; /* ports of this machine to connect from; 0: any */
    uint16_t from_highest;
    bool wait_for_end; /* the setting waiteof */
    bool full;         /* the last send was short: wait before the next */
    bool acknowledged; /* the peer's system has every byte and the end */
    bool drained;
    struct platen_os_address peer;
    platen_os_lookup *lookup; /* under way, perhaps since an earlier job */

    _Atomic bool cancelled;
    _Atomic bool peer_ended;  /* nothing more will come from there */
    _Atomic uint32_t broken;  /* why the connection is of no use any more; 0: it is */
    _Atomic uint32_t news;    /* counts connections */
    _Atomic uint32_t reading; /* 1 while the reader waits on the connection, without the lock */

    platen_os_mutex lock;
    platen_os_socket socket; /* PLATEN_OS_NO_SOCKET: there is no job */
    platen_os_bell bell;     /* made with the first job */
    bool rung;
    bool half_closed;
    char *kept; /* what came during a drain and waits for ReadPort */
    uint32_t kept_begin;
    uint32_t kept_end;
};

/* Takes "//host:port" apart; malloc'ed host, 9100 without a port. INVALID_NAME, OUTOFMEMORY. */
uint32_t tcp_target_parse(const char *target, char **host, uint16_t *number);
/* The same with something behind, "" or from a '/' on; `number` keeps its value without a port. */
uint32_t tcp_target_divide(const char *target, char **host, uint16_t *number, const char **behind);

/* What other backends that speak TCP build on. `open` with the host and its port set; `start`
 * begins a job, and `reach` only makes its connection, perhaps once more; tcp_end_doc ends it. */
void tcp_open(struct tcp_port *port, const struct platen_port_setup *setup, const char *seconds);
uint32_t tcp_start(struct tcp_port *port, uint64_t deadline);
uint32_t tcp_reach(struct tcp_port *port, uint64_t deadline);
uint32_t tcp_write(void *state, const void *data, uint32_t size, uint64_t deadline,
                   uint32_t *moved);
void tcp_cancel(void *state);
void tcp_close(void *state);
/* The writer's own receive, where nobody else reads: up to `size` bytes by the deadline, TIMEOUT
 * without any, BROKEN_PIPE at the peer's end. */
uint32_t tcp_hear(struct tcp_port *port, void *data, uint32_t size, uint64_t deadline,
                  uint32_t *moved);

/* A moment of the port's clock as one of the system's, which sockets wait by. */
uint64_t tcp_moment(const struct tcp_port *port, uint64_t deadline);
/* One line for the log, with the host before it. */
void tcp_tell(const struct tcp_port *port, enum platen_log_level level, const char *what);
/* Remembers what has happened to the connection, and returns what happened to it first. */
uint32_t tcp_break(struct tcp_port *port, uint32_t error);
/* Ends the waits of this job, with the lock held. */
void tcp_ring(struct tcp_port *port);

/* Finds the host and connects, until the moment (the system's); sets `peer`. */
uint32_t tcp_connect(struct tcp_port *port, uint64_t until, platen_os_socket *socket);

/* The operations. */
uint32_t tcp_read(void *state, void *data, uint32_t size, uint64_t deadline, uint32_t *moved);
uint32_t tcp_drain(void *state, uint64_t deadline);
uint32_t tcp_end_doc(void *state, bool abandoned, uint64_t deadline);

/* With the lock held: receives into what is kept, a bounded number of times. Whatever comes beyond
 * its room is thrown away. */
uint32_t tcp_collect(struct tcp_port *port);

/* The backend's members of these names. */
uint32_t tcp_bidi(void *state, const char *schema, char *value, size_t size);
uint32_t tcp_bidi_list(void *state, void *context, void (*add)(void *context, const char *schema));

#endif
