/* SPDX-License-Identifier: MIT
 *
 * A port monitor that keeps the pointer to MONITORINIT and looks into the structure whenever it
 * needs the store, as the sample of the WDK does. Windows leaves it valid until Shutdown (R84);
 * relying on that is against R8, a SHOULD, and against nothing else.
 */
#define REMEMBER(monitor, given) (given)
#include "good_addport.c"
