/* SPDX-License-Identifier: MIT
 *
 * Breaks R39: the bytes are taken for text: each line feed gets a carriage return before it.
 * Pictures come out as noise.
 */
#include "style.h"

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    DWORD begin = 0, moved = 0;

    for (*pcbWritten = 0; cbBuf && *pcbWritten < cbBuf; *pcbWritten = begin) {
        BYTE end[] = "\r\n";
        DWORD line = begin;
        while (line < cbBuf && pBuffer[line] != '\n')
            line++;
        if (line > begin && !good.pfnWritePort(hPort, pBuffer + begin, line - begin, &moved))
            return FALSE;
        if (line > begin && moved < line - begin) {
            *pcbWritten = begin + moved;
            return TRUE;
        }
        if (line < cbBuf && !good.pfnWritePort(hPort, end, 2, &moved))
            return FALSE;
        begin = line < cbBuf ? line + 1 : line;
    }
    return cbBuf ? TRUE : good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
}
