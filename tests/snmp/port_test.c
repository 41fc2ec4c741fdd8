/* SPDX-License-Identifier: MIT
 *
 * From SendRecvBidiDataFromPort of a TCP/IP port to the agent and back.
 */
#include "tcp_trial.h"

#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "trial.h"

static struct trial trial;
static const MONITOR2 *table;
static HANDLE monitor, port;

/* ---- the Router ------------------------------------------------------------------------------ */

static PBIDI_RESPONSE_CONTAINER WINAPI new_container(DWORD count)
{
    PBIDI_RESPONSE_CONTAINER made =
        calloc(1, sizeof(*made) + (count ? count - 1 : 0) * sizeof(made->aData[0]));
    made->Count = count;
    return made;
}

static LPVOID WINAPI new_memory(size_t size)
{
    return calloc(1, size);
}

static VOID WINAPI free_memory(LPVOID memory)
{
    free(memory);
}

static bool has_text(const BIDI_DATA *data)
{
    return data->dwBidiType == BIDI_STRING || data->dwBidiType == BIDI_TEXT ||
           data->dwBidiType == BIDI_ENUM;
}

static DWORD WINAPI free_container(PBIDI_RESPONSE_CONTAINER container)
{
    for (DWORD i = 0; i < container->Count; i++) {
        free(container->aData[i].pSchema);
        if (has_text(&container->aData[i].data))
            free(container->aData[i].data.u.sData);
    }
    free(container);
    return 0;
}

/* ---- a port ---------------------------------------------------------------------------------- */

static void add_port(DWORD snmp)
{
    HANDLE xcv;
    PORT_DATA_1 data = tcp_data_1(u"printer", u"127.0.0.1");
    data.dwSNMPEnabled = snmp;
    data.dwSNMPDevIndex = 1;
    assert_true(table->pfnXcvOpenPort(monitor, u"Standard TCP/IP Port", 0xF0003, &xcv));
    assert_int_equal(tcp_run(table, xcv, u"AddPort", &data, sizeof data), 0);
    assert_true(table->pfnXcvClosePort(xcv));
    assert_true(table->pfnOpenPort(monitor, WIDE("printer"), &port));
}

static void begin(DWORD snmp)
{
    static PLATEN_IMPORTS imports;
    struct platen_monitor_options options;

    trial_begin(&trial);
    agent_let_in(&trial.agent, "c4n4ry-community");
    fake_reset();
    imports = fake_imports;
    imports.cbSize = sizeof imports;
    imports.RouterAllocBidiResponseContainer = new_container;
    imports.RouterAllocBidiMem = new_memory;
    imports.RouterFreeBidiResponseContainer = free_container;
    imports.RouterFreeBidiMem = free_memory;
    options = fake_options();
    options.imports = &imports;
    options.backends = NULL;
    options.providers = platen_snmp_providers();
    table = fake_monitor(&monitor, &options);
    add_port(snmp);
}

static void end(void)
{
    assert_true(table->pfnClosePort(port));
    table->pfnShutdown(monitor);
    assert_null(strstr(fake.log, "c4n4ry"));
    trial_end(&trial);
}

static PBIDI_RESPONSE_CONTAINER ask(const char16_t *action, const char16_t *schema, DWORD code)
{
    BIDI_REQUEST_CONTAINER request = {.Version = 1, .Count = 1};
    PBIDI_RESPONSE_CONTAINER answer;
    uint64_t until = platen_os_now() + 60 * SECOND;
    DWORD error;
    request.aData[0].pSchema = (LPWSTR)(uintptr_t)schema;
    for (;;) {
        answer = NULL;
        error =
            table->pfnSendRecvBidiDataFromPort(port, BIDI_ACCESS_USER, action, &request, &answer);
        if (error != PLATEN_BIDI_STATUS_WARNING || code || platen_os_now() >= until)
            break;
        free_container(answer); /* on a busy machine the agent is late: it is asked again */
        static const uint32_t word;
        platen_os_wait(&word, 0, platen_os_now() + SECOND / 10);
    }
    assert_int_equal(error, code);
    return answer;
}

