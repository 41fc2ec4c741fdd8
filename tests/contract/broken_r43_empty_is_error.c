/* SPDX-License-Identifier: MIT
 *
 * Breaks R43: a write of nothing is an error, and ends a job that had a page without bytes.
 */
#include "style.h"

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    if (!cbBuf) {
        *pcbWritten = 0;
        return fail(ERROR_INVALID_DATA);
    }
    return good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
}
