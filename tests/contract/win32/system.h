/* SPDX-License-Identifier: MIT
 *
 * What the monitors of this folder need of Windows; see the twin for the meaning of each.
 */
#ifndef PLATEN_CONTRACT_SYSTEM_H
#define PLATEN_CONTRACT_SYSTEM_H

#include <platen/winsplp.h>

#include <winsock2.h>
#include <ws2tcpip.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct channel {
    HANDLE file;
    SOCKET socket;
};

#define CHANNEL_CLOSED                                                                             \
    {                                                                                              \
        NULL, INVALID_SOCKET                                                                       \
    }

typedef CRITICAL_SECTION system_lock;
typedef HANDLE system_thread;

/* ---- time, locks, threads -------------------------------------------------------------------- */

static inline ULONGLONG system_milliseconds(void)
{
    return GetTickCount64();
}

static inline void system_sleep(DWORD milliseconds)
{
    Sleep(milliseconds);
}

static inline void system_lock_make(system_lock *lock)
{
    InitializeCriticalSection(lock);
}

static inline void system_lock_take(system_lock *lock)
{
    EnterCriticalSection(lock);
}

static inline void system_lock_leave(system_lock *lock)
{
    LeaveCriticalSection(lock);
}

static inline void system_lock_end(system_lock *lock)
{
    DeleteCriticalSection(lock);
}

static inline void system_lose_handle(void)
{
    if (!CreateEventW(NULL, TRUE, FALSE, NULL))
        return;
}

/* What stays when this process ends, beside the spooler's store. */
static inline void system_keep(LPCWSTR text)
{
    HKEY key;

    if (RegCreateKeyExW(HKEY_CURRENT_USER, L"Software\\Contract", 0, NULL, 0, KEY_ALL_ACCESS, NULL,
                        &key, NULL) != ERROR_SUCCESS)
        return;
    RegSetValueExW(key, L"Last", 0, REG_SZ, (const BYTE *)text,
                   (DWORD)((lstrlenW(text) + 1) * sizeof *text));
    RegCloseKey(key);
}

static inline void system_tell(LPCWSTR text)
{
    MessageBoxW(NULL, text, NULL, MB_OK);
}

struct system_start {
    void *(*run)(void *);
    void *argument;
};

static inline DWORD WINAPI system_thread_run(LPVOID argument)
{
    struct system_start start = *(struct system_start *)argument;
    free(argument);
    start.run(start.argument);
    return 0;
}

static inline BOOL system_thread_start(system_thread *thread, void *(*run)(void *), void *argument)
{
    struct system_start *start = malloc(sizeof *start);
    if (!start)
        return FALSE;
    *start = (struct system_start){run, argument};
    *thread = CreateThread(NULL, 0, system_thread_run, start, 0, NULL);
    if (!*thread)
        free(start);
    return *thread != NULL;
}

