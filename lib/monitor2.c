/* SPDX-License-Identifier: MIT
 *
 * The edge: the functions of MONITOR2. Each one zeroes what it gives back, turns the handle into an
 * object, calls one plain function, and turns its Win32 code into BOOL and last-error. Handles,
 * Windows' text types and last-error end here; behind it there are objects, UTF-16 and codes.
 *
 *   PlatenWritePort -> port_write (port.c) -> the backend's write -> the system
 *
 * Wrong on purpose is survived: a pointer that must not be NULL and is gives FALSE with 87, a
 * handle that is none 6.
 */
#include <string.h>

#include <platen/errors.h>

#include "data.h"
#include "imports.h"
#include "manage.h"
#include "monitor2.h"
#include "notify.h"
#include "port.h"
#include "values.h"
#include "xcv.h"

/* A call under way: the object in use, and the instance that it belongs to. */
struct call {
    uintptr_t handle;
    struct instance *instance;
    void *object;
};

static bool enter_instance(struct call *call, HANDLE handle)
{
    call->handle = (uintptr_t)handle;
    call->object = call->instance = handle_acquire(call->handle, HANDLE_INSTANCE);
    return call->object != NULL;
}

static struct port *enter_port(struct call *call, HANDLE handle)
{
    struct port *port = handle_acquire((uintptr_t)handle, HANDLE_PORT);
    if (port)
        *call = (struct call){(uintptr_t)handle, port->instance, port};
    return port;
}

/* A call that leads to no instance. */
static BOOL refuse(uint32_t code)
{
    imports_set_last_error(code);
    return FALSE;
}

/* Ends the use. Last-error is set at the very end, for the object may be destroyed here. */
static BOOL leave(const struct call *call, uint32_t code)
{
    VOID(WINAPI * set_last_error)(DWORD) = call->instance->imports.SetLastError;
    handle_release(call->handle);
    if (code)
        set_last_error(code);
    return code == 0;
}

/* ---- ports --------------------------------------------------------------------------------- */

static BOOL WINAPI PlatenEnumPorts(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                                   DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    struct call call;
    uint32_t needed, returned;

    (void)pName; /* R18 */
    if (pcbNeeded)
        *pcbNeeded = 0;
    if (pcReturned)
        *pcReturned = 0;
    if (!pcbNeeded || !pcReturned)
        return refuse(PLATEN_INVALID_PARAMETER);
    if (!enter_instance(&call, hMonitor))
        return refuse(PLATEN_INVALID_HANDLE);
    manage_add_plugged(call.instance);
    uint32_t code = ports_pack(&call.instance->ports, Level, pPorts, cbBuf, &needed, &returned);
    *pcbNeeded = needed;
    *pcReturned = returned;
    return leave(&call, code);
}

static BOOL WINAPI PlatenOpenPort(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    struct call call;
    uintptr_t port = 0;

    if (!pHandle)
        return refuse(PLATEN_INVALID_PARAMETER);
    *pHandle = NULL;
    if (!enter_instance(&call, hMonitor))
        return refuse(PLATEN_INVALID_HANDLE);
    uint32_t code = PLATEN_INVALID_PARAMETER; /* R24 */
    if (pName && *pName)
        code = port_open(call.instance, pName, &port);
    *pHandle = (HANDLE)port;
    return leave(&call, code);
}

/* DOC_INFO_2 begins with DOC_INFO_1, and what it adds is not for monitors. */
static void take_document(struct port_document *document, LPBYTE pDocInfo)
{
    DOC_INFO_1W info = {0};
    if (pDocInfo)
        memcpy(&info, pDocInfo, sizeof(info));
    document->name = info.pDocName;
    document->output_file = info.pOutputFile;
    document->datatype = info.pDatatype;
}

static BOOL WINAPI PlatenStartDocPort(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                      LPBYTE pDocInfo)
{
    struct port_document document = {.printer = pPrinterName, .job_id = JobId};
    struct call call;
    struct port *port = enter_port(&call, hPort);
    if (!port)
        return refuse(PLATEN_INVALID_HANDLE);
    if (Level != 1 && Level != 2)
        return leave(&call, PLATEN_INVALID_LEVEL); /* R31 */
    take_document(&document, pDocInfo);
    return leave(&call, port_start(port, &document));
}

static BOOL WINAPI PlatenWritePort(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    struct call call;
    uint32_t moved;

    if (!pcbWritten)
        return refuse(PLATEN_INVALID_PARAMETER);
    *pcbWritten = 0;
    struct port *port = enter_port(&call, hPort);
    if (!port)
        return refuse(PLATEN_INVALID_HANDLE);
    uint32_t code = port_write(port, pBuffer, cbBuf, &moved);
    *pcbWritten = moved;
    return leave(&call, code);
}

