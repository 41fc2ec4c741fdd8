/* SPDX-License-Identifier: MIT
 *
 * Breaks R7: the second instance is the first one. The ports of a cluster's spooler show up in
 * the node's, and are stored there.
 */
#define OWN_ENTRY
#include "style.h"

static MONITOR2 good;
static HANDLE first;
static unsigned users;

static VOID WINAPI wrong_shut_down(HANDLE hMonitor)
{
    if (--users == 0) {
        good.pfnShutdown(hMonitor);
        first = NULL;
    }
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    static MONITOR2 changed;

    if (!users) {
        LPMONITOR2 given = good_initialize(pMonitorInit, &first);
        if (!given)
            return NULL;
        good = changed = *given;
        changed.pfnShutdown = wrong_shut_down;
    }
    users++;
    *phMonitor = first;
    return &changed;
}