static inline void system_thread_join(system_thread thread)
{
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

static inline void system_thread_forget(system_thread thread)
{
    CloseHandle(thread);
}

/* ---- channels -------------------------------------------------------------------------------- */

static inline DWORD channel_error(void)
{
    DWORD error = (DWORD)WSAGetLastError();
    switch (error) {
    case WSAECONNREFUSED:
        return ERROR_CONNECTION_REFUSED;
    case WSAECONNRESET:
    case WSAECONNABORTED:
        return ERROR_NETNAME_DELETED;
    default:
        return error ? error : ERROR_GEN_FAILURE;
    }
}

static inline void channel_close(struct channel *channel)
{
    if (channel->file)
        CloseHandle(channel->file);
    if (channel->socket != INVALID_SOCKET)
        closesocket(channel->socket);
    channel->file = NULL;
    channel->socket = INVALID_SOCKET;
}

static inline BOOL channel_is_open(const struct channel *channel)
{
    return channel->file || channel->socket != INVALID_SOCKET;
}

#define CHANNEL_SHARED  1
#define CHANNEL_KEEPING 2

static inline DWORD channel_open(struct channel *channel, LPCWSTR name, unsigned flags)
{
    DWORD share = FILE_SHARE_READ | (flags & CHANNEL_SHARED ? FILE_SHARE_WRITE : 0);
    channel->socket = INVALID_SOCKET;
    channel->file =
        CreateFileW(name, GENERIC_WRITE, share, NULL, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (channel->file == INVALID_HANDLE_VALUE) {
        DWORD error = GetLastError();
        channel->file = NULL;
        return error ? error : ERROR_OPEN_FAILED;
    }
    if (!(flags & CHANNEL_KEEPING))
        SetEndOfFile(channel->file); /* fails on what is no file, which has no old end either */
    return ERROR_SUCCESS;
}

static inline DWORD channel_open_file(struct channel *channel, LPCWSTR name)
{
    return channel_open(channel, name, 0);
}

static inline BOOL channel_wait(const struct channel *channel, BOOL write, DWORD milliseconds)
{
    struct timeval time = {(long)(milliseconds / 1000), (long)(milliseconds % 1000) * 1000};
    fd_set one, failed;
    FD_ZERO(&one);
    FD_SET(channel->socket, &one);
    failed = one;
    return select(0, write ? NULL : &one, write ? &one : NULL, &failed, &time) > 0;
}

static inline DWORD channel_connect_to(struct channel *channel, const struct addrinfoW *address,
                                       DWORD milliseconds)
{
    u_long yes = 1;
    int error = 0, size = sizeof error;
    channel->socket = socket(address->ai_family, SOCK_STREAM, 0);
    if (channel->socket == INVALID_SOCKET)
        return channel_error();
    ioctlsocket(channel->socket, FIONBIO, &yes);
    if (connect(channel->socket, address->ai_addr, (int)address->ai_addrlen) != 0) {
        error = WSAGetLastError();
        if (error == WSAEWOULDBLOCK) {
            error = WSAETIMEDOUT;
            if (channel_wait(channel, TRUE, milliseconds))
                getsockopt(channel->socket, SOL_SOCKET, SO_ERROR, (char *)&error, &size);
        }
    }
    WSASetLastError(error);
    if (!error)
        return ERROR_SUCCESS;
    channel_close(channel);
    WSASetLastError(error);
    return channel_error();
}

static inline DWORD channel_connect(struct channel *channel, LPCWSTR host, WORD port,
                                    DWORD milliseconds)
{
    struct addrinfoW hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfoW *found = NULL;
    WCHAR number[8];
    WSADATA data;
    DWORD error = ERROR_BAD_NETPATH;
    channel->file = NULL;
    channel->socket = INVALID_SOCKET;
    _snwprintf(number, 8, L"%u", (unsigned)port);
    if (WSAStartup(MAKEWORD(2, 2), &data) != 0 || GetAddrInfoW(host, number, &hints, &found) != 0)
        return ERROR_BAD_NETPATH;
    for (const struct addrinfoW *one = found; one && error; one = one->ai_next)
        error = channel_connect_to(channel, one, milliseconds);
    FreeAddrInfoW(found);
    return error;
}

static inline DWORD channel_write(struct channel *channel, const BYTE *data, DWORD size,
                                  DWORD milliseconds, DWORD *moved)
{
    *moved = 0;
    if (channel->file) {
        if (WriteFile(channel->file, data, size, moved, NULL))
            return ERROR_SUCCESS;
        return GetLastError() ? GetLastError() : ERROR_WRITE_FAULT;
    }
    int count = send(channel->socket, (const char *)data, (int)size, 0);
    if (count < 0 && WSAGetLastError() == WSAEWOULDBLOCK) {
        if (!channel_wait(channel, TRUE, milliseconds)) /* which leaves another last error */
            return ERROR_SUCCESS;
        count = send(channel->socket, (const char *)data, (int)size, 0);
    }
    if (count < 0)
        return WSAGetLastError() == WSAEWOULDBLOCK ? ERROR_SUCCESS : channel_error();
    *moved = (DWORD)count;
    return ERROR_SUCCESS;
}

static inline DWORD channel_read(struct channel *channel, BYTE *data, DWORD size, DWORD *moved,
                                 BOOL *ended)
{
    int count = channel->file ? 0 : recv(channel->socket, (char *)data, (int)size, 0);
    *moved = count > 0 ? (DWORD)count : 0;
    *ended = count == 0 && size > 0;
    return count < 0 && WSAGetLastError() != WSAEWOULDBLOCK ? channel_error() : ERROR_SUCCESS;
}

/* Windows does not tell. */
static inline BOOL channel_is_empty(const struct channel *channel)
{
    (void)channel;
    return TRUE;
}

static inline void channel_say_end(const struct channel *channel)
{
    if (channel->socket != INVALID_SOCKET)
        shutdown(channel->socket, SD_SEND);
}

#endif
