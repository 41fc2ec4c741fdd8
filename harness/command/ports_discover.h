/* SPDX-License-Identifier: MIT
 *
 * `platen ports --discover`: the devices that the builtin monitor's backends find.
 */
#ifndef COMMAND_PORTS_DISCOVER_H
#define COMMAND_PORTS_DISCOVER_H

#include "command/command.h"

/* The exit status. */
int ports_discover(const struct arguments *arguments);

#endif
