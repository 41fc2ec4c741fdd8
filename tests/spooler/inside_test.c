/* SPDX-License-Identifier: MIT
 *
 * Calls from inside calls: every function of a monitor may call every function of the spooler, on
 * the lane's thread or on one of its own, and nobody waits for anybody (R106). And what a monitor
 * sees of a job that is cancelled while it prints (R107).
 */
#include "stub.h"

#include <stdlib.h>

static const char hello[] = "hello";

/* ---- everything, everywhere ------------------------------------------------------------------ */

static void use_job(struct stub *stub, DWORD id)
{
    static WCHAR name[] = u"Printer";
    uint8_t buffer[4096];
    HANDLE handle;
    DWORD needed;

    if (!SPL->OpenPrinterW(name, &handle, NULL))
        return; /* there is no printer yet, or any more */
    if (id != 0 && !SPL->GetJobW(handle, id, 2, buffer, sizeof buffer, &needed))
        stub_violation(stub, "R106: GetJob: %u", (unsigned)SPL->GetLastError());
    if (id != 0 && !SPL->SetJobW(handle, id, 0, NULL, JOB_CONTROL_LAST_PAGE_EJECTED))
        stub_violation(stub, "R106: SetJob: %u", (unsigned)SPL->GetLastError());
    if (!SPL->ClosePrinter(handle))
        stub_violation(stub, "R106: ClosePrinter");
}

static void use_all(struct stub *stub, DWORD id)
{
    static WCHAR name[] = u"P1:";
    PORT_INFO_3W status = {.dwStatus = PORT_STATUS_TONER_LOW,
                           .dwSeverity = PORT_STATUS_TYPE_WARNING};
    uint8_t buffer[4096];
    DWORD needed, returned;

    use_job(stub, id);
    SPL->SetPortW(NULL, name, 3, (LPBYTE)&status);
    SPL->EnumPortsW(NULL, 2, NULL, 0, &needed, &returned);
    SPL->EnumPortsW(NULL, 1, buffer, sizeof buffer, &needed, &returned);
}

struct errand {
    struct stub *stub;
    DWORD id;
};

static void run_errand(void *argument)
{
    const struct errand *errand = argument;
    use_all(errand->stub, errand->id);
}

/* The monitor waits for its own thread, inside its function: no lock of the spooler may be held. */
static void use_all_elsewhere(struct stub *stub, DWORD id)
{
    struct errand errand = {stub, id};
    platen_os_thread *thread;

    if (platen_os_thread_start(&thread, "errand", 0, run_errand, &errand) != 0)
        abort();
    platen_os_thread_join(thread);
}

/* In EnumPorts a thread of its own would ask this very monitor again, which would never end. */
static uint32_t call_everything(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    bool in_job = at == AT_START || at == AT_WRITE || at == AT_END;
    DWORD id = in_job ? port->job : 0;

    use_all(stub, id);
    if (at != AT_ENUM)
        use_all_elsewhere(stub, id);
    return 0;
}

static void everything_may_be_called_anywhere(void **state)
{
    struct listener listener;
    struct stub stub;
    platen_xcv *xcv;
    uint32_t status;

    (void)state;
    stub_prepare(&stub);
    stub.inside = call_everything;
    stub.complete = true;
    platen_spooler *spooler = new_house(&listener, &stub);
    struct platen_job_info info = print_bytes(spooler, hello, 5);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_int_equal(info.completions, 7);
    assert_int_equal(platen_xcv_open(spooler, ",XcvPort P1:", 1, &xcv), 0);
    assert_int_equal(platen_xcv_data(xcv, "Anything", NULL, 0, NULL, 0, NULL, &status), 0);
    platen_xcv_close(xcv);
    assert_int_equal(platen_printer_delete(spooler, "Printer"), 0);
    platen_spooler_destroy(spooler);
    for (int at = 0; at < AT_COUNT; at++)
        assert_true(stub.calls[at] > 0);
    assert_int_equal(listener.count[PLATEN_EVENT_FINDING], 0);
    stub_check(&stub);
}

/* ---- a job that is cancelled while it prints ------------------------------------------------- */

struct cancelling {
    platen_spooler *spooler;
    atomic_uint at_gate; /* the monitor waits ... */
    atomic_uint open;    /* ... until this is set */
    DWORD seen[3];
    HANDLE printer;
};

static DWORD status_of(const struct cancelling *cancelling, DWORD id)
{
    uint8_t buffer[4096];
    JOB_INFO_1W info;
    DWORD needed;

    if (!SPL->GetJobW(cancelling->printer, id, 1, buffer, sizeof buffer, &needed))
        return MAXDWORD;
    memcpy(&info, buffer, sizeof info);
    return info.Status;
}

static uint32_t wait_in_write(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    struct cancelling *cancelling = stub->own;

    if (at == AT_START && !SPL->OpenPrinterW(port->printer, &cancelling->printer, NULL))
        stub_violation(stub, "OpenPrinter in StartDocPort");
    if (at == AT_WRITE && port->writes == 1) {
        cancelling->seen[0] = status_of(cancelling, port->job);
        atomic_store(&cancelling->at_gate, 1);
        wait_for_count(&cancelling->open, 1);
        cancelling->seen[1] = status_of(cancelling, port->job);
    }
    if (at == AT_END && port->ends == 0)
        cancelling->seen[2] = status_of(cancelling, port->job);
    return 0;
}

