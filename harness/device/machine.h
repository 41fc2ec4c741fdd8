/* SPDX-License-Identifier: MIT
 *
 * The one thread and the one libuv loop that all simulated printers of a process share.
 */
#ifndef DEVICE_MACHINE_H
#define DEVICE_MACHINE_H

#include <stdint.h>

#include <uv.h>

/* Makes the thread if nobody has it yet. Not from the thread itself, as release. */
uint32_t device_machine_hold(void);
/* The last to release it ends the thread. */
void device_machine_release(void);
/* Runs `body(loop, argument)` on the thread and waits for its return. Only while held. */
void device_machine_call(void (*body)(uv_loop_t *loop, void *argument), void *argument);

/* An error of libuv as a Win32 code. */
uint32_t device_error_from(int uv_error);

#endif
