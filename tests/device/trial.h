/* SPDX-License-Identifier: MIT
 *
 * What the tests of simulated printers share.
 */
#ifndef TESTS_DEVICE_TRIAL_H
#define TESTS_DEVICE_TRIAL_H

#include <stdbool.h>
#include <stdint.h>

#include <platen/spooler.h>

#include "client.h"

#define MS      UINT64_C(1000000)
#define PATIENT UINT64_C(300000000000)

platen_device *trial_start(const struct platen_device_manner *manner);
platen_device *trial_start_with(const struct platen_device_options *options);
void trial_wait(platen_device *device, enum platen_device_counter counter, uint64_t value);
/* Once so many jobs have ended: that one. */
struct platen_device_job trial_job(platen_device *device, uint32_t number);
/* Zeroed, for this device; device NULL: for none yet. To be freed. */
struct client *trial_clients(unsigned count, platen_device *device);
/* Is everything slower here than elsewhere? */
bool trial_is_slow(void);

#endif
