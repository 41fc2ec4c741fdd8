/* SPDX-License-Identifier: MIT
 *
 * What monitors call: OpenPrinter, SetJob, GetJob, SetPort. These tests call them as a thread of a
 * monitor's own would: on a thread that is no lane.
 */
#include "stub.h"

#include <stdlib.h>

static const char hello[] = "hello";

static BOOL open_printer(const char16_t *name, HANDLE *handle)
{
    WCHAR copy[64];
    memcpy(copy, name, (platen_text_length16(name, 63) + 1) * sizeof *copy);
    return SPL->OpenPrinterW(copy, handle, NULL);
}

static void names_of_printers(void **state)
{
    static const struct {
        const char16_t *name;
        DWORD error;
    } cases[] = {
        {u"Printer", 0},
        {u"pRINTER", 0},
        {u"\\\\localhost\\Printer", 0},
        {u"\\\\.\\Printer", 0},
        {u"\\\\localhost", 0},
        {u"", 0},
        {u",XcvMonitor Stub", 0},
        {u",XcvPort P1:", 0},
        {u"Nobody", 1801},
        {u"\\\\elsewhere\\Printer", 1801},
        {u"\\\\localhost\\Nobody", 1801},
        {u",XcvMonitor Nobody", 1801},
        {u"Printer, Port", 1801},
    };
    struct listener listener;
    struct stub stub;
    HANDLE handle;

    (void)state;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(&listener, &stub);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BOOL fine = open_printer(cases[i].name, &handle);
        assert_int_equal(fine, cases[i].error == 0);
        if (!fine) {
            assert_int_equal(SPL->GetLastError(), cases[i].error);
            assert_null(handle);
            continue;
        }
        assert_true(SPL->ClosePrinter(handle));
        assert_false(SPL->ClosePrinter(handle));
        assert_int_equal(SPL->GetLastError(), 6);
    }
    assert_true(SPL->OpenPrinterW(NULL, &handle, NULL));
    assert_true(SPL->ClosePrinter(handle));
    assert_false(SPL->OpenPrinterW(NULL, NULL, NULL));
    assert_int_equal(listener.count[PLATEN_EVENT_FINDING], 8); /* one per second ClosePrinter */
    platen_spooler_destroy(spooler);
    assert_false(open_printer(u"Printer", &handle));
    stub_check(&stub);
}

static void access_is_made_exact(void **state)
{
    static const struct {
        uint32_t asked;
        uint32_t granted;
    } cases[] = {
        {SERVER_ACCESS_ADMINISTER, SERVER_ACCESS_ADMINISTER},
        {MAXIMUM_ALLOWED, SERVER_ALL_ACCESS},
        {GENERIC_ALL, SERVER_ALL_ACCESS},
        {GENERIC_READ, SERVER_READ},
        {GENERIC_WRITE, SERVER_WRITE},
        {0, SERVER_READ},
    };
    static WCHAR name[] = u",XcvMonitor Stub";
    struct stub stub;
    HANDLE handle;

    (void)state;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(NULL, &stub);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        PRINTER_DEFAULTSW defaults = {.DesiredAccess = cases[i].asked};
        assert_true(SPL->OpenPrinterW(name, &handle, &defaults));
        assert_int_equal(stub.xcv_access, cases[i].granted);
        assert_true(SPL->ClosePrinter(handle));
    }
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static void dead_handles_are_findings(void **state)
{
    const uintptr_t values[] = {0, 1, 0xFFFF, UINTPTR_MAX, 0x12345678};
    struct listener listener;
    struct stub stub;
    HANDLE handle, again;

    (void)state;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(&listener, &stub);
    assert_true(open_printer(u"Printer", &handle));
    assert_true(SPL->ClosePrinter(handle));
    assert_true(open_printer(u"Printer", &again)); /* perhaps in the same place */
    assert_ptr_not_equal(handle, again);
    assert_false(SPL->SetJobW(handle, 1, 0, NULL, 6));
    assert_int_equal(SPL->GetLastError(), 6);
    for (size_t i = 0; i < 5; i++) {
        assert_false(SPL->ClosePrinter((HANDLE)values[i]));
        assert_int_equal(SPL->GetLastError(), 6);
    }
    assert_int_equal(listener.count[PLATEN_EVENT_FINDING], 6);
    platen_spooler_destroy(spooler); /* `again` is left open */
    assert_int_equal(listener.count[PLATEN_EVENT_FINDING], 7);
    assert_non_null(strstr(listener.text[PLATEN_EVENT_FINDING], "never closed"));
    stub_check(&stub);
}

