/* SPDX-License-Identifier: MIT
 *
 * The seam, noun: last-error of a thread. On Windows it is the system's, elsewhere a variable of
 * this module, which loaders hand to the modules they load.
 */
#ifndef OS_LASTERROR_H
#define OS_LASTERROR_H

#include <stdint.h>

uint32_t platen_os_get_last_error(void);
void platen_os_set_last_error(uint32_t code);

#endif
