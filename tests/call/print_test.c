/* SPDX-License-Identifier: MIT
 *
 * The text form: one line for one call, whatever the call carries and however little room there is.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/served.h"
#include "printed.h"
#include "recorder.h"

static void a_job(void **state)
{
    (void)state;
    DWORD written = 5;
    HANDLE port = handle(0x501);
    DOC_INFO_1W doc = {w(u"a \"b\""), NULL, w(u"RAW")};
    struct platen_call open = CALL(OpenPort, {handle(0x502), w(u"LPT1:"), &port});
    struct platen_call start =
        CALL(StartDocPort, {port, w(u"Printer"), 7, 1, (LPBYTE)(void *)&doc});
    struct platen_call write = CALL(WritePort, {port, bytes("%!PS\n"), 5, &written});
    struct platen_call end = CALL(EndDocPort, {port});
    prints_as(&open, &named,
              "LPT1: OpenPort hMonitor=$monitor2 pName=\"LPT1:\" -> FALSE ERROR_SUCCESS");
    open.result.code = TRUE;
    prints_as(&open, &named,
              "LPT1: OpenPort hMonitor=$monitor2 pName=\"LPT1:\" -> TRUE pHandle=$port1");
    start.result.code = TRUE;
    prints_as(&start, &named,
              "LPT1: StartDocPort hPort=$port1 pPrinterName=\"Printer\" JobId=7 Level=1 "
              "pDocInfo={pDocName=\"a \\\"b\\\"\" pOutputFile=NULL pDatatype=\"RAW\"} -> TRUE");
    start.args.StartDocPort.Level = 77; /* then nobody knows what it points at */
    start.args.StartDocPort.pDocInfo = bytes("");
    prints_as(&start, &named,
              "LPT1: StartDocPort hPort=$port1 pPrinterName=\"Printer\" JobId=7 Level=77 "
              "pDocInfo={...} -> TRUE");
    write.result.code = TRUE;
    prints_as(&write, &named,
              "LPT1: WritePort hPort=$port1 pBuffer=\"%!PS\\n\" cbBuf=5 -> TRUE pcbWritten=5");
    write.result.code = FALSE;
    write.last_error = 1460;
    written = 0;
    prints_as(&write, &named,
              "LPT1: WritePort hPort=$port1 pBuffer=\"%!PS\\n\" cbBuf=5 -> FALSE "
              "pcbWritten=0 ERROR_TIMEOUT");
    write.last_error = 4711;
    write.args.WritePort.pcbWritten = NULL;
    write.args.WritePort.pBuffer = NULL;
    prints_as(&write, NULL,
              "LPT1: WritePort hPort=port:0x501 pBuffer=NULL cbBuf=5 pcbWritten=NULL "
              "-> FALSE 4711");
    end.args.EndDocPort.hPort = NULL;
    end.result.code = TRUE;
    prints_as(&end, &named, "LPT1: EndDocPort hPort=NULL -> TRUE");
}

static void a_call_that_has_not_returned(void **state)
{
    (void)state;
    struct platen_call_form entering = {.entering = true, .inline_bytes = 4};
    DWORD read = 99;
    struct platen_call call = CALL(ReadPort, {handle(1), bytes("?"), 100, &read});
    struct platen_call write = CALL(WritePort, {handle(1), bytes("12345"), 5, &read});
    prints_as(&call, &entering, "LPT1: ReadPort hPort=port:0x1 cbBuffer=100 -> ?");
    prints_as(&write, &entering, "LPT1: WritePort hPort=port:0x1 pBuffer=<5 bytes> cbBuf=5 -> ?");
}