static void the_monitor_learns_of_a_cancel(void **state)
{
    static const uint8_t data[1000000];
    struct cancelling cancelling = {.spooler = NULL};
    struct platen_job_info info;
    struct stub stub;
    HANDLE kept;

    (void)state;
    stub_prepare(&stub);
    stub.own = &cancelling;
    stub.inside = wait_in_write;
    platen_spooler *spooler = new_house(NULL, &stub);
    uint32_t id = submit_bytes(spooler, "Printer", data, sizeof data);
    wait_for_count(&cancelling.at_gate, 1);
    assert_int_equal(platen_job_query(spooler, id, &info), 0);
    assert_int_equal(info.state, PLATEN_JOB_PRINTING);
    assert_int_equal(platen_job_cancel(spooler, id), 0);
    assert_int_equal(platen_job_query(spooler, id, &info), 0);
    assert_int_equal(info.status, JOB_STATUS_PRINTING | JOB_STATUS_DELETING);
    assert_int_equal(platen_job_wait(spooler, id, platen_os_now(), NULL), PLATEN_TIMEOUT);
    atomic_store(&cancelling.open, 1);
    assert_int_equal(platen_job_wait(spooler, id, PLATEN_FOREVER, &info), 0);
    assert_int_equal(info.state, PLATEN_JOB_CANCELLED);
    assert_int_equal(info.error, 0);
    assert_int_equal(info.writes, 1);        /* no more WritePort ... */
    assert_int_equal(stub.ports[0].ends, 1); /* ... and one EndDocPort (R95) */
    assert_int_equal(cancelling.seen[0], JOB_STATUS_PRINTING);
    assert_int_equal(cancelling.seen[1], JOB_STATUS_PRINTING | JOB_STATUS_DELETING);
    assert_int_equal(cancelling.seen[2], JOB_STATUS_PRINTING | JOB_STATUS_DELETING);
    assert_int_equal(status_of(&cancelling, id), MAXDWORD); /* it is gone */
    assert_int_equal(SPL->GetLastError(), 87);
    kept = cancelling.printer;
    assert_int_equal(print_bytes(spooler, hello, 5).state, PLATEN_JOB_PRINTED);
    assert_true(SPL->ClosePrinter(kept));
    assert_true(SPL->ClosePrinter(cancelling.printer));
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

/* A monitor that deletes its job when all is out, as some do, has printed it. */
static uint32_t delete_at_end(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    HANDLE handle;

    if (at != AT_END)
        return 0;
    if (!SPL->OpenPrinterW(port->printer, &handle, NULL) ||
        !SPL->SetJobW(handle, port->job, 0, NULL, JOB_CONTROL_DELETE) || !SPL->ClosePrinter(handle))
        stub_violation(stub, "SetJob(DELETE) in EndDocPort");
    return *(uint32_t *)stub->own;
}

static void a_cancel_can_be_too_late(void **state)
{
    uint32_t code = 0;
    struct stub stub;

    (void)state;
    stub_prepare(&stub);
    stub.own = &code;
    stub.inside = delete_at_end;
    platen_spooler *spooler = new_house(NULL, &stub);
    assert_int_equal(print_bytes(spooler, hello, 5).state, PLATEN_JOB_PRINTED);
    code = 995;
    assert_int_equal(print_bytes(spooler, hello, 5).state, PLATEN_JOB_CANCELLED);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

/* Destroying the spooler in the middle of a job ends it as cancelled. */
static void open_the_gate(void *argument)
{
    struct cancelling *cancelling = argument;
    struct platen_job_info info;

    do
        assert_int_equal(platen_job_query(cancelling->spooler, 1, &info), 0);
    while ((info.status & JOB_STATUS_DELETING) == 0);
    atomic_store(&cancelling->open, 1);
}

static void destroying_ends_what_prints(void **state)
{
    static const uint8_t data[1000000];
    struct cancelling cancelling = {.spooler = NULL};
    struct listener listener;
    struct stub stub;
    platen_os_thread *thread;

    (void)state;
    stub_prepare(&stub);
    stub.own = &cancelling;
    stub.inside = wait_in_write;
    platen_spooler *spooler = new_house(&listener, &stub);
    cancelling.spooler = spooler;
    submit_bytes(spooler, "Printer", data, sizeof data);
    wait_for_count(&cancelling.at_gate, 1);
    assert_int_equal(platen_os_thread_start(&thread, "gate", 0, open_the_gate, &cancelling), 0);
    platen_spooler_destroy(spooler);
    platen_os_thread_join(thread);
    assert_int_equal(listener.last[PLATEN_EVENT_JOB_ENDED].state, PLATEN_JOB_CANCELLED);
    assert_int_equal(stub.ports[0].writes, 1);
    assert_int_equal(listener.count[PLATEN_EVENT_FINDING], 1); /* the printer left open */
    stub_check(&stub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_may_be_called_anywhere),
        cmocka_unit_test(the_monitor_learns_of_a_cancel),
        cmocka_unit_test(a_cancel_can_be_too_late),
        cmocka_unit_test(destroying_ends_what_prints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
