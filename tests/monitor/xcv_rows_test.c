/* SPDX-License-Identifier: MIT
 *
 * Every row of both vocabularies (contract 4.2, 4.3) with input and output of every size, at every
 * address, by callers with every access: the code, the size that is needed, not a byte beyond, and
 * nothing changed by what is refused.
 */
#include "line_trial.h"

#include <stdio.h>
#include <string.h>

#include "handle.h"

enum { LARGEST = 1200, MOST_OUTPUT = 1100, CANARY_BYTE = 0xA5 };

static const MONITOR2 *table;
static HANDLE monitor;

static size_t give(char *room, const void *data, size_t size)
{
    memcpy(room, data, size);
    return size;
}

/* ---- good inputs --------------------------------------------------------------------------- */

static size_t nothing(char *room)
{
    (void)room;
    return 0;
}

#define INPUT_TEXT(function, text)                                                                 \
    static size_t function(char *room)                                                             \
    {                                                                                              \
        return give(room, u"" text, sizeof(u"" text));                                             \
    }

INPUT_TEXT(new_name, "T5:")
INPUT_TEXT(old_name, "T1:")
INPUT_TEXT(com_name, "COM9")
INPUT_TEXT(seconds, "77")

static size_t new_data_1(char *room)
{
    PORT_DATA_1 data = tcp_data_1(u"IP_5", u"printer");
    return give(room, &data, sizeof(data));
}

static size_t new_data_2(char *room)
{
    PORT_DATA_2 data = tcp_data_2(u"IP_5", u"printer");
    return give(room, &data, sizeof(data));
}

static size_t old_data_1(char *room)
{
    PORT_DATA_1 data = tcp_data_1(u"ip_1", u"elsewhere");
    return give(room, &data, sizeof(data));
}

static size_t old_data_2(char *room)
{
    PORT_DATA_2 data = tcp_data_2(u"IP_1", u"elsewhere");
    return give(room, &data, sizeof(data));
}

static size_t old_delete(char *room)
{
    DELETE_PORT_DATA_1 data = tcp_delete_data(u"IP_1");
    return give(room, &data, sizeof(data));
}

static size_t info_1(char *room)
{
    CONFIG_INFO_DATA_1 data = {.dwVersion = 1};
    return give(room, &data, sizeof(data));
}

static size_t info_2(char *room)
{
    CONFIG_INFO_DATA_1 data = {.dwVersion = 2};
    memcpy(data.Reserved, u"IP_1", 10);
    return give(room, &data, sizeof(data));
}

static size_t a_line(char *room)
{
    COMMCONFIG config = line_config("19200,e,7,2");
    return give(room, &config, sizeof(config));
}

static size_t on(char *room)
{
    uint32_t number = 1;
    return give(room, &number, sizeof(number));
}

/* ---- the rows ------------------------------------------------------------------------------ */

static const char16_t *const objects[] = {u"", u"Standard TCP/IP Port", u"COM9:", u"IP_1"};
enum { AS_LOCAL, AS_TCP, ON_COM, ON_IP };

