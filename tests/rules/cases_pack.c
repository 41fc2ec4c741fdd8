/* SPDX-License-Identifier: MIT
 *
 * EnumPorts: what lies where in the buffer (R12, R14 to R16).
 */
#include <string.h>

#include "break.h"
#include "os/lasterror.h"
#include "os/text.h"

#define MAX_TEXTS 3

/* ---- R12 ---------------------------------------------------------------------------------------
 */

static void canaries(struct trial *t)
{
    for (DWORD level = 1; level <= 2; level++) {
        DWORD needed = probe_needed(t, level);
        for (DWORD size = 0; needed > 0 && size <= needed + 64; size++) {
            struct probe_list list = probe_enum(t, NULL, level, probe_canary(size), size);
            bool kept = KEPT(t, probe_intact(), "level %u, %u of %u bytes: wrote beyond them",
                             (unsigned)level, (unsigned)size, (unsigned)needed) &&
                        KEPT(t, list.ok || probe_untouched(),
                             "level %u, %u of %u bytes: wrote though they do not suffice",
                             (unsigned)level, (unsigned)size, (unsigned)needed);
            if (!kept) {
                return;
            }
        }
    }
}

/* Comes when nothing was found with canaries: the byte beyond is a fault. */
static void guards(struct trial *t)
{
    for (DWORD level = 1; level <= 2; level++) {
        DWORD needed = probe_needed(t, level);
        for (DWORD more = 0; needed > 0 && more <= 8; more++) {
            struct probe_list list =
                probe_enum(t, NULL, level, trial_guarded(t, needed + more), needed + more);
            if (!KEPT(t, list.ok, "failed with %u", (unsigned)list.error)) {
                return;
            }
        }
    }
}

static void bounds(struct trial *t)
{
    canaries(t);
    if (t->breach[0] == '\0') {
        guards(t);
    }
}

ENUM_BREAK(one_byte_beyond)
{
    BOOL ok = REAL_ENUM();
    if (ok && size > 0) {
        ports[size] = 0;
    }
    return ok;
}

ENUM_BREAK(believes_in_two_bytes_more)
{
    size += size > 0 && size < 16384 ? 2 : 0;
    return REAL_ENUM();
}

/* Fills in structures for as long as there is room, and finds out later that it does not suffice.
 */
ENUM_BREAK(begins_before_it_knows)
{
    BOOL ok = REAL_ENUM();
    if (!ok && level <= 2 && size >= sizeof(PORT_INFO_1W)) {
        memset(ports, 0, sizeof(PORT_INFO_1W));
    }
    return ok;
}

ENUM_BREAK(clears_the_buffer)
{
    if (ports != NULL) {
        memset(ports, 0, size);
    }
    return REAL_ENUM();
}

WRAP(wrap_one_beyond, pfnEnumPorts, one_byte_beyond)
WRAP(wrap_two_more, pfnEnumPorts, believes_in_two_bytes_more)
WRAP(wrap_begins_early, pfnEnumPorts, begins_before_it_knows)
WRAP(wrap_clears, pfnEnumPorts, clears_the_buffer)

/* ---- an answer, taken apart
 * ---------------------------------------------------------------------- */

/* What a structure of either level points at; how many strings it has. */
static unsigned texts_of(DWORD level, const unsigned char *ports, DWORD index, LPWSTR text[])
{
    if (level == 1) {
        memcpy(&text[0], ports + index * sizeof(PORT_INFO_1W), sizeof text[0]);
        return 1;
    }
    PORT_INFO_2W info;
    memcpy(&info, ports + index * sizeof info, sizeof info);
    text[0] = info.pPortName;
    text[1] = info.pMonitorName;
    text[2] = info.pDescription;
    return 3;
}

