/* SPDX-License-Identifier: MIT
 *
 * NotifyUsedPorts, NotifyUnusedPorts and PowerEvent (contract 2.19): accepted and told to the log.
 * Nothing here has to be done about them: a port costs nothing while nobody has it open, and holds
 * no device between jobs that would have to be let go before the machine sleeps.
 */
#ifndef PLATEN_LIB_NOTIFY_H
#define PLATEN_LIB_NOTIFY_H

#include "instance.h"

/* Borrowed names; one that is NULL is passed over. INVALID_PARAMETER for no names at all where some
 * were counted. */
uint32_t notify_ports(struct instance *instance, uint32_t count, const PCWSTR *names, bool used);

/* `event` as WM_POWERBROADCAST has it. */
uint32_t notify_power(struct instance *instance, uint32_t event);

#endif
