/* SPDX-License-Identifier: MIT
 *
 * Breaks R47: ReadPort waits until something comes. The language monitor's thread, which would
 * see that the job is over, never comes back.
 */
#include "style.h"

static BOOL WINAPI wrong_read_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuffer, LPDWORD pcbRead)
{
    BOOL fine = good.pfnReadPort(hPort, pBuffer, cbBuffer, pcbRead);

    while (fine && cbBuffer && !*pcbRead)
        fine = good.pfnReadPort(hPort, pBuffer, cbBuffer, pcbRead);
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnReadPort = wrong_read_port;
}
