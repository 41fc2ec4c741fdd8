/* SPDX-License-Identifier: MIT
 *
 * The seam, noun: errand. Calls into the system that nothing bounds, such as the opening of a
 * device which another program is closing: they are made on a thread of their own, and whoever
 * waits for one can turn away from it.
 */
#ifndef OS_ERRAND_H
#define OS_ERRAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "os/socket.h"

typedef struct platen_os_errand platen_os_errand;

/* A thread that runs tasks, one at a time. `name` as for threads. 0 or a Win32 code. */
uint32_t platen_os_errand_create(const char *name, platen_os_errand **errand);

/* Begins task(argument) on the errand's thread; none may be under way. What the task uses has to
 * stay until it is over. NOT_ENOUGH_MEMORY. */
uint32_t platen_os_errand_begin(platen_os_errand *errand, void (*task)(void *argument),
                                void *argument);
/* Until no task is under way. TIMEOUT; OPERATION_ABORTED when the bell rang. */
uint32_t platen_os_errand_wait(platen_os_errand *errand, platen_os_bell bell, uint64_t until);
bool platen_os_errand_is_busy(platen_os_errand *errand);

/* The task that is under way is not wanted any more: where it waits in a call of the system that
 * can be ended (on POSIX, one that pthread_cancel ends), it is over and does not return from there.
 * Does not wait for that. What the task has done until then stays done. */
void platen_os_errand_interrupt(platen_os_errand *errand);

/* The errand's end: last(argument) is run on a thread when no task is under way any more, and frees
 * what the tasks used. Waits for that until the moment; if it takes longer, nobody waits, this
 * module stays loaded, and the thread is let go. True: it did not take longer. NULL is no errand:
 * `last` is run at once. */
bool platen_os_errand_end(platen_os_errand *errand, void (*last)(void *argument), void *argument,
                          uint64_t until);

/* How many threads were left behind and have not come to an end. */
size_t platen_os_errands_stuck(void);

#endif
