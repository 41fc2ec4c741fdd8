/* SPDX-License-Identifier: MIT
 *
 * The providers of an open port (<platen/monitor.h>): made when the port is first asked for a value
 * that its backend does not know, kept until it is closed. Only a TCP/IP port whose SNMP is enabled
 * has any.
 */
#ifndef PLATEN_LIB_PROVIDER_H
#define PLATEN_LIB_PROVIDER_H

#include <stddef.h>

#include "port.h"

/* As <platen/monitor.h> has `get` and `list`, over all providers of the port: the first that knows
 * a value answers. Need the turn (device.h). */
uint32_t provider_get(struct port *port, const char *schema, char *value, size_t size,
                      uint64_t deadline);
uint32_t provider_list(struct port *port, void *to, void (*add)(void *to, const char *schema),
                       uint64_t deadline);

/* Has the port any? Needs the turn. */
bool provider_is_there(struct port *port);

/* Have all of them all their members? NULL is fine. */
bool provider_check(const struct platen_provider *const *providers);

/* With the port, when nobody uses it any more. */
void provider_close(struct port *port);

#endif
