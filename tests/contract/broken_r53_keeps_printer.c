/* SPDX-License-Identifier: MIT
 *
 * Breaks R53: the printer that was opened for the job is never closed. The spooler cannot
 * delete it as long as it runs.
 */
#include <platen/winsplp.h>
#define ClosePrinter(printer) ((void)(printer))
#include "style.h"

static void rework(MONITOR2 *changed)
{
    (void)changed;
}
