/* SPDX-License-Identifier: MIT */
#include "os/clock.h"

#include <time.h>

#define SECOND UINT64_C(1000000000)

static uint64_t read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec;
}

uint64_t platen_os_now(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

uint64_t platen_os_wall_time(void)
{
    return read_clock(CLOCK_REALTIME);
}

uint64_t platen_os_cpu_time(void)
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

uint64_t platen_os_thread_cpu_time(void)
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}
