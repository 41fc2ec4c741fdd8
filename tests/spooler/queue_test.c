/* SPDX-License-Identifier: MIT
 *
 * Printers and their queues: names, holding, waiting, cancelling, forgetting, and ports that are
 * shared and closed.
 */
#include "stub.h"

static const char hello[] = "hello";

static void names_of_printers(void **state)
{
    struct stub stub;
    stub_prepare(&stub);
    stub.port_count = 2;
    platen_spooler *spooler = new_house(NULL, &stub);
    uint32_t id;
    struct platen_document document = {.size = sizeof document, .data = hello, .data_size = 5};

    (void)state;
    assert_int_equal(platen_printer_add(spooler, "", "P1:"), PLATEN_INVALID_PRINTER_NAME);
    assert_int_equal(platen_printer_add(spooler, "a,b", "P1:"), PLATEN_INVALID_PRINTER_NAME);
    assert_int_equal(platen_printer_add(spooler, "a\\b", "P1:"), PLATEN_INVALID_PRINTER_NAME);
    assert_int_equal(platen_printer_add(spooler, "PRINTER", "P2:"), PLATEN_ALREADY_EXISTS);
    assert_int_equal(platen_printer_add(spooler, "Other", "P3:"), PLATEN_UNKNOWN_PORT);
    assert_int_equal(platen_printer_delete(spooler, "Other"), PLATEN_INVALID_PRINTER_NAME);
    assert_int_equal(platen_printer_hold(spooler, "Other", true), PLATEN_INVALID_PRINTER_NAME);
    assert_int_equal(platen_job_submit(spooler, "Other", &document, &id),
                     PLATEN_INVALID_PRINTER_NAME);
    assert_int_equal(id, 0);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static void a_document_comes_from_one_place(void **state)
{
    struct stub stub;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(NULL, &stub);
    struct platen_document none = {.size = sizeof none};
    struct platen_document both = {.size = sizeof both, .path = "x", .data = hello, .data_size = 5};
    uint32_t id = 7;

    (void)state;
    assert_int_equal(platen_job_submit(spooler, "Printer", &none, &id), PLATEN_INVALID_PARAMETER);
    assert_int_equal(id, 0);
    assert_int_equal(platen_job_submit(spooler, "Printer", &both, &id), PLATEN_INVALID_PARAMETER);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static void a_held_queue_keeps_its_order(void **state)
{
    struct stub stub;
    struct platen_job_info info;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(NULL, &stub);

    (void)state;
    assert_int_equal(platen_printer_hold(spooler, "Printer", true), 0);
    uint32_t first = submit_bytes(spooler, "Printer", "a", 1);
    for (char c = 'b'; c <= 'e'; c++)
        submit_bytes(spooler, "Printer", &"bcde"[c - 'b'], 1);
    assert_int_equal(platen_job_query(spooler, first, &info), 0);
    assert_int_equal(info.state, PLATEN_JOB_QUEUED);
    assert_int_equal(info.status, 0);
    assert_int_equal(info.started_at, 0);
    assert_int_equal(platen_job_wait(spooler, first, platen_os_now(), &info), PLATEN_TIMEOUT);
    assert_int_equal(info.id, first);
    assert_int_equal(platen_job_wait(spooler, 0, platen_os_now(), NULL), PLATEN_TIMEOUT);
    assert_int_equal(platen_printer_delete(spooler, "Printer"), PLATEN_BUSY);
    assert_int_equal(platen_printer_hold(spooler, "Printer", false), 0);
    assert_int_equal(platen_job_wait(spooler, 0, PLATEN_FOREVER, NULL), 0);
    assert_memory_equal(stub.ports[0].data, "abcde", 5);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static void queued_jobs_are_cancelled_at_once(void **state)
{
    struct listener listener;
    struct stub stub;
    struct platen_job_info info;
    uint32_t ids[5];
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(&listener, &stub);

    (void)state;
    assert_int_equal(platen_printer_hold(spooler, "Printer", true), 0);
    for (int i = 0; i < 5; i++)
        ids[i] = submit_bytes(spooler, "Printer", &"abcde"[i], 1);
    for (int i = 0; i < 5; i += 2) {
        assert_int_equal(platen_job_cancel(spooler, ids[i]), 0);
        assert_int_equal(platen_job_wait(spooler, ids[i], PLATEN_FOREVER, &info), 0);
        assert_int_equal(info.state, PLATEN_JOB_CANCELLED);
        assert_int_equal(info.status, JOB_STATUS_DELETED);
        assert_int_equal(info.error, 0);
        assert_int_equal(platen_job_cancel(spooler, ids[i]), 0);
    }
    assert_int_equal(listener.count[PLATEN_EVENT_JOB_ENDED], 3);
    uint32_t last = submit_bytes(spooler, "Printer", "f", 1);
    assert_int_equal(platen_printer_hold(spooler, "Printer", false), 0);
    assert_int_equal(platen_job_wait(spooler, last, PLATEN_FOREVER, NULL), 0);
    assert_memory_equal(stub.ports[0].data, "bdf", 3);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static void jobs_are_known_until_they_are_forgotten(void **state)
{
    struct stub stub;
    struct platen_job_info info;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(NULL, &stub);

    (void)state;
    assert_int_equal(platen_job_query(spooler, 0, &info), PLATEN_INVALID_PARAMETER);
    assert_int_equal(platen_job_query(spooler, 1, &info), PLATEN_INVALID_PARAMETER);
    assert_int_equal(platen_job_cancel(spooler, 1), PLATEN_INVALID_PARAMETER);
    assert_int_equal(platen_job_wait(spooler, 1, 0, NULL), PLATEN_INVALID_PARAMETER);
    for (uint32_t i = 1; i <= 3000; i++) {
        info = print_bytes(spooler, hello, 1);
        assert_int_equal(info.id, i);
        if (i % 3 != 0)
            platen_job_forget(spooler, i);
    }
    for (uint32_t i = 1; i <= 3000; i++)
        assert_int_equal(platen_job_query(spooler, i, &info), i % 3 != 0 ? 87 : 0);
    for (uint32_t i = 3; i <= 3000; i += 3)
        platen_job_forget(spooler, i);
    platen_job_forget(spooler, 1);
    platen_job_forget(spooler, 4000);
    assert_int_equal(platen_job_query(spooler, 3, &info), PLATEN_INVALID_PARAMETER);
    assert_int_equal(print_bytes(spooler, hello, 1).id, 3001);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static void a_forgotten_job_still_prints(void **state)
{
    struct stub stub;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(NULL, &stub);

    (void)state;
    assert_int_equal(platen_printer_hold(spooler, "Printer", true), 0);
    platen_job_forget(spooler, submit_bytes(spooler, "Printer", hello, 5));
    assert_int_equal(platen_printer_hold(spooler, "Printer", false), 0);
    assert_int_equal(platen_job_wait(spooler, 0, PLATEN_FOREVER, NULL), 0);
    assert_int_equal(stub.ports[0].total, 5);
    assert_int_equal(platen_printer_hold(spooler, "Printer", true), 0);
    platen_job_forget(spooler, submit_bytes(spooler, "Printer", hello, 5));
    platen_spooler_destroy(spooler);
    assert_int_equal(stub.ports[0].starts, 1);
    stub_check(&stub);
}

static void printers_share_one_open_port(void **state)
{
    struct stub stub;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(NULL, &stub);

    (void)state;
    assert_int_equal(platen_printer_add(spooler, "Second", "p1:"), 0);
    print_bytes(spooler, hello, 5);
    assert_int_equal(
        platen_job_wait(spooler, submit_bytes(spooler, "Second", hello, 5), PLATEN_FOREVER, NULL),
        0);
    assert_int_equal(stub.ports[0].opens, 1);
    assert_int_equal(platen_printer_delete(spooler, "Second"), 0);
    assert_int_equal(stub.ports[0].closes, 0);
    assert_int_equal(platen_printer_delete(spooler, "Printer"), 0);
    assert_int_equal(stub.ports[0].closes, 1);
    assert_int_equal(platen_printer_add(spooler, "Printer", "P1:"), 0);
    print_bytes(spooler, hello, 5);
    assert_int_equal(stub.ports[0].opens, 2);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

/* The oldest job of all printers of a port comes first; a held printer does not stop the others. */
static void printers_of_a_port_take_turns(void **state)
{
    struct stub stub;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(NULL, &stub);

    (void)state;
    assert_int_equal(platen_printer_add(spooler, "Second", "P1:"), 0);
    assert_int_equal(platen_printer_add(spooler, "Third", "P1:"), 0);
    assert_int_equal(platen_printer_hold(spooler, "Printer", true), 0);
    assert_int_equal(platen_printer_hold(spooler, "Second", true), 0);
    for (int i = 0; i < 6; i++)
        submit_bytes(spooler, i % 2 ? "Second" : "Printer", &"abcdef"[i], 1);
    assert_int_equal(
        platen_job_wait(spooler, submit_bytes(spooler, "Third", "x", 1), PLATEN_FOREVER, NULL), 0);
    assert_int_equal(platen_printer_hold(spooler, "Second", false), 0);
    assert_int_equal(platen_job_wait(spooler, 6, PLATEN_FOREVER, NULL), 0);
    assert_int_equal(platen_printer_hold(spooler, "Printer", false), 0);
    assert_int_equal(platen_job_wait(spooler, 0, PLATEN_FOREVER, NULL), 0);
    assert_memory_equal(stub.ports[0].data, "xbdface", 7);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

/* ---- handlers that call back ----------------------------------------------------------------- */

struct meddler {
    platen_spooler *spooler;
    enum platen_event_kind at;
    void (*act)(struct meddler *meddler, uint32_t job);
    atomic_uint done;
};

static void meddle(void *context, const struct platen_event *event)
{
    struct meddler *meddler = context;
    if (event->kind == meddler->at && atomic_load(&meddler->done) == 0) {
        meddler->act(meddler, event->job_id);
        atomic_fetch_add(&meddler->done, 1);
    }
}

static void cancel_and_forget(struct meddler *meddler, uint32_t job)
{
    assert_int_equal(platen_job_cancel(meddler->spooler, job), 0);
    platen_job_forget(meddler->spooler, job);
}

static void delete_own_printer(struct meddler *meddler, uint32_t job)
{
    (void)job;
    assert_int_equal(platen_printer_delete(meddler->spooler, "Printer"), 0);
}

static void ask_for_ports(struct meddler *meddler, uint32_t job)
{
    struct platen_port *ports;
    struct platen_job_info info;
    size_t count;
    assert_int_equal(platen_job_query(meddler->spooler, job, &info), 0);
    assert_int_equal(platen_spooler_ports(meddler->spooler, NULL, &ports, &count), 0);
    assert_int_equal(count, 1);
    platen_free(ports);
}

static void run_meddler(struct meddler *meddler, struct stub *stub)
{
    struct platen_spooler_options options = {
        .size = sizeof options, .on_event = meddle, .event_context = meddler};

    stub_prepare(stub);
    assert_int_equal(platen_spooler_create(&options, &meddler->spooler), 0);
    assert_int_equal(stub_attach(meddler->spooler, stub, "Stub", NULL), 0);
    assert_int_equal(platen_printer_add(meddler->spooler, "Printer", "P1:"), 0);
    submit_bytes(meddler->spooler, "Printer", hello, 5);
    assert_int_equal(platen_job_wait(meddler->spooler, 0, PLATEN_FOREVER, NULL), 0);
    assert_int_equal(atomic_load(&meddler->done), 1);
    platen_spooler_destroy(meddler->spooler);
    stub_check(stub);
}

static void handlers_may_call_anything(void **state)
{
    const enum platen_event_kind kinds[] = {PLATEN_EVENT_JOB_QUEUED, PLATEN_EVENT_JOB_STARTED,
                                            PLATEN_EVENT_JOB_ENDED};
    struct stub stub;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct meddler cancelling = {.at = kinds[i], .act = cancel_and_forget};
        struct meddler asking = {.at = kinds[i], .act = ask_for_ports};
        run_meddler(&cancelling, &stub);
        run_meddler(&asking, &stub);
    }
    struct meddler deleting = {.at = PLATEN_EVENT_JOB_ENDED, .act = delete_own_printer};
    run_meddler(&deleting, &stub);
}

/* ---- the end --------------------------------------------------------------------------------- */

static void destroying_cancels_what_waits(void **state)
{
    struct listener listener;
    struct stub stub;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(&listener, &stub);

    (void)state;
    assert_int_equal(platen_printer_hold(spooler, "Printer", true), 0);
    for (int i = 0; i < 10; i++)
        submit_bytes(spooler, "Printer", hello, 5);
    platen_spooler_destroy(spooler);
    assert_int_equal(listener.count[PLATEN_EVENT_JOB_ENDED], 10);
    assert_int_equal(listener.last[PLATEN_EVENT_JOB_ENDED].state, PLATEN_JOB_CANCELLED);
    assert_int_equal(stub.ports[0].starts, 0);
    stub_check(&stub);
    platen_spooler_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_printers),
        cmocka_unit_test(a_document_comes_from_one_place),
        cmocka_unit_test(a_held_queue_keeps_its_order),
        cmocka_unit_test(queued_jobs_are_cancelled_at_once),
        cmocka_unit_test(jobs_are_known_until_they_are_forgotten),
        cmocka_unit_test(a_forgotten_job_still_prints),
        cmocka_unit_test(printers_share_one_open_port),
        cmocka_unit_test(printers_of_a_port_take_turns),
        cmocka_unit_test(handlers_may_call_anything),
        cmocka_unit_test(destroying_cancels_what_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
