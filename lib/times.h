/* SPDX-License-Identifier: MIT
 *
 * What a COMMTIMEOUTS means for how long ReadPort and WritePort may last. Pure.
 */
#ifndef PLATEN_LIB_TIMES_H
#define PLATEN_LIB_TIMES_H

#include <stdbool.h>
#include <stdint.h>

#include <platen/backend.h>

/* A call of n bytes may last n multipliers, in milliseconds, and the constant, in nanoseconds. */
struct times_bound {
    uint64_t constant;
    uint32_t multiplier;
};

/* False for the one combination that drivers refuse. */
bool times_are_valid(const uint32_t times[PLATEN_TIMES]);

/* False: they say nothing of it, and what was said before stays. */
bool times_of_reads(const uint32_t times[PLATEN_TIMES], struct times_bound *bound);
bool times_of_writes(const uint32_t times[PLATEN_TIMES], struct times_bound *bound);

/* In nanoseconds, at most PLATEN_FOREVER. */
uint64_t times_total(uint32_t multiplier, uint64_t constant, uint32_t size);

/* As a member of COMMTIMEOUTS. UINT32_MAX would mean something else. */
uint32_t times_milliseconds(uint64_t nanoseconds);

#endif
