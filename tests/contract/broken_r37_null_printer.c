/* SPDX-License-Identifier: MIT
 *
 * Breaks R37: a job whose printer could not be opened is reported all the same, with a handle
 * that is NULL.
 */
#include "style.h"

static BOOL WINAPI wrong_end_doc_port(HANDLE hPort)
{
    struct port *port = hPort;
    BOOL unheard = port->printing && !port->printer;
    DWORD job = port->job;
    BOOL fine = good.pfnEndDocPort(hPort);

    if (unheard)
        SetJobW(NULL, job, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER);
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnEndDocPort = wrong_end_doc_port;
}
