/* SPDX-License-Identifier: MIT
 *
 * What applications see of printers: their status as SetPort makes it, printer data, device
 * control, bidi (R108, R116, R117); and what monitors are told of their own accord (R120).
 */
#include "lingua.h"

#include <stdio.h>

static const char *const both[] = {"P1:", "P2:"};

static struct house {
    platen_spooler *spooler;
    struct listener listener;
    struct stub stub;
    struct lingua lingua;
    struct gate gate;
    uint64_t thread;
    char told[512]; /* what the notices said, in their order */
    char value[64];
    unsigned asked;
    uint32_t refusal; /* of GetPrinterDataFromPort */
    uint32_t access;
} house;

static void note(const char *what, DWORD count, const PCWSTR *names)
{
    size_t used = strlen(house.told);
    snprintf(house.told + used, sizeof house.told - used, "%s", what);
    for (DWORD i = 0; i < count; i++) {
        char name[64];
        platen_text_to8((const char16_t *)names[i], SIZE_MAX, name, sizeof name);
        used = strlen(house.told);
        snprintf(house.told + used, sizeof house.told - used, " %s", name);
    }
    used = strlen(house.told);
    snprintf(house.told + used, sizeof house.told - used, ";");
}

static DWORD WINAPI used_ports(HANDLE monitor, DWORD count, PCWSTR *names)
{
    assert_ptr_equal(monitor, house.stub.instance);
    note("used", count, names);
    return PLATEN_ACCESS_DENIED; /* R120: nothing follows from it */
}

static DWORD WINAPI unused_ports(HANDLE monitor, DWORD count, PCWSTR *names)
{
    assert_ptr_equal(monitor, house.stub.instance);
    note("unused", count, names);
    return 0;
}

static DWORD WINAPI power_event(HANDLE monitor, DWORD event, POWERBROADCAST_SETTING *settings)
{
    char text[32];
    (void)monitor;
    assert_null(settings);
    snprintf(text, sizeof text, "power %u", (unsigned)event);
    note(text, 0, NULL);
    return 0;
}

