/* SPDX-License-Identifier: MIT
 *
 * Whose job it is: told to backends that want it.
 */
#include "fake.h"
#include "fake_device.h"
#include "open_port.h"

static int open_owners_port(void **state)
{
    static struct platen_backend wants;
    static const struct platen_backend *const backends[] = {&wants, NULL};
    struct platen_monitor_options options = fake_options();
    (void)state;
    fake_reset();
    wants = device_backend;
    wants.capabilities |= PLATEN_WANTS_OWNER;
    options.backends = backends;
    table = fake_monitor(&monitor, &options);
    fake_port(monitor, "T1:");
    assert_true(table->pfnOpenPort(monitor, WIDE("t1:"), &port));
    return 0;
}

static void a_job_has_an_owner(void **state)
{
    (void)state;
    fake.user = WIDE("ann");
    started();
    assert_string_equal(device.user, "ann");
    assert_string_equal(device.machine, "\\\\DESK");
    assert_string_equal(device.title, "title");
    expect_end(TRUE, 0);
}

static void a_job_with_long_names_too(void **state)
{
    (void)state;
    fake.user = WIDE("ann");
    fake.job_text_bytes = 100000;
    started();
    assert_string_equal(device.user, "ann");
    fake.job_text_bytes = 0;
    expect_end(TRUE, 0);
}

static void nobody_says(void **state)
{
    (void)state;
    started();
    assert_string_equal(device.user, "(null)");
    expect_end(TRUE, 0);
    fake.user = WIDE("ann");
    fake.get_job_code = 5;
    started(); /* no reason not to print */
    assert_string_equal(device.user, "(null)");
    assert_string_equal(device.machine, "(null)");
    fake.get_job_code = 0;
    expect_end(TRUE, 0);
}

static void who_does_not_want_it_is_not_told(void **state)
{
    (void)state;
    fake.user = WIDE("ann");
    started();
    assert_string_equal(device.user, "(null)");
    assert_int_equal(fake.jobs_got, 0);
    expect_end(TRUE, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_job_has_an_owner, open_owners_port, close_port),
        cmocka_unit_test_setup_teardown(a_job_with_long_names_too, open_owners_port, close_port),
        cmocka_unit_test_setup_teardown(nobody_says, open_owners_port, close_port),
        cmocka_unit_test_setup_teardown(who_does_not_want_it_is_not_told, open_port, close_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
