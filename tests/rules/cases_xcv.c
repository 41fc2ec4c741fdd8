/* SPDX-License-Identifier: MIT
 *
 * Xcv: objects, data names, sizes, access (R60 to R63).
 */
#include <string.h>

#include "break.h"
#include "os/lasterror.h"
#include "os/text.h"

#define LAST  ((unsigned)platen_os_get_last_error())
#define ADMIN SERVER_ACCESS_ADMINISTER

static bool is(const WCHAR *command, const WCHAR *name)
{
    return probe_equal(command, name);
}

static BOOL refuse(DWORD code)
{
    platen_os_set_last_error(code);
    return FALSE;
}

/* ---- R60 ---------------------------------------------------------------------------------------
 */

/* What a handle may do shows that its access was kept as it was given. */
static bool keeps_access(struct trial *t, HANDLE xcv, ACCESS_MASK access, unsigned object)
{
    unsigned char *room = probe_canary(128);
    struct probe_xcv ui = probe_data(t, xcv, TEXT("MonitorUI"), NULL, 0, room, 128);
    WCHAR name[] = TEXT("SIM:x");
    struct probe_xcv add = probe_data(t, xcv, TEXT("AddPort"), name, sizeof name, NULL, 0);
    struct probe_xcv gone = probe_data(t, xcv, TEXT("DeletePort"), name, sizeof name, NULL, 0);
    DWORD wanted = (access & ADMIN) != 0 ? 0 : PLATEN_ACCESS_DENIED;
    return KEPT(t, ui.code == 0, "object %u, access %x: MonitorUI is %u", object, (unsigned)access,
                (unsigned)ui.code) &&
           KEPT(t, add.code == wanted && gone.code == wanted,
                "object %u, access %x: AddPort is %u, DeletePort %u", object, (unsigned)access,
                (unsigned)add.code, (unsigned)gone.code);
}

static bool opens_object(struct trial *t, const WCHAR *object, ACCESS_MASK access, unsigned number)
{
    WCHAR copy[64] = {0};
    HANDLE xcv = (HANDLE)(uintptr_t)UNSET;
    if (object != NULL) {
        memcpy(copy, object, probe_bytes(object));
    }
    BOOL ok = t->m.pfnXcvOpenPort(t->monitor, object == NULL ? NULL : copy, access, &xcv);
    unsigned error = LAST;
    memset(copy, 0xdd, sizeof copy);
    return KEPT(t, ok, "object %u, access %x: refused with %u", number, (unsigned)access, error) &&
           KEPT(t, xcv != (HANDLE)(uintptr_t)UNSET, "object %u: no handle", number) &&
           keeps_access(t, xcv, access, number) &&
           KEPT(t, t->m.pfnXcvClosePort(xcv), "object %u: cannot be closed", number);
}

static void open_each_way(struct trial *t)
{
    static const WCHAR *const objects[] = {
        TEXT("Platen"), TEXT("SIM:trial"), TEXT("nul:"), TEXT(""), TEXT("NoSuchObject"), NULL,
    };
    static const ACCESS_MASK masks[] = {0, 1, 2, 0x20002, 0x20003, 0xf0003, 0xffffffff};
    for (unsigned object = 0; object < 6; object++) {
        for (unsigned mask = 0; mask < 7; mask++) {
            if (!opens_object(t, objects[object], masks[mask], object)) {
                return;
            }
        }
    }
}

XCV_OPEN_BREAK(judges_access)
{
    return access == 0 ? refuse(PLATEN_ACCESS_DENIED) : REAL_XCV_OPEN();
}

XCV_OPEN_BREAK(refuses_the_empty_name)
{
    return object != NULL && *object == 0 ? refuse(PLATEN_INVALID_PARAMETER) : REAL_XCV_OPEN();
}

XCV_OPEN_BREAK(refuses_ports)
{
    return object != NULL && is(object, TEXT("SIM:trial")) ? refuse(PLATEN_INVALID_PARAMETER)
                                                           : REAL_XCV_OPEN();
}

XCV_OPEN_BREAK(raises_access)
{
    access |= access != 0 ? ADMIN : 0;
    return REAL_XCV_OPEN();
}

