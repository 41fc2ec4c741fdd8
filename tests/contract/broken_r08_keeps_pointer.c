/* SPDX-License-Identifier: MIT
 *
 * Breaks R8: the pointer to MONITORINIT is kept. Wine and ReactOS have the structure on the
 * stack: the next AddPort reads whatever stands there by then.
 */
#ifndef STYLE
#    define STYLE "good_addport.c"
#endif
#define REMEMBER(monitor, given) (given)
#include "style.h"

static void rework(MONITOR2 *changed)
{
    (void)changed;
}
