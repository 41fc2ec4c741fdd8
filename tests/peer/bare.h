/* SPDX-License-Identifier: MIT
 *
 * The bare sockets of the system, on loopback, for peers that behave as no decent program would.
 * They block; what fails ends the test, unless it is said otherwise.
 */
#ifndef BARE_H
#define BARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef intptr_t bare_socket;
#define NO_SOCKET ((bare_socket)-1)

/* On 127.0.0.1 (version 4) or ::1 (6), at a port that is free. receive_buffer 0: the system's. With
 * IPv6 NO_SOCKET where the system has none. */
bare_socket bare_listen(int version, int backlog, int receive_buffer, uint16_t *port);
/* One that was made with a backlog below 0 has its port and refuses connections until this. */
void bare_return(bare_socket gone);
/* NO_SOCKET if whoever wanted to connect is gone again. */
bare_socket bare_accept(bare_socket listener);
bare_socket bare_connect(uint16_t port);
/* Begins to connect and does not wait for it: to fill a queue. */
bare_socket bare_knock(uint16_t port);

/* For datagrams, on 127.0.0.1 at a port that is free. */
bare_socket bare_datagrams(uint16_t *port);
/* The next one and the port that it came from; -1 if the socket cannot. */
long bare_receive_from(bare_socket socket, void *data, size_t size, uint16_t *port);
void bare_send_to(bare_socket socket, const void *data, size_t size, uint16_t port);

/* False when the connection is lost. */
bool bare_send(bare_socket socket, const void *data, size_t size);
/* 0 at the end, -1 when the connection is lost. */
long bare_receive(bare_socket socket, void *data, size_t size);
/* The port that a connection comes from; 0 if it is gone. */
uint16_t bare_peer_port(bare_socket socket);
/* Waits for the next byte and leaves it there; false if none comes. */
bool bare_peek(bare_socket socket, char *byte);
/* Is there something to receive or accept, at the latest after so many milliseconds? */
bool bare_wait(bare_socket socket, unsigned milliseconds);
/* How much has come and was not received. */
uint32_t bare_unread(bare_socket socket);

void bare_end_sending(bare_socket socket);
/* Ends both directions: what still comes is answered with a reset, what has come stays countable.
 */
void bare_shut(bare_socket socket);
void bare_close(bare_socket socket);
/* Closes with a reset. */
void bare_reset(bare_socket socket);
/* Can it? Wine first ends the connection in good order, and some then see that end only. */
bool bare_can_reset(void);

#endif
