/* SPDX-License-Identifier: MIT
 *
 * Breaks R82: nobody is told that the last page is out. With a language monitor in the way the
 * job stays in the queue.
 */
#ifndef STYLE
#    define STYLE "good_language.c"
#endif
#include <platen/winsplp.h>
#define SetJobW(printer, job, level, info, command) ((void)(job))
#include "style.h"

static void rework(MONITOR2 *changed)
{
    (void)changed;
}
