/* SPDX-License-Identifier: MIT
 *
 * Jobs that are printed again: after their end, for as long as their document is there.
 */
#include "stub.h"

#include <stdio.h>

#include "os/file.h"
#include <stdlib.h>

static const char hello[] = "hello";

static uint32_t submit_file(platen_spooler *spooler, const char *path)
{
    struct platen_document document = {.size = sizeof document, .path = path};
    uint32_t id;

    assert_int_equal(platen_job_submit(spooler, "Printer", &document, &id), 0);
    return id;
}

static struct platen_job_info wait_for(platen_spooler *spooler, uint32_t id)
{
    struct platen_job_info info;

    assert_int_equal(platen_job_wait(spooler, id, PLATEN_FOREVER, &info), 0);
    return info;
}

static uint32_t restart(platen_spooler *spooler, uint32_t id)
{
    return platen_job_control(spooler, id, PLATEN_JOB_RESTART);
}

/* A file of five bytes in a folder of its own. */
struct place {
    char folder[260];
    char path[300];
};

static void make(struct place *place)
{
    assert_int_equal(platen_os_make_temporary_folder(place->folder, sizeof place->folder), 0);
    snprintf(place->path, sizeof place->path, "%s/five", place->folder);
    assert_int_equal(platen_os_file_replace(place->path, hello, 5), 0);
}

static void clear(const struct place *place)
{
    assert_int_equal(platen_os_remove_folder(place->folder), 0);
}

static void a_file_is_kept_until_it_is_forgotten(void **state)
{
    struct listener listener;
    struct stub stub;
    struct place place;

    (void)state;
    make(&place);
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(&listener, &stub);
    uint32_t id = submit_file(spooler, place.path);
    for (unsigned i = 1; i <= 3; i++) {
        struct platen_job_info info = wait_for(spooler, id);
        assert_int_equal(info.state, PLATEN_JOB_PRINTED);
        assert_int_equal(info.starts, i);
        assert_int_equal(info.bytes, 5);
        assert_int_equal(restart(spooler, id), 0);
    }
    wait_for(spooler, id);
    assert_int_equal(listener.count[PLATEN_EVENT_JOB_ENDED], 4);
    assert_int_equal(listener.count[PLATEN_EVENT_JOB_RESTARTED], 3);
    assert_int_equal(stub.ports[0].total, 20);
    platen_job_forget(spooler, id);
    assert_int_equal(restart(spooler, id), PLATEN_INVALID_PARAMETER);
    platen_spooler_destroy(spooler);
    clear(&place);
    stub_check(&stub);
}

static void a_deleted_job_gives_its_document_up(void **state)
{
    struct stub stub;
    struct platen_job_info info;
    struct place place;
    HANDLE handle;
    static WCHAR printer[] = u"Printer";

    (void)state;
    make(&place);
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(NULL, &stub);
    uint32_t id = submit_file(spooler, place.path);
    wait_for(spooler, id);
    assert_true(SPL->OpenPrinterW(printer, &handle, NULL));
    assert_true(SPL->SetJobW(handle, id, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER));
    assert_int_equal(platen_job_control(spooler, id, PLATEN_JOB_DELETE), 0);
    assert_false(SPL->SetJobW(handle, id, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER));
    assert_int_equal(SPL->GetLastError(), 87);
    assert_true(SPL->ClosePrinter(handle));
    assert_int_equal(restart(spooler, id), PLATEN_FILE_NOT_FOUND);
    assert_int_equal(platen_job_query(spooler, id, &info), 0);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    platen_spooler_destroy(spooler);
    clear(&place);
    stub_check(&stub);
}

