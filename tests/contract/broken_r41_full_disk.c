/* SPDX-License-Identifier: MIT
 *
 * Breaks R41: what a full disk does not take is reported as written, and the job as printed.
 */
#include "style.h"

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    if (good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten))
        return TRUE;
    if (GetLastError() != ERROR_DISK_FULL)
        return FALSE;
    *pcbWritten = cbBuf;
    return TRUE;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
}
