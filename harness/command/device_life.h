/* SPDX-License-Identifier: MIT
 *
 * `platen device pjl --life`: where the script of a printer's life comes from.
 */
#ifndef COMMAND_DEVICE_LIFE_H
#define COMMAND_DEVICE_LIFE_H

#include <stdbool.h>

#include <platen/spooler.h>

/* What `value` names: the life itself, or a file that has it; *life NULL: standard input has it.
 * *loaded is to be freed. False: it has been told what is wrong. */
bool life_load(const char *value, const char **life, char **loaded);
/* From here on each line of standard input goes to the device; until the end, and not a moment
 * longer. */
bool life_listen(platen_device *device);
void life_end(void);

#endif
