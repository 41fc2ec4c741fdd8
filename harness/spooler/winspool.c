/* SPDX-License-Identifier: MIT
 *
 * What monitors call: the functions of winspool and spoolss. On a lane's thread they mean the
 * lane's spooler; on others the name decides among the spoolers of the process, and a name that
 * several know is nobody's (1801, and a finding).
 */
#include <stdlib.h>

#include "call/router.h"
#include "os/lasterror.h"
#include "spooler/inside.h"

/* What RevertToPrinterSelf gives: never NULL (D9). */
static char token;

static BOOL answer(uint32_t error)
{
    if (error == 0)
        return TRUE;
    platen_os_set_last_error(error);
    return FALSE;
}

/* ---- whose call? ----------------------------------------------------------------------------- */

typedef bool (*knower)(platen_spooler *spooler, const void *name);

static void tell_ambiguous(knower knows, const void *name, const char *function)
{
    platen_spooler *at = NULL;

    while ((at = spool_process_next(at)) != NULL)
        if (knows(at, name))
            spool_say(
                at, PLATEN_EVENT_FINDING, NULL, 0,
                "%s on a thread of the monitor's own, with a name that several spoolers of this "
                "process know",
                function);
}

/* The spooler, pinned. */
static uint32_t find_spooler(knower knows, const void *name, const char *function,
                             platen_spooler **spooler)
{
    struct platen_lane *lane = platen_lane_here();
    platen_spooler *at = NULL;
    unsigned count = 0;

    *spooler = NULL;
    if (lane != NULL && lane->spooler != NULL) {
        *spooler = lane->spooler;
        spool_pin(*spooler);
        return 0;
    }
    while ((at = spool_process_next(at)) != NULL) {
        if (!knows(at, name))
            continue;
        if (count++ == 0) {
            spool_pin(at);
            *spooler = at;
        }
    }
    if (count == 1)
        return 0;
    if (*spooler != NULL)
        spool_unpin(*spooler);
    *spooler = NULL;
    if (count > 1)
        tell_ambiguous(knows, name, function);
    return PLATEN_INVALID_PRINTER_NAME;
}

static bool anybody(platen_spooler *spooler, const void *name)
{
    (void)spooler;
    (void)name;
    return true;
}

static bool knows_port(platen_spooler *spooler, const void *name)
{
    struct monitor *monitor;
    char16_t *listed;
    bool knows = spool_port_owner(spooler, name, &monitor, &listed) == 0;

    free(listed);
    return knows;
}

/* A handle that is not alive, or not what it should be. */
static uint32_t tell_dead(const char *function, HANDLE handle)
{
    platen_spooler *spooler;

    if (find_spooler(anybody, NULL, function, &spooler) == 0) {
        spool_say(spooler, PLATEN_EVENT_FINDING, NULL, 0,
                  "%s was given the handle %#llx, which is no open printer", function,
                  (unsigned long long)(uintptr_t)handle);
        spool_unpin(spooler);
    }
    return PLATEN_INVALID_HANDLE;
}

/* ---- OpenPrinter, ClosePrinter --------------------------------------------------------------- */

/* Everything is granted to who runs in the spooler; what is asked for in general is made exact. */
static uint32_t grant(const PRINTER_DEFAULTSW *defaults)
{
    uint32_t asked = defaults != NULL ? defaults->DesiredAccess : 0;
    uint32_t granted = asked & SERVER_ALL_ACCESS;

    if (asked & (MAXIMUM_ALLOWED | GENERIC_ALL))
        granted |= SERVER_ALL_ACCESS;
    if (asked & GENERIC_WRITE)
        granted |= SERVER_WRITE;
    if (asked & (GENERIC_READ | GENERIC_EXECUTE) || asked == 0)
        granted |= SERVER_READ;
    return granted;
}

static bool is_plain(const char16_t *name)
{
    return name != NULL && *name != 0 && *name != ',' && *name != '\\';
}

static struct printer *printer_by(platen_spooler *spooler, const char16_t *name)
{
    lock(spooler);
    struct printer *printer = spool_printer_named(spooler, name);
    if (printer != NULL)
        printer->refs++;
    unlock(spooler);
    return printer;
}

static bool knows_printer(platen_spooler *spooler, const void *name)
{
    lock(spooler);
    bool knows = spool_printer_named(spooler, name) != NULL;
    unlock(spooler);
    return knows;
}

static void drop_opened(const struct opened *what)
{
    platen_xcv_close(what->xcv);
    lock(what->spooler);
    spool_printer_unref(what->printer);
    unlock(what->spooler);
}

static uint32_t hand_out(const struct opened *what, PHANDLE handle)
{
    uint32_t error = spool_handle_new(what, handle);

    if (error)
        drop_opened(what);
    return error;
}

static uint32_t open_plain(platen_spooler *spooler, const char16_t *name, PHANDLE handle)
{
    struct opened what = {.spooler = spooler, .printer = printer_by(spooler, name)};

    return what.printer != NULL ? hand_out(&what, handle) : PLATEN_INVALID_PRINTER_NAME;
}

