/* SPDX-License-Identifier: MIT */
#include "times.h"

#define GREATEST    UINT32_MAX
#define MILLISECOND UINT64_C(1000000)

bool times_are_valid(const uint32_t times[PLATEN_TIMES])
{
    return times[PLATEN_READ_INTERVAL] != GREATEST || times[PLATEN_READ_MULTIPLIER] != GREATEST ||
           times[PLATEN_READ_CONSTANT] != GREATEST;
}

static bool take(uint32_t multiplier, uint32_t constant, struct times_bound *bound)
{
    *bound = (struct times_bound){constant * MILLISECOND, multiplier};
    return multiplier || constant;
}

/* With the greatest interval, a multiplier that is the greatest too is none: ReadPort waits for the
 * first byte, as long as the constant says; and a total of 0 is one. */
bool times_of_reads(const uint32_t times[PLATEN_TIMES], struct times_bound *bound)
{
    uint32_t multiplier = times[PLATEN_READ_MULTIPLIER];
    bool greatest = times[PLATEN_READ_INTERVAL] == GREATEST;
    if (greatest && multiplier == GREATEST)
        multiplier = 0;
    return take(multiplier, times[PLATEN_READ_CONSTANT], bound) || greatest;
}

bool times_of_writes(const uint32_t times[PLATEN_TIMES], struct times_bound *bound)
{
    return take(times[PLATEN_WRITE_MULTIPLIER], times[PLATEN_WRITE_CONSTANT], bound);
}

uint64_t times_total(uint32_t multiplier, uint64_t constant, uint32_t size)
{
    uint64_t milliseconds = (uint64_t)multiplier * size;
    if (milliseconds > (PLATEN_FOREVER - constant) / MILLISECOND)
        return PLATEN_FOREVER;
    return milliseconds * MILLISECOND + constant;
}

uint32_t times_milliseconds(uint64_t nanoseconds)
{
    uint64_t whole = nanoseconds / MILLISECOND;
    return whole < GREATEST ? (uint32_t)whole : GREATEST - 1;
}