static const WCHAR *remembered;

XCV_OPEN_BREAK(remembers_the_name)
{
    remembered = object;
    return REAL_XCV_OPEN();
}

XCV_BREAK(looks_at_the_name)
{
    return remembered != NULL && *remembered == 0xdddd ? PLATEN_INVALID_PARAMETER : REAL_XCV();
}

WRAP(wrap_judges, pfnXcvOpenPort, judges_access)
WRAP(wrap_refuses_empty, pfnXcvOpenPort, refuses_the_empty_name)
WRAP(wrap_refuses_ports, pfnXcvOpenPort, refuses_ports)
WRAP(wrap_raises, pfnXcvOpenPort, raises_access)

static void wrap_remembers(MONITOR2 *table)
{
    remembered = NULL;
    table->pfnXcvOpenPort = remembers_the_name;
    table->pfnXcvDataPort = looks_at_the_name;
}

/* ---- R61 ---------------------------------------------------------------------------------------
 */

static bool is_unknown(struct trial *t, HANDLE xcv, const WCHAR *name, unsigned number)
{
    static const WCHAR port[] = TEXT("SIM:never");
    unsigned char *room = probe_canary(128);
    unsigned set = t->calls_back[PLATEN_SLOT_SetValue];
    unsigned removed = t->calls_back[PLATEN_SLOT_DeleteValue];
    struct probe_xcv answer = probe_data(t, xcv, name, port, sizeof port, room, 128);
    return KEPT(t, answer.code == PLATEN_INVALID_PARAMETER, "name %u: %u", number,
                (unsigned)answer.code) &&
           KEPT(t, probe_untouched(), "name %u: output", number) &&
           KEPT(t,
                set == t->calls_back[PLATEN_SLOT_SetValue] &&
                    removed == t->calls_back[PLATEN_SLOT_DeleteValue] &&
                    !trial_lists(t, TEXT("SIM:never")),
                "name %u has an effect", number);
}

static void unknown_names(struct trial *t)
{
    static const WCHAR *const names[] = {
        TEXT("NoSuchThing"), TEXT("monitorui"),  TEXT("MONITORUI"),
        TEXT("addport"),     TEXT("ADDPORT"),    TEXT("AddPort "),
        TEXT("AddPorts"),    TEXT("AddPor"),     TEXT(""),
        TEXT(" "),           TEXT("deleteport"), TEXT("GetSupportedVersions"),
    };
    HANDLE xcv = probe_xcv_open(t, ADMIN);
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (!is_unknown(t, xcv, names[i], i)) {
            break;
        }
    }
    t->m.pfnXcvClosePort(xcv);
}

XCV_BREAK(ignores_case)
{
    if (platen_text_equal_folded((const char16_t *)command, u"MonitorUI")) {
        command = TEXT("MonitorUI");
    }
    return REAL_XCV();
}

XCV_BREAK(knows_names_by_their_beginning)
{
    WCHAR begin[8] = {0};
    memcpy(begin, command, probe_bytes(command) < 14 ? probe_bytes(command) : 14);
    command = is(begin, TEXT("AddPort")) ? TEXT("AddPort") : command;
    return REAL_XCV();
}

XCV_BREAK(unknown_is_fine)
{
    return is(command, TEXT("NoSuchThing")) ? 0 : REAL_XCV();
}

XCV_BREAK(empty_is_monitor_ui)
{
    command = *command == 0 ? TEXT("MonitorUI") : command;
    return REAL_XCV();
}

XCV_BREAK(unknown_is_1003)
{
    return is(command, TEXT("NoSuchThing")) ? PLATEN_CAN_NOT_COMPLETE : REAL_XCV();
}

WRAP(wrap_ignores_case, pfnXcvDataPort, ignores_case)
WRAP(wrap_by_beginning, pfnXcvDataPort, knows_names_by_their_beginning)
WRAP(wrap_unknown_fine, pfnXcvDataPort, unknown_is_fine)
WRAP(wrap_empty_ui, pfnXcvDataPort, empty_is_monitor_ui)
WRAP(wrap_unknown_1003, pfnXcvDataPort, unknown_is_1003)

