/* SPDX-License-Identifier: MIT
 *
 * AddPort and DeletePort, in the list and in the store (R64 to R66).
 */
#include <stdlib.h>
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

static DWORD add(struct trial *t, const WCHAR *name)
{
    return trial_xcv(t, TEXT("AddPort"), name, ADMIN);
}

static DWORD drop(struct trial *t, const WCHAR *name)
{
    return trial_xcv(t, TEXT("DeletePort"), name, ADMIN);
}

/* Listed, to be opened and stored, or nothing of the kind. */
static bool is_there(struct trial *t, const WCHAR *name, const char *name8, bool wanted,
                     const char *when)
{
    DWORD error;
    bool listed = trial_lists(t, name);
    bool opened = probe_opens(t, name, &error);
    bool stored = probe_stored(t, name8);
    return KEPT(t, listed == wanted && opened == wanted && stored == wanted,
                "%s: listed %d, opened %d (%u), stored %d", when, (int)listed, (int)opened,
                (unsigned)error, (int)stored);
}

/* The slots of calls back that adding and deleting may make. */
static const enum platen_slot disturbed[] = {
    PLATEN_SLOT_CreateKey,   PLATEN_SLOT_OpenKey,      PLATEN_SLOT_CloseKey,   PLATEN_SLOT_SetValue,
    PLATEN_SLOT_QueryValue,  PLATEN_SLOT_QueryInfoKey, PLATEN_SLOT_EnumValue,  PLATEN_SLOT_EnumKey,
    PLATEN_SLOT_DeleteValue, PLATEN_SLOT_DeleteKey,    PLATEN_SLOT_EnumPortsW,
};
#define DISTURBED (sizeof disturbed / sizeof *disturbed)

static size_t keys_before;

/* A key whose closing was made to fail is open for good. */
static bool closes_keys(struct trial *t)
{
    size_t keys = platen_registry_view_open_keys(t->view);
    return KEPT(t, t->fault.slot == PLATEN_SLOT_CloseKey || keys == keys_before,
                "a key stays open");
}

/* Makes the n-th call back of each slot fail in turn, until `step` finds that nothing failed. */
static void disturb(struct trial *t, bool (*step)(struct trial *t))
{
    for (size_t slot = 0; slot < DISTURBED; slot++) {
        bool failed = true;
        for (unsigned n = 1; failed && n < 20 && t->breach[0] == '\0'; n++) {
            t->fault = (struct trial_fault){.slot = disturbed[slot],
                                            .at = n,
                                            .for_good = n % 2 == 0,
                                            .code = PLATEN_ACCESS_DENIED};
            keys_before = platen_registry_view_open_keys(t->view);
            step(t);
            failed = t->fault.seen >= n;
            t->fault.at = 0;
        }
    }
}

/* ---- R64 ---------------------------------------------------------------------------------------
 */

static const WCHAR sim_port[] = TEXT("SIM:added");

/* A step may find the port there from the step before: it is undisturbed again then. */
static bool add_disturbed(struct trial *t)
{
    DWORD code = add(t, sim_port);
    t->fault.for_good = false;
    t->fault.at = 0;
    bool kept = is_there(t, sim_port, "SIM:added", code == 0, code == 0 ? "added" : "not added") &&
                closes_keys(t);
    if (code != 0 && kept) {
        kept = trial_restart(t) &&
               KEPT(t, !trial_lists(t, sim_port), "not added (%u), but there after a restart",
                    (unsigned)code) &&
               KEPT(t, add(t, sim_port) == 0, "cannot be added after it had failed");
    }
    return kept && KEPT(t, drop(t, sim_port) == 0, "cannot be deleted");
}

static bool count_fault(struct trial *t)
{
    unsigned at = t->fault.at;
    bool kept = add_disturbed(t);
    t->fault.seen = t->fault.seen >= at ? at : 0;
    return kept;
}

