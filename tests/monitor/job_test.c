/* SPDX-License-Identifier: MIT
 *
 * The states of a port and good jobs on it, through the edge.
 */
#include "fake.h"
#include "fake_device.h"
#include "handle.h"
#include "open_port.h"

#include <string.h>

/* ---- good jobs ----------------------------------------------------------------------------- */

static void a_job(void **state)
{
    (void)state;
    started();
    assert_string_equal(device.title, "title");
    assert_string_equal(device.printer, "queue");
    assert_string_equal(device.output, "(null)");
    expect_write(100, TRUE, 100, 0);
    assert_int_equal(device.writes, 1);
    expect_end(TRUE, 0);
    assert_int_equal(fake.jobs_set, 1);
    assert_int_equal(fake.set_job_id, 7);
    assert_int_equal(fake.set_job_command, JOB_CONTROL_SENT_TO_PRINTER);
    assert_int_equal(device.ends, 1);
}

static void many_jobs_on_one_handle(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        started();
        expect_write(1, TRUE, 1, 0);
        expect_end(TRUE, 0);
    }
    assert_int_equal(fake.jobs_set, 1000);
    assert_int_equal(fake.printers_opened, 1000);
}

static void short_writes_are_put_together(void **state)
{
    (void)state;
    device.steps[0].bytes = 7;
    started();
    expect_write(100, TRUE, 100, 0);
    for (int i = 0; i < 100; i++)
        assert_int_equal(device.data[i], i);
}

static void nothing_to_write(void **state)
{
    DWORD written = 9;
    (void)state;
    expect_write(0, TRUE, 0, 0); /* R43 */
    assert_true(table->pfnWritePort(port, NULL, 0, &written));
    started();
    expect_write(0, TRUE, 0, 0);
    assert_false(table->pfnWritePort(port, NULL, 1, &written));
    assert_int_equal(fake_last_error(), 87);
    assert_int_equal(written, 0);
    assert_false(table->pfnWritePort(port, (LPBYTE)&written, 1, NULL));
    assert_int_equal(device.writes, 0);
}

static void without_a_job(void **state)
{
    (void)state;
    expect_write(5, FALSE, 0, 6); /* R42 */
    expect_end(TRUE, 0);          /* R51 */
    started();
    expect_end(TRUE, 0);
    expect_end(TRUE, 0);
    expect_write(5, FALSE, 0, 6);
    assert_int_equal(fake.jobs_set, 1);
    assert_int_equal(device.writes, 0);
}

static void a_second_start_changes_nothing(void **state)
{
    (void)state;
    started();
    assert_true(start(port, 8)); /* R34 */
    expect_end(TRUE, 0);
    assert_int_equal(device.starts, 1);
    assert_int_equal(fake.set_job_id, 7);
    assert_int_equal(fake.jobs_set, 1);
}

static void levels(void **state)
{
    const DWORD wrong[] = {0, 3, 0xFFFFFFFF};
    DOC_INFO_2W info = {WIDE("two"), WIDE("out"), NULL, 0, 0};
    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_false(table->pfnStartDocPort(port, WIDE("q"), 1, wrong[i], (LPBYTE)&info));
        assert_int_equal(fake_last_error(), 124);
    }
    assert_true(table->pfnStartDocPort(port, WIDE("q"), 1, 2, (LPBYTE)&info));
    assert_string_equal(device.title, "two");
    assert_string_equal(device.output, "out");
}

static void long_texts(void **state)
{
    static WCHAR title[5001];
    DOC_INFO_1W info = {title, WIDE("o\xD800"), NULL};
    (void)state;
    for (int i = 0; i < 5000; i++)
        title[i] = 0x20AC;
    assert_true(table->pfnStartDocPort(port, title, 1, 1, (LPBYTE)&info));
    assert_int_equal(strlen(device.title), 255);
    assert_string_equal(device.output, "o\xED\xA0\x80");
}