/* ---- R62 ---------------------------------------------------------------------------------------
 */

static bool answers(struct trial *t, HANDLE xcv, const WCHAR *name, DWORD size, DWORD needed)
{
    static const WCHAR port[] = TEXT("SIM:trial");
    unsigned char *room = probe_canary(size);
    struct probe_xcv answer =
        probe_data(t, xcv, name, port, sizeof port, size == 0 ? NULL : room, size);
    DWORD wanted = size < needed ? PLATEN_INSUFFICIENT_BUFFER : 0;
    return KEPT(t, answer.code == wanted && answer.needed == needed,
                "%u of %u bytes: %u, needed %u", (unsigned)size, (unsigned)needed,
                (unsigned)answer.code, (unsigned)answer.needed) &&
           KEPT(t, probe_intact(), "%u of %u bytes: wrote beyond them", (unsigned)size,
                (unsigned)needed) &&
           KEPT(t, answer.code == 0 || probe_untouched(), "%u of %u bytes: wrote with 122",
                (unsigned)size, (unsigned)needed);
}

static void sizes_of(struct trial *t, HANDLE xcv, const WCHAR *name, DWORD needed)
{
    for (DWORD size = 0; size <= needed + 16; size++) {
        if (!answers(t, xcv, name, size, needed)) {
            return;
        }
    }
    /* No canary was hurt: now the byte beyond is a fault. */
    probe_data(t, xcv, name, PROBE_W("SIM:trial"), 20, trial_guarded(t, needed), needed);
    probe_data(t, xcv, name, PROBE_W("SIM:trial"), 20, trial_guarded(t, needed - 1), needed - 1);
}

/* The names of a monitor that we may be installed as; the last has a vocabulary of its own. */
static void output_sizes(struct trial *t)
{
    static const WCHAR *const objects[] = {TEXT("Platen"), TEXT("Standard TCP/IP Port")};
    for (unsigned i = 0; i < 2 && t->breach[0] == '\0'; i++) {
        HANDLE xcv = NULL;
        t->m.pfnXcvOpenPort(t->monitor, objects[i], 0, &xcv);
        struct probe_xcv ui = probe_data(t, xcv, TEXT("MonitorUI"), NULL, 0, NULL, 0);
        if (KEPT(t, ui.code == PLATEN_INSUFFICIENT_BUFFER && ui.needed > 2 && ui.needed < 128,
                 "MonitorUI: %u, needed %u", (unsigned)ui.code, (unsigned)ui.needed)) {
            sizes_of(t, xcv, TEXT("MonitorUI"), ui.needed);
        }
        if (i == 0 && t->breach[0] == '\0') {
            sizes_of(t, xcv, TEXT("PortExists"), sizeof(DWORD));
        }
        t->m.pfnXcvClosePort(xcv);
    }
}

static void ui_name(struct trial *t)
{
    WCHAR *name = (WCHAR *)(void *)probe_canary(128);
    HANDLE xcv = probe_xcv_open(t, 0);
    struct probe_xcv ui = probe_data(t, xcv, TEXT("MonitorUI"), NULL, 0, name, 128);
    size_t length = platen_text_length16((const char16_t *)name, 64);
    t->m.pfnXcvClosePort(xcv);
    if (!KEPT(t, ui.code == 0 && length > 0 && ui.needed == (length + 1) * sizeof *name,
              "MonitorUI: %u, %u characters, needed %u", (unsigned)ui.code, (unsigned)length,
              (unsigned)ui.needed)) {
        return;
    }
    for (size_t i = 0; i < length; i++) {
        KEPT(t, name[i] != '/' && name[i] != '\\' && name[i] != ':', "MonitorUI names a path");
    }
}

static void sizes(struct trial *t)
{
    output_sizes(t);
    if (t->breach[0] == '\0') {
        ui_name(t);
    }
}

XCV_BREAK(one_byte_beyond)
{
    DWORD code = REAL_XCV();
    if (code == 0 && output_size > 0) {
        output[output_size] = 0;
    }
    return code;
}

