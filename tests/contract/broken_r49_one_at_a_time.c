/* SPDX-License-Identifier: MIT
 *
 * Breaks R49: ReadPort takes turns with the other calls of its port, and waits for seconds: all
 * the while nothing is printed.
 */
#include "style.h"

static system_lock turn;

static BOOL WINAPI wrong_read_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuffer, LPDWORD pcbRead)
{
    BOOL fine = TRUE;

    system_lock_take(&turn);
    for (int i = 0; i < 20 && fine; i++) {
        fine = good.pfnReadPort(hPort, pBuffer, cbBuffer, pcbRead);
        if (*pcbRead)
            break;
    }
    system_lock_leave(&turn);
    return fine;
}

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    BOOL fine;

    system_lock_take(&turn);
    fine = good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten);
    system_lock_leave(&turn);
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnReadPort = wrong_read_port;
    changed->pfnWritePort = wrong_write_port;
    system_lock_make(&turn);
}
