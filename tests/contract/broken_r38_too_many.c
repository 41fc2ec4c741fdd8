/* SPDX-License-Identifier: MIT
 *
 * Breaks R38: one byte more is counted than was given. The spooler sends on from there, and
 * each block loses its first byte.
 */
#include "style.h"

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    BOOL fine = good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten);

    if (fine && *pcbWritten)
        ++*pcbWritten;
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
}