/* A string that lies between two addresses: where it ends; NULL with a breach if it does not. */
static const unsigned char *end_of(struct trial *t, const WCHAR *text, const unsigned char *from,
                                   const unsigned char *to)
{
    const unsigned char *at = (const unsigned char *)text;
    if (!KEPT(t, at >= from && at < to, "a string outside the buffer, or in the array") ||
        !KEPT(t, ((uintptr_t)at & 1) == 0, "a string at an odd address")) {
        return NULL;
    }
    size_t room = (size_t)(to - at) / sizeof *text;
    size_t length = platen_text_length16((const char16_t *)text, room);
    KEPT(t, length < room, "a string without an end");
    return length < room ? at + (length + 1) * sizeof *text : NULL;
}

/* The highest end of a string; NULL with a breach. */
static const unsigned char *highest_end(struct trial *t, DWORD level, DWORD size)
{
    const unsigned char *buffer = probe_canary(size);
    const unsigned char *highest = buffer;
    struct probe_list list = probe_enum(t, NULL, level, probe_canary(size), size);
    if (!KEPT(t, list.ok && list.returned > 0, "level %u: no ports", (unsigned)level)) {
        return NULL;
    }
    size_t width = level == 1 ? sizeof(PORT_INFO_1W) : sizeof(PORT_INFO_2W);
    for (DWORD i = 0; i < list.returned; i++) {
        LPWSTR text[MAX_TEXTS];
        unsigned count = texts_of(level, buffer, i, text);
        if (!KEPT(t, text[0] != NULL && count > 0, "a port without a name")) {
            return NULL;
        }
        for (unsigned k = 0; k < count && text[k] != NULL; k++) {
            const unsigned char *end =
                end_of(t, text[k], buffer + width * list.returned, buffer + size);
            if (end == NULL || !KEPT(t, k > 0 || *text[k] != 0, "a port with an empty name")) {
                return NULL;
            }
            highest = end > highest ? end : highest;
        }
    }
    return highest;
}

/* ---- R14 ---------------------------------------------------------------------------------------
 */

static void inside(struct trial *t)
{
    static const DWORD more[] = {0, 1, 2, 63, 64, 4096};
    for (DWORD level = 1; level <= 2; level++) {
        DWORD needed = probe_needed(t, level);
        for (unsigned i = 0; needed > 0 && i < sizeof more / sizeof *more; i++) {
            if (highest_end(t, level, needed + more[i]) == NULL) {
                return;
            }
        }
    }
}

/* Puts another name into the first structure of level 1. */
static BOOL rename_first(BOOL ok, DWORD level, LPBYTE ports, const void *name)
{
    if (ok && level == 1) {
        memcpy(ports, &name, sizeof name);
    }
    return ok;
}

static WCHAR *first_name(LPBYTE ports)
{
    WCHAR *name;
    memcpy(&name, ports, sizeof name);
    return name;
}

ENUM_BREAK(names_of_its_own)
{
    return rename_first(REAL_ENUM(), level, ports, TEXT("NUL:"));
}

ENUM_BREAK(name_in_the_array)
{
    return rename_first(REAL_ENUM(), level, ports, ports);
}

ENUM_BREAK(odd_name)
{
    BOOL ok = REAL_ENUM();
    unsigned char *odd = ok ? (unsigned char *)first_name(ports) + 1 : NULL;
    return rename_first(ok, level, ports, odd);
}

ENUM_BREAK(name_without_end)
{
    BOOL ok = REAL_ENUM();
    if (ok && *returned > 0) {
        memset(ports + size - 2 - (size & 1), 'A', 2 + (size & 1));
    }
    return ok;
}

ENUM_BREAK(no_name)
{
    return rename_first(REAL_ENUM(), level, ports, NULL);
}

ENUM_BREAK(empty_name)
{
    BOOL ok = REAL_ENUM();
    if (ok && level == 1) {
        first_name(ports)[0] = 0;
    }
    return ok;
}

