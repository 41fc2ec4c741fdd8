/* SPDX-License-Identifier: MIT
 *
 * Listing and Xcv beside a port that is stuck, and beside each other (R22, R71).
 */
#include <stdatomic.h>
#include <string.h>

#include "break.h"
#include "os/clock.h"
#include "os/lasterror.h"
#include "os/thread.h"

#define ADMIN   SERVER_ACCESS_ADMINISTER
#define SOON    3000u /* milliseconds: what the rules allow, and one second for a busy machine */
#define ROUNDS  300u
#define CHANGES 20u /* answers that differ from the one before */

/* ---- a port that is stuck
 * ------------------------------------------------------------------------ */

static HANDLE stuck_port;

/* The device takes four bytes and then nothing, until its script is replaced. */
static void write_and_stick(struct trial *t)
{
    static BYTE data[] = "stuck for good";
    DWORD written;
    t->m.pfnWritePort(stuck_port, data, sizeof data, &written);
}

static bool is_stuck(struct trial *t)
{
    uint64_t until = platen_os_now() + UINT64_C(20000000000);
    while (platen_sim_received(t->device) < 4 && platen_os_now() < until) {
        platen_os_thread_yield();
    }
    return KEPT(t, platen_sim_received(t->device) == 4, "the device was not reached");
}

/* Runs `body` while a WritePort does not come back, which it would do in a minute only. */
static bool beside_stuck(struct trial *t, void (*body)(struct trial *t))
{
    t->options.write_timeout = 60000;
    if (!trial_restart(t)) {
        return false;
    }
    platen_sim_script(t->device, "take 4; stall", NULL);
    stuck_port = trial_open(t, TEXT("SIM:trial"));
    bool done = false;
    if (trial_start(t, stuck_port, 1)) {
        probe_aside(t, write_and_stick, 0);
        done = is_stuck(t) && probe_aside(t, body, SOON);
    }
    platen_sim_script(t->device, "", NULL);
    probe_join();
    t->m.pfnEndDocPort(stuck_port);
    t->m.pfnClosePort(stuck_port);
    return done;
}

/* ---- R22: a stuck port
 * ---------------------------------------------------------------------------- */

static struct probe_list listed;

static void list_both_levels(struct trial *t)
{
    static _Alignas(16) unsigned char buffer[16384];
    listed = probe_enum(t, NULL, 1, buffer, sizeof buffer);
    if (listed.ok) {
        listed = probe_enum(t, NULL, 2, buffer, sizeof buffer);
    }
}

static void list_beside_stuck(struct trial *t)
{
    bool done = beside_stuck(t, list_both_levels);
    KEPT(t, done, "EnumPorts is not back in 2 seconds");
    KEPT(t, listed.ok && listed.returned > 0, "EnumPorts failed with %u", (unsigned)listed.error);
}

/* A monitor with one lock for everything; the second one is taken in both kinds of calls. */
static platen_os_mutex one_lock;

static BOOL WINAPI locked_write(HANDLE port, LPBYTE data, DWORD size, LPDWORD written)
{
    platen_os_mutex_lock(&one_lock);
    BOOL ok = trial_real()->pfnWritePort(port, data, size, written);
    platen_os_mutex_unlock(&one_lock);
    return ok;
}

ENUM_BREAK(locked_enum)
{
    platen_os_mutex_lock(&one_lock);
    BOOL ok = REAL_ENUM();
    platen_os_mutex_unlock(&one_lock);
    return ok;
}

XCV_BREAK(locked_xcv)
{
    platen_os_mutex_lock(&one_lock);
    DWORD code = REAL_XCV();
    platen_os_mutex_unlock(&one_lock);
    return code;
}

XCV_OPEN_BREAK(locked_xcv_open)
{
    platen_os_mutex_lock(&one_lock);
    BOOL ok = REAL_XCV_OPEN();
    platen_os_mutex_unlock(&one_lock);
    return ok;
}

/* Wrapping happens again with each restart. */
static void make_lock(void)
{
    static bool made;
    if (!made) {
        platen_os_mutex_init(&one_lock);
    }
    made = true;
}

static void wrap_lists_locked(MONITOR2 *table)
{
    make_lock();
    table->pfnWritePort = locked_write;
    table->pfnEnumPorts = locked_enum;
}

/* Asks each port whether it is there: the one that prints answers when it has printed. */
ENUM_BREAK(asks_the_ports)
{
    while (stuck_port != NULL && platen_sim_received(trial_now_running()->device) == 4) {
        platen_os_thread_yield();
    }
    return REAL_ENUM();
}

static void wrap_asks_ports(MONITOR2 *table)
{
    stuck_port = NULL;
    table->pfnEnumPorts = asks_the_ports;
}

/* ---- R22: inside a call back
 * ---------------------------------------------------------------------- */

static unsigned looked;
static unsigned blocked;

