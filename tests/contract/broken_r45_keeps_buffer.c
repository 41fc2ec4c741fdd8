/* SPDX-License-Identifier: MIT
 *
 * Breaks R45: the buffer is looked at again when the next call comes. By then the spooler has
 * other data there, or nothing.
 */
#include "style.h"

static const BYTE *volatile last_byte;

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    if (last_byte && *last_byte == '\f')
        system_sleep(1); /* a page is through */
    last_byte = cbBuf ? pBuffer + cbBuf - 1 : NULL;
    return good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten);
}

static BOOL WINAPI wrong_end_doc_port(HANDLE hPort)
{
    if (last_byte && *last_byte == '\f')
        system_sleep(1);
    last_byte = NULL;
    return good.pfnEndDocPort(hPort);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
    changed->pfnEndDocPort = wrong_end_doc_port;
}