WRAP(wrap_own_names, pfnEnumPorts, names_of_its_own)
WRAP(wrap_in_array, pfnEnumPorts, name_in_the_array)
WRAP(wrap_odd_name, pfnEnumPorts, odd_name)
WRAP(wrap_without_end, pfnEnumPorts, name_without_end)
WRAP(wrap_no_name, pfnEnumPorts, no_name)
WRAP(wrap_empty_name, pfnEnumPorts, empty_name)

/* ---- R15 ---------------------------------------------------------------------------------------
 */

static void packed(struct trial *t)
{
    static const DWORD more[] = {0, 1, 2, 3, 64, 4096, 4097};
    for (DWORD level = 1; level <= 2; level++) {
        DWORD needed = probe_needed(t, level);
        for (unsigned i = 0; needed > 0 && i < sizeof more / sizeof *more; i++) {
            DWORD size = needed + more[i];
            const unsigned char *end = highest_end(t, level, size);
            const unsigned char *wanted = probe_canary(size) + (size & ~1u);
            if (end == NULL ||
                !KEPT(t, end == wanted,
                      "level %u, %u above %u bytes: strings end %d bytes too early",
                      (unsigned)level, (unsigned)more[i], (unsigned)needed, (int)(wanted - end))) {
                return;
            }
        }
    }
}

/* ReactOS: right only when the buffer has exactly the size that is needed. */
ENUM_BREAK(packed_at_what_is_needed)
{
    BOOL ok = REAL_ENUM();
    if (ok && size > *needed) {
        size = *needed;
        ok = REAL_ENUM();
    }
    return ok;
}

ENUM_BREAK(packed_with_a_gap)
{
    BOOL ok = REAL_ENUM();
    if (ok && size >= *needed + 16) {
        size -= 16;
        ok = REAL_ENUM();
    }
    return ok;
}

/* Rounds the end down to a multiple of four. */
ENUM_BREAK(packed_at_a_multiple_of_four)
{
    BOOL ok = REAL_ENUM();
    if (ok && (size & ~3u) >= *needed) {
        size &= ~3u;
        ok = REAL_ENUM();
    }
    return ok;
}

WRAP(wrap_at_needed, pfnEnumPorts, packed_at_what_is_needed)
WRAP(wrap_with_gap, pfnEnumPorts, packed_with_a_gap)
WRAP(wrap_at_four, pfnEnumPorts, packed_at_a_multiple_of_four)

/* ---- R16 ---------------------------------------------------------------------------------------
 */

static bool same_port(struct trial *t, DWORD index, const PORT_INFO_1W *one,
                      const PORT_INFO_2W *two)
{
    bool whole = two->pPortName != NULL && two->pMonitorName != NULL && two->pDescription != NULL;
    return KEPT(t, whole, "port %u: a NULL string", (unsigned)index) &&
           KEPT(t, two->Reserved == 0, "port %u: Reserved is %u", (unsigned)index,
                (unsigned)two->Reserved) &&
           KEPT(t, probe_equal(one->pName, two->pPortName), "port %u: another name than at level 1",
                (unsigned)index) &&
           KEPT(t, *two->pMonitorName != 0 && *two->pDescription != 0,
                "port %u: an empty name of the monitor, or description", (unsigned)index) &&
           KEPT(t, (two->fPortType & ~15u) == 0, "port %u: type %x", (unsigned)index,
                (unsigned)two->fPortType);
}

static void levels_agree(struct trial *t)
{
    static _Alignas(16) unsigned char one[8192];
    static _Alignas(16) unsigned char two[8192];
    struct probe_list list1 = probe_enum(t, NULL, 1, one, sizeof one);
    struct probe_list list2 = probe_enum(t, NULL, 2, two, sizeof two);
    bool kept = KEPT(t, list1.ok && list2.ok && list1.returned == list2.returned,
                     "%u ports at level 1, %u at level 2", (unsigned)list1.returned,
                     (unsigned)list2.returned);
    for (DWORD i = 0; kept && i < list1.returned; i++) {
        kept = same_port(t, i, (const PORT_INFO_1W *)(const void *)one + i,
                         (const PORT_INFO_2W *)(const void *)two + i);
    }
}

