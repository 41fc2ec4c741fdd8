/* SPDX-License-Identifier: MIT
 *
 * When ports are opened (D6), monitors that come and go alone, and several spoolers in one process,
 * as on a cluster.
 */
#include "lingua.h"

#include <stdio.h>

static const char hello[] = "hello";

static platen_spooler *new_mode(enum platen_open_mode mode, struct listener *listener)
{
    struct platen_spooler_options options = {
        .size = sizeof options, .open_mode = mode, .on_event = note_event};
    platen_spooler *spooler;

    listener_prepare(listener);
    options.event_context = listener;
    assert_int_equal(platen_spooler_create(&options, &spooler), 0);
    return spooler;
}

/* The counters of the stub belong to lanes: they are looked at under its lock. */
static unsigned opens(struct stub *stub, int port)
{
    platen_os_mutex_lock(&stub->lock);
    unsigned count = stub->ports[port].opens;
    platen_os_mutex_unlock(&stub->lock);
    return count;
}

static uint32_t fail_open(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    unsigned *times = stub->own;

    (void)port;
    return at == AT_OPEN && *times > 0 ? (--*times, PLATEN_NOT_READY) : 0;
}

/* ---- D6 -------------------------------------------------------------------------------------- */

static void D6_with_the_first_job(void **state)
{
    struct listener listener;
    struct stub stub;

    (void)state;
    stub_prepare(&stub);
    platen_spooler *spooler = new_mode(PLATEN_OPEN_FIRST_JOB, &listener);
    assert_int_equal(stub_attach(spooler, &stub, "Stub", NULL), 0);
    assert_int_equal(platen_printer_add(spooler, "Printer", "P1:"), 0);
    assert_int_equal(platen_printer_delete(spooler, "Printer"), 0);
    assert_int_equal(stub.calls[AT_OPEN], 0);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static void D6_when_a_printer_is_connected(void **state)
{
    struct listener listener;
    struct stub stub;

    (void)state;
    stub_prepare(&stub);
    stub.port_count = 2;
    platen_spooler *spooler = new_mode(PLATEN_OPEN_CONNECTED, &listener);
    assert_int_equal(stub_attach(spooler, &stub, "Stub", NULL), 0);
    assert_int_equal(platen_printer_add(spooler, "Printer", "P1:"), 0);
    while (opens(&stub, 0) == 0)
        platen_os_thread_yield();
    print_bytes(spooler, hello, 5);
    assert_int_equal(opens(&stub, 0), 1);
    assert_int_equal(opens(&stub, 1), 0);
    assert_int_equal(platen_printer_delete(spooler, "Printer"), 0);
    assert_int_equal(stub.ports[0].closes, 1);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static void D6_the_first_job_tries_again(void **state)
{
    struct listener listener;
    struct stub stub;
    unsigned times = 1;

    (void)state;
    stub_prepare(&stub);
    stub.own = &times;
    stub.inside = fail_open;
    platen_spooler *spooler = new_mode(PLATEN_OPEN_CONNECTED, &listener);
    assert_int_equal(stub_attach(spooler, &stub, "Stub", NULL), 0);
    assert_int_equal(platen_printer_add(spooler, "Printer", "P1:"), 0);
    wait_for_count(&listener.count[PLATEN_EVENT_LOG], 1);
    assert_string_equal(listener.text[PLATEN_EVENT_LOG],
                        "OpenPort of 'Stub' failed with 21 (the device is not ready)");
    assert_int_equal(print_bytes(spooler, hello, 5).state, PLATEN_JOB_PRINTED);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static void D6_every_port_at_the_start(void **state)
{
    struct listener listener;
    struct stub stub;

    (void)state;
    stub_prepare(&stub);
    stub.port_count = 3;
    platen_spooler *spooler = new_mode(PLATEN_OPEN_AT_START, &listener);
    assert_int_equal(stub_attach(spooler, &stub, "Stub", NULL), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(opens(&stub, i), 1);
    assert_int_equal(platen_printer_add(spooler, "Printer", "P1:"), 0);
    print_bytes(spooler, hello, 5);
    assert_int_equal(platen_printer_delete(spooler, "Printer"), 0);
    assert_int_equal(platen_printer_add(spooler, "Printer", "P1:"), 0);
    print_bytes(spooler, hello, 5);
    assert_int_equal(opens(&stub, 0), 1);
    assert_int_equal(stub.ports[0].closes, 0);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static void D6_a_language_monitor_takes_it_over(void **state)
{
    static const char *const ports[] = {"P1:"};
    struct platen_printer_options printer = {.size = sizeof printer,
                                             .ports = ports,
                                             .port_count = 1,
                                             .language = "Lingua",
                                             .bidi = true};
    struct listener listener;
    struct lingua lingua;
    struct stub stub;

    (void)state;
    stub_prepare(&stub);
    lingua_prepare(&lingua);
    platen_spooler *spooler = new_mode(PLATEN_OPEN_AT_START, &listener);
    assert_int_equal(stub_attach(spooler, &stub, "Stub", NULL), 0);
    lingua_attach(spooler, &lingua);
    assert_int_equal(platen_printer_create(spooler, "Printer", &printer), 0);
    assert_int_equal(print_bytes(spooler, hello, 5).state, PLATEN_JOB_PRINTED);
    assert_int_equal(lingua.calls[AT_START], 1);
    assert_int_equal(opens(&stub, 0), 2);
    assert_int_equal(platen_printer_delete(spooler, "Printer"), 0);
    assert_int_equal(lingua.calls[AT_CLOSE], 1);
    assert_int_equal(opens(&stub, 0), 3); /* on its own again */
    platen_spooler_destroy(spooler);
    lingua_check(&lingua);
    stub_check(&stub);
}

static DWORD delete_if_it_may(struct stub *stub, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                              DWORD out_size, PDWORD needed)
{
    (void)name;
    (void)in;
    (void)in_size;
    (void)out;
    (void)out_size;
    (void)needed;
    return stub->ports[0].open ? PLATEN_BUSY : *(uint32_t *)stub->own;
}

static uint32_t delete_port(platen_spooler *spooler, uint32_t *status)
{
    static const char16_t name[] = u"P1:";
    platen_xcv *xcv;

    assert_int_equal(platen_xcv_open(spooler, ",XcvMonitor Stub", 1, &xcv), 0);
    uint32_t error = platen_xcv_data(xcv, "DeletePort", name, sizeof name, NULL, 0, NULL, status);
    platen_xcv_close(xcv);
    return error;
}

/* It is never deleted while it is open (contract 2.18). */
static void D6_deleteport_closes_it_first(void **state)
{
    struct listener listener;
    struct stub stub;
    uint32_t answer = PLATEN_ACCESS_DENIED;
    uint32_t status;

    (void)state;
    stub_prepare(&stub);
    stub.own = &answer;
    stub.xcv = delete_if_it_may;
    platen_spooler *spooler = new_mode(PLATEN_OPEN_AT_START, &listener);
    assert_int_equal(stub_attach(spooler, &stub, "Stub", NULL), 0);
    assert_int_equal(delete_port(spooler, &status), 0);
    assert_int_equal(status, PLATEN_ACCESS_DENIED);
    assert_int_equal(opens(&stub, 0), 2);
    answer = 0;
    assert_int_equal(delete_port(spooler, &status), 0);
    assert_int_equal(status, 0);
    assert_int_equal(opens(&stub, 0), 2);
    assert_int_equal(stub.ports[0].closes, 2);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

/* ---- unloading one --------------------------------------------------------------------------- */

static void unload_when_nobody_needs_it(void **state)
{
    static const char *const ports[] = {"P1:"};
    struct platen_printer_options printer = {.size = sizeof printer,
                                             .ports = ports,
                                             .port_count = 1,
                                             .language = "Lingua",
                                             .bidi = true};
    struct listener listener;
    struct lingua lingua;
    struct stub stub;
    HANDLE instance;
    const MONITOR2 *table;
    platen_xcv *xcv;

    (void)state;
    platen_spooler *spooler = new_spooler(&listener);
    for (int turn = 0; turn < 3; turn++) {
        stub_prepare(&stub);
        lingua_prepare(&lingua);
        assert_int_equal(stub_attach(spooler, &stub, "Stub", NULL), 0);
        lingua_attach(spooler, &lingua);
        assert_int_equal(platen_printer_create(spooler, "Printer", &printer), 0);
        assert_int_equal(platen_printer_add(spooler, "Plain", "P1:"), 0);
        assert_int_equal(print_bytes(spooler, hello, 5).state, PLATEN_JOB_PRINTED);
        assert_int_equal(platen_spooler_unload(spooler, "stub"), PLATEN_BUSY);
        assert_int_equal(platen_spooler_unload(spooler, "Lingua"), PLATEN_BUSY);
        assert_int_equal(platen_printer_delete(spooler, "Printer"), 0);
        /* the port is still open on its way, as "Plain" has not printed yet */
        assert_int_equal(platen_spooler_unload(spooler, "Lingua"), 0);
        lingua_check(&lingua);
        assert_int_equal(platen_spooler_unload(spooler, "Stub"), PLATEN_BUSY);
        assert_int_equal(platen_printer_delete(spooler, "Plain"), 0);
        assert_int_equal(platen_xcv_open(spooler, ",XcvMonitor Stub", 1, &xcv), 0);
        assert_int_equal(platen_spooler_unload(spooler, "Stub"), PLATEN_BUSY);
        platen_xcv_close(xcv);
        assert_int_equal(platen_spooler_unload(spooler, "Stub"), 0);
        stub_check(&stub);
        assert_int_equal(platen_spooler_unload(spooler, "Stub"), PLATEN_UNKNOWN_PRINT_MONITOR);
        assert_int_equal(platen_spooler_monitor(spooler, "Stub", &instance, &table),
                         PLATEN_UNKNOWN_PRINT_MONITOR);
        assert_int_equal(platen_printer_add(spooler, "Plain", "P1:"), PLATEN_UNKNOWN_PORT);
    }
    platen_spooler_destroy(spooler);
    assert_int_equal(listener.count[PLATEN_EVENT_FINDING], 0);
}

static void unload_closes_what_is_open(void **state)
{
    struct listener listener;
    struct stub stub;

    (void)state;
    stub_prepare(&stub);
    stub.port_count = 4;
    platen_spooler *spooler = new_mode(PLATEN_OPEN_AT_START, &listener);
    assert_int_equal(stub_attach(spooler, &stub, "Stub", NULL), 0);
    assert_int_equal(platen_spooler_unload(spooler, "Stub"), 0);
    stub_check(&stub);
    platen_spooler_destroy(spooler);
}

/* ---- a cluster: R84, R90, R119 for each instance ----------------------------------------------
 */

static const char value_key[] = "HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Control\\Print\\"
                                "Monitors\\Stub";

/* The store of each instance is its spooler's, as long as the instance lives. */
static uint32_t write_own_name(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    const MONITORINIT *init = stub->init;
    const char16_t *name = stub->own;

    (void)port;
    if (at != AT_SHUTDOWN && at != AT_WRITE)
        return 0;
    if (init->pMonitorReg->fpSetValue(init->hckRegistryRoot, at == AT_WRITE ? u"Node" : u"Last",
                                      REG_SZ, (const BYTE *)name, 4, init->hSpooler) != 0)
        stub_violation(stub, "R84: the store does not work");
    if (init->bLocal != (name[0] == u'N'))
        stub_violation(stub, "R84: bLocal");
    return 0;
}

static void check_store(platen_registry *registry, const char *value, char16_t expected)
{
    char16_t found[2];
    uint32_t size = sizeof found;
    uint32_t type;

    assert_int_equal(platen_registry_get(registry, value_key, value, &type, found, &size), 0);
    assert_int_equal(found[0], expected);
}

static platen_spooler *new_node(platen_registry **registry, bool cluster, struct stub *stub,
                                char16_t *name)
{
    struct platen_spooler_options options = {.size = sizeof options, .cluster = cluster};
    platen_spooler *spooler;

    assert_int_equal(platen_registry_create(registry), 0);
    options.registry = *registry;
    options.server_name = cluster ? "\\\\VIRTUAL" : NULL;
    stub_prepare(stub);
    stub->own = name;
    stub->inside = write_own_name;
    assert_int_equal(platen_spooler_create(&options, &spooler), 0);
    assert_int_equal(stub_attach(spooler, stub, "Stub", NULL), 0);
    assert_int_equal(platen_printer_add(spooler, "Printer", "P1:"), 0);
    return spooler;
}

static void two_spoolers_in_one_process(void **state)
{
    static char16_t node_name[] = u"N", cluster_name[] = u"C";
    platen_registry *registries[2];
    struct stub stubs[2];

    (void)state;
    platen_spooler *node = new_node(&registries[0], false, &stubs[0], node_name);
    platen_spooler *cluster = new_node(&registries[1], true, &stubs[1], cluster_name);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(print_bytes(node, hello, 5).state, PLATEN_JOB_PRINTED);
        assert_int_equal(print_bytes(cluster, hello, 4).state, PLATEN_JOB_PRINTED);
    }
    assert_int_equal(stubs[0].ports[0].total, 100);
    assert_int_equal(stubs[1].ports[0].total, 80);
    platen_spooler_destroy(cluster); /* failover: it comes up elsewhere */
    stub_check(&stubs[1]);
    assert_int_equal(print_bytes(node, hello, 5).state, PLATEN_JOB_PRINTED);
    platen_spooler_destroy(node);
    stub_check(&stubs[0]);
    check_store(registries[0], "Node", u'N');
    check_store(registries[0], "Last", u'N');
    check_store(registries[1], "Node", u'C');
    check_store(registries[1], "Last", u'C');
    platen_registry_destroy(registries[0]);
    platen_registry_destroy(registries[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(D6_with_the_first_job),
        cmocka_unit_test(D6_when_a_printer_is_connected),
        cmocka_unit_test(D6_the_first_job_tries_again),
        cmocka_unit_test(D6_every_port_at_the_start),
        cmocka_unit_test(D6_a_language_monitor_takes_it_over),
        cmocka_unit_test(D6_deleteport_closes_it_first),
        cmocka_unit_test(unload_when_nobody_needs_it),
        cmocka_unit_test(unload_closes_what_is_open),
        cmocka_unit_test(two_spoolers_in_one_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
