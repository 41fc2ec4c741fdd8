/* SPDX-License-Identifier: MIT
 *
 * Spooler, monitor and simulated devices in simulated time: minutes of waiting come out to the
 * nanosecond, and the same in each run.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/console.h"
#include "world.h"

static struct world world;
static bool slow; /* under valgrind */

static int prepare(void **state)
{
    (void)state;
    char *value = platen_os_environment("PLATEN_SLOW");
    slow = value != NULL;
    free(value);
    return 0;
}

static void assert_moment(uint64_t moment, uint64_t after_start)
{
    assert_int_equal(moment - START, after_start);
}

/* ---- one printer ----------------------------------------------------------------------------- */

static void a_stall_of_forty_seconds(void **state)
{
    (void)state;
    world_make(&world, NULL, true);
    platen_sim *device = world_printer(&world, "stall", "take 100; stall 40000");
    struct platen_job_info info = world_print(&world, "stall", 1000);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_moment(info.queued_at, 0);
    assert_moment(info.started_at, 0);
    assert_moment(info.ended_at, 40 * SECOND);
    assert_moment(platen_virtual_clock_now(world.clock), 40 * SECOND);
    assert_int_equal(platen_sim_received(device), 1000);
    platen_sim_release(device);
    world_end(&world);
}

/* WritePort waits for 45 seconds: with some bytes moved it says so, with none it fails (D18). */
static void a_stall_without_end(void **state)
{
    (void)state;
    world_make(&world, NULL, true);
    platen_sim *device = world_printer(&world, "dead", "take 100; stall");
    struct platen_job_info info = world_print(&world, "dead", 1000);
    assert_int_equal(info.state, PLATEN_JOB_FAILED);
    assert_int_equal(info.error, PLATEN_TIMEOUT);
    assert_string_equal(info.slot, "WritePort");
    assert_int_equal(info.bytes, 100);
    assert_int_equal(info.writes, 2);
    assert_moment(info.ended_at, 90 * SECOND);
    assert_int_equal(platen_sim_counts(device).abandoned, 1);
    platen_sim_release(device);
    world_end(&world);
}

/* EndDocPort waits for 60 seconds. */
static void last_bytes_that_never_come(void **state)
{
    (void)state;
    world_make(&world, NULL, true);
    platen_sim *device = world_printer(&world, "drain", "drain");
    struct platen_job_info info = world_print(&world, "drain", 10);
    assert_int_equal(info.state, PLATEN_JOB_FAILED);
    assert_string_equal(info.slot, "EndDocPort");
    assert_moment(info.ended_at, 60 * SECOND);
    platen_sim_release(device);
    world_end(&world);
}

/* Four times 45 seconds and the pauses between them, in no time. */
static void three_minutes_of_retries(void **state)
{
    struct platen_spooler_options options = {.retries = 3};
    (void)state;
    world_make(&world, &options, true);
    platen_sim *device = world_printer(&world, "retry", "stall");
    struct platen_job_info info = world_print(&world, "retry", 10);
    assert_int_equal(info.state, PLATEN_JOB_FAILED);
    assert_int_equal(info.writes, 4);
    uint64_t took = info.ended_at - START;
    assert_true(took > 180 * SECOND && took < 190 * SECOND);
    assert_int_equal(took % MILLISECOND, 0);
    platen_sim_release(device);
    world_end(&world);
}

/* A device that comes back when the main thread says so, after a time that it has let pass. */
static void what_is_done_by_hand_is_seen_at_once(void **state)
{
    (void)state;
    world_make(&world, NULL, true);
    platen_sim *device = world_printer(&world, "hand", "rate 10");
    uint32_t job =
        world_submit(&world, "hand", "01234567890123456789012345678901234567890123456789", 50);
    platen_virtual_clock_advance(world.clock, 0);
    assert_int_equal(platen_sim_received(device), 1);
    platen_virtual_clock_advance(world.clock, SECOND - 1);
    assert_int_equal(platen_sim_received(device), 10);
    platen_virtual_clock_advance(world.clock, 1);
    assert_int_equal(platen_sim_received(device), 11);
    assert_int_equal(platen_job_cancel(world.spooler, job), 0);
    struct platen_job_info info = world_wait(&world, job);
    assert_int_equal(info.state, PLATEN_JOB_CANCELLED);
    assert_int_equal(platen_sim_counts(device).abandoned, 1);
    assert_true(info.ended_at - START <= SECOND + 250 * MILLISECOND);
    platen_sim_release(device);
    world_end(&world);
}

