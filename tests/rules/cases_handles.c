/* SPDX-License-Identifier: MIT
 *
 * Xcv: many handles at once, and where results are found (R69, R70).
 */
#include "break.h"
#include "os/lasterror.h"

#define LAST  ((unsigned)platen_os_get_last_error())
#define ADMIN SERVER_ACCESS_ADMINISTER

/* ---- R69 ---------------------------------------------------------------------------------------
 */

static DWORD add_on(struct trial *t, HANDLE xcv)
{
    static const WCHAR name[] = TEXT("SIM:handle");
    return probe_data(t, xcv, TEXT("AddPort"), name, sizeof name, NULL, 0).code;
}

static DWORD drop_on(struct trial *t, HANDLE xcv)
{
    static const WCHAR name[] = TEXT("SIM:handle");
    return probe_data(t, xcv, TEXT("DeletePort"), name, sizeof name, NULL, 0).code;
}

/* Each keeps its own access while the other is there, and when it has gone. */
static bool two_handles(struct trial *t)
{
    HANDLE admin = probe_xcv_open(t, ADMIN);
    HANDLE user = probe_xcv_open(t, 0);
    DWORD ours = add_on(t, admin);
    DWORD theirs = drop_on(t, user);
    DWORD first = drop_on(t, admin);
    DWORD second = add_on(t, admin);
    KEPT(t, admin != user && ours == 0 && theirs == PLATEN_ACCESS_DENIED,
         "with access 1 %u, beside it with 0 %u", (unsigned)ours, (unsigned)theirs);
    KEPT(t, first == 0 && second == 0, "after DeletePort the handle answers %u", (unsigned)second);
    KEPT(t, t->m.pfnXcvClosePort(user), "XcvClosePort failed with %u", LAST);
    ours = drop_on(t, admin);
    KEPT(t, ours == 0, "after another was closed a handle answers %u", (unsigned)ours);
    return KEPT(t, t->m.pfnXcvClosePort(admin), "XcvClosePort failed with %u", LAST);
}

static bool many_handles(struct trial *t)
{
    static HANDLE handles[500];
    unsigned count = 0;
    while (count < 500 && t->breach[0] == '\0') {
        handles[count] = probe_xcv_open(t, count % 2 == 0 ? ADMIN : 0);
        count += handles[count] != NULL;
    }
    KEPT(t,
         add_on(t, handles[0]) == 0 && drop_on(t, handles[498]) == 0 &&
             drop_on(t, handles[499]) == PLATEN_ACCESS_DENIED,
         "500 handles are mixed up");
    while (count > 0) {
        KEPT(t, t->m.pfnXcvClosePort(handles[--count]), "XcvClosePort failed with %u", LAST);
    }
    for (unsigned i = 0; i < 5000 && t->breach[0] == '\0'; i++) {
        HANDLE xcv = probe_xcv_open(t, ADMIN);
        KEPT(t, t->m.pfnXcvClosePort(xcv), "XcvClosePort failed with %u", LAST);
    }
    return t->breach[0] == '\0';
}

static void xcv_handles(struct trial *t)
{
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    platen_sim_forget(t->device);
    if (trial_start(t, port, 1) && trial_write(t, port, "be", 2, 2) && two_handles(t) &&
        many_handles(t) && trial_write(t, port, "fore", 4, 4) &&
        KEPT(t, t->m.pfnEndDocPort(port), "EndDocPort failed with %u", LAST)) {
        trial_device_has(t, "before", 6);
    }
    t->m.pfnClosePort(port);
}

static HANDLE last_handle;

XCV_OPEN_BREAK(notes_the_last)
{
    BOOL ok = REAL_XCV_OPEN();
    last_handle = *xcv;
    return ok;
}

XCV_BREAK(has_one_access)
{
    xcv = last_handle;
    return REAL_XCV();
}

static void wrap_one_access(MONITOR2 *table)
{
    table->pfnXcvOpenPort = notes_the_last;
    table->pfnXcvDataPort = has_one_access;
}

static unsigned xcv_count;

