/* SPDX-License-Identifier: MIT
 *
 * The seam, noun: process. This process, and what it has to do with those that it comes from and
 * that come from it. Other programs: program.h; the harness starts its own with libuv.
 */
#ifndef OS_PROCESS_H
#define OS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

uint64_t platen_os_process_id(void);

/* From now on this process ends, with its family (see below), when the thread that started it ends,
 * however that comes about. Does nothing where the system has nothing like it. */
void platen_os_process_follow(void);

/* Kills this process and all that it started, if it leads a group of its own; itself in any case.
 */
_Noreturn void platen_os_process_end_family(void);

/* Stops this process until a debugger, or a person with `kill -CONT`, lets it go on. */
void platen_os_process_await_debugger(void);

/* Called whenever this process makes a copy of itself (fork): the one before and after it here, the
 * other in the copy. It may touch lock-free atomics and close sockets. May be called once; where
 * processes are never copied it does nothing. */
uint32_t platen_os_process_on_copy(void (*here)(void), void (*in_copy)(void));

/* What the process does when a signal comes, as a number: it changes if that is changed. 0 where
 * there are no signals. */
uint64_t platen_os_process_habits(void);

/* The value of an environment variable, which is gone afterwards, for what is started from here;
 * false, and "" in `to`, if there is none or it does not fit. */
bool platen_os_environment_take(const char *name, char *to, size_t size);

/* Bytes that nobody can guess. */
uint32_t platen_os_random(void *to, size_t size);

#endif