static void what_comes_back(void **state)
{
    (void)state;
    DWORD needed = 88, returned = 0, read = 3;
    struct platen_call ports =
        CALL(EnumPorts, {handle(0x501), NULL, 2, NULL, 0, &needed, &returned});
    ports.last_error = 122;
    prints_as(&ports, &named,
              "LPT1: EnumPorts hMonitor=$monitor1 pName=NULL Level=2 pPorts=NULL cbBuf=0 -> FALSE "
              "pcbNeeded=88 pcReturned=0 ERROR_INSUFFICIENT_BUFFER");
    struct platen_call call = CALL(ReadPort, {handle(0x501), bytes("\0\x1b\xe4+"), 4, &read});
    call.result.code = TRUE;
    prints_as(&call, &named,
              "LPT1: ReadPort hPort=$port1 cbBuffer=4 -> TRUE "
              "pBuffer=\"\\x00\\x1b\\xe4\" pcbRead=3");
    read = 0;
    prints_as(&call, &named,
              "LPT1: ReadPort hPort=$port1 cbBuffer=4 -> TRUE pBuffer=\"\" pcbRead=0");
    call.args.ReadPort.pcbRead = NULL;
    prints_as(&call, &named,
              "LPT1: ReadPort hPort=$port1 cbBuffer=4 pcbRead=NULL -> TRUE pBuffer=\"\"");
}

/* A monitor may say that it filled more than it was given: no more than that is read. */
static void counts_that_lie(void **state)
{
    (void)state;
    DWORD count = 0xffffffff;
    struct platen_call call = CALL(ReadPort, {handle(0x501), bytes("ab"), 2, &count});
    struct platen_call xcv =
        CALL(XcvDataPort, {handle(0x501), w(u"MonitorUI"), NULL, 0, bytes("x"), 1, &count});
    call.result.code = TRUE;
    prints_as(&call, &named,
              "LPT1: ReadPort hPort=$port1 cbBuffer=2 -> TRUE pBuffer=\"ab\" "
              "pcbRead=4294967295");
    prints_as(&xcv, &named,
              "LPT1: XcvDataPort hXcv=$xcv1 pszDataName=\"MonitorUI\" pInputData=NULL "
              "cbInputData=0 cbOutputData=1 -> ERROR_SUCCESS pOutputData=\"x\" "
              "pcbOutputNeeded=4294967295");
}

static void codes_are_named(void **state)
{
    (void)state;
    DWORD needed = 4;
    struct platen_call call =
        CALL(XcvDataPort, {handle(0x501), w(u"AddPort"), bytes("a\0"), 2, NULL, 0, &needed});
    call.result.code = 170;
    call.last_error = 5; /* not this call's business */
    prints_as(&call, &named,
              "LPT1: XcvDataPort hXcv=$xcv1 pszDataName=\"AddPort\" pInputData=\"a\\x00\" "
              "cbInputData=2 pOutputData=NULL cbOutputData=0 -> ERROR_BUSY pcbOutputNeeded=4");
}

static void entry_points(void **state)
{
    (void)state;
    MONITORREG registry = platen_served_registry;
    registry.fpDeleteKey = NULL;
    MONITORINIT init = {.cbSize = 77,
                        .hSpooler = handle(0x502),
                        .pMonitorReg = &registry,
                        .pszServerName = w(u"srv")};
    MONITOR2 table = {.cbSize = sizeof table};
    HANDLE monitor = handle(0x501);
    struct platen_call call = CALL(InitializePrintMonitor2, {&init, &monitor});
    struct platen_call attach = CALL(DllMain, {(HINSTANCE)handle(0x501), 1, NULL});
    struct platen_call shutdown = CALL(Shutdown, {monitor});
    char expected[300];
    call.last_error = 8;
    snprintf(expected, sizeof expected,
             "LPT1: InitializePrintMonitor2 pMonitorInit={cbSize=77 hSpooler=$spooler2 "
             "hckRegistryRoot=NULL pMonitorReg={cbSize=%u DeleteKey=NULL} bLocal=0 "
             "pszServerName=\"srv\"} -> NULL ERROR_NOT_ENOUGH_MEMORY",
             (unsigned)sizeof registry);
    prints_as(&call, &named, expected);
    call.result.pointer = &table;
    call.args.InitializePrintMonitor2.pMonitorInit = NULL;
    prints_as(&call, &named,
              "LPT1: InitializePrintMonitor2 pMonitorInit=NULL -> table phMonitor=$monitor1");
    attach.result.code = TRUE;
    prints_as(&attach, &named,
              "LPT1: DllMain hModule=$module1 fdwReason=1 lpReserved=NULL -> TRUE");
    prints_as(&shutdown, &named, "LPT1: Shutdown hMonitor=$monitor1 -> done");
}

