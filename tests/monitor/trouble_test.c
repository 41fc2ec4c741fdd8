/* SPDX-License-Identifier: MIT
 *
 * Jobs that meet trouble: devices that stall and fail, jobs that are cancelled, calls that meet.
 * Time is the device's.
 */
#include "fake.h"
#include "fake_device.h"
#include "handle.h"
#include "open_port.h"

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

/* ---- the last bytes ------------------------------------------------------------------------ */

static void the_last_bytes_take_a_while(void **state)
{
    (void)state;
    started();
    expect_write(10, TRUE, 10, 0);
    device.drain_ms = 20000;
    uint64_t before = device.now;
    expect_end(TRUE, 0);
    assert_int_equal((device.now - before) / MS, 20000);
    assert_in_range(fake.jobs_got, 60, 81); /* every 250 ms (R55) */
    assert_int_equal(fake.jobs_set, 1);
    assert_int_equal(device.ends, 1);
}

/* When the time is over, end_doc says what the job has come to. */
static void the_last_bytes_take_too_long(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 1460; code += 1460) {
        started();
        device.drain_ms = 10000000;
        device.end_error = code;
        uint64_t before = device.now;
        expect_end(code == 0, code);
        assert_int_equal((device.now - before) / MS, 60000);
        assert_int_equal(fake.jobs_set, 1);
        assert_int_equal(device.abandons, 0);
    }
    assert_int_equal(device.ends, 2);
}

static void stall_at_last(void)
{
    if (device.drain_pieces == 1)
        device.drain_ms = 10000000;
}

/* A backend that sends at the end has all the time that it takes, as long as something moves. */
static void the_last_bytes_are_many(void **state)
{
    (void)state;
    started();
    device.drain_ms = 250;
    device.drain_pieces = 1000;
    uint64_t before = device.now;
    expect_end(TRUE, 0);
    assert_int_equal((device.now - before) / MS, 250250);
    assert_int_equal(fake.jobs_set, 1);
    started();
    device.drain_ms = 250; /* and then nothing moves any more */
    device.drain_pieces = 400;
    device.on_drain = stall_at_last;
    device.end_error = 1460;
    before = device.now;
    expect_end(FALSE, 1460);
    assert_in_range((device.now - before) / MS, 159500, 160500);
}

static void the_last_bytes_are_lost(void **state)
{
    (void)state;
    started();
    device.drain_ms = 400;
    device.drain_error = 64;
    expect_end(FALSE, 64);
    assert_int_equal(device.abandons, 1);
    assert_int_equal(fake.jobs_set, 0);
}

static void a_job_without_a_printer_is_drained_at_a_stretch(void **state)
{
    (void)state;
    assert_true(table->pfnStartDocPort(port, NULL, 0, 1, NULL));
    device.drain_ms = 20000;
    expect_end(TRUE, 0);
    assert_int_equal(device.drains, 1);
}

static void delete_job(void)
{
    if (device.drains == 3)
        fake.job_status = JOB_STATUS_DELETING;
}

static void cancelled_while_draining(void **state)
{
    (void)state;
    started();
    device.drain_ms = 10000000;
    device.on_drain = delete_job;
    uint64_t before = device.now;
    expect_end(TRUE, 0);
    assert_in_range((device.now - before) / MS, 500, 1000); /* R55 */
    assert_int_equal(device.drains, 3);
    assert_int_equal(device.abandons, 1);
    assert_int_equal(fake.jobs_set, 0);
}

static void close_while_draining(void)
{
    table->pfnClosePort(port);
}

static void closed_while_draining(void **state)
{
    (void)state;
    started();
    device.drain_ms = 10000000;
    device.on_drain = close_while_draining;
    expect_end(FALSE, 995);
    assert_int_equal(device.abandons, 1);
    assert_int_equal(device.cancels, 1);
}

static void nobody_drains_a_failed_job(void **state)
{
    (void)state;
    started();
    device.steps[0] = (struct device_step){.error = 64};
    expect_write(10, FALSE, 0, 64);
    expect_end(FALSE, 64);
    assert_int_equal(device.drains, 0);
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

static bool set_times(DWORD interval, DWORD read, DWORD write, DWORD reserved)
{
    COMMTIMEOUTS times = {.ReadIntervalTimeout = interval,
                          .ReadTotalTimeoutConstant = read,
                          .WriteTotalTimeoutConstant = write};
    return table->pfnSetPortTimeOuts(port, &times, reserved);
}

static uint64_t silence(void)
{
    BYTE data[8];
    DWORD count;
    uint64_t before = device.now;
    assert_true(table->pfnReadPort(port, data, 8, &count));
    assert_int_equal(count, 0);
    return (device.now - before) / MS;
}

static void time_outs(void **state)
{
    DWORD written;
    (void)state;
    assert_false(set_times(0, 700, 0, 1)); /* R59 */
    assert_int_equal(fake_last_error(), 87);
    assert_false(table->pfnSetPortTimeOuts(port, NULL, 0));
    assert_int_equal(fake_last_error(), 87);
    assert_int_equal(silence(), 5000);
    assert_true(set_times(200, 700, 0, 0));
    assert_int_equal(silence(), 700);
    assert_true(set_times(0, 0, 900, 0)); /* what is 0 stays as it is */
    assert_int_equal(silence(), 700);
    assert_true(set_times(MAXDWORD, 0, 0, 0));
    assert_int_equal(silence(), 0);
    started();
    device.steps[0] = (struct device_step){.ms = 3600000};
    uint64_t before = device.now;
    assert_false(write_bytes(10, &written));
    assert_int_equal(fake_last_error(), 1460);
    assert_int_equal((device.now - before) / MS, 900);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_port, close_port)
    const struct CMUnitTest tests[] = {
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
        TEST(the_last_bytes_take_a_while),
        TEST(the_last_bytes_take_too_long),
        TEST(the_last_bytes_are_many),
        TEST(the_last_bytes_are_lost),
        TEST(a_job_without_a_printer_is_drained_at_a_stretch),
        TEST(cancelled_while_draining),
        TEST(closed_while_draining),
        TEST(nobody_drains_a_failed_job),
        TEST(a_lane_is_a_flag),
        TEST(closed_while_writing),
        TEST(reading),
        TEST(time_outs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