static void a_wait_with_a_deadline(void **state)
{
    struct platen_job_info info;
    (void)state;
    world_make(&world, NULL, true);
    platen_sim *device = world_printer(&world, "late", "stall 30000");
    uint32_t job = world_submit(&world, "late", "x", 1);
    assert_int_equal(platen_job_wait(world.spooler, job, START + 20 * SECOND, &info),
                     PLATEN_TIMEOUT);
    assert_moment(platen_virtual_clock_now(world.clock), 20 * SECOND);
    assert_int_equal(info.state, PLATEN_JOB_PRINTING);
    info = world_wait(&world, job);
    assert_moment(info.ended_at, 30 * SECOND);
    platen_sim_release(device);
    world_end(&world);
}

/* Nothing on the back channel for five seconds. */
static void a_read_in_vain(void **state)
{
    HANDLE instance, port;
    const MONITOR2 *table;
    BYTE data[8];
    DWORD count = 9;
    struct platen_lane lane = {.name = "main"};
    (void)state;
    world_make(&world, NULL, true);
    platen_sim *device = world_printer(&world, "read", "");
    assert_int_equal(platen_spooler_monitor(world.spooler, "Platen", &instance, &table), 0);
    assert_true(platen_call_OpenPort(&lane, table, instance, (LPWSTR)(uintptr_t)u"read", &port));
    assert_true(platen_call_ReadPort(&lane, table, port, data, sizeof data, &count));
    assert_int_equal(count, 0);
    assert_moment(platen_virtual_clock_now(world.clock), 5 * SECOND);
    assert_true(platen_call_ClosePort(&lane, table, port));
    platen_sim_release(device);
    world_end(&world);
}

static void the_end_does_not_wait_for_a_dead_device(void **state)
{
    (void)state;
    world_make(&world, NULL, true);
    platen_sim *device = world_printer(&world, "gone", "stall");
    world_submit(&world, "gone", "x", 1);
    platen_virtual_clock_advance(world.clock, SECOND);
    world_end(&world);
    assert_int_equal(platen_sim_counts(device).abandoned, 1);
    platen_sim_release(device);
}

struct reader {
    platen_os_thread *thread;
    struct platen_lane lane;
    const MONITOR2 *table;
    HANDLE port;
    uint64_t ended_at;
    BOOL said;
};

static void read_on_a_thread(void *argument)
{
    struct reader *reader = argument;
    BYTE data[8];
    DWORD count;

    platen_virtual_clock_enter(world.clock);
    platen_virtual_clock_release(world.clock);
    reader->said =
        platen_call_ReadPort(&reader->lane, reader->table, reader->port, data, sizeof data, &count);
    reader->ended_at = platen_virtual_clock_now(world.clock);
}

/* Shutdown ends a ReadPort that looks up every 250 ms: that must come, though Shutdown runs. */
static void shutdown_ends_a_read(void **state)
{
    struct reader reader = {.lane = {.name = "reader"}};
    HANDLE instance;
    (void)state;
    world_make(&world, NULL, true);
    platen_sim *device = world_printer(&world, "shut", "");
    assert_int_equal(platen_spooler_monitor(world.spooler, "Platen", &instance, &reader.table), 0);
    assert_true(platen_call_OpenPort(&reader.lane, reader.table, instance,
                                     (LPWSTR)(uintptr_t)u"shut", &reader.port));
    platen_virtual_clock_hold(world.clock);
    assert_int_equal(platen_os_thread_start(&reader.thread, "reader", 0, read_on_a_thread, &reader),
                     0);
    platen_virtual_clock_advance(world.clock, SECOND);
    platen_spooler_destroy(world.spooler);
    world.spooler = NULL;
    platen_os_thread_join(reader.thread);
    assert_false(reader.said);
    assert_moment(reader.ended_at, SECOND + 250 * MILLISECOND);
    platen_sim_release(device);
    world_end(&world);
}

/* ---- many ------------------------------------------------------------------------------------ */

#define MANY 200
#define JOBS 3
#define SIZE 20

static unsigned rate_of(unsigned printer)
{
    return 5 + printer % 10;
}