/* ---- the spooler's side -------------------------------------------------------------------- */

static void a_job_without_a_printer(void **state)
{
    (void)state;
    assert_true(table->pfnStartDocPort(port, NULL, 0, 1, NULL)); /* Wine's spooler */
    assert_string_equal(device.printer, "");
    expect_end(TRUE, 0);
    assert_true(table->pfnStartDocPort(port, WIDE(""), 0, 1, NULL));
    expect_end(TRUE, 0);
    fake.open_printer_code = 120;
    started();
    expect_end(TRUE, 0);
    assert_int_equal(fake.jobs_set + fake.jobs_got, 0);
    assert_int_equal(device.ends, 3);
}

static void a_printer_that_is_refused(void **state)
{
    (void)state;
    fake.open_printer_code = 1801;
    assert_false(start(port, 7)); /* R37 */
    assert_int_equal(fake_last_error(), 1801);
    assert_int_equal(device.starts, 0);
    fake.open_printer_code = 0;
    started();
    expect_end(TRUE, 0);
}

static void a_start_that_fails_keeps_nothing(void **state)
{
    (void)state;
    device.start_error = 21;
    assert_false(start(port, 7)); /* R33 */
    assert_int_equal(fake_last_error(), 21);
    assert_int_equal(fake.open_printers, 0);
    expect_end(TRUE, 0);
    device.start_error = 0;
    started();
}

static void one_job_at_a_time_on_a_port(void **state)
{
    HANDLE other;
    (void)state;
    assert_true(table->pfnOpenPort(monitor, WIDE("T1:"), &other));
    assert_ptr_not_equal(other, port);
    started();
    assert_false(start(other, 8)); /* R36 */
    assert_int_equal(fake_last_error(), 170);
    assert_int_equal(fake.open_printers, 1);
    expect_end(TRUE, 0);
    assert_true(start(other, 8));
    assert_false(start(port, 9));
    assert_true(table->pfnClosePort(other)); /* R29: with its job */
    assert_int_equal(device.abandons, 1);
    started();
}

static void closing_ends_the_job(void **state)
{
    DWORD written;
    (void)state;
    started();
    expect_write(10, TRUE, 10, 0);
    assert_true(table->pfnClosePort(port));
    assert_int_equal(device.abandons, 1);
    assert_int_equal(fake.open_printers, 0);
    assert_int_equal(fake.jobs_set, 0);
    assert_false(table->pfnClosePort(port));
    assert_int_equal(fake_last_error(), 6);
    assert_false(write_bytes(1, &written));
    assert_true(table->pfnOpenPort(monitor, WIDE("T1:"), &port));
    started();
    expect_end(TRUE, 0);
}

static void shutdown_ends_everything(void **state)
{
    HANDLE xcv;
    (void)state;
    started();
    assert_true(table->pfnXcvOpenPort(monitor, NULL, 0, &xcv));
    table->pfnShutdown(monitor);
    assert_int_equal(device.abandons, 1);
    assert_int_equal(device.closes, 1);
    assert_int_equal(fake.open_printers, 0);
    assert_int_equal(handle_count(), 0);
    assert_false(table->pfnClosePort(port));
    assert_false(table->pfnXcvClosePort(xcv));
    table->pfnShutdown(monitor);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_port, close_port)
    const struct CMUnitTest tests[] = {
        TEST(a_job),
        TEST(many_jobs_on_one_handle),
        TEST(short_writes_are_put_together),
        TEST(nothing_to_write),
        TEST(without_a_job),
        TEST(a_second_start_changes_nothing),
        TEST(levels),
        TEST(long_texts),
        TEST(a_job_without_a_printer),
        TEST(a_printer_that_is_refused),
        TEST(a_start_that_fails_keeps_nothing),
        TEST(one_job_at_a_time_on_a_port),
        TEST(closing_ends_the_job),
        TEST(shutdown_ends_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
