/* SPDX-License-Identifier: MIT
 *
 * The ports of the other monitors, as the spooler lists them: a name is refused if any monitor has
 * a port of it. The list is asked for by its size, and fetched only when the size without our own
 * ports has changed since, so that adding many ports does not take time in the square of their
 * number.
 */
#ifndef PLATEN_LIB_FOREIGN_H
#define PLATEN_LIB_FOREIGN_H

#include <platen/winsplp.h>

#include "names.h"
#include "os/thread.h"
#include "ports.h"

struct foreign {
    platen_os_mutex mutex; /* not held while the spooler is asked */
    struct names names;
    struct name *members; /* one block: the members, then their texts */
    size_t size;          /* of the list without ours, in bytes */
};

void foreign_init(struct foreign *foreign);
void foreign_destroy(struct foreign *foreign);

/* Does another monitor have a port of that name? A spooler that cannot be asked has none. Errors:
 * what the spooler's EnumPorts said, NOT_ENOUGH_MEMORY. */
uint32_t foreign_has(struct foreign *foreign, const PLATEN_IMPORTS *imports, struct ports *own,
                     const char16_t *name, bool *has);

#endif