/* "", "\\server", "\\server\printer", ",XcvMonitor name" ... */
static uint32_t open_other(platen_spooler *spooler, const char *name, uint32_t granted,
                           PHANDLE handle)
{
    struct opened what = {.spooler = spooler};
    const char *rest = spool_after_server(spooler, name);

    if (rest == NULL)
        return PLATEN_INVALID_PRINTER_NAME;
    if (*rest == '\0')
        return hand_out(&what, handle);
    if (spool_xcv_named(rest)) {
        uint32_t error = spool_xcv_open(spooler, rest, granted, false, &what.xcv);
        return error ? error : hand_out(&what, handle);
    }
    char16_t *printer = platen_text_new16(rest, SIZE_MAX);
    uint32_t error = PLATEN_NOT_ENOUGH_MEMORY;
    if (printer != NULL)
        error = open_plain(spooler, printer, handle);
    free(printer);
    return error;
}

/* Could this spooler open it? */
static bool knows_other(platen_spooler *spooler, const void *name)
{
    const char *rest = spool_after_server(spooler, name);
    char16_t *printer;

    if (rest == NULL || *rest == '\0' || spool_xcv_named(rest))
        return rest != NULL && (*rest == '\0' || spool_xcv_known(spooler, rest));
    printer = platen_text_new16(rest, SIZE_MAX);
    bool knows = printer != NULL && knows_printer(spooler, printer);
    free(printer);
    return knows;
}

static uint32_t open_by_name(const char16_t *name, const PRINTER_DEFAULTSW *defaults,
                             PHANDLE handle)
{
    platen_spooler *spooler;
    char *name8 = NULL;
    uint32_t error;

    if (is_plain(name)) {
        error = find_spooler(knows_printer, name, "OpenPrinter", &spooler);
        if (!error)
            error = open_plain(spooler, name, handle);
    } else {
        name8 = platen_text_new8(name != NULL ? name : u"", SIZE_MAX);
        if (name8 == NULL)
            return PLATEN_NOT_ENOUGH_MEMORY;
        error = find_spooler(knows_other, name8, "OpenPrinter", &spooler);
        if (!error)
            error = open_other(spooler, name8, grant(defaults), handle);
    }
    free(name8);
    if (spooler != NULL)
        spool_unpin(spooler);
    return error;
}

static BOOL WINAPI open_printer(LPWSTR name, PHANDLE handle, LPVOID defaults)
{
    if (handle == NULL)
        return answer(PLATEN_INVALID_PARAMETER);
    *handle = NULL;
    return answer(open_by_name(name, defaults, handle));
}

static BOOL WINAPI close_printer(HANDLE handle)
{
    struct opened what;

    if (!spool_handle_end(handle, &what))
        return answer(tell_dead("ClosePrinter", handle));
    drop_opened(&what);
    spool_unpin(what.spooler);
    return TRUE;
}

/* ---- SetJob, GetJob -------------------------------------------------------------------------- */

/* A cancelled job that has ended is gone, as far as monitors can tell, and so is one that was
 * deleted after its end (R107). */
struct job *spool_job_on(const struct opened *where, uint32_t id)
{
    struct job *job = spool_job_find(where->spooler, id);

    if (job == NULL || job->printer != where->printer || job->deleted ||
        job->state == PLATEN_JOB_CANCELLED)
        return NULL;
    return job;
}

/* What a printer handle stands for, pinned. */
static uint32_t find_printer(const char *function, HANDLE handle, struct opened *where)
{
    if (!spool_handle_find(handle, where))
        return tell_dead(function, handle);
    if (where->printer != NULL)
        return 0;
    spool_unpin(where->spooler);
    return PLATEN_INVALID_HANDLE;
}

/* With the lock held, which each gives up for good. */
static uint32_t complete(struct job *job, DWORD command)
{
    return spool_completion_note(job, command);
}

/* What the monitor asks for is done as far as the reactions say so. */
static uint32_t ask(struct job *job, DWORD command)
{
    static const enum platen_job_command orders[SPOOL_ACTIONS] = {
        [SPOOL_PAUSE] = PLATEN_JOB_PAUSE,   [SPOOL_RESUME] = PLATEN_JOB_RESUME,
        [SPOOL_CANCEL] = PLATEN_JOB_CANCEL, [SPOOL_RESTART] = PLATEN_JOB_RESTART,
        [SPOOL_DELETE] = PLATEN_JOB_DELETE,
    };
    platen_spooler *spooler = job->printer->spooler;
    enum spool_condition condition =
        (enum spool_condition)(SPOOL_WHEN_ASKED_PAUSE + (command - JOB_CONTROL_PAUSE));
    enum spool_action action = spool_reaction(&spooler->reactions, condition);

    if (orders[action] != 0)
        return spool_job_order(job, orders[action], true);
    unlock(spooler);
    return action == SPOOL_IGNORE ? 0 : PLATEN_NOT_SUPPORTED;
}

static uint32_t refuse(struct job *job, DWORD command)
{
    (void)command;
    unlock(job->printer->spooler);
    return PLATEN_NOT_SUPPORTED;
}

