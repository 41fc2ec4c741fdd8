/* SPDX-License-Identifier: MIT
 *
 * Lines of standard input, by which the lives of simulated devices go on.
 */
#ifndef COMMAND_DEVICE_LINES_H
#define COMMAND_DEVICE_LINES_H

#include <stdbool.h>

/* Has a thread of its own read them, and give each, without its end, and its number to `take`
 * there. It cannot be woken from its wait for a line, so it outlives the device: `take` must never
 * need what is taken away. Once in a process. False: no thread, which has been told. */
bool lines_listen(void (*take)(const char *line, unsigned number));

#endif
