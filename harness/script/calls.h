/* SPDX-License-Identifier: MIT
 *
 * What call.c and compare.c share.
 */
#ifndef SCRIPT_CALLS_H
#define SCRIPT_CALLS_H

#include "script/inside.h"

/* What the words of a lane's line name. */
struct platen_names script_names_of(struct script_lane *lane);
/* With the lock: the monitor of that handle, of the lane's spooler first; NULL: none. */
const struct script_monitor *script_monitor_by_bits(struct script_lane *lane, uint64_t bits);

#endif
