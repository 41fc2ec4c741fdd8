/* SPDX-License-Identifier: MIT
 *
 * `platen device serial`: a receipt printer at a serial line.
 */
#ifndef COMMAND_DEVICE_SERIAL_H
#define COMMAND_DEVICE_SERIAL_H

#include "command/command.h"

/* An exit status. */
int device_serial(const struct arguments *arguments);

#endif
