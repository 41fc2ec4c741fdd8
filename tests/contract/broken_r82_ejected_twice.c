/* SPDX-License-Identifier: MIT
 *
 * Breaks R82: the last page of a job is reported twice.
 */
#ifndef STYLE
#    define STYLE "good_language.c"
#endif
#include <platen/winsplp.h>

static inline void tell_twice(HANDLE printer, DWORD job)
{
    SetJobW(printer, job, 0, NULL, JOB_CONTROL_LAST_PAGE_EJECTED);
    SetJobW(printer, job, 0, NULL, JOB_CONTROL_LAST_PAGE_EJECTED);
}
#define SetJobW(printer, job, level, info, command) tell_twice(printer, job)
#include "style.h"

static void rework(MONITOR2 *changed)
{
    (void)changed;
}
