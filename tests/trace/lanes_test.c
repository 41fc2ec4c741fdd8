/* SPDX-License-Identifier: MIT
 *
 * Lanes: their names, calls within calls, and many threads that write at the same time.
 */
#include "trial.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "os/thread.h"

#define THREADS 8
#define CALLS   400

static void call_on(struct platen_lane *lane, uintptr_t port)
{
    assert_true(platen_call_EndDocPort(lane, &trial_monitor, (HANDLE)port));
}

static struct platen_lane lane_called(const char *name)
{
    return (struct platen_lane){.name = name, .observers = platen_trace_observer(trial.trace)};
}

static void run(void (*body)(void *argument), void *argument)
{
    platen_os_thread *thread;
    assert_int_equal(platen_os_thread_start(&thread, "test", 0, body, argument), 0);
    platen_os_thread_join(thread);
}

/* ---- names ------------------------------------------------------------------------------------
 */

static atomic_uint steps;

static void reach(unsigned step)
{
    atomic_fetch_add(&steps, 1);
    while (atomic_load(&steps) < step) {
        platen_os_thread_yield();
    }
}

static void call_beside(void *argument)
{
    struct platen_lane lane = lane_called("who:");
    (void)argument;
    call_on(&lane, 2);
    reach(2);
    reach(4);
    call_on(&lane, 2);
}

static void two_threads_of_one_name_are_two_lanes(void **state)
{
    struct platen_lane lane;
    platen_os_thread *thread;
    (void)state;
    atomic_store(&steps, 0);
    trial_open(false, false);
    lane = lane_called("who:");
    call_on(&lane, 1);
    assert_int_equal(platen_os_thread_start(&thread, "test", 0, call_beside, NULL), 0);
    reach(2);
    call_on(&lane, 1);
    reach(4);
    platen_os_thread_join(thread);
    call_on(&lane, 1);
    trial_close();
    assert_int_equal(trial_count("who:.2"), 2);
    for (size_t i = 1; i < trial.count; i++) {
        bool second = strstr(trial.lines[i], "who:.2") != NULL;
        assert_int_equal(second, strstr(trial.lines[i], "hPort=$port2") != NULL);
    }
}

static void call_lane(void *lane)
{
    call_on(lane, 1);
}

/* The thread of a port's lane may end and another take its place. */
static void a_lane_keeps_its_name_on_another_thread(void **state)
{
    struct platen_lane lane;
    (void)state;
    trial_open(false, false);
    lane = lane_called("P1:");
    call_on(&lane, 1);
    run(call_lane, &lane);
    run(call_lane, &lane);
    trial_close();
    assert_int_equal(trial_count("P1: EndDocPort"), 3);
}

static void a_number_that_is_taken(void **state)
{
    struct platen_lane lane;
    struct platen_lane other;
    struct platen_lane third;
    (void)state;
    trial_open(false, false);
    lane = lane_called("a:");
    other = lane_called("a:.2");
    third = lane_called("a:");
    call_on(&lane, 1);
    call_on(&other, 2);
    run(call_lane, &third);
    trial_close();
    assert_int_equal(trial_count("a:.3 EndDocPort hPort=$port1"), 1);
}

/* ---- depth ------------------------------------------------------------------------------------
 */

static struct platen_lane deep;
static unsigned left;

static void go_deeper(LPBYTE data, DWORD size)
{
    DWORD written;
    if (left-- > 0) {
        platen_call_WritePort(&deep, &trial_monitor, (HANDLE)(uintptr_t)(1000 + left), data, size,
                              &written);
    }
}

/* More than the trace keeps names for from the beginning. */
static void calls_within_calls(void **state)
{
    unsigned char data[300] = "x";
    DWORD written;
    (void)state;
    trial_open(false, false);
    deep = lane_called("deep:");
    left = 100;
    orders.inside = go_deeper;
    platen_call_WritePort(&deep, &trial_monitor, (HANDLE)(uintptr_t)7, data, sizeof data, &written);
    call_on(&deep, 7);
    trial_close();
    assert_int_equal(trial_count("WritePort"), 101);
    assert_int_equal(trial_count("deep: WritePort"), 1);
    assert_int_equal(trial_count("deep:   WritePort"), 1);
    assert_non_null(strstr(trial.lines[trial.count - 2], "deep: EndDocPort"));
}

/* ---- many -------------------------------------------------------------------------------------
 */

static void call_often(void *argument)
{
    unsigned number = *(unsigned *)argument;
    char name[16];
    unsigned char data[600];
    snprintf(name, sizeof name, "L%u:", number);
    struct platen_lane lane = lane_called(name);
    memset(data, 'a' + (int)number, sizeof data);
    for (unsigned i = 0; i < CALLS; i++) {
        DWORD written;
        platen_call_WritePort(&lane, &trial_monitor, (HANDLE)(uintptr_t)(number + 1), data,
                              i % 8 == 0 ? sizeof data : i % 200, &written);
    }
}

/* Lines of a lane in their order: the time of each is behind that of the one before. */
static void check_lane(unsigned number)
{
    char begin[32];
    double before = -1;
    unsigned count = 0;
    snprintf(begin, sizeof begin, "L%u: WritePort ", number);
    for (size_t i = 1; i < trial.count; i++) {
        if (strncmp(trial.lines[i], begin, strlen(begin)) == 0) {
            double at = strtod(strstr(trial.lines[i], " at=") + 4, NULL);
            assert_true(at > before);
            before = at;
            count++;
        }
    }
    assert_int_equal(count, CALLS);
}

static void many_threads(void **state)
{
    platen_os_thread *threads[THREADS];
    unsigned numbers[THREADS];
    size_t size;
    (void)state;
    trial_open(false, true);
    for (unsigned i = 0; i < THREADS; i++) {
        numbers[i] = i;
        assert_int_equal(platen_os_thread_start(&threads[i], "test", 0, call_often, &numbers[i]),
                         0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        platen_os_thread_join(threads[i]);
    }
    trial_close();
    for (unsigned i = 0; i < THREADS; i++) {
        check_lane(i);
    }
    assert_int_equal(trial_count("stream @blobs"), 2);
    free(trial_file("blobs.bin", &size));
    assert_int_equal(size, THREADS * (CALLS / 8) * 600);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, trial_setup, trial_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(two_threads_of_one_name_are_two_lanes),
        TEST(a_lane_keeps_its_name_on_another_thread),
        TEST(a_number_that_is_taken),
        TEST(calls_within_calls),
        TEST(many_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
