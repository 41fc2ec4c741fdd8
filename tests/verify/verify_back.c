/* SPDX-License-Identifier: MIT
 *
 * What the verifying monitor asks of its spooler in return: winspool from everywhere (R96, R106,
 * R107, R108), the user's identity (R119), and MONITORINIT for ever (R84).
 */
#include "verify.h"

#include <stdlib.h>
#include <string.h>

#include "os/clock.h"

#define PATIENCE      (3600 * UINT64_C(1000000000)) /* on the spooler's clock */
#define REAL_PATIENCE (30 * UINT64_C(1000000000))   /* where there is none */

/* ---- jobs ------------------------------------------------------------------------------------ */

static LPWSTR text_of(const char16_t *text)
{
    return (LPWSTR)(uintptr_t)text;
}

static uint32_t ask(struct verify *v, HANDLE printer, DWORD job, DWORD *status)
{
    DWORD needed = 0;

    if (v->spl->GetJobW(printer, job, 1, NULL, 0, &needed))
        return PLATEN_INVALID_DATA;
    uint32_t code = v->spl->GetLastError();
    if (code != PLATEN_INSUFFICIENT_BUFFER || needed < sizeof(JOB_INFO_1W))
        return code != 0 ? code : PLATEN_INVALID_DATA;
    JOB_INFO_1W *info = calloc(1, needed);
    if (info == NULL)
        return PLATEN_NOT_ENOUGH_MEMORY;
    code = v->spl->GetJobW(printer, job, 1, (LPBYTE)info, needed, &needed) ? 0
                                                                           : v->spl->GetLastError();
    *status = info->Status;
    free(info);
    return code;
}

uint32_t verify_job_status(struct verify *v, const char16_t *printer, DWORD job, DWORD *status)
{
    HANDLE handle;

    *status = 0;
    if (!v->spl->OpenPrinterW(text_of(printer), &handle, NULL))
        return v->spl->GetLastError();
    uint32_t code = ask(v, handle, job, status);
    v->spl->ClosePrinter(handle);
    return code;
}

uint32_t verify_set_job(struct verify *v, const char16_t *printer, DWORD job, DWORD command)
{
    HANDLE handle;
    uint32_t code = 0;

    if (!v->spl->OpenPrinterW(text_of(printer), &handle, NULL))
        return v->spl->GetLastError();
    if (!v->spl->SetJobW(handle, job, 0, NULL, command))
        code = v->spl->GetLastError();
    v->spl->ClosePrinter(handle);
    return code;
}

uint32_t verify_set_port(struct verify *v, struct verify_port *port, DWORD status, DWORD severity)
{
    PORT_INFO_3W info = {.dwStatus = status, .dwSeverity = severity};

    if (status == 0) /* the next job may come before the call returns */
        atomic_store(&port->parked, false);
    if (!v->spl->SetPortW(NULL, port->name, 3, (LPBYTE)&info))
        return v->spl->GetLastError();
    if (status != 0 && severity == PORT_STATUS_TYPE_ERROR)
        atomic_store(&port->parked, true);
    return 0;
}

/* ---- everything, from everywhere (R106) ------------------------------------------------------ */

struct calls {
    struct verify *v;
    struct verify_port *port; /* NULL: the call is about none */
    _Atomic uint32_t done;    /* changes when all have returned */
};

/* The clock takes a word as plain memory. */
static const uint32_t *plain(const void *at)
{
    return at;
}

/* What a call back leads to does not call back again. */
static _Thread_local bool calling;

static void call_all(const struct calls *calls)
{
    struct verify *v = calls->v;
    const struct verify_port *port = calls->port != NULL ? calls->port : &v->ports[0];
    const char16_t *queue = port->printer[0] != 0 ? port->printer : v->queue;
    PORT_INFO_3W info = {.dwStatus = 0, .dwSeverity = PORT_STATUS_TYPE_INFO};
    DWORD needed, returned, status;

    calling = true;
    verify_job_status(v, queue, port->job, &status);
    verify_set_job(v, queue, 0x7FFFFFFF, JOB_CONTROL_SENT_TO_PRINTER);
    v->spl->SetPortW(NULL, text_of(port->name), 3, (LPBYTE)&info);
    v->spl->EnumPortsW(NULL, 1, NULL, 0, &needed, &returned);
    calling = false;
}

