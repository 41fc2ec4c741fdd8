/* SPDX-License-Identifier: MIT */
#include <windows.h>

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

static int64_t count_handles(void)
{
    DWORD count = 0;
    return GetProcessHandleCount(GetCurrentProcess(), &count) ? (int64_t)count : -1;
}

static int64_t count_heap(void)
{
    HANDLE heap = GetProcessHeap();
    PROCESS_HEAP_ENTRY entry = {.lpData = NULL};
    int64_t bytes = 0;
    if (!HeapLock(heap)) {
        return -1;
    }
    while (HeapWalk(heap, &entry)) {
        bytes += (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY) != 0 ? (int64_t)entry.cbData : 0;
    }
    HeapUnlock(heap);
    return bytes;
}

void platen_os_process_use(struct platen_os_use *use)
{
    *use = (struct platen_os_use){
        .threads = count_threads(), .handles = count_handles(), .heap = count_heap()};
}
