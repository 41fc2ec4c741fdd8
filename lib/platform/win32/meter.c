/* SPDX-License-Identifier: MIT */
#include <windows.h>

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
