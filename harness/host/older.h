/* SPDX-License-Identifier: MIT
 *
 * Monitors of the older kind, which export InitializePrintMonitor alone and have no instances
 * (contract 1.2): seen from the harness they are like others.
 */
#ifndef HOST_OLDER_H
#define HOST_OLDER_H

#include "call/call.h"
#include "os/module.h"

/* What stands in for InitializePrintMonitor2; NULL: the module does not export the older one.
 * `path` is the module's, `name` what the monitor's key is called. */
LPMONITOR2(WINAPI *host_older(platen_os_module *module, const char *path, const char *name))
(PMONITORINIT init, PHANDLE monitor);

/* dwMonitorSize of the MONITOREX that this table stands for; 0: it stands for none. */
uint32_t host_older_size(const void *table);

#endif
