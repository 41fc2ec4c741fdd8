/* SPDX-License-Identifier: MIT
 *
 * Breaks R3: ReadPort is not there. A spooler refuses the monitor, and a language monitor calls
 * NULL.
 */
#include "style.h"

static void rework(MONITOR2 *changed)
{
    changed->pfnReadPort = NULL;
}
