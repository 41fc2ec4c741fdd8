/* SPDX-License-Identifier: MIT
 *
 * SendRecvBidiDataFromPort: the port monitor's, where it has one.
 */
#include <platen/errors.h>

#include "port.h"

uint32_t pjl_bidi(struct pjl_port *port, uint32_t access, const char16_t *action,
                  PBIDI_REQUEST_CONTAINER request, PBIDI_RESPONSE_CONTAINER *answer)
{
    const struct pjl_below *below = &port->below;
    if (!below->table.pfnSendRecvBidiDataFromPort)
        return PLATEN_NOT_SUPPORTED;
    return below->table.pfnSendRecvBidiDataFromPort(below->port, access, action, request, answer);
}
