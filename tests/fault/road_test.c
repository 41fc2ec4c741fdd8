/* SPDX-License-Identifier: MIT
 *
 * Faults on the whole road, from the spooler through our monitor to a simulated device and back.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "world.h"

static struct world world;
static platen_sim *device;

static int make(void **state)
{
    struct platen_spooler_options options = {.chunk = 100};
    (void)state;
    world_make(&world, &options, true);
    device = world_printer(&world, "road", "");
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    world_end(&world);
    platen_sim_release(device);
    return 0;
}

static platen_fault *fail_call(const char *calls, uint64_t nth, uint32_t code)
{
    return world_fault(
        &world,
        (struct platen_fault_rule){
            .calls = calls, .nth = nth, .count = 1, .kind = PLATEN_FAULT_ERROR, .code = code});
}

static void assert_failed(const struct platen_job_info *info, const char *slot, uint32_t error)
{
    assert_int_equal(info->state, PLATEN_JOB_FAILED);
    assert_string_equal(info->slot, slot);
    assert_int_equal(info->error, error);
}

/* ---- one fault ------------------------------------------------------------------------------- */

static void the_third_write_fails(void **state)
{
    (void)state;
    fail_call("WritePort", 3, 1117);
    struct platen_job_info info = world_print(&world, "road", 1000);
    assert_failed(&info, "WritePort", 1117);
    assert_int_equal(info.bytes, 200);
    assert_int_equal(platen_sim_received(device), 200);
    info = world_print(&world, "road", 1000);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_int_equal(platen_sim_received(device), 1200);
}

static void short_writes_lose_nothing(void **state)
{
    (void)state;
    world_fault(&world,
                (struct platen_fault_rule){
                    .calls = "WritePort", .count = 0, .kind = PLATEN_FAULT_SHORT, .limit = 7});
    struct platen_job_info info = world_print(&world, "road", 1000);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_int_equal(info.writes, 10 * 15); /* a hundred is fourteen times 7, and 2 */
    assert_int_equal(platen_sim_received(device), 1000);
}

/* The monitor has sent its completion before it says FALSE; the spooler does not hear of it. */
static void an_end_that_fails_completes_nothing(void **state)
{
    (void)state;
    fail_call("EndDocPort", 1, 31);
    struct platen_job_info info = world_print(&world, "road", 1000);
    assert_failed(&info, "EndDocPort", 31);
    assert_int_equal(info.completions, 0);
    info = world_print(&world, "road", 1000);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_int_equal(info.completions, 1);
    assert_int_equal(platen_sim_counts(device).started, 2);
}

static void a_port_that_cannot_be_opened(void **state)
{
    (void)state;
    fail_call("OpenPort", 1, 5);
    struct platen_job_info info = world_print(&world, "road", 1000);
    assert_failed(&info, "OpenPort", 5);
    assert_int_equal(platen_sim_counts(device).open, 0);
}

static void a_delay_is_part_of_the_job_s_time(void **state)
{
    (void)state;
    world_fault(&world, (struct platen_fault_rule){
                            .calls = "WritePort", .nth = 2, .count = 3, .delay = 15 * SECOND});
    struct platen_job_info info = world_print(&world, "road", 1000);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_true(info.ended_at == START + 45 * SECOND);
}

static void a_device_pulled_out_in_the_middle(void **state)
{
    (void)state;
    platen_fault *fault = world_fault(
        &world, (struct platen_fault_rule){
                    .calls = "WritePort", .nth = 5, .count = 1, .kind = PLATEN_FAULT_DISCONNECT});
    struct platen_job_info info = world_print(&world, "road", 1000);
    assert_failed(&info, "WritePort", 1167);
    assert_int_equal(platen_sim_received(device), 400);
    platen_fault_remove(world.faults, fault);
    info = world_print(&world, "road", 1000);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
}

static void the_way_back_can_fail(void **state)
{
    (void)state;
    platen_fault *fault = fail_call("SetJobW", 1, 5);
    struct platen_job_info info = world_print(&world, "road", 1000);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_true(platen_fault_reached(world.faults, fault));
    assert_int_equal(info.completions, 0);
}

static void a_hang_is_over_when_the_run_is(void **state)
{
    (void)state;
    platen_fault *fault = world_fault(
        &world, (struct platen_fault_rule){
                    .calls = "WritePort", .nth = 2, .count = 1, .delay = PLATEN_FOREVER});
    uint32_t job = world_submit(&world, "road", "x", 1);
    world_wait(&world, job);
    world_submit(&world, "road", "y", 1);
    platen_virtual_clock_advance(world.clock, 3600 * SECOND);
    assert_int_equal(platen_fault_counts(world.faults, fault).held, 1);
}

/* ---- sweeps ---------------------------------------------------------------------------------- */

/* From the monitor's start to its end, with one job; what fails may fail, nothing may hang. */
static bool live(const char *calls, uint64_t nth, uint32_t code)
{
    static const unsigned char data[250];
    struct platen_spooler_options options = {.chunk = 100};

    world_make(&world, &options, false);
    world.diary.on = false;
    platen_fault *fault = fail_call(calls, nth, code);
    device = NULL;
    if (world_attach(&world) == 0) {
        device = world_printer(&world, "road", "");
        struct platen_job_info info =
            world_wait(&world, world_submit(&world, "road", data, sizeof data));
        assert_true(info.state >= PLATEN_JOB_PRINTED);
        assert_true(platen_sim_received(device) <= sizeof data);
        if (info.state == PLATEN_JOB_PRINTED)
            assert_int_equal(platen_sim_received(device), sizeof data);
    }
    bool reached = platen_fault_reached(world.faults, fault);
    world_end(&world);
    platen_sim_release(device);
    return reached;
}

static void sweep(const char *calls, uint32_t code, unsigned least)
{
    unsigned nth = 1;

    while (live(calls, nth, code)) {
        nth++;
        assert_true(nth < 1000);
    }
    assert_true(nth > least);
}

static void every_call_fails_once(void **state)
{
    (void)state;
    sweep("job", 28, 6);
}

static void every_call_back_fails_once(void **state)
{
    (void)state;
    sweep("back", 8, 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_third_write_fails),
        TEST(short_writes_lose_nothing),
        TEST(an_end_that_fails_completes_nothing),
        TEST(a_port_that_cannot_be_opened),
        TEST(a_delay_is_part_of_the_job_s_time),
        TEST(a_device_pulled_out_in_the_middle),
        TEST(the_way_back_can_fail),
        TEST(a_hang_is_over_when_the_run_is),
        cmocka_unit_test(every_call_fails_once),
        cmocka_unit_test(every_call_back_fails_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