/* Changes the first structure of level 2. */
static BOOL spoil(BOOL ok, DWORD level, LPBYTE ports, void (*change)(PORT_INFO_2W *info))
{
    if (ok && level == 2) {
        change((PORT_INFO_2W *)(void *)ports);
    }
    return ok;
}

static void reserve(PORT_INFO_2W *info)
{
    info->Reserved = 0xa5a5a5a5;
}

static void undescribe(PORT_INFO_2W *info)
{
    info->pDescription = NULL;
}

static void describe_as_name(PORT_INFO_2W *info)
{
    info->pPortName = info->pDescription;
}

static void swap(PORT_INFO_2W *info)
{
    PORT_INFO_2W first = info[0];
    info[0] = info[1];
    info[1] = first;
}

ENUM_BREAK(reserved_is_garbage)
{
    return spoil(REAL_ENUM(), level, ports, reserve);
}

ENUM_BREAK(no_description)
{
    return spoil(REAL_ENUM(), level, ports, undescribe);
}

ENUM_BREAK(name_is_description)
{
    return spoil(REAL_ENUM(), level, ports, describe_as_name);
}

ENUM_BREAK(another_order)
{
    return spoil(REAL_ENUM(), level, ports, swap);
}

ENUM_BREAK(fewer_ports)
{
    BOOL ok = REAL_ENUM();
    *returned -= ok && level == 2;
    return ok;
}

WRAP(wrap_reserved, pfnEnumPorts, reserved_is_garbage)
WRAP(wrap_no_description, pfnEnumPorts, no_description)
WRAP(wrap_name_is_description, pfnEnumPorts, name_is_description)
WRAP(wrap_another_order, pfnEnumPorts, another_order)
WRAP(wrap_fewer_ports, pfnEnumPorts, fewer_ports)

const struct trial_case trial_pack_cases[] = {
    {.rule = "R12",
     .about = "nothing beyond the buffer, nothing in one that is too small",
     .probe = bounds,
     .breaks = {{.how = "a NUL behind the buffer", .wrap = wrap_one_beyond},
                {.how = "takes the buffer for 2 bytes bigger", .wrap = wrap_two_more},
                {.how = "fills in before it knows the size", .wrap = wrap_begins_early},
                {.how = "clears the buffer first", .wrap = wrap_clears}}},
    {.rule = "R14",
     .about = "strings inside the buffer",
     .probe = inside,
     .breaks = {{.how = "points at its own memory", .wrap = wrap_own_names},
                {.how = "a string in the array", .wrap = wrap_in_array},
                {.how = "a string at an odd address", .wrap = wrap_odd_name},
                {.how = "the last NUL is missing", .wrap = wrap_without_end},
                {.how = "NULL for a name", .wrap = wrap_no_name},
                {.how = "an empty name", .wrap = wrap_empty_name}}},
    {.rule = "R15",
     .about = "strings at the end of the caller's buffer",
     .probe = packed,
     .breaks = {{.how = "packs to the end of what is needed", .wrap = wrap_at_needed},
                {.how = "leaves a gap of 16 bytes", .wrap = wrap_with_gap},
                {.how = "rounds the end to 4", .wrap = wrap_at_four}}},
    {.rule = "R16",
     .about = "level 2 against level 1",
     .probe = levels_agree,
     .breaks = {{.how = "Reserved is not written", .wrap = wrap_reserved},
                {.how = "NULL for a description", .wrap = wrap_no_description},
                {.how = "the description for the name", .wrap = wrap_name_is_description},
                {.how = "another order", .wrap = wrap_another_order},
                {.how = "a port less", .wrap = wrap_fewer_ports}}},
    {.rule = NULL},
};
