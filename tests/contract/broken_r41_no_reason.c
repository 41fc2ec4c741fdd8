/* SPDX-License-Identifier: MIT
 *
 * Breaks R41: WritePort fails without saying why: last-error is 0, and so is everything that
 * the spooler can tell the user.
 */
#include "style.h"

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    return good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten) ? TRUE : fail(ERROR_SUCCESS);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
}
