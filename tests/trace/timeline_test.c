/* SPDX-License-Identifier: MIT
 *
 * The timeline: JSON whatever lanes are called, a row per lane, calls within the calls that they
 * were made in.
 */
#include "trial.h"

#include <stdio.h>

#include <jansson.h>

#include "os/thread.h"

static struct platen_lane lanes[3];

static void close_inside(LPBYTE data, DWORD size)
{
    struct platen_lane *lane = platen_lane_here();
    (void)data, (void)size;
    platen_call_EndDocPort(lane, &trial_monitor, NULL);
    platen_call_ClosePort(lane, &trial_monitor, NULL);
}

static void call_on(void *argument)
{
    struct platen_lane *lane = argument;
    struct platen_lane *before = platen_lane_enter(lane);
    for (unsigned i = 0; i < 50; i++) {
        DWORD written;
        platen_call_WritePort(lane, &trial_monitor, NULL, (LPBYTE)(uintptr_t) "x", 1, &written);
    }
    platen_lane_enter(before);
}

static double number(const json_t *event, const char *key)
{
    return json_number_value(json_object_get(event, key));
}

static const char *text(const json_t *event, const char *key)
{
    return json_string_value(json_object_get(event, key));
}

/* In nanoseconds, so that nothing is rounded. */
static int64_t begin_of(const json_t *event)
{
    return (int64_t)(number(event, "ts") * 1000 + 0.5);
}

static int64_t end_of(const json_t *event)
{
    return begin_of(event) + (int64_t)(number(event, "dur") * 1000 + 0.5);
}

/* Of one row: either one is inside the other, or they are apart. */
static void check_pair(const json_t *a, const json_t *b)
{
    bool apart = end_of(a) <= begin_of(b) || end_of(b) <= begin_of(a);
    bool a_in_b = begin_of(b) <= begin_of(a) && end_of(a) <= end_of(b);
    bool b_in_a = begin_of(a) <= begin_of(b) && end_of(b) <= end_of(a);
    if (number(a, "tid") == number(b, "tid")) {
        assert_true(apart || a_in_b || b_in_a);
    }
}

static bool is_call(const json_t *event)
{
    return strcmp(text(event, "ph"), "X") == 0;
}

static void check_events(const json_t *events)
{
    size_t i;
    size_t k;
    json_t *a;
    json_t *b;
    unsigned calls = 0;
    json_array_foreach(events, i, a)
    {
        calls += is_call(a);
        for (k = 0; is_call(a) && k < i; k++) {
            b = json_array_get(events, k);
            if (is_call(b)) {
                check_pair(a, b);
            }
        }
    }
    assert_int_equal(calls, 3 * 150);
}

/* The row that is called so. */
static double row_called(const json_t *events, const char *name)
{
    size_t i;
    json_t *event;
    json_array_foreach(events, i, event)
    {
        if (strcmp(text(event, "name"), "thread_name") == 0 &&
            strcmp(text(json_object_get(event, "args"), "name"), name) == 0) {
            return number(event, "tid");
        }
    }
    fail_msg("no row is called %s", name);
    return 0;
}

static void check_results(const json_t *events)
{
    size_t i;
    json_t *event;
    json_array_foreach(events, i, event)
    {
        const json_t *args = json_object_get(event, "args");
        if (strcmp(text(event, "name"), "ClosePort") == 0) {
            assert_string_equal(text(args, "result"), "FALSE");
            assert_string_equal(text(args, "error"), "ERROR_BUSY");
        } else if (is_call(event)) {
            assert_string_equal(text(args, "result"), "TRUE");
            assert_null(text(args, "error"));
        }
    }
}

static void it_is_a_picture(void **state)
{
    platen_os_thread *threads[3];
    static const char *const names[] = {"P1:", "a \"\\\n\x1b\xe2\x80\xae\xf0\x9f\x96\xa8", "\xff{"};
    json_error_t error;
    (void)state;
    trial_open(false, true);
    orders.inside = close_inside;
    orders.close_fails = true;
    for (unsigned i = 0; i < 3; i++) {
        lanes[i] =
            (struct platen_lane){.name = names[i], .observers = platen_trace_observer(trial.trace)};
        assert_int_equal(platen_os_thread_start(&threads[i], "test", 0, call_on, &lanes[i]), 0);
    }
    for (unsigned i = 0; i < 3; i++) {
        platen_os_thread_join(threads[i]);
    }
    trial_close();
    json_t *events = json_load_file(trial.timeline, 0, &error);
    if (events == NULL) {
        fail_msg("line %d: %s", error.line, error.text);
    }
    check_events(events);
    check_results(events);
    assert_true(row_called(events, names[0]) != row_called(events, names[1]));
    assert_true(row_called(events, "\xef\xbf\xbd{") > 0);
    json_decref(events);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, trial_setup, trial_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_a_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
