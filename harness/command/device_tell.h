/* SPDX-License-Identifier: MIT
 *
 * What `platen device` tells, on standard output and as JSON.
 */
#ifndef COMMAND_DEVICE_TELL_H
#define COMMAND_DEVICE_TELL_H

#include <platen/spooler.h>

#include "command/report.h"

void device_tell_job(struct report *report, const struct platen_device_job *job);
void device_tell_state(struct report *report, const struct platen_device_state *state);

#endif