static void calls_back(void **state)
{
    (void)state;
    HANDLE key = handle(0x502), printer = handle(0x503);
    DWORD disposition = 1, size = 3, type = 3;
    PORT_INFO_3W status = {.dwStatus = 1, .pszStatus = w(u"jam"), .dwSeverity = 1};
    struct platen_call create = CALL(CreateKey, {handle(0x501), w(u"Ports"), 0, KEY_READ, NULL,
                                                 &key, &disposition, handle(0x509)});
    struct platen_call query =
        CALL(QueryValue, {key, w(u"v"), &type, bytes("abc"), &size, handle(0x509)});
    struct platen_call set = CALL(SetJobW, {printer, 7, 0, NULL, 5});
    struct platen_call port = CALL(SetPortW, {NULL, w(u"P"), 3, (LPBYTE)(void *)&status});
    struct platen_call job = CALL(GetJobW, {printer, 7, 1, NULL, 0, &size});
    struct platen_call open = CALL(OpenPrinterW, {w(u"P"), &printer, NULL});
    create.depth = 1;
    prints_as(&create, &named,
              "LPT1:   CreateKey hcKey=$key1 pszSubKey=\"Ports\" dwOptions=0 samDesired=0x20019 "
              "pSecurityAttributes=NULL hSpooler=$spooler9 -> ERROR_SUCCESS phckResult=$key2 "
              "pdwDisposition=1");
    query.depth = 2;
    prints_as(&query, &named,
              "LPT1:     QueryValue hcKey=$key2 pszValue=\"v\" hSpooler=$spooler9 -> ERROR_SUCCESS "
              "pType=3 pData=\"abc\" pcbData=3");
    query.result.code = 234;
    query.depth = 0;
    prints_as(&query, &named,
              "LPT1: QueryValue hcKey=$key2 pszValue=\"v\" hSpooler=$spooler9 -> "
              "ERROR_MORE_DATA pType=3 pcbData=3");
    set.result.code = TRUE;
    prints_as(&set, &named,
              "LPT1: SetJobW hPrinter=$printer3 JobId=7 Level=0 pJob=NULL Command=5 -> TRUE");
    port.result.code = TRUE;
    prints_as(&port, &named,
              "LPT1: SetPortW pName=NULL pPortName=\"P\" dwLevel=3 "
              "pPortInfo={dwStatus=1 pszStatus=\"jam\" dwSeverity=1} -> TRUE");
    job.last_error = 122;
    prints_as(&job, &named,
              "LPT1: GetJobW hPrinter=$printer3 JobId=7 Level=1 pJob=NULL cbBuf=0 "
              "-> FALSE pcbNeeded=3 ERROR_INSUFFICIENT_BUFFER");
    open.result.code = TRUE;
    prints_as(&open, &named,
              "LPT1: OpenPrinterW pPrinterName=\"P\" pDefault=NULL -> TRUE phPrinter=$printer3");
}

static void names_that_are_enumerated(void **state)
{
    (void)state;
    DWORD count = 2, size = 1, type = 4;
    FILETIME time = {0xff, 0x1db0000};
    struct platen_call key =
        CALL(EnumKey, {handle(0x501), 0, w(u"ab"), &count, &time, handle(0x501)});
    struct platen_call value = CALL(
        EnumValue, {handle(0x501), 3, w(u"ab"), &count, &type, bytes("x"), &size, handle(0x501)});
    prints_as(&key, &named,
              "LPT1: EnumKey hcKey=$key1 dwIndex=0 hSpooler=$spooler1 -> ERROR_SUCCESS "
              "pszName=\"ab\" pcchName=2 pftLastWriteTime=0x1db0000000000ff");
    prints_as(&value, &named,
              "LPT1: EnumValue hcKey=$key1 dwIndex=3 hSpooler=$spooler1 -> ERROR_SUCCESS "
              "pszValue=\"ab\" pcbValue=2 pType=4 pData=\"x\" pcbData=1");
    value.result.code = 259;
    prints_as(&value, &named,
              "LPT1: EnumValue hcKey=$key1 dwIndex=3 hSpooler=$spooler1 -> ERROR_NO_MORE_ITEMS "
              "pcbValue=2 pType=4 pcbData=1");
}

