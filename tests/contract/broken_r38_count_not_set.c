/* SPDX-License-Identifier: MIT
 *
 * Breaks R38: when WritePort fails the count stays what it was. The spooler, which sends the
 * rest again, leaves out what was never written.
 */
#include "style.h"

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    DWORD before = *pcbWritten;

    if (good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten))
        return TRUE;
    *pcbWritten = before;
    return FALSE;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
}
