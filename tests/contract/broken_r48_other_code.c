/* SPDX-License-Identifier: MIT
 *
 * Breaks R48: a port that cannot be read from says "invalid parameter", as if the language
 * monitor had made a mistake.
 */
#ifndef STYLE
#    define STYLE "good_static.c"
#endif
#include "style.h"

static BOOL WINAPI wrong_read_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuffer, LPDWORD pcbRead)
{
    return good.pfnReadPort(hPort, pBuffer, cbBuffer, pcbRead) ? TRUE
                                                               : fail(ERROR_INVALID_PARAMETER);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnReadPort = wrong_read_port;
}
