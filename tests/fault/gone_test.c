/* SPDX-License-Identifier: MIT
 *
 * Ports whose device is gone.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "fault/fault.h"
#include "os/lasterror.h"
#include "recorder.h"

static platen_faults *faults;
static struct platen_lane lane;

static int make(void **state)
{
    (void)state;
    faults = platen_faults_create(NULL);
    if (faults == NULL)
        return 1;
    lane = (struct platen_lane){.name = "lane", .observers = platen_faults_observer(faults)};
    recorded = (struct recorded){.last_error_left = UINT32_MAX};
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    platen_faults_destroy(faults);
    return 0;
}

static platen_fault *add(struct platen_fault_rule rule)
{
    platen_fault *fault;

    assert_int_equal(platen_fault_add(faults, &rule, &fault, NULL), 0);
    return fault;
}

static HANDLE port(unsigned number)
{
    return (HANDLE)(uintptr_t)(0x500 + number);
}

static bool is_there(unsigned number)
{
    unsigned before = recorded.calls;
    bool there = platen_call_StartDocPort(&lane, &recorder_monitor, port(number), NULL, 1, 1, NULL);

    assert_int_equal(recorded.calls, before + there);
    if (!there)
        assert_int_equal(platen_os_get_last_error(), 1167);
    return there;
}

static platen_fault *lose_port_1(void)
{
    platen_fault *fault = add((struct platen_fault_rule){
        .calls = "WritePort", .count = 1, .kind = PLATEN_FAULT_DISCONNECT});
    DWORD written = 5;

    assert_true(is_there(1));
    assert_int_equal(platen_call_WritePort(&lane, &recorder_monitor, port(1), NULL, 5, &written),
                     FALSE);
    assert_int_equal(platen_os_get_last_error(), 1167);
    assert_int_equal(written, 0);
    return fault;
}

static void a_device_that_is_pulled_out(void **state)
{
    (void)state;
    platen_fault *fault = lose_port_1();
    assert_false(is_there(1));
    assert_true(is_there(2));
    unsigned before = recorded.calls;
    assert_int_equal(platen_call_EndDocPort(&lane, &recorder_monitor, port(1)), FALSE);
    assert_int_equal(platen_os_get_last_error(), 1167);
    assert_int_equal(recorded.calls, before + 1); /* the monitor ends its job all the same */
    assert_int_equal(platen_fault_counts(faults, fault).hits, 1);
}

static void closing_the_port_ends_it(void **state)
{
    (void)state;
    lose_port_1();
    assert_false(is_there(1));
    assert_true(platen_call_ClosePort(&lane, &recorder_monitor, port(1)));
    assert_true(is_there(1));
}

static void removing_the_rule_plugs_it_in_again(void **state)
{
    (void)state;
    platen_fault *fault = lose_port_1();
    platen_fault_remove(faults, fault);
    assert_true(is_there(1));
}

static void several_devices(void **state)
{
    (void)state;
    add((struct platen_fault_rule){
        .calls = "ReadPort", .count = 0, .kind = PLATEN_FAULT_DISCONNECT});
    for (unsigned i = 1; i <= 5; i++)
        platen_call_ReadPort(&lane, &recorder_monitor, port(i), NULL, 0, NULL);
    platen_call_ClosePort(&lane, &recorder_monitor, port(3));
    for (unsigned i = 1; i <= 6; i++)
        assert_int_equal(is_there(i), i == 3 || i == 6);
    platen_faults_end(faults);
    assert_true(is_there(1));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_device_that_is_pulled_out),
        TEST(closing_the_port_ends_it),
        TEST(removing_the_rule_plugs_it_in_again),
        TEST(several_devices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
