/* SPDX-License-Identifier: MIT
 *
 * A monitor that does all that monitors do: it keeps values in its registry key, prints into the
 * file that OUT names, asks for its job, tells of ports, answers Xcv, bidi requests and reads, and
 * calls back from a thread of its own.
 */
#include <platen/winsplp.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static MONITORINIT init_kept;
static FILE *out;
static HANDLE printer;
static DWORD job_id;

static BOOL fail(DWORD code)
{
    SetLastError(code);
    return FALSE;
}

static size_t length_of(const WCHAR *text)
{
    size_t length = 0;
    while (text[length] != 0)
        length++;
    return length;
}

/* ---- the registry ---------------------------------------------------------------------------- */

static void keep(const WCHAR *name, const void *data, DWORD size)
{
    const MONITORREG *reg = init_kept.pMonitorReg;
    HANDLE key = NULL;
    DWORD made = 0;
    if (reg->fpCreateKey(init_kept.hckRegistryRoot, TEXT("Kept"), 0, KEY_ALL_ACCESS, NULL, &key,
                         &made, init_kept.hSpooler) == 0) {
        reg->fpSetValue(key, name, REG_BINARY, data, size, init_kept.hSpooler);
        reg->fpCloseKey(key, init_kept.hSpooler);
    }
}

static void look_at_all(void)
{
    const MONITORREG *reg = init_kept.pMonitorReg;
    WCHAR name[64];
    BYTE data[600];
    HANDLE key = NULL;
    DWORD units = 64, type = 0, size = sizeof data, count = 0;
    FILETIME time;
    reg->fpEnumKey(init_kept.hckRegistryRoot, 0, name, &units, &time, init_kept.hSpooler);
    units = 2;
    reg->fpEnumKey(init_kept.hckRegistryRoot, 0, name, &units, NULL, init_kept.hSpooler);
    reg->fpOpenKey(init_kept.hckRegistryRoot, TEXT("Kept"), KEY_READ, &key, init_kept.hSpooler);
    reg->fpQueryInfoKey(key, NULL, NULL, &count, NULL, NULL, NULL, NULL, init_kept.hSpooler);
    for (DWORD i = 0; i < count; i++) {
        units = 64;
        size = sizeof data;
        reg->fpEnumValue(key, i, name, &units, &type, data, &size, init_kept.hSpooler);
    }
    size = 4;
    reg->fpQueryValue(key, TEXT("long"), &type, data, &size, init_kept.hSpooler);
    size = sizeof data;
    reg->fpQueryValue(key, TEXT("long"), &type, data, &size, init_kept.hSpooler);
    reg->fpQueryValue(key, TEXT("none"), &type, data, &size, init_kept.hSpooler);
    reg->fpDeleteValue(key, TEXT("short"), init_kept.hSpooler);
    reg->fpCloseKey(key, init_kept.hSpooler);
}

/* ---- ports ----------------------------------------------------------------------------------- */

/* Packed as it should be: structures in front, texts behind. */
static BOOL WINAPI enum_ports(HANDLE monitor, LPWSTR server, DWORD level, LPBYTE to, DWORD size,
                              LPDWORD needed, LPDWORD returned)
{
    static const WCHAR *const texts[] = {TEXT("OUT:"), TEXT("Whole"), TEXT("A port, \u00e9\u20ac")};
    PORT_INFO_2W info = {.fPortType = PORT_TYPE_WRITE | PORT_TYPE_READ};
    LPWSTR *const places[] = {&info.pPortName, &info.pMonitorName, &info.pDescription};
    DWORD bytes = sizeof info;
    (void)monitor, (void)server;
    *returned = 0;
    *needed = 0;
    if (level != 2)
        return fail(ERROR_INVALID_LEVEL);
    for (unsigned i = 0; i < 3; i++)
        bytes += (DWORD)((length_of(texts[i]) + 1) * sizeof(WCHAR));
    *needed = bytes;
    if (size < bytes)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    LPBYTE at = to + sizeof info;
    for (unsigned i = 0; i < 3; i++) {
        size_t text = (length_of(texts[i]) + 1) * sizeof(WCHAR);
        memcpy(at, texts[i], text);
        *places[i] = (LPWSTR)(void *)at;
        at += text;
    }
    memcpy(to, &info, sizeof info);
    *returned = 1;
    return TRUE;
}

static BOOL WINAPI open_port(HANDLE monitor, LPWSTR name, PHANDLE handle)
{
    *handle = NULL;
    if (monitor != &init_kept || length_of(name) != 4)
        return fail(ERROR_UNKNOWN_PORT);
    *handle = &init_kept.bLocal;
    return TRUE;
}

static void ask_for_job(void)
{
    static BYTE room[4096];
    static BYTE ports[4096];
    DWORD needed = 0, count = 0;
    GetJobW(printer, job_id, 1, NULL, 0, &needed);
    GetJobW(printer, job_id, 1, room, sizeof room, &needed);
    GetJobW(printer, job_id, 2, room, sizeof room, &needed);
    GetJobW(printer, job_id + 77, 1, room, sizeof room, &needed);
    if (GetLastError() != ERROR_INVALID_PARAMETER)
        abort(); /* the error of a call back is ours */
    EnumPortsW(NULL, 2, ports, sizeof ports, &needed, &count);
}

