/* SPDX-License-Identifier: MIT
 *
 * The way back from where a thread is: places in modules, for a finding. In a signal handler, or
 * where exceptions are handled; twins.
 */
#ifndef HOST_STACK_H
#define HOST_STACK_H

#include <stddef.h>

#include "os/crash.h"

#define HOST_STACK_DEEP 16u

/* Makes ready what cannot be made ready then. */
void host_stack_prepare(void);

/* Writes ` stack=["ill.so+0x1139" "ill.so+0x12a0 InitializePrintMonitor2"]`, innermost first: from
 * where that happened, NULL: from here. Ends where the host's own code begins. How much was
 * written, 0 if nothing is known; terminated. */
size_t host_stack_tell(const struct platen_os_crash *what, char *to, size_t size);

#endif
