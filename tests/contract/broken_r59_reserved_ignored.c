/* SPDX-License-Identifier: MIT
 *
 * Breaks R59: the argument that has to be 0 is not looked at.
 */
#include "style.h"

static BOOL WINAPI wrong_set_time_outs(HANDLE hPort, LPCOMMTIMEOUTS lpCTO, DWORD reserved)
{
    reserved = 0;
    return good.pfnSetPortTimeOuts(hPort, lpCTO, reserved);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnSetPortTimeOuts = wrong_set_time_outs;
}
