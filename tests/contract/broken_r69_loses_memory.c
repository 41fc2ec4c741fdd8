/* SPDX-License-Identifier: MIT
 *
 * Breaks R69: each Xcv handle costs some memory after it was closed.
 */
#include "style.h"

static void *volatile lost;

static BOOL WINAPI wrong_xcv_close_port(HANDLE hXcv)
{
    lost = calloc(1, 4096);
    return good.pfnXcvClosePort(hXcv);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvClosePort = wrong_xcv_close_port;
}
