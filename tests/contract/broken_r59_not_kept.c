/* SPDX-License-Identifier: MIT
 *
 * Breaks R59: time-outs are accepted and forgotten. A language monitor that asked for five
 * seconds gets answers cut off after a fifth of one.
 */
#include "style.h"

static BOOL WINAPI wrong_set_time_outs(HANDLE hPort, LPCOMMTIMEOUTS lpCTO, DWORD reserved)
{
    struct port *port = hPort;
    BOOL fine = good.pfnSetPortTimeOuts(hPort, lpCTO, reserved);

    port->read_time = READ_TIME;
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnSetPortTimeOuts = wrong_set_time_outs;
}
