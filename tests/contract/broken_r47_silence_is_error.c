/* SPDX-License-Identifier: MIT
 *
 * Breaks R47: a printer that says nothing is an error. The language monitor takes the line for
 * dead and gives up.
 */
#include "style.h"

static BOOL WINAPI wrong_read_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuffer, LPDWORD pcbRead)
{
    BOOL fine = good.pfnReadPort(hPort, pBuffer, cbBuffer, pcbRead);

    return fine && cbBuffer && !*pcbRead ? fail(ERROR_TIMEOUT) : fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnReadPort = wrong_read_port;
}
