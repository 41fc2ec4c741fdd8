/* SPDX-License-Identifier: MIT
 *
 * Who answers bidi requests about the builtin monitor's TCP/IP ports.
 */
#ifndef COMMAND_PROVIDERS_H
#define COMMAND_PROVIDERS_H

#include <platen/monitor.h>

/* Those that this program was built with, NULL-terminated; for platen_monitor_options.providers. */
const struct platen_provider *const *command_providers(void);

#endif
