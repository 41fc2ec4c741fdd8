/* SPDX-License-Identifier: MIT
 *
 * Breaks R27: ClosePort closes the port and returns FALSE all the same. The spooler believes
 * that it is open still, and never deletes it.
 */
#include "style.h"

static BOOL WINAPI wrong_close_port(HANDLE hPort)
{
    good.pfnClosePort(hPort);
    return fail(ERROR_INVALID_HANDLE);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnClosePort = wrong_close_port;
}
