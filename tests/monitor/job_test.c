/* SPDX-License-Identifier: MIT
 *
 * The states of a port and the jobs on it, through the edge, with a device and a spooler that
 * answer as they are told. Time is the device's.
 */
#include "fake.h"
#include "fake_device.h"
#include "handle.h"

#include <string.h>

static const MONITOR2 *table;
static HANDLE monitor, port;

static int set_up(void **state)
{
    (void)state;
    fake_reset();
    table = fake_monitor(&monitor, NULL);
    fake_port(monitor, "T1:");
    assert_true(table->pfnOpenPort(monitor, WIDE("t1:"), &port));
    fake_set_last_error(0xDEADBEEF);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    table->pfnClosePort(port);
    table->pfnShutdown(monitor);
    assert_int_equal(device.opens, device.closes);
    assert_int_equal(device.starts, device.ends + device.abandons);
    assert_int_equal(fake.open_printers + fake.wrong_uses + fake.open_keys, 0);
    assert_int_equal(handle_count(), 0);
    return 0;
}

static BOOL start(HANDLE on, DWORD id)
{
    DOC_INFO_1W info = {WIDE("title"), NULL, WIDE("RAW")};
    return table->pfnStartDocPort(on, WIDE("queue"), id, 1, (LPBYTE)&info);
}

/* Starts a job for tests that are about what comes after. */
static void started(void)
{
    assert_true(start(port, 7));
}

static BOOL write_bytes(DWORD size, DWORD *written)
{
    static BYTE data[1000];
    for (DWORD i = 0; i < size; i++)
        data[i] = (BYTE)i;
    *written = 0xDEADBEEF;
    fake_set_last_error(0);
    return table->pfnWritePort(port, data, size, written);
}

static void expect_write(DWORD size, BOOL done, DWORD written, DWORD code)
{
    DWORD count;
    assert_int_equal(write_bytes(size, &count), done);
    assert_int_equal(count, written);
    assert_int_equal(fake_last_error(), code);
}

static void expect_end(BOOL done, DWORD code)
{
    fake_set_last_error(0);
    assert_int_equal(table->pfnEndDocPort(port), done);
    assert_int_equal(fake_last_error(), code);
    assert_int_equal(fake.open_printers, 0);
}

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

/* ---- trouble ------------------------------------------------------------------------------- */

static void a_stalled_device_times_out(void **state)
{
    (void)state;
    started();
    device.steps[0] = (struct device_step){.bytes = 1, .ms = 10000000};
    uint64_t before = device.now;
    expect_write(100, FALSE, 0, 1460);
    assert_int_equal((device.now - before) / MS, 45000);
    assert_in_range(fake.jobs_got, 150, 181); /* every 250 ms */
    assert_int_equal(device.received, 0);
    device.steps[0] = (struct device_step){.bytes = UINT32_MAX};
    expect_write(100, TRUE, 100, 0);
    expect_end(TRUE, 0);
    assert_int_equal(fake.jobs_set, 1);
}

static void a_slow_device_moves_a_part(void **state)
{
    (void)state;
    started();
    device.steps[0] = (struct device_step){.bytes = 10, .ms = 20000};
    device.steps[1] = (struct device_step){.bytes = 10, .ms = 10000000};
    expect_write(100, TRUE, 10, 0);
    device.steps[1] = (struct device_step){.bytes = UINT32_MAX};
    expect_write(90, TRUE, 90, 0);
    expect_end(TRUE, 0);
}

/* R44: what is resent after a failure in the middle goes on exactly where it stopped. */
static void an_error_in_the_middle(void **state)
{
    (void)state;
    started();
    device.steps[0] = (struct device_step){.bytes = 30, .error = 28};
    device.steps[1] = (struct device_step){.bytes = UINT32_MAX};
    expect_write(100, TRUE, 30, 0);
    expect_write(70, FALSE, 0, 28); /* told before anything else moves */
    assert_int_equal(device.received, 30);
    expect_write(70, TRUE, 70, 0);
    expect_end(TRUE, 0);
    assert_int_equal(device.received, 100);
    assert_int_equal(fake.jobs_set, 1);
}

static void an_error_that_passes(void **state)
{
    (void)state;
    started();
    device.steps[0] = (struct device_step){.error = 28};
    device.steps[1] = (struct device_step){.bytes = UINT32_MAX};
    expect_write(100, FALSE, 0, 28);
    expect_write(100, TRUE, 100, 0);
    expect_end(TRUE, 0);
}

static void an_error_that_stays(void **state)
{
    (void)state;
    started();
    device.steps[0] = (struct device_step){.bytes = 5, .error = 112};
    device.steps[1] = (struct device_step){.bytes = UINT32_MAX};
    expect_write(100, TRUE, 5, 0);
    expect_write(95, FALSE, 0, 112);
    expect_write(95, FALSE, 0, 112);
    assert_int_equal(device.writes, 1);
    expect_end(FALSE, 112);
    assert_int_equal(fake.jobs_set, 0);
    assert_int_equal(device.abandons, 1);
    started(); /* R50 */
    expect_write(100, TRUE, 100, 0);
    expect_end(TRUE, 0);
}

static void an_error_that_nobody_heard_of(void **state)
{
    (void)state;
    started();
    device.steps[0] = (struct device_step){.bytes = 100, .error = 31};
    expect_write(100, TRUE, 100, 0);
    expect_end(FALSE, 31);
    assert_int_equal(fake.jobs_set, 0);
}

