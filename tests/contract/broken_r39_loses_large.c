/* SPDX-License-Identifier: MIT
 *
 * Breaks R39: of a block above 64 KiB only the first 64 KiB are printed, but all of it is
 * claimed.
 */
#include "style.h"

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    DWORD most = cbBuf > 0x10000 ? 0x10000 : cbBuf;
    BOOL fine = good.pfnWritePort(hPort, pBuffer, most, pcbWritten);

    if (fine && *pcbWritten == most)
        *pcbWritten = cbBuf;
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
}
