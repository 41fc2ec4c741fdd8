/* SPDX-License-Identifier: MIT */
#include "script/trace.h"

bool script_is_trace(const char *path)
{
    (void)path;
    return false;
}

void script_trace_check(const char *path, struct script_complaints *complaints)
{
    (void)path;
    (void)complaints;
}

void script_trace_run(struct script_run *run, const char *path)
{
    (void)run;
    (void)path;
}

void script_replay_saw(struct script_replay *replay, struct platen_call *call)
{
    (void)replay;
    (void)call;
}