static void *tell_status(void *unused)
{
    PORT_INFO_3W info = {PORT_STATUS_WARMING_UP, NULL, PORT_STATUS_TYPE_INFO};
    WCHAR name[] = TEXT("OUT:");
    (void)unused;
    SetPortW(NULL, name, 3, (LPBYTE)&info);
    return NULL;
}

static BOOL WINAPI start_doc(HANDLE handle, LPWSTR name, DWORD job, DWORD level, LPBYTE info)
{
    pthread_t thread;
    const DOC_INFO_1W *doc = (const void *)info;
    (void)handle;
    if (level != 1 || doc->pDocName == NULL || !OpenPrinterW(name, &printer, NULL))
        return FALSE;
    job_id = job;
    out = fopen(getenv("OUT"), "wb");
    ask_for_job();
    if (getenv("OWN_THREAD") != NULL && pthread_create(&thread, NULL, tell_status, NULL) == 0)
        pthread_join(thread, NULL);
    return out != NULL;
}

static BOOL WINAPI write_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD written)
{
    (void)handle;
    *written = size > 50000 ? 50000 : size;
    return fwrite(data, 1, *written, out) == *written;
}

static BOOL WINAPI read_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD moved)
{
    (void)handle;
    for (DWORD i = 0; i < size; i++)
        data[i] = (BYTE)(i * 3);
    *moved = size;
    return TRUE;
}

static BOOL WINAPI end_doc(HANDLE handle)
{
    (void)handle;
    BOOL fine = fclose(out) == 0;
    SetJobW(printer, job_id, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER);
    ClosePrinter(printer);
    ClosePrinter(printer); /* it is none any more: a finding */
    return fine;
}

static BOOL WINAPI close_port(HANDLE handle)
{
    (void)handle;
    return TRUE;
}

/* ---- Xcv, bidi ------------------------------------------------------------------------------- */

static BOOL WINAPI xcv_open(HANDLE monitor, LPCWSTR object, ACCESS_MASK access, PHANDLE xcv)
{
    (void)monitor, (void)object;
    *xcv = (HANDLE)(uintptr_t)(access + 5);
    return TRUE;
}

/* The input, backwards. */
static DWORD WINAPI xcv_data(HANDLE xcv, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE to,
                             DWORD to_size, PDWORD needed)
{
    (void)xcv, (void)name;
    *needed = in_size;
    if (to_size < in_size)
        return ERROR_INSUFFICIENT_BUFFER;
    for (DWORD i = 0; i < in_size; i++)
        to[i] = in[in_size - 1 - i];
    return 0;
}

static BOOL WINAPI xcv_close(HANDLE xcv)
{
    (void)xcv;
    return TRUE;
}

static LPWSTR routed(const WCHAR *text)
{
    size_t bytes = (length_of(text) + 1) * sizeof(WCHAR);
    void *copy = RouterAllocBidiMem(bytes);
    return copy == NULL ? NULL : memcpy(copy, text, bytes);
}

static DWORD WINAPI send_bidi(HANDLE port, DWORD access, LPCWSTR action,
                              PBIDI_REQUEST_CONTAINER request, PBIDI_RESPONSE_CONTAINER *response)
{
    (void)port, (void)access, (void)action;
    PBIDI_RESPONSE_CONTAINER tree = RouterAllocBidiResponseContainer(request->Count + 1);
    *response = tree;
    for (DWORD i = 0; i < request->Count; i++) {
        tree->aData[i].dwReqNumber = i;
        tree->aData[i].pSchema = routed(request->aData[i].pSchema);
        tree->aData[i].data.dwBidiType = BIDI_TEXT;
        tree->aData[i].data.u.sData = routed(TEXT("\\Printer: \"ready\""));
    }
    tree->aData[request->Count].data.dwBidiType = BIDI_INT;
    tree->aData[request->Count].data.u.iData = 42;
    tree->Count = request->Count + 1;
    return 0;
}

static VOID WINAPI shut_down(HANDLE monitor)
{
    (void)monitor;
    look_at_all();
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT init, PHANDLE monitor)
{
    static MONITOR2 table = {
        .cbSize = sizeof(MONITOR2),
        .pfnEnumPorts = enum_ports,
        .pfnOpenPort = open_port,
        .pfnStartDocPort = start_doc,
        .pfnWritePort = write_port,
        .pfnReadPort = read_port,
        .pfnEndDocPort = end_doc,
        .pfnClosePort = close_port,
        .pfnXcvOpenPort = xcv_open,
        .pfnXcvDataPort = xcv_data,
        .pfnXcvClosePort = xcv_close,
        .pfnShutdown = shut_down,
        .pfnSendRecvBidiDataFromPort = send_bidi,
    };
    static BYTE bytes[500];
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (BYTE)(i * 7);
    init_kept = *init;
    keep(TEXT("short"), "abc", 3);
    keep(TEXT("long"), bytes, sizeof bytes);
    *monitor = &init_kept;
    return &table;
}