XCV_BREAK(forgets_the_nul)
{
    DWORD code = REAL_XCV();
    if (is(command, TEXT("MonitorUI"))) {
        *needed -= sizeof(WCHAR);
        code = output_size >= *needed ? 0 : code;
    }
    return code;
}

XCV_BREAK(fills_what_fits)
{
    DWORD code = REAL_XCV();
    if (code == PLATEN_INSUFFICIENT_BUFFER && output_size >= 2) {
        memset(output, 0, 2);
    }
    return code;
}

XCV_BREAK(short_is_more_data)
{
    DWORD code = REAL_XCV();
    return code == PLATEN_INSUFFICIENT_BUFFER ? PLATEN_MORE_DATA : code;
}

XCV_BREAK(size_of_dword_forgotten)
{
    DWORD code = REAL_XCV();
    *needed = is(command, TEXT("PortExists")) ? 0 : *needed;
    return code;
}

XCV_BREAK(names_a_path)
{
    static const WCHAR path[] = TEXT("C:\\x\\ui.dll");
    DWORD code = REAL_XCV();
    if (code == 0 && is(command, TEXT("MonitorUI")) && *needed == sizeof path) {
        memcpy(output, path, sizeof path);
    }
    return code;
}

WRAP(wrap_xcv_beyond, pfnXcvDataPort, one_byte_beyond)
WRAP(wrap_forgets_nul, pfnXcvDataPort, forgets_the_nul)
WRAP(wrap_what_fits, pfnXcvDataPort, fills_what_fits)
WRAP(wrap_more_data, pfnXcvDataPort, short_is_more_data)
WRAP(wrap_dword_size, pfnXcvDataPort, size_of_dword_forgotten)
WRAP(wrap_path, pfnXcvDataPort, names_a_path)

/* ---- R63 ---------------------------------------------------------------------------------------
 */

static bool denied(struct trial *t, ACCESS_MASK access)
{
    unsigned set = t->calls_back[PLATEN_SLOT_SetValue];
    unsigned removed = t->calls_back[PLATEN_SLOT_DeleteValue];
    DWORD add = trial_xcv(t, TEXT("AddPort"), TEXT("SIM:new"), access);
    DWORD gone = trial_xcv(t, TEXT("DeletePort"), TEXT("SIM:there"), access);
    DWORD bad = trial_xcv(t, TEXT("AddPort"), TEXT(""), access);
    return KEPT(t,
                add == PLATEN_ACCESS_DENIED && gone == PLATEN_ACCESS_DENIED &&
                    bad == PLATEN_ACCESS_DENIED,
                "access %x: AddPort is %u, DeletePort %u, a bad AddPort %u", (unsigned)access,
                (unsigned)add, (unsigned)gone, (unsigned)bad) &&
           KEPT(t, !trial_lists(t, TEXT("SIM:new")) && trial_lists(t, TEXT("SIM:there")),
                "access %x: the list has changed", (unsigned)access) &&
           KEPT(t,
                set == t->calls_back[PLATEN_SLOT_SetValue] &&
                    removed == t->calls_back[PLATEN_SLOT_DeleteValue],
                "access %x: the store was written", (unsigned)access);
}

static bool allowed(struct trial *t, ACCESS_MASK access)
{
    DWORD add = trial_xcv(t, TEXT("AddPort"), TEXT("SIM:new"), access);
    DWORD gone = trial_xcv(t, TEXT("DeletePort"), TEXT("SIM:new"), access);
    return KEPT(t, add == 0 && gone == 0, "access %x: AddPort is %u, DeletePort %u",
                (unsigned)access, (unsigned)add, (unsigned)gone);
}

static void access_rights(struct trial *t)
{
    DWORD code = trial_xcv(t, TEXT("AddPort"), TEXT("SIM:there"), ADMIN);
    if (KEPT(t, code == 0, "AddPort is %u", (unsigned)code) && denied(t, 0) && denied(t, 2) &&
        denied(t, 0x20002) && denied(t, 0xfffffffe) && allowed(t, 1) && allowed(t, 0x20003)) {
        allowed(t, 0xf0003);
    }
}

static ACCESS_MASK given;

