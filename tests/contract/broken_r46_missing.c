/* SPDX-License-Identifier: MIT
 *
 * Breaks R46: ReadPort is not there. A language monitor calls NULL, or refuses to work with
 * this port monitor.
 */
#include "style.h"

static void rework(MONITOR2 *changed)
{
    changed->pfnReadPort = NULL;
}
