/* SPDX-License-Identifier: MIT
 *
 * The verifying monitor's jobs: StartDocPort, WritePort, EndDocPort, and what they brought.
 */
#include "verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SPINNING 20 /* answers in a row that took nothing and that no time lay between (R100) */

/* ---- documents ------------------------------------------------------------------------------- */

/* Any part of it says where in the document it belongs. */
static uint8_t byte_at(uint32_t seed, uint64_t offset)
{
    uint64_t mixed = (offset + 1) * UINT64_C(0x9E3779B97F4A7C15) + seed * UINT64_C(0xBF58476D1CE4);

    return (uint8_t)(mixed >> 40 ^ mixed >> 56);
}

void verify_bytes(uint32_t seed, uint64_t offset, void *to, size_t size)
{
    uint8_t *at = to;

    for (size_t i = 0; i < size; i++)
        at[i] = byte_at(seed, offset + i);
}

void verify_title(uint32_t seed, uint64_t size, char *title)
{
    snprintf(title, VERIFY_NAME, "verify %" PRIu32 " %" PRIu64, seed, size);
}

static struct verify_document document_of(const char16_t *title)
{
    struct verify_document document = {.known = false};
    char plain[VERIFY_NAME * 3];

    if (title == NULL)
        return document;
    platen_text_to8(title, SIZE_MAX, plain, sizeof plain);
    document.known =
        sscanf(plain, "verify %" SCNu32 " %" SCNu64, &document.seed, &document.size) == 2;
    return document;
}

/* ---- StartDocPort ---------------------------------------------------------------------------- */

static void check_start_order(struct verify_port *port, DWORD job)
{
    struct verify *v = port->v;

    if (port->in_doc && job == port->job)
        verify_breach(v, 94, "StartDocPort of a job that is under way");
    else if (port->in_doc)
        verify_breach(v, 95 | ALSO(94), "StartDocPort, and the job before was never ended");
    if (atomic_load(&port->parked))
        verify_breach(v, 108, "StartDocPort on a port that SetPort has stopped");
}

/* Level 2 begins with level 1. */
static bool check_start(struct verify *v, LPWSTR printer, DWORD job, DWORD level, const void *info)
{
    const DOC_INFO_1W *doc = info;

    if ((level != 1 && level != 2) || doc == NULL || job == 0) {
        verify_breach(v, 96, "StartDocPort with level %u, job %u", (unsigned)level, (unsigned)job);
        return false;
    }
    return verify_text(v, 96, "StartDocPort's printer", printer, false) &&
           verify_text(v, 96, "pDocName", doc->pDocName, true) &&
           verify_text(v, 96, "pOutputFile", doc->pOutputFile, true) &&
           verify_text(v, 96, "pDatatype", doc->pDatatype, true);
}

static void check_job(struct verify *v, const char16_t *printer, DWORD job)
{
    DWORD status;
    uint32_t code = verify_job_status(v, printer, job, &status);

    if (code != 0)
        verify_breach(v, 96, "GetJob says %u to StartDocPort's printer and job", (unsigned)code);
}

static void begin(struct verify_port *port, DWORD job, const void *info)
{
    const DOC_INFO_1W *doc = info;

    port->document = document_of(doc->pDocName);
    port->job = job;
    port->thread = platen_os_thread_id();
    port->offset = 0;
    port->last = VERIFY_ALL;
    port->zeros = 0;
    atomic_store(&port->stopped, false);
}

static uint32_t start_below(struct verify_port *port, LPWSTR printer, DWORD job, DWORD level,
                            LPBYTE info)
{
    uint32_t code = 0;

    if (!port->stacked)
        return 0;
    verify_above = port->v;
    if (!port->below_table.pfnStartDocPort(port->below_handle, printer, job, level, info))
        code = port->v->spl->GetLastError();
    verify_above = NULL;
    return code;
}

