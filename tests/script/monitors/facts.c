/* SPDX-License-Identifier: MIT
 *
 * A monitor that does wrong what it is asked to, by numbers in the names that it gets:
 *   EnumPorts    pName="5"          bits of what is wrong with the rows
 *   ReadPort     a port "3-17"      writes those bytes of the buffer alone
 *   bidi         pAction="5"        bits of what is wrong with the answer
 *   Xcv          XcvOpenPort "5"    bits of what the process has more from then on
 */
#include <platen/winsplp.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ODD = 1, OUTSIDE = 2, ENDLESS = 4, EMPTY = 8, MISSING = 16, GAP = 32, ROWS = 64 };
enum {
    STATIC = 1,
    SHARED = 2,
    REQUEST = 4,
    UNENDED = 8,
    MEMORY = 16,
    MANY = 32,
    BLOB = 64,
    LEFT = 128
};

static WCHAR elsewhere[] = TEXT("elsewhere");

struct range {
    DWORD from;
    DWORD to;
};

static BOOL refuse(DWORD code)
{
    SetLastError(code);
    return FALSE;
}

static DWORD number(const WCHAR *text)
{
    DWORD value = 0;
    for (; text != NULL && *text >= '0' && *text <= '9'; text++)
        value = 10 * value + (DWORD)(*text - '0');
    return value;
}

/* ---- ports ----------------------------------------------------------------------------------- */

/* A text of `units` letters and its NUL; where it begins. */
static LPWSTR put(LPBYTE to, DWORD *used, DWORD units, BOOL odd)
{
    LPBYTE at = to + *used + (odd ? 1 : 0);
    for (DWORD i = 0; i <= units; i++) {
        WCHAR unit = i < units ? (WCHAR)('a' + i) : 0;
        memcpy(at + i * sizeof unit, &unit, sizeof unit);
    }
    *used = (DWORD)(at - to) + (units + 1) * (DWORD)sizeof(WCHAR);
    return (LPWSTR)(void *)at;
}

static LPWSTR name_of(LPBYTE to, DWORD size, DWORD *used, DWORD wrong)
{
    static const WCHAR last[] = {'x', 'y'};
    if (wrong & MISSING)
        return NULL;
    if (wrong & OUTSIDE)
        return elsewhere;
    if (wrong & ENDLESS) {
        memcpy(to + size - sizeof last, last, sizeof last);
        return (LPWSTR)(void *)(to + size - sizeof last);
    }
    return put(to, used, wrong & EMPTY ? 0 : 4, (wrong & ODD) != 0);
}

static BOOL WINAPI enum_ports(HANDLE monitor, LPWSTR name, DWORD level, LPBYTE to, DWORD size,
                              LPDWORD needed, LPDWORD returned)
{
    DWORD wrong = number(name);
    DWORD rows = wrong / ROWS % 4;
    DWORD row_size = level == 1 ? sizeof(PORT_INFO_1W) : sizeof(PORT_INFO_2W);
    DWORD used = rows * row_size + (wrong & GAP ? 6 : 0);
    (void)monitor;
    *needed = 1024;
    *returned = 0;
    if (level != 1 && level != 2)
        return refuse(ERROR_INVALID_LEVEL);
    if (to == NULL || size < *needed)
        return refuse(ERROR_INSUFFICIENT_BUFFER);
    for (DWORD i = 0; i < rows; i++) {
        PORT_INFO_2W info = {.fPortType = PORT_TYPE_WRITE};
        info.pPortName = name_of(to, size, &used, i == 0 ? wrong : 0);
        if (level == 2) {
            info.pMonitorName = put(to, &used, 3, FALSE);
            info.pDescription = i == 0 ? info.pMonitorName : NULL;
        }
        memcpy(to + i * row_size, &info, row_size);
    }
    *returned = rows;
    return TRUE;
}

static BOOL WINAPI open_port(HANDLE monitor, LPWSTR name, PHANDLE handle)
{
    struct range *range = calloc(1, sizeof *range);
    const WCHAR *at = name;
    (void)monitor;
    *handle = range;
    if (range == NULL)
        return refuse(ERROR_OUTOFMEMORY);
    while (*at != 0 && *at != '-')
        at++;
    range->from = number(name);
    range->to = *at == '-' ? number(at + 1) : 0;
    return TRUE;
}

static BOOL WINAPI close_port(HANDLE handle)
{
    free(handle);
    return TRUE;
}