XCV_OPEN_BREAK(has_16_places)
{
    if (xcv_count >= 16) {
        *xcv = NULL;
        platen_os_set_last_error(PLATEN_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    xcv_count++;
    return REAL_XCV_OPEN();
}

static BOOL WINAPI frees_a_place(HANDLE xcv)
{
    xcv_count--;
    return trial_real()->pfnXcvClosePort(xcv);
}

static void wrap_16_places(MONITOR2 *table)
{
    xcv_count = 0;
    table->pfnXcvOpenPort = has_16_places;
    table->pfnXcvClosePort = frees_a_place;
}

static BOOL WINAPI close_is_false(HANDLE xcv)
{
    trial_real()->pfnXcvClosePort(xcv);
    return FALSE;
}

static BOOL WINAPI close_ends_a_job(HANDLE xcv)
{
    trial_real()->pfnEndDocPort(last_handle);
    return trial_real()->pfnXcvClosePort(xcv);
}

OPEN_BREAK(notes_the_port)
{
    BOOL ok = REAL_OPEN();
    last_handle = *handle;
    return ok;
}

static void wrap_ends_job(MONITOR2 *table)
{
    table->pfnOpenPort = notes_the_port;
    table->pfnXcvClosePort = close_ends_a_job;
}

XCV_BREAK(delete_ends_the_handle)
{
    DWORD code = REAL_XCV();
    if (code == 0 && probe_equal(command, TEXT("DeletePort"))) {
        trial_real()->pfnXcvClosePort(xcv);
    }
    return code;
}

WRAP(wrap_close_is_false, pfnXcvClosePort, close_is_false)
WRAP(wrap_delete_ends, pfnXcvDataPort, delete_ends_the_handle)

/* ---- R70 ---------------------------------------------------------------------------------------
 */

/* Commands whose results are known, each with last-error preset to what would mislead. */
static void results(struct trial *t)
{
    static const WCHAR name[] = TEXT("SIM:result");
    static const struct {
        const WCHAR *command;
        ACCESS_MASK access;
        DWORD size;
        DWORD code;
    } known[] = {
        {TEXT("AddPort"), 0, sizeof name, PLATEN_ACCESS_DENIED},
        {TEXT("AddPort"), ADMIN, sizeof name, 0},
        {TEXT("AddPort"), ADMIN, sizeof name, PLATEN_ALREADY_EXISTS},
        {TEXT("PortIsValid"), 0, sizeof name, 0},
        {TEXT("PortExists"), 0, sizeof name, PLATEN_INSUFFICIENT_BUFFER},
        {TEXT("MonitorUI"), 0, 0, PLATEN_INSUFFICIENT_BUFFER},
        {TEXT("NoSuchThing"), ADMIN, sizeof name, PLATEN_INVALID_PARAMETER},
        {TEXT("DeletePort"), ADMIN, sizeof name, 0},
        {TEXT("DeletePort"), ADMIN, sizeof name, PLATEN_FILE_NOT_FOUND},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known && t->breach[0] == '\0'; i++) {
        HANDLE xcv = probe_xcv_open(t, known[i].access);
        platen_os_set_last_error(known[i].code == 0 ? PLATEN_ACCESS_DENIED : 0);
        DWORD code = probe_data(t, xcv, known[i].command, name, known[i].size, NULL, 0).code;
        KEPT(t, code == known[i].code, "command %u: %u, not %u", (unsigned)i, (unsigned)code,
             (unsigned)known[i].code);
        t->m.pfnXcvClosePort(xcv);
    }
}

XCV_BREAK(is_a_bool)
{
    DWORD code = REAL_XCV();
    platen_os_set_last_error(code);
    return code == 0;
}

XCV_BREAK(fails_with_one_code)
{
    DWORD code = REAL_XCV();
    platen_os_set_last_error(code);
    return code == 0 ? 0 : PLATEN_CAN_NOT_COMPLETE;
}

XCV_BREAK(returns_last_error)
{
    DWORD code = REAL_XCV();
    if (code != 0) {
        platen_os_set_last_error(code);
    }
    return platen_os_get_last_error();
}

WRAP(wrap_is_bool, pfnXcvDataPort, is_a_bool)
WRAP(wrap_one_code, pfnXcvDataPort, fails_with_one_code)
WRAP(wrap_last_error, pfnXcvDataPort, returns_last_error)

const struct trial_case trial_handle_cases[] = {
    {.rule = "R69",
     .about = "Xcv handles beside each other",
     .probe = xcv_handles,
     .breaks = {{.how = "has one access for all handles", .wrap = wrap_one_access},
                {.how = "has 16 places", .wrap = wrap_16_places},
                {.how = "XcvClosePort is FALSE", .wrap = wrap_close_is_false},
                {.how = "XcvClosePort ends a job", .wrap = wrap_ends_job},
                {.how = "a handle ends with DeletePort", .wrap = wrap_delete_ends}}},
    {.rule = "R70",
     .about = "results are return values",
     .probe = results,
     .breaks = {{.how = "returns a BOOL", .wrap = wrap_is_bool},
                {.how = "returns one code for all failures", .wrap = wrap_one_code},
                {.how = "returns a last-error that it did not clear", .wrap = wrap_last_error}}},
    {.rule = NULL},
};
