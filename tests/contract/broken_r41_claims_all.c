/* SPDX-License-Identifier: MIT
 *
 * Breaks R41: a device that stands still is no failure: all bytes are claimed, and those that
 * it did not take are lost without a word.
 */
#include "style.h"

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    if (!good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten) && GetLastError() != ERROR_TIMEOUT)
        return FALSE;
    *pcbWritten = cbBuf;
    return TRUE;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
}
