/* SPDX-License-Identifier: MIT */
#include "device_win32.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/text.h"

#define MILLISECOND UINT64_C(1000000)
#define SECOND      UINT64_C(1000000000)

static const char device_space[] = "\\\\.\\";

/* ---- names --------------------------------------------------------------------------------- */

char *node_default_path(const char *word, unsigned number)
{
    char path[40];
    snprintf(path, sizeof path, "%s%s%u", device_space, word, number);
    return strdup(path);
}

unsigned node_likeness(const char *path, const char *word)
{
    const size_t length = sizeof device_space - 1;
    bool colon;
    if (strncmp(path, device_space, length) != 0 || !path[length] || strpbrk(path + length, "\\/:"))
        return 0;
    return device_number(path + length, word, &colon) ? 3 : 1;
}

/* ---- errors -------------------------------------------------------------------------------- */

/* Somebody else has it open: Windows says so in three ways. */
static uint32_t explain_open(uint32_t code)
{
    switch (code) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_DEV_NOT_EXIST:
    case ERROR_DEVICE_NOT_CONNECTED:
    case ERROR_GEN_FAILURE:
        return PLATEN_PRINTER_NOT_FOUND;
    case ERROR_SHARING_VIOLATION:
    case ERROR_ACCESS_DENIED:
    case ERROR_BUSY:
        return PLATEN_BUSY;
    default:
        return platen_os_error_from((int)code);
    }
}

/* Unplugged adapters are told of in many ways, and by Wine with NOT_READY. */
uint32_t node_error(uint32_t code)
{
    switch (code) {
    case 0:
        return 0;
    case ERROR_BAD_COMMAND:
    case ERROR_NOT_READY:
    case ERROR_GEN_FAILURE:
    case ERROR_FILE_NOT_FOUND:
    case ERROR_DEV_NOT_EXIST:
    case ERROR_IO_DEVICE:
    case ERROR_DEVICE_NOT_CONNECTED:
    case ERROR_DEVICE_REMOVED:
        return PLATEN_DEVICE_NOT_CONNECTED;
    default:
        return platen_os_error_from((int)code);
    }
}

/* ---- open and close ------------------------------------------------------------------------ */

static bool make_transfer(struct transfer *transfer)
{
    transfer->event = CreateEventW(NULL, TRUE, FALSE, NULL);
    return transfer->event != NULL;
}

static void close_if(HANDLE handle)
{
    if (handle && handle != INVALID_HANDLE_VALUE)
        CloseHandle(handle);
}

void node_close(struct node *node)
{
    close_if(node->handle);
    close_if(node->bell);
    close_if(node->out.event);
    close_if(node->in.event);
    close_if(node->other.event);
    DeleteCriticalSection(&node->asking);
}

static uint32_t open_path(struct node *node, const char *path, DWORD access)
{
    char16_t *wide = platen_text_new16(path, strlen(path));
    DWORD error;
    if (!wide)
        return ERROR_OUTOFMEMORY;
    node->handle = CreateFileW((const wchar_t *)wide, access, 0, NULL, OPEN_EXISTING,
                               FILE_FLAG_OVERLAPPED, NULL);
    error = node->handle == INVALID_HANDLE_VALUE ? GetLastError() : 0;
    free(wide);
    return error;
}

/* Windows' own monitor leads COMn and LPTn to the spooler, so that it hears programs that write
 * there, and keeps the device itself under another name. */
static uint32_t open_behind_spooler(struct node *node, const char *path, DWORD access)
{
    char name[64];
    if (node_likeness(path, "COM") != 3 && node_likeness(path, "LPT") != 3)
        return ERROR_FILE_NOT_FOUND;
    if (snprintf(name, sizeof name, "%sNONSPOOLED_%s", device_space,
                 path + sizeof device_space - 1) >= (int)sizeof name)
        return ERROR_FILE_NOT_FOUND;
    return open_path(node, name, access);
}

static uint32_t open_handle(struct node *node, const char *path, bool may_read)
{
    const DWORD access = GENERIC_WRITE | (may_read ? GENERIC_READ : 0);
    DWORD error = open_behind_spooler(node, path, access);
    if (error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND)
        error = open_path(node, path, access);
    return error ? explain_open(error) : 0;
}

uint32_t node_open(struct node *node, const char *path, bool may_read)
{
    uint32_t error;
    memset(node, 0, sizeof *node);
    InitializeCriticalSection(&node->asking);
    node->bell = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!node->bell || !make_transfer(&node->out) || !make_transfer(&node->in) ||
        !make_transfer(&node->other))
        error = PLATEN_NOT_ENOUGH_MEMORY;
    else
        error = open_handle(node, path, may_read);
    if (error)
        node_close(node);
    return error;
}

void node_ring(struct node *node, bool on)
{
    if (on)
        SetEvent(node->bell);
    else
        ResetEvent(node->bell);
}

/* ---- transfers ----------------------------------------------------------------------------- */

