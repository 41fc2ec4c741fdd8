/* SPDX-License-Identifier: MIT
 *
 * Breaks R81: what the port monitor cannot write is claimed as written. The rest of the job is
 * lost, and it counts as printed.
 */
#ifndef STYLE
#    define STYLE "good_language.c"
#endif
#include "style.h"

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    if (!good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten))
        *pcbWritten = cbBuf;
    return TRUE;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
}
