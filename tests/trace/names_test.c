/* SPDX-License-Identifier: MIT
 *
 * Names of handles, as calls make and end them; and many of them.
 */
#include "trial.h"

#include <stdio.h>

#include "trace/names.h"

static struct platen_lane lane;

static void start(void)
{
    trial_open(false, false);
    lane = (struct platen_lane){.name = "L:", .observers = platen_trace_observer(trial.trace)};
}

static void open_as(uintptr_t value)
{
    static WCHAR name[] = TEXT("P1:");
    HANDLE handle;
    orders.gives = (HANDLE)value;
    assert_true(
        platen_call_OpenPort(&lane, &trial_monitor, (HANDLE)(uintptr_t)0x900, name, &handle));
}

static BOOL close_it(uintptr_t value)
{
    return platen_call_ClosePort(&lane, &trial_monitor, (HANDLE)value);
}

static void use(uintptr_t value)
{
    assert_true(platen_call_EndDocPort(&lane, &trial_monitor, (HANDLE)value));
}

/* Line 1 is the first call. */
static void tells(size_t line, const char *text)
{
    if (strstr(trial.lines[line], text) == NULL) {
        fail_msg("line %u has no %s: %s", (unsigned)line, text, trial.lines[line]);
    }
}

static void a_value_that_comes_again_is_a_new_handle(void **state)
{
    (void)state;
    start();
    open_as(0x10);
    close_it(0x10);
    use(0x10); /* dead, and called what it was called */
    open_as(0x10);
    use(0x10);
    trial_close();
    tells(1, "hMonitor=$monitor1");
    tells(1, "pHandle=$port1");
    tells(2, "ClosePort hPort=$port1 -> TRUE");
    tells(3, "EndDocPort hPort=$port1 -> TRUE");
    tells(4, "pHandle=$port2");
    tells(5, "EndDocPort hPort=$port2");
}

static void what_could_not_be_closed_keeps_its_name(void **state)
{
    (void)state;
    start();
    open_as(0x10);
    orders.close_fails = true;
    assert_false(close_it(0x10));
    orders.close_fails = false;
    use(0x10);
    open_as(0x10); /* was never closed: the same handle */
    trial_close();
    tells(2, "ClosePort hPort=$port1 -> FALSE");
    tells(3, "EndDocPort hPort=$port1");
    tells(4, "pHandle=$port1");
}

static void a_value_given_twice_is_closed_twice(void **state)
{
    (void)state;
    start();
    open_as(0x10);
    open_as(0x10);
    close_it(0x10);
    open_as(0x10);
    close_it(0x10);
    close_it(0x10);
    open_as(0x10);
    trial_close();
    tells(2, "pHandle=$port1");
    tells(4, "pHandle=$port1");
    tells(6, "ClosePort hPort=$port1");
    tells(7, "pHandle=$port2");
}

static void kinds_are_apart_and_null_has_no_name(void **state)
{
    HANDLE xcv;
    (void)state;
    start();
    open_as(0x501);
    assert_true(platen_call_XcvOpenPort(&lane, &trial_monitor, NULL, TEXT(""), 0, &xcv));
    assert_true(platen_call_XcvClosePort(&lane, &trial_monitor, xcv));
    use(0x501);
    use(0);
    trial_close();
    tells(2, "hMonitor=NULL");
    tells(2, "phXcv=$xcv1");
    tells(3, "hXcv=$xcv1");
    tells(4, "hPort=$port1");
    tells(5, "hPort=NULL");
}

/* While one thread is in ClosePort another may be given the value that it closes. */
static void open_inside(LPBYTE data, DWORD size)
{
    (void)data, (void)size;
    orders.inside = NULL;
    close_it(0x10);
    open_as(0x10);
    use(0x10);
}

static void names_are_those_of_the_beginning(void **state)
{
    DWORD written;
    (void)state;
    start();
    open_as(0x10);
    orders.inside = open_inside;
    platen_call_WritePort(&lane, &trial_monitor, (HANDLE)(uintptr_t)0x10, (LPBYTE)(uintptr_t) "", 0,
                          &written);
    trial_close();
    tells(2, "L:   ClosePort hPort=$port1");
    tells(3, "L:   OpenPort");
    tells(3, "pHandle=$port2");
    tells(4, "L:   EndDocPort hPort=$port2");
    tells(5, "L: WritePort hPort=$port1");
}

/* A thread recalls a name only as long as the value has it, whoever gave it another; and goes on
 * when it knows more of them than it can keep. */
static void what_was_found_before(void **state)
{
    struct trace_names names;
    struct trace_names_found found = {.turn = 0};
    (void)state;
    assert_true(trace_names_init(&names));
    for (unsigned round = 0; round < 3; round++) {
        for (uint64_t i = 1; i <= 5; i++) {
            assert_int_equal(trace_names_recall(&names, &found, PLATEN_KIND_PORT, i), i);
            assert_int_equal(trace_names_recall(&names, &found, PLATEN_KIND_XCV, i), i);
        }
    }
    trace_names_close(&names, PLATEN_KIND_XCV, 5);
    assert_int_equal(trace_names_recall(&names, &found, PLATEN_KIND_XCV, 5), 5);
    assert_int_equal(trace_names_open(&names, PLATEN_KIND_XCV, 5), 6);
    assert_int_equal(trace_names_recall(&names, &found, PLATEN_KIND_XCV, 5), 6);
    assert_int_equal(trace_names_recall(&names, &found, PLATEN_KIND_PORT, 5), 5);
    trace_names_free(&names);
}

static void ten_thousand(void **state)
{
    struct trace_names names;
    (void)state;
    assert_true(trace_names_init(&names));
    for (uint64_t i = 1; i <= 10000; i++) {
        assert_int_equal(trace_names_find(&names, PLATEN_KIND_PORT, i << 12), i);
    }
    for (uint64_t i = 10000; i > 0; i--) {
        assert_int_equal(trace_names_close(&names, PLATEN_KIND_PORT, i << 12), i);
        assert_int_equal(trace_names_find(&names, PLATEN_KIND_PORT, i << 12), i);
    }
    assert_int_equal(trace_names_find(&names, PLATEN_KIND_KEY, 1 << 12), 1);
    assert_int_equal(trace_names_open(&names, PLATEN_KIND_PORT, 1 << 12), 10001);
    trace_names_free(&names);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, trial_setup, trial_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_value_that_comes_again_is_a_new_handle),
        TEST(what_could_not_be_closed_keeps_its_name),
        TEST(a_value_given_twice_is_closed_twice),
        TEST(kinds_are_apart_and_null_has_no_name),
        TEST(names_are_those_of_the_beginning),
        cmocka_unit_test(what_was_found_before),
        cmocka_unit_test(ten_thousand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
