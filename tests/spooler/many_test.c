/* SPDX-License-Identifier: MIT
 *
 * Many: jobs in one queue, printers at once, threads that submit, cancel, ask and wait.
 */
#include "stub.h"

#include <stdio.h>
#include <stdlib.h>

#define JOBS     100000u
#define PRINTERS 64u
#define EACH     40u

static void a_hundred_thousand_jobs(void **state)
{
    static const uint8_t data[100];
    struct stub stub;
    struct platen_job_info info;

    (void)state;
    stub_prepare(&stub);
    stub.keep = false;
    stub.complete = true;
    platen_spooler *spooler = new_house(NULL, &stub);
    assert_int_equal(platen_printer_hold(spooler, "Printer", true), 0);
    for (uint32_t i = 1; i <= JOBS; i++)
        assert_int_equal(submit_bytes(spooler, "Printer", data, sizeof data), i);
    uint64_t start = platen_os_now();
    assert_int_equal(platen_printer_hold(spooler, "Printer", false), 0);
    assert_int_equal(platen_job_wait(spooler, 0, PLATEN_FOREVER, NULL), 0);
    printf("[     INFO ] %.0f jobs a second\n",
           JOBS / ((double)(platen_os_now() - start) / 1000000000.0));
    assert_int_equal(stub.ports[0].total, (uint64_t)JOBS * sizeof data);
    assert_int_equal(stub.ports[0].ends, JOBS);
    for (uint32_t i = 1; i <= JOBS; i++) {
        assert_int_equal(platen_job_query(spooler, i, &info), 0);
        assert_int_equal(info.state, PLATEN_JOB_PRINTED);
        assert_int_equal(info.completions, 1);
        platen_job_forget(spooler, i);
    }
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

/* ---- at once --------------------------------------------------------------------------------- */

struct crowd {
    platen_spooler *spooler;
    atomic_uint next;
    atomic_uint stop;
    atomic_uint printed;
};

static void print_on_one(void *argument)
{
    static const uint8_t data[3000];
    struct crowd *crowd = argument;
    unsigned number = atomic_fetch_add(&crowd->next, 1) + 1;
    char printer[16], port[16];
    struct platen_job_info info;

    snprintf(printer, sizeof printer, "Q%u", number);
    snprintf(port, sizeof port, "P%u:", number);
    assert_int_equal(platen_printer_add(crowd->spooler, printer, port), 0);
    for (unsigned i = 0; i < EACH; i++) {
        uint32_t id = submit_bytes(crowd->spooler, printer, data, i * 75);
        if (i % 8 == 7)
            assert_int_equal(platen_job_cancel(crowd->spooler, id), 0);
        if (i % 4 == 3) {
            assert_int_equal(platen_job_wait(crowd->spooler, id, PLATEN_FOREVER, &info), 0);
            platen_job_forget(crowd->spooler, id);
        }
    }
    if (number % 2 == 0) {
        while (platen_printer_delete(crowd->spooler, printer) == PLATEN_BUSY)
            platen_os_thread_yield();
    }
    atomic_fetch_add(&crowd->printed, 1);
}

static void disturb(void *argument)
{
    struct crowd *crowd = argument;

    while (atomic_load(&crowd->stop) == 0) {
        struct platen_port *ports;
        struct platen_job_info info;
        platen_xcv *xcv;
        uint32_t status;
        size_t count;
        assert_int_equal(platen_spooler_ports(crowd->spooler, NULL, &ports, &count), 0);
        assert_int_equal(count, PRINTERS + 1);
        platen_free(ports);
        platen_job_query(crowd->spooler, 5, &info);
        if (platen_xcv_open(crowd->spooler, ",XcvMonitor Stub", 1, &xcv) == 0) {
            platen_xcv_data(xcv, "AddPort", NULL, 0, NULL, 0, NULL, &status);
            platen_xcv_close(xcv);
        }
        platen_os_thread_yield();
    }
}

/* The last port is there for the disturber alone: all others are bound or may be. */
static uint32_t park_sometimes(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    PORT_INFO_3W status = {.dwStatus = 1, .dwSeverity = PORT_STATUS_TYPE_ERROR};

    if (at != AT_END || port->ends % 5 != 4)
        return 0;
    if (!SPL->SetPortW(NULL, port->name, 3, (LPBYTE)&status))
        stub_violation(stub, "SetPort in EndDocPort");
    status = (PORT_INFO_3W){.dwStatus = 0};
    if (!SPL->SetPortW(NULL, port->name, 3, (LPBYTE)&status))
        stub_violation(stub, "SetPort in EndDocPort");
    return 0;
}

static void sixty_four_printers_at_once(void **state)
{
    struct listener listener;
    struct stub stub;
    struct crowd crowd;
    platen_os_thread *threads[PRINTERS], *disturber;

    (void)state;
    stub_prepare(&stub);
    stub.port_count = PRINTERS + 1;
    stub.keep = false;
    stub.complete = true;
    stub.inside = park_sometimes;
    crowd.spooler = new_spooler(&listener);
    atomic_init(&crowd.next, 0);
    atomic_init(&crowd.stop, 0);
    atomic_init(&crowd.printed, 0);
    assert_int_equal(stub_attach(crowd.spooler, &stub, "Stub", NULL), 0);
    assert_int_equal(platen_os_thread_start(&disturber, "disturb", 0, disturb, &crowd), 0);
    for (unsigned i = 0; i < PRINTERS; i++)
        assert_int_equal(platen_os_thread_start(&threads[i], "print", 0, print_on_one, &crowd), 0);
    for (unsigned i = 0; i < PRINTERS; i++)
        platen_os_thread_join(threads[i]);
    assert_int_equal(platen_job_wait(crowd.spooler, 0, PLATEN_FOREVER, NULL), 0);
    atomic_store(&crowd.stop, 1);
    platen_os_thread_join(disturber);
    platen_spooler_destroy(crowd.spooler);
    assert_int_equal(atomic_load(&crowd.printed), PRINTERS);
    assert_int_equal(listener.count[PLATEN_EVENT_JOB_QUEUED], PRINTERS * EACH);
    assert_int_equal(listener.count[PLATEN_EVENT_JOB_ENDED], PRINTERS * EACH);
    assert_int_equal(listener.count[PLATEN_EVENT_FINDING], 0);
    stub_check(&stub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hundred_thousand_jobs),
        cmocka_unit_test(sixty_four_printers_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
