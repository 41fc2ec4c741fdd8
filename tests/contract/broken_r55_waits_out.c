/* SPDX-License-Identifier: MIT
 *
 * Breaks R55: a job that the user has cancelled is waited for all the same, as long as the
 * time-out is. The next job waits with it.
 */
#include <platen/winsplp.h>
#define GetJobW(printer, job, level, info, size, needed) ((void)(needed), fail(ERROR_NOT_SUPPORTED))
#include "style.h"

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    ULONGLONG began = system_milliseconds();
    DWORD all = 0, moved = 0;
    BOOL fine = good.pfnWritePort(hPort, pBuffer, cbBuf, &moved);

    while ((fine || GetLastError() == ERROR_TIMEOUT) && (all += moved) < cbBuf &&
           system_milliseconds() - began < 20000)
        fine = good.pfnWritePort(hPort, pBuffer + all, cbBuf - all, &moved);
    *pcbWritten = all;
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
}
