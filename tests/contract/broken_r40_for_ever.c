/* SPDX-License-Identifier: MIT
 *
 * Breaks R40: WritePort waits until the device has taken everything. A printer without paper
 * stops a thread of the spooler for ever, and on a cluster the whole resource.
 */
#include "style.h"

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    DWORD all = 0, moved = 0;
    BOOL fine = good.pfnWritePort(hPort, pBuffer, cbBuf, &moved);

    while (all + moved < cbBuf &&
           (fine || GetLastError() == ERROR_TIMEOUT || GetLastError() == ERROR_PRINT_CANCELLED)) {
        all += moved;
        fine = good.pfnWritePort(hPort, pBuffer + all, cbBuf - all, &moved);
    }
    *pcbWritten = all + moved;
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
}