/* Opens with all rights, and leaves the judgement to the wrapper of XcvDataPort. */
XCV_OPEN_BREAK(notes_access)
{
    given = access;
    access = ADMIN;
    return REAL_XCV_OPEN();
}

XCV_BREAK(add_is_free)
{
    bool add = is(command, TEXT("AddPort"));
    return add || (given & ADMIN) != 0 ? REAL_XCV() : PLATEN_ACCESS_DENIED;
}

XCV_BREAK(delete_is_free)
{
    bool gone = is(command, TEXT("DeletePort"));
    return gone || (given & ADMIN) != 0 ? REAL_XCV() : PLATEN_ACCESS_DENIED;
}

XCV_BREAK(compares_the_mask)
{
    return given == SERVER_ALL_ACCESS || given == ADMIN ? REAL_XCV() : PLATEN_ACCESS_DENIED;
}

XCV_BREAK(any_right_will_do)
{
    return given != 0 ? REAL_XCV() : PLATEN_ACCESS_DENIED;
}

XCV_BREAK(judges_too_late)
{
    DWORD code = REAL_XCV();
    return (given & ADMIN) != 0 ? code : PLATEN_ACCESS_DENIED;
}

static void wrap_access(MONITOR2 *table,
                        DWORD(WINAPI *data)(HANDLE, LPCWSTR, PBYTE, DWORD, PBYTE, DWORD, PDWORD))
{
    table->pfnXcvOpenPort = notes_access;
    table->pfnXcvDataPort = data;
}

static void wrap_add_free(MONITOR2 *table)
{
    wrap_access(table, add_is_free);
}

static void wrap_delete_free(MONITOR2 *table)
{
    wrap_access(table, delete_is_free);
}

static void wrap_mask(MONITOR2 *table)
{
    wrap_access(table, compares_the_mask);
}

static void wrap_any_right(MONITOR2 *table)
{
    wrap_access(table, any_right_will_do);
}

static void wrap_too_late(MONITOR2 *table)
{
    wrap_access(table, judges_too_late);
}

const struct trial_case trial_xcv_cases[] = {
    {.rule = "R60",
     .about = "every object with every access",
     .probe = open_each_way,
     .breaks = {{.how = "refuses access 0", .wrap = wrap_judges},
                {.how = "refuses an empty name", .wrap = wrap_refuses_empty},
                {.how = "refuses a port", .wrap = wrap_refuses_ports},
                {.how = "takes any access for that of an administrator", .wrap = wrap_raises},
                {.how = "keeps the pointer to the name", .wrap = wrap_remembers}}},
    {.rule = "R61",
     .about = "unknown data names",
     .probe = unknown_names,
     .breaks = {{.how = "ignores case", .wrap = wrap_ignores_case},
                {.how = "compares beginnings", .wrap = wrap_by_beginning},
                {.how = "an unknown name is 0", .wrap = wrap_unknown_fine},
                {.how = "the empty name is MonitorUI", .wrap = wrap_empty_ui},
                {.how = "an unknown name is 1003", .wrap = wrap_unknown_1003}}},
    {.rule = "R62",
     .about = "sizes of MonitorUI and PortExists",
     .probe = sizes,
     .breaks = {{.how = "a byte beyond the output", .wrap = wrap_xcv_beyond},
                {.how = "does not count the NUL", .wrap = wrap_forgets_nul},
                {.how = "fills what fits", .wrap = wrap_what_fits},
                {.how = "234 instead of 122", .wrap = wrap_more_data},
                {.how = "no size for a number", .wrap = wrap_dword_size},
                {.how = "MonitorUI is a path", .wrap = wrap_path}}},
    {.rule = "R63",
     .about = "who may add and delete",
     .probe = access_rights,
     .breaks = {{.how = "AddPort does not test ADMINISTER", .wrap = wrap_add_free},
                {.how = "DeletePort does not", .wrap = wrap_delete_free},
                {.how = "the whole mask is compared", .wrap = wrap_mask},
                {.how = "any right will do", .wrap = wrap_any_right},
                {.how = "5, but it is done", .wrap = wrap_too_late}}},
    {.rule = NULL},
};
