/* SPDX-License-Identifier: MIT
 *
 * Breaks R81: a port monitor that refuses to write while no job is under way is taken for dead:
 * the next job is refused.
 */
#ifndef STYLE
#    define STYLE "good_language.c"
#endif
#include "style.h"

static BOOL dead;

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    struct port *port = hPort;
    BOOL fine = good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten);

    if (!fine && !port->printing)
        dead = TRUE;
    return fine;
}

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    if (dead)
        return fail(ERROR_DEV_NOT_EXIST);
    return good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo);
}

static BOOL WINAPI wrong_close_port(HANDLE hPort)
{
    dead = FALSE;
    return good.pfnClosePort(hPort);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
    changed->pfnStartDocPort = wrong_start_doc_port;
    changed->pfnClosePort = wrong_close_port;
}