/* At rate R a device takes a byte every R-th of a second. The k-th job's last byte goes when k * 20
 * - 1 such spans are over. */
static void many_printers_keep_their_own_time(void **state)
{
    const unsigned printers = slow ? 10 : MANY;
    platen_sim *devices[MANY];
    uint32_t jobs[MANY][JOBS];

    (void)state;
    world_make(&world, NULL, true);
    world.diary.on = false;
    for (unsigned i = 0; i < printers; i++) {
        char name[32], script[32];
        snprintf(name, sizeof name, "many-%u", i);
        snprintf(script, sizeof script, "rate %u", rate_of(i));
        devices[i] = world_printer(&world, name, script);
        for (unsigned k = 0; k < JOBS; k++)
            jobs[i][k] = world_submit(&world, name, "01234567890123456789", SIZE);
    }
    assert_moment(platen_virtual_clock_now(world.clock), 0);
    assert_int_equal(platen_job_wait(world.spooler, 0, PLATEN_FOREVER, NULL), 0);
    for (unsigned i = 0; i < printers; i++) {
        for (unsigned k = 0; k < JOBS; k++) {
            struct platen_job_info info = world_wait(&world, jobs[i][k]);
            assert_int_equal(info.state, PLATEN_JOB_PRINTED);
            assert_moment(info.ended_at, ((k + 1) * SIZE - 1) * (SECOND / rate_of(i)));
        }
        platen_sim_release(devices[i]);
    }
    assert_moment(platen_virtual_clock_now(world.clock), (JOBS * SIZE - 1) * (SECOND / 5));
    world_end(&world);
}

/* ---- again and again ------------------------------------------------------------------------- */

static char first_run[4][sizeof world.diary.lanes[0].text];
static const char *const names[4] = {"p0", "p1", "p2", "p3"};

/* Four printers, each with a trouble of its own; two jobs each. */
static void run_once(void)
{
    static const char *const scripts[4] = {"take 10; stall 44000; short 7; drain 3000", "rate 15",
                                           "stall", "error 21; take 5; stall 70000"};
    struct platen_spooler_options options = {.retries = 2, .chunk = 25};
    platen_sim *devices[4];

    world_make(&world, &options, true);
    for (unsigned i = 0; i < 4; i++)
        devices[i] = world_printer(&world, names[i], scripts[i]);
    world_fault(
        &world,
        (struct platen_fault_rule){
            .calls = "WritePort", .lane = "p1", .nth = 2, .count = 1, .delay = 17 * SECOND + 1});
    for (unsigned i = 0; i < 8; i++)
        world_submit(&world, names[i % 4], "0123456789012345678901234567890123456789", 40);
    assert_int_equal(platen_job_wait(world.spooler, 0, PLATEN_FOREVER, NULL), 0);
    for (unsigned i = 0; i < 4; i++)
        platen_sim_release(devices[i]);
}

/* Every call of every lane, in both directions, begins and ends at the same nanosecond. (At 15 a
 * second a byte takes 66666666 ns; the second WritePort comes 17 s and 1 ns late.) */
static void a_hundred_runs_are_one(void **state)
{
    (void)state;
    for (unsigned run = 0; run < (slow ? 3 : 100); run++) {
        run_once();
        for (unsigned i = 0; i < 4; i++) {
            const char *text = world_diary(&world, names[i]);
            if (run == 0)
                strcpy(first_run[i], text);
            assert_string_equal(text, first_run[i]);
            assert_non_null(strstr(text, "<EndDocPort"));
            assert_true(strlen(text) < sizeof first_run[i] - 64);
        }
        world_end(&world);
    }
    assert_non_null(strstr(first_run[1], " 2599999984<WritePort1 19599999985>WritePort0 "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stall_of_forty_seconds),
        cmocka_unit_test(a_stall_without_end),
        cmocka_unit_test(last_bytes_that_never_come),
        cmocka_unit_test(three_minutes_of_retries),
        cmocka_unit_test(what_is_done_by_hand_is_seen_at_once),
        cmocka_unit_test(a_wait_with_a_deadline),
        cmocka_unit_test(a_read_in_vain),
        cmocka_unit_test(the_end_does_not_wait_for_a_dead_device),
        cmocka_unit_test(shutdown_ends_a_read),
        cmocka_unit_test(many_printers_keep_their_own_time),
        cmocka_unit_test(a_hundred_runs_are_one),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
