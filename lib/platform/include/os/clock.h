/* SPDX-License-Identifier: MIT
 *
 * The seam, noun: clock. Time as the system has it, and sleeping on a word of memory.
 */
#ifndef OS_CLOCK_H
#define OS_CLOCK_H

#include <stdint.h>

#define PLATEN_OS_FOREVER UINT64_MAX

/* Nanoseconds since some moment; never goes back. Any thread. Costs no system call where the system
 * allows that. */
uint64_t platen_os_now(void);

/* Nanoseconds since 1970-01-01 UTC. */
uint64_t platen_os_wall_time(void);

/* Nanoseconds of processor time (user + system) that this process has used. */
uint64_t platen_os_cpu_time(void);
/* The same of the calling thread alone. */
uint64_t platen_os_thread_cpu_time(void);

/* Sleeps while *word == seen, until somebody calls platen_os_wake for that word or the moment
 * `until` (on platen_os_now's clock) has come. May return early for no reason. */
void platen_os_wait(const uint32_t *word, uint32_t seen, uint64_t until);

/* Wakes every thread that sleeps on the word. Change *word with an atomic store before. */
void platen_os_wake(const uint32_t *word);

#endif