/* "Memory" is 4 bytes, "Long" 100; nothing else is known. */
static BOOL WINAPI printer_data(HANDLE handle, DWORD control, LPWSTR value, LPWSTR in,
                                DWORD in_size, LPWSTR out, DWORD room, LPDWORD returned)
{
    static const uint32_t memory = 4096;
    (void)handle;
    assert_non_null(returned); /* R116 */
    house.asked++;
    house.thread = platen_os_thread_id();
    if (control != 0) {
        assert_null(value);
        *returned = in_size < room ? in_size : room;
        if (*returned > 0)
            memcpy(out, in, *returned);
        return TRUE;
    }
    assert_non_null(value);
    platen_text_to8((const char16_t *)value, SIZE_MAX, house.value, sizeof house.value);
    uint32_t size = strcmp(house.value, "Memory") == 0 ? 4
                    : strcmp(house.value, "Long") == 0 ? 100
                                                       : 0;
    *returned = size;
    if (house.refusal != 0 || size == 0 || room < size) {
        SPL->SetLastError(size == 0            ? PLATEN_INVALID_PARAMETER
                          : house.refusal != 0 ? house.refusal
                                               : PLATEN_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    memset(out, 'x', size);
    memcpy(out, &memory, sizeof memory);
    return TRUE;
}

static DWORD WINAPI send_recv(HANDLE handle, DWORD access, LPCWSTR action,
                              PBIDI_REQUEST_CONTAINER request, PBIDI_RESPONSE_CONTAINER *response)
{
    (void)handle;
    assert_null(*response); /* R117 */
    assert_true(platen_text_equal_folded((const char16_t *)action, u"Get"));
    house.access = access;
    PBIDI_RESPONSE_CONTAINER made = SPL->RouterAllocBidiResponseContainer(request->Count);
    assert_non_null(made);
    made->Version = 1;
    made->Count = request->Count;
    made->aData[0].dwReqNumber = request->aData[0].dwReqNumber;
    made->aData[0].dwResult = 13005;
    *response = made;
    return 13001;
}

static void open_house(const char *profile)
{
    struct platen_spooler_options options = {
        .size = sizeof options, .profile = profile, .on_event = note_event};
    memset(&house, 0, sizeof house);
    stub_prepare(&house.stub);
    lingua_prepare(&house.lingua);
    gate_prepare(&house.gate);
    listener_prepare(&house.listener);
    options.event_context = &house.listener;
    assert_int_equal(platen_spooler_create(&options, &house.spooler), 0);
    house.stub.port_count = 2;
    house.stub.table.pfnNotifyUsedPorts = used_ports;
    house.stub.table.pfnNotifyUnusedPorts = unused_ports;
    house.stub.table.pfnPowerEvent = power_event;
    house.stub.table.pfnGetPrinterDataFromPort = printer_data;
    house.lingua.table.pfnGetPrinterDataFromPort = printer_data;
    house.lingua.table.pfnSendRecvBidiDataFromPort = send_recv;
}

static void move_in(void)
{
    lingua_attach(house.spooler, &house.lingua);
    assert_int_equal(stub_attach(house.spooler, &house.stub, "Stub", NULL), 0);
}

static void close_house(void)
{
    platen_spooler_destroy(house.spooler);
    lingua_check(&house.lingua);
    stub_check(&house.stub);
}

static void create(const char *name, const char *language, bool bidi, uint32_t ports)
{
    struct platen_printer_options options = {.size = sizeof options,
                                             .ports = both,
                                             .port_count = ports,
                                             .language = language,
                                             .bidi = bidi};
    assert_int_equal(platen_printer_create(house.spooler, name, &options), 0);
}

static uint32_t status_of(const char *printer)
{
    struct platen_printer_info info;
    assert_int_equal(platen_printer_query(house.spooler, printer, &info), 0);
    return info.status;
}

/* ---- status ---------------------------------------------------------------------------------- */

static void R108_what_setport_tells_shows_in_the_status(void **state)
{
    static const struct {
        uint32_t port;
        uint32_t bit;
        const char *word;
    } rows[] = {{PORT_STATUS_OFFLINE, 0x80, "offline"},
                {PORT_STATUS_PAPER_JAM, 0x8, "paper-jam"},
                {PORT_STATUS_PAPER_OUT, 0x10, "paper-out"},
                {PORT_STATUS_OUTPUT_BIN_FULL, 0x800, "output-bin-full"},
                {PORT_STATUS_PAPER_PROBLEM, 0x40, "paper-problem"},
                {PORT_STATUS_NO_TONER, 0x40000, "no-toner"},
                {PORT_STATUS_DOOR_OPEN, 0x400000, "door-open"},
                {PORT_STATUS_USER_INTERVENTION, 0x100000, "user-intervention"},
                {PORT_STATUS_OUT_OF_MEMORY, 0x200000, "out-of-memory"},
                {PORT_STATUS_TONER_LOW, 0x20000, "toner-low"},
                {PORT_STATUS_WARMING_UP, 0x10000, "warming-up"},
                {PORT_STATUS_POWER_SAVE, 0x1000000, "power-save"}};
    (void)state;
    open_house(NULL);
    move_in();
    create("Printer", NULL, false, 1);
    assert_int_equal(status_of("Printer"), 0);
    for (uint32_t severity = 1; severity <= 3; severity++) {
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            assert_int_equal(
                platen_spooler_set_port(house.spooler, "p1:", rows[i].port, severity, NULL), 0);
            assert_int_equal(status_of("Printer"), rows[i].bit);
            assert_string_equal(platen_printer_state_word(rows[i].bit), rows[i].word);
        }
    }
    assert_int_equal(platen_spooler_set_port(house.spooler, "P1:", 0, 0, NULL), 0);
    assert_int_equal(status_of("Printer"), 0);
    assert_int_equal(platen_spooler_set_port(house.spooler, "P1:", 1, 4, NULL),
                     PLATEN_INVALID_PARAMETER);
    assert_int_equal(platen_spooler_set_port(house.spooler, "nosuch", 1, 1, NULL),
                     PLATEN_UNKNOWN_PORT);
    close_house();
}

static void the_worst_port_speaks_for_a_pool(void **state)
{
    struct platen_printer_info info;
    (void)state;
    open_house(NULL);
    move_in();
    create("Printer", NULL, false, 2);
    platen_spooler_set_port(house.spooler, "P1:", PORT_STATUS_TONER_LOW, PORT_STATUS_TYPE_WARNING,
                            NULL);
    platen_spooler_set_port(house.spooler, "P2:", PORT_STATUS_PAPER_OUT, PORT_STATUS_TYPE_ERROR,
                            "no A4\n");
    assert_int_equal(platen_printer_query(house.spooler, "printer", &info), 0);
    assert_int_equal(info.status, 0x20010);
    assert_int_equal(info.ports, 2);
    assert_int_equal(info.port_status, PORT_STATUS_PAPER_OUT);
    assert_int_equal(info.severity, PORT_STATUS_TYPE_ERROR);
    assert_non_null(strstr(info.text, "no A4"));
    assert_null(strchr(info.text, '\n'));
    /* a text without a code: the printer is in error, whatever it is */
    platen_spooler_set_port(house.spooler, "P2:", 0, PORT_STATUS_TYPE_ERROR, "on fire");
    assert_int_equal(status_of("Printer"), 0x20002);
    assert_int_equal(platen_printer_hold(house.spooler, "Printer", true), 0);
    assert_int_equal(status_of("Printer"), 0x20003);
    assert_int_equal(platen_printer_query(house.spooler, "nosuch", &info),
                     PLATEN_INVALID_PRINTER_NAME);
    assert_int_equal(platen_printer_query(house.spooler, NULL, &info), PLATEN_INVALID_PRINTER_NAME);
    close_house();
}

/* ---- printer data ---------------------------------------------------------------------------- */

static uint32_t ask(const char *value, void *data, uint32_t *size)
{
    uint32_t type;
    return platen_printer_data(house.spooler, "Printer", value, &type, data, size);
}

static void R116_data_comes_from_the_language_monitor_and_is_stored(void **state)
{
    uint8_t data[200];
    uint32_t size = sizeof data;
    uint32_t type;
    (void)state;
    open_house(NULL);
    move_in();
    create("Printer", "Lingua", true, 1);
    assert_int_equal(ask("Memory", data, &size), 0);
    assert_int_equal(size, 4);
    assert_string_equal(house.value, "Memory");
    assert_int_not_equal(house.thread, platen_os_thread_id()); /* R102: on the port's lane */
    assert_int_equal(house.lingua.calls[AT_OPEN], 1);
    size = 10;
    assert_int_equal(ask("Long", data, &size), PLATEN_MORE_DATA);
    assert_int_equal(size, 100);
    size = sizeof data;
    assert_int_equal(ask("nosuch", data, &size), PLATEN_INVALID_PARAMETER);
    size = sizeof data;
    assert_int_equal(ask("", data, &size), PLATEN_INVALID_PARAMETER);
    assert_int_equal(size, 0);
    /* what nobody can say now was stored */
    house.refusal = PLATEN_DEVICE_NOT_CONNECTED;
    size = sizeof data;
    assert_int_equal(ask("memory", data, &size), 0);
    assert_int_equal(size, 4);
    assert_int_equal(data[1], 16);
    size = sizeof data;
    assert_int_equal(ask("Long", data, &size), PLATEN_DEVICE_NOT_CONNECTED);
    /* and with bidi off nobody is asked (R118) */
    unsigned asked = house.asked;
    assert_int_equal(platen_printer_set_bidi(house.spooler, "Printer", false), 0);
    size = sizeof data;
    assert_int_equal(platen_printer_data(house.spooler, "Printer", "Memory", &type, data, &size),
                     0);
    assert_int_equal(type, REG_BINARY);
    assert_int_equal(house.asked, asked);
    close_house();
}

static void R116_a_port_monitor_is_asked_by_number_alone(void **state)
{
    uint8_t data[8];
    uint32_t size = sizeof data;
    uint32_t returned;
    (void)state;
    open_house(NULL);
    move_in();
    create("Printer", NULL, true, 1);
    assert_int_equal(ask("Memory", data, &size), PLATEN_FILE_NOT_FOUND);
    assert_int_equal(house.asked, 0);
    assert_int_equal(platen_printer_control(house.spooler, "Printer", 0x16000C, "abc", 3, data,
                                            sizeof data, &returned),
                     0);
    assert_int_equal(returned, 3);
    assert_memory_equal(data, "abc", 3);
    assert_int_equal(
        platen_printer_control(house.spooler, "Printer", 0, "abc", 3, data, sizeof data, &returned),
        PLATEN_INVALID_PARAMETER);
    assert_int_equal(
        platen_printer_control(house.spooler, "nosuch", 1, NULL, 0, data, sizeof data, &returned),
        PLATEN_INVALID_PRINTER_NAME);
    close_house();
}

static uint32_t wait_in_write(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    (void)stub;
    (void)port;
    if (at == AT_WRITE)
        gate_pass(&house.gate);
    return 0;
}

struct asker {
    atomic_bool done;
    uint32_t error;
    uint32_t size;
};

static void ask_for_memory(void *argument)
{
    struct asker *asker = argument;
    uint8_t data[8];
    asker->size = sizeof data;
    asker->error = ask("Memory", data, &asker->size);
    atomic_store(&asker->done, true);
}

/* The stub tells if two calls are on one handle at once. */
static void R102_it_waits_for_the_end_of_a_job(void **state)
{
    struct asker asker = {.error = 1};
    platen_os_thread *thread;
    struct platen_job_info info;
    uint8_t data[200];
    uint32_t size = sizeof data;
    (void)state;
    open_house(NULL);
    house.stub.inside = wait_in_write;
    move_in();
    create("Printer", "Lingua", true, 1);
    assert_int_equal(ask("Long", data, &size), 0);
    uint32_t id = submit_bytes(house.spooler, "Printer", "hello", 5);
    gate_wait(&house.gate);
    assert_int_equal(status_of("Printer"), 0x400); /* printing */
    uint64_t begun = platen_os_now();
    size = sizeof data; /* but not where the answer is stored */
    assert_int_equal(ask("long", data, &size), 0);
    assert_int_equal(size, 100);
    assert_true(platen_os_now() - begun < UINT64_C(10000000000));
    assert_int_equal(platen_os_thread_start(&thread, "asker", 0, ask_for_memory, &asker), 0);
    begun = platen_os_now(); /* it has 15 seconds, which valgrind may need for a thousand */
    for (int i = 0; i < 1000 && platen_os_now() - begun < UINT64_C(1000000000); i++)
        platen_os_thread_yield();
    assert_false(atomic_load(&asker.done));
    gate_open(&house.gate);
    platen_os_thread_join(thread);
    assert_int_equal(asker.error, 0);
    assert_int_equal(asker.size, 4);
    assert_int_equal(platen_job_wait(house.spooler, id, PLATEN_FOREVER, &info), 0);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    close_house();
}

static uint32_t refuse_to_open(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    (void)stub;
    (void)port;
    return at == AT_OPEN ? PLATEN_DEV_NOT_EXIST : 0;
}

static void errors_of_opening_are_told(void **state)
{
    uint8_t data[8];
    uint32_t returned;
    (void)state;
    open_house(NULL);
    house.stub.inside = refuse_to_open;
    move_in();
    create("Printer", NULL, false, 1);
    assert_int_equal(
        platen_printer_control(house.spooler, "Printer", 1, NULL, 0, data, sizeof data, &returned),
        PLATEN_DEV_NOT_EXIST);
    house.stub.inside = NULL;
    assert_int_equal(
        platen_printer_control(house.spooler, "Printer", 1, NULL, 0, data, sizeof data, &returned),
        0);
    close_house();
}

/* ---- bidi ------------------------------------------------------------------------------------ */

static void R117_answers_come_with_a_warning_too(void **state)
{
    BIDI_REQUEST_CONTAINER request = {.Version = 1, .Count = 1};
    BIDI_RESPONSE_CONTAINER *response;
    (void)state;
    open_house(NULL);
    move_in();
    create("Printer", "Lingua", true, 1);
    create("Other", NULL, true, 1);
    request.aData[0].dwReqNumber = 7;
    assert_int_equal(
        platen_printer_bidi(house.spooler, "Printer", BIDI_ACCESS_USER, "Get", &request, &response),
        13001);
    assert_non_null(response);
    assert_int_equal(response->Count, 1);
    assert_int_equal(response->aData[0].dwReqNumber, 7);
    assert_int_equal(house.access, BIDI_ACCESS_USER);
    platen_bidi_free(response);
    platen_bidi_free(NULL);
    assert_int_equal(
        platen_printer_bidi(house.spooler, "Other", BIDI_ACCESS_USER, "Get", &request, &response),
        PLATEN_NOT_SUPPORTED);
    assert_null(response);
    close_house();
}

/* ---- what monitors are told ------------------------------------------------------------------ */

static void R120_used_ports_are_told_once(void **state)
{
    (void)state;
    open_house(NULL);
    move_in();
    create("Printer", NULL, false, 1);
    assert_string_equal(house.told, "used P1:;");
    create("Other", NULL, false, 2);
    assert_string_equal(house.told, "used P1:;used P2:;");
    assert_int_equal(platen_printer_delete(house.spooler, "Printer"), 0);
    assert_string_equal(house.told, "used P1:;used P2:;");
    assert_int_equal(platen_printer_delete(house.spooler, "Other"), 0);
    assert_non_null(strstr(house.told, "used P2:;unused P"));
    platen_spooler_power(house.spooler, 4);
    assert_non_null(strstr(house.told, "power 4;"));
    close_house();
}

static void R120_not_beyond_the_table_and_not_where_it_is_null(void **state)
{
    (void)state;
    open_house(NULL);
    house.stub.table_size = offsetof(MONITOR2, pfnNotifyUsedPorts);
    move_in();
    create("Printer", NULL, false, 1);
    platen_spooler_power(house.spooler, 4);
    close_house();
    assert_string_equal(house.told, "");
    open_house(NULL);
    house.stub.table.pfnNotifyUsedPorts = NULL;
    house.stub.table.pfnPowerEvent = NULL;
    move_in();
    create("Printer", NULL, false, 1);
    platen_spooler_power(house.spooler, 4);
    assert_int_equal(platen_printer_delete(house.spooler, "Printer"), 0);
    close_house();
    assert_string_equal(house.told, "unused P1:;");
}

static void wine_tells_nothing(void **state)
{
    (void)state;
    open_house("wine");
    move_in();
    create("Printer", NULL, false, 1);
    platen_spooler_power(house.spooler, 4);
    assert_int_equal(platen_printer_delete(house.spooler, "Printer"), 0);
    close_house();
    assert_string_equal(house.told, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R108_what_setport_tells_shows_in_the_status),
        cmocka_unit_test(the_worst_port_speaks_for_a_pool),
        cmocka_unit_test(R116_data_comes_from_the_language_monitor_and_is_stored),
        cmocka_unit_test(R116_a_port_monitor_is_asked_by_number_alone),
        cmocka_unit_test(R102_it_waits_for_the_end_of_a_job),
        cmocka_unit_test(errors_of_opening_are_told),
        cmocka_unit_test(R117_answers_come_with_a_warning_too),
        cmocka_unit_test(R120_used_ports_are_told_once),
        cmocka_unit_test(R120_not_beyond_the_table_and_not_where_it_is_null),
        cmocka_unit_test(wine_tells_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