static BOOL WINAPI PlatenReadPort(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuffer, LPDWORD pcbRead)
{
    struct call call;
    uint32_t moved;

    if (!pcbRead)
        return refuse(PLATEN_INVALID_PARAMETER);
    *pcbRead = 0;
    struct port *port = enter_port(&call, hPort);
    if (!port)
        return refuse(PLATEN_INVALID_HANDLE);
    uint32_t code = port_read(port, pBuffer, cbBuffer, &moved);
    *pcbRead = moved;
    return leave(&call, code);
}

static BOOL WINAPI PlatenEndDocPort(HANDLE hPort)
{
    struct call call;
    struct port *port = enter_port(&call, hPort);
    return port ? leave(&call, port_end(port)) : refuse(PLATEN_INVALID_HANDLE);
}

static BOOL WINAPI PlatenClosePort(HANDLE hPort)
{
    uint32_t code = port_close((uintptr_t)hPort);
    return code ? refuse(code) : TRUE;
}

static BOOL WINAPI PlatenSetPortTimeOuts(HANDLE hPort, LPCOMMTIMEOUTS lpCTO, DWORD reserved)
{
    struct call call;
    struct port *port = enter_port(&call, hPort);
    if (!port)
        return refuse(PLATEN_INVALID_HANDLE);
    if (!lpCTO || reserved)
        return leave(&call, PLATEN_INVALID_PARAMETER); /* R59 */
    const uint32_t times[PLATEN_TIMES] = {
        [PLATEN_READ_INTERVAL] = lpCTO->ReadIntervalTimeout,
        [PLATEN_READ_MULTIPLIER] = lpCTO->ReadTotalTimeoutMultiplier,
        [PLATEN_READ_CONSTANT] = lpCTO->ReadTotalTimeoutConstant,
        [PLATEN_WRITE_MULTIPLIER] = lpCTO->WriteTotalTimeoutMultiplier,
        [PLATEN_WRITE_CONSTANT] = lpCTO->WriteTotalTimeoutConstant,
    };
    return leave(&call, port_set_timeouts(port, times));
}

/* A value's name comes with the control code 0, and is a language monitor's business (R56). */
static BOOL WINAPI PlatenGetPrinterDataFromPort(HANDLE hPort, DWORD ControlID, LPWSTR pValueName,
                                                LPWSTR lpInBuffer, DWORD cbInBuffer,
                                                LPWSTR lpOutBuffer, DWORD cbOutBuffer,
                                                LPDWORD lpcbReturned)
{
    struct data_call data = {.code = ControlID,
                             .in = lpInBuffer,
                             .in_size = cbInBuffer,
                             .out = lpOutBuffer,
                             .out_size = cbOutBuffer};
    struct call call;

    (void)pValueName;
    if (!lpcbReturned)
        return refuse(PLATEN_INVALID_PARAMETER);
    *lpcbReturned = 0;
    struct port *port = enter_port(&call, hPort);
    if (!port)
        return refuse(PLATEN_INVALID_HANDLE);
    uint32_t code = data_ask(port, &data);
    *lpcbReturned = data.returned;
    return leave(&call, code);
}

static DWORD WINAPI PlatenSendRecvBidiDataFromPort(HANDLE hPort, DWORD dwAccessBit, LPCWSTR pAction,
                                                   PBIDI_REQUEST_CONTAINER pReqData,
                                                   PBIDI_RESPONSE_CONTAINER *ppResData)
{
    struct bidi_call bidi = {.access = dwAccessBit, .action = pAction, .request = pReqData};
    struct call call;
    PBIDI_RESPONSE_CONTAINER answer;

    if (!ppResData)
        return PLATEN_INVALID_PARAMETER;
    *ppResData = NULL; /* R72 */
    struct port *port = enter_port(&call, hPort);
    if (!port)
        return PLATEN_INVALID_HANDLE;
    uint32_t code = values_ask(port, &bidi, &answer);
    *ppResData = answer;
    handle_release(call.handle);
    return code;
}

/* ---- Xcv ----------------------------------------------------------------------------------- */

static BOOL WINAPI PlatenXcvOpenPort(HANDLE hMonitor, LPCWSTR pszObject, ACCESS_MASK GrantedAccess,
                                     PHANDLE phXcv)
{
    struct call call;
    uintptr_t xcv;

    if (!phXcv)
        return refuse(PLATEN_INVALID_PARAMETER);
    *phXcv = NULL;
    if (!enter_instance(&call, hMonitor))
        return refuse(PLATEN_INVALID_HANDLE);
    uint32_t code = xcv_open(call.instance, pszObject, GrantedAccess, &xcv);
    *phXcv = (HANDLE)xcv;
    return leave(&call, code);
}

