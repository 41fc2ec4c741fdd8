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

/* ---- instances that come and go beside one that stays ---------------------------------------- */

enum { ROUNDS = 3, CYCLES = 20, LEAST = 16 }; /* bytes that one instance leaves */

static bool come_and_go(struct probe *p)
{
    return probe_set(p, "spooler \"cluster\"") &&
           probe_set(p, "repeat %u {\nmonitor $monitor beside=\"%s\"\nunload %s\n}",
                     (unsigned)CYCLES, step_spooler(p), probe_quote(p, probe_monitor_name(p))) &&
           probe_set(p, "spooler \"%s\"", step_spooler(p));
}

/* A port in the store of those that come and go: what they keep for it they free as well. */
static void add_one(struct probe *p)
{
    const char *name = probe_has(p, PLATEN_NEED_ADD_PORT) ? probe_new_port(p) : NULL;
    probe_set(p, "spooler \"cluster\"");
    if (name != NULL) {
        probe_set(p, "monitor $monitor beside=\"%s\"", step_spooler(p));
        probe_ask(p, "%s", probe_add_line(p, name));
        probe_set(p, "unload %s", probe_quote(p, probe_monitor_name(p)));
    }
    probe_set(p, "spooler \"%s\"", step_spooler(p));
}

/* What the process has in use, or -1. */
static int64_t memory_in_use(struct probe *p)
{
    probe_want(p, PLATEN_FACTS_PROCESS);
    bool asked = probe_ask(p, "EnumPorts Level=1 -> any");
    probe_want(p, 0);
    const struct platen_facts *facts = asked ? probe_facts(p) : NULL;
    return facts == NULL || !facts->process.known ? -1 : facts->process.heap;
}

/* The first round is for what a process allocates once. */
void shutdown_leaks(struct probe *p)
{
    int64_t heap[ROUNDS + 1];
    if (probe_is_builtin(p) || probe_is_language(p)) {
        return; /* what is in use there is not the monitor's alone */
    }
    add_one(p);
    for (int i = 0; i <= ROUNDS; i++) {
        heap[i] = come_and_go(p) ? memory_in_use(p) : -1;
        if (heap[i] < 0) {
            return;
        }
    }
    probe_judge(p, 77, !step_grows(heap, ROUNDS, CYCLES * LEAST),
                "the memory of an instance is freed when it was shut down",
                "%lld bytes more after %u instances", (long long)(heap[ROUNDS] - heap[0]),
                (unsigned)(ROUNDS * CYCLES));
}
