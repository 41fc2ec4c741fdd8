/* SPDX-License-Identifier: MIT
 *
 * The end of an instance (R77).
 */
#include <stdlib.h>
#include <string.h>

#include "break.h"
#include "call/served.h"
#include "os/clock.h"
#include "os/lasterror.h"
#include "os/module.h"
#include "os/thread.h"

#define LAST   ((unsigned)platen_os_get_last_error())
#define ADMIN  SERVER_ACCESS_ADMINISTER
#define WATCH  UINT64_C(1000000000) /* how long we look on afterwards, in nanoseconds */
#define GLANCE (WATCH / 100)

/* All calls back so far, whoever made them. */
static unsigned calls_back(const struct trial *t)
{
    unsigned sum = t->foreign_calls;
    for (unsigned slot = 0; slot < PLATEN_SLOT_COUNT; slot++) {
        sum += t->calls_back[slot];
    }
    return sum;
}

/* A job in its middle, a port that idles, two Xcv handles, a port in the store. */
static bool leave_open(struct trial *t)
{
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    HANDLE idle = trial_open(t, TEXT("SIM:trial"));
    trial_xcv(t, TEXT("AddPort"), TEXT("SIM:stored"), ADMIN);
    return idle != NULL && probe_xcv_open(t, ADMIN) != NULL && probe_xcv_open(t, 0) != NULL &&
           trial_start(t, port, 1) && trial_write(t, port, "half", 4, 4);
}

static bool all_is_closed(struct trial *t)
{
    struct platen_sim_tally tally = platen_sim_counts(t->device);
    return KEPT(t, tally.open == 0, "the device is still open") &&
           KEPT(t, tally.started == tally.ended + tally.abandoned, "a job goes on") &&
           KEPT(t, t->winspool.opened == t->winspool.closed, "a printer is still open") &&
           KEPT(t, t->winspool.misuses == 0, "a dead printer was used") &&
           KEPT(t, platen_registry_view_open_keys(t->view) == 0, "a key is still open") &&
           KEPT(t, platen_registry_view_misuses(t->view) == 0, "a dead key was used");
}

/* Looks on for a while, or until something has been seen. */
static void watch(struct trial *t, unsigned calls)
{
    uint64_t until = trial_now(t) + WATCH;
    while (calls_back(t) == calls && trial_now(t) < until) {
        trial_pass(t, GLANCE);
    }
}

static void all_ends(struct trial *t)
{
    if (!leave_open(t)) {
        return;
    }
    t->m.pfnShutdown(t->monitor);
    t->monitor = NULL;
    unsigned calls = calls_back(t);
    uint64_t bytes = platen_sim_received(t->device);
    if (all_is_closed(t)) {
        watch(t, calls);
        KEPT(t, calls_back(t) == calls, "a call back after Shutdown");
        KEPT(t, platen_sim_received(t->device) == bytes, "device I/O after Shutdown");
        all_is_closed(t);
    }
}

static HANDLE left_over;

static void end_left_over(void)
{
    if (left_over != NULL) {
        trial_real()->pfnShutdown(left_over);
    }
    left_over = NULL;
}

/* Nobody tells the ports. */
static VOID WINAPI does_nothing(HANDLE h)
{
    left_over = h;
}

static void wrap_does_nothing(MONITOR2 *table)
{
    left_over = NULL;
    table->pfnShutdown = does_nothing;
    trial_afterwards(end_left_over);
}

static VOID WINAPI leaves_a_key(HANDLE h)
{
    struct trial *t = trial_now_running();
    HANDLE key;
    trial_real()->pfnShutdown(h);
    t->init.pMonitorReg->fpCreateKey(t->init.hckRegistryRoot, TEXT("Ports"), 0, KEY_READ, NULL,
                                     &key, NULL, t->init.hSpooler);
}

static VOID WINAPI leaves_a_printer(HANDLE h)
{
    HANDLE printer;
    platen_served_imports.OpenPrinterW(PROBE_W("printer"), &printer, NULL);
    trial_real()->pfnShutdown(h);
}

WRAP(wrap_leaves_key, pfnShutdown, leaves_a_key)
WRAP(wrap_leaves_printer, pfnShutdown, leaves_a_printer)

static platen_os_thread *late_thread;
static MONITORINIT late_init;

/* A status thread that nobody joins: it is in the middle of its interval when all ends. */
static void look_late(void *argument)
{
    static const uint32_t word;
    uint64_t until = platen_os_now() + GLANCE;
    HANDLE key;
    (void)argument;
    while (platen_os_now() < until) {
        platen_os_wait(&word, 0, until);
    }
    late_init.pMonitorReg->fpOpenKey(late_init.hckRegistryRoot, TEXT("NoSuchKey"), KEY_READ, &key,
                                     late_init.hSpooler);
}

static VOID WINAPI leaves_a_thread(HANDLE h)
{
    late_init = trial_now_running()->init;
    if (late_thread == NULL) {
        platen_os_thread_start(&late_thread, "late", 0, look_late, NULL);
    }
    trial_real()->pfnShutdown(h);
}

static void join_late(void)
{
    if (late_thread != NULL) {
        platen_os_thread_join(late_thread);
    }
    late_thread = NULL;
}

static void wrap_leaves_thread(MONITOR2 *table)
{
    table->pfnShutdown = leaves_a_thread;
    trial_afterwards(join_late);
}

