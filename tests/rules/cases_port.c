/* SPDX-License-Identifier: MIT
 *
 * Port handles: how many, how often, how long (R26 to R29).
 */
#include <string.h>

#include "break.h"
#include "call/served.h"
#include "os/lasterror.h"
#include "os/text.h"

#define LAST ((unsigned)platen_os_get_last_error())

static BOOL refuse(DWORD code)
{
    platen_os_set_last_error(code);
    return FALSE;
}

static bool is_trial(const WCHAR *port)
{
    return platen_text_equal_folded((const char16_t *)port, u"SIM:trial");
}

/* ---- R26 ---------------------------------------------------------------------------------------
 */

static bool has(struct trial *t, platen_sim *device, const char *text)
{
    char copy[64] = "";
    size_t size = platen_sim_copy(device, 0, copy, sizeof copy - 1);
    return KEPT(t, size == strlen(text) && strcmp(copy, text) == 0, "a device got '%s', not '%s'",
                copy, text);
}

static bool both_at_once(struct trial *t, HANDLE one, HANDLE two, platen_sim *other)
{
    platen_sim_forget(t->device);
    platen_sim_forget(other);
    return KEPT(t, one != two, "two ports have one handle") && trial_start(t, one, 1) &&
           trial_start(t, two, 2) && trial_write(t, one, "ab", 2, 2) &&
           trial_write(t, two, "12", 2, 2) && trial_write(t, one, "cd", 2, 2) &&
           KEPT(t, t->m.pfnEndDocPort(two), "EndDocPort failed with %u", LAST) &&
           trial_write(t, one, "ef", 2, 2) &&
           KEPT(t, t->m.pfnEndDocPort(one), "EndDocPort failed with %u", LAST) &&
           has(t, t->device, "abcdef") && has(t, other, "12");
}

/* The second opening must not hurt the first, in a job of it or after. */
static void open_twice(struct trial *t, HANDLE first)
{
    HANDLE second = NULL;
    platen_sim_forget(t->device);
    trial_start(t, first, 3);
    BOOL ok = t->m.pfnOpenPort(t->monitor, PROBE_W("SIM:trial"), &second);
    KEPT(t, ok || LAST == PLATEN_BUSY, "a second opening is refused with %u", LAST);
    trial_write(t, first, "whole", 5, 5);
    KEPT(t, t->m.pfnEndDocPort(first), "EndDocPort failed with %u", LAST);
    has(t, t->device, "whole");
    if (ok && second != first) {
        KEPT(t, t->m.pfnClosePort(second), "the second handle cannot be closed: %u", LAST);
    }
    probe_job(t, first, 4);
}

static void different(struct trial *t)
{
    platen_sim *other = platen_sim_create("other");
    uint32_t error = platen_monitor_add_port(t->monitor, "SIM:other", "sim:other");
    KEPT(t, error == 0, "SIM:other: %u", (unsigned)error);
    HANDLE one = trial_open(t, TEXT("SIM:trial"));
    HANDLE two = trial_open(t, TEXT("SIM:other"));
    if (both_at_once(t, one, two, other)) {
        open_twice(t, one);
    }
    t->m.pfnClosePort(one);
    t->m.pfnClosePort(two);
    platen_sim_release(other);
}

static HANDLE only_handle;

OPEN_BREAK(has_one_handle)
{
    if (only_handle != NULL) {
        *handle = only_handle;
        return TRUE;
    }
    BOOL ok = REAL_OPEN();
    only_handle = *handle;
    return ok;
}

OPEN_BREAK(second_opening_ends_the_first)
{
    if (is_trial(port) && only_handle != NULL) {
        trial_real()->pfnClosePort(only_handle);
    }
    BOOL ok = REAL_OPEN();
    only_handle = is_trial(port) ? *handle : only_handle;
    return ok;
}

OPEN_BREAK(second_opening_is_denied)
{
    if (is_trial(port) && only_handle != NULL) {
        return refuse(PLATEN_ACCESS_DENIED);
    }
    BOOL ok = REAL_OPEN();
    only_handle = is_trial(port) ? *handle : only_handle;
    return ok;
}

static void wrap_one_handle(MONITOR2 *table)
{
    only_handle = NULL;
    table->pfnOpenPort = has_one_handle;
}

static void wrap_ends_first(MONITOR2 *table)
{
    only_handle = NULL;
    table->pfnOpenPort = second_opening_ends_the_first;
}

static void wrap_denied(MONITOR2 *table)
{
    only_handle = NULL;
    table->pfnOpenPort = second_opening_is_denied;
}

/* ---- R27 ---------------------------------------------------------------------------------------
 */