static void look_inside(struct trial *t)
{
    bool done = probe_aside(t, list_both_levels, SOON);
    looked++;
    blocked += !done || !listed.ok;
}

/* While the spooler works on a call of the monitor's, anybody may list. */
static void list_in_calls_back(struct trial *t)
{
    static const enum platen_slot slots[] = {PLATEN_SLOT_SetValue, PLATEN_SLOT_DeleteValue,
                                             PLATEN_SLOT_EnumPortsW};
    looked = blocked = 0;
    for (size_t i = 0; i < 3 && blocked == 0; i++) {
        t->inside_slot = slots[i];
        t->inside = look_inside;
        trial_xcv(t, TEXT("AddPort"), TEXT("SIM:inside"), ADMIN);
        trial_xcv(t, TEXT("DeletePort"), TEXT("SIM:inside"), ADMIN);
        t->inside = NULL;
        probe_join();
    }
    KEPT(t, looked >= 3, "only %u calls back", looked);
    KEPT(t, blocked == 0, "EnumPorts waits for a call back of the monitor's");
}

static void wrap_manages_locked(MONITOR2 *table)
{
    make_lock();
    table->pfnXcvDataPort = locked_xcv;
    table->pfnEnumPorts = locked_enum;
}

static _Atomic bool managing;

XCV_BREAK(says_that_it_manages)
{
    atomic_store(&managing, true);
    DWORD code = REAL_XCV();
    atomic_store(&managing, false);
    return code;
}

ENUM_BREAK(lists_nothing_then)
{
    if (atomic_load(&managing)) {
        *needed = *returned = 0;
        platen_os_set_last_error(PLATEN_BUSY);
        return FALSE;
    }
    return REAL_ENUM();
}

static void wrap_busy_then(MONITOR2 *table)
{
    atomic_store(&managing, false);
    table->pfnXcvDataPort = says_that_it_manages;
    table->pfnEnumPorts = lists_nothing_then;
}

/* ---- R22: while ports come and go
 * ------------------------------------------------------------------ */

static _Atomic bool enough; /* nobody need come and go any more */

static void come_and_go(struct trial *t, const WCHAR *name)
{
    HANDLE xcv;
    DWORD needed;
    if (t->m.pfnXcvOpenPort(t->monitor, TEXT(""), ADMIN, &xcv)) {
        while (!atomic_load(&enough)) {
            PBYTE input = (PBYTE)text_of(name);
            DWORD size = probe_bytes(name);
            t->m.pfnXcvDataPort(xcv, TEXT("AddPort"), input, size, NULL, 0, &needed);
            t->m.pfnXcvDataPort(xcv, TEXT("DeletePort"), input, size, NULL, 0, &needed);
        }
        t->m.pfnXcvClosePort(xcv);
    }
}

static void first_comes(struct trial *t)
{
    come_and_go(t, TEXT("SIM:first of all"));
}

static void second_comes(struct trial *t)
{
    come_and_go(t, TEXT("SIM:2"));
}

/* Is every name of level 1 inside the buffer, with its end? */
static bool is_sound(const unsigned char *buffer, DWORD size, DWORD count)
{
    const unsigned char *array_end = buffer + count * sizeof(PORT_INFO_1W);
    for (DWORD i = 0; i < count; i++) {
        PORT_INFO_1W info;
        memcpy(&info, buffer + i * sizeof info, sizeof info);
        const unsigned char *name = (const unsigned char *)info.pName;
        if (name < array_end || name + 2 > buffer + size ||
            name + probe_bytes(info.pName) > buffer + size) {
            return false;
        }
    }
    return true;
}

/* An answer is whole, or 122 and the size of that moment. Memory is small, so that both occur. */
static bool one_answer(struct trial *t, unsigned round)
{
    unsigned char *buffer = probe_canary(4096);
    DWORD size = round % 2 == 0 ? 4096 : listed.needed;
    listed = probe_enum(t, NULL, 1, buffer, size);
    if (!listed.ok) {
        return KEPT(t, listed.error == PLATEN_INSUFFICIENT_BUFFER && listed.returned == 0,
                    "EnumPorts failed with %u", (unsigned)listed.error);
    }
    return KEPT(t, probe_intact() && is_sound(buffer, size, listed.returned),
                "an answer that is not whole, with %u ports", (unsigned)listed.returned) &&
           KEPT(t, listed.returned >= 1 && listed.returned <= 8, "%u ports",
                (unsigned)listed.returned);
}