BOOL WINAPI verify_StartDocPort(HANDLE handle, LPWSTR printer, DWORD job, DWORD level, LPBYTE info)
{
    struct verify_port *port = verify_port_of(handle, "StartDocPort");

    if (port == NULL)
        return FALSE;
    struct verify *v = port->v;
    verify_check_way(port, "StartDocPort");
    check_start_order(port, job);
    if (!check_start(v, printer, job, level, info))
        return verify_answer(v, PLATEN_INVALID_PARAMETER);
    verify_copy_text(port->printer, printer);
    begin(port, job, info);
    uint32_t code = verify_enter(v, VERIFY_START, port);
    check_job(v, printer, job);
    if (code == 0)
        code = start_below(port, printer, job, level, info);
    port->refused = code != 0;
    port->in_doc = code == 0;
    port->starts += code == 0;
    port->refusals += code != 0;
    verify_leave(v, port);
    return verify_answer(v, code);
}

/* ---- WritePort ------------------------------------------------------------------------------- */

/* Which rule does a call break that does not bring what should come now? */
static unsigned rule_of_stream(const struct verify_port *port)
{
    static const unsigned rules[] = {
        [VERIFY_ALL] = 99, [VERIFY_SHORT] = 99, [VERIFY_ZERO] = 100, [VERIFY_FALSE] = 101};

    return rules[port->last];
}

/* Touches every byte, known or not (R98). */
static void check_bytes(struct verify_port *port, const uint8_t *data, DWORD size)
{
    const struct verify_document *document = &port->document;
    volatile uint8_t seen = 0;
    bool same = true;

    for (DWORD i = 0; i < size; i++) {
        seen = data[i];
        same = same && seen == byte_at(document->seed, port->offset + i);
    }
    if (!document->known)
        return;
    if (!same)
        verify_breach(port->v, rule_of_stream(port), "WritePort at %" PRIu64 " brings other bytes",
                      port->offset);
    else if (port->offset + size > document->size)
        verify_breach(port->v, rule_of_stream(port), "WritePort beyond the end of the document");
    else if (port->last == VERIFY_SHORT && size != port->rest)
        verify_breach(port->v, 99, "%u bytes were left, and %u come", (unsigned)port->rest,
                      (unsigned)size);
}

static bool check_write(struct verify_port *port, const BYTE *data, DWORD size,
                        const DWORD *written)
{
    struct verify *v = port->v;

    if (!port->in_doc && port->above == NULL) {
        verify_breach(v, port->refused ? 97 : 98, "WritePort outside a job");
        return false;
    }
    if (data == NULL || size == 0 || written == NULL) {
        verify_breach(v, 98, "WritePort with NULL, or with no bytes");
        return false;
    }
    if (port->thread != platen_os_thread_id())
        verify_breach(v, 102, "one job on two threads");
    if (port->last == VERIFY_FALSE && port->last_code == PLATEN_PRINT_CANCELLED)
        verify_breach(v, 101, "WritePort after 63");
    check_bytes(port, data, size);
    return true;
}

static void note_zero(struct verify_port *port)
{
    struct platen_clock *clock = port->v->clock;
    uint64_t now = clock != NULL ? clock->now(clock) : 0;

    if (port->zeros++ == 0)
        port->zeros_since = now;
    if (clock != NULL && port->zeros == SPINNING && now == port->zeros_since)
        verify_breach(port->v, 100, "%u WritePorts that took nothing, and no pause", SPINNING);
}

static void note(struct verify_port *port, uint32_t code, DWORD size, DWORD accepted)
{
    port->offset += accepted;
    port->rest = size - accepted;
    port->last = code != 0         ? VERIFY_FALSE
                 : accepted == 0   ? VERIFY_ZERO
                 : accepted < size ? VERIFY_SHORT
                                   : VERIFY_ALL;
    port->last_code = code;
    if (port->last == VERIFY_ZERO)
        note_zero(port);
    else
        port->zeros = 0;
}