static bool open_and_close(struct trial *t, const WCHAR *name)
{
    HANDLE port = trial_open(t, name);
    return t->breach[0] == '\0' &&
           KEPT(t, t->m.pfnClosePort(port), "ClosePort failed with %u", LAST) &&
           KEPT(t, platen_sim_counts(t->device).open == 0, "the device is still open");
}

/* A handle that is not given back costs a place in the table: after so many there is none left. */
static void pairs(struct trial *t)
{
    size_t keys = platen_registry_view_open_keys(t->view);
    for (unsigned i = 0; i < 3000; i++) {
        if (!open_and_close(t, TEXT("SIM:trial")) || !open_and_close(t, TEXT("NUL:")) ||
            !open_and_close(t, TEXT("FILE:"))) {
            return;
        }
    }
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    if (probe_job(t, port, 1) && KEPT(t, t->m.pfnClosePort(port), "ClosePort failed")) {
        KEPT(t, t->winspool.opened == t->winspool.closed, "a printer stays open");
        KEPT(t, platen_registry_view_open_keys(t->view) == keys, "a key stays open");
    }
}

CLOSE_BREAK(close_is_false)
{
    REAL_CLOSE();
    return FALSE;
}

OPEN_BREAK(opens_once_too_often)
{
    HANDLE lost;
    trial_real()->pfnOpenPort(h, port, &lost);
    return REAL_OPEN();
}

static unsigned closings;

CLOSE_BREAK(leaks_a_key)
{
    struct trial *t = trial_now_running();
    HANDLE key;
    if (++closings % 1000 == 0) {
        t->init.pMonitorReg->fpCreateKey(t->init.hckRegistryRoot, TEXT("Ports"), 0, KEY_READ, NULL,
                                         &key, NULL, t->init.hSpooler);
    }
    return REAL_CLOSE();
}

OPEN_BREAK(has_1000_places)
{
    return ++closings > 1000 ? refuse(PLATEN_NOT_ENOUGH_MEMORY) : REAL_OPEN();
}

static void wrap_leaks_key(MONITOR2 *table)
{
    closings = 0;
    table->pfnClosePort = leaks_a_key;
}

static void wrap_1000_places(MONITOR2 *table)
{
    closings = 0;
    table->pfnOpenPort = has_1000_places;
}

WRAP(wrap_close_false, pfnClosePort, close_is_false)
WRAP(wrap_once_too_often, pfnOpenPort, opens_once_too_often)

/* ---- R28 ---------------------------------------------------------------------------------------
 */

static void many_jobs(struct trial *t)
{
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    for (DWORD job = 1; job <= 1000 && t->breach[0] == '\0'; job++) {
        probe_job(t, port, job);
    }
    struct platen_sim_tally tally = platen_sim_counts(t->device);
    KEPT(t, t->breach[0] != '\0' || (tally.started == tally.ended && tally.abandoned == 0),
         "%u jobs started, %u ended", (unsigned)tally.started, (unsigned)tally.ended);
    t->m.pfnClosePort(port);
}

static unsigned jobs;

static BOOL WINAPI starts_once(HANDLE port, LPWSTR printer, DWORD job, DWORD level, LPBYTE doc)
{
    return jobs++ > 0 ? TRUE : trial_real()->pfnStartDocPort(port, printer, job, level, doc);
}

static BOOL WINAPI starts_600(HANDLE port, LPWSTR printer, DWORD job, DWORD level, LPBYTE doc)
{
    return jobs++ >= 600 ? refuse(PLATEN_NOT_ENOUGH_MEMORY)
                         : trial_real()->pfnStartDocPort(port, printer, job, level, doc);
}

/* The first bytes of a third job are taken for the rest of the second. */
static BOOL WINAPI third_is_swallowed(HANDLE port, LPBYTE data, DWORD size, LPDWORD written)
{
    if (++jobs == 5) {
        *written = size;
        return TRUE;
    }
    return trial_real()->pfnWritePort(port, data, size, written);
}

static void wrap_starts_once(MONITOR2 *table)
{
    jobs = 0;
    table->pfnStartDocPort = starts_once;
}

static void wrap_starts_600(MONITOR2 *table)
{
    jobs = 0;
    table->pfnStartDocPort = starts_600;
}

static void wrap_swallows(MONITOR2 *table)
{
    jobs = 0;
    table->pfnWritePort = third_is_swallowed;
}

/* ---- R29 ---------------------------------------------------------------------------------------
 */