static void added(struct trial *t)
{
    if (KEPT(t, add(t, sim_port) == 0, "AddPort failed") &&
        is_there(t, sim_port, "SIM:added", true, "added") && trial_restart(t) &&
        is_there(t, sim_port, "SIM:added", true, "after a restart") &&
        KEPT(t, add(t, t->file_port) == 0, "a file port cannot be added") &&
        KEPT(t, trial_lists(t, t->file_port), "a file port is not listed") &&
        KEPT(t, drop(t, sim_port) == 0, "DeletePort failed")) {
        disturb(t, count_fault);
    }
}

XCV_BREAK(adds_in_memory)
{
    if (is(command, TEXT("AddPort"))) {
        struct trial *t = trial_now_running();
        char *name = platen_text_new8((const char16_t *)(void *)input, SIZE_MAX);
        DWORD code = platen_monitor_add_port(t->monitor, name, NULL);
        free(name);
        return code;
    }
    return REAL_XCV();
}

XCV_BREAK(adds_though_the_store_fails)
{
    DWORD code = REAL_XCV();
    if (code == PLATEN_ACCESS_DENIED && is(command, TEXT("AddPort"))) {
        platen_monitor_add_port(trial_now_running()->monitor, "SIM:added", NULL);
    }
    return code;
}

/* What the store says is not looked at. */
XCV_BREAK(takes_failure_for_success)
{
    DWORD code = REAL_XCV();
    return code == PLATEN_ACCESS_DENIED && is(command, TEXT("AddPort")) ? 0 : code;
}

/* The value is written first, the duplicate or the failure found later. */
XCV_BREAK(leaves_the_value)
{
    DWORD code = REAL_XCV();
    if (code != 0 && is(command, TEXT("AddPort"))) {
        platen_registry_set(trial_now_running()->registry, TRIAL_ROOT "\\Ports", "SIM:added",
                            REG_SZ, u"", 2);
    }
    return code;
}

static const WCHAR *added_last;

XCV_BREAK(remembers_the_last)
{
    DWORD code = REAL_XCV();
    added_last = code == 0 && is(command, TEXT("AddPort")) ? sim_port : added_last;
    return code;
}

OPEN_BREAK(opens_only_after_a_restart)
{
    if (added_last != NULL && probe_equal(port, added_last)) {
        platen_os_set_last_error(PLATEN_UNKNOWN_PORT);
        return FALSE;
    }
    return REAL_OPEN();
}

WRAP(wrap_in_memory, pfnXcvDataPort, adds_in_memory)
WRAP(wrap_though_fails, pfnXcvDataPort, adds_though_the_store_fails)
WRAP(wrap_failure_success, pfnXcvDataPort, takes_failure_for_success)
WRAP(wrap_leaves_value, pfnXcvDataPort, leaves_the_value)

static void wrap_opens_later(MONITOR2 *table)
{
    added_last = NULL;
    table->pfnXcvDataPort = remembers_the_last;
    table->pfnOpenPort = opens_only_after_a_restart;
}

/* ---- R65 ---------------------------------------------------------------------------------------
 */

static bool is_bad(struct trial *t, const char *what, const void *name, DWORD size, DWORD code)
{
    unsigned set = t->calls_back[PLATEN_SLOT_SetValue];
    HANDLE xcv = probe_xcv_open(t, ADMIN);
    struct probe_xcv answer = probe_data(t, xcv, TEXT("AddPort"), name, size, NULL, 0);
    t->m.pfnXcvClosePort(xcv);
    return KEPT(t, answer.code == code || answer.code == PLATEN_INVALID_PARAMETER, "%s: %u", what,
                (unsigned)answer.code) &&
           KEPT(t, set == t->calls_back[PLATEN_SLOT_SetValue], "%s: the store is written", what);
}

