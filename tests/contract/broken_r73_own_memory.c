/* SPDX-License-Identifier: MIT
 *
 * Breaks R73: the texts of the response come from malloc. The spooler, which frees them with
 * the Router's function, damages its heap.
 */
#include <platen/winsplp.h>

#include <stdlib.h>
#define RouterAllocBidiMem(size) malloc(size)
#include "style.h"

static void rework(MONITOR2 *changed)
{
    (void)changed;
}
