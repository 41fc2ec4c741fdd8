/* SPDX-License-Identifier: MIT
 *
 * Breaks R80: EndDocPort of the port monitor is given the language monitor's handle.
 */
#ifndef STYLE
#    define STYLE "good_language.c"
#endif
#include "style.h"

static BOOL WINAPI wrong_end_doc_port(HANDLE hPort)
{
    struct port *port = hPort;
    HANDLE handle = port->handle;
    BOOL fine;

    port->handle = port;
    port->begun = FALSE;
    fine = good.pfnEndDocPort(hPort);
    port->handle = handle;
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnEndDocPort = wrong_end_doc_port;
}
