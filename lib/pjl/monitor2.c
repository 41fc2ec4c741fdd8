/* SPDX-License-Identifier: MIT
 *
 * The edge: the functions of MONITOR2 that a language monitor has (contract 1.1). Each one zeroes
 * what it gives back, turns the handle into an object, calls one plain function, and turns its
 * Win32 code into BOOL and last-error. What it does not know goes to the port monitor unchanged
 * (R82).
 */
#include <platen/errors.h>

#include "handle.h"
#include "imports.h"
#include "monitor2.h"
#include "port.h"

struct call {
    uintptr_t handle;
    struct pjl_port *port;
};

static bool enter(struct call *call, HANDLE handle)
{
    call->handle = (uintptr_t)handle;
    call->port = handle_acquire(call->handle, HANDLE_PORT);
    return call->port != NULL;
}

/* A call that leads to nothing. */
static BOOL refuse(uint32_t code)
{
    imports_set_last_error(code);
    return FALSE;
}

/* Last-error is set at the very end, for the port may be destroyed here. */
static BOOL leave(const struct call *call, uint32_t code)
{
    VOID(WINAPI * set_last_error)(DWORD) = call->port->instance->imports.SetLastError;
    handle_release(call->handle);
    if (code)
        set_last_error(code);
    return code == 0;
}

/* ---- opening and closing ------------------------------------------------------------------- */

static BOOL WINAPI PjlOpenPortEx(HANDLE hMonitor, HANDLE hMonitorPort, LPWSTR pPortName,
                                 LPWSTR pPrinterName, PHANDLE pHandle, MONITOR2 *pMonitor2)
{
    uintptr_t port = 0;

    (void)pPrinterName; /* StartDocPort brings the one that counts */
    if (!pHandle)
        return refuse(PLATEN_INVALID_PARAMETER);
    *pHandle = NULL;
    if (!pPortName || !*pPortName || !pMonitor2)
        return refuse(PLATEN_INVALID_PARAMETER);
    struct pjl_instance *instance = handle_acquire((uintptr_t)hMonitor, HANDLE_INSTANCE);
    if (!instance)
        return refuse(PLATEN_INVALID_HANDLE);
    VOID(WINAPI * set_last_error)(DWORD) = instance->imports.SetLastError;
    uint32_t code = pjl_port_open(instance, hMonitorPort, pPortName, pMonitor2, &port);
    handle_release((uintptr_t)hMonitor);
    *pHandle = (HANDLE)port;
    if (code)
        set_last_error(code);
    return code == 0;
}

static BOOL WINAPI PjlClosePort(HANDLE hPort)
{
    uint32_t code = pjl_port_close((uintptr_t)hPort);
    return code ? refuse(code) : TRUE;
}

static VOID WINAPI PjlShutdown(HANDLE hMonitor)
{
    pjl_instance_shutdown((uintptr_t)hMonitor);
}

/* ---- jobs ---------------------------------------------------------------------------------- */

static BOOL WINAPI PjlStartDocPort(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                   LPBYTE pDocInfo)
{
    struct pjl_document document = {pPrinterName, JobId, Level, pDocInfo};
    struct call call;
    if (!enter(&call, hPort))
        return refuse(PLATEN_INVALID_HANDLE);
    if (Level != 1 && Level != 2)
        return leave(&call, PLATEN_INVALID_LEVEL); /* R31 */
    return leave(&call, pjl_job_start(call.port, &document));
}

static BOOL WINAPI PjlWritePort(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    struct call call;
    uint32_t moved;

    if (!pcbWritten)
        return refuse(PLATEN_INVALID_PARAMETER);
    *pcbWritten = 0;
    if (!enter(&call, hPort))
        return refuse(PLATEN_INVALID_HANDLE);
    uint32_t code = pjl_job_write(call.port, pBuffer, cbBuf, &moved);
    *pcbWritten = moved;
    return leave(&call, code);
}

static BOOL WINAPI PjlReadPort(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuffer, LPDWORD pcbRead)
{
    struct call call;
    uint32_t moved;

    if (!pcbRead)
        return refuse(PLATEN_INVALID_PARAMETER);
    *pcbRead = 0;
    if (!enter(&call, hPort))
        return refuse(PLATEN_INVALID_HANDLE);
    uint32_t code = pjl_watch_read(call.port, pBuffer, cbBuffer, &moved);
    *pcbRead = moved;
    return leave(&call, code);
}

