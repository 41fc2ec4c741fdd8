/* SPDX-License-Identifier: MIT */
#include <windows.h>

#include <stdlib.h>
#include <string.h>
#include <tlhelp32.h>

#include "os/meter.h"

bool platen_os_io_calls(uint64_t *reads, uint64_t *writes)
{
    IO_COUNTERS counters;
    *reads = 0;
    *writes = 0;
    if (!GetProcessIoCounters(GetCurrentProcess(), &counters)) {
        return false;
    }
    *reads = counters.ReadOperationCount;
    *writes = counters.WriteOperationCount;
    return true;
}

/* ---- what it has now ------------------------------------------------------------------------- */

static int64_t count_threads(void)
{
    THREADENTRY32 thread = {.dwSize = sizeof thread};
    DWORD own = GetCurrentProcessId();
    int64_t count = 0;
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    if (all == INVALID_HANDLE_VALUE) {
        return -1;
    }
    for (BOOL more = Thread32First(all, &thread); more; more = Thread32Next(all, &thread)) {
        count += thread.th32OwnerProcessID == own;
    }
    CloseHandle(all);
    return count;
}

/* The system's list of all handles, as ntdll's NtQuerySystemInformation gives it. */
#define ALL_HANDLES     64
#define MISMATCH        ((LONG)0xC0000004)
#define LARGEST_LISTING (64u << 20)
#define HEAPS           64u

struct listing {
    ULONG_PTR count;
    ULONG_PTR reserved;
    struct {
        void *object;
        ULONG_PTR process;
        ULONG_PTR handle;
        ULONG access;
        USHORT trace;
        USHORT type;
        ULONG attributes;
        ULONG unused;
    } entries[];
};

typedef LONG(WINAPI *query_function)(ULONG what, void *to, ULONG size, ULONG *needed);

/* NULL: it cannot be had. */
static struct listing *list_handles(void)
{
    FARPROC found = GetProcAddress(GetModuleHandleA("ntdll.dll"), "NtQuerySystemInformation");
    query_function query;
    memcpy(&query, &found, sizeof query);
    for (ULONG size = 64u << 10; query != NULL && size <= LARGEST_LISTING; size *= 2) {
        struct listing *list = malloc(size);
        LONG status = list == NULL ? -1 : query(ALL_HANDLES, list, size, NULL);
        if (status >= 0) {
            return list;
        }
        free(list);
        if (status != MISMATCH) {
            break;
        }
    }
    return NULL;
}

/* Wine knows no number of them, but lists them. */
static int64_t count_listed(void)
{
    DWORD own = GetCurrentProcessId();
    struct listing *list = list_handles();
    int64_t count = 0;
    for (ULONG_PTR i = 0; list != NULL && i < list->count; i++) {
        count += list->entries[i].process == own;
    }
    free(list);
    return count > 0 ? count : -1;
}

static int64_t count_handles(void)
{
    DWORD count = 0;
    return GetProcessHandleCount(GetCurrentProcess(), &count) && count > 0 ? (int64_t)count
                                                                           : count_listed();
}

static int64_t count_in(HANDLE heap)
{
    PROCESS_HEAP_ENTRY entry = {.lpData = NULL};
    int64_t bytes = 0;
    if (!HeapLock(heap)) {
        return 0;
    }
    while (HeapWalk(heap, &entry)) {
        bytes += (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY) != 0 ? (int64_t)entry.cbData : 0;
    }
    HeapUnlock(heap);
    return bytes;
}

static int64_t count_heap(void)
{
    HANDLE heaps[HEAPS];
    DWORD count = GetProcessHeaps(HEAPS, heaps);
    int64_t bytes = 0;
    for (DWORD i = 0; i < count && i < HEAPS; i++) {
        bytes += count_in(heaps[i]);
    }
    return count > 0 ? bytes : -1;
}

void platen_os_process_use(struct platen_os_use *use)
{
    *use = (struct platen_os_use){.threads = count_threads(),
                                  .handles = count_handles(),
                                  .heap = count_heap(),
                                  .children = -1};
}