/* short_code: of all that is shorter; 0: nobody looks. loose: more may follow. */
static const struct row {
    const char16_t *name;
    int object;
    size_t (*input)(char *room);
    uint32_t output;
    DWORD short_code;
    bool loose;
    bool administrative; /* and it changes something */
} rows[] = {
    {u"MonitorUI", AS_LOCAL, nothing, 24, 0, true, false},
    {u"AddPort", AS_LOCAL, new_name, 0, 87, false, true},
    {u"DeletePort", AS_LOCAL, old_name, 0, 87, false, true},
    {u"PortExists", AS_LOCAL, old_name, 4, 87, false, false},
    {u"PortIsValid", AS_LOCAL, new_name, 0, 87, true, false},
    {u"GetTransmissionRetryTimeout", AS_LOCAL, nothing, 4, 0, true, false},
    {u"ConfigureLPTPortCommandOK", AS_LOCAL, seconds, 0, 87, true, true},
    {u"GetDefaultCommConfig", AS_LOCAL, com_name, 52, 87, true, false},
    {u"SetDefaultCommConfig", ON_COM, a_line, 0, 87, true, true},
    {u"MonitorUI", AS_TCP, nothing, 26, 0, true, false},
    {u"AddPort", AS_TCP, new_data_1, 0, 13, true, true},
    {u"AddPort", AS_TCP, new_data_2, 0, 13, true, true},
    {u"ConfigPort", AS_TCP, old_data_1, 0, 13, true, true},
    {u"ConfigPort", ON_IP, old_data_2, 0, 13, true, true},
    {u"DeletePort", AS_TCP, old_delete, 0, 13, true, true},
    {u"GetConfigInfo", ON_IP, info_1, 964, 13, true, false},
    {u"GetConfigInfo", AS_TCP, info_2, 1068, 13, true, false},
    {u"HostAddress", ON_IP, nothing, 20, 0, true, false},
    {u"IPAddress", ON_IP, nothing, 20, 0, true, false},
    {u"SNMPCommunity", ON_IP, nothing, 2, 0, true, false}, /* the guest's: "" */
    {u"SNMPDeviceIndex", ON_IP, nothing, 4, 0, true, false},
    {u"SNMPEnabled", ON_IP, nothing, 4, 0, true, false},
    {u"GetIdlePollingState", AS_TCP, nothing, 4, 0, true, false},
    {u"SetIdlePollingState", AS_TCP, on, 0, 13, true, true},
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/* ---- the world ----------------------------------------------------------------------------- */

static void begin(void)
{
    HANDLE xcv;
    fake_reset();
    table = line_monitor(&monitor);
    PORT_DATA_1 data = tcp_data_1(u"IP_1", u"192.0.2.1");
    assert_true(table->pfnXcvOpenPort(monitor, NULL, SERVER_ACCESS_ADMINISTER, &xcv));
    assert_int_equal(tcp_run(table, xcv, u"AddPort", &data, sizeof(data)), 0);
    assert_int_equal(tcp_run(table, xcv, u"AddPort", u"T1:", 8), 0);
    assert_true(table->pfnXcvClosePort(xcv));
    fake_set_last_error(0xDEADBEEF);
}

static void end(void)
{
    assert_int_equal(fake_last_error(), 0xDEADBEEF); /* R70 */
    table->pfnShutdown(monitor);
    assert_int_equal(fake.open_keys + fake.wrong_uses + fake.impersonated, 0);
    assert_int_equal(handle_count(), 0);
    assert_null(strstr(fake.log, "c4n4ry"));
    tcp_guard_release();
}

static HANDLE open_row(const struct row *row, ACCESS_MASK access)
{
    HANDLE xcv;
    assert_true(table->pfnXcvOpenPort(monitor, objects[row->object], access, &xcv));
    return xcv;
}

/* One call by the row. Nothing may be written beyond what the code allows. */
static DWORD call(const struct row *row, HANDLE xcv, const void *input, size_t size, uint32_t room,
                  DWORD *needed)
{
    static uint8_t output[MOST_OUTPUT + 16];
    memset(output, CANARY_BYTE, sizeof(output));
    DWORD code = table->pfnXcvDataPort(xcv, row->name, (PBYTE)(uintptr_t)input, (DWORD)size, output,
                                       room, needed);
    uint32_t written = code ? 0 : row->output;
    for (size_t i = written; i < sizeof(output); i++)
        assert_int_equal(output[i], CANARY_BYTE);
    return code;
}

static ACCESS_MASK needed_access(const struct row *row)
{
    return row->administrative ? SERVER_ACCESS_ADMINISTER : 0;
}

/* A call that has to be refused, and to change nothing. */
static void refused(const struct row *row, HANDLE xcv, const void *input, size_t size,
                    DWORD expected)
{
    DWORD needed = 0xDEADBEEF;
    char before[8000];
    uint64_t store = line_store();
    strcpy(before, line_list(table, monitor));
    DWORD code = call(row, xcv, input, size, MOST_OUTPUT, &needed);
    if (code != expected)
        fail_msg("%s: %u bytes: %u, not %u", (const char *)platen_text_new8(row->name, SIZE_MAX),
                 (unsigned)size, (unsigned)code, (unsigned)expected);
    assert_true(needed != 0xDEADBEEF);
    assert_true(store == line_store());
    assert_string_equal(line_list(table, monitor), before);
}

/* ---- the tests ----------------------------------------------------------------------------- */

static void good_input_at_any_address(void **state)
{
    char input[LARGEST];
    (void)state;
    for (int i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        size_t size = row->input(input);
        for (int shift = 0; shift < 3; shift++) {
            DWORD needed = 0xDEADBEEF;
            begin();
            uint64_t store = line_store();
            HANDLE xcv = open_row(row, needed_access(row));
            char *place = tcp_guarded(NULL, size + (size_t)shift);
            memcpy(place, input, size);
            assert_int_equal(call(row, xcv, place, size, MOST_OUTPUT, &needed), 0);
            assert_int_equal(needed, row->output);
            assert_int_equal(store != line_store(), row->administrative);
            end();
        }
    }
}

/* R67 */
static void input_of_every_size(void **state)
{
    char input[LARGEST];
    (void)state;
    begin();
    for (int i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        size_t size = row->input(input);
        HANDLE xcv = open_row(row, needed_access(row));
        for (size_t cut = 0; cut < size; cut++)
            refused(row, xcv, tcp_guarded(input, cut), cut, row->short_code);
        if (row->short_code) {
            refused(row, xcv, NULL, size, row->short_code);
            refused(row, xcv, NULL, 0, row->short_code);
            refused(row, xcv, NULL, 0xFFFFFFFF, row->short_code);
        }
        assert_true(table->pfnXcvClosePort(xcv));
    }
    end();
}

static void more_than_enough_input(void **state)
{
    char input[LARGEST] = {0};
    (void)state;
    for (int i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        size_t size = row->input(input);
        for (size_t more = 1; more <= 3; more++) {
            DWORD needed;
            begin();
            HANDLE xcv = open_row(row, needed_access(row));
            char *place = tcp_guarded(NULL, size + more);
            memset(place, 'x', size + more);
            memcpy(place, input, size);
            if (row->loose)
                assert_int_equal(call(row, xcv, place, size + more, MOST_OUTPUT, &needed), 0);
            else
                refused(row, xcv, place, size + more, 87);
            end();
        }
    }
}

/* R62, R68 */
static void output_of_every_size(void **state)
{
    char input[LARGEST];
    (void)state;
    begin();
    for (int i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        size_t size = row->input(input);
        HANDLE xcv = open_row(row, needed_access(row));
        bool tcp = row->object == AS_TCP || row->object == ON_IP;
        for (uint32_t room = 0; row->output && room < row->output + 4; room++) {
            DWORD needed = 0xDEADBEEF;
            bool fits = room >= row->output;
            assert_int_equal(call(row, xcv, input, size, room, &needed), fits ? 0 : 122);
            assert_int_equal(needed, row->output);
            /* nowhere to tell the size: to TCPMON the call is wrong then */
            assert_int_equal(call(row, xcv, input, size, room, NULL), fits ? 0 : tcp ? 87 : 122);
        }
        DWORD needed = 0xDEADBEEF;
        if (row->output) {
            PBYTE in = (PBYTE)input;
            assert_int_equal(
                table->pfnXcvDataPort(xcv, row->name, in, (DWORD)size, NULL, 0, &needed), 122);
            assert_int_equal(needed, row->output);
            assert_int_equal(
                table->pfnXcvDataPort(xcv, row->name, in, (DWORD)size, NULL, 9999, &needed), 87);
        }
        assert_true(table->pfnXcvClosePort(xcv));
    }
    end();
}

/* R63 */
static void only_administrators_change_anything(void **state)
{
    static const ACCESS_MASK masks[] = {0, 2, 0x20002, 0xFFFFFFFE};
    char input[LARGEST];
    (void)state;
    begin();
    for (int i = 0; i < ROWS * 4; i++) {
        const struct row *row = &rows[i / 4];
        size_t size = row->input(input);
        HANDLE xcv = open_row(row, masks[i % 4]);
        refused(row, xcv, input, size, row->administrative ? 5 : 0);
        if (row->administrative)
            refused(row, xcv, NULL, 0, 5);
        assert_true(table->pfnXcvClosePort(xcv));
    }
    end();
}

static bool has_face(const char16_t *name, bool tcp)
{
    for (int i = 0; i < ROWS; i++)
        if (platen_text_equal_folded(rows[i].name, name) &&
            (rows[i].object == AS_TCP || rows[i].object == ON_IP) == tcp)
            return true;
    return false;
}

/* R61. ConfigPort is known to the Local face too, where it has just TCPMON's form. */
static void names_belong_to_their_face(void **state)
{
    char input[LARGEST];
    (void)state;
    begin();
    for (int i = 0; i < ROWS; i++) {
        struct row row = rows[i];
        bool tcp = row.object == AS_TCP || row.object == ON_IP;
        if (has_face(row.name, !tcp))
            continue;
        size_t size = row.input(input);
        row.object = tcp ? AS_LOCAL : AS_TCP;
        HANDLE xcv = open_row(&row, 0xF0003);
        if (platen_text_equal_folded(row.name, u"ConfigPort"))
            size--;
        refused(&row, xcv, input, size, 87);
        assert_true(table->pfnXcvClosePort(xcv));
    }
    end();
}

static void without_a_handle(void **state)
{
    char input[LARGEST];
    (void)state;
    begin();
    for (int i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        size_t size = row->input(input);
        HANDLE dead = open_row(row, 0xF0003);
        assert_true(table->pfnXcvClosePort(dead));
        refused(row, dead, input, size, 6);
        DWORD code =
            table->pfnXcvDataPort(NULL, row->name, (PBYTE)input, (DWORD)size, NULL, 0, &(DWORD){0});
        bool ui = row->object == AS_LOCAL && i == 0;
        if (row->object == AS_LOCAL)
            assert_int_equal(code, ui ? 122 : 87);
    }
    end();
}

static void wrong_versions(void **state)
{
    static const uint32_t versions[] = {0, 3, 77, 0xFFFFFFFF};
    static const struct {
        int row;
        size_t at;
    } structures[] = {{10, 128}, {11, 128}, {12, 128}, {13, 128}, {14, 228}, {15, 128}, {16, 128}};
    char input[LARGEST];
    (void)state;
    begin();
    for (size_t i = 0; i < sizeof(structures) / sizeof(structures[0]); i++) {
        const struct row *row = &rows[structures[i].row];
        size_t size = row->input(input);
        HANDLE xcv = open_row(row, 0xF0003);
        for (int v = 0; v < 4; v++) {
            memcpy(input + structures[i].at, &versions[v], 4);
            refused(row, xcv, input, size, 124);
        }
        /* half of version 2 */
        memcpy(input + structures[i].at, &(uint32_t){2}, 4);
        if (structures[i].at == 128 && row->output == 0)
            refused(row, xcv, tcp_guarded(input, 1067), 1067, 13);
        assert_true(table->pfnXcvClosePort(xcv));
    }
    end();
}

/* A text that fills its place has no end there. */
static void texts_without_an_end(void **state)
{
    static const struct {
        int row;
        size_t at, bytes;
    } members[] = {
        {10, 0, 128},  {10, 144, 98},  {10, 242, 66}, {10, 312, 66}, {10, 378, 32},
        {11, 0, 128},  {11, 144, 256}, {11, 400, 66}, {11, 472, 66}, {12, 0, 128},
        {12, 144, 98}, {13, 144, 256}, {14, 0, 128},  {15, 0, 128},  {16, 0, 128},
    };
    char input[LARGEST];
    (void)state;
    begin();
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        const struct row *row = &rows[members[i].row];
        size_t size = row->input(input);
        HANDLE xcv = open_row(row, 0xF0003);
        for (size_t at = 0; at < members[i].bytes; at += 2)
            memcpy(input + members[i].at + at, u"x", 2);
        refused(row, xcv, tcp_guarded(input, size), size, 87);
        assert_true(table->pfnXcvClosePort(xcv));
    }
    end();
}

