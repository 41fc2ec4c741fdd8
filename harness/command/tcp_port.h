/* SPDX-License-Identifier: MIT
 *
 * A TCP/IP port as TCPMON's AddPort wants it, made of a name and "socket://HOST[:PORT]" or
 * "lpd://HOST[:PORT]/QUEUE".
 */
#ifndef COMMAND_TCP_PORT_H
#define COMMAND_TCP_PORT_H

#include <stdbool.h>

#include <platen/tcpxcv.h>

struct tcp_port {
    union {
        PORT_DATA_1 one;
        PORT_DATA_2 two; /* for hosts that are too long for the other */
    } data;
    uint32_t size; /* of the one that it is */
};

/* False after having complained: of another scheme, of what no such port can hold. */
bool tcp_port_take_uri(struct tcp_port *port, const char *uri);
/* The same of a name that is too long. To be called after the other. */
bool tcp_port_take_name(struct tcp_port *port, const char *name);

#endif
