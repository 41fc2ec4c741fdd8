/* SPDX-License-Identifier: MIT
 *
 * What scripts need of what only the command links: the builtin monitor and simulated devices.
 */
#ifndef COMMAND_WORLD_H
#define COMMAND_WORLD_H

#include "command/command.h"
#include "script/script.h"

struct world {
    const char *file_root;    /* of builtin monitors that a script gives none; NULL: none */
    const char *program_root; /* likewise */
    bool verbose;             /* the monitor's log is told, too */
    uint32_t read_timeout;    /* milliseconds, of builtin monitors; 0: their own */
    const struct arguments *arguments; /* how modules are loaded */
};

/* Can the file of --registry be read? Read once beforehand, so that a file that is none is told as
 * what it is. NULL: there is none, and that is fine. */
bool world_accepts_registry(const char *path);
/* `world` is borrowed. */
void world_fill(struct world *world, struct platen_script_world *to);

#endif
