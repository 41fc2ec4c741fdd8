/* SPDX-License-Identifier: MIT
 *
 * platen-host: a process in which one monitor runs. The harness starts it, tells it where to
 * connect, and makes calls; what the monitor calls back goes the same way in the other direction.
 *
 *   the first connection   the main thread listens to: LANE, BYE; its end is the harness's end
 *   one for each lane      a thread here for a thread there, which loads the module and makes calls
 *   one for each thread    that the monitor made, as soon as it calls back
 *
 * Here runs what must not cross: last-error, the Router allocators, impersonation; and what is made
 * of text is made natively here: arguments that are wrong on purpose, MONITORINIT, tables.
 */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include "call/facts.h"
#include "call/ship.h"
#include "os/farewell.h"

#define HOST_LOST 70 /* what the process ends with when its connections are gone */

/* Where the harness is. */
struct host_home {
    uint16_t port;
    char token[40];
};
extern struct host_home host_home;

/* ---- lanes: lane.c --------------------------------------------------------------------------- */

struct host_lane {
    struct platen_os_farewell farewell; /* of threads that the monitor made */
    struct platen_ship *ship;
    platen_os_socket socket;
    uint32_t number;       /* 0: a thread of the monitor's own */
    enum platen_slot slot; /* of the call that came last */
    uint32_t repeats;      /* calls of that slot, one after the other */
    uint16_t upper; /* of the call that came last: the number of the table for OpenPortEx, or 0 */
    struct platen_facts facts; /* of the call that returned last, if anybody wants to know */
};

/* A connection that has said hello; NULL: it cannot be had. */
struct platen_channel *host_connect(const char *lane);
/* Starts the thread of that lane. */
void host_lane_start(uint32_t number);
/* Is it time to look at what else than its answer the call has done? Always, but when the same
 * function is called over and over again. */
bool host_looks(const struct host_lane *lane);
/* Makes a call back on the lane of this thread; opens one for a thread that has none. */
void host_ship(struct platen_call *call, uint16_t flags);
void host_lanes_prepare(void);
/* Threads that host_lane_start has made and that have not come to their end. */
unsigned host_lanes(void);

/* ---- the monitor: module.c ------------------------------------------------------------------- */

/* Both write an answer for the harness, terminated. */
void host_load(const char *path, size_t length, char *to, size_t size);
void host_unload(char *to, size_t size);
/* Runs a call of the harness. */
void host_run(void *context, struct platen_call *call, uint16_t flags);
/* What is said behind its answer. */
size_t host_add(void *context, const struct platen_call *call, char *to, size_t size);
struct platen_built *host_memory(void *context, enum platen_slot slot);

/* ---- what the monitor calls: back.c, upper.c, router.c --------------------------------------- */

/* The table for the monitor below a language monitor, of that number; NULL: there is none. */
const MONITOR2 *host_upper(uint16_t number);

/* How many bytes can be read at `at`, which a Router function gave; 0: none did. */
size_t host_router_reach(void *context, const void *at);

/* ---- the end: leave.c ------------------------------------------------------------------------ */

/* From now on a crash, exit() and fork() of the monitor's are told. */
void host_leave_prepare(void);
/* The lane whose thread this is; what is at fault is told on its connection. */
void host_leave_lane(const struct host_lane *lane);
/* The connections that a copy of this process must not have. */
void host_leave_keep(platen_os_socket socket);
void host_leave_drop(platen_os_socket socket);
/* How many there are. */
unsigned host_leave_kept(void);
/* The harness is out of reach: ends the process. */
_Noreturn void host_lost(void);
/* How often this process was copied; what it does on signals. */
uint32_t host_copies(void);

#endif
