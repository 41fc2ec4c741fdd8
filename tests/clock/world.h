/* SPDX-License-Identifier: MIT
 *
 * A spooler, our monitor and simulated devices under one virtual clock, with faults, and a diary of
 * every call with its virtual times.
 */
#ifndef TESTS_CLOCK_WORLD_H
#define TESTS_CLOCK_WORLD_H

#include <platen/sim.h>
#include <platen/spooler.h>

#include "call/call.h"
#include "clock/virtual.h"
#include "fault/fault.h"
#include "os/thread.h"

#define MILLISECOND UINT64_C(1000000)
#define SECOND      UINT64_C(1000000000)
#define START       PLATEN_VIRTUAL_START

#define WORLD_LANES 8

struct diary {
    struct platen_observer observer; /* first */
    platen_os_mutex lock;
    struct lane_diary {
        char name[16];
        char text[1 << 18];
        size_t size;
    } lanes[WORLD_LANES];
    bool on;
};

struct world {
    struct platen_clock *clock;
    platen_faults *faults;
    struct diary diary;
    platen_spooler *spooler;
};

/* The calling thread takes part in time. Without `attached` the monitor is not there yet. */
void world_make(struct world *world, const struct platen_spooler_options *options, bool attached);
uint32_t world_attach(struct world *world);
void world_end(struct world *world);

/* A device, a port on it and a printer on the port, all of one name; released with the world's end
 * by the caller. */
platen_sim *world_printer(struct world *world, const char *name, const char *script);
uint32_t world_submit(struct world *world, const char *printer, const void *data, size_t size);
struct platen_job_info world_wait(struct world *world, uint32_t job);
/* Submits so many bytes and waits. */
struct platen_job_info world_print(struct world *world, const char *printer, size_t size);

platen_fault *world_fault(struct world *world, struct platen_fault_rule rule);
/* What the lane of that name has in the diary: "1000000000>WritePort0 46000000000<WritePort1 ",
 * when a call began, and when it ended and what it said. */
const char *world_diary(struct world *world, const char *lane);

#endif
