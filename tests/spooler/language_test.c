/* SPDX-License-Identifier: MIT
 *
 * A language monitor over a port monitor: the way to the port (R118, R92), bidi on and off, and who
 * completes a job (R105).
 */
#include "lingua.h"

static const char hello[] = "hello";
static const char *const port1[] = {"P1:"};

struct house {
    platen_spooler *spooler;
    struct listener listener;
    struct stub stub;
    struct lingua lingua;
};

static void open_house(struct house *house)
{
    stub_prepare(&house->stub);
    lingua_prepare(&house->lingua);
    house->stub.port_count = 2;
    house->spooler = new_spooler(&house->listener);
    lingua_attach(house->spooler, &house->lingua); /* before the port monitor: it is the same */
    assert_int_equal(stub_attach(house->spooler, &house->stub, "Stub", NULL), 0);
}

static void close_house(struct house *house)
{
    platen_spooler_destroy(house->spooler);
    lingua_check(&house->lingua);
    stub_check(&house->stub);
}

static void create(struct house *house, const char *name, const char *language, bool bidi)
{
    struct platen_printer_options options = {.size = sizeof options,
                                             .ports = port1,
                                             .port_count = 1,
                                             .language = language,
                                             .bidi = bidi};

    assert_int_equal(platen_printer_create(house->spooler, name, &options), 0);
}

static struct platen_job_info print_on(struct house *house, const char *printer)
{
    struct platen_job_info info;
    uint32_t id = submit_bytes(house->spooler, printer, hello, 5);

    assert_int_equal(platen_job_wait(house->spooler, id, PLATEN_FOREVER, &info), 0);
    return info;
}

/* ---- R118, R92 ------------------------------------------------------------------------------- */

static void R118_openportex_takes_the_place_of_openport(void **state)
{
    struct house house;

    (void)state;
    open_house(&house);
    house.lingua.spoils = true;
    create(&house, "Printer", "lingua", true);
    for (int i = 0; i < 3; i++)
        assert_int_equal(print_on(&house, "Printer").state, PLATEN_JOB_PRINTED);
    assert_ptr_equal(house.lingua.monitor, house.stub.instance);
    assert_true(platen_text_equal_folded(house.lingua.port_name, u"P1:"));
    assert_true(platen_text_equal_folded(house.lingua.printer_name, u"Printer"));
    assert_int_equal(house.lingua.calls[AT_OPEN], 1);
    assert_int_equal(house.lingua.calls[AT_START], 3);
    assert_int_equal(house.lingua.calls[AT_WRITE], 3);
    assert_int_equal(house.lingua.calls[AT_END], 3);
    assert_int_equal(house.stub.ports[0].opens, 1); /* the language monitor's own */
    assert_int_equal(house.stub.ports[0].total, 15);
    assert_int_equal(platen_printer_delete(house.spooler, "Printer"), 0);
    assert_int_equal(house.lingua.calls[AT_CLOSE], 1);
    assert_int_equal(house.stub.ports[0].closes, 1);
    /* what it spoiled was a copy */
    create(&house, "Printer", "Lingua", true);
    house.lingua.spoils = false;
    assert_int_equal(platen_printer_delete(house.spooler, "Printer"), 0);
    create(&house, "Printer", NULL, true);
    assert_int_equal(print_on(&house, "Printer").state, PLATEN_JOB_PRINTED);
    close_house(&house);
}

static void R118_with_bidi_off_no_call_of_a_job_reaches_it(void **state)
{
    struct house house;

    (void)state;
    open_house(&house);
    create(&house, "Printer", "Lingua", false);
    for (int i = 0; i < 3; i++)
        assert_int_equal(print_on(&house, "Printer").state, PLATEN_JOB_PRINTED);
    assert_int_equal(house.lingua.calls[AT_OPEN], 1);
    assert_int_equal(house.lingua.calls[AT_CLOSE], 1);
    assert_int_equal(house.lingua.calls[AT_START], 0);
    assert_int_equal(house.lingua.calls[AT_WRITE], 0);
    assert_int_equal(house.lingua.calls[AT_END], 0);
    assert_int_equal(house.stub.ports[0].opens, 2); /* one after the other: the stub looks at it */
    assert_int_equal(house.stub.ports[0].closes, 1);
    assert_int_equal(house.stub.ports[0].total, 15);
    close_house(&house);
}