static bool taken(struct trial *t)
{
    static const struct {
        const char *what;
        const WCHAR *name;
    } names[] = {
        {"a port of ours", TEXT("SIM:there")},
        {"in another case", TEXT("sim:THERE")},
        {"a port that nobody added", TEXT("nul:")},
        {"another monitor's, that could be ours", TEXT("SIM:elsewhere")},
        {"the same in another case", TEXT("sim:ELSEWHERE")},
        {"another monitor's", TEXT("OTHER1:")},
        {"another monitor's, other case", TEXT("other1:")},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!is_bad(t, names[i].what, names[i].name, probe_bytes(names[i].name),
                    PLATEN_ALREADY_EXISTS)) {
            return false;
        }
    }
    return true;
}

static bool badly_formed(struct trial *t)
{
    WCHAR name[] = TEXT("SIM:c?");
    static WCHAR endless[260] = TEXT("SIM:");
    for (WCHAR unit = 1; unit < 0xa0; unit = unit == 0x1f ? 0x7f : (WCHAR)(unit + 1)) {
        name[5] = unit;
        if (!is_bad(t, "a control character", name, sizeof name, PLATEN_INVALID_NAME)) {
            return false;
        }
    }
    for (unsigned i = 4; i < 248; i++) {
        endless[i] = 'x';
    }
    if (!is_bad(t, "no name", TEXT(""), 2, PLATEN_INVALID_NAME) ||
        !is_bad(t, "248 characters", endless, 249 * sizeof(WCHAR), PLATEN_INVALID_NAME)) {
        return false;
    }
    endless[247] = 0;
    return KEPT(t, add(t, endless) == 0, "247 characters are refused");
}

/* A byte behind the NUL is refused or ignored. */
static void tail(struct trial *t)
{
    static const WCHAR with_tail[] = TEXT("SIM:tail\0behind");
    HANDLE xcv = probe_xcv_open(t, ADMIN);
    for (DWORD size = 19; size <= sizeof with_tail; size++) {
        DWORD code = probe_data(t, xcv, TEXT("AddPort"), with_tail, size, NULL, 0).code;
        KEPT(t, code == 0 || code == PLATEN_INVALID_PARAMETER || code == PLATEN_INVALID_NAME,
             "bytes behind the NUL: %u", (unsigned)code);
        KEPT(t,
             strstr(probe_names(t), "behin") == NULL && strstr(probe_names(t), "SIM:tail_") == NULL,
             "what stands behind the NUL is in the list");
        KEPT(t, trial_lists(t, TEXT("SIM:tail")) == (code == 0), "the list is not as %u says",
             (unsigned)code);
        drop(t, TEXT("SIM:tail"));
    }
    t->m.pfnXcvClosePort(xcv);
}

static void bad_names(struct trial *t)
{
    if (KEPT(t, add(t, TEXT("SIM:there")) == 0, "AddPort failed") && taken(t) && badly_formed(t)) {
        tail(t);
    }
}

XCV_BREAK(exists_is_fine)
{
    DWORD code = REAL_XCV();
    return code == PLATEN_ALREADY_EXISTS ? 0 : code;
}

XCV_BREAK(bad_is_1003)
{
    DWORD code = REAL_XCV();
    return code == PLATEN_INVALID_NAME ? PLATEN_CAN_NOT_COMPLETE : code;
}

XCV_BREAK(does_not_ask_the_others)
{
    bool other = is(command, TEXT("AddPort")) && input_size == 28 &&
                 platen_text_equal_folded((const char16_t *)(void *)input, u"SIM:elsewhere");
    return other ? 0 : REAL_XCV();
}

/* Drops control characters instead of refusing them. */
XCV_BREAK(drops_control_characters)
{
    if (is(command, TEXT("AddPort")) && input_size == 14 && input[10] < 0x20) {
        static WCHAR clean[] = TEXT("SIM:c");
        input = (PBYTE)clean;
        input_size = sizeof clean;
    }
    return REAL_XCV();
}

/* Takes all the bytes there are for the name. */
XCV_BREAK(takes_the_tail)
{
    static WCHAR whole[64];
    if (is(command, TEXT("AddPort")) && input_size > 24 && input_size < sizeof whole) {
        memcpy(whole, input, input_size);
        whole[8] = '_';
        whole[input_size / 2 - 1] = 0;
        input = (PBYTE)whole;
        input_size &= ~1u;
    }
    return REAL_XCV();
}