/* A monitor that leaves an Xcv handle open and thinks of it in its Shutdown. */
static uint32_t close_late(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    (void)port;
    if (at == AT_SHUTDOWN && SPL->ClosePrinter(*(HANDLE *)stub->own))
        stub_violation(stub, "an Xcv handle is still open in Shutdown (R119)");
    return 0;
}

static void xcv_handles_do_not_outlive_shutdown(void **state)
{
    struct listener listener;
    struct stub stub;
    HANDLE handle;

    (void)state;
    stub_prepare(&stub);
    stub.own = &handle;
    stub.inside = close_late;
    platen_spooler *spooler = new_house(&listener, &stub);
    assert_true(open_printer(u",XcvMonitor Stub", &handle));
    platen_spooler_destroy(spooler);
    assert_int_equal(stub.calls[AT_XCV_CLOSE], 1);
    assert_int_equal(listener.count[PLATEN_EVENT_FINDING], 2); /* left open; dead */
    stub_check(&stub);
}

/* ---- SetJob, GetJob -------------------------------------------------------------------------- */

static void commands_of_setjob(void **state)
{
    static const struct {
        DWORD command;
        DWORD error;
    } cases[] = {{1, 87},  {2, 87},        {4, 2}, {8, 50}, {9, 50}, {0, 87},
                 {10, 87}, {MAXDWORD, 87}, {6, 0}, {7, 0},  {6, 0}};
    struct listener listener;
    struct stub stub;
    HANDLE handle, other;
    BYTE byte = 0;
    struct platen_job_info info;

    (void)state;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(&listener, &stub);
    assert_int_equal(platen_printer_add(spooler, "Other", "P1:"), 0);
    uint32_t id = print_bytes(spooler, hello, 5).id;
    assert_true(open_printer(u"Printer", &handle));
    assert_true(open_printer(u"Other", &other));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BOOL fine = SPL->SetJobW(handle, id, 0, NULL, cases[i].command);
        assert_int_equal(fine, cases[i].error == 0);
        assert_int_equal(fine ? 0 : SPL->GetLastError(), cases[i].error);
        assert_false(SPL->SetJobW(handle, 99, 0, NULL, cases[i].command));
        assert_int_equal(SPL->GetLastError(), 87);
        assert_false(SPL->SetJobW(other, id, 0, NULL, cases[i].command));
        assert_int_equal(SPL->GetLastError(), 87);
    }
    assert_false(SPL->SetJobW(handle, id, 1, &byte, 6));
    assert_int_equal(SPL->GetLastError(), 124);
    assert_false(SPL->SetJobW(handle, id, 0, &byte, 6));
    assert_int_equal(SPL->GetLastError(), 87);
    assert_int_equal(platen_job_query(spooler, id, &info), 0);
    assert_int_equal(info.completions, 3);
    assert_int_equal(info.status, JOB_STATUS_PRINTED | JOB_STATUS_COMPLETE);
    assert_int_equal(listener.count[PLATEN_EVENT_FINDING], 0);
    /* a job that waits */
    assert_int_equal(platen_printer_hold(spooler, "Printer", true), 0);
    id = submit_bytes(spooler, "Printer", hello, 5);
    assert_true(SPL->SetJobW(handle, id, 0, NULL, 6));
    assert_int_equal(listener.count[PLATEN_EVENT_FINDING], 1);
    assert_true(SPL->SetJobW(handle, id, 0, NULL, JOB_CONTROL_DELETE));
    assert_int_equal(platen_job_wait(spooler, id, PLATEN_FOREVER, &info), 0);
    assert_int_equal(info.state, PLATEN_JOB_CANCELLED);
    assert_false(SPL->SetJobW(handle, id, 0, NULL, JOB_CONTROL_DELETE)); /* it is gone */
    assert_true(SPL->ClosePrinter(handle));
    assert_true(SPL->ClosePrinter(other));
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static bool lies_in(const void *text, const uint8_t *buffer, size_t size)
{
    return (const uint8_t *)text >= buffer && (const uint8_t *)text < buffer + size;
}