static void an_end_that_fails(void **state)
{
    (void)state;
    started();
    device.end_error = 64;
    expect_end(FALSE, 64);
    assert_int_equal(fake.jobs_set, 0);
    device.end_error = 0;
    started();
    expect_end(TRUE, 0);
}

/* ---- cancelled ----------------------------------------------------------------------------- */

static void stops(DWORD status, DWORD code)
{
    started();
    device.steps[0] = (struct device_step){.bytes = 1, .ms = 10000000};
    fake.job_status = status;
    fake.get_job_code = code;
    uint64_t before = device.now;
    expect_write(100, FALSE, 0, 63);
    assert_in_range((device.now - before) / MS, 0, 1000); /* R55 */
    expect_write(100, FALSE, 0, 63);
    expect_end(TRUE, 0);
    assert_int_equal(fake.jobs_set, 0);
    assert_int_equal(device.ends, 0);
    fake.job_status = 0;
    fake.get_job_code = 0;
}

static void a_cancelled_job_stops(void **state)
{
    (void)state;
    stops(JOB_STATUS_DELETING, 0);
    stops(JOB_STATUS_DELETED | JOB_STATUS_PRINTING, 0);
    stops(JOB_STATUS_RESTART, 0);
    stops(0, 87);
}

static void other_answers_stop_nothing(void **state)
{
    (void)state;
    started();
    device.steps[0] = (struct device_step){.bytes = 1, .ms = 10000000};
    fake.get_job_code = 5;
    expect_write(100, FALSE, 0, 1460);
    fake.get_job_code = 0;
    fake.job_status = JOB_STATUS_PRINTING | JOB_STATUS_PAUSED;
    fake.job_text_bytes = 100000;
    expect_write(100, FALSE, 0, 1460);
    fake.job_status |= JOB_STATUS_DELETING;
    expect_write(100, FALSE, 0, 63);
}

static void cancelled_between_write_and_end(void **state)
{
    (void)state;
    started();
    expect_write(10, TRUE, 10, 0);
    fake.job_status = JOB_STATUS_DELETING;
    expect_end(TRUE, 0);
    assert_int_equal(device.abandons, 1);
    assert_int_equal(fake.jobs_set, 0);
}

/* ---- lanes --------------------------------------------------------------------------------- */

static BOOL entered[4];
static DWORD entered_code[4];

static void knock(int door, BOOL result)
{
    entered[door] = result;
    entered_code[door] = fake_last_error();
}

/* From inside the device's write, as another thread would come. */
static void enter_again(void)
{
    BYTE byte = 0;
    DWORD count;
    device.on_write = NULL;
    knock(0, table->pfnWritePort(port, &byte, 1, &count));
    knock(1, table->pfnEndDocPort(port));
    knock(2, start(port, 9));
    device.read_bytes = 1;
    knock(3, table->pfnReadPort(port, &byte, 1, &count));
}

static void a_lane_is_a_flag(void **state)
{
    (void)state;
    started();
    device.on_write = enter_again;
    expect_write(10, TRUE, 10, 170); /* the last-error that a call inside has left */
    for (int i = 0; i < 3; i++) {
        assert_false(entered[i]);
        assert_int_equal(entered_code[i], 170);
    }
    assert_true(entered[3]); /* R49 */
    expect_end(TRUE, 0);
}

static void close_inside(void)
{
    device.on_write = NULL;
    assert_true(table->pfnClosePort(port));
    assert_int_equal(device.closes, 0);
}

/* ClosePort does not wait for the call under way; that call takes the port with it. */
static void closed_while_writing(void **state)
{
    DWORD written;
    (void)state;
    started();
    device.steps[0] = (struct device_step){.error = 995};
    device.on_write = close_inside;
    assert_false(write_bytes(10, &written));
    assert_int_equal(fake_last_error(), 995);
    assert_int_equal(device.cancels, 1);
    assert_int_equal(device.closes, 1);
    assert_int_equal(device.abandons, 1);
    assert_int_equal(fake.open_printers, 0);
}

/* ---- reading ------------------------------------------------------------------------------- */

static void reading(void **state)
{
    BYTE data[8];
    DWORD count;
    (void)state;
    uint64_t before = device.now;
    assert_true(table->pfnReadPort(port, data, 8, &count)); /* R47 */
    assert_int_equal(count, 0);
    assert_int_equal((device.now - before) / MS, 5000);
    device.read_bytes = 5;
    assert_true(table->pfnReadPort(port, data, 8, &count));
    assert_int_equal(count, 5);
    assert_true(table->pfnReadPort(port, data, 0, &count));
    assert_int_equal(count, 0);
    assert_false(table->pfnReadPort(port, NULL, 8, &count));
    assert_false(table->pfnReadPort(port, data, 8, NULL));
    assert_int_equal(fake_last_error(), 87);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
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
        TEST(a_stalled_device_times_out),
        TEST(a_slow_device_moves_a_part),
        TEST(an_error_in_the_middle),
        TEST(an_error_that_passes),
        TEST(an_error_that_stays),
        TEST(an_error_that_nobody_heard_of),
        TEST(an_end_that_fails),
        TEST(a_cancelled_job_stops),
        TEST(other_answers_stop_nothing),
        TEST(cancelled_between_write_and_end),
        TEST(a_lane_is_a_flag),
        TEST(closed_while_writing),
        TEST(reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
