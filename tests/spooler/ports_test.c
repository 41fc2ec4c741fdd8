/* SPDX-License-Identifier: MIT
 *
 * EnumPorts: lists that grow, levels that are refused, answers that are wrong, and the list of all
 * monitors.
 */
#include "stub.h"

#include <stdlib.h>

static void ports_of_all_monitors(void **state)
{
    struct stub first, second;
    struct platen_port *ports;
    size_t count;

    (void)state;
    stub_prepare(&first);
    stub_prepare(&second);
    first.port_count = 3;
    second.port_count = 5;
    for (unsigned i = 0; i < 5; i++)
        second.ports[i].name[0] = u'Q';
    platen_spooler *spooler = new_house(NULL, &first);
    assert_int_equal(stub_attach(spooler, &second, "Second", NULL), 0);
    assert_int_equal(platen_spooler_ports(spooler, NULL, &ports, &count), 0);
    assert_int_equal(count, 8);
    assert_string_equal(ports[2].name, "P3:");
    assert_string_equal(ports[2].monitor, "Stub");
    assert_string_equal(ports[3].name, "Q1:");
    assert_string_equal(ports[7].monitor, "Second");
    assert_string_equal(ports[7].description, "A port");
    assert_int_equal(ports[7].type, PORT_TYPE_WRITE);
    platen_free(ports);
    assert_int_equal(platen_spooler_ports(spooler, "second", &ports, &count), 0);
    assert_int_equal(count, 5);
    platen_free(ports);
    assert_int_equal(platen_spooler_ports(spooler, "Nobody", &ports, &count),
                     PLATEN_UNKNOWN_PRINT_MONITOR);
    assert_null(ports);
    second.enum_empty = true;
    assert_int_equal(platen_spooler_ports(spooler, "Second", &ports, &count), 0);
    assert_int_equal(count, 0);
    platen_free(ports);
    platen_spooler_destroy(spooler);
    stub_check(&first);
    stub_check(&second);
}

