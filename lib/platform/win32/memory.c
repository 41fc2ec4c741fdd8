/* SPDX-License-Identifier: MIT */
#include <windows.h>
#define PSAPI_VERSION 2 /* the functions that the system's first library has */
#include <psapi.h>

#include "os/memory.h"

#include "os/error.h"

size_t platen_os_page_size(void)
{
    SYSTEM_INFO system;
    GetSystemInfo(&system);
    return system.dwPageSize;
}

/* The system rounds up itself, but not from nothing. */
static size_t at_least_one(size_t size)
{
    return size ? size : 1;
}

void *platen_os_pages_alloc(size_t size)
{
    return VirtualAlloc(NULL, at_least_one(size), MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
}

void platen_os_pages_free(void *pages, size_t size)
{
    (void)size;
    if (pages)
        VirtualFree(pages, 0, MEM_RELEASE);
}

uint32_t platen_os_pages_protect(void *pages, size_t size, enum platen_os_access access)
{
    static const DWORD rights[] = {
        [PLATEN_OS_NO_ACCESS] = PAGE_NOACCESS,
        [PLATEN_OS_READ_ONLY] = PAGE_READONLY,
        [PLATEN_OS_READ_WRITE] = PAGE_READWRITE,
    };
    DWORD before;
    return VirtualProtect(pages, at_least_one(size), rights[access], &before)
               ? 0
               : platen_os_last_error();
}

uint64_t platen_os_peak_memory(void)
{
    PROCESS_MEMORY_COUNTERS counters = {.cb = sizeof counters};
    if (!GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters))
        return 0;
    return counters.PeakWorkingSetSize;
}
