/* SPDX-License-Identifier: MIT
 *
 * What keeps the command's word when something does not come back: the person at the keyboard, a
 * document that never ends, a monitor that hangs or ends the process.
 */
#ifndef COMMAND_GUARD_H
#define COMMAND_GUARD_H

#include <stdbool.h>
#include <stdint.h>

/* Interrupts are noted from here on; a second one ends the process. */
void guard_begin(void);
bool guard_interrupted(void);

/* While a document is read before its job exists nothing has been printed that could be lost: an
 * interrupt, or `patience` nanoseconds (0: none), ends the process with 1. */
void guard_reading_begin(const char *document, uint64_t patience);
void guard_reading_end(void);

/* While a monitor is loaded the process does not end with anything but a status of ours: exit()
 * from within it is 4. */
void guard_monitor(bool loaded);

/* Called with `context` when the process is about to end in the middle of something: by a crash, by
 * exit() from within the monitor, or because it is given up. On any thread, perhaps in a signal
 * handler; again, if it crashes itself. NULL: nobody is called. */
void guard_last_words(void (*say)(void *context), void *context);

/* For a monitor that does not come back: says so and ends the process with 4. */
void guard_give_up(const char *what);

#endif
