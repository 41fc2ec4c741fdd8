/* SPDX-License-Identifier: MIT
 *
 * Broken on purpose (R10): looks a dialog function up, to ask when it is in trouble.
 */
#include <platen/winsplp.h>

const char *platen_question(void);

const char *platen_question(void)
{
    return "MessageBoxW";
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT init, PHANDLE monitor)
{
    (void)init;
    *monitor = NULL;
    return NULL;
}
