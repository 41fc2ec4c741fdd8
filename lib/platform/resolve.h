/* SPDX-License-Identifier: MIT
 *
 * Private to the seam: asking the system for a host.
 */
#ifndef PLATFORM_RESOLVE_H
#define PLATFORM_RESOLVE_H

#include "os/socket.h"

/* What the socket noun needs before its first use; any number of times. */
uint32_t platen_os_sockets_begin(void);

/* Blocks for as long as the system likes, unless `numeric`: then only an address as text is taken.
 * HOST_NOT_FOUND, NOT_ENOUGH_MEMORY. */
uint32_t platen_os_resolve(const char *host, uint16_t port, bool numeric,
                           struct platen_os_address *addresses, size_t room, size_t *count);

/* Until `answered` rings. TIMEOUT; OPERATION_ABORTED when the other bell rang and that one did not.
 */
uint32_t platen_os_bells_wait(platen_os_bell answered, platen_os_bell other, uint64_t until);

#endif
