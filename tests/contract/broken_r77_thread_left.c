/* SPDX-License-Identifier: MIT
 *
 * Breaks R77: a thread goes on after Shutdown. When the spooler unloads the module the thread's
 * code is gone, and the spooler with it.
 */
#define OWN_ENTRY
#include "style.h"

static volatile LONG ticks;

static void *tick(void *unused)
{
    for (int i = 0; i < 1000; i++) {
        system_sleep(10);
        ticks++;
    }
    return unused;
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    LPMONITOR2 made = good_initialize(pMonitorInit, phMonitor);
    system_thread thread;

    if (made && system_thread_start(&thread, tick, NULL))
        system_thread_forget(thread);
    return made;
}