static uint32_t (*const commands[])(struct job *job, DWORD command) = {
    [JOB_CONTROL_PAUSE] = ask,
    [JOB_CONTROL_RESUME] = ask,
    [JOB_CONTROL_CANCEL] = ask,
    [JOB_CONTROL_RESTART] = ask,
    [JOB_CONTROL_DELETE] = ask,
    [JOB_CONTROL_SENT_TO_PRINTER] = complete,
    [JOB_CONTROL_LAST_PAGE_EJECTED] = complete,
    [JOB_CONTROL_RETAIN] = refuse,
    [JOB_CONTROL_RELEASE] = refuse,
};

static uint32_t carry_out(const struct opened *where, uint32_t id, DWORD command)
{
    lock(where->spooler);
    struct job *job = spool_job_on(where, id);
    if (job != NULL)
        return commands[command](job, command);
    unlock(where->spooler);
    return PLATEN_INVALID_PARAMETER;
}

static uint32_t control(HANDLE handle, DWORD id, DWORD level, const BYTE *info, DWORD command)
{
    struct opened where;
    uint32_t error = find_printer("SetJob", handle, &where);

    if (error)
        return error;
    if (level != 0)
        error = PLATEN_INVALID_LEVEL;
    else if (info != NULL || command == 0 || command >= sizeof commands / sizeof *commands)
        error = PLATEN_INVALID_PARAMETER;
    else
        error = carry_out(&where, id, command);
    spool_unpin(where.spooler);
    return error;
}

static BOOL WINAPI set_job(HANDLE handle, DWORD id, DWORD level, LPBYTE info, DWORD command)
{
    return answer(control(handle, id, level, info, command));
}

static BOOL WINAPI get_job(HANDLE handle, DWORD id, DWORD level, LPBYTE info, DWORD size,
                           LPDWORD needed)
{
    struct opened where;
    uint32_t error = find_printer("GetJob", handle, &where);

    if (error)
        return answer(error);
    error = spool_jobinfo_get(&where, id, level, info, size, needed);
    spool_unpin(where.spooler);
    return answer(error);
}

/* ---- SetPort, EnumPorts ---------------------------------------------------------------------- */

static uint32_t with_spooler_of_port(const char16_t *name, const PORT_INFO_3W *info)
{
    platen_spooler *spooler;
    uint32_t error = find_spooler(knows_port, name, "SetPort", &spooler);

    if (error)
        return PLATEN_UNKNOWN_PORT;
    error = spool_port_set_status(spooler, name, info);
    spool_unpin(spooler);
    return error;
}

static BOOL WINAPI set_port(LPWSTR server, LPWSTR name, DWORD level, LPBYTE info)
{
    (void)server;
    if (level != 3)
        return answer(PLATEN_INVALID_LEVEL);
    if (name == NULL || info == NULL)
        return answer(PLATEN_INVALID_PARAMETER);
    return answer(with_spooler_of_port(name, (const PORT_INFO_3W *)(const void *)info));
}

static BOOL WINAPI enum_ports(LPWSTR server, DWORD level, LPBYTE to, DWORD size, LPDWORD needed,
                              LPDWORD returned)
{
    platen_spooler *spooler;

    (void)server;
    if (needed == NULL || returned == NULL || (to == NULL && size != 0))
        return answer(PLATEN_INVALID_PARAMETER);
    *needed = 0;
    *returned = 0;
    if (level != 1 && level != 2)
        return answer(PLATEN_INVALID_LEVEL);
    uint32_t error = find_spooler(anybody, NULL, "EnumPorts", &spooler);
    if (error)
        return answer(error);
    error = spool_portinfo_pack(spooler, level, to, size, needed, returned);
    spool_unpin(spooler);
    return answer(error);
}

/* ---- the rest -------------------------------------------------------------------------------- */

static HANDLE WINAPI revert(VOID)
{
    return &token;
}

static BOOL WINAPI impersonate(HANDLE taken)
{
    return answer(taken == &token ? 0 : PLATEN_INVALID_HANDLE);
}

static DWORD WINAPI get_last_error(void)
{
    return platen_os_get_last_error();
}

static VOID WINAPI set_last_error(DWORD code)
{
    platen_os_set_last_error(code);
}

const PLATEN_IMPORTS spool_winspool = {
    .cbSize = sizeof(PLATEN_IMPORTS),
    .GetLastError = get_last_error,
    .SetLastError = set_last_error,
    .OpenPrinterW = open_printer,
    .ClosePrinter = close_printer,
    .SetJobW = set_job,
    .GetJobW = get_job,
    .SetPortW = set_port,
    .EnumPortsW = enum_ports,
    .ImpersonatePrinterClient = impersonate,
    .RevertToPrinterSelf = revert,
    .RouterAllocBidiResponseContainer = platen_router_alloc_container,
    .RouterAllocBidiMem = platen_router_alloc_mem,
    .RouterFreeBidiResponseContainer = platen_router_free_container,
    .RouterFreeBidiMem = platen_router_free_mem,
};
