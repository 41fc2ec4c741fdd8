/* SPDX-License-Identifier: MIT
 *
 * Monitors that the spooler takes, and those that it refuses: table sizes, missing functions,
 * failing init; and the order of the end.
 */
#include "stub.h"

#include <stdlib.h>

#include "os/memory.h"

/* ---- tables that end at a guard page (R86) --------------------------------------------------- */

/* A copy of the stub's table whose last byte is the last that may be read. */
static struct {
    uint8_t *pages;
    size_t size;
    struct stub *stub;
    DWORD table_size;
} guarded;

static LPMONITOR2 WINAPI guarded_entry(PMONITORINIT init, PHANDLE monitor)
{
    MONITOR2 *table = stub_entry(init, monitor);
    DWORD copied = guarded.table_size < sizeof *table ? guarded.table_size : (DWORD)sizeof *table;
    /* pointers in a table of odd size would not be aligned otherwise */
    uint8_t *at = guarded.pages + guarded.size / 2 - (copied + 7) / 8 * 8;

    memcpy(at, table, copied);
    return (LPMONITOR2)(void *)at;
}

static uint32_t attach_guarded(platen_spooler *spooler, struct stub *stub, DWORD size,
                               char **complaint)
{
    guarded.stub = stub;
    guarded.table_size = size;
    stub->table_size = size;
    guarded.size = 2 * platen_os_page_size();
    guarded.pages = platen_os_pages_alloc(guarded.size);
    assert_non_null(guarded.pages);
    assert_int_equal(platen_os_pages_protect(guarded.pages + guarded.size / 2, guarded.size / 2,
                                             PLATEN_OS_NO_ACCESS),
                     0);
    stub_next(stub);
    uint32_t error = platen_spooler_attach(spooler, "Stub", guarded_entry, complaint);
    platen_os_pages_free(guarded.pages, guarded.size);
    return error;
}

static void check_size(DWORD size, unsigned findings, bool has_shutdown)
{
    struct listener listener;
    struct stub stub;
    HANDLE instance;
    const MONITOR2 *table;

    stub_prepare(&stub);
    platen_spooler *spooler = new_spooler(&listener);
    assert_int_equal(attach_guarded(spooler, &stub, size, NULL), 0);
    assert_int_equal(listener.count[PLATEN_EVENT_FINDING], findings);
    assert_int_equal(platen_spooler_monitor(spooler, "Stub", &instance, &table), 0);
    assert_int_equal(table->pfnShutdown != NULL, has_shutdown);
    assert_true(table->pfnPowerEvent == NULL);
    assert_int_equal(platen_printer_add(spooler, "Printer", "P1:"), 0);
    assert_int_equal(print_bytes(spooler, "x", 1).state, PLATEN_JOB_PRINTED);
    platen_spooler_destroy(spooler);
    if (!has_shutdown)
        stub.table.pfnShutdown = NULL;
    stub_check(&stub);
}

static void every_generation_is_taken(void **state)
{
    (void)state;
    check_size((DWORD)PLATEN_MONITOR2_WIN2K, 0, true);
    check_size((DWORD)PLATEN_MONITOR2_WINXP, 0, true);
    check_size((DWORD)PLATEN_MONITOR2_WIN7, 0, true);
    check_size((DWORD)PLATEN_MONITOR2_WIN8, 0, true);
    check_size((DWORD)PLATEN_MONITOR2_WIN8 + 64, 0, true);
}

/* The size of the headers' macro ends inside pfnShutdown on 64 bits (D15). */
static void half_a_pointer_is_not_there(void **state)
{
    (void)state;
    if (sizeof(void *) == 8)
        check_size(148, 1, false);
    check_size((DWORD)PLATEN_MONITOR2_WIN7 - 3, 1, true);
}

