/* SPDX-License-Identifier: MIT
 *
 * Breaks R52: the job is reported as printed twice. The second time it may be another job's
 * number.
 */
#include <platen/winsplp.h>

static inline void tell_twice(HANDLE printer, DWORD job)
{
    SetJobW(printer, job, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER);
    SetJobW(printer, job, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER);
}
#define SetJobW(printer, job, level, info, command) tell_twice(printer, job)
#include "style.h"

static void rework(MONITOR2 *changed)
{
    (void)changed;
}