static void closed_in_mid_job(struct trial *t)
{
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    if (!trial_start(t, port, 7) || !trial_write(t, port, "begun", 5, 5) ||
        !KEPT(t, t->m.pfnClosePort(port), "ClosePort failed with %u", LAST)) {
        return;
    }
    struct platen_sim_tally tally = platen_sim_counts(t->device);
    if (!KEPT(t, tally.open == 0, "the device is still open") ||
        !KEPT(t, tally.started == tally.ended + tally.abandoned, "the job goes on") ||
        !KEPT(t, t->winspool.opened == t->winspool.closed, "the printer is still open")) {
        return;
    }
    port = trial_open(t, TEXT("SIM:trial"));
    if (probe_job(t, port, 8)) {
        KEPT(t, platen_sim_counts(t->device).started == tally.started + 1,
             "the next job did not start");
    }
    t->m.pfnClosePort(port);
}

static HANDLE kept_open;

/* As in the WDK's sample: object, device and start flag survive. */
CLOSE_BREAK(close_forgets_the_job)
{
    kept_open = port;
    return TRUE;
}

OPEN_BREAK(open_finds_the_old_one)
{
    *handle = kept_open;
    return kept_open != NULL || REAL_OPEN();
}

static void close_kept(void)
{
    if (kept_open != NULL) {
        trial_real()->pfnClosePort(kept_open);
    }
}

static void wrap_forgets_job(MONITOR2 *table)
{
    kept_open = NULL;
    table->pfnClosePort = close_forgets_the_job;
    table->pfnOpenPort = open_finds_the_old_one;
    trial_afterwards(close_kept);
}

static bool in_job;

static BOOL WINAPI notes_the_job(HANDLE port, LPWSTR printer, DWORD job, DWORD level, LPBYTE doc)
{
    in_job = true;
    return trial_real()->pfnStartDocPort(port, printer, job, level, doc);
}

static BOOL WINAPI notes_the_end(HANDLE port)
{
    in_job = false;
    return trial_real()->pfnEndDocPort(port);
}

CLOSE_BREAK(close_leaves_the_printer)
{
    HANDLE printer;
    if (in_job) {
        platen_served_imports.OpenPrinterW(PROBE_W("printer"), &printer, NULL);
    }
    return REAL_CLOSE();
}

CLOSE_BREAK(close_is_refused)
{
    return in_job ? refuse(PLATEN_BUSY) : REAL_CLOSE();
}

OPEN_BREAK(open_says_busy)
{
    return in_job ? refuse(PLATEN_BUSY) : REAL_OPEN();
}

static void note_jobs(MONITOR2 *table)
{
    in_job = false;
    table->pfnStartDocPort = notes_the_job;
    table->pfnEndDocPort = notes_the_end;
}

static void wrap_leaves_printer(MONITOR2 *table)
{
    note_jobs(table);
    table->pfnClosePort = close_leaves_the_printer;
}

static void wrap_close_refused(MONITOR2 *table)
{
    note_jobs(table);
    table->pfnClosePort = close_is_refused;
}

static void wrap_open_busy(MONITOR2 *table)
{
    note_jobs(table);
    table->pfnOpenPort = open_says_busy;
}

const struct trial_case trial_port_cases[] = {
    {.rule = "R26",
     .about = "two ports at once, one port twice",
     .probe = different,
     .breaks = {{.how = "has one handle for all", .wrap = wrap_one_handle},
                {.how = "a second opening ends the first", .wrap = wrap_ends_first},
                {.how = "a second opening is 5", .wrap = wrap_denied}}},
    {.rule = "R27",
     .about = "thousands of openings and closings",
     .probe = pairs,
     .breaks = {{.how = "ClosePort is FALSE", .wrap = wrap_close_false},
                {.how = "opens the device twice, closes it once", .wrap = wrap_once_too_often},
                {.how = "leaves a key open now and then", .wrap = wrap_leaks_key},
                {.how = "has a table of 1000 places", .wrap = wrap_1000_places}}},
    {.rule = "R28",
     .about = "1000 jobs on one handle",
     .probe = many_jobs,
     .breaks = {{.how = "starts only the first job", .wrap = wrap_starts_once},
                {.how = "refuses job 601", .wrap = wrap_starts_600},
                {.how = "swallows the beginning of a job", .wrap = wrap_swallows}}},
    {.rule = "R29",
     .about = "ClosePort in mid-job",
     .probe = closed_in_mid_job,
     .breaks = {{.how = "start flag and device survive", .wrap = wrap_forgets_job},
                {.how = "the printer stays open", .wrap = wrap_leaves_printer},
                {.how = "ClosePort is refused", .wrap = wrap_close_refused},
                {.how = "OpenPort is refused afterwards", .wrap = wrap_open_busy}}},
    {.rule = NULL},
};