static void the_rest_of_the_kinds(void **state)
{
    (void)state;
    COMMTIMEOUTS times = {1, 2, 3, 4, 0xffffffff};
    PCWSTR names[2] = {w(u"P"), NULL};
    PORT_INFO_1W port = {w(u"P")};
    HANDLE xcv = handle(0x501);
    MONITOR2 table = {.cbSize = PLATEN_MONITOR2_WIN2K};
    struct platen_call timeouts = CALL(SetPortTimeOuts, {handle(0x501), &times, 0});
    struct platen_call used = CALL(NotifyUsedPorts, {handle(0x501), 2, names});
    struct platen_call add = CALL(AddPortEx, {handle(0x501), NULL, 1, bytes(&port), w(u"M")});
    struct platen_call open =
        CALL(XcvOpenPort, {handle(0x501), w(u"Local Port"), SERVER_ACCESS_ADMINISTER, &xcv});
    struct platen_call ex =
        CALL(OpenPortEx, {handle(0x501), handle(2), w(u"P"), w(u"Q"), &xcv, &table});
    prints_as(&timeouts, &named,
              "LPT1: SetPortTimeOuts hPort=$port1 lpCTO={ReadIntervalTimeout=1 "
              "ReadTotalTimeoutMultiplier=2 ReadTotalTimeoutConstant=3 "
              "WriteTotalTimeoutMultiplier=4 WriteTotalTimeoutConstant=4294967295} reserved=0 -> "
              "FALSE ERROR_SUCCESS");
    prints_as(&used, &named,
              "LPT1: NotifyUsedPorts hMonitor=$monitor1 cPorts=2 ppszPorts=[\"P\" NULL] -> "
              "ERROR_SUCCESS");
    prints_as(&add, &named,
              "LPT1: AddPortEx hMonitor=$monitor1 pName=NULL Level=1 "
              "lpBuffer={pName=\"P\"} lpMonitorName=\"M\" -> FALSE ERROR_SUCCESS");
    add.args.AddPortEx.Level = 9;
    prints_as(&add, &named,
              "LPT1: AddPortEx hMonitor=$monitor1 pName=NULL Level=9 "
              "lpBuffer={...} lpMonitorName=\"M\" -> FALSE ERROR_SUCCESS");
    open.result.code = TRUE;
    prints_as(&open, &named,
              "LPT1: XcvOpenPort hMonitor=$monitor1 pszObject=\"Local Port\" "
              "GrantedAccess=0x1 -> TRUE phXcv=$xcv1");
    table.pfnEnumPorts = recorder_monitor.pfnEnumPorts;
    char line[1000];
    assert_true(platen_call_print(&ex, &named, line, sizeof line) < sizeof line);
    assert_null(strstr(line, "EnumPorts=NULL")); /* what is missing is told ... */
    assert_non_null(strstr(line, " ReadPort=NULL "));
    assert_non_null(strstr(line, " Shutdown=NULL}"));
    assert_null(strstr(line, "PowerEvent")); /* ... as far as the table goes */
    ex.args.OpenPortEx.pMonitor2 = NULL;
    prints_as(&ex, &named,
              "LPT1: OpenPortEx hMonitor=$monitor1 hMonitorPort=monitor:0x2 pPortName=\"P\" "
              "pPrinterName=\"Q\" pMonitor2=NULL -> FALSE ERROR_SUCCESS");
}

static void pointers_and_moments(void **state)
{
    (void)state;
    PRINTER_DEFAULTSW defaults = {w(u"RAW"), NULL, 8};
    struct {
        POWERBROADCAST_SETTING setting;
        unsigned char more[8];
    } power = {
        .setting = {{0x6fe69556, 0x704a, 0x47a0, {0x8f, 0x24, 0xc2, 0x8d, 0x93, 0x6f, 0xda, 0x47}},
                    4,
                    {1}}};
    struct platen_call add = CALL(AddPort, {handle(0x501), NULL, handle(0x1234), w(u"M")});
    struct platen_call open = CALL(OpenPrinterW, {w(u"P"), NULL, &defaults});
    struct platen_call event = CALL(PowerEvent, {handle(0x501), 32787, &power.setting});
    prints_as(&add, &named,
              "LPT1: AddPort hMonitor=$monitor1 pName=NULL hWnd=pointer:0x1234 "
              "pMonitorName=\"M\" -> FALSE ERROR_SUCCESS");
    prints_as(&open, &named,
              "LPT1: OpenPrinterW pPrinterName=\"P\" phPrinter=NULL pDefault={pDatatype=\"RAW\" "
              "pDevMode=NULL DesiredAccess=0x8} -> FALSE ERROR_SUCCESS");
    prints_as(&event, &named,
              "LPT1: PowerEvent hMonitor=$monitor1 event=32787 pSettings={PowerSetting="
              "\"6fe69556-704a-47a0-8f24-c28d936fda47\" Data=\"\\x01\\x00\\x00\\x00\"} -> "
              "ERROR_SUCCESS");
}