static void a_short_table_is_refused(void **state)
{
    const DWORD sizes[] = {1, 4, 8, 60, (DWORD)offsetof(MONITOR2, pfnShutdown) - 1};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct stub stub;
        char *complaint;
        stub_prepare(&stub);
        platen_spooler *spooler = new_spooler(NULL);
        assert_int_equal(attach_guarded(spooler, &stub, sizes[i], &complaint),
                         PLATEN_INVALID_PRINT_MONITOR);
        assert_non_null(strstr(complaint, "R2"));
        platen_free(complaint);
        platen_spooler_destroy(spooler);
        stub.table.pfnShutdown = NULL;
        stub_check(&stub);
    }
}

/* ---- missing functions (R87) ----------------------------------------------------------------- */

static const struct {
    const char *name;
    size_t offset;
    bool required;
} members[] = {
#define MEMBER(name, required)                                                                     \
    {                                                                                              \
#        name, offsetof(MONITOR2, pfn##name), required                                             \
    }
#ifdef EnumPorts
#    undef EnumPorts
#endif
    MEMBER(EnumPorts, true),    MEMBER(OpenPort, true),    MEMBER(StartDocPort, true),
    MEMBER(WritePort, true),    MEMBER(ReadPort, true),    MEMBER(EndDocPort, true),
    MEMBER(ClosePort, true),    MEMBER(XcvOpenPort, true), MEMBER(XcvDataPort, true),
    MEMBER(XcvClosePort, true), MEMBER(OpenPortEx, false), MEMBER(Shutdown, false),
};

static void missing_functions_are_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        struct stub stub;
        char *complaint;
        stub_prepare(&stub);
        memset((char *)&stub.table + members[i].offset, 0, sizeof(void *));
        platen_spooler *spooler = new_spooler(NULL);
        uint32_t error = stub_attach(spooler, &stub, "Stub", &complaint);
        assert_int_equal(error, members[i].required ? PLATEN_INVALID_PRINT_MONITOR : 0);
        if (error) {
            assert_non_null(strstr(complaint, members[i].name));
            assert_int_equal(platen_printer_add(spooler, "Printer", "P1:"), PLATEN_UNKNOWN_PORT);
            stub.table.pfnShutdown = NULL; /* it was not called, nor was anything else */
        } else {
            assert_null(complaint);
        }
        platen_free(complaint);
        platen_spooler_destroy(spooler);
        assert_int_equal(stub.calls[AT_INIT], 1);
        assert_int_equal(stub.calls[AT_ENUM], 0);
        stub_check(&stub);
    }
}

