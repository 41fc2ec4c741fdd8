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

static unsigned rights_of(DWORD protection)
{
    static const struct {
        DWORD protection;
        unsigned rights;
    } table[] = {
        {PAGE_READONLY, PLATEN_OS_CAN_READ},
        {PAGE_READWRITE, PLATEN_OS_CAN_READ | PLATEN_OS_CAN_WRITE},
        {PAGE_WRITECOPY, PLATEN_OS_CAN_READ | PLATEN_OS_CAN_WRITE},
        {PAGE_EXECUTE, PLATEN_OS_CAN_RUN},
        {PAGE_EXECUTE_READ, PLATEN_OS_CAN_READ | PLATEN_OS_CAN_RUN},
        {PAGE_EXECUTE_READWRITE, PLATEN_OS_CAN_READ | PLATEN_OS_CAN_WRITE | PLATEN_OS_CAN_RUN},
        {PAGE_EXECUTE_WRITECOPY, PLATEN_OS_CAN_READ | PLATEN_OS_CAN_WRITE | PLATEN_OS_CAN_RUN},
    };
    if (protection & PAGE_GUARD)
        return 0;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if ((protection & 0xff) == table[i].protection)
            return table[i].rights;
    return 0;
}

unsigned platen_os_rights(const void *at, size_t size)
{
    uintptr_t next = (uintptr_t)at;
    uintptr_t last = next + (size > 0 ? size - 1 : 0);
    unsigned all = PLATEN_OS_CAN_READ | PLATEN_OS_CAN_WRITE | PLATEN_OS_CAN_RUN;

    if (last < next)
        return 0;
    for (;;) {
        MEMORY_BASIC_INFORMATION area;
        if (VirtualQuery((const void *)next, &area, sizeof area) < sizeof area ||
            area.State != MEM_COMMIT)
            return 0;
        all &= rights_of(area.Protect);
        uintptr_t end = (uintptr_t)area.BaseAddress + area.RegionSize;
        if (all == 0 || last < end)
            return all;
        next = end;
    }
}

uint64_t platen_os_peak_memory(void)
{
    PROCESS_MEMORY_COUNTERS counters = {.cb = sizeof counters};
    if (!GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters))
        return 0;
    return counters.PeakWorkingSetSize;
}