static BOOL WINAPI PjlEndDocPort(HANDLE hPort)
{
    struct call call;
    if (!enter(&call, hPort))
        return refuse(PLATEN_INVALID_HANDLE);
    return leave(&call, pjl_job_end(call.port));
}

/* ---- data ---------------------------------------------------------------------------------- */

/* A control code is the port monitor's, and so is its answer, word for word (R82). */
static BOOL forward_control(const struct call *call, DWORD ControlID, LPWSTR pValueName,
                            LPWSTR lpInBuffer, DWORD cbInBuffer, LPWSTR lpOutBuffer,
                            DWORD cbOutBuffer, LPDWORD lpcbReturned)
{
    const struct pjl_below *below = &call->port->below;
    const PLATEN_IMPORTS *imports = below->imports;
    if (!below->table.pfnGetPrinterDataFromPort)
        return leave(call, PLATEN_INVALID_PARAMETER);
    imports->SetLastError(0);
    BOOL done =
        below->table.pfnGetPrinterDataFromPort(below->port, ControlID, pValueName, lpInBuffer,
                                               cbInBuffer, lpOutBuffer, cbOutBuffer, lpcbReturned);
    uint32_t code = done ? 0 : (uint32_t)imports->GetLastError();
    return leave(call, done || code ? code : PLATEN_GEN_FAILURE);
}

static BOOL WINAPI PjlGetPrinterDataFromPort(HANDLE hPort, DWORD ControlID, LPWSTR pValueName,
                                             LPWSTR lpInBuffer, DWORD cbInBuffer,
                                             LPWSTR lpOutBuffer, DWORD cbOutBuffer,
                                             LPDWORD lpcbReturned)
{
    struct call call;
    uint32_t returned;

    if (lpcbReturned)
        *lpcbReturned = 0;
    if (!enter(&call, hPort))
        return refuse(PLATEN_INVALID_HANDLE);
    if (ControlID != 0)
        return forward_control(&call, ControlID, pValueName, lpInBuffer, cbInBuffer, lpOutBuffer,
                               cbOutBuffer, lpcbReturned);
    if (!lpcbReturned)
        return leave(&call, PLATEN_INVALID_PARAMETER);
    uint32_t code = pjl_data_get(call.port, pValueName, lpOutBuffer, cbOutBuffer, &returned);
    *lpcbReturned = returned;
    return leave(&call, code);
}

static DWORD WINAPI PjlSendRecvBidiDataFromPort(HANDLE hPort, DWORD dwAccessBit, LPCWSTR pAction,
                                                PBIDI_REQUEST_CONTAINER pReqData,
                                                PBIDI_RESPONSE_CONTAINER *ppResData)
{
    struct call call;

    if (!ppResData)
        return PLATEN_INVALID_PARAMETER;
    *ppResData = NULL;
    if (!enter(&call, hPort))
        return PLATEN_INVALID_HANDLE;
    uint32_t code = pjl_bidi(call.port, dwAccessBit, pAction, pReqData, ppResData);
    handle_release(call.handle);
    return code;
}

/* ---- the table ----------------------------------------------------------------------------- */

/* Not const: the interface predates it. Nobody writes to it (R2). */
static MONITOR2 table = {
    .cbSize = sizeof(MONITOR2),
    .pfnOpenPortEx = PjlOpenPortEx,
    .pfnStartDocPort = PjlStartDocPort,
    .pfnWritePort = PjlWritePort,
    .pfnReadPort = PjlReadPort,
    .pfnEndDocPort = PjlEndDocPort,
    .pfnClosePort = PjlClosePort,
    .pfnGetPrinterDataFromPort = PjlGetPrinterDataFromPort,
    .pfnShutdown = PjlShutdown,
    .pfnSendRecvBidiDataFromPort = PjlSendRecvBidiDataFromPort,
};

LPMONITOR2 pjl_monitor_create(PMONITORINIT init, const PLATEN_IMPORTS *imports, PHANDLE phMonitor)
{
    PLATEN_IMPORTS own;
    uintptr_t handle = 0;
    uint32_t error = PLATEN_INVALID_PARAMETER;
    if (phMonitor) {
        error = pjl_instance_create(init, imports, &handle);
        *phMonitor = (HANDLE)handle;
    }
    if (!error)
        return &table;
    imports_copy(&own, imports);
    own.SetLastError(error);
    return NULL;
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    return pjl_monitor_create(pMonitorInit, NULL, phMonitor);
}