/* Whatever comes: no crash, no write beyond (R67). */
static void any_bytes(void **state)
{
    static uint32_t random = 12345;
    char input[LARGEST];
    (void)state;
    for (int i = 0; i < ROWS * 200; i++) {
        const struct row *row = &rows[i / 200];
        DWORD needed;
        if (i % 50 == 0)
            begin();
        size_t size = row->input(input);
        for (int n = 0; n < 1 + i % 7; n++) {
            random = random * 1103515245 + 12345;
            if (size)
                input[random / 65536 % size] = (char)(random >> 8);
        }
        HANDLE xcv = open_row(row, 0xF0003);
        static uint8_t output[MOST_OUTPUT];
        table->pfnXcvDataPort(xcv, row->name, (PBYTE)tcp_guarded(input, size), (DWORD)size, output,
                              sizeof(output), &needed);
        assert_true(needed <= 1068);
        assert_true(table->pfnXcvClosePort(xcv));
        if (i % 50 == 49) {
            fake_set_last_error(0xDEADBEEF);
            end();
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_input_at_any_address),
        cmocka_unit_test(input_of_every_size),
        cmocka_unit_test(more_than_enough_input),
        cmocka_unit_test(output_of_every_size),
        cmocka_unit_test(only_administrators_change_anything),
        cmocka_unit_test(names_belong_to_their_face),
        cmocka_unit_test(without_a_handle),
        cmocka_unit_test(wrong_versions),
        cmocka_unit_test(texts_without_an_end),
        cmocka_unit_test(any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