static void check_job_2(const uint8_t *buffer, size_t size, uint32_t id)
{
    JOB_INFO_2W info;

    memcpy(&info, buffer, sizeof info);
    assert_int_equal(info.JobId, id);
    assert_int_equal(info.Status, JOB_STATUS_PRINTED);
    assert_int_equal(info.Position, 1);
    assert_int_equal(info.Size, 5);
    assert_true(lies_in(info.pPrinterName, buffer, size));
    assert_true(lies_in(info.pDocument, buffer, size));
    assert_memory_equal(info.pDocument, u"bytes", 12);
    assert_memory_equal(info.pDatatype, u"RAW", 8);
    assert_memory_equal(info.pPrintProcessor, u"winprint", 18);
    assert_memory_equal(info.pMachineName, u"\\\\localhost", 24);
    assert_true(lies_in(info.pUserName, buffer, size));
    assert_true(info.Submitted.wYear >= 2024 && info.Submitted.wMonth >= 1 &&
                info.Submitted.wMonth <= 12 && info.Submitted.wDay <= 31);
}

static void getjob_packs(void **state)
{
    struct stub stub;
    HANDLE handle;
    DWORD needed, size;

    (void)state;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(NULL, &stub);
    uint32_t id = print_bytes(spooler, hello, 5).id;
    assert_true(open_printer(u"Printer", &handle));
    for (DWORD level = 1; level <= 2; level++) {
        assert_false(SPL->GetJobW(handle, id, level, NULL, 0, &needed));
        assert_int_equal(SPL->GetLastError(), 122);
        size = needed;
        uint8_t *buffer = malloc(size + 64);
        assert_non_null(buffer);
        memset(buffer, 0xA5, size + 64);
        assert_false(SPL->GetJobW(handle, id, level, buffer, size - 1, &needed));
        assert_int_equal(SPL->GetLastError(), 122);
        assert_int_equal(buffer[0], 0xA5);
        assert_true(SPL->GetJobW(handle, id, level, buffer, size + 63, &needed));
        assert_int_equal(needed, size);
        assert_int_equal(buffer[size + 63], 0xA5);
        if (level == 2)
            check_job_2(buffer, size + 64, id);
        free(buffer);
    }
    assert_false(SPL->GetJobW(handle, id, 3, NULL, 0, &needed));
    assert_int_equal(SPL->GetLastError(), 124);
    assert_false(SPL->GetJobW(handle, id, 1, NULL, 0, NULL));
    assert_false(SPL->GetJobW(handle, id, 1, NULL, 8, &needed));
    assert_false(SPL->GetJobW(handle, 77, 1, NULL, 0, &needed));
    assert_int_equal(SPL->GetLastError(), 87);
    platen_job_forget(spooler, id);
    assert_false(SPL->GetJobW(handle, id, 1, NULL, 0, &needed));
    assert_int_equal(SPL->GetLastError(), 87);
    assert_true(SPL->ClosePrinter(handle));
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

/* ---- SetPort --------------------------------------------------------------------------------- */

static BOOL set_port(const char16_t *name, DWORD status, DWORD severity, const char16_t *text)
{
    WCHAR port[16], words[32];
    PORT_INFO_3W info = {.dwStatus = status, .dwSeverity = severity};

    memcpy(port, name, (platen_text_length16(name, 15) + 1) * sizeof *port);
    if (text != NULL) {
        memcpy(words, text, (platen_text_length16(text, 31) + 1) * sizeof *words);
        info.pszStatus = words;
    }
    return SPL->SetPortW(NULL, port, 3, (LPBYTE)&info);
}

static void an_error_parks_the_port(void **state)
{
    struct listener listener;
    struct stub stub;
    struct platen_job_info info;

    (void)state;
    stub_prepare(&stub);
    stub.port_count = 2;
    platen_spooler *spooler = new_house(&listener, &stub);
    assert_int_equal(platen_printer_add(spooler, "Second", "P2:"), 0);
    assert_true(set_port(u"p1:", PORT_STATUS_PAPER_OUT, PORT_STATUS_TYPE_ERROR, NULL));
    assert_int_equal(listener.last[PLATEN_EVENT_PORT_STATUS].status, PORT_STATUS_PAPER_OUT);
    assert_int_equal(listener.last[PLATEN_EVENT_PORT_STATUS].severity, PORT_STATUS_TYPE_ERROR);
    uint32_t id = submit_bytes(spooler, "Printer", hello, 5);
    uint32_t second = submit_bytes(spooler, "Second", hello, 5);
    assert_int_equal(platen_job_wait(spooler, second, PLATEN_FOREVER, NULL), 0);
    assert_int_equal(platen_job_query(spooler, id, &info), 0);
    assert_int_equal(info.state, PLATEN_JOB_QUEUED);
    assert_int_equal(info.status, JOB_STATUS_PAPEROUT);
    assert_true(set_port(u"P1:", PORT_STATUS_TONER_LOW, PORT_STATUS_TYPE_WARNING, NULL));
    assert_true(set_port(u"P1:", PORT_STATUS_WARMING_UP, PORT_STATUS_TYPE_INFO, NULL));
    assert_true(set_port(u"P1:", 0, PORT_STATUS_TYPE_ERROR, u"on fire\n"));
    assert_string_equal(listener.text[PLATEN_EVENT_PORT_STATUS], "on fire\\n");
    assert_int_equal(platen_job_query(spooler, id, &info), 0);
    assert_int_equal(info.status, JOB_STATUS_USER_INTERVENTION);
    assert_true(set_port(u"P1:", 0, 0, NULL));
    assert_int_equal(platen_job_wait(spooler, id, PLATEN_FOREVER, &info), 0);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_int_equal(listener.count[PLATEN_EVENT_PORT_STATUS], 5);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static void setport_is_asked_wrongly(void **state)
{
    struct stub stub;
    static WCHAR name[] = u"P1:";
    PORT_INFO_3W info = {.dwStatus = 1, .dwSeverity = 4};

    (void)state;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(NULL, &stub);
    assert_false(set_port(u"P9:", 1, 1, NULL));
    assert_int_equal(SPL->GetLastError(), 1796);
    assert_false(SPL->SetPortW(NULL, name, 2, (LPBYTE)&info));
    assert_int_equal(SPL->GetLastError(), 124);
    assert_false(SPL->SetPortW(NULL, name, 3, NULL));
    assert_int_equal(SPL->GetLastError(), 87);
    assert_false(SPL->SetPortW(NULL, NULL, 3, (LPBYTE)&info));
    assert_int_equal(SPL->GetLastError(), 87);
    assert_false(SPL->SetPortW(NULL, name, 3, (LPBYTE)&info));
    assert_int_equal(SPL->GetLastError(), 87);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

/* ---- several spoolers ------------------------------------------------------------------------ */

static uint32_t open_own_printer(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    HANDLE handle;

    if (at != AT_WRITE)
        return 0;
    if (!SPL->OpenPrinterW(port->printer, &handle, NULL) || !SPL->ClosePrinter(handle))
        stub_violation(stub, "a lane means its own spooler");
    return 0;
}

static void names_decide_between_spoolers(void **state)
{
    struct listener listeners[2];
    struct stub stubs[2];
    platen_spooler *spoolers[2];
    HANDLE handle;
    DWORD needed, returned;

    (void)state;
    for (int i = 0; i < 2; i++) {
        stub_prepare(&stubs[i]);
        stubs[i].inside = open_own_printer;
        stubs[i].complete = true;
        spoolers[i] = new_house(&listeners[i], &stubs[i]);
    }
    assert_int_equal(platen_printer_add(spoolers[1], "Alone", "P1:"), 0);
    assert_true(open_printer(u"Alone", &handle));
    assert_true(SPL->ClosePrinter(handle));
    for (int i = 0; i < 2; i++) {
        struct platen_job_info info = print_bytes(spoolers[i], hello, 5);
        assert_int_equal(info.state, PLATEN_JOB_PRINTED);
        assert_int_equal(info.completions, 1);
        assert_int_equal(stubs[i].ports[0].size, 5);
        assert_int_equal(listeners[i].count[PLATEN_EVENT_FINDING], 0);
    }
    assert_false(open_printer(u"Printer", &handle));
    assert_int_equal(SPL->GetLastError(), 1801);
    assert_false(SPL->EnumPortsW(NULL, 1, NULL, 0, &needed, &returned));
    assert_int_equal(SPL->GetLastError(), 1801);
    for (int i = 0; i < 2; i++)
        assert_int_equal(listeners[i].count[PLATEN_EVENT_FINDING], 2);
    platen_spooler_destroy(spoolers[0]);
    assert_true(open_printer(u"Printer", &handle));
    assert_true(SPL->ClosePrinter(handle));
    platen_spooler_destroy(spoolers[1]);
    stub_check(&stubs[0]);
    stub_check(&stubs[1]);
}

/* ---- memory and identity --------------------------------------------------------------------- */

static void answers_are_freed_with_all_they_hold(void **state)
{
    (void)state;
    PBIDI_RESPONSE_CONTAINER tree = SPL->RouterAllocBidiResponseContainer(3);
    assert_non_null(tree);
    tree->Version = 1;
    tree->Count = 3;
    for (DWORD i = 0; i < 3; i++)
        tree->aData[i].pSchema = SPL->RouterAllocBidiMem(10);
    tree->aData[0].data.dwBidiType = BIDI_TEXT;
    tree->aData[0].data.u.sData = SPL->RouterAllocBidiMem(20);
    tree->aData[1].data.dwBidiType = BIDI_BLOB;
    tree->aData[1].data.u.biData.pData = SPL->RouterAllocBidiMem(0);
    tree->aData[2].data.dwBidiType = BIDI_INT;
    tree->aData[2].data.u.iData = 7;
    assert_int_equal(SPL->RouterFreeBidiResponseContainer(tree), 0);
    assert_int_equal(SPL->RouterFreeBidiResponseContainer(NULL), 0);
    SPL->RouterFreeBidiMem(SPL->RouterAllocBidiMem(5));
    SPL->RouterFreeBidiMem(NULL);
    HANDLE token = SPL->RevertToPrinterSelf();
    assert_non_null(token);
    assert_true(SPL->ImpersonatePrinterClient(token));
    assert_false(SPL->ImpersonatePrinterClient(NULL));
}

static int make_ready(void **state)
{
    (void)state;
    platen_spooler_destroy(new_spooler(NULL)); /* the first spooler makes the process ready */
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_printers),
        cmocka_unit_test(access_is_made_exact),
        cmocka_unit_test(dead_handles_are_findings),
        cmocka_unit_test(xcv_handles_do_not_outlive_shutdown),
        cmocka_unit_test(commands_of_setjob),
        cmocka_unit_test(getjob_packs),
        cmocka_unit_test(an_error_parks_the_port),
        cmocka_unit_test(setport_is_asked_wrongly),
        cmocka_unit_test(names_decide_between_spoolers),
        cmocka_unit_test(answers_are_freed_with_all_they_hold),
    };
    return cmocka_run_group_tests(tests, make_ready, NULL);
}
