/* SPDX-License-Identifier: MIT
 *
 * EnumPorts: sizes, levels, servers, and no ports at all (R11, R13, R17 to R19).
 */
#include <string.h>

#include "break.h"
#include "os/lasterror.h"

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
    {.rule = NULL},
};
