/* SPDX-License-Identifier: MIT
 *
 * Breaks R80: the port monitor's handle is never closed. The port stays taken after the printer
 * has gone.
 */
#ifndef STYLE
#    define STYLE "good_language.c"
#endif
#include "style.h"

static BOOL WINAPI wrong_close_port(HANDLE hPort)
{
    end_doc_port(hPort);
    free(hPort);
    return TRUE;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnClosePort = wrong_close_port;
}