/* Until ports have come and gone in between often enough, on however few processors. */
static void list_in_a_crowd(struct trial *t)
{
    uint64_t until = platen_os_now() + UINT64_C(30000000000);
    unsigned round = 0;
    unsigned changes = 0;
    DWORD before = listed.needed = 0;
    atomic_store(&enough, false);
    probe_aside(t, first_comes, 0);
    probe_aside(t, second_comes, 0);
    while (t->breach[0] == '\0' && (round < ROUNDS || changes < CHANGES)) {
        one_answer(t, round++);
        changes += listed.needed != before;
        before = listed.needed;
        KEPT(t, platen_os_now() < until, "ports come and go too rarely");
    }
    atomic_store(&enough, true);
    probe_join();
    if (t->breach[0] == '\0') {
        KEPT(t, !trial_lists(t, TEXT("SIM:2")) && !trial_lists(t, TEXT("SIM:first of all")),
             "a port stays that was deleted");
    }
}

/* Ports go, their names in the answer go with them: copied too late, so there are none. */
ENUM_BREAK(copies_too_late)
{
    BOOL ok = REAL_ENUM();
    if (ok && *returned > 0 && level == 1) {
        WCHAR *gone = NULL;
        memcpy(ports + (*returned - 1) * sizeof(PORT_INFO_1W), &gone, sizeof gone);
    }
    return ok;
}

ENUM_BREAK(gives_up_when_it_grew)
{
    static _Atomic DWORD before;
    BOOL ok = REAL_ENUM();
    DWORD last = atomic_exchange(&before, *needed);
    if (ok && last != 0 && last != *needed) {
        *returned = 0;
        platen_os_set_last_error(PLATEN_INVALID_DATA);
        return FALSE;
    }
    return ok;
}

WRAP(wrap_too_late, pfnEnumPorts, copies_too_late)
WRAP(wrap_gives_up, pfnEnumPorts, gives_up_when_it_grew)

/* ---- R71 ---------------------------------------------------------------------------------------
 */

static DWORD xcv_codes[4];

static void manage(struct trial *t)
{
    static const WCHAR name[] = TEXT("SIM:beside");
    static const WCHAR *const commands[] = {TEXT("AddPort"), TEXT("PortExists"), TEXT("DeletePort"),
                                            TEXT("MonitorUI")};
    HANDLE xcv = NULL;
    DWORD needed;
    BYTE output[64];
    t->m.pfnXcvOpenPort(t->monitor, TEXT("SIM:trial"), ADMIN, &xcv);
    for (unsigned i = 0; i < 4; i++) {
        xcv_codes[i] = t->m.pfnXcvDataPort(xcv, commands[i], (PBYTE)text_of(name), sizeof name,
                                           output, sizeof output, &needed);
    }
    t->m.pfnXcvClosePort(xcv);
}

static void xcv_beside_stuck(struct trial *t)
{
    if (KEPT(t, beside_stuck(t, manage), "Xcv is not back in 2 seconds")) {
        for (unsigned i = 0; i < 4; i++) {
            KEPT(t, xcv_codes[i] == 0, "command %u: %u", i, (unsigned)xcv_codes[i]);
        }
    }
}

static void wrap_xcv_locked(MONITOR2 *table)
{
    make_lock();
    table->pfnWritePort = locked_write;
    table->pfnXcvDataPort = locked_xcv;
}

static void wrap_xcv_open_locked(MONITOR2 *table)
{
    make_lock();
    table->pfnWritePort = locked_write;
    table->pfnXcvOpenPort = locked_xcv_open;
}

XCV_BREAK(refuses_while_printing)
{
    bool printing = platen_sim_received(trial_now_running()->device) == 4;
    return printing ? PLATEN_BUSY : REAL_XCV();
}

WRAP(wrap_refuses, pfnXcvDataPort, refuses_while_printing)

const struct trial_case trial_stall_cases[] = {
    {.rule = "R22",
     .about = "listing beside a stuck port",
     .probe = list_beside_stuck,
     .real_clock = true,
     .breaks = {{.how = "one lock for writing and listing", .wrap = wrap_lists_locked},
                {.how = "asks each port first", .wrap = wrap_asks_ports}}},
    {.rule = "R22",
     .about = "listing while the monitor waits for the spooler",
     .probe = list_in_calls_back,
     .real_clock = true,
     .breaks = {{.how = "one lock for managing and listing", .wrap = wrap_manages_locked},
                {.how = "lists nothing then", .wrap = wrap_busy_then}}},
    {.rule = "R22",
     .about = "listing while ports come and go",
     .probe = list_in_a_crowd,
     .real_clock = true,
     .breaks = {{.how = "copies names when they are gone", .wrap = wrap_too_late},
                {.how = "gives up when the list has changed", .wrap = wrap_gives_up}}},
    {.rule = "R71",
     .about = "Xcv beside a stuck port",
     .probe = xcv_beside_stuck,
     .real_clock = true,
     .breaks = {{.how = "one lock for writing and Xcv", .wrap = wrap_xcv_locked},
                {.how = "one lock for writing and XcvOpenPort", .wrap = wrap_xcv_open_locked},
                {.how = "170 while something prints", .wrap = wrap_refuses}}},
    {.rule = NULL},
};
