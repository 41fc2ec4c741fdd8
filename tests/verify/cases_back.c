/* SPDX-License-Identifier: MIT
 *
 * R106, R107: calls back return, wherever they come from, and tell of what becomes of the job.
 */
#include "break.h"

#include <string.h>

/* ---- R106 --------------------------------------------------------------------------------------
 */

static void prepare_everywhere(struct stage *s)
{
    s->v.calls_back = ~0u;
}

static void play_everything(struct stage *s)
{
    uint32_t error;

    stage_print(s, 1, 200);
    platen_xcv *xcv = stage_xcv(s, ",XcvMonitor Verify");
    if (xcv == NULL)
        return;
    stage_port_command(s, xcv, "AddPort", u"V9:", &error);
    platen_xcv_close(xcv);
    stage_print(s, 2, 100);
}

/* A lock that is held while the monitor is called, and wanted when it calls back. Who waits for it
 * waits longer than anybody has patience; once is enough. */
static _Atomic uint64_t holder;

static void want_lock(void)
{
    uint64_t held = atomic_load(&holder);

    if (held == 0 || held == platen_os_thread_id() || !stage_once())
        return;
    stage_clock_pass(&stage_now()->clock, 7200 * SECOND);
    while (atomic_load(&holder) != 0)
        platen_os_thread_yield();
}

START_BREAK(start_locked)
{
    atomic_store(&holder, platen_os_thread_id());
    BOOL fine = REAL_START();
    atomic_store(&holder, 0);
    return fine;
}

WRITE_BREAK(write_locked)
{
    atomic_store(&holder, platen_os_thread_id());
    BOOL fine = REAL_WRITE();
    atomic_store(&holder, 0);
    return fine;
}

END_BREAK(end_locked)
{
    atomic_store(&holder, platen_os_thread_id());
    BOOL fine = REAL_END();
    atomic_store(&holder, 0);
    return fine;
}

XCV_BREAK(xcv_locked)
{
    atomic_store(&holder, platen_os_thread_id());
    DWORD status = REAL_XCV();
    atomic_store(&holder, 0);
    return status;
}

static BOOL WINAPI open_printer_locked(LPWSTR name, PHANDLE handle, LPVOID defaults)
{
    want_lock();
    return stage_spl->OpenPrinterW(name, handle, defaults);
}

static BOOL WINAPI set_job_locked(HANDLE printer, DWORD job, DWORD level, LPBYTE info,
                                  DWORD command)
{
    want_lock();
    return stage_spl->SetJobW(printer, job, level, info, command);
}

static BOOL WINAPI set_port_locked(LPWSTR server, LPWSTR port, DWORD level, LPBYTE info)
{
    want_lock();
    return stage_spl->SetPortW(server, port, level, info);
}

static BOOL WINAPI enum_ports_locked(LPWSTR server, DWORD level, LPBYTE ports, DWORD size,
                                     LPDWORD needed, LPDWORD returned)
{
    want_lock();
    return stage_spl->EnumPortsW(server, level, ports, size, needed, returned);
}

WRAP(hold_in_start, pfnStartDocPort, start_locked)
WRAP(hold_in_write, pfnWritePort, write_locked)
WRAP(hold_in_end, pfnEndDocPort, end_locked)
WRAP(hold_in_xcv, pfnXcvDataPort, xcv_locked)

static void want_in_open(PLATEN_IMPORTS *imports)
{
    imports->OpenPrinterW = open_printer_locked;
}

static void want_in_set_job(PLATEN_IMPORTS *imports)
{
    imports->SetJobW = set_job_locked;
}

static void want_in_set_port(PLATEN_IMPORTS *imports)
{
    imports->SetPortW = set_port_locked;
}

static void want_in_enum(PLATEN_IMPORTS *imports)
{
    imports->EnumPortsW = enum_ports_locked;
}

/* ---- R107 --------------------------------------------------------------------------------------
 */

static void poll(struct verify *v, const struct verify_port *port, DWORD wanted)
{
    DWORD status;
    uint32_t code = verify_job_status(v, port->printer, port->job, &status);

    if (code != 0 || !(status & wanted))
        verify_breach(v, 107, "%s, and GetJob says %u with status %#x",
                      wanted == JOB_STATUS_RESTART ? "restarted" : "cancelled", (unsigned)code,
                      (unsigned)status);
}