static void expect_text(const char16_t *schema, const char16_t *text)
{
    PBIDI_RESPONSE_CONTAINER answer = ask(BIDI_ACTION_GET, schema, 0);
    assert_int_equal(answer->Count, 1);
    assert_int_equal(answer->aData[0].dwResult, 0);
    assert_true(platen_text_equal_folded(answer->aData[0].pSchema, schema));
    assert_int_equal(answer->aData[0].data.dwBidiType, BIDI_STRING);
    assert_true(platen_text_equal_folded(answer->aData[0].data.u.sData, text));
    free_container(answer);
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void values_have_their_types(void **state)
{
    PBIDI_RESPONSE_CONTAINER answer;
    (void)state;
    begin(1);
    expect_text(u"\\Printer.Status.Summary:State", u"Processing");
    expect_text(u"\\Printer.DeviceInfo:Manufacturer", u"Example");
    expect_text(u"\\Printer.Consumables.CyanToner:Color", u"Cyan");
    answer = ask(BIDI_ACTION_GET, u"\\Printer.Consumables.BlackToner:Level", 0);
    assert_int_equal(answer->aData[0].data.dwBidiType, BIDI_INT);
    assert_int_equal(answer->aData[0].data.u.iData, 50);
    free_container(answer);
    answer = ask(BIDI_ACTION_GET, u"\\Printer.Layout.InputBins.Tray4:Installed", 0);
    assert_int_equal(answer->aData[0].data.dwBidiType, BIDI_BOOL);
    assert_false(answer->aData[0].data.u.bData);
    free_container(answer);
    end();
}

/* Some ninety values for some thirty messages at most. */
static void all_at_once(void **state)
{
    PBIDI_RESPONSE_CONTAINER answer;
    DWORD fine = 0;
    (void)state;
    begin(1);
    uint64_t since = platen_os_now();
    answer = ask(BIDI_ACTION_GET_ALL, u"\\Printer", 0);
    bool quick = platen_os_now() - since < SECOND / 2; /* no question was sent again */
    for (DWORD i = 0; i < answer->Count; i++)
        fine += answer->aData[i].dwResult == 0;
    assert_true(fine >= 90);
    assert_int_equal(fine, answer->Count);
    assert_true(!quick || atomic_load(&trial.agent.asked) <= 30);
    free_container(answer);
    end();
}

static void a_silent_printer(void **state)
{
    PBIDI_RESPONSE_CONTAINER answer;
    (void)state;
    begin(1);
    agent_behave(&trial.agent, AGENT_SILENT);
    answer =
        ask(BIDI_ACTION_GET, u"\\Printer.Consumables.BlackToner:Level", PLATEN_BIDI_STATUS_WARNING);
    assert_int_equal(answer->Count, 1);
    assert_int_equal(answer->aData[0].dwResult, PLATEN_BIDI_DEVICE_OFFLINE);
    free_container(answer);
    end();
}

static void without_snmp_nobody_is_asked(void **state)
{
    BIDI_REQUEST_CONTAINER request = {.Version = 1, .Count = 1};
    PBIDI_RESPONSE_CONTAINER answer = NULL;
    (void)state;
    begin(0);
    request.aData[0].pSchema = WIDE("\\Printer.Consumables.BlackToner:Level");
    assert_int_not_equal(table->pfnSendRecvBidiDataFromPort(port, BIDI_ACCESS_USER, BIDI_ACTION_GET,
                                                            &request, &answer),
                         0);
    if (answer)
        free_container(answer);
    assert_int_equal(atomic_load(&trial.agent.asked), 0);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_have_their_types),
        cmocka_unit_test(all_at_once),
        cmocka_unit_test(a_silent_printer),
        cmocka_unit_test(without_snmp_nobody_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
