/* SPDX-License-Identifier: MIT
 *
 * The seam, noun: console. The command line and the terminal.
 */
#ifndef OS_CONSOLE_H
#define OS_CONSOLE_H

#include <stdbool.h>

#include "os/file.h"

/* The program's arguments in UTF-8, whatever the system hands to main. The result is kept until the
 * program ends; on POSIX it is argv itself. */
char **platen_os_arguments(int argc, char **argv, int *count);

/* Is the stream a terminal that a person looks at? */
bool platen_os_is_terminal(enum platen_os_stream stream);

/* Makes the terminal take UTF-8 and escape sequences; false if it cannot. Call once, early. */
bool platen_os_prepare_terminal(enum platen_os_stream stream);

/* The value of an environment variable in UTF-8, malloc'ed; NULL if it is not set. */
char *platen_os_environment(const char *name);

/* Calls `handler` on interrupt (Ctrl+C) and termination requests, from a thread or signal handler
 * of the system's choice: it may only store to lock-free atomics. A second request ends the
 * process. */
void platen_os_on_interrupt(void (*handler)(void));

#endif
