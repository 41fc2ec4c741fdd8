/* SPDX-License-Identifier: MIT
 *
 * Breaks R44: when the device stops in the middle of a block nothing of it is reported as
 * written. The spooler sends all of it again, and a part is printed twice.
 */
#define WRITE_TIME 200
#include "style.h"

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    if (!good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten))
        return FALSE;
    if (*pcbWritten < cbBuf) {
        *pcbWritten = 0;
        return fail(ERROR_TIMEOUT);
    }
    return TRUE;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
}
