/* SPDX-License-Identifier: MIT
 *
 * Breaks R45: the bytes are claimed at once and written when the next call comes. By then the
 * spooler has other data in that buffer.
 */
#include "style.h"

static LPBYTE kept;
static DWORD kept_size;

/* What the last call left. */
static BOOL write_kept(HANDLE hPort)
{
    DWORD moved = 0;
    BOOL fine = TRUE;

    while (fine && kept_size) {
        fine = good.pfnWritePort(hPort, kept, kept_size, &moved);
        kept += moved;
        kept_size -= moved;
    }
    kept_size = 0;
    return fine;
}

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    const struct port *port = hPort;

    if (!port->printing || !write_kept(hPort))
        return good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten);
    kept = pBuffer;
    *pcbWritten = kept_size = cbBuf;
    return TRUE;
}

static BOOL WINAPI wrong_end_doc_port(HANDLE hPort)
{
    write_kept(hPort);
    return good.pfnEndDocPort(hPort);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
    changed->pfnEndDocPort = wrong_end_doc_port;
}