static void wake_caller(struct calls *calls)
{
    struct platen_clock *clock = calls->v->clock;

    atomic_store(&calls->done, 1);
    if (clock != NULL)
        clock->wake(clock, plain(&calls->done));
    else
        platen_os_wake(plain(&calls->done));
}

static void call_all_there(void *argument)
{
    struct calls *calls = argument;

    call_all(calls);
    wake_caller(calls);
}

static uint64_t patience_of(struct platen_clock *clock)
{
    return clock != NULL ? clock->now(clock) + PATIENCE : platen_os_now() + REAL_PATIENCE;
}

/* False: they have not returned in a time in which everything returns. */
static bool wait_for(const struct calls *calls, uint64_t until)
{
    struct platen_clock *clock = calls->v->clock;

    while (!atomic_load(&calls->done)) {
        uint64_t now = clock != NULL ? clock->now(clock) : platen_os_now();
        if (now >= until)
            return false;
        if (clock != NULL)
            clock->wait(clock, plain(&calls->done), 0, until);
        else
            platen_os_wait(plain(&calls->done), 0, until);
    }
    return true;
}

void verify_call_everything(struct verify *v, struct verify_port *port, const char *where)
{
    struct calls *calls = calling ? NULL : calloc(1, sizeof *calls);
    platen_os_thread *thread;

    if (calls == NULL)
        return;
    *calls = (struct calls){.v = v, .port = port};
    uint64_t until = patience_of(v->clock);
    if (platen_os_thread_start(&thread, "calls back", 0, call_all_there, calls) != 0) {
        free(calls);
        return;
    }
    if (wait_for(calls, until)) {
        platen_os_thread_join(thread);
        call_all(calls);
        free(calls);
        return;
    }
    verify_breach(v, 106, "a call back from another thread during %s does not return", where);
    platen_os_mutex_lock(&v->lock);
    if (v->stuck_count < VERIFY_DEAD) {
        v->stuck_calls[v->stuck_count] = calls;
        v->stuck[v->stuck_count++] = thread;
    }
    platen_os_mutex_unlock(&v->lock);
}

/* ---- identity (R119, D9) --------------------------------------------------------------------- */

void verify_check_revert(struct verify *v, const char *where)
{
    HANDLE token = v->spl->RevertToPrinterSelf();

    if (token == NULL)
        verify_breach(v, 119, "RevertToPrinterSelf in %s gives no token", where);
    else if (!v->spl->ImpersonatePrinterClient(token))
        verify_breach(v, 119, "ImpersonatePrinterClient in %s refuses the token", where);
}

/* ---- MONITORINIT (R84) ----------------------------------------------------------------------- */

/* Follows no pointer before it is known to be the one that was given. */
void verify_check_init(struct verify *v, const char *where)
{
    static const char16_t value[] = u"Verify";
    DWORD kept = 0, size = sizeof kept;

    if (v->init == NULL || !v->store_works)
        return;
    if (memcmp(v->init, &v->init_copy, sizeof v->init_copy) != 0) {
        verify_breach(v, 84, "MONITORINIT has changed by %s", where);
        return;
    }
    const MONITORREG *store = v->init->pMonitorReg;
    if (memcmp(store, &v->registry_copy, sizeof v->registry_copy) != 0) {
        verify_breach(v, 84, "MONITORREG has changed by %s", where);
        return;
    }
    LONG code = store->fpQueryValue(v->init->hckRegistryRoot, value, NULL, (PBYTE)&kept, &size,
                                    v->init->hSpooler);
    if (code != 0 || kept != 83)
        verify_breach(v, 84, "the root key says %d in %s", (int)code, where);
}

void verify_on_thread(void (*body)(void *argument), void *argument)
{
    platen_os_thread *thread;

    if (platen_os_thread_start(&thread, "verify", 0, body, argument) == 0)
        platen_os_thread_join(thread);
}
