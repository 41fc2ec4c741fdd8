/* SPDX-License-Identifier: MIT
 *
 * EnumPorts: sizes, levels, counts, and what the list is (R11, R13, R17 to R21).
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

/* ---- R11 ---------------------------------------------------------------------------------------
 */

static void size_query(struct trial *t)
{
    for (DWORD level = 1; level <= 2; level++) {
        struct probe_list list = probe_enum(t, NULL, level, NULL, 0);
        bool kept = KEPT(t, !list.ok, "level %u: TRUE", (unsigned)level) &&
                    KEPT(t, list.error == PLATEN_INSUFFICIENT_BUFFER, "level %u: last-error %u",
                         (unsigned)level, (unsigned)list.error) &&
                    KEPT(t, list.needed > 0 && list.needed != UNSET, "level %u: needed %u",
                         (unsigned)level, (unsigned)list.needed);
        if (!kept) {
            return;
        }
    }
}

ENUM_BREAK(query_is_true)
{
    return REAL_ENUM() || (ports == NULL && *needed > 0);
}

ENUM_BREAK(query_is_more_data)
{
    BOOL ok = REAL_ENUM();
    return ok || refuse(PLATEN_MORE_DATA);
}

ENUM_BREAK(query_without_size)
{
    DWORD before = *needed;
    BOOL ok = REAL_ENUM();
    *needed = ports == NULL ? before : *needed;
    return ok;
}

ENUM_BREAK(query_of_nothing)
{
    BOOL ok = REAL_ENUM();
    *needed = ports == NULL && level == 2 ? 0 : *needed;
    return ok;
}

WRAP(wrap_query_is_true, pfnEnumPorts, query_is_true)
WRAP(wrap_query_is_more_data, pfnEnumPorts, query_is_more_data)
WRAP(wrap_query_without_size, pfnEnumPorts, query_without_size)
WRAP(wrap_query_of_nothing, pfnEnumPorts, query_of_nothing)

/* ---- R13 ---------------------------------------------------------------------------------------
 */

static bool too_small(struct trial *t, DWORD level, DWORD size, DWORD needed)
{
    struct probe_list list = probe_enum(t, NULL, level, probe_canary(size), size);
    return KEPT(t, !list.ok && list.error == PLATEN_INSUFFICIENT_BUFFER && list.needed == needed,
                "level %u, %u of %u bytes: %d, last-error %u, needed %u", (unsigned)level,
                (unsigned)size, (unsigned)needed, (int)list.ok, (unsigned)list.error,
                (unsigned)list.needed);
}

static bool big_enough(struct trial *t, DWORD level, DWORD size, DWORD needed, DWORD count)
{
    struct probe_list list = probe_enum(t, NULL, level, probe_canary(size), size);
    return KEPT(t, list.ok && list.needed == needed && list.returned == count,
                "level %u, %u of %u bytes: %d, last-error %u, needed %u, %u of %u ports",
                (unsigned)level, (unsigned)size, (unsigned)needed, (int)list.ok,
                (unsigned)list.error, (unsigned)list.needed, (unsigned)list.returned,
                (unsigned)count);
}

static void sizes(struct trial *t)
{
    DWORD needed;
    for (unsigned i = 0; i < 3; i++) {
        static const WCHAR *const names[] = {TEXT("SIM:a"), TEXT("SIM:bb"), TEXT("SIM:ccc")};
        DWORD code = trial_xcv(t, TEXT("AddPort"), names[i], SERVER_ACCESS_ADMINISTER);
        if (!KEPT(t, code == 0, "no port can be added: %u", (unsigned)code)) {
            return;
        }
    }
    for (DWORD level = 1; level <= 2; level++) {
        needed = probe_needed(t, level);
        for (DWORD size = 0; size < needed && needed > 0; size++) {
            if (!too_small(t, level, size, needed)) {
                return;
            }
        }
        for (DWORD more = 0; more <= 64 && needed > 0; more++) {
            if (!big_enough(t, level, needed + more, needed, 3)) {
                return;
            }
        }
    }
}

ENUM_BREAK(needs_one_less_than_it_says)
{
    BOOL ok = REAL_ENUM();
    *needed += !ok && *needed > 0;
    return ok;
}

ENUM_BREAK(names_another_size_the_second_time)
{
    BOOL ok = REAL_ENUM();
    *needed -= !ok && size > 0 ? 2 : 0;
    return ok;
}

/* The test that suffices for most lists: whether the strings fit, not their last NUL. */
ENUM_BREAK(refuses_the_exact_size)
{
    BOOL ok = REAL_ENUM();
    return ok && size == *needed ? refuse(PLATEN_INSUFFICIENT_BUFFER) : ok;
}

