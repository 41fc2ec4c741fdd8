/* SPDX-License-Identifier: MIT
 *
 * On Windows, in a source that included the system's header already: MONITOR2 and the prototype are
 * ours from here on, and each member that the system has stands where it has it, with its type.
 */
#define UNICODE
#include <windows.h>
#include <winspool.h>
#include <winsplp.h>

typedef MONITOR2 SYSTEM_MONITOR2;

#include <platen/winsplp.h>

PLATEN_LAYOUT_SIZE(SYSTEM_MONITOR2, 176, 88);

#define SAME_PLACE(member)                                                                         \
    _Static_assert(offsetof(SYSTEM_MONITOR2, member) == offsetof(MONITOR2, member),                \
                   #member " is not where the system has it")
#define SAME(member)                                                                               \
    SAME_PLACE(member);                                                                            \
    _Static_assert(__builtin_types_compatible_p(__typeof__(((SYSTEM_MONITOR2 *)0)->member),        \
                                                __typeof__(((MONITOR2 *)0)->member)),              \
                   #member " has another type than the system's")

SAME(cbSize);
SAME(pfnEnumPorts);
SAME(pfnOpenPort);
SAME_PLACE(pfnOpenPortEx); /* its last argument is a MONITOR2 */
SAME(pfnStartDocPort);
SAME(pfnWritePort);
SAME(pfnReadPort);
SAME(pfnEndDocPort);
SAME(pfnClosePort);
SAME(pfnAddPort);
SAME(pfnAddPortEx);
SAME(pfnConfigurePort);
SAME(pfnDeletePort);
SAME(pfnGetPrinterDataFromPort);
SAME(pfnSetPortTimeOuts);
SAME(pfnXcvOpenPort);
SAME(pfnXcvDataPort);
SAME(pfnXcvClosePort);
SAME(pfnShutdown);
SAME(pfnSendRecvBidiDataFromPort);
SAME(pfnNotifyUsedPorts);
SAME(pfnNotifyUnusedPorts);

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    static MONITOR2 table = {.cbSize = sizeof(MONITOR2), .pfnPowerEvent = NULL};

    *phMonitor = pMonitorInit->hSpooler;
    return &table;
}
