/* SPDX-License-Identifier: MIT
 *
 * Breaks R39: everything behind a byte 0x1A, the end of a text on old systems, is thrown away
 * within its block.
 */
#include "style.h"

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    const BYTE *end = cbBuf ? memchr(pBuffer, 0x1A, cbBuf) : NULL;
    DWORD size = end ? (DWORD)(end - pBuffer) : cbBuf;

    *pcbWritten = 0;
    if (!end)
        return good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten);
    if (size && !good.pfnWritePort(hPort, pBuffer, size, pcbWritten))
        return FALSE;
    *pcbWritten = cbBuf;
    return TRUE;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
}