static void bidi_requests(void **state)
{
    (void)state;
    struct {
        BIDI_REQUEST_CONTAINER head;
        BIDI_REQUEST_DATA more[5];
    } asked = {.head = {.Version = 1, .Count = 6}};
    static const FLOAT half = 0.5f;
    BIDI_REQUEST_DATA *at = asked.head.aData;
    at[0] = (BIDI_REQUEST_DATA){1, w(u"\\Printer"), {BIDI_NULL, {0}}};
    at[1] = (BIDI_REQUEST_DATA){2, NULL, {BIDI_INT, {.iData = -5}}};
    at[2] = (BIDI_REQUEST_DATA){3, NULL, {BIDI_FLOAT, {.fData = half}}};
    at[3] = (BIDI_REQUEST_DATA){4, NULL, {BIDI_ENUM, {.sData = w(u"x")}}};
    at[4] = (BIDI_REQUEST_DATA){5, NULL, {BIDI_BLOB, {.biData = {2, bytes("\xe4+")}}}};
    at[5] = (BIDI_REQUEST_DATA){6, NULL, {99, {.iData = 1}}};
    struct platen_call bidi =
        CALL(SendRecvBidiDataFromPort, {handle(0x501), 2, w(u"Get"), &asked.head, NULL});
    bidi.result.code = 50;
    prints_as(&bidi, &named,
              "LPT1: SendRecvBidiDataFromPort hPort=$port1 dwAccessBit=0x2 pAction=\"Get\" "
              "pReqData={Version=1 Flags=0 Count=6 aData=["
              "{dwReqNumber=1 pSchema=\"\\\\Printer\" dwBidiType=0} "
              "{dwReqNumber=2 pSchema=NULL dwBidiType=1 iData=-5} "
              "{dwReqNumber=3 pSchema=NULL dwBidiType=2 fData=0.5} "
              "{dwReqNumber=4 pSchema=NULL dwBidiType=6 sData=\"x\"} "
              "{dwReqNumber=5 pSchema=NULL dwBidiType=7 biData=\"\\xe4+\"} "
              "{dwReqNumber=6 pSchema=NULL dwBidiType=99}]} "
              "ppResData=NULL -> ERROR_NOT_SUPPORTED");
}

/* What does not come back, or is not known, is told by its length or by whoever knows. */
static bool tell_data(void *context, const struct platen_call *call,
                      const struct platen_arg_info *arg, const void *data, size_t length, char *to,
                      size_t size)
{
    assert_ptr_equal(context, &lane);
    assert_int_equal(call->slot, PLATEN_SLOT_WritePort);
    assert_string_equal(arg->name, "pBuffer");
    assert_memory_equal(data, "12345", 5);
    return snprintf(to, size, "@doc1[7+%u]", (unsigned)length) > 0;
}

static void data_that_is_elsewhere(void **state)
{
    (void)state;
    struct platen_call_form form = {.context = &lane, .inline_bytes = 4, .data = tell_data};
    struct platen_call write = CALL(WritePort, {handle(1), bytes("12345"), 5, NULL});
    prints_as(&write, &form,
              "LPT1: WritePort hPort=port:0x1 pBuffer=@doc1[7+5] cbBuf=5 pcbWritten=NULL -> FALSE "
              "ERROR_SUCCESS");
    form.brief = true;
    prints_as(&write, &form,
              "LPT1: WritePort hPort=port:0x1 pBuffer=<5 bytes> cbBuf=5 pcbWritten=NULL -> FALSE "
              "ERROR_SUCCESS");
}

