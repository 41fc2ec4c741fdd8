/* SPDX-License-Identifier: MIT
 *
 * A monitor instance: everything hangs from it, and two of them share nothing but the table of
 * handles (R7). What is set at creation never changes, but for what is atomic, and is read without
 * a lock.
 */
#ifndef PLATEN_LIB_INSTANCE_H
#define PLATEN_LIB_INSTANCE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <platen/monitor.h>

#include "foreign.h"
#include "handle.h"
#include "kinds.h"
#include "os/format.h"
#include "ports.h"
#include "store.h"

#define MILLISECOND UINT64_C(1000000) /* in nanoseconds */
#define SECOND      UINT64_C(1000000000)

/* What is open on an instance: ports and Xcv handles. Part of the open object. */
struct member {
    struct member *previous;
    struct member *next;
    uintptr_t handle;
    enum handle_kind kind;
    uint32_t round; /* the last round of cancelling that met it */
};

struct instance {
    uintptr_t handle;
    PLATEN_IMPORTS imports;
    struct platen_clock *clock;
    void (*log)(void *context, enum platen_log_level level, const char *text);
    void *log_context;
    char *file_root;                /* UTF-8; NULL: no port may touch files */
    char *program_root;             /* likewise: no port may run programs */
    bool has_programs;              /* a stored port would run one; creation alone uses it */
    uint64_t write_default;         /* nanoseconds, like the next four */
    _Atomic uint64_t write_timeout; /* of ports that are opened; Xcv changes it (configure.h) */
    uint64_t read_timeout;
    uint64_t start_timeout;
    uint64_t drain_timeout;
    atomic_bool idle_polling;
    const struct platen_provider *const *providers; /* NULL: none */

    struct kinds kinds;
    struct ports ports;
    struct store store;
    struct foreign foreign;

    platen_os_mutex members_mutex;
    struct member *members;
    struct member *last_member;
};

/* InitializePrintMonitor2's work. INVALID_PARAMETER, NOT_ENOUGH_MEMORY, or what the store said;
 * then nothing is left (R4) and *handle is 0. options NULL: all defaults. */
uint32_t instance_create(const MONITORINIT *init, const struct platen_monitor_options *options,
                         uintptr_t *handle);

/* Shutdown: calls everything off, waits for calls under way, ends jobs, closes and frees all (R77).
 * A handle that is no instance's is ignored. */
void instance_shutdown(uintptr_t handle);

/* Enters an open object into the instance, which stays alive until it leaves again. */
void instance_enter(struct instance *instance, struct member *member);
void instance_leave(struct instance *instance, struct member *member);

/* Tells the log, if there is one. Names and other people's text may be arguments, never the format.
 * No lock may be held. */
PLATEN_OS_PRINTF(3, 4)
void instance_log(struct instance *instance, enum platen_log_level level, const char *format, ...);
/* The same for a finished text; a backend's `log`. */
void instance_log_text(void *instance, enum platen_log_level level, const char *text);

/* Now, and a moment after it, on the instance's clock. */
uint64_t instance_now(const struct instance *instance);
uint64_t instance_after(uint64_t now, uint64_t nanoseconds);

#endif
