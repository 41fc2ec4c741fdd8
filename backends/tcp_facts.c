/* SPDX-License-Identifier: MIT
 *
 * What a TCP port knows of its printer without asking it: where it is. No name is resolved for it,
 * and no connection made: printers print for one at a time, and an idle one is another's.
 */
#include <stdio.h>
#include <string.h>

#include "tcp_port.h"

#define NETWORK "\\Printer.DeviceInfo.NetworkingInfo:"

/* The host is a literal address, of either family, or a name. */
static const char *schema_of(const struct tcp_port *port)
{
    bool address =
        strchr(port->host, ':') || strspn(port->host, "0123456789.") == strlen(port->host);
    return address ? NETWORK "IPAddress" : NETWORK "HostName";
}

uint32_t tcp_bidi(void *state, const char *schema, char *value, size_t size)
{
    const struct tcp_port *port = state;
    if (strcmp(schema, schema_of(port)) != 0)
        return PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
    snprintf(value, size, "%s", port->host);
    return 0;
}

uint32_t tcp_bidi_list(void *state, void *context, void (*add)(void *context, const char *schema))
{
    add(context, schema_of(state));
    return 0;
}
