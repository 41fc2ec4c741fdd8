/* SPDX-License-Identifier: MIT
 *
 * What surrounds a monitor under trial: the fake winspool and the clock that jumps.
 */
#ifndef RULES_WORLD_H
#define RULES_WORLD_H

#include "trial.h"

/* Winspool for trial_now_running(). */
extern const PLATEN_IMPORTS world_winspool;

/* A clock on which waiting takes no time: it moves to the moment that is waited for. */
struct platen_clock *world_clock(void);
/* The system's own. */
struct platen_clock *world_real_clock(void);

#endif