static void bidi_can_be_switched(void **state)
{
    struct house house;

    (void)state;
    open_house(&house);
    create(&house, "Printer", "Lingua", true);
    print_on(&house, "Printer");
    assert_int_equal(platen_printer_set_bidi(house.spooler, "printer", false), 0);
    print_on(&house, "Printer");
    assert_int_equal(house.lingua.calls[AT_START], 1);
    assert_int_equal(platen_printer_set_bidi(house.spooler, "Printer", true), 0);
    print_on(&house, "Printer");
    assert_int_equal(house.lingua.calls[AT_START], 2);
    assert_int_equal(house.lingua.calls[AT_OPEN], 3);
    assert_int_equal(house.stub.ports[0].starts, 3);
    assert_int_equal(platen_printer_set_bidi(house.spooler, "Other", true),
                     PLATEN_INVALID_PRINTER_NAME);
    close_house(&house);
}

static void R92_printers_of_one_port_with_and_without(void **state)
{
    struct house house;

    (void)state;
    open_house(&house);
    create(&house, "Plain", NULL, true);
    create(&house, "Fluent", "Lingua", true);
    print_on(&house, "Plain");
    print_on(&house, "Plain");
    assert_int_equal(house.stub.ports[0].opens, 1);
    print_on(&house, "Fluent");
    assert_int_equal(house.lingua.calls[AT_OPEN], 1);
    assert_int_equal(house.stub.ports[0].opens, 2);
    print_on(&house, "Plain");
    assert_int_equal(house.lingua.calls[AT_CLOSE], 1);
    assert_int_equal(house.stub.ports[0].opens, 3);
    print_on(&house, "Fluent");
    assert_int_equal(house.lingua.calls[AT_START], 2);
    assert_int_equal(house.stub.ports[0].starts, 5);
    close_house(&house);
}

static uint32_t refuse_to_open(struct lingua *lingua, enum stub_at at, struct lingua_port *port)
{
    uint32_t *times = lingua->own;

    (void)port;
    return at == AT_OPEN && *times > 0 ? (--*times, PLATEN_BUSY) : 0;
}

/* *pHandle is garbage then (R93). */
static void openportex_may_fail(void **state)
{
    struct house house;
    uint32_t times = 1;

    (void)state;
    open_house(&house);
    house.lingua.inside = refuse_to_open;
    house.lingua.own = &times;
    create(&house, "Printer", "Lingua", true);
    struct platen_job_info info = print_on(&house, "Printer");
    assert_int_equal(info.state, PLATEN_JOB_FAILED);
    assert_int_equal(info.error, PLATEN_BUSY);
    assert_string_equal(info.slot, "OpenPortEx");
    assert_int_equal(print_on(&house, "Printer").state, PLATEN_JOB_PRINTED);
    close_house(&house);
}

/* ---- what a language monitor must have ------------------------------------------------------- */

static LPMONITOR2 WINAPI lacking(PMONITORINIT init, PHANDLE monitor)
{
    static MONITOR2 table;
    static struct lingua whole;

    (void)init;
    lingua_prepare(&whole);
    table = whole.table;
    table.pfnOpenPortEx = NULL;
    table.pfnReadPort = NULL;
    *monitor = NULL;
    return &table;
}

static void required_members(void **state)
{
    platen_spooler *spooler = new_spooler(NULL);
    struct platen_port *ports;
    platen_xcv *xcv;
    char *complaint;
    size_t count;
    struct lingua lingua;

    (void)state;
    assert_int_equal(platen_spooler_attach_language(spooler, "L", lacking, &complaint),
                     PLATEN_INVALID_PRINT_MONITOR);
    assert_string_equal(complaint, "the monitor 'L' lacks OpenPortEx, ReadPort (R87)");
    platen_free(complaint);
    lingua_prepare(&lingua);
    lingua_attach(spooler, &lingua);
    assert_int_equal(platen_spooler_ports(spooler, NULL, &ports, &count), 0);
    assert_int_equal(count, 0);
    platen_free(ports);
    assert_int_equal(platen_spooler_ports(spooler, "Lingua", &ports, &count),
                     PLATEN_UNKNOWN_PRINT_MONITOR);
    assert_int_equal(platen_xcv_open(spooler, ",XcvMonitor Lingua", 1, &xcv),
                     PLATEN_UNKNOWN_PRINT_MONITOR);
    assert_int_equal(platen_spooler_load_language(spooler, "M", "/nowhere/at/all.so", NULL),
                     PLATEN_FILE_NOT_FOUND);
    platen_spooler_destroy(spooler);
    lingua_check(&lingua);
}

/* ---- R105 ------------------------------------------------------------------------------------ */

struct errand {
    struct house *house;
    uint32_t id;
    DWORD command;
};

static void complete(void *argument)
{
    const struct errand *errand = argument;

    set_job(u"Printer", errand->id, errand->command);
}

/* From a thread that is nobody's. */
static void send(struct house *house, uint32_t id, DWORD command)
{
    struct errand errand = {house, id, command};
    platen_os_thread *thread;

    assert_int_equal(platen_os_thread_start(&thread, "errand", 0, complete, &errand), 0);
    platen_os_thread_join(thread);
}