/* What a language monitor could not get rid of it has not taken either. */
static uint32_t write_below(struct verify_port *port, LPBYTE data, DWORD size, DWORD *accepted)
{
    uint32_t code = 0;

    *accepted = 0;
    verify_above = port->v;
    if (!port->below_table.pfnWritePort(port->below_handle, data, size, accepted))
        code = port->v->spl->GetLastError();
    verify_above = NULL;
    return code;
}

static uint32_t take(struct verify_port *port, LPBYTE data, DWORD size, DWORD *accepted)
{
    struct verify *v = port->v;

    if (port->stacked)
        return write_below(port, data, size, accepted);
    *accepted = v->accept != NULL ? v->accept(v, port, size) : size;
    if (*accepted > size)
        *accepted = size;
    return 0;
}

BOOL WINAPI verify_WritePort(HANDLE handle, LPBYTE data, DWORD size, LPDWORD written)
{
    struct verify_port *port = verify_port_of(handle, "WritePort");
    DWORD accepted = 0;

    if (port == NULL)
        return FALSE;
    struct verify *v = port->v;
    verify_check_way(port, "WritePort");
    if (!check_write(port, data, size, written))
        return verify_answer(v, PLATEN_INVALID_PARAMETER);
    port->writes++;
    uint32_t code = verify_enter(v, VERIFY_WRITE, port);
    if (code == 0)
        code = take(port, data, size, &accepted);
    note(port, code, size, accepted);
    *written = accepted;
    verify_leave(v, port);
    if (code == 0)
        v->spl->SetLastError(PLATEN_ACCESS_DENIED); /* means nothing beside TRUE (R99) */
    return verify_answer(v, code);
}

/* ---- EndDocPort ------------------------------------------------------------------------------ */

static bool was_stopped(struct verify_port *port)
{
    DWORD status = 0;
    const DWORD reasons = JOB_STATUS_DELETING | JOB_STATUS_DELETED | JOB_STATUS_RESTART;
    uint32_t code = verify_job_status(port->v, port->printer, port->job, &status);

    return atomic_load(&port->stopped) || code != 0 || (status & reasons) != 0;
}

/* An end before the end needs a reason. */
static void check_end(struct verify_port *port)
{
    bool short_of = port->document.known && port->offset < port->document.size;

    if (port->thread != platen_os_thread_id())
        verify_breach(port->v, 102, "one job on two threads");
    if (short_of && port->last != VERIFY_FALSE && !was_stopped(port))
        verify_breach(port->v, rule_of_stream(port),
                      "EndDocPort after %" PRIu64 " of %" PRIu64 " bytes, for no reason",
                      port->offset, port->document.size);
}

static uint32_t end_below(struct verify_port *port)
{
    uint32_t code = 0;

    if (!port->stacked)
        return 0;
    verify_above = port->v;
    if (!port->below_table.pfnEndDocPort(port->below_handle))
        code = port->v->spl->GetLastError();
    verify_above = NULL;
    return code;
}

static void complete(struct verify_port *port)
{
    struct verify *v = port->v;

    if (v->completes == 0)
        return;
    uint32_t code = verify_set_job(v, port->printer, port->job, v->completes);
    if (code != 0)
        verify_breach(v, 96, "SetJob says %u to StartDocPort's printer and job", (unsigned)code);
}

BOOL WINAPI verify_EndDocPort(HANDLE handle)
{
    struct verify_port *port = verify_port_of(handle, "EndDocPort");

    if (port == NULL)
        return FALSE;
    struct verify *v = port->v;
    if (!port->in_doc) {
        verify_breach(v, port->refused ? 95 : 94 | ALSO(95), "EndDocPort without a job");
        return TRUE;
    }
    verify_check_way(port, "EndDocPort");
    check_end(port);
    uint32_t code = verify_enter(v, VERIFY_END, port);
    uint32_t below = end_below(port);
    complete(port);
    port->in_doc = false;
    port->ends++;
    verify_leave(v, port);
    return verify_answer(v, code != 0 ? code : below);
}
