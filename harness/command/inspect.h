/* SPDX-License-Identifier: MIT
 *
 * `platen inspect --load`: what a module shows of itself when it is initialised, in a host.
 */
#ifndef COMMAND_INSPECT_H
#define COMMAND_INSPECT_H

#include "command/report.h"
#include "inspect/inspect.h"

/* Loads the module, tells and reports what it has, and unloads it; an exit status. */
int inspect_load(const char *path, const struct platen_image *image,
                 const struct arguments *arguments, struct report *report);

#endif
