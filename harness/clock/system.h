/* SPDX-License-Identifier: MIT
 *
 * Time as it is: the clock of those who were not given one.
 */
#ifndef CLOCK_SYSTEM_H
#define CLOCK_SYSTEM_H

#include <platen/backend.h>

extern struct platen_clock platen_system_clock;

#endif