XCV_BREAK(cuts_long_names)
{
    static WCHAR cut[101];
    if (is(command, TEXT("AddPort")) && input_size > 201) {
        memcpy(cut, input, 200);
        input = (PBYTE)cut;
        input_size = 202;
    }
    return REAL_XCV();
}

WRAP(wrap_exists_fine, pfnXcvDataPort, exists_is_fine)
WRAP(wrap_bad_1003, pfnXcvDataPort, bad_is_1003)
WRAP(wrap_not_ask, pfnXcvDataPort, does_not_ask_the_others)
WRAP(wrap_drops_control, pfnXcvDataPort, drops_control_characters)
WRAP(wrap_takes_tail, pfnXcvDataPort, takes_the_tail)
WRAP(wrap_cuts, pfnXcvDataPort, cuts_long_names)

/* ---- R66 ---------------------------------------------------------------------------------------
 */

static bool delete_disturbed(struct trial *t)
{
    struct trial_fault fault = t->fault;
    t->fault.at = 0;
    bool kept = KEPT(t, trial_lists(t, sim_port) || add(t, sim_port) == 0, "AddPort failed");
    t->fault = fault;
    DWORD code = drop(t, sim_port);
    t->fault.for_good = false;
    t->fault.at = 0;
    t->fault.seen = t->fault.seen >= fault.at ? fault.at : 0;
    return kept &&
           is_there(t, sim_port, "SIM:added", code != 0, code == 0 ? "deleted" : "not deleted") &&
           closes_keys(t) && trial_restart(t) &&
           is_there(t, sim_port, "SIM:added", code != 0, "after deleting and a restart");
}

/* 170, or the handle stays good until ClosePort. */
static bool delete_open(struct trial *t)
{
    HANDLE handle = NULL;
    add(t, TEXT("SIM:TRIAL2"));
    platen_sim *device = platen_sim_create("trial2");
    platen_sim_forget(device);
    handle = trial_open(t, TEXT("SIM:trial2"));
    trial_start(t, handle, 5);
    trial_write(t, handle, "one", 3, 3);
    DWORD code = drop(t, TEXT("SIM:trial2"));
    KEPT(t, code == 0 || code == PLATEN_BUSY, "deleting an open port is %u", (unsigned)code);
    trial_write(t, handle, "two", 3, 3);
    KEPT(t, t->m.pfnEndDocPort(handle), "the job of a deleted port: EndDocPort %u", LAST);
    KEPT(t, platen_sim_received(device) == 6, "the job of a deleted port is not whole");
    KEPT(t, t->m.pfnClosePort(handle), "ClosePort failed with %u", LAST);
    KEPT(t, trial_lists(t, TEXT("SIM:trial2")) == (code != 0), "%u, but the list says otherwise",
         (unsigned)code);
    KEPT(t, code == 0 || drop(t, TEXT("SIM:trial2")) == 0, "cannot be deleted when closed");
    platen_sim_release(device);
    return t->breach[0] == '\0';
}

static void deleted(struct trial *t)
{
    DWORD unknown = drop(t, TEXT("NoSuchPort"));
    DWORD empty = drop(t, TEXT(""));
    if (KEPT(t, unknown == PLATEN_FILE_NOT_FOUND && empty == PLATEN_FILE_NOT_FOUND,
             "an unknown port: %u, an empty name: %u", (unsigned)unknown, (unsigned)empty) &&
        KEPT(t, add(t, sim_port) == 0 && drop(t, TEXT("sim:ADDED")) == 0, "case matters") &&
        is_there(t, sim_port, "SIM:added", false, "deleted") && trial_restart(t) &&
        is_there(t, sim_port, "SIM:added", false, "after a restart") && delete_open(t)) {
        disturb(t, delete_disturbed);
    }
}

