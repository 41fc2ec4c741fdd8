/* SPDX-License-Identifier: MIT
 *
 * Breaks R43: a write of nothing is taken for the end of the job. What comes after it is
 * refused.
 */
#include "style.h"

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    if (!cbBuf)
        good.pfnEndDocPort(hPort);
    return good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
}