/* ---- while a call does not come back
 * ----------------------------------------------------------------- */

static HANDLE stuck_port;
static DWORD stuck_bytes; /* that it says it has written */

static void write_and_stick(struct trial *t)
{
    static BYTE data[] = "stuck";
    t->m.pfnWritePort(stuck_port, data, sizeof data, &stuck_bytes);
}

static void shut_down(struct trial *t)
{
    t->m.pfnShutdown(t->monitor);
}

/* A spooler does not do that (R119); a monitor must not hang over it, nor leave the call behind. */
static void end_beside_stuck(struct trial *t)
{
    t->options.write_timeout = 60000;
    if (!trial_restart(t)) {
        return;
    }
    platen_sim_script(t->device, "take 2; stall", NULL);
    stuck_port = trial_open(t, TEXT("SIM:trial"));
    bool done = false;
    if (trial_start(t, stuck_port, 1)) {
        probe_aside(t, write_and_stick, 0);
        uint64_t until = platen_os_now() + 20 * WATCH;
        while (platen_sim_received(t->device) < 2 && platen_os_now() < until) {
            platen_os_thread_yield();
        }
        done = probe_aside(t, shut_down, 5000);
    }
    platen_sim_script(t->device, "", NULL);
    probe_join();
    t->monitor = NULL;
    KEPT(t, done, "Shutdown is not back in 5 seconds");
    KEPT(t, stuck_bytes == 2, "a write that was cut off after 2 bytes tells of %u",
         (unsigned)stuck_bytes);
    all_is_closed(t);
}

/* Its threads, and so the calls under way, are waited for as long as it takes. */
static VOID WINAPI waits_for_the_device(HANDLE h)
{
    struct trial *t = trial_now_running();
    while (t->test->real_clock && stuck_port != NULL && platen_sim_received(t->device) == 2) {
        platen_os_thread_yield();
    }
    trial_real()->pfnShutdown(h);
}

static void wrap_waits(MONITOR2 *table)
{
    stuck_port = NULL;
    table->pfnShutdown = waits_for_the_device;
}

static BOOL WINAPI write_is_whole(HANDLE port, LPBYTE data, DWORD size, LPDWORD written)
{
    BOOL ok = trial_real()->pfnWritePort(port, data, size, written);
    *written = size;
    return ok;
}

WRAP(wrap_write_is_whole, pfnWritePort, write_is_whole)

/* ---- the module
 * -------------------------------------------------------------------------------------- */

typedef LPMONITOR2(WINAPI *entry_point)(PMONITORINIT init, PHANDLE monitor);

static bool use_module(struct trial *t, entry_point entry)
{
    HANDLE monitor = NULL;
    HANDLE port = NULL;
    DWORD written;
    LPMONITOR2 m = entry(&t->init, &monitor);
    DOC_INFO_1W doc = {.pDocName = PROBE_W("module")};
    if (!KEPT(t, m != NULL, "init failed")) {
        return false;
    }
    BOOL ok = m->pfnOpenPort(monitor, PROBE_W("NUL:"), &port) &&
              m->pfnStartDocPort(port, NULL, 1, 1, (LPBYTE)&doc) &&
              m->pfnWritePort(port, (LPBYTE)&doc, sizeof doc, &written);
    m->pfnShutdown(monitor);
    return KEPT(t, ok, "a job failed") && all_is_closed(t);
}

static void unloaded(struct trial *t)
{
    for (unsigned i = 0; i < 20 && t->breach[0] == '\0'; i++) {
        platen_os_module *module;
        char *complaint = NULL;
        uint32_t error = platen_os_module_load(t->module, &module, &complaint);
        free(complaint);
        if (!KEPT(t, error == 0, "cannot be loaded: %u", (unsigned)error)) {
            return;
        }
        entry_point entry =
            (entry_point)platen_os_module_function(module, "InitializePrintMonitor2");
        if (KEPT(t, entry != NULL, "no entry point")) {
            use_module(t, entry);
        }
        platen_os_module_unload(module);
        trial_pass(t, GLANCE / 10);
    }
}

static void is_leaky(MONITOR2 *table)
{
    (void)table;
    trial_now_running()->module = TRIAL_LEAKY;
}

static void makes_nothing(MONITOR2 *table)
{
    (void)table;
    trial_now_running()->module = TRIAL_DIALOG;
}

const struct trial_case trial_shutdown_cases[] = {
    {.rule = "R77",
     .about = "Shutdown with all that can be open",
     .probe = all_ends,
     .real_clock = true,
     .breaks = {{.how = "does nothing", .wrap = wrap_does_nothing},
                {.how = "leaves a key open", .wrap = wrap_leaves_key},
                {.how = "leaves a printer open", .wrap = wrap_leaves_printer},
                {.how = "a thread calls back later", .wrap = wrap_leaves_thread}}},
    {.rule = "R77",
     .about = "Shutdown while a write is stuck",
     .probe = end_beside_stuck,
     .real_clock = true,
     .breaks = {{.how = "waits until the device goes on", .wrap = wrap_waits},
                {.how = "the write that was cut off is whole", .wrap = wrap_write_is_whole}}},
    {.rule = "R77",
     .about = "the module, again and again",
     .probe = unloaded,
     .real_clock = true,
     .breaks = {{.how = "Shutdown forgets a key", .wrap = is_leaky},
                {.how = "makes no instance", .wrap = makes_nothing}}},
    {.rule = NULL},
};
