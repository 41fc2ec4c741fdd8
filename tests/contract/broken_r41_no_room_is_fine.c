/* SPDX-License-Identifier: MIT
 *
 * Breaks R41: when the disk is full the bytes count as written, and the document is gone.
 */
#ifndef STYLE
#    define STYLE "good_addport.c"
#endif
#include "style.h"

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    BOOL fine = good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten);

    if (!fine && GetLastError() == ERROR_DISK_FULL) {
        *pcbWritten = cbBuf;
        fine = TRUE;
    }
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
}
