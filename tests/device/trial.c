/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "trial.h"

#include <stdlib.h>

platen_device *trial_start_with(const struct platen_device_options *options)
{
    platen_device *device;
    assert_int_equal(platen_device_start(options, &device), 0);
    assert_int_not_equal(platen_device_port(device), 0);
    return device;
}

platen_device *trial_start(const struct platen_device_manner *manner)
{
    struct platen_device_options options = {.size = sizeof options, .manner = manner};
    platen_device *device = trial_start_with(&options);
    assert_string_equal(platen_device_address(device), "127.0.0.1");
    return device;
}

void trial_wait(platen_device *device, enum platen_device_counter counter, uint64_t value)
{
    assert_int_equal(platen_device_wait(device, counter, value, PATIENT), 0);
}

struct platen_device_job trial_job(platen_device *device, uint32_t number)
{
    struct platen_device_job job;
    trial_wait(device, PLATEN_DEVICE_JOBS, number);
    assert_int_equal(platen_device_find_job(device, number, &job), 0);
    return job;
}

struct client *trial_clients(unsigned count, platen_device *device)
{
    struct client *clients = calloc(count, sizeof *clients);
    assert_non_null(clients);
    for (unsigned i = 0; i < count; i++) {
        clients[i].port = device == NULL ? 0 : platen_device_port(device);
    }
    return clients;
}

bool trial_is_slow(void)
{
    return getenv("PLATEN_SLOW") != NULL;
}
