/* SPDX-License-Identifier: MIT
 *
 * What is left of a monitor after its last Shutdown (R77). Only differences mean anything.
 */
#ifndef HOST_REST_H
#define HOST_REST_H

#include <stdint.h>

/* Threads of the process but for the system's own; on Windows those that begin in the module (a
 * HMODULE) or in a C library. -1: that cannot be had. */
int64_t host_rest_threads(const void *module);
/* Files, sockets and devices that are open and can be written to; -1: that cannot be had. */
int64_t host_rest_devices(void);

#endif
