/* SPDX-License-Identifier: MIT */
#include "call/call.h"

static _Thread_local struct platen_lane *here;

struct platen_lane *platen_lane_here(void)
{
    return here;
}

struct platen_lane *platen_lane_enter(struct platen_lane *lane)
{
    struct platen_lane *before = here;
    here = lane;
    return before;
}
