/* SPDX-License-Identifier: MIT
 *
 * Breaks R3: XcvClosePort is not there. A spooler refuses the monitor, or calls NULL when an
 * administrator closes the dialog.
 */
#include "style.h"

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvClosePort = NULL;
}
