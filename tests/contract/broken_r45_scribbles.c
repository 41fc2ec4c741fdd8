/* SPDX-License-Identifier: MIT
 *
 * Breaks R45: the spooler's buffer is used to work in. It may be a view of the spool file,
 * which is then printed differently the second time.
 */
#include "style.h"

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    if (cbBuf)
        pBuffer[0] = (BYTE)(pBuffer[0] + 0);
    return good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
}
