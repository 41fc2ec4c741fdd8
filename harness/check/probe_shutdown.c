/* SPDX-License-Identifier: MIT
 *
 * The end of an instance: R77.
 */
#include <string.h>

#include "check/probes.h"
#include "check/steps.h"

/* Shutdown after a job and with all of Xcv used. What is still open then the spooler notices; a
 * monitor whose code is called after it was unloaded takes its process with it. */
void shutdown_whole(struct probe *p)
{
    if (probe_has_slot(p, "XcvOpenPort")) {
        probe_ask(p, "XcvOpenPort pszObject=\"\" GrantedAccess=1 -> TRUE phXcv=$last\n"
                     "XcvDataPort hXcv=$last pszDataName=\"MonitorUI\" cbOutputData=512 -> any\n"
                     "XcvClosePort hXcv=$last -> TRUE");
    }
    if (probe_has(p, PLATEN_NEED_TARGET) && step_open(p)) {
        if (step_start(p, 7701)) {
            probe_ask(p, "WritePort hPort=$h pBuffer=\"page\" -> any\nEndDocPort hPort=$h -> any");
        }
        step_close(p);
    }
    size_t before = probe_events(p);
    probe_run(p, 77, "unload %s", probe_quote(p, probe_monitor_name(p)));
    for (size_t i = before; i < probe_events(p); i++) {
        const char *text = probe_event(p, i);
        bool left = strstr(text, "open") != NULL && strstr(text, "(R77)") == NULL; /* told anyway */
        probe_judge(p, 77, !left, "nothing is left when Shutdown has returned", "%s", text);
    }
    probe_tried(p, 77);
}
