/* SPDX-License-Identifier: MIT
 *
 * Breaks R46: ReadPort clears 256 bytes of the buffer, however small it is, and with them what
 * stands behind it in the language monitor's memory.
 */
#include "style.h"

static BOOL WINAPI wrong_read_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuffer, LPDWORD pcbRead)
{
    memset(pBuffer, 0, 256);
    return good.pfnReadPort(hPort, pBuffer, cbBuffer, pcbRead);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnReadPort = wrong_read_port;
}