static BOOL WINAPI start_doc(HANDLE handle, LPWSTR name, DWORD job, DWORD level, LPBYTE info)
{
    (void)handle, (void)name, (void)job, (void)level, (void)info;
    return FALSE; /* and no last-error */
}

static BOOL WINAPI write_port(HANDLE handle, LPBYTE bytes, DWORD size, LPDWORD written)
{
    (void)handle, (void)bytes;
    *written = size;
    return TRUE;
}

static BOOL WINAPI read_port(HANDLE handle, LPBYTE bytes, DWORD size, LPDWORD moved)
{
    const struct range *range = handle;
    for (DWORD i = range->from; i <= range->to && i < size; i++)
        bytes[i] = 1;
    *moved = range->to + 1 < size ? range->to + 1 : size;
    return TRUE;
}

static BOOL WINAPI end_doc(HANDLE handle)
{
    (void)handle;
    return TRUE;
}

/* ---- bidi ------------------------------------------------------------------------------------ */

static LPWSTR text(DWORD units, BOOL ended)
{
    WCHAR *to = RouterAllocBidiMem((units + (ended ? 1 : 0)) * sizeof *to);
    for (DWORD i = 0; to != NULL && i < units; i++)
        to[i] = (WCHAR)('a' + i);
    return to;
}

static void fill(BIDI_RESPONSE_DATA *entry, DWORD wrong, PBIDI_REQUEST_CONTAINER request)
{
    entry->dwReqNumber = 0;
    entry->pSchema = wrong & STATIC ? elsewhere : text(5, (wrong & UNENDED) == 0);
    if ((wrong & REQUEST) && request != NULL && request->Count > 0)
        entry->pSchema = request->aData[0].pSchema;
    if (wrong & BLOB) {
        entry->data.dwBidiType = BIDI_BLOB;
        entry->data.u.biData.cbBuf = 7;
        entry->data.u.biData.pData = RouterAllocBidiMem(7);
    } else {
        entry->data.dwBidiType = BIDI_TEXT;
        entry->data.u.sData = wrong & SHARED ? entry->pSchema : text(2, TRUE);
    }
}

static DWORD WINAPI bidi(HANDLE handle, DWORD access, LPCWSTR action,
                         PBIDI_REQUEST_CONTAINER request, PBIDI_RESPONSE_CONTAINER *response)
{
    const size_t size = sizeof(BIDI_RESPONSE_CONTAINER) + sizeof(BIDI_RESPONSE_DATA);
    DWORD wrong = number(action);
    PBIDI_RESPONSE_CONTAINER answer =
        wrong & MEMORY ? RouterAllocBidiMem(size) : RouterAllocBidiResponseContainer(1);
    (void)handle, (void)access;
    *response = answer;
    if (answer == NULL)
        return ERROR_OUTOFMEMORY;
    memset(answer, 0, offsetof(BIDI_RESPONSE_CONTAINER, aData));
    answer->Version = 1;
    answer->Count = wrong & MANY ? 1000 : 1;
    fill(&answer->aData[0], wrong, request);
    if (wrong & LEFT)
        (void)RouterAllocBidiMem(1);
    return NO_ERROR;
}

/* ---- Xcv ------------------------------------------------------------------------------------- */

static FILE *file;
static void *memory;

static BOOL WINAPI xcv_open(HANDLE monitor, LPCWSTR object, ACCESS_MASK access, PHANDLE handle)
{
    (void)monitor, (void)access;
    *handle = elsewhere;
    if (number(object) & 1)
        file = fopen("/dev/null", "r");
    if ((number(object) & 1) && file == NULL)
        file = fopen("NUL", "r");
    if (number(object) & 2)
        memory = malloc(300000);
    return TRUE;
}

static DWORD WINAPI xcv_data(HANDLE handle, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                             DWORD out_size, PDWORD needed)
{
    (void)handle, (void)name, (void)in, (void)in_size, (void)out, (void)out_size;
    *needed = 0;
    return ERROR_NOT_SUPPORTED;
}

static BOOL WINAPI xcv_close(HANDLE handle)
{
    (void)handle;
    return TRUE;
}

static VOID WINAPI shut_down(HANDLE monitor)
{
    (void)monitor;
    if (file != NULL)
        fclose(file);
    free(memory);
    file = NULL;
    memory = NULL;
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT init, PHANDLE monitor)
{
    static MONITOR2 table = {
        .cbSize = sizeof table,
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
        .pfnSendRecvBidiDataFromPort = bidi,
    };
    (void)init;
    table.pfnNotifyUsedPorts = (void *)elsewhere; /* nothing that can be run */
    *monitor = elsewhere;
    return &table;
}
