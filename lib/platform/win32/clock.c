/* SPDX-License-Identifier: MIT */
#include <windows.h>

#include "os/clock.h"

#define SECOND     UINT64_C(1000000000)
#define UNIX_EPOCH UINT64_C(116444736000000000) /* 1970 in units of 100 ns since 1601 */

/* The frequency never changes; the system keeps it where no call into the kernel is needed. */
uint64_t platen_os_now(void)
{
    LARGE_INTEGER frequency, count;
    uint64_t ticks, rate;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&count);
    ticks = (uint64_t)count.QuadPart;
    rate = (uint64_t)frequency.QuadPart;
    return ticks / rate * SECOND + ticks % rate * SECOND / rate;
}

static uint64_t units_of(FILETIME time)
{
    return (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

uint64_t platen_os_wall_time(void)
{
    FILETIME now;
    GetSystemTimePreciseAsFileTime(&now);
    return (units_of(now) - UNIX_EPOCH) * 100;
}

uint64_t platen_os_cpu_time(void)
{
    FILETIME made, ended, kernel, user;
    if (!GetProcessTimes(GetCurrentProcess(), &made, &ended, &kernel, &user))
        return 0;
    return (units_of(kernel) + units_of(user)) * 100;
}

uint64_t platen_os_thread_cpu_time(void)
{
    FILETIME made, ended, kernel, user;
    if (!GetThreadTimes(GetCurrentThread(), &made, &ended, &kernel, &user))
        return 0;
    return (units_of(kernel) + units_of(user)) * 100;
}