ENUM_BREAK(counts_one_more)
{
    BOOL ok = REAL_ENUM();
    *returned += ok != FALSE;
    return ok;
}

ENUM_BREAK(no_size_on_success)
{
    DWORD before = *needed;
    BOOL ok = REAL_ENUM();
    *needed = ok ? before : *needed;
    return ok;
}

ENUM_BREAK(size_of_the_buffer_on_success)
{
    BOOL ok = REAL_ENUM();
    *needed = ok ? size : *needed;
    return ok;
}

WRAP(wrap_needs_one_less, pfnEnumPorts, needs_one_less_than_it_says)
WRAP(wrap_another_size, pfnEnumPorts, names_another_size_the_second_time)
WRAP(wrap_refuses_exact, pfnEnumPorts, refuses_the_exact_size)
WRAP(wrap_counts_one_more, pfnEnumPorts, counts_one_more)
WRAP(wrap_no_size_on_success, pfnEnumPorts, no_size_on_success)
WRAP(wrap_size_of_buffer, pfnEnumPorts, size_of_the_buffer_on_success)

/* ---- R17 ---------------------------------------------------------------------------------------
 */

static void levels(struct trial *t)
{
    static const DWORD unknown[] = {0, 3, 4, 0xffffffff};
    for (unsigned i = 0; i < 8; i++) {
        DWORD level = unknown[i / 2];
        DWORD size = i % 2 == 0 ? 0 : 16384;
        void *buffer = size == 0 ? NULL : probe_canary(size);
        struct probe_list list = probe_enum(t, NULL, level, buffer, size);
        if (!KEPT(t, !list.ok && list.error == PLATEN_INVALID_LEVEL,
                  "level %u with %u bytes: %d, last-error %u", (unsigned)level, (unsigned)size,
                  (int)list.ok, (unsigned)list.error)) {
            return;
        }
    }
    struct probe_list list = probe_enum(t, NULL, 1, probe_canary(16384), 16384);
    KEPT(t, list.ok, "level 1 is refused with %u", (unsigned)list.error);
}

ENUM_BREAK(any_level_is_one)
{
    level = level == 2 ? 2 : 1;
    return REAL_ENUM();
}

ENUM_BREAK(level_nought_is_empty)
{
    BOOL ok = REAL_ENUM();
    return ok || level == 0;
}

ENUM_BREAK(looks_at_the_size_first)
{
    BOOL ok = REAL_ENUM();
    return !ok && size == 0 ? refuse(PLATEN_INSUFFICIENT_BUFFER) : ok;
}

ENUM_BREAK(level_is_a_parameter)
{
    return level > 2 ? refuse(PLATEN_INVALID_PARAMETER) : REAL_ENUM();
}

WRAP(wrap_any_level, pfnEnumPorts, any_level_is_one)
WRAP(wrap_level_nought, pfnEnumPorts, level_nought_is_empty)
WRAP(wrap_size_first, pfnEnumPorts, looks_at_the_size_first)
WRAP(wrap_level_parameter, pfnEnumPorts, level_is_a_parameter)

/* ---- R18 ---------------------------------------------------------------------------------------
 */

/* The arena's piece always begins at one place, so equal answers are equal bytes. */
static bool answer_of(struct trial *t, const WCHAR *server, DWORD level, DWORD size,
                      struct probe_list *list, unsigned char *copy)
{
    unsigned char *buffer = probe_canary(size);
    *list = probe_enum(t, server, level, buffer, size);
    memcpy(copy, buffer, size);
    return probe_intact();
}

static void servers(struct trial *t)
{
    static const WCHAR *const names[] = {TEXT(""), TEXT("\\\\nosuch")};
    static unsigned char first[8192];
    static unsigned char other[8192];
    struct probe_list a;
    struct probe_list b;
    for (unsigned i = 0; i < 16; i++) {
        DWORD level = i % 4 / 2 + 1;
        DWORD size = i % 2 == 0 ? 8 : sizeof first;
        const WCHAR *server = names[i / 8];
        answer_of(t, NULL, level, size, &a, first);
        answer_of(t, server, level, size, &b, other);
        bool same = a.ok == b.ok && a.error == b.error && a.needed == b.needed &&
                    a.returned == b.returned && memcmp(first, other, size) == 0;
        if (!KEPT(t, same, "server %u at level %u, %u bytes: another answer, last-error %u", i / 8,
                  (unsigned)level, (unsigned)size, (unsigned)b.error)) {
            return;
        }
    }
}

ENUM_BREAK(refuses_servers)
{
    return server != NULL && *server != 0 ? refuse(PLATEN_NOT_SUPPORTED) : REAL_ENUM();
}

