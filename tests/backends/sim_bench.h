/* SPDX-License-Identifier: MIT
 *
 * A port on a simulated device, in simulated time: what the tests of sim share. The functions
 * assert.
 */
#ifndef SIM_BENCH_H
#define SIM_BENCH_H

#include <platen/sim.h>

#include "trial.h"

#define MILLISECOND UINT64_C(1000000)

extern const struct platen_backend platen_backend_sim;

/* Time that passes only when somebody waits for it. */
struct fake_clock {
    struct platen_clock clock; /* first: the backend hands its address back */
    uint64_t now;
};

extern struct fake_clock fake;
extern struct trial trial;
extern struct port port; /* open on the device */
extern platen_sim *device;

int sim_set_up(void **state);
/* The port waits in the system's time. */
int sim_set_up_in_real_time(void **state);
int sim_tear_down(void **state);

void script(const char *text);
uint32_t start(struct port *on);
uint32_t end(bool abandoned);
/* One write that may take ten seconds of the clock, and what must come of it. */
void expect_write(uint32_t size, uint32_t error, uint32_t moved);
/* What a reader finds who does not wait. */
void expect_read(const char *text);

#endif
