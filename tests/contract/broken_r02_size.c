/* SPDX-License-Identifier: MIT
 *
 * Breaks R2: cbSize ends in the middle of a pointer. The spooler copies half of
 * pfnNotifyUnusedPorts and calls that.
 */
#include "style.h"

static void rework(MONITOR2 *changed)
{
    changed->cbSize = (DWORD)(PLATEN_MONITOR2_WIN7 - 4);
}
