/* SPDX-License-Identifier: MIT
 *
 * Recorded traces, run again.
 */
#ifndef SCRIPT_TRACE_H
#define SCRIPT_TRACE_H

#include "script/inside.h"

/* A call has returned, on the thread that made it. */
void script_replay_saw(struct script_replay *replay, struct platen_call *call);

#endif