/* Rounded up: a moment too early would make callers spin. */
static DWORD milliseconds_until(uint64_t until)
{
    const uint64_t most = 1000000;
    uint64_t now = platen_os_now(), left = now < until ? until - now : 0;
    if (until == PLATEN_OS_FOREVER)
        return INFINITE;
    left = (left + MILLISECOND - 1) / MILLISECOND;
    return (DWORD)(left < most ? left : most);
}

static void begin(struct transfer *transfer)
{
    memset(&transfer->overlapped, 0, sizeof transfer->overlapped);
    transfer->overlapped.hEvent = transfer->event;
    ResetEvent(transfer->event);
}

/* Waits for a transfer that has begun; one that is called back has moved what it has moved. */
static uint32_t finish(struct node *node, struct transfer *transfer, HANDLE bell, uint64_t until,
                       uint32_t *moved)
{
    HANDLE events[] = {transfer->event, bell};
    DWORD came, count = 0;
    uint32_t ended = 0, error;

    came = WaitForMultipleObjects(bell ? 2 : 1, events, FALSE, milliseconds_until(until));
    if (came != WAIT_OBJECT_0) {
        ended = came == WAIT_OBJECT_0 + 1 ? PLATEN_OPERATION_ABORTED : PLATEN_TIMEOUT;
        CancelIoEx(node->handle, &transfer->overlapped);
    }
    error =
        GetOverlappedResult(node->handle, &transfer->overlapped, &count, TRUE) ? 0 : GetLastError();
    *moved = count;
    if (error == ERROR_OPERATION_ABORTED && ended)
        return ended;
    return platen_os_error_from((int)error);
}

static uint32_t result(struct node *node, struct transfer *transfer, BOOL done, uint64_t until,
                       uint32_t *moved)
{
    uint32_t error = done ? 0 : GetLastError();
    *moved = 0;
    if (error && error != ERROR_IO_PENDING)
        return platen_os_error_from((int)error);
    return finish(node, transfer, node->bell, until, moved);
}

uint32_t node_write(struct node *node, const void *data, uint32_t size, uint64_t until,
                    uint32_t *moved)
{
    begin(&node->out);
    return result(node, &node->out,
                  WriteFile(node->handle, data, size, NULL, &node->out.overlapped), until, moved);
}

uint32_t node_read(struct node *node, void *data, uint32_t size, uint64_t until, uint32_t *moved)
{
    begin(&node->in);
    return result(node, &node->in, ReadFile(node->handle, data, size, NULL, &node->in.overlapped),
                  until, moved);
}

uint32_t node_control(struct node *node, uint32_t code, const void *in, uint32_t in_size, void *out,
                      uint32_t out_size, uint32_t *returned)
{
    uint32_t error = 0;
    *returned = 0;
    EnterCriticalSection(&node->asking);
    begin(&node->other);
    if (!DeviceIoControl(node->handle, code, (void *)(uintptr_t)in, in_size, out, out_size, NULL,
                         &node->other.overlapped))
        error = GetLastError();
    if (!error || error == ERROR_IO_PENDING)
        error = finish(node, &node->other, NULL, platen_os_now() + SECOND, returned);
    else
        error = platen_os_error_from((int)error);
    LeaveCriticalSection(&node->asking);
    return error;
}

uint32_t node_pause(const struct node *node, uint64_t nanoseconds, uint64_t until)
{
    uint64_t now = platen_os_now(), end = until;
    if (now < until && until - now > nanoseconds)
        end = now + nanoseconds;
    if (WaitForSingleObject(node->bell, milliseconds_until(end)) == WAIT_OBJECT_0)
        return PLATEN_OPERATION_ABORTED;
    return end < until ? 0 : PLATEN_TIMEOUT;
}

/* ---- what is there ------------------------------------------------------------------------- */

static void tell_device(struct platen_discovery *to, const char *device,
                        const struct node_kind *kind)
{
    const char *last = strrchr(device, '\\');
    const char *name = last ? last + 1 : device;
    char uri[40], port[20];
    const struct platen_found found = {.size = sizeof found,
                                       .way = kind->way,
                                       .uri = uri,
                                       .make_and_model = "",
                                       .info = port,
                                       .device_id = "",
                                       .port_name = port,
                                       .serial = ""};
    bool colon;

    if (!device_number(name, kind->word, &colon))
        return;
    snprintf(uri, sizeof uri, "%s:%s", kind->scheme, name);
    snprintf(port, sizeof port, "%s:", name);
    to->add(to, &found);
}

void node_discover(struct platen_discovery *to, const struct node_kind *kind)
{
    HKEY map;
    LONG error = RegOpenKeyExW(HKEY_LOCAL_MACHINE, kind->key, 0, KEY_READ, &map);
    if (error)
        return;
    for (DWORD i = 0; !error || error == ERROR_MORE_DATA; i++) {
        wchar_t name[256], value[256] = L"";
        DWORD units = 256, bytes = sizeof value - sizeof *value, type;
        error = RegEnumValueW(map, i, name, &units, NULL, &type, (BYTE *)value, &bytes);
        char *text = error ? NULL : platen_text_new8((const char16_t *)value, SIZE_MAX);
        if (text && type == REG_SZ)
            tell_device(to, text, kind);
        free(text);
    }
    RegCloseKey(map);
}