static void times(void **state)
{
    (void)state;
    struct platen_call_form form = {.timed = true, .origin = 1000};
    struct platen_call end = CALL(EndDocPort, {handle(1)});
    end.begin = 2000000000 + 1000 + 7;
    end.end = end.begin + 123456789;
    end.result.code = TRUE;
    prints_as(&end, &form,
              "LPT1: EndDocPort hPort=port:0x1 -> TRUE at=2.000000007 took=0.123456789");
    end.begin = end.end = 0;
    end.result.code = FALSE;
    end.last_error = 6;
    prints_as(&end, &form,
              "LPT1: EndDocPort hPort=port:0x1 -> FALSE ERROR_INVALID_HANDLE at=0.000000000 "
              "took=0.000000000");
}

static void what_went_into_a_number(void **state)
{
    (void)state;
    DWORD count = 300, size = 5;
    struct platen_call key = CALL(EnumKey, {NULL, 1, w(u"ab"), &count, NULL, NULL});
    struct platen_call value = CALL(EnumValue, {NULL, 0, NULL, &count, NULL, NULL, &size, NULL});
    platen_call_keep_given(&key);
    platen_call_keep_given(&value);
    count = 2;
    size = 9;
    prints_as(&key, NULL,
              "LPT1: EnumKey hcKey=NULL dwIndex=1 pcchName=300 pftLastWriteTime=NULL hSpooler=NULL "
              "-> ERROR_SUCCESS pszName=\"ab\" pcchName=2");
    value.result.code = 234;
    prints_as(
        &value, NULL,
        "LPT1: EnumValue hcKey=NULL dwIndex=0 pszValue=NULL pcbValue=300 pType=NULL pData=NULL "
        "pcbData=5 hSpooler=NULL -> ERROR_MORE_DATA pcbValue=2 pcbData=9");
}

static void a_line_is_indented_so_far(void **state)
{
    (void)state;
    struct platen_call end = CALL(EndDocPort, {NULL});
    char line[200];
    end.depth = 1000;
    assert_true(platen_call_print(&end, NULL, line, sizeof line) < sizeof line);
    assert_int_equal(strspn(line + strlen("LPT1:"), " "), 1 + 2 * 32);
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* With nothing in it, every argument of every slot has its name and a value in the line. */
static void every_argument_is_named(void **state)
{
    (void)state;
    for (int i = 0; i < PLATEN_SLOT_COUNT; i++) {
        struct platen_call call = {.slot = (enum platen_slot)i, .lane = &lane};
        struct platen_slot_info info = platen_slot_info(call.slot);
        char line[1000], part[100];
        assert_true(platen_call_print(&call, NULL, line, sizeof line) < sizeof line);
        for (unsigned a = 0; a < info.arg_count; a++) {
            snprintf(part, sizeof part, " %s=", info.args[a].name);
            const char *at = strstr(line, part);
            assert_non_null(at);
            at += strlen(part);
            assert_true(strncmp(at, "NULL ", 5) == 0 || strncmp(at, "0 ", 2) == 0 ||
                        strncmp(at, "0x0 ", 4) == 0);
        }
    }
}

static void every_kind_was_printed(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLATEN_KINDS; i++) {
        if (!printed_kinds[i]) {
            print_error("no line shows: %s\n", platen_kind_text((enum platen_kind)i));
        }
        assert_true(printed_kinds[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job),
        cmocka_unit_test(a_call_that_has_not_returned),
        cmocka_unit_test(what_comes_back),
        cmocka_unit_test(counts_that_lie),
        cmocka_unit_test(codes_are_named),
        cmocka_unit_test(entry_points),
        cmocka_unit_test(calls_back),
        cmocka_unit_test(names_that_are_enumerated),
        cmocka_unit_test(the_rest_of_the_kinds),
        cmocka_unit_test(pointers_and_moments),
        cmocka_unit_test(bidi_requests),
        cmocka_unit_test(data_that_is_elsewhere),
        cmocka_unit_test(times),
        cmocka_unit_test(what_went_into_a_number),
        cmocka_unit_test(a_line_is_indented_so_far),
        cmocka_unit_test(every_argument_is_named),
        cmocka_unit_test(every_kind_was_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
