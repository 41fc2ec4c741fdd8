/* SPDX-License-Identifier: MIT
 *
 * EnumPorts: what a failure returns, and that the list is a set (R20, R21).
 */
#include <string.h>

#include "break.h"
#include "os/lasterror.h"
#include "os/text.h"

static BOOL refuse(DWORD code)
{
    platen_os_set_last_error(code);
    return FALSE;
}

/* ---- R20 ---------------------------------------------------------------------------------------
 */

static bool fails_with_none(struct trial *t, const char *how, HANDLE monitor, DWORD level,
                            DWORD size, bool null)
{
    DWORD needed = UNSET;
    DWORD returned = UNSET;
    unsigned char *buffer = probe_canary(16384);
    BOOL ok =
        t->m.pfnEnumPorts(monitor, NULL, level, null ? NULL : buffer, size, &needed, &returned);
    return KEPT(t, !ok, "%s: TRUE", how) &&
           KEPT(t, returned == 0, "%s: %u ports returned", how, (unsigned)returned);
}

static void failures(struct trial *t)
{
    DWORD needed[3] = {0, probe_needed(t, 1), probe_needed(t, 2)};
    DWORD returned = UNSET;
    for (DWORD level = 1; level <= 2; level++) {
        bool kept =
            fails_with_none(t, "size query", t->monitor, level, 0, true) &&
            fails_with_none(t, "no bytes", t->monitor, level, 0, false) &&
            fails_with_none(t, "a byte short", t->monitor, level, needed[level] - 1, false) &&
            fails_with_none(t, "NULL with a size", t->monitor, level, 16384, true) &&
            fails_with_none(t, "no instance", NULL, level, 16384, false) &&
            fails_with_none(t, "unknown level", t->monitor, level + 2, 16384, false);
        if (!kept) {
            return;
        }
    }
    BOOL ok = t->m.pfnEnumPorts(t->monitor, NULL, 1, probe_canary(64), 64, NULL, &returned);
    if (KEPT(t, !ok && returned == 0, "NULL pcbNeeded: %d, %u ports", (int)ok,
             (unsigned)returned)) {
        ok = t->m.pfnEnumPorts(t->monitor, NULL, 1, probe_canary(64), 64, &returned, NULL);
        KEPT(t, !ok, "NULL pcReturned: TRUE");
    }
}

ENUM_BREAK(count_is_left_alone)
{
    DWORD before = returned == NULL ? 0 : *returned;
    BOOL ok = REAL_ENUM();
    if (!ok && returned != NULL && needed != NULL && *needed > 0) {
        *returned = before;
    }
    return ok;
}

ENUM_BREAK(count_of_what_would_be)
{
    BOOL ok = REAL_ENUM();
    if (!ok && returned != NULL && needed != NULL) {
        *returned = *needed / sizeof(PORT_INFO_2W);
    }
    return ok;
}

ENUM_BREAK(count_left_at_a_bad_level)
{
    return level < 3 ? REAL_ENUM() : refuse(PLATEN_INVALID_LEVEL);
}

WRAP(wrap_count_left, pfnEnumPorts, count_is_left_alone)
WRAP(wrap_count_would_be, pfnEnumPorts, count_of_what_would_be)
WRAP(wrap_count_bad_level, pfnEnumPorts, count_left_at_a_bad_level)

/* ---- R21 ---------------------------------------------------------------------------------------
 */

static bool is_a_set(struct trial *t)
{
    static _Alignas(16) unsigned char buffer[16384];
    const PORT_INFO_1W *ports = (const PORT_INFO_1W *)(const void *)buffer;
    struct probe_list list = probe_enum(t, NULL, 1, buffer, sizeof buffer);
    for (DWORD i = 0; i < list.returned && list.ok; i++) {
        for (DWORD j = 0; j < i; j++) {
            if (platen_text_equal_folded((const char16_t *)ports[i].pName,
                                         (const char16_t *)ports[j].pName)) {
                return trial_breach(t, "entries %u and %u have one name", (unsigned)j, (unsigned)i);
            }
        }
    }
    return KEPT(t, list.ok, "EnumPorts failed with %u", (unsigned)list.error);
}

