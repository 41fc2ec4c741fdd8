/* SPDX-License-Identifier: MIT
 *
 * The seam, noun: socket. Connections over TCP: finding the host, connecting, sending, receiving,
 * and waiting for any of them in such a way that another thread can end the wait.
 *
 * Every function returns 0 or a Win32 code and writes its out-parameters on every path. No socket
 * blocks, none is inherited by child processes, and no signal is ever raised. Moments are on
 * platen_os_now's clock. What the system says of a lost connection comes out as NETNAME_DELETED
 * (reset by the peer), BROKEN_PIPE (sent after the end) or CONNECTION_ABORTED (this system gave
 * up).
 */
#ifndef OS_SOCKET_H
#define OS_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef intptr_t platen_os_socket;
#define PLATEN_OS_NO_SOCKET ((platen_os_socket)-1)

/* A bell ends waits: rung once, it ends all that are under way and all later ones at once, until it
 * is hushed. Any thread may ring it. */
typedef intptr_t platen_os_bell;
#define PLATEN_OS_NO_BELL ((platen_os_bell)-1)

uint32_t platen_os_bell_create(platen_os_bell *bell);
void platen_os_bell_destroy(platen_os_bell bell);
void platen_os_bell_ring(platen_os_bell bell);
void platen_os_bell_hush(platen_os_bell bell);

/* Where a host can be reached. */
struct platen_os_address {
    uint32_t size;
    uint64_t room[4]; /* the system's own form of it */
};
/* "127.0.0.1 port 9100", "::1 port 9100"; cut to size. */
void platen_os_address_text(const struct platen_os_address *address, char *text, size_t size);

/* A name is looked up on a thread of its own, because no system bounds or ends that. */
typedef struct platen_os_lookup platen_os_lookup;

/* Begins to look for a host: a name, or an address as text, which needs no thread. */
uint32_t platen_os_lookup_start(const char *host, uint16_t port, platen_os_lookup **lookup);
/* Waits for the answer: at most `room` addresses in the order in which they should be tried, at
 * least one. HOST_NOT_FOUND; TIMEOUT and OPERATION_ABORTED (the bell), after which it may be called
 * again. */
uint32_t platen_os_lookup_wait(platen_os_lookup *lookup, platen_os_bell bell, uint64_t until,
                               struct platen_os_address *addresses, size_t room, size_t *count);
/* The last call; never waits. A thread that is still stuck in the system keeps this module loaded
 * and is joined by a later lookup's end, or never. NULL is fine. */
void platen_os_lookup_end(platen_os_lookup *lookup);
/* Joins the threads that were left behind and have come to an end; how many have not. */
size_t platen_os_lookups_stuck(void);

/* For tests: what is asked for names instead of the system; NULL: the system again. It runs on the
 * lookup's thread and may block there. */
typedef uint32_t (*platen_os_resolver)(const char *host, uint16_t port,
                                       struct platen_os_address *addresses, size_t room,
                                       size_t *count);
void platen_os_replace_resolver(platen_os_resolver resolver);

/* Connects. What is sent goes out at once, small or not (a printer's answer is waited for), and a
 * silent peer is asked from time to time whether it still lives. TIMEOUT, OPERATION_ABORTED,
 * CONNECTION_REFUSED, HOST_UNREACHABLE, NETWORK_UNREACHABLE, TOO_MANY_OPEN_FILES ... */
uint32_t platen_os_socket_connect(const struct platen_os_address *to, platen_os_bell bell,
                                  uint64_t until, platen_os_socket *socket);

/* The same from one port of this machine, as RFC 1179 wants it: DEVICE_IN_USE while somebody has
 * it, or had it for that address and the system has not forgotten; ACCESS_DENIED where the system
 * keeps it for others. 0: any. */
uint32_t platen_os_socket_connect_from(uint16_t port, const struct platen_os_address *to,
                                       platen_os_bell bell, uint64_t until,
                                       platen_os_socket *socket);

/* What this machine calls itself, without its domain; "localhost" if it does not say. */
void platen_os_host_name(char *name, size_t size);

/* A socket for datagrams to and from that address alone: what others send to it never arrives, and
 * it has a port of the system's choice. Sending, receiving, waiting and closing are as for
 * connections, one datagram a call: one that is longer than the buffer is cut or lost, an empty one
 * is received as HANDLE_EOF, and CONNECTION_REFUSED or NETNAME_DELETED say that nobody listens. */
uint32_t platen_os_socket_datagram(const struct platen_os_address *to, platen_os_socket *socket);

/* A socket on this machine's own address (127.0.0.1) that takes connections from this machine only,
 * on a port of the system's choice. */
uint32_t platen_os_socket_listen(platen_os_socket *listener, uint16_t *port);
/* The next connection; what is sent on it goes out at once. TIMEOUT; OPERATION_ABORTED (bell). */
uint32_t platen_os_socket_accept(platen_os_socket listener, platen_os_bell bell, uint64_t until,
                                 platen_os_socket *socket);

/* From now on sending and receiving may wait until something has moved, for as long as it takes,
 * where platen_os_socket_break reaches them there; otherwise they say that nothing moved, as
 * before.
 */
uint32_t platen_os_socket_block(platen_os_socket socket);
/* Ends the connection in both directions: the peer is told, and who waits here in a call returns.
 * What has come already can still be received. The socket is still to be closed. */
void platen_os_socket_break(platen_os_socket socket);

/* One system call, retried only if a signal ended it. 0 with *moved 0: the peer does not keep up.
 */
uint32_t platen_os_socket_send(platen_os_socket socket, const void *data, uint32_t size,
                               uint32_t *moved);
/* The same for two pieces, one behind the other; either may be empty. */
uint32_t platen_os_socket_send_both(platen_os_socket socket, const void *first, uint32_t first_size,
                                    const void *second, uint32_t second_size, uint32_t *moved);
/* The same; 0 with *moved 0: nothing is there. HANDLE_EOF: the peer will send no more. size > 0. */
uint32_t platen_os_socket_receive(platen_os_socket socket, void *data, uint32_t size,
                                  uint32_t *moved);

enum platen_os_readiness { PLATEN_OS_READABLE = 1, PLATEN_OS_WRITABLE = 2 };

/* Until the socket is ready for that, or something is wrong with it, which the next call on it then
 * says. TIMEOUT; OPERATION_ABORTED when the bell rang. Without a socket: until the bell or the
 * moment. PLATEN_OS_NO_BELL is fine. */
uint32_t platen_os_socket_wait(platen_os_socket socket, enum platen_os_readiness readiness,
                               platen_os_bell bell, uint64_t until);

/* Tells the peer that no more comes; what was sent goes out before that. */
uint32_t platen_os_socket_half_close(platen_os_socket socket);

/* After the half-close: how much the peer's system has not acknowledged yet, the end counted as one
 * byte. 0: it has everything. A system that only tells whether says 1. After a reset one of the
 * three codes above; where the system keeps no count, also if the peer closed its side before it
 * had our end: what came of the rest cannot be known then. `peer` is the address that was connected
 * to, which some systems forget. */
uint32_t platen_os_socket_unacknowledged(platen_os_socket socket,
                                         const struct platen_os_address *peer, uint32_t *bytes);

/* Closes without waiting; with `reset` what has not gone out is thrown away, and the peer is told
 * that the connection was broken off. Receive what has come before an orderly close: some systems
 * reset the connection if something was left unread. */
void platen_os_socket_close(platen_os_socket socket, bool reset);

#endif
