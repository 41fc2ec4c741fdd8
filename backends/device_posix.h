/* SPDX-License-Identifier: MIT
 *
 * A device node that does not block, and a bell that ends the waits on it.
 */
#ifndef DEVICE_POSIX_H
#define DEVICE_POSIX_H

#include <stdbool.h>
#include <stdint.h>

#include "os/socket.h"

struct node {
    int fd;
    platen_os_bell bell;
};

/* Which nodes may be opened at all: to open some others is to do something (a watchdog starts, a
 * tape moves), and the name comes from who knows where. */
enum node_kind { NODE_LINE = 1, NODE_PRINTER = 2 };

/* `access` as open's. Keeps other programs out that ask (flock); the same path twice is BUSY. */
uint32_t node_open(struct node *node, const char *path, unsigned kinds, int access);
void node_close(struct node *node);
/* The bell, as device_ops wants it. */
void node_ring(struct node *node, bool on);
/* 0, TIMEOUT or OPERATION_ABORTED. Readiness may also mean that something is wrong. */
uint32_t node_wait(const struct node *node, enum platen_os_readiness readiness, uint64_t until);
/* Waits so many nanoseconds; 0, TIMEOUT if `until` is over, OPERATION_ABORTED. */
uint32_t node_pause(const struct node *node, uint64_t nanoseconds, uint64_t until);
/* errno of a call on an open device: all that means that it is gone is DEVICE_NOT_CONNECTED. */
uint32_t node_error(int code);

#endif
