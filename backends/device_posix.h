/* SPDX-License-Identifier: MIT
 *
 * A device node, a bell that ends the waits on it, and a helper for the calls that the system does
 * not bound: an open waits while another program closes the device, a close may wait for the device
 * itself. Nobody else waits longer than he wants to: a call that is stuck is left to the helper,
 * which closes the node when it comes back.
 */
#ifndef DEVICE_POSIX_H
#define DEVICE_POSIX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "device.h"
#include "os/errand.h"
#include "os/socket.h"

struct node {
    int fd;
    platen_os_bell bell;
    platen_os_errand *helper;
    _Atomic(platen_os_errand *) spare; /* for node_call, if it is not being used; NULL */
    void *owned; /* freed with the node, when no call uses it any more; NULL: nothing */

    _Atomic unsigned holders; /* the backend, and calls that are stuck */
    struct node *next;        /* of those that are being closed */
    _Atomic dev_t device;     /* 0: not known yet */
    unsigned kinds;           /* what the open was asked, and said */
    int access;
    uint32_t error;
    char path[];
};

/* Which nodes may be opened at all: to open some others is to do something (a watchdog starts, a
 * tape moves), and the name comes from who knows where. */
enum node_kind { NODE_LINE = 1, NODE_PRINTER = 2, NODE_USB_PRINTER = 4 };

/* `access` as open's. Keeps other programs out that ask (flock); the same path twice is BUSY. One
 * that we are closing ourselves is waited for. TIMEOUT; OPERATION_ABORTED when the port's job is
 * cancelled. */
uint32_t node_open(struct node **node, struct device_port *port, const char *path, unsigned kinds,
                   int access, uint64_t until);
void node_close(struct node *node);
/* The bell, as device_ops wants it. */
void node_ring(struct node *node, bool on);
/* 0, TIMEOUT or OPERATION_ABORTED. Readiness may also mean that something is wrong. */
uint32_t node_wait(const struct node *node, enum platen_os_readiness readiness, uint64_t until);
/* Waits so many nanoseconds; 0, TIMEOUT if `until` is over, OPERATION_ABORTED. */
uint32_t node_pause(const struct node *node, uint64_t nanoseconds, uint64_t until);
/* errno of a call on an open device: all that means that it is gone is DEVICE_NOT_CONNECTED. */
uint32_t node_error(int code);

/* A call on the open device that may be stuck: call(fd, data, size), on a thread of its own, with a
 * copy of the data which comes back with its result. A call returns -errno or something else.
 * TIMEOUT: it is stuck, or was made too late; OPERATION_ABORTED if it was to hear the bell. */
typedef int (*node_caller)(int fd, void *data, size_t size);
uint32_t node_call(struct node *node, node_caller call, void *data, size_t size, bool hears_bell,
                   uint64_t until, int *result);

#endif
