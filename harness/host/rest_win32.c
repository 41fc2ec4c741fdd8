/* SPDX-License-Identifier: MIT */
#include <windows.h>

#include <stdbool.h>
#include <tlhelp32.h>
#include <winternl.h>

#include "host/rest.h"

#define START_ADDRESS ((THREADINFOCLASS)9) /* ThreadQuerySetWin32StartAddress */

/* The system has threads of its own in every process: those that belong to a module begin in it, or
 * in the C library that it made them with. */
static const wchar_t *const libraries[] = {L"msvcrt.dll", L"ucrtbase.dll"};

static bool is_in(const void *address, const void *module)
{
    HMODULE of = NULL;
    return module != NULL &&
           GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                  GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                              address, &of) &&
           of == module;
}

static bool counts(DWORD thread, const void *module)
{
    void *begin = NULL;
    HANDLE handle = OpenThread(THREAD_QUERY_INFORMATION, FALSE, thread);
    if (handle == NULL) {
        return false;
    }
    NTSTATUS status = NtQueryInformationThread(handle, START_ADDRESS, &begin, sizeof begin, NULL);
    CloseHandle(handle);
    bool is = status >= 0 && is_in(begin, module);
    for (size_t i = 0; status >= 0 && i < sizeof libraries / sizeof *libraries; i++) {
        is = is || is_in(begin, GetModuleHandleW(libraries[i]));
    }
    return is;
}

int64_t host_rest_threads(const void *module)
{
    THREADENTRY32 thread = {.dwSize = sizeof thread};
    DWORD own = GetCurrentProcessId();
    int64_t count = 0;
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    if (all == INVALID_HANDLE_VALUE) {
        return -1;
    }
    for (BOOL more = Thread32First(all, &thread); more; more = Thread32Next(all, &thread)) {
        count += thread.th32OwnerProcessID == own && counts(thread.th32ThreadID, module);
    }
    CloseHandle(all);
    return count;
}

/* Handles do not tell what they lead to. */
int64_t host_rest_devices(void)
{
    return -1;
}
