/* SPDX-License-Identifier: MIT
 *
 * The channel for configuration: names, access, data as it is sent, and ports that come and go.
 */
#include "stub.h"

static platen_xcv *open_xcv(platen_spooler *spooler, const char *object, uint32_t granted)
{
    platen_xcv *xcv;
    assert_int_equal(platen_xcv_open(spooler, object, granted, &xcv), 0);
    assert_non_null(xcv);
    return xcv;
}

static void names_of_objects(void **state)
{
    static const struct {
        const char *object;
        uint32_t error;
        const char16_t *bare;
    } cases[] = {
        {",XcvMonitor Stub", 0, u"Stub"},
        {",XcvMonitor stub", 0, u"stub"},
        {",XcvPort P1:", 0, u"P1:"},
        {", XcvPort p1:", 0, u"p1:"},
        {"\\\\house\\,XcvPort P1:", 0, u"P1:"},
        {"\\\\HOUSE\\,XcvMonitor Stub", 0, u"Stub"},
        {"\\\\elsewhere\\,XcvMonitor Stub", PLATEN_INVALID_PRINTER_NAME, NULL},
        {",XcvMonitor Nobody", PLATEN_UNKNOWN_PRINT_MONITOR, NULL},
        {",XcvMonitor", PLATEN_UNKNOWN_PRINT_MONITOR, NULL},
        {",XcvPort P9:", PLATEN_UNKNOWN_PORT, NULL},
        {",XcvPort ", PLATEN_UNKNOWN_PORT, NULL},
        {",xcvport P1:", PLATEN_INVALID_PRINTER_NAME, NULL},
        {",XcvPortP1:", PLATEN_INVALID_PRINTER_NAME, NULL},
        {"XcvPort P1:", PLATEN_INVALID_PRINTER_NAME, NULL},
        {"", PLATEN_INVALID_PRINTER_NAME, NULL},
    };
    struct platen_spooler_options options = {.size = sizeof options, .server_name = "\\\\house"};
    struct stub stub;
    platen_spooler *spooler;

    (void)state;
    stub_prepare(&stub);
    assert_int_equal(platen_spooler_create(&options, &spooler), 0);
    assert_int_equal(stub_attach(spooler, &stub, "Stub", NULL), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        platen_xcv *xcv;
        assert_int_equal(platen_xcv_open(spooler, cases[i].object, 0x20002, &xcv), cases[i].error);
        if (cases[i].error) {
            assert_null(xcv);
            continue;
        }
        assert_int_equal(platen_text_length16(stub.xcv_object, 64),
                         platen_text_length16(cases[i].bare, 64));
        assert_true(platen_text_equal_folded(stub.xcv_object, cases[i].bare));
        assert_int_equal(stub.xcv_access, 0x20002);
        platen_xcv_close(xcv);
    }
    platen_xcv_close(NULL);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

/* ---- data ------------------------------------------------------------------------------------ */

static DWORD echo(struct stub *stub, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                  DWORD out_size, PDWORD needed)
{
    uint32_t status = *(uint32_t *)stub->own;

    (void)name;
    *needed = in_size;
    if (in_size > out_size)
        return 122;
    if (in_size != 0)
        memcpy(out, in, in_size);
    return status;
}

static void the_answer_reaches_the_client(void **state)
{
    const uint32_t codes[] = {0, 5, 122, 183, 0x12345678};
    struct stub stub;
    uint32_t code, needed, status;
    char out[16];

    (void)state;
    stub_prepare(&stub);
    stub.own = &code;
    stub.xcv = echo;
    platen_spooler *spooler = new_house(NULL, &stub);
    platen_xcv *xcv = open_xcv(spooler, ",XcvMonitor Stub", 1);
    for (size_t i = 0; i < 5; i++) {
        code = codes[i];
        memset(out, 0, sizeof out);
        assert_int_equal(platen_xcv_data(xcv, "Echo", "abc", 3, out, sizeof out, &needed, &status),
                         0);
        assert_int_equal(status, codes[i]);
        assert_int_equal(needed, 3);
        assert_memory_equal(out, "abc", 3);
    }
    assert_int_equal(platen_xcv_data(xcv, "Echo", "abc", 3, NULL, 0, &needed, &status), 0);
    assert_int_equal(status, 122);
    assert_int_equal(needed, 3);
    assert_int_equal(platen_xcv_data(xcv, "Echo", NULL, 0, NULL, 0, NULL, &status), 0);
    unsigned before = stub.calls[AT_XCV_DATA];
    assert_int_equal(platen_xcv_data(xcv, NULL, NULL, 0, NULL, 0, &needed, &status),
                     PLATEN_INVALID_PARAMETER);
    assert_int_equal(platen_xcv_data(xcv, "Echo", NULL, 3, NULL, 0, &needed, &status),
                     PLATEN_INVALID_PARAMETER);
    assert_int_equal(platen_xcv_data(xcv, "Echo", NULL, 0, NULL, 3, &needed, &status),
                     PLATEN_INVALID_PARAMETER);
    assert_int_equal(stub.calls[AT_XCV_DATA], before);
    platen_xcv_close(xcv);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static uint32_t refuse_open(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    (void)port;
    return at == AT_XCV_OPEN ? *(uint32_t *)stub->own : 0;
}

static void opening_may_be_refused(void **state)
{
    uint32_t code = 5;
    struct stub stub;
    platen_xcv *xcv;

    (void)state;
    stub_prepare(&stub);
    stub.own = &code;
    stub.inside = refuse_open;
    platen_spooler *spooler = new_house(NULL, &stub);
    assert_int_equal(platen_xcv_open(spooler, ",XcvMonitor Stub", 1, &xcv), 5);
    assert_null(xcv);
    code = 0;
    open_xcv(spooler, ",XcvMonitor Stub", 1); /* left open: the spooler closes it */
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

/* ---- ports that come and go ------------------------------------------------------------------ */

/* AddPort makes the next port of the stub's row appear, DeletePort the last one disappear. */
static DWORD add_or_delete(struct stub *stub, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                           DWORD out_size, PDWORD needed)
{
    (void)in;
    (void)in_size;
    (void)out;
    (void)out_size;
    (void)needed;
    if (name[0] == u'A')
        stub->port_count++;
    else if (name[0] == u'D')
        stub->port_count--;
    else
        return 87;
    return 0;
}

static uint32_t send(platen_xcv *xcv, const char *name, const char16_t *text, uint32_t *status)
{
    return platen_xcv_data(xcv, name, text, (uint32_t)(platen_text_length16(text, 64) + 1) * 2,
                           NULL, 0, NULL, status);
}

static void an_added_port_is_there_at_once(void **state)
{
    struct stub stub;
    uint32_t status;
    DWORD before, after, returned;

    (void)state;
    stub_prepare(&stub);
    stub.xcv = add_or_delete;
    platen_spooler *spooler = new_house(NULL, &stub);
    platen_xcv *xcv = open_xcv(spooler, ",XcvMonitor Stub", 1);
    SPL->EnumPortsW(NULL, 1, NULL, 0, &before, &returned);
    assert_int_equal(send(xcv, "AddPort", u"P2:", &status), 0);
    assert_int_equal(status, 0);
    SPL->EnumPortsW(NULL, 1, NULL, 0, &after, &returned);
    assert_true(after > before);
    assert_int_equal(platen_printer_add(spooler, "Second", "P2:"), 0);
    unsigned calls = stub.calls[AT_XCV_DATA];
    assert_int_equal(send(xcv, "DeletePort", u"p2:", &status), PLATEN_BUSY);
    assert_int_equal(status, PLATEN_BUSY);
    assert_int_equal(stub.calls[AT_XCV_DATA], calls); /* the monitor has not seen it (R114) */
    assert_int_equal(platen_printer_delete(spooler, "Second"), 0);
    assert_int_equal(send(xcv, "DeletePort", u"p2:", &status), 0);
    assert_int_equal(status, 0);
    assert_int_equal(platen_printer_add(spooler, "Second", "P2:"), PLATEN_UNKNOWN_PORT);
    SPL->EnumPortsW(NULL, 1, NULL, 0, &after, &returned);
    assert_int_equal(after, before);
    assert_int_equal(send(xcv, "DeletePort", u"P1:", &status), PLATEN_BUSY);
    platen_xcv_close(xcv);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

/* The structure of TCPMON begins with the name too; and a name need not end. */
static void the_port_is_found_in_any_input(void **state)
{
    struct stub stub;
    uint32_t status;
    char16_t whole[118] = u"P1:";
    uint8_t odd[7];

    (void)state;
    stub_prepare(&stub);
    stub.xcv = add_or_delete;
    platen_spooler *spooler = new_house(NULL, &stub);
    platen_xcv *xcv = open_xcv(spooler, ",XcvPort P1:", 1);
    assert_int_equal(platen_xcv_data(xcv, "DeletePort", whole, 236, NULL, 0, NULL, &status), 170);
    assert_int_equal(platen_xcv_data(xcv, "DeletePort", whole, 6, NULL, 0, NULL, &status), 170);
    memcpy(odd + 1, whole, 6);
    assert_int_equal(platen_xcv_data(xcv, "DeletePort", odd + 1, 6, NULL, 0, NULL, &status), 170);
    stub.port_count = 2;
    assert_int_equal(platen_xcv_data(xcv, "DeletePort", NULL, 0, NULL, 0, NULL, &status), 0);
    platen_xcv_close(xcv);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_objects),
        cmocka_unit_test(the_answer_reaches_the_client),
        cmocka_unit_test(opening_may_be_refused),
        cmocka_unit_test(an_added_port_is_there_at_once),
        cmocka_unit_test(the_port_is_found_in_any_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