static bool same_list(struct trial *t, const char *names, const char *when)
{
    return is_a_set(t) && KEPT(t, strcmp(names, probe_names(t)) == 0, "another list %s", when);
}

static void the_list(struct trial *t)
{
    HANDLE ports[3] = {NULL, NULL, NULL};
    static char names[65536];
    strcpy(names, probe_names(t));
    trial_xcv(t, TEXT("AddPort"), TEXT("sim:TRIAL"), SERVER_ACCESS_ADMINISTER);
    bool kept = same_list(t, names, "after a second name for a port was tried");
    ports[0] = trial_open(t, TEXT("SIM:trial"));
    ports[1] = trial_open(t, TEXT("FILE:"));
    ports[2] = trial_open(t, TEXT("FILE:"));
    kept = kept && same_list(t, names, "while ports are open") && trial_start(t, ports[0], 3) &&
           same_list(t, names, "in a job") && t->m.pfnEndDocPort(ports[0]) &&
           same_list(t, names, "after a job");
    for (unsigned i = 0; i < 3; i++) {
        t->m.pfnClosePort(ports[i]);
    }
    kept = kept && same_list(t, names, "after closing") && trial_restart(t) &&
           same_list(t, names, "after a restart");
    (void)kept;
}

ENUM_BREAK(one_port_twice)
{
    BOOL ok = REAL_ENUM();
    if (ok && level == 1 && *returned > 1) {
        memcpy(ports + sizeof(PORT_INFO_1W), ports, sizeof(PORT_INFO_1W));
    }
    return ok;
}

OPEN_BREAK(file_ports_are_listed)
{
    if (platen_text_equal_folded((const char16_t *)port, u"FILE:")) {
        platen_monitor_add_port(h, "FILE:#2", "null:");
    }
    return REAL_OPEN();
}

static BOOL WINAPI jobs_are_listed(HANDLE port, LPWSTR printer, DWORD job, DWORD level, LPBYTE doc)
{
    platen_monitor_add_port(trial_now_running()->monitor, "JOB1:", "null:");
    return trial_real()->pfnStartDocPort(port, printer, job, level, doc);
}

static unsigned open_ports;

OPEN_BREAK(opens_and_hides)
{
    BOOL ok = REAL_OPEN();
    open_ports += ok != FALSE;
    return ok;
}

CLOSE_BREAK(closes_and_shows)
{
    open_ports--;
    return REAL_CLOSE();
}

ENUM_BREAK(hides_open_ports)
{
    BOOL ok = REAL_ENUM();
    *returned -= ok && open_ports > 0 ? 1 : 0;
    return ok;
}

static void wrap_hides_open(MONITOR2 *table)
{
    open_ports = 0;
    table->pfnOpenPort = opens_and_hides;
    table->pfnClosePort = closes_and_shows;
    table->pfnEnumPorts = hides_open_ports;
}

WRAP(wrap_one_twice, pfnEnumPorts, one_port_twice)
WRAP(wrap_file_listed, pfnOpenPort, file_ports_are_listed)
WRAP(wrap_jobs_listed, pfnStartDocPort, jobs_are_listed)

const struct trial_case trial_list_cases[] = {
    {.rule = "R20",
     .about = "a failure returns no ports",
     .probe = failures,
     .breaks = {{.how = "leaves the count alone at 122", .wrap = wrap_count_left},
                {.how = "counts what would have been returned", .wrap = wrap_count_would_be},
                {.how = "leaves the count alone at 124", .wrap = wrap_count_bad_level}}},
    {.rule = "R21",
     .about = "the list is a set, and printing does not change it",
     .probe = the_list,
     .breaks = {{.how = "lists a port twice", .wrap = wrap_one_twice},
                {.how = "lists private instances of FILE:", .wrap = wrap_file_listed},
                {.how = "lists a port for each job", .wrap = wrap_jobs_listed},
                {.how = "hides a port while one is open", .wrap = wrap_hides_open}}},
    {.rule = NULL},
};