static uint32_t cancel_and_poll(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    if (at == VERIFY_WRITE && port->offset == 64) {
        platen_job_cancel(stage_now()->spooler, port->job);
        atomic_store(&port->stopped, true);
        poll(v, port, JOB_STATUS_DELETING);
    }
    if (at == VERIFY_END)
        poll(v, port, JOB_STATUS_DELETING);
    return 0;
}

static void prepare_cancel(struct stage *s)
{
    s->v.inside = cancel_and_poll;
}

static void play_cancel(struct stage *s)
{
    DWORD status;
    uint32_t job = stage_submit(s, "Printer", 3, 300);

    stage_wait(s, job);
    uint32_t code = verify_job_status(&s->v, u"Printer", job, &status);
    KEPT(s, code == PLATEN_INVALID_PARAMETER, "GetJob of a job that is gone says %u",
         (unsigned)code);
}

static uint32_t restart_and_poll(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    if (at == VERIFY_WRITE && port->offset == 64 && port->starts == 1) {
        platen_job_control(stage_now()->spooler, port->job, PLATEN_JOB_RESTART);
        atomic_store(&port->stopped, true);
        poll(v, port, JOB_STATUS_RESTART);
    }
    if (at == VERIFY_END && port->starts == 1)
        poll(v, port, JOB_STATUS_RESTART);
    return 0;
}

static void prepare_restart(struct stage *s)
{
    s->v.inside = restart_and_poll;
}

static void play_restart(struct stage *s)
{
    stage_print(s, 4, 300);
    KEPT(s, s->v.ports[0].starts == 2, "a restarted job was started %u times",
         s->v.ports[0].starts);
}

/* The status without some of its bits. */
static BOOL WINAPI get_job_without_end(HANDLE printer, DWORD job, DWORD level, LPBYTE info,
                                       DWORD size, LPDWORD needed)
{
    BOOL fine = stage_spl->GetJobW(printer, job, level, info, size, needed);

    if (fine && level == 1) {
        JOB_INFO_1W *told = (JOB_INFO_1W *)(void *)info;
        told->Status &= ~(DWORD)(JOB_STATUS_DELETING | JOB_STATUS_RESTART);
    }
    return fine;
}

static void break_status(PLATEN_IMPORTS *imports)
{
    imports->GetJobW = get_job_without_end;
}

/* A cancelled job is gone at once. */
static BOOL WINAPI get_job_gone(HANDLE printer, DWORD job, DWORD level, LPBYTE info, DWORD size,
                                LPDWORD needed)
{
    struct verify_port *port = &stage_now()->v.ports[0];

    if (atomic_load(&port->stopped))
        return fails_with(PLATEN_INVALID_PARAMETER);
    return stage_spl->GetJobW(printer, job, level, info, size, needed);
}

static void break_gone(PLATEN_IMPORTS *imports)
{
    imports->GetJobW = get_job_gone;
}

/* A job that is gone is still told of. */
static BOOL WINAPI get_job_kept(HANDLE printer, DWORD job, DWORD level, LPBYTE info, DWORD size,
                                LPDWORD needed)
{
    BOOL fine = stage_spl->GetJobW(printer, job, level, info, size, needed);

    if (fine || stage_spl->GetLastError() != PLATEN_INVALID_PARAMETER)
        return fine;
    *needed = sizeof(JOB_INFO_1W);
    if (size < *needed)
        return fails_with(PLATEN_INSUFFICIENT_BUFFER);
    memset(info, 0, sizeof(JOB_INFO_1W));
    return TRUE;
}

static void break_kept(PLATEN_IMPORTS *imports)
{
    imports->GetJobW = get_job_kept;
}

const struct stage_case stage_back_cases[] = {
    {106,
     "everything, from every function, from two threads",
     prepare_everywhere,
     play_everything,
     {{.how = "OpenPrinter waits for StartDocPort", .wrap = hold_in_start, .imports = want_in_open},
      {.how = "SetJob waits for WritePort", .wrap = hold_in_write, .imports = want_in_set_job},
      {.how = "SetPort waits for EndDocPort", .wrap = hold_in_end, .imports = want_in_set_port},
      {.how = "EnumPorts waits for XcvDataPort", .wrap = hold_in_xcv, .imports = want_in_enum}}},
    {107,
     "a cancelled job is DELETING, and then gone",
     prepare_cancel,
     play_cancel,
     {{.how = "does not tell", .imports = break_status},
      {.how = "tells of none", .imports = break_gone},
      {.how = "tells of it for ever", .imports = break_kept}}},
    {107,
     "a restarted job says RESTART",
     prepare_restart,
     play_restart,
     {{.how = "does not tell", .imports = break_status}}},
    {.rule = 0},
};
