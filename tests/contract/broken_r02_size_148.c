/* SPDX-License-Identifier: MIT
 *
 * Breaks R2: cbSize is what the macro of the old header gives on 64 bits: half of pfnShutdown
 * lies behind it.
 */
#include "style.h"

static void rework(MONITOR2 *changed)
{
    changed->cbSize = (DWORD)(PLATEN_MONITOR2_WIN2K - 4); /* MONITOR2_SIZE_WIN2K */
}