ENUM_BREAK(empty_server_is_bad)
{
    return server != NULL && *server == 0 ? refuse(PLATEN_INVALID_PARAMETER) : REAL_ENUM();
}

ENUM_BREAK(server_has_no_ports)
{
    BOOL ok = REAL_ENUM();
    *returned = ok && server != NULL && *server != 0 ? 0 : *returned;
    return ok;
}

WRAP(wrap_refuses_servers, pfnEnumPorts, refuses_servers)
WRAP(wrap_empty_server, pfnEnumPorts, empty_server_is_bad)
WRAP(wrap_server_without_ports, pfnEnumPorts, server_has_no_ports)

/* ---- R19 ---------------------------------------------------------------------------------------
 */

static void no_ports(struct trial *t)
{
    for (unsigned i = 0; i < 4; i++) {
        DWORD level = i / 2 + 1;
        DWORD size = i % 2 == 0 ? 0 : 256;
        unsigned char *piece = probe_canary(256);
        struct probe_list list = probe_enum(t, NULL, level, size == 0 ? NULL : piece, size);
        bool kept = list.ok && list.needed == 0 && list.returned == 0 && probe_intact();
        if (!KEPT(t, kept, "level %u, %u bytes: %d, last-error %u, needed %u, %u ports",
                  (unsigned)level, (unsigned)size, (int)list.ok, (unsigned)list.error,
                  (unsigned)list.needed, (unsigned)list.returned)) {
            return;
        }
    }
}

ENUM_BREAK(nothing_is_too_small)
{
    return REAL_ENUM() && (ports != NULL || refuse(PLATEN_INSUFFICIENT_BUFFER));
}

ENUM_BREAK(nothing_is_no_more_items)
{
    return REAL_ENUM() && (*returned > 0 || refuse(PLATEN_NO_MORE_ITEMS));
}

ENUM_BREAK(nothing_is_not_told)
{
    DWORD before = *returned;
    BOOL ok = REAL_ENUM();
    *returned = ok && *returned == 0 ? before : *returned;
    return ok;
}

WRAP(wrap_nothing_is_small, pfnEnumPorts, nothing_is_too_small)
WRAP(wrap_nothing_is_error, pfnEnumPorts, nothing_is_no_more_items)
WRAP(wrap_nothing_untold, pfnEnumPorts, nothing_is_not_told)

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

const struct trial_case trial_enum_cases[] = {
    {.rule = "R11",
     .about = "a size query",
     .probe = size_query,
     .breaks = {{.how = "a size query is TRUE", .wrap = wrap_query_is_true},
                {.how = "it fails with 234", .wrap = wrap_query_is_more_data},
                {.how = "with no buffer the size is not set", .wrap = wrap_query_without_size},
                {.how = "the size of level 2 is 0", .wrap = wrap_query_of_nothing}}},
    {.rule = "R13",
     .about = "every size from 0 to 64 above what is needed",
     .probe = sizes,
     .no_fixed_ports = true,
     .breaks = {{.how = "asks for a byte too much", .wrap = wrap_needs_one_less},
                {.how = "names 2 bytes less the second time", .wrap = wrap_another_size},
                {.how = "refuses the exact size", .wrap = wrap_refuses_exact},
                {.how = "returns one port more", .wrap = wrap_counts_one_more},
                {.how = "leaves the size alone on success", .wrap = wrap_no_size_on_success},
                {.how = "needs whatever there is, on success", .wrap = wrap_size_of_buffer}}},
    {.rule = "R17",
     .about = "unknown levels",
     .probe = levels,
     .breaks = {{.how = "takes any other level for 1", .wrap = wrap_any_level},
                {.how = "level 0 is TRUE and empty", .wrap = wrap_level_nought},
                {.how = "122 before the level is looked at", .wrap = wrap_size_first},
                {.how = "87 instead of 124", .wrap = wrap_level_parameter}}},
    {.rule = "R18",
     .about = "server names",
     .probe = servers,
     .breaks = {{.how = "refuses another server", .wrap = wrap_refuses_servers},
                {.how = "refuses an empty server", .wrap = wrap_empty_server},
                {.how = "another server has no ports", .wrap = wrap_server_without_ports}}},
    {.rule = "R19",
     .about = "no ports",
     .probe = no_ports,
     .no_fixed_ports = true,
     .breaks = {{.how = "122 for a size query", .wrap = wrap_nothing_is_small},
                {.how = "259", .wrap = wrap_nothing_is_error},
                {.how = "leaves the count alone", .wrap = wrap_nothing_untold}}},
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
