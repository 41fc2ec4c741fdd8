/* SPDX-License-Identifier: MIT
 *
 * `platen device --life`: where the script of a printer's life comes from.
 */
#ifndef COMMAND_DEVICE_LIFE_H
#define COMMAND_DEVICE_LIFE_H

#include <stdbool.h>

#include <platen/spooler.h>

/* platen_device_check_life, or that of another kind of printer. */
typedef uint32_t (*life_check)(const char *life, char **complaint);

/* What `value` names: the life itself, or a file that has it; *life NULL: standard input has it.
 * *loaded is to be freed. False: it has been told what is wrong. */
bool life_load(const char *value, life_check check, const char **life, char **loaded);
/* From here on each line of standard input goes to the device; until the end, and not a moment
 * longer. */
bool life_listen(platen_device *device, life_check check);
void life_end(void);

#endif
