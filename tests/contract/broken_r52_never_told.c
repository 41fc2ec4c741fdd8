/* SPDX-License-Identifier: MIT
 *
 * Breaks R52: nobody is told that the job is printed. It stays in the queue until somebody
 * deletes it.
 */
#include <platen/winsplp.h>
#define SetJobW(printer, job, level, info, command) ((void)(job))
#include "style.h"

static void rework(MONITOR2 *changed)
{
    (void)changed;
}
