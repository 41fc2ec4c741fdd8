/* SPDX-License-Identifier: MIT
 *
 * Breaks R48: a port that cannot be read from leaves *pcbRead as it was, and the language
 * monitor reads an answer that never came.
 */
#ifndef STYLE
#    define STYLE "good_static.c"
#endif
#include "style.h"

static BOOL WINAPI wrong_read_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuffer, LPDWORD pcbRead)
{
    DWORD before = *pcbRead;
    BOOL fine = good.pfnReadPort(hPort, pBuffer, cbBuffer, pcbRead);

    if (!fine)
        *pcbRead = before;
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnReadPort = wrong_read_port;
}
