/* SPDX-License-Identifier: MIT
 *
 * Breaks R3: what is not supported is not NULL but something that is no function. A spooler
 * that sees it calls it.
 */
#include "style.h"

static BYTE no_function[64];

static void rework(MONITOR2 *changed)
{
    BYTE *place = (BYTE *)&changed->pfnNotifyUsedPorts;
    BYTE *value = no_function;
    memcpy(place, &value, sizeof value);
}
