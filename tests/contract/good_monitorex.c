/* SPDX-License-Identifier: MIT
 *
 * A port monitor of the kind that was written before Windows 2000: InitializePrintMonitor and a
 * MONITOREX, without instances. One port, which writes into a file in the working folder.
 */
#include "system.h"
#include "text.h"

static const WCHAR port_name[] = NAME("OLD1:", "ANCIENT:");
static const WCHAR monitor_name[] = NAME("Old Monitor", "Ancient Monitor");
static const WCHAR description[] = NAME("Old Port", "Ancient Port");
static const WCHAR ui_name[] = NAME("oldui.dll", "ancientui.dll");
static const WCHAR file_name[] = NAME("old.prn", "ancient.prn");

static struct {
    unsigned opened; /* one handle for all who open it */
    struct channel channel;
    BOOL printing;
    HANDLE printer;
    DWORD job;
} port;

static BOOL WINAPI enum_ports(LPWSTR pName, DWORD Level, LPBYTE pPorts, DWORD cbBuf,
                              LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    PORT_INFO_2W *info = (PORT_INFO_2W *)(void *)pPorts;
    BYTE *end;

    (void)pName;
    *pcbNeeded = *pcReturned = 0;
    if (Level == 1)
        *pcbNeeded = (DWORD)sizeof(PORT_INFO_1W) + text_bytes(port_name);
    else if (Level == 2)
        *pcbNeeded = (DWORD)sizeof *info + text_bytes(port_name) + text_bytes(monitor_name) +
                     text_bytes(description);
    else
        return fail(ERROR_INVALID_LEVEL);
    if (cbBuf < *pcbNeeded)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    end = pPorts + (cbBuf & ~1u);
    info->pPortName = pack(&end, port_name); /* level 1 ends here */
    if (Level == 2) {
        info->pMonitorName = pack(&end, monitor_name);
        info->pDescription = pack(&end, description);
        info->fPortType = PORT_TYPE_WRITE;
        info->Reserved = 0;
    }
    *pcReturned = 1;
    return TRUE;
}

static BOOL WINAPI open_port(LPWSTR pName, PHANDLE pHandle)
{
    *pHandle = NULL;
    if (!pName || !*pName)
        return fail(ERROR_INVALID_PARAMETER);
    if (lstrcmpiW(pName, port_name) != 0)
        return fail(ERROR_UNKNOWN_PORT);
    port.opened++;
    *pHandle = &port;
    return TRUE;
}

static BOOL WINAPI start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                  LPBYTE pDocInfo)
{
    DWORD error;

    (void)hPort, (void)pDocInfo;
    if (Level != 1 && Level != 2)
        return fail(ERROR_INVALID_LEVEL);
    if (port.printing)
        return TRUE;
    error = channel_open_file(&port.channel, file_name);
    if (error)
        return fail(error);
    if (!OpenPrinterW(pPrinterName, &port.printer, NULL))
        port.printer = NULL;
    port.job = JobId;
    port.printing = TRUE;
    return TRUE;
}

static BOOL WINAPI write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    DWORD error;

    (void)hPort;
    *pcbWritten = 0;
    if (!port.printing)
        return fail(ERROR_INVALID_HANDLE);
    if (!cbBuf)
        return TRUE;
    error = channel_write(&port.channel, pBuffer, cbBuf, 1000, pcbWritten);
    return error ? fail(error) : TRUE;
}

static BOOL WINAPI read_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuffer, LPDWORD pcbRead)
{
    (void)hPort, (void)pBuffer, (void)cbBuffer;
    *pcbRead = 0;
    return fail(ERROR_INVALID_HANDLE);
}

static BOOL WINAPI end_doc_port(HANDLE hPort)
{
    (void)hPort;
    if (!port.printing)
        return TRUE;
    port.printing = FALSE;
    channel_close(&port.channel);
    if (port.printer) {
        SetJobW(port.printer, port.job, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER);
        ClosePrinter(port.printer);
    }
    port.printer = NULL;
    return TRUE;
}

static BOOL WINAPI close_port(HANDLE hPort)
{
    if (port.opened && --port.opened == 0)
        end_doc_port(hPort);
    return TRUE;
}

static BOOL WINAPI xcv_open_port(LPCWSTR pszObject, ACCESS_MASK GrantedAccess, PHANDLE phXcv)
{
    ACCESS_MASK *access = malloc(sizeof *access);

    (void)pszObject;
    *phXcv = access;
    if (!access)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    *access = GrantedAccess;
    return TRUE;
}

static DWORD WINAPI xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                  DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                  PDWORD pcbOutputNeeded)
{
    const ACCESS_MASK *access = hXcv;

    (void)pInputData, (void)cbInputData;
    if (!pszDataName || !pcbOutputNeeded)
        return ERROR_INVALID_PARAMETER;
    *pcbOutputNeeded = 0;
    if (lstrcmpW(pszDataName, TEXT("AddPort")) == 0 ||
        lstrcmpW(pszDataName, TEXT("DeletePort")) == 0)
        return *access & SERVER_ACCESS_ADMINISTER ? ERROR_NOT_SUPPORTED : ERROR_ACCESS_DENIED;
    if (lstrcmpW(pszDataName, TEXT("MonitorUI")) != 0)
        return ERROR_INVALID_PARAMETER;
    *pcbOutputNeeded = sizeof ui_name;
    if (cbOutputData < sizeof ui_name)
        return ERROR_INSUFFICIENT_BUFFER;
    memcpy(pOutputData, ui_name, sizeof ui_name);
    return ERROR_SUCCESS;
}

static BOOL WINAPI xcv_close_port(HANDLE hXcv)
{
    free(hXcv);
    return TRUE;
}

LPMONITOREX WINAPI InitializePrintMonitor(LPWSTR pRegistryRoot)
{
    static MONITOREX table = {
        .dwMonitorSize = sizeof(MONITOR),
        .Monitor =
            {
                .pfnEnumPorts = enum_ports,
                .pfnOpenPort = open_port,
                .pfnStartDocPort = start_doc_port,
                .pfnWritePort = write_port,
                .pfnReadPort = read_port,
                .pfnEndDocPort = end_doc_port,
                .pfnClosePort = close_port,
                .pfnXcvOpenPort = xcv_open_port,
                .pfnXcvDataPort = xcv_data_port,
                .pfnXcvClosePort = xcv_close_port,
            },
    };

    if (!pRegistryRoot || !*pRegistryRoot) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return &table;
}
