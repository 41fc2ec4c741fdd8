/* SPDX-License-Identifier: MIT
 *
 * The seam, noun: farewell. A pointer of each thread's own, and what is done with it when the
 * thread ends.
 */
#ifndef OS_FAREWELL_H
#define OS_FAREWELL_H

#include <stdbool.h>
#include <stdint.h>

/* The beginning of what a thread leaves behind. */
struct platen_os_farewell {
    void (*say)(struct platen_os_farewell *farewell);
};

/* A place for one such pointer in every thread, empty at first. */
typedef struct platen_os_farewells {
    uint64_t room;
} platen_os_farewells;

/* NOT_ENOUGH_MEMORY when the system has no more places (some have a thousand). */
uint32_t platen_os_farewells_make(platen_os_farewells *place);
/* The place is gone. What threads still have there is said now, on this thread, or never: that
 * depends on the system. No thread that has something there may be ending meanwhile. */
void platen_os_farewells_end(platen_os_farewells *place);

/* Puts something into the calling thread's place, NULL for nothing; false when memory is out. When
 * the thread ends, and something stands there, the place is emptied and it is said, on that thread.
 * The main thread's end is the program's: nothing is said then. */
bool platen_os_farewell_set(const platen_os_farewells *place, struct platen_os_farewell *farewell);
struct platen_os_farewell *platen_os_farewell_get(const platen_os_farewells *place);

#endif