/* Wine's own monitor has no ReadPort; many of the kind that only write have no Xcv either. */
static void the_profile_wine_does_without(void **state)
{
    struct listener listener;
    struct platen_spooler_options options = {
        .size = sizeof options, .profile = "wine", .on_event = note_event};
    struct stub stub;
    platen_spooler *spooler;
    platen_xcv *xcv;

    (void)state;
    listener_prepare(&listener);
    options.event_context = &listener;
    stub_prepare(&stub);
    stub.table.pfnReadPort = NULL;
    stub.table.pfnXcvOpenPort = NULL;
    stub.table.pfnXcvClosePort = NULL;
    assert_int_equal(platen_spooler_create(&options, &spooler), 0);
    assert_int_equal(stub_attach(spooler, &stub, "Stub", NULL), 0);
    assert_string_equal(listener.text[PLATEN_EVENT_FINDING],
                        "the monitor 'Stub' lacks ReadPort, XcvOpenPort, XcvClosePort (R87)");
    assert_int_equal(platen_printer_add(spooler, "Printer", "P1:"), 0);
    assert_int_equal(print_bytes(spooler, "x", 1).state, PLATEN_JOB_PRINTED);
    assert_int_equal(platen_xcv_open(spooler, ",XcvMonitor Stub", 1, &xcv), PLATEN_NOT_SUPPORTED);
    assert_int_equal(platen_xcv_open(spooler, ",XcvPort P1:", 1, &xcv), PLATEN_NOT_SUPPORTED);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static void what_may_help_is_told(void **state)
{
    struct stub stub;
    char *complaint;
    platen_spooler *spooler = new_spooler(NULL);

    (void)state;
    stub_prepare(&stub);
    stub.table.pfnXcvDataPort = NULL;
    stub_attach(spooler, &stub, "Stub", &complaint);
    assert_string_equal(
        complaint, "the monitor 'Stub' lacks XcvDataPort (R87); the profile wine does without");
    platen_free(complaint);
    memcpy((char *)&stub.table + offsetof(MONITOR2, pfnOpenPortEx), &stub.table.pfnOpenPort,
           sizeof(void *));
    stub.table.pfnEnumPorts = NULL;
    stub_attach(spooler, &stub, "Stub", &complaint);
    assert_non_null(strstr(complaint, "is a language monitor"));
    platen_free(complaint);
    stub.table.pfnShutdown = NULL;
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

/* ---- init ------------------------------------------------------------------------------------ */

static uint32_t refuse_init(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    (void)port;
    return at == AT_INIT ? *(uint32_t *)stub->own : 0;
}

static void init_may_refuse(void **state)
{
    uint32_t codes[] = {5, 1803, UINT32_MAX};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct listener listener;
        struct stub stub;
        char *complaint;
        stub_prepare(&stub);
        stub.own = &codes[i];
        stub.inside = refuse_init;
        platen_spooler *spooler = new_spooler(&listener);
        uint32_t error = stub_attach(spooler, &stub, "Stub", &complaint);
        assert_int_equal(error, codes[i] == UINT32_MAX ? PLATEN_GEN_FAILURE : codes[i]);
        assert_non_null(strstr(complaint, "InitializePrintMonitor2"));
        platen_free(complaint);
        assert_int_equal(listener.count[PLATEN_EVENT_FINDING], codes[i] == UINT32_MAX);
        stub.inside = NULL; /* the name is free again */
        assert_int_equal(stub_attach(spooler, &stub, "Stub", NULL), 0);
        platen_spooler_destroy(spooler);
        stub_check(&stub);
    }
}

static void names_of_monitors_are_unique(void **state)
{
    struct stub stub, other;
    char *complaint;
    HANDLE instance;
    const MONITOR2 *table;

    (void)state;
    stub_prepare(&stub);
    stub_prepare(&other);
    platen_spooler *spooler = new_house(NULL, &stub);
    assert_int_equal(stub_attach(spooler, &other, "STUB", &complaint), PLATEN_ALREADY_EXISTS);
    assert_non_null(complaint);
    platen_free(complaint);
    assert_int_equal(other.calls[AT_INIT], 0);
    assert_int_equal(platen_spooler_monitor(spooler, "Nobody", &instance, &table),
                     PLATEN_UNKNOWN_PRINT_MONITOR);
    assert_null(table);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
    other.table.pfnShutdown = NULL;
    stub_check(&other);
}

/* The store works in init and at any later time, through the pointer alone (R84, R85). */
static uint32_t use_store(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    const MONITORREG *reg = stub->init->pMonitorReg;
    DWORD number = at, back = 0, size = sizeof back, type = 0;
    HANDLE key;

    (void)port;
    if (reg->fpCreateKey(stub->init->hckRegistryRoot, u"Numbers", 0, KEY_ALL_ACCESS, NULL, &key,
                         NULL, stub->init->hSpooler) != 0)
        return 1;
    if (reg->fpSetValue(key, u"At", REG_DWORD, (const BYTE *)&number, sizeof number,
                        stub->init->hSpooler) != 0 ||
        reg->fpQueryValue(key, u"At", &type, (PBYTE)&back, &size, stub->init->hSpooler) != 0 ||
        back != number || type != REG_DWORD)
        stub_violation(stub, "R85: the store does not keep a number");
    if (reg->fpCloseKey(key, stub->init->hSpooler) != 0)
        stub_violation(stub, "R85: fpCloseKey");
    if (!stub->init->bLocal || stub->init->pszServerName != NULL)
        stub_violation(stub, "R84: bLocal or pszServerName");
    return 0;
}

static void the_store_is_there_until_the_end(void **state)
{
    struct listener listener;
    struct stub stub;
    platen_registry *registry;
    struct platen_spooler_options options = {.size = sizeof options};
    platen_spooler *spooler;
    uint32_t number = 0, size = sizeof number;

    (void)state;
    stub_prepare(&stub);
    listener_prepare(&listener);
    stub.inside = use_store;
    assert_int_equal(platen_registry_create(&registry), 0);
    options.registry = registry;
    options.on_event = note_event;
    options.event_context = &listener;
    assert_int_equal(platen_spooler_create(&options, &spooler), 0);
    assert_int_equal(stub_attach(spooler, &stub, "Stub", NULL), 0);
    assert_int_equal(platen_printer_add(spooler, "Printer", "P1:"), 0);
    assert_int_equal(print_bytes(spooler, "x", 1).state, PLATEN_JOB_PRINTED);
    platen_spooler_destroy(spooler);
    assert_int_equal(platen_registry_get(registry,
                                         "HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Control\\"
                                         "Print\\Monitors\\Stub\\Numbers",
                                         "At", NULL, &number, &size),
                     0);
    assert_int_equal(number, AT_SHUTDOWN);
    assert_int_equal(listener.count[PLATEN_EVENT_FINDING], 0);
    platen_registry_destroy(registry);
    stub_check(&stub);
}

static uint32_t leak_key(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    HANDLE key;

    (void)port;
    if (at == AT_INIT)
        stub->init->pMonitorReg->fpCreateKey(stub->init->hckRegistryRoot, u"Leak", 0,
                                             KEY_ALL_ACCESS, NULL, &key, NULL,
                                             stub->init->hSpooler);
    if (at == AT_SHUTDOWN)
        stub->init->pMonitorReg->fpCloseKey(stub->init->hckRegistryRoot, stub->init->hSpooler);
    return 0;
}

static void leaked_keys_are_findings(void **state)
{
    struct listener listener;
    struct stub stub;

    (void)state;
    stub_prepare(&stub);
    stub.inside = leak_key;
    platen_spooler *spooler = new_house(&listener, &stub);
    platen_spooler_destroy(spooler);
    assert_int_equal(listener.count[PLATEN_EVENT_FINDING], 2);
    stub_check(&stub);
}

/* The last that came goes first. */
static uint32_t note_order(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    static unsigned order;
    (void)port;
    if (at == AT_SHUTDOWN)
        *(unsigned *)stub->own = ++order;
    return 0;
}

static void the_last_is_shut_down_first(void **state)
{
    struct stub first, second;
    unsigned orders[2] = {0, 0};

    (void)state;
    stub_prepare(&first);
    stub_prepare(&second);
    first.inside = second.inside = note_order;
    first.own = &orders[0];
    second.own = &orders[1];
    second.enum_empty = true; /* no reason to refuse it (R87) */
    platen_spooler *spooler = new_house(NULL, &first);
    assert_int_equal(stub_attach(spooler, &second, "Second", NULL), 0);
    assert_int_equal(print_bytes(spooler, "x", 1).state, PLATEN_JOB_PRINTED);
    platen_spooler_destroy(spooler);
    assert_int_equal(orders[0], 2);
    assert_int_equal(orders[1], 1);
    stub_check(&first);
    stub_check(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_generation_is_taken),
        cmocka_unit_test(half_a_pointer_is_not_there),
        cmocka_unit_test(a_short_table_is_refused),
        cmocka_unit_test(missing_functions_are_named),
        cmocka_unit_test(the_profile_wine_does_without),
        cmocka_unit_test(what_may_help_is_told),
        cmocka_unit_test(init_may_refuse),
        cmocka_unit_test(names_of_monitors_are_unique),
        cmocka_unit_test(the_store_is_there_until_the_end),
        cmocka_unit_test(leaked_keys_are_findings),
        cmocka_unit_test(the_last_is_shut_down_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