static uint32_t submit_until_it_waits(struct house *house)
{
    uint32_t id = submit_bytes(house->spooler, "Printer", hello, 5);
    struct platen_job_info info;

    do {
        platen_os_thread_yield();
        assert_int_equal(platen_job_query(house->spooler, id, &info), 0);
    } while (!(info.status & JOB_STATUS_PRINTED));
    assert_int_equal(info.state, PLATEN_JOB_PRINTING);
    return id;
}

static void R105_only_7_completes_with_a_language_monitor(void **state)
{
    struct platen_job_info info;
    struct house house;

    (void)state;
    open_house(&house);
    house.lingua.ejects = false;
    house.stub.complete = true; /* the port monitor's 6 */
    create(&house, "Printer", "Lingua", true);
    uint32_t first = submit_until_it_waits(&house);
    uint32_t second = submit_until_it_waits(&house); /* the queue goes on */
    assert_int_equal(house.listener.count[PLATEN_EVENT_JOB_ENDED], 0);
    assert_int_equal(platen_printer_delete(house.spooler, "Printer"), PLATEN_BUSY);
    send(&house, second, JOB_CONTROL_LAST_PAGE_EJECTED);
    assert_int_equal(platen_job_wait(house.spooler, second, PLATEN_FOREVER, &info), 0);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_int_equal(info.status, JOB_STATUS_PRINTED | JOB_STATUS_COMPLETE);
    assert_int_equal(info.completions, 2);
    assert_int_equal(house.listener.count[PLATEN_EVENT_JOB_ENDED], 1);
    send(&house, first, JOB_CONTROL_SENT_TO_PRINTER);
    assert_int_equal(platen_job_query(house.spooler, first, &info), 0);
    assert_int_equal(info.state, PLATEN_JOB_PRINTING);
    send(&house, first, JOB_CONTROL_LAST_PAGE_EJECTED);
    assert_int_equal(platen_job_wait(house.spooler, 0, PLATEN_FOREVER, NULL), 0);
    close_house(&house);
}

static void R105_without_one_6_completes(void **state)
{
    struct platen_job_info info;
    struct house house;

    (void)state;
    open_house(&house);
    create(&house, "Printer", "Lingua", false); /* it is not in the path */
    info = print_on(&house, "Printer");
    assert_int_equal(info.status, JOB_STATUS_PRINTED);
    send(&house, info.id, JOB_CONTROL_LAST_PAGE_EJECTED);
    assert_int_equal(platen_job_query(house.spooler, info.id, &info), 0);
    assert_int_equal(info.status, JOB_STATUS_PRINTED);
    send(&house, info.id, JOB_CONTROL_SENT_TO_PRINTER);
    assert_int_equal(platen_job_query(house.spooler, info.id, &info), 0);
    assert_int_equal(info.status, JOB_STATUS_PRINTED | JOB_STATUS_COMPLETE);
    assert_int_equal(info.completions, 2);
    close_house(&house);
}

static void what_waits_can_be_ended_and_restarted(void **state)
{
    struct platen_job_info info;
    struct house house;

    (void)state;
    open_house(&house);
    house.lingua.ejects = false;
    create(&house, "Printer", "Lingua", true);
    uint32_t first = submit_until_it_waits(&house);
    assert_int_equal(platen_job_control(house.spooler, first, PLATEN_JOB_RESTART), 0);
    wait_for_count(&house.listener.count[PLATEN_EVENT_JOB_STARTED], 2);
    do
        assert_int_equal(platen_job_query(house.spooler, first, &info), 0);
    while (!(info.status & JOB_STATUS_PRINTED));
    assert_int_equal(platen_job_cancel(house.spooler, first), 0); /* too late */
    assert_int_equal(platen_job_wait(house.spooler, first, PLATEN_FOREVER, &info), 0);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_int_equal(info.starts, 2);
    assert_int_equal(house.stub.ports[0].total, 10);
    submit_until_it_waits(&house); /* the spooler does not wait for it at its end */
    platen_spooler_destroy(house.spooler);
    assert_int_equal(house.listener.count[PLATEN_EVENT_JOB_ENDED], 2);
    lingua_check(&house.lingua);
    stub_check(&house.stub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R118_openportex_takes_the_place_of_openport),
        cmocka_unit_test(R118_with_bidi_off_no_call_of_a_job_reaches_it),
        cmocka_unit_test(bidi_can_be_switched),
        cmocka_unit_test(R92_printers_of_one_port_with_and_without),
        cmocka_unit_test(openportex_may_fail),
        cmocka_unit_test(required_members),
        cmocka_unit_test(R105_only_7_completes_with_a_language_monitor),
        cmocka_unit_test(R105_without_one_6_completes),
        cmocka_unit_test(what_waits_can_be_ended_and_restarted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
