/* SPDX-License-Identifier: MIT
 *
 * Simulated devices and their ports: names, sharing, the setting, and what ends a wait.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdatomic.h>

#include "os/thread.h"
#include "sim_bench.h"

static void one_job_at_a_time(void **state)
{
    struct port other;
    uint32_t moved;
    (void)state;
    assert_true(port_open_new(&trial, &other, &port));
    assert_int_equal(platen_sim_counts(device).open, 2);
    assert_int_equal(start(&port), 0);
    assert_int_equal(start(&other), PLATEN_BUSY);
    assert_int_equal(start(&port), PLATEN_BUSY);
    assert_int_equal(port_write(&trial, &other, "x", 1, 0, &moved), PLATEN_INVALID_HANDLE);
    expect_write(3, 0, 3);
    assert_int_equal(end(false), 0);
    assert_int_equal(start(&other), 0);
    port_finish(&trial, &other); /* with its job still open: the device is free again */
    assert_int_equal(start(&port), 0);
    assert_int_equal(platen_sim_counts(device).open, 1);
}

static void a_device_lives_under_its_name(void **state)
{
    platen_sim *same = platen_sim_create("DEVICE"), *other = platen_sim_create("other");
    (void)state;
    assert_ptr_equal(same, device);
    assert_ptr_not_equal(other, device);
    assert_null(platen_sim_create(""));
    assert_null(platen_sim_create(NULL));
    platen_sim_release(same);
    platen_sim_release(other);
    platen_sim_release(NULL);
    assert_int_equal(start(&port), 0);
    expect_write(3, 0, 3);
}

static void names_and_uris(void **state)
{
    struct port other;
    (void)state;
    assert_int_equal(platen_backend_sim.claims("SIM:a"), 3);
    assert_int_equal(platen_backend_sim.claims("sim:a/b"), 3);
    assert_int_equal(platen_backend_sim.claims("SIM:"), 0);
    assert_int_equal(platen_backend_sim.claims("SIM"), 0);
    assert_int_equal(platen_backend_sim.claims("SIMPLE:a"), 0);
    port_make(&trial, &other, NULL);
    assert_int_equal(port_check(&trial, &other, ""), PLATEN_INVALID_NAME);
    assert_int_equal(port_open(&trial, &other, "SIM:"), PLATEN_INVALID_NAME);
    assert_int_equal(port_open(&trial, &other, "SIM:Device"), 0);
    assert_int_equal(platen_sim_counts(device).open, 2);
    port_finish(&trial, &other);
}

/* The setting gives a device its first script, and never another one. */
static void a_script_can_be_preloaded(void **state)
{
    struct port other;
    platen_sim *fresh;
    (void)state;
    trial.example = "sim:fresh?script=refuse5";
    assert_true(port_open_new(&trial, &other, NULL));
    assert_int_equal(port_check(&trial, &other, NULL), 0);
    fresh = platen_sim_create("fresh");
    assert_int_equal(start(&other), 5);
    assert_int_equal(start(&other), 0);
    port_close(&trial, &other);
    assert_int_equal(port_open(&trial, &other, NULL), 0);
    assert_int_equal(start(&other), 0);
    assert_int_equal(platen_sim_script(fresh, "", NULL), 0);
    port_finish(&trial, &other);
    platen_sim_release(fresh);

    trial.example = "sim:fresh?script=eat5";
    port_make(&trial, &other, NULL);
    assert_int_equal(port_check(&trial, &other, NULL), PLATEN_INVALID_PARAMETER);
    assert_int_equal(port_open(&trial, &other, NULL), PLATEN_INVALID_PARAMETER);
    port_dispose(&other);
}

/* Real threads, real time. */

struct waiter {
    bool reads;
    uint32_t error;
    uint32_t moved;
    _Atomic bool done;
};

static void wait_long(void *argument)
{
    struct waiter *waiter = argument;
    char room[10] = "bytes";
    uint64_t deadline = platen_os_now() + 30 * SECOND;
    waiter->error = waiter->reads
                        ? platen_backend_sim.read(port.state, room, 10, deadline, &waiter->moved)
                        : platen_backend_sim.write(port.state, room, 5, deadline, &waiter->moved);
    atomic_store(&waiter->done, true);
}

static void cancel_it(void)
{
    platen_backend_sim.cancel(port.state);
}

static void replace_script(void)
{
    platen_sim_script(device, "", NULL);
}

static void answer(void)
{
    platen_sim_reply(device, "abc", 3);
}

/* The thread must be done soon after what ends its wait, and not before. */
static void wait_is_ended_by(struct waiter *waiter, void (*what)(void))
{
    platen_os_thread *thread;
    uint64_t since;
    assert_int_equal(platen_os_thread_start(&thread, "waiter", 0, wait_long, waiter), 0);
    for (int i = 0; i < 1000; i++)
        platen_os_thread_yield();
    assert_false(atomic_load(&waiter->done));
    since = platen_os_now();
    what();
    platen_os_thread_join(thread);
    assert_true(platen_os_now() - since < AT_ONCE);
}

static void what_ends_a_wait(void **state)
{
    struct waiter cancelled = {0}, released = {0}, reading = {.reads = true};
    (void)state;
    fake.now = platen_os_now();
    script("stall");
    assert_int_equal(start(&port), 0);
    wait_is_ended_by(&cancelled, cancel_it);
    assert_int_equal(cancelled.error, PLATEN_OPERATION_ABORTED);
    assert_int_equal(cancelled.moved, 0);
    assert_int_equal(end(false), PLATEN_OPERATION_ABORTED);
    assert_int_equal(platen_sim_counts(device).abandoned, 1);
    assert_int_equal(start(&port), 0);
    wait_is_ended_by(&released, replace_script);
    assert_int_equal(released.error, 0);
    assert_int_equal(released.moved, 5);
    wait_is_ended_by(&reading, answer);
    assert_int_equal(reading.error, 0);
    assert_int_equal(reading.moved, 3);
    assert_int_equal(end(false), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sim_set_up, sim_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_job_at_a_time),
        TEST(a_device_lives_under_its_name),
        TEST(names_and_uris),
        TEST(a_script_can_be_preloaded),
        cmocka_unit_test_setup_teardown(what_ends_a_wait, sim_set_up_in_real_time, sim_tear_down),
    };
    return cmocka_run_group_tests_name("sim ports", tests, NULL, NULL);
}
