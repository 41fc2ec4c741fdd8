/* SPDX-License-Identifier: MIT
 *
 * What turns a good monitor into another one. STYLE names the good monitor; it is included here as
 * it stands, only that its entry point is called good_initialize. Whoever includes this file
 * defines
 *
 *     static void rework(MONITOR2 *table);   puts functions of its own into a copy of the table
 *
 * and finds the functions that were there before in `good`. If the entry point itself is to be
 * another, OWN_ENTRY is defined before, and InitializePrintMonitor2 after this file is included.
 */
#ifndef STYLE
#define STYLE "good_full.c"
#endif

#include "system.h"
#include "text.h"

static LPMONITOR2 WINAPI good_initialize(PMONITORINIT pMonitorInit, PHANDLE phMonitor);

#define InitializePrintMonitor2 good_initialize
#include STYLE
#undef InitializePrintMonitor2

#ifndef OWN_ENTRY
static MONITOR2 good;

static void rework(MONITOR2 *changed);

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    static MONITOR2 changed;
    const MONITOR2 *given = good_initialize(pMonitorInit, phMonitor);

    if (!given)
        return NULL;
    if (!good.cbSize) {
        memcpy(&good, given, given->cbSize);
        changed = good;
        rework(&changed);
    }
    return &changed;
}
#endif
