/* SPDX-License-Identifier: MIT
 *
 * Breaks R69: XcvClosePort closes the handle and returns FALSE all the same.
 */
#include "style.h"

static BOOL WINAPI wrong_xcv_close_port(HANDLE hXcv)
{
    good.pfnXcvClosePort(hXcv);
    return fail(ERROR_INVALID_HANDLE);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvClosePort = wrong_xcv_close_port;
}