/* The value comes back after the real one has removed it: as if it had not been removed. */
static DWORD back_in_store(DWORD code, const WCHAR *command)
{
    if (code == 0 && is(command, TEXT("DeletePort"))) {
        platen_registry_set(trial_now_running()->registry, TRIAL_ROOT "\\Ports", "SIM:added",
                            REG_SZ, u"", 2);
    }
    return code;
}

XCV_BREAK(deletes_from_the_list)
{
    return back_in_store(REAL_XCV(), command);
}

XCV_BREAK(ignores_the_store)
{
    DWORD code = REAL_XCV();
    return code == PLATEN_ACCESS_DENIED && is(command, TEXT("DeletePort")) ? 0 : code;
}

XCV_BREAK(unknown_is_deleted)
{
    DWORD code = REAL_XCV();
    return code == PLATEN_FILE_NOT_FOUND ? 0 : code;
}

XCV_BREAK(unknown_is_bad)
{
    DWORD code = REAL_XCV();
    return code == PLATEN_FILE_NOT_FOUND ? PLATEN_UNKNOWN_PORT : code;
}

static HANDLE open_port;

OPEN_BREAK(notes_the_open_port)
{
    BOOL ok = REAL_OPEN();
    open_port = *handle;
    return ok;
}

XCV_BREAK(closes_what_is_open)
{
    DWORD code = REAL_XCV();
    if (code == PLATEN_BUSY) {
        trial_real()->pfnClosePort(open_port);
        code = REAL_XCV();
    }
    return code;
}

XCV_BREAK(says_it_is_deleted)
{
    DWORD code = REAL_XCV();
    return code == PLATEN_BUSY ? 0 : code;
}

WRAP(wrap_from_list, pfnXcvDataPort, deletes_from_the_list)
WRAP(wrap_ignores_store, pfnXcvDataPort, ignores_the_store)
WRAP(wrap_unknown_deleted, pfnXcvDataPort, unknown_is_deleted)
WRAP(wrap_unknown_bad, pfnXcvDataPort, unknown_is_bad)
WRAP(wrap_says_deleted, pfnXcvDataPort, says_it_is_deleted)

static void wrap_closes(MONITOR2 *table)
{
    table->pfnOpenPort = notes_the_open_port;
    table->pfnXcvDataPort = closes_what_is_open;
}

const struct trial_case trial_manage_cases[] = {
    {.rule = "R64",
     .about = "AddPort, and each call back of it failing",
     .probe = added,
     .breaks = {{.how = "adds in memory only", .wrap = wrap_in_memory},
                {.how = "does not take back what the store refused", .wrap = wrap_though_fails},
                {.how = "ignores what the store says", .wrap = wrap_failure_success},
                {.how = "leaves the value behind", .wrap = wrap_leaves_value},
                {.how = "opens the port after a restart only", .wrap = wrap_opens_later}}},
    {.rule = "R65",
     .about = "names that are taken, or are none",
     .probe = bad_names,
     .breaks = {{.how = "a name that exists is fine", .wrap = wrap_exists_fine},
                {.how = "bad names are 1003", .wrap = wrap_bad_1003},
                {.how = "does not ask for other monitors' ports", .wrap = wrap_not_ask},
                {.how = "drops control characters", .wrap = wrap_drops_control},
                {.how = "stores what stands behind the NUL", .wrap = wrap_takes_tail},
                {.how = "cuts long names", .wrap = wrap_cuts}}},
    {.rule = "R66",
     .about = "DeletePort, and each call back of it failing",
     .probe = deleted,
     .breaks = {{.how = "the store keeps it", .wrap = wrap_from_list},
                {.how = "ignores what the store says", .wrap = wrap_ignores_store},
                {.how = "0 for an unknown port", .wrap = wrap_unknown_deleted},
                {.how = "1796 for an unknown port", .wrap = wrap_unknown_bad},
                {.how = "closes a port that is open", .wrap = wrap_closes},
                {.how = "0 for an open port that stays", .wrap = wrap_says_deleted}}},
    {.rule = NULL},
};
