/* SPDX-License-Identifier: MIT
 *
 * platen.dll with the ports of a Local Port monitor that somebody has configured, for Wine's test
 * program: the registry that it offers is empty, and it calls each store call a failure.
 */
#include <platen/monitor.h>

#include <windows.h>

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    static const char *const ports[] = {"COM1:", "LPT1:"}; /* FILE: is simply there */
    char folder[MAX_PATH];
    struct platen_monitor_options options = {.size = sizeof(options), .file_root = folder};

    if (GetTempPathA(sizeof(folder), folder) == 0)
        return NULL;
    LPMONITOR2 monitor = platen_monitor_create(pMonitorInit, &options, phMonitor);
    for (size_t i = 0; monitor != NULL && i < sizeof(ports) / sizeof(ports[0]); i++)
        if (platen_monitor_add_port(*phMonitor, ports[i], NULL) != 0)
            return NULL;
    return monitor;
}
