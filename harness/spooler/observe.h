/* SPDX-License-Identifier: MIT
 *
 * Watching a spooler's calls, for the sides of the harness that do: trace, check, fault.
 */
#ifndef SPOOLER_OBSERVE_H
#define SPOOLER_OBSERVE_H

#include <platen/spooler.h>

#include "call/call.h"

/* From now on all calls of this spooler, in both directions and on all threads, pass the observers.
 * To be called right after platen_spooler_create, before any monitor is there. The list is borrowed
 * until the spooler has been destroyed. */
void platen_spooler_observe(platen_spooler *spooler, struct platen_observer *observers);

#endif
