/* SPDX-License-Identifier: MIT
 *
 * The least that a monitor for Windows' spooler can do: one port, whose jobs go to the file that
 * PLATEN_BENCH_FILE names. `platen bench spooler` measures ours against it.
 */
#include <platen/winsplp.h>

static HANDLE file = INVALID_HANDLE_VALUE;

static BOOL WINAPI BareOpenPort(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    (void)pName;
    *pHandle = hMonitor;
    return TRUE;
}

static BOOL WINAPI BareStartDocPort(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                    LPBYTE pDocInfo)
{
    WCHAR path[1200];
    (void)hPort;
    (void)pPrinterName;
    (void)JobId;
    (void)Level;
    (void)pDocInfo;
    DWORD length = GetEnvironmentVariableW(L"PLATEN_BENCH_FILE", path, 1200);
    if (length == 0 || length >= 1200)
        return FALSE;
    file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    return file != INVALID_HANDLE_VALUE;
}

static BOOL WINAPI BareWritePort(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    (void)hPort;
    return WriteFile(file, pBuffer, cbBuf, pcbWritten, NULL);
}

static BOOL WINAPI BareReadPort(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuffer, LPDWORD pcbRead)
{
    (void)hPort;
    (void)pBuffer;
    (void)cbBuffer;
    *pcbRead = 0;
    return TRUE;
}

static BOOL WINAPI BareEndDocPort(HANDLE hPort)
{
    (void)hPort;
    return CloseHandle(file);
}

static BOOL WINAPI BareClosePort(HANDLE hPort)
{
    (void)hPort;
    return TRUE;
}

static BOOL WINAPI BareEnumPorts(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                                 DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    (void)hMonitor;
    (void)pName;
    (void)Level;
    (void)pPorts;
    (void)cbBuf;
    *pcbNeeded = *pcReturned = 0;
    return TRUE;
}

static VOID WINAPI BareShutdown(HANDLE hMonitor)
{
    (void)hMonitor;
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    static MONITOR2 table = {
        .cbSize = sizeof table,
        .pfnEnumPorts = BareEnumPorts,
        .pfnOpenPort = BareOpenPort,
        .pfnStartDocPort = BareStartDocPort,
        .pfnWritePort = BareWritePort,
        .pfnReadPort = BareReadPort,
        .pfnEndDocPort = BareEndDocPort,
        .pfnClosePort = BareClosePort,
        .pfnShutdown = BareShutdown,
    };
    (void)pMonitorInit;
    *phMonitor = (HANDLE)&table;
    return &table;
}
