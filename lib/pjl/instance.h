/* SPDX-License-Identifier: MIT
 *
 * An instance of the language monitor: what it knows of its spooler, and the ports that are open.
 * Two of them share nothing but the table of handles (R7).
 */
#ifndef PLATEN_PJL_INSTANCE_H
#define PLATEN_PJL_INSTANCE_H

#include <stdint.h>

#include <platen/winsplp.h>

#include "os/thread.h"

#define PJL_MILLISECOND UINT64_C(1000000) /* in nanoseconds */

struct pjl_port;

struct pjl_instance {
    uintptr_t handle;
    PLATEN_IMPORTS imports;
    uint64_t eoj_timeout; /* how long a printer may take to confirm a job; nanoseconds */

    platen_os_mutex lock;
    struct pjl_port *ports;
};

/* imports NULL: the module's own. INVALID_PARAMETER, NOT_ENOUGH_MEMORY; then nothing is left. */
uint32_t pjl_instance_create(const MONITORINIT *init, const PLATEN_IMPORTS *imports,
                             uintptr_t *handle);
/* Shutdown: closes what is open (R77). A handle that is no instance's is ignored. */
void pjl_instance_shutdown(uintptr_t handle);

void pjl_instance_enter(struct pjl_instance *instance, struct pjl_port *port);
void pjl_instance_leave(struct pjl_instance *instance, struct pjl_port *port);

#endif
