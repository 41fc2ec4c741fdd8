/* SPDX-License-Identifier: MIT
 *
 * Monitors that are files: in a host of their own, or with --in-process in this program.
 */
#ifndef COMMAND_HOSTING_H
#define COMMAND_HOSTING_H

#include <platen/spooler.h>

#include "command/command.h"

/* As platen_spooler_load and its like. Tells which host is stopped, with --debug. */
uint32_t hosting_load(const struct arguments *arguments, platen_spooler *spooler, const char *name,
                      const char *path, bool language, char **complaint);

/* The same in the process that the module has for `other`. */
uint32_t hosting_load_beside(const struct arguments *arguments, platen_spooler *spooler,
                             const char *name, const char *path, bool language,
                             platen_spooler *other, char **complaint);

/* What the monitor of --monitor calls that file, malloc'ed, where it has another name for it; NULL.
 */
char *hosting_path(const struct arguments *arguments, const char *path);

/* What a command ends with when loading ended with that code. */
int hosting_status(uint32_t error);

#endif
