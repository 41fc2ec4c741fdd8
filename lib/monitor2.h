/* SPDX-License-Identifier: MIT
 *
 * The table of functions that every instance shares.
 */
#ifndef PLATEN_LIB_MONITOR2_H
#define PLATEN_LIB_MONITOR2_H

#include <platen/winsplp.h>

LPMONITOR2 monitor2_table(void);

#endif