/* With a handle: what the spooler is asked meanwhile leaves no trace in last-error (R70). */
static uint32_t run_command(struct xcv_call *call, uintptr_t handle)
{
    call->xcv = handle_acquire(handle, HANDLE_XCV);
    if (!call->xcv)
        return PLATEN_INVALID_HANDLE;
    const PLATEN_IMPORTS imports = call->xcv->instance->imports;
    DWORD before = imports.GetLastError();
    uint32_t code = xcv_data(call);
    handle_release(handle);
    imports.SetLastError(before);
    return code;
}

/* The only one whose answer is its return value. */
static DWORD WINAPI PlatenXcvDataPort(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                      DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                      PDWORD pcbOutputNeeded)
{
    struct xcv_call call = {.name = pszDataName,
                            .input = pInputData,
                            .input_size = cbInputData,
                            .output = pOutputData,
                            .output_size = cbOutputData,
                            .unasked = !pcbOutputNeeded};
    uint32_t code = hXcv ? run_command(&call, (uintptr_t)hXcv) : xcv_data(&call);
    if (pcbOutputNeeded)
        *pcbOutputNeeded = call.needed;
    return code;
}

/* A second close, which some callers make (D4), finds nothing and does no harm. */
static BOOL WINAPI PlatenXcvClosePort(HANDLE hXcv)
{
    uint32_t code = xcv_close((uintptr_t)hXcv);
    return code ? refuse(code) : TRUE;
}

/* ---- what happens outside ------------------------------------------------------------------ */

static DWORD tell_ports(HANDLE monitor, DWORD count, const PCWSTR *names, bool used)
{
    struct call call;
    if (!enter_instance(&call, monitor))
        return PLATEN_INVALID_HANDLE;
    uint32_t code = notify_ports(call.instance, count, names, used);
    handle_release(call.handle);
    return code;
}

static DWORD WINAPI PlatenNotifyUsedPorts(HANDLE hMonitor, DWORD cPorts, PCWSTR *ppszPorts)
{
    return tell_ports(hMonitor, cPorts, ppszPorts, true);
}

static DWORD WINAPI PlatenNotifyUnusedPorts(HANDLE hMonitor, DWORD cPorts, PCWSTR *ppszPorts)
{
    return tell_ports(hMonitor, cPorts, ppszPorts, false);
}

static DWORD WINAPI PlatenPowerEvent(HANDLE hMonitor, DWORD event,
                                     POWERBROADCAST_SETTING *pSettings)
{
    struct call call;
    (void)pSettings;
    if (!enter_instance(&call, hMonitor))
        return PLATEN_INVALID_HANDLE;
    uint32_t code = notify_power(call.instance, event);
    handle_release(call.handle);
    return code;
}

/* ---- life ---------------------------------------------------------------------------------- */

static VOID WINAPI PlatenShutdown(HANDLE hMonitor)
{
    instance_shutdown((uintptr_t)hMonitor);
}

/* What we do not do is NULL (R3). */
static MONITOR2 table = {
    .cbSize = sizeof(MONITOR2),
    .pfnEnumPorts = PlatenEnumPorts,
    .pfnOpenPort = PlatenOpenPort,
    .pfnOpenPortEx = NULL, /* a language monitor's */
    .pfnStartDocPort = PlatenStartDocPort,
    .pfnWritePort = PlatenWritePort,
    .pfnReadPort = PlatenReadPort,
    .pfnEndDocPort = PlatenEndDocPort,
    .pfnClosePort = PlatenClosePort,
    .pfnAddPort = NULL, /* these four are obsolete (D3): Xcv does their work */
    .pfnAddPortEx = NULL,
    .pfnConfigurePort = NULL,
    .pfnDeletePort = NULL,
    .pfnGetPrinterDataFromPort = PlatenGetPrinterDataFromPort,
    .pfnSetPortTimeOuts = PlatenSetPortTimeOuts,
    .pfnXcvOpenPort = PlatenXcvOpenPort,
    .pfnXcvDataPort = PlatenXcvDataPort,
    .pfnXcvClosePort = PlatenXcvClosePort,
    .pfnShutdown = PlatenShutdown,
    .pfnSendRecvBidiDataFromPort = PlatenSendRecvBidiDataFromPort,
    .pfnNotifyUsedPorts = PlatenNotifyUsedPorts,
    .pfnNotifyUnusedPorts = PlatenNotifyUnusedPorts,
    .pfnPowerEvent = PlatenPowerEvent,
};

LPMONITOR2 monitor2_table(void)
{
    return &table;
}
