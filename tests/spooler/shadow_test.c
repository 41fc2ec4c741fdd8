/* SPDX-License-Identifier: MIT
 *
 * Printers and jobs that are only shadows: known to OpenPrinter, GetJob and SetJob, and printed by
 * nobody.
 */
#include "stub.h"

#include "spooler/shadow.h"

static WCHAR shade[] = u"Shade";

static HANDLE open_printer(LPWSTR name)
{
    HANDLE handle;

    assert_true(SPL->OpenPrinterW(name, &handle, NULL));
    return handle;
}

static DWORD status_of(HANDLE handle, DWORD id)
{
    uint8_t buffer[4096];
    JOB_INFO_1W info;
    DWORD needed;

    if (!SPL->GetJobW(handle, id, 1, buffer, sizeof buffer, &needed))
        return MAXDWORD;
    memcpy(&info, buffer, sizeof info);
    assert_int_equal(info.JobId, id);
    return info.Status;
}

static void a_shadow_is_known(void **state)
{
    platen_spooler *spooler = new_spooler(NULL);
    struct platen_document document = {.size = sizeof document, .data = "x", .data_size = 1};
    struct platen_job_info info;
    uint32_t id;

    (void)state;
    assert_int_equal(platen_shadow_printer(spooler, "a,b"), PLATEN_INVALID_PRINTER_NAME);
    assert_int_equal(platen_shadow_job(spooler, "Shade", 7, &id), PLATEN_INVALID_PRINTER_NAME);
    assert_int_equal(id, 0);
    assert_int_equal(platen_shadow_printer(spooler, "Shade"), 0);
    assert_int_equal(platen_shadow_printer(spooler, "shade"), 0);
    assert_int_equal(platen_job_submit(spooler, "Shade", &document, &id),
                     PLATEN_INVALID_PRINTER_NAME);
    assert_int_equal(platen_shadow_job(spooler, "SHADE", 7, &id), 0);
    assert_int_equal(id, 7);
    assert_int_equal(platen_shadow_job(spooler, "Shade", 7, NULL), PLATEN_ALREADY_EXISTS);
    HANDLE handle = open_printer(shade);
    assert_int_equal(status_of(handle, 7), JOB_STATUS_PRINTING);
    assert_true(SPL->SetJobW(handle, 7, 0, NULL, JOB_CONTROL_PAUSE));
    assert_true(SPL->SetJobW(handle, 7, 0, NULL, JOB_CONTROL_RESTART));
    assert_int_equal(status_of(handle, 7),
                     JOB_STATUS_PRINTING | JOB_STATUS_PAUSED | JOB_STATUS_RESTART);
    assert_true(SPL->SetJobW(handle, 7, 0, NULL, JOB_CONTROL_RESUME));
    assert_true(SPL->SetJobW(handle, 7, 0, NULL, JOB_CONTROL_CANCEL));
    assert_true(SPL->SetJobW(handle, 7, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER));
    assert_int_equal(status_of(handle, 7),
                     JOB_STATUS_PRINTING | JOB_STATUS_DELETING | JOB_STATUS_RESTART);
    assert_int_equal(platen_job_query(spooler, 7, &info), 0);
    assert_int_equal(info.completions, 1);
    platen_job_forget(spooler, 7);
    assert_int_equal(platen_job_wait(spooler, 0, PLATEN_FOREVER, NULL), 0);
    assert_int_equal(platen_job_wait(spooler, 7, platen_os_now(), NULL), PLATEN_TIMEOUT);
    assert_int_equal(platen_shadow_end_job(spooler, 7), 0);
    assert_int_equal(status_of(handle, 7), MAXDWORD);
    assert_int_equal(SPL->GetLastError(), 87);
    assert_int_equal(platen_shadow_end_job(spooler, 7), PLATEN_INVALID_PARAMETER);
    assert_int_equal(platen_printer_delete(spooler, "Shade"), 0);
    assert_true(SPL->ClosePrinter(handle));
    platen_spooler_destroy(spooler);
}

/* Real jobs get other numbers than shadows have. */
static void numbers(void **state)
{
    struct stub stub;
    uint32_t id;

    (void)state;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(NULL, &stub);
    assert_int_equal(platen_shadow_printer(spooler, "Printer"), 0); /* it is there */
    assert_int_equal(platen_shadow_job(spooler, "Printer", 0, &id), 0);
    assert_int_equal(id, 1);
    for (uint32_t taken = 3; taken < 2500; taken++)
        assert_int_equal(platen_shadow_job(spooler, "Printer", taken, NULL), 0);
    assert_int_equal(platen_shadow_job(spooler, "Printer", UINT32_MAX, NULL), 0);
    assert_int_equal(print_bytes(spooler, "x", 1).id, 2);
    assert_int_equal(print_bytes(spooler, "x", 1).id, 2500);
    assert_int_equal(platen_shadow_job(spooler, "Printer", 2500, NULL), PLATEN_ALREADY_EXISTS);
    assert_int_equal(platen_shadow_end_job(spooler, 2500), PLATEN_INVALID_PARAMETER);
    assert_int_equal(platen_shadow_job(spooler, "Printer", 0, &id), 0);
    assert_int_equal(id, 2501);
    platen_job_forget(spooler, 2500);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static void end_soon(void *argument)
{
    assert_int_equal(platen_shadow_end_job(argument, 9), 0);
}

static void a_shadow_can_be_waited_for(void **state)
{
    platen_spooler *spooler = new_spooler(NULL);
    struct platen_job_info info;
    platen_os_thread *thread;

    (void)state;
    assert_int_equal(platen_shadow_printer(spooler, "Shade"), 0);
    assert_int_equal(platen_shadow_job(spooler, "Shade", 9, NULL), 0);
    assert_int_equal(platen_os_thread_start(&thread, "end", 0, end_soon, spooler), 0);
    uint32_t error = platen_job_wait(spooler, 9, PLATEN_FOREVER, &info);
    assert_true(error == 0 || error == PLATEN_INVALID_PARAMETER); /* it was over before */
    platen_os_thread_join(thread);
    platen_spooler_destroy(spooler);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shadow_is_known),
        cmocka_unit_test(numbers),
        cmocka_unit_test(a_shadow_can_be_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
