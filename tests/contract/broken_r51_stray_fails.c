/* SPDX-License-Identifier: MIT
 *
 * Breaks R51: EndDocPort without a job fails. A spooler that makes sure that a job has ended
 * reports an error for one that was printed.
 */
#include "style.h"

static BOOL WINAPI wrong_end_doc_port(HANDLE hPort)
{
    const struct port *port = hPort;

    if (!port->printing)
        return fail(ERROR_SPL_NO_STARTDOC);
    return good.pfnEndDocPort(hPort);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnEndDocPort = wrong_end_doc_port;
}