static void level_1_is_enough(void **state)
{
    struct listener listener;
    struct stub stub;
    struct platen_port *ports;
    size_t count;

    (void)state;
    stub_prepare(&stub);
    stub.level1_only = true;
    platen_spooler *spooler = new_house(&listener, &stub);
    assert_int_equal(platen_spooler_ports(spooler, NULL, &ports, &count), 0);
    assert_int_equal(count, 1);
    assert_string_equal(ports[0].name, "P1:");
    assert_string_equal(ports[0].description, "");
    platen_free(ports);
    assert_int_equal(print_bytes(spooler, "x", 1).state, PLATEN_JOB_PRINTED);
    assert_int_equal(listener.count[PLATEN_EVENT_FINDING], 0);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

/* One more port at every call, until there are `own`. */
static uint32_t one_more(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    (void)port;
    if (at == AT_ENUM && stub->port_count < *(unsigned *)stub->own)
        stub->port_count++;
    return 0;
}

static LPMONITOR2 enumerates;

static BOOL WINAPI enum_into_a_buffer(HANDLE monitor, LPWSTR name, DWORD level, LPBYTE rows,
                                      DWORD size, LPDWORD needed, LPDWORD count)
{
    if (rows == NULL) {
        SPL->SetLastError(PLATEN_INVALID_PARAMETER);
        return FALSE;
    }
    return enumerates->pfnEnumPorts(monitor, name, level, rows, size, needed, count);
}

static void a_monitor_may_insist_on_a_buffer(void **state)
{
    struct listener listener;
    struct stub stub;
    struct platen_port *ports;
    size_t count;
    MONITOR2 own;

    (void)state;
    stub_prepare(&stub);
    own = stub.table;
    enumerates = &own;
    stub.table.pfnEnumPorts = enum_into_a_buffer;
    stub.port_count = STUB_PORTS; /* more than fits at first */
    platen_spooler *spooler = new_house(&listener, &stub);
    assert_int_equal(platen_spooler_ports(spooler, NULL, &ports, &count), 0);
    assert_int_equal(count, STUB_PORTS);
    platen_free(ports);
    assert_non_null(strstr(listener.text[PLATEN_EVENT_FINDING], "(R11)"));
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static void a_growing_list_is_caught_up_with(void **state)
{
    struct listener listener;
    struct stub stub;
    struct platen_port *ports;
    size_t count;
    unsigned most = 20;

    (void)state;
    stub_prepare(&stub);
    stub.own = &most;
    stub.inside = one_more;
    platen_spooler *spooler = new_spooler(&listener);
    assert_int_equal(stub_attach(spooler, &stub, "Stub", NULL), 0);
    assert_int_equal(platen_spooler_ports(spooler, NULL, &ports, &count), 0);
    assert_true(count > 1 && count <= 20);
    assert_int_equal(count, stub.port_count);
    platen_free(ports);
    assert_int_equal(listener.count[PLATEN_EVENT_FINDING], 0);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

/* A port that was plugged in since is found when somebody asks for it by name. */
static void a_new_port_is_found_by_name(void **state)
{
    struct stub stub;

    (void)state;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(NULL, &stub);
    assert_int_equal(platen_printer_add(spooler, "Late", "P2:"), PLATEN_UNKNOWN_PORT);
    stub.port_count = 2;
    assert_int_equal(platen_printer_add(spooler, "Late", "P2:"), 0);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

/* ---- answers that are wrong ------------------------------------------------------------------ */

enum wrong {
    NAME_NULL,
    NAME_EMPTY,
    NAME_OUTSIDE,
    NAME_BEFORE,
    NAME_AT_END,
    NAME_UNTERMINATED,
    DESCRIPTION_OUTSIDE,
    TOO_MANY,
    FAILS,
    FAILS_SILENTLY,
    ASKS_FOR_EVER,
    ASKS_FOR_TOO_MUCH,
    ASKS_FOR_LESS,
    WRONG_COUNT
};

static void put_wrong(enum wrong wrong, LPBYTE to, DWORD size, PORT_INFO_2W *info)
{
    static WCHAR outside[] = u"Outside";
    WCHAR *text = (WCHAR *)(void *)(to + sizeof *info);

    memset(text, 0, size - sizeof *info);
    text[0] = u'X';
    info->pPortName = info->pMonitorName = info->pDescription = text;
    switch (wrong) {
    case NAME_NULL:
        info->pPortName = NULL;
        break;
    case NAME_EMPTY:
        info->pPortName = text + 1;
        break;
    case NAME_OUTSIDE:
        info->pPortName = outside;
        break;
    case NAME_BEFORE:
        info->pPortName = (WCHAR *)(void *)(to - 2);
        break;
    case NAME_AT_END:
        info->pPortName = (WCHAR *)(void *)(to + size);
        break;
    case NAME_UNTERMINATED:
        memset(text, 0x41, size - sizeof *info);
        break;
    case DESCRIPTION_OUTSIDE:
        info->pDescription = outside;
        break;
    default:
        break;
    }
}

static BOOL answer_wrongly(struct stub *stub, DWORD level, LPBYTE to, DWORD size, LPDWORD needed,
                           LPDWORD returned)
{
    enum wrong wrong = *(enum wrong *)stub->own;
    PORT_INFO_2W info = {.fPortType = 1};
    const DWORD room = sizeof info + 16;

    (void)level;
    *needed = wrong == ASKS_FOR_TOO_MUCH ? 0xFFFFFFF0u : wrong == ASKS_FOR_LESS ? size / 2 : room;
    if (wrong == FAILS || wrong == FAILS_SILENTLY) {
        if (wrong == FAILS)
            SPL->SetLastError(1717);
        return FALSE;
    }
    if (size < room || wrong == ASKS_FOR_EVER || (wrong == ASKS_FOR_LESS && size < 200)) {
        SPL->SetLastError(122);
        return FALSE;
    }
    put_wrong(wrong, to, size, &info);
    memcpy(to, &info, sizeof info);
    *returned = wrong == TOO_MANY ? 0x10000000u : 1;
    return TRUE;
}

static void check_wrong(enum wrong wrong)
{
    struct listener listener;
    struct stub stub, good;
    struct platen_port *ports;
    size_t count;

    stub_prepare(&stub);
    stub_prepare(&good);
    stub.own = &wrong;
    stub.enumerate = answer_wrongly;
    platen_spooler *spooler = new_spooler(&listener);
    assert_int_equal(stub_attach(spooler, &stub, "Wrong", NULL), 0);
    assert_int_equal(stub_attach(spooler, &good, "Good", NULL), 0);
    uint32_t error = platen_spooler_ports(spooler, "Wrong", &ports, &count);
    uint32_t expected = wrong == FAILS            ? 1717
                        : wrong == FAILS_SILENTLY ? PLATEN_GEN_FAILURE
                        : wrong == ASKS_FOR_LESS  ? 0
                                                  : PLATEN_INVALID_DATA;
    assert_int_equal(error, expected);
    platen_free(ports);
    assert_int_equal(listener.count[PLATEN_EVENT_FINDING] == 0, wrong == FAILS);
    assert_int_equal(platen_spooler_ports(spooler, NULL, &ports, &count), 0);
    assert_int_equal(count, error ? 1 : 2);
    platen_free(ports);
    assert_int_equal(platen_printer_add(spooler, "Printer", "P1:"), 0);
    assert_int_equal(print_bytes(spooler, "x", 1).state, PLATEN_JOB_PRINTED);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
    stub_check(&good);
}

static void wrong_answers_are_not_followed(void **state)
{
    (void)state;
    for (enum wrong wrong = NAME_NULL; wrong < WRONG_COUNT; wrong++)
        check_wrong(wrong);
}

/* ---- EnumPorts as monitors call it ----------------------------------------------------------- */

/* The list is asked for on a thread that is no lane of ours: as a monitor's own thread would. */
static void check_pack(DWORD level, unsigned ports)
{
    DWORD needed, returned, size;
    size_t width = level == 1 ? sizeof(PORT_INFO_1W) : sizeof(PORT_INFO_2W);

    assert_false(SPL->EnumPortsW(NULL, level, NULL, 0, &needed, &returned));
    assert_int_equal(SPL->GetLastError(), 122);
    assert_int_equal(returned, 0);
    size = needed;
    for (DWORD extra = 0; extra < 40; extra += 13) {
        uint8_t *buffer = malloc(size + extra);
        assert_non_null(buffer);
        assert_true(SPL->EnumPortsW(NULL, level, buffer, size + extra, &needed, &returned));
        assert_int_equal(needed, size);
        assert_int_equal(returned, ports);
        for (DWORD i = 0; i < returned; i++) {
            LPWSTR name;
            memcpy(&name, buffer + i * width, sizeof name);
            assert_true((uint8_t *)name >= buffer + returned * width);
            assert_true((uint8_t *)name < buffer + size + extra);
            assert_int_equal(name[0], u'P');
        }
        free(buffer);
    }
    uint8_t *buffer = malloc(size);
    assert_non_null(buffer);
    assert_false(SPL->EnumPortsW(NULL, level, buffer, size - 1, &needed, &returned));
    assert_int_equal(needed, size);
    free(buffer);
}

static void monitors_see_all_ports(void **state)
{
    struct stub stub;
    DWORD needed = 7, returned = 7;

    (void)state;
    stub_prepare(&stub);
    stub.port_count = 40;
    platen_spooler *spooler = new_house(NULL, &stub);
    check_pack(1, 40);
    check_pack(2, 40);
    assert_false(SPL->EnumPortsW(NULL, 3, NULL, 0, &needed, &returned));
    assert_int_equal(SPL->GetLastError(), 124);
    assert_int_equal(needed, 0);
    assert_false(SPL->EnumPortsW(NULL, 1, NULL, 8, &needed, &returned));
    assert_int_equal(SPL->GetLastError(), 87);
    assert_false(SPL->EnumPortsW(NULL, 1, NULL, 0, NULL, &returned));
    unsigned before = stub.calls[AT_ENUM];
    for (int i = 0; i < 100; i++)
        assert_false(SPL->EnumPortsW(NULL, 2, NULL, 0, &needed, &returned));
    assert_int_equal(stub.calls[AT_ENUM], before); /* a size costs no call */
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ports_of_all_monitors),
        cmocka_unit_test(level_1_is_enough),
        cmocka_unit_test(a_monitor_may_insist_on_a_buffer),
        cmocka_unit_test(a_growing_list_is_caught_up_with),
        cmocka_unit_test(a_new_port_is_found_by_name),
        cmocka_unit_test(wrong_answers_are_not_followed),
        cmocka_unit_test(monitors_see_all_ports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
