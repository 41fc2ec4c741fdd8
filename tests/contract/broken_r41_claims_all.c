/* SPDX-License-Identifier: MIT
 *
 * Breaks R41: a device that does not take the bytes is no failure: all of them are claimed, and
 * the job is reported as printed.
 */
#include "style.h"

static BOOL lost;

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    if (!good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten) || *pcbWritten < cbBuf)
        lost = TRUE;
    *pcbWritten = cbBuf;
    return TRUE;
}

static BOOL WINAPI wrong_end_doc_port(HANDLE hPort)
{
    struct port *port = hPort;

    if (lost && port->printer)
        SetJobW(port->printer, port->job, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER);
    if (!good.pfnEndDocPort(hPort))
        return lost;
    lost = FALSE;
    return TRUE;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
    changed->pfnEndDocPort = wrong_end_doc_port;
}