/* Memory belongs to the program again when the job has ended, unless it says otherwise. */
static void borrowed_memory_is_not_read_again(void **state)
{
    struct platen_document document = {
        .size = sizeof document, .data = hello, .data_size = 5, .lasting = true};
    struct stub stub;
    uint32_t id;

    (void)state;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(NULL, &stub);
    assert_int_equal(restart(spooler, print_bytes(spooler, hello, 5).id), PLATEN_FILE_NOT_FOUND);
    assert_int_equal(platen_job_submit(spooler, "Printer", &document, &id), 0);
    wait_for(spooler, id);
    assert_int_equal(restart(spooler, id), 0);
    wait_for(spooler, id);
    assert_int_equal(stub.ports[0].total, 15);
    assert_int_equal(platen_printer_delete(spooler, "Printer"), 0);
    assert_int_equal(restart(spooler, id), PLATEN_INVALID_PRINTER_NAME);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

/* Between two turns the file is its owner's. */
static void a_file_is_printed_as_it_is_then(void **state)
{
    struct listener listener;
    struct stub stub;
    struct place place;

    (void)state;
    make(&place);
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(&listener, &stub);
    uint32_t id = submit_file(spooler, place.path);
    wait_for(spooler, id);
    assert_int_equal(platen_os_file_replace(place.path, "other one", 9), 0);
    assert_int_equal(restart(spooler, id), 0);
    struct platen_job_info info = wait_for(spooler, id);
    assert_int_equal(info.size, 9);
    assert_memory_equal(stub.ports[0].data, "helloother one", 14);
    clear(&place);
    assert_int_equal(restart(spooler, id), 0);
    info = wait_for(spooler, id);
    assert_int_equal(info.state, PLATEN_JOB_FAILED);
    assert_true(info.error == PLATEN_FILE_NOT_FOUND || info.error == PLATEN_PATH_NOT_FOUND);
    assert_null(info.slot);
    assert_int_equal(info.starts, 2);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

/* An empty file is spooled, as it may be none (/proc). Not all of them stay open. */
static void the_last_256_spooled_ones_are_kept(void **state)
{
    struct place place;
    struct stub stub;

    (void)state;
    make(&place);
    assert_int_equal(platen_os_file_replace(place.path, hello, 0), 0);
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(NULL, &stub);
    for (uint32_t id = 1; id <= 256; id++)
        wait_for(spooler, submit_file(spooler, place.path));
    assert_int_equal(restart(spooler, 1), 0); /* and so it is the youngest again */
    wait_for(spooler, 1);
    wait_for(spooler, submit_file(spooler, place.path));
    assert_int_equal(restart(spooler, 2), PLATEN_FILE_NOT_FOUND);
    assert_int_equal(restart(spooler, 3), 0);
    assert_int_equal(restart(spooler, 1), 0);
    assert_int_equal(platen_job_wait(spooler, 0, PLATEN_FOREVER, NULL), 0);
    platen_spooler_destroy(spooler);
    clear(&place);
    stub_check(&stub);
}

static void cancelled_and_failed_jobs_can_be_restarted(void **state)
{
    struct stub stub;
    struct platen_job_info info;
    struct platen_document document = {
        .size = sizeof document, .data = hello, .data_size = 5, .lasting = true};
    uint32_t first, second;

    (void)state;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(NULL, &stub);
    assert_int_equal(platen_printer_hold(spooler, "Printer", true), 0);
    assert_int_equal(platen_job_submit(spooler, "Printer", &document, &first), 0);
    assert_int_equal(platen_job_submit(spooler, "Printer", &document, &second), 0);
    assert_int_equal(platen_job_cancel(spooler, first), 0);
    assert_int_equal(restart(spooler, first), 0); /* behind the second now */
    assert_int_equal(platen_job_query(spooler, first, &info), 0);
    assert_int_equal(info.state, PLATEN_JOB_QUEUED);
    assert_int_equal(info.status, 0);
    assert_int_equal(platen_printer_hold(spooler, "Printer", false), 0);
    info = wait_for(spooler, first);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_true(info.started_at >= wait_for(spooler, second).ended_at);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

/* ---- from a handler -------------------------------------------------------------------------- */

struct meddler {
    platen_spooler *spooler;
    unsigned ends;
    bool cancels; /* at QUEUED, before it is in the queue */
};

static void restart_twice(void *context, const struct platen_event *event)
{
    struct meddler *meddler = context;

    if (event->kind == PLATEN_EVENT_JOB_QUEUED && meddler->cancels)
        assert_int_equal(platen_job_cancel(meddler->spooler, event->job_id), 0);
    if (event->kind == PLATEN_EVENT_JOB_ENDED && meddler->ends++ < 2)
        assert_int_equal(restart(meddler->spooler, event->job_id), 0);
}

static void in_the_event_of_its_end(void **state)
{
    struct platen_document document = {
        .size = sizeof document, .data = hello, .data_size = 5, .lasting = true};

    (void)state;
    for (int cancels = 0; cancels < 2; cancels++) {
        struct meddler meddler = {.cancels = cancels != 0};
        struct platen_spooler_options options = {
            .size = sizeof options, .on_event = restart_twice, .event_context = &meddler};
        struct stub stub;
        uint32_t id;
        stub_prepare(&stub);
        assert_int_equal(platen_spooler_create(&options, &meddler.spooler), 0);
        assert_int_equal(stub_attach(meddler.spooler, &stub, "Stub", NULL), 0);
        assert_int_equal(platen_printer_add(meddler.spooler, "Printer", "P1:"), 0);
        assert_int_equal(platen_job_submit(meddler.spooler, "Printer", &document, &id), 0);
        struct platen_job_info info = wait_for(meddler.spooler, id);
        assert_int_equal(info.state, PLATEN_JOB_PRINTED);
        assert_int_equal(meddler.ends, 3);
        assert_int_equal(info.starts, cancels ? 2 : 3);
        assert_int_equal(platen_job_wait(meddler.spooler, 0, PLATEN_FOREVER, NULL), 0);
        platen_spooler_destroy(meddler.spooler);
        stub_check(&stub);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_kept_until_it_is_forgotten),
        cmocka_unit_test(a_deleted_job_gives_its_document_up),
        cmocka_unit_test(borrowed_memory_is_not_read_again),
        cmocka_unit_test(a_file_is_printed_as_it_is_then),
        cmocka_unit_test(the_last_256_spooled_ones_are_kept),
        cmocka_unit_test(cancelled_and_failed_jobs_can_be_restarted),
        cmocka_unit_test(in_the_event_of_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
