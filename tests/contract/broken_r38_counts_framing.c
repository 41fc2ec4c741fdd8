/* SPDX-License-Identifier: MIT
 *
 * Breaks R38: a language monitor counts the line that it put before the job. The spooler
 * believes that more was written than it sent, and leaves out as much of the job.
 */
#ifndef STYLE
#    define STYLE "good_language.c"
#endif
#include "style.h"

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    struct port *port = hPort;
    BOOL begun = port->begun;
    BOOL fine = good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten);

    if (fine && !begun && port->begun)
        *pcbWritten += sizeof before_job - 1;
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
}
