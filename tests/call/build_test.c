/* SPDX-License-Identifier: MIT
 *
 * Calls made of words: defaults, what is wrong on purpose, and every way to get it wrong by
 * mistake.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/build.h"
#include "call/print.h"
#include "os/memory.h"
#include "os/text.h"

static struct platen_words *words;
static struct platen_built *built;
static struct platen_call call;
static struct platen_text_error error;

static int setup(void **state)
{
    (void)state;
    words = platen_words_new();
    built = platen_built_new();
    return words == NULL || built == NULL;
}

static int teardown(void **state)
{
    (void)state;
    platen_words_free(words);
    platen_built_free(built);
    return 0;
}

/* ---- names ----------------------------------------------------------------------------------- */

static MONITOR2 table = {.cbSize = sizeof table};
static struct platen_words *variable_words;
static struct platen_line variable;

static bool handle_of(void *context, enum platen_kind kind, const char *name, size_t length,
                      uint64_t *bits)
{
    (void)context;
    *bits = 0x500u + kind;
    return length == 5 && memcmp(name, "known", 5) == 0;
}

static bool newest(void *context, enum platen_slot slot, const struct platen_arg_info *arg,
                   enum platen_kind kind, uint64_t *bits)
{
    (void)context;
    assert_true(slot < PLATEN_SLOT_COUNT);
    assert_int_equal(arg->kind, kind);
    *bits = 0x900u + kind;
    return kind != PLATEN_KIND_SPOOLER;
}

static bool stream_of(void *context, const char *name, size_t length, uint64_t offset,
                      uint64_t *count, const void **bytes)
{
    static const char data[] = "0123456789";
    (void)context;
    if (length != 4 || memcmp(name, "doc1", 4) != 0 || offset > 10) {
        return false;
    }
    *count = *count < 10 - offset ? *count : 10 - offset;
    *bytes = data + offset;
    return true;
}

static const MONITOR2 *table_of(void *context, uint64_t monitor)
{
    (void)context;
    return monitor == 0 ? NULL : &table;
}

static const struct platen_word *variable_of(void *context, const char *name, size_t length)
{
    (void)context;
    return length == 1 && *name == 'v' ? variable.left : NULL;
}

static const struct platen_names names = {.handle = handle_of,
                                          .newest = newest,
                                          .stream = stream_of,
                                          .table = table_of,
                                          .variable = variable_of};

static bool try_build(const char *text, const struct platen_names *with)
{
    struct platen_line line;
    struct platen_statement statement;
    error = (struct platen_text_error){.line = 0};
    if (!platen_words_read(words, text, strlen(text), 3, &line, &error)) {
        fail_msg("%s: %u: %s", text, error.column, error.what);
    }
    platen_statement_find(&line, NULL, &statement);
    assert_int_not_equal(statement.slot, PLATEN_SLOT_COUNT);
    return platen_build(built, statement.slot, statement.arguments, with, &call, &error);
}

static void builds(const char *text)
{
    if (!try_build(text, &names)) {
        fail_msg("%s: %u: %s", text, error.column, error.what);
    }
    assert_ptr_equal(call.built, built);
    assert_int_equal(platen_built_after(built, NULL), 0);
}

static void fails(const char *text, uint32_t column, const char *what)
{
    if (try_build(text, &names)) {
        fail_msg("%s: built, but it is wrong", text);
    }
    assert_int_equal(error.line, 3);
    if (error.column != column || strstr(error.what, what) == NULL) {
        fail_msg("%s: %u: %s; expected %u: %s", text, error.column, error.what, column, what);
    }
}

static void text_is(const void *text, const char16_t *expected)
{
    size_t length = platen_text_length16(expected, SIZE_MAX);
    assert_non_null(text);
    assert_memory_equal(text, expected, (length + 1) * sizeof *expected);
}

static uintptr_t bits(const void *pointer)
{
    return (uintptr_t)pointer;
}

/* ---- defaults -------------------------------------------------------------------------------- */

static void sizes_follow_the_data(void **state)
{
    (void)state;
    builds("WritePort hPort=$known pBuffer=\"abc\\x00\"");
    const struct platen_args_WritePort *w = &call.args.WritePort;
    assert_int_equal(bits(w->hPort), 0x500 + PLATEN_KIND_PORT);
    assert_int_equal(w->cbBuf, 4);
    assert_memory_equal(w->pBuffer, "abc\0", 4);
    assert_non_null(w->pcbWritten);
    assert_int_equal(*w->pcbWritten, 0);
    builds("WritePort pBuffer=\"abc\" cbBuf=2 pcbWritten=77");
    assert_int_equal(bits(w->hPort), 0x900 + PLATEN_KIND_PORT);
    assert_int_equal(w->cbBuf, 2);
    assert_int_equal(*w->pcbWritten, 77);
    builds("WritePort cbBuf=9 pcbWritten=NULL hPort=NULL");
    assert_null(w->pBuffer);
    assert_null(w->pcbWritten);
    assert_null(w->hPort);
    assert_int_equal(w->cbBuf, 9);
    builds("WritePort pBuffer=@doc1[2+3]");
    assert_int_equal(w->cbBuf, 3);
    assert_memory_equal(w->pBuffer, "234", 3);
    builds("WritePort pBuffer=@doc1");
    assert_int_equal(w->cbBuf, 10);
    builds("WritePort pBuffer=\"\"");
    assert_non_null(w->pBuffer);
    assert_int_equal(w->cbBuf, 0);
    builds("NotifyUsedPorts ppszPorts=[\"a\" NULL b]");
    const struct platen_args_NotifyUsedPorts *n = &call.args.NotifyUsedPorts;
    assert_int_equal(n->cPorts, 3);
    text_is(n->ppszPorts[0], u"a");
    assert_null(n->ppszPorts[1]);
    text_is(n->ppszPorts[2], u"b");
}

static void memory_for_what_comes_back(void **state)
{
    (void)state;
    builds("EnumPorts");
    const struct platen_args_EnumPorts *e = &call.args.EnumPorts;
    assert_int_equal(e->Level, 2);
    assert_int_equal(e->cbBuf, 65536);
    assert_null(e->pName);
    memset(e->pPorts, 1, e->cbBuf);
    assert_non_null(e->pcbNeeded);
    assert_non_null(e->pcReturned);
    builds("EnumPorts pPorts=NULL");
    assert_null(e->pPorts);
    assert_int_equal(e->cbBuf, 0);
    builds("EnumPorts cbBuf=13 Level=1");
    assert_int_equal(bits(e->pPorts) % 8, 0);
    assert_int_equal(e->cbBuf, 13);
    builds("EnumPorts pPorts=NULL cbBuf=500");
    assert_null(e->pPorts);
    assert_int_equal(e->cbBuf, 500);
    builds("EnumKey hcKey=$known pcchName=10");
    const struct platen_args_EnumKey *k = &call.args.EnumKey;
    assert_int_equal(*k->pcchName, 10);
    assert_true(call.given_kept);
    assert_int_equal(call.given[0], 10);
    memset(k->pszName, 1, 20);
    assert_null(k->hSpooler);
    builds("EnumKey");
    assert_int_equal(*k->pcchName, 256);
    assert_non_null(k->pftLastWriteTime);
    builds("EnumKey pcchName=NULL");
    assert_null(k->pcchName);
    assert_non_null(k->pszName);
    builds("EnumValue pData=NULL");
    assert_int_equal(*call.args.EnumValue.pcbData, 0);
    assert_int_equal(*call.args.EnumValue.pcbValue, 256);
    builds("ReadPort");
    assert_int_equal(call.args.ReadPort.cbBuffer, 4096);
}

static void levels(void **state)
{
    (void)state;
    builds("StartDocPort pDocInfo={pDocName=\"x\" pDatatype=RAW} JobId=5");
    const struct platen_args_StartDocPort *s = &call.args.StartDocPort;
    const DOC_INFO_2W *doc = (const DOC_INFO_2W *)(void *)s->pDocInfo;
    assert_int_equal(s->Level, 1);
    text_is(doc->pDocName, u"x");
    assert_null(doc->pOutputFile);
    text_is(doc->pDatatype, u"RAW");
    assert_int_equal(platen_built_reach(built, doc), sizeof(DOC_INFO_1W));
    builds("StartDocPort pDocInfo={dwMode=3}");
    doc = (const DOC_INFO_2W *)(void *)s->pDocInfo;
    assert_int_equal(s->Level, 2);
    assert_int_equal(doc->dwMode, 3);
    builds("StartDocPort pDocInfo={} Level=2");
    assert_int_equal(s->Level, 2);
    assert_int_equal(platen_built_reach(built, s->pDocInfo), sizeof(DOC_INFO_2W));
    builds("StartDocPort pDocInfo={dwMode=1} Level=77");
    assert_int_equal(s->Level, 77);
    assert_int_equal(platen_built_reach(built, s->pDocInfo), sizeof(DOC_INFO_2W));
    builds("StartDocPort");
    assert_int_equal(s->Level, 1);
    assert_null(s->pDocInfo);
    builds("SetPortW pPortName=P pPortInfo={dwStatus=2 dwSeverity=1}");
    assert_int_equal(call.args.SetPortW.dwLevel, 3);
    builds("SetJobW Command=5");
    assert_int_equal(call.args.SetJobW.Level, 0);
    assert_null(call.args.SetJobW.pJob);
    builds("SetJobW pJob={JobId=1 NextJobId=2}");
    assert_int_equal(call.args.SetJobW.Level, 3);
    builds("AddPortEx lpBuffer={pPortName=P}");
    assert_int_equal(call.args.AddPortEx.Level, 2);
    builds("GetJobW JobId=1");
    assert_int_equal(call.args.GetJobW.Level, 1);
}

static void tables(void **state)
{
    (void)state;
    const struct platen_args_OpenPortEx *x = &call.args.OpenPortEx;
    memset(&table, 0x5a, sizeof table);
    table.cbSize = sizeof table;
    builds("OpenPortEx pPortName=P");
    assert_memory_equal(x->pMonitor2, &table, sizeof table);
    assert_ptr_not_equal(x->pMonitor2, &table);
    builds("OpenPortEx hMonitorPort=NULL");
    assert_null(x->pMonitor2);
    builds("OpenPortEx pMonitor2=monitor:$known{cbSize=152 ReadPort=NULL}");
    assert_int_equal(x->pMonitor2->cbSize, 152);
    assert_true(x->pMonitor2->pfnReadPort == NULL);
    assert_false(x->pMonitor2->pfnWritePort == NULL);
    assert_int_equal(platen_built_reach(built, x->pMonitor2), 152);
    builds("OpenPortEx pMonitor2=monitor:0x5{cbSize=100000}");
    assert_int_equal(x->pMonitor2->cbSize, 100000);
    assert_int_equal(platen_built_reach(built, x->pMonitor2), 65536);
    builds("OpenPortEx pMonitor2=monitor:$known{cbSize=0}");
    assert_int_equal(platen_built_reach(built, x->pMonitor2), 4);
    builds("OpenPortEx pMonitor2=NULL");
    assert_null(x->pMonitor2);
    builds("InitializePrintMonitor2 pMonitorInit={}");
    const MONITORINIT *init = call.args.InitializePrintMonitor2.pMonitorInit;
    assert_int_equal(init->cbSize, sizeof *init);
    assert_int_equal(init->pMonitorReg->cbSize, sizeof(MONITORREG));
    assert_false(init->pMonitorReg->fpEnumKey == NULL);
    builds("InitializePrintMonitor2 pMonitorInit={cbSize=1 pMonitorReg={EnumKey=NULL}}");
    init = call.args.InitializePrintMonitor2.pMonitorInit;
    assert_int_equal(init->cbSize, 1);
    assert_true(init->pMonitorReg->fpEnumKey == NULL);
}

static void bidi(void **state)
{
    (void)state;
    builds(
        "SendRecvBidiDataFromPort pReqData={aData=[{pSchema=\"\\\\P\"} {sData=x} {fData=0.5} "
        "{biData=\"ab\"} {iData=-1} {bData=TRUE} {dwBidiType=6 sData=y} {biData=\"ab\" cbBuf=9}]}");
    const BIDI_REQUEST_CONTAINER *c = call.args.SendRecvBidiDataFromPort.pReqData;
    const BIDI_REQUEST_DATA *d = c->aData;
    assert_int_equal(c->Version, 1);
    assert_int_equal(c->Count, 8);
    text_is(d[0].pSchema, u"\\P");
    assert_int_equal(d[0].data.dwBidiType, BIDI_NULL);
    assert_int_equal(d[1].data.dwBidiType, BIDI_STRING);
    text_is(d[1].data.u.sData, u"x");
    assert_true(d[2].data.dwBidiType == BIDI_FLOAT && d[2].data.u.fData == 0.5f);
    assert_true(d[3].data.dwBidiType == BIDI_BLOB && d[3].data.u.biData.cbBuf == 2);
    assert_memory_equal(d[3].data.u.biData.pData, "ab", 2);
    assert_true(d[4].data.dwBidiType == BIDI_INT && d[4].data.u.iData == -1);
    assert_true(d[5].data.dwBidiType == BIDI_BOOL && d[5].data.u.bData == TRUE);
    assert_int_equal(d[6].data.dwBidiType, BIDI_ENUM);
    assert_int_equal(d[7].data.u.biData.cbBuf, 9);
    assert_null(*call.args.SendRecvBidiDataFromPort.ppResData);
    builds("SendRecvBidiDataFromPort pReqData={Count=5 Version=2}");
    assert_int_equal(call.args.SendRecvBidiDataFromPort.pReqData->Count, 5);
    assert_int_equal(call.args.SendRecvBidiDataFromPort.pReqData->Version, 2);
}

static void variables(void **state)
{
    (void)state;
    builds("WritePort cbBuf=$v");
    assert_int_equal(call.args.WritePort.cbBuf, 42);
    builds("StartDocPort pDocInfo={pDocName=x dwMode=$v}");
    assert_int_equal(((const DOC_INFO_2W *)(void *)call.args.StartDocPort.pDocInfo)->dwMode, 42);
}

static void a_dry_run_knows_every_name(void **state)
{
    (void)state;
    assert_true(try_build("WritePort hPort=$whatever pBuffer=@doc99[7+9]", NULL));
    assert_null(call.args.WritePort.hPort);
    assert_int_equal(call.args.WritePort.cbBuf, 0);
    assert_true(try_build("OpenPortEx pMonitor2=monitor:$m{ReadPort=NULL}", NULL));
    assert_false(try_build("WritePort hPrt=$x", NULL));
}

/* ---- wrong on purpose ------------------------------------------------------------------------ */

/* Is there a page without access right behind? What is asked may not tell the pages apart, so the
 * end of the value must be the end of a page. */
static void ends_at_a_guard(const void *at, size_t size)
{
    assert_int_equal((bits(at) + size) % platen_os_page_size(), 0);
}

static void buffers_end_at_guards(void **state)
{
    (void)state;
    builds("WritePort pBuffer=\"abc\"");
    ends_at_a_guard(call.args.WritePort.pBuffer, 3);
    builds("OpenPort pName=\"ab\"");
    ends_at_a_guard(call.args.OpenPort.pName, 6);
    builds("StartDocPort pDocInfo={}");
    ends_at_a_guard(call.args.StartDocPort.pDocInfo, sizeof(DOC_INFO_1W));
    builds("EnumPorts cbBuf=13 pPorts=!guard");
    ends_at_a_guard(call.args.EnumPorts.pPorts, 13);
    builds("EnumPorts cbBuf=64");
    ends_at_a_guard(call.args.EnumPorts.pPorts, 64);
    builds("WritePort pcbWritten=5!guard");
    ends_at_a_guard(call.args.WritePort.pcbWritten, 4);
    assert_int_equal(*call.args.WritePort.pcbWritten, 5);
    builds("OpenPort pHandle=!guard");
    ends_at_a_guard(call.args.OpenPort.pHandle, sizeof(HANDLE));
}

static void unterminated_and_short(void **state)
{
    (void)state;
    builds("OpenPort pName=\"ab\"!unterminated");
    ends_at_a_guard(call.args.OpenPort.pName, 4);
    assert_memory_equal(call.args.OpenPort.pName, u"ab", 4);
    builds("OpenPort pName=\"abc\"!short=3");
    ends_at_a_guard(call.args.OpenPort.pName, 3);
    assert_int_equal(platen_built_reach(built, call.args.OpenPort.pName), 3);
    builds("WritePort pBuffer=\"abcdef\"!short=2");
    ends_at_a_guard(call.args.WritePort.pBuffer, 2);
    assert_int_equal(call.args.WritePort.cbBuf, 6);
    builds("ReadPort cbBuffer=4294967295 pBuffer=!short=10!guard");
    ends_at_a_guard(call.args.ReadPort.pBuffer, 10);
    assert_true(call.args.ReadPort.cbBuffer == 0xffffffff);
    builds("StartDocPort pDocInfo={pDocName=x}!short=8");
    assert_int_equal(platen_built_reach(built, call.args.StartDocPort.pDocInfo), 8);
    builds("NotifyUsedPorts cPorts=2 ppszPorts=[\"a\"]");
    assert_int_equal(platen_built_reach(built, call.args.NotifyUsedPorts.ppszPorts),
                     sizeof(void *));
    builds("StartDocPort pDocInfo={pDocName=\"x\"!unterminated pDatatype=NULL}");
    ends_at_a_guard(((const DOC_INFO_1W *)(void *)call.args.StartDocPort.pDocInfo)->pDocName, 2);
}

static void odd(void **state)
{
    (void)state;
    builds("OpenPort pName=\"ab\"!odd pHandle=!odd");
    assert_int_equal(bits(call.args.OpenPort.pName) % 2, 1);
    assert_memory_equal(call.args.OpenPort.pName, u"ab", 6);
    assert_int_equal(bits(call.args.OpenPort.pHandle) % 2, 1);
    builds("EnumPorts pPorts=!odd cbBuf=16");
    assert_int_equal(bits(call.args.EnumPorts.pPorts) % 2, 1);
    builds("WritePort pBuffer=\"abc\"!odd");
    assert_int_equal(bits(call.args.WritePort.pBuffer) % 2, 1);
    assert_memory_equal(call.args.WritePort.pBuffer, "abc", 3);
}

static void poison(void **state)
{
    (void)state;
    assert_true(try_build("WritePort pBuffer=\"abc\"!poison", &names));
    LPBYTE buffer = call.args.WritePort.pBuffer;
    assert_memory_equal(buffer, "abc", 3);
    assert_int_equal(platen_built_after(built, NULL), 0);
    assert_memory_equal(buffer, "\xdd\xdd\xdd", 3);
    assert_true(try_build("WritePort pBuffer=\"abc\"!poison!readonly", &names));
    assert_int_equal(platen_built_after(built, NULL), 0);
    assert_memory_equal(call.args.WritePort.pBuffer, "\xdd\xdd\xdd", 3);
}

static void readonly_memory_is_used_again(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        builds("WritePort pBuffer=\"abc\"!readonly pcbWritten=!readonly");
        builds("WritePort pBuffer=\"abcd\"");
        call.args.WritePort.pBuffer[0] = 'x';
    }
}

static void canaries(void **state)
{
    (void)state;
    const char *const *damaged;
    assert_true(try_build("EnumPorts cbBuf=13 Level=1", &names));
    memset(call.args.EnumPorts.pPorts, 0, 13);
    assert_int_equal(platen_built_after(built, NULL), 0);
    call.args.EnumPorts.pPorts[13] = 0;
    assert_int_equal(platen_built_after(built, &damaged), 1);
    assert_string_equal(damaged[0], "pPorts");
    assert_true(try_build("EnumPorts cbBuf=16", &names));
    call.args.EnumPorts.pPorts[-1] = 0;
    assert_int_equal(platen_built_after(built, &damaged), 1);
    assert_true(try_build("WritePort pBuffer=\"abc\"", &names));
    memset(call.args.WritePort.pcbWritten, 0, 8); /* a monitor that thinks it is a pointer */
    assert_int_equal(platen_built_after(built, &damaged), 1);
    assert_string_equal(damaged[0], "pcbWritten");
}

static void large_values(void **state)
{
    (void)state;
    builds("ReadPort cbBuffer=10000000");
    memset(call.args.ReadPort.pBuffer, 1, 10000000);
    fails("ReadPort cbBuffer=4294967295", 10, "!short=N");
    fails("ReadPort cbBuffer=4294967295 pBuffer=!guard", 30, "!short=N");
}

/* ---- wrong by mistake ------------------------------------------------------------------------ */

static void mistakes(void **state)
{
    (void)state;
    fails("WritePort pBufer=\"x\"", 11, "WritePort has no argument pBufer; pBuffer?");
    fails("WritePort zzzzzz=1", 11, "WritePort has no argument zzzzzz");
    fails("WritePort \"x\"", 11, "name=value");
    fails("WritePort cbBuf=1 cbBuf=2", 19, "cbBuf is there twice");
    fails("WritePort cbBuf=\"x\"", 11, "cbBuf wants a number, not \"x\"");
    fails("WritePort cbBuf=4294967296", 11, "cbBuf wants a smaller number");
    fails("WritePort cbBuf=1|2", 11, "one number");
    fails("WritePort cbBuf=1!odd", 11, "one number");
    fails("WritePort cbBuf=", 11, "cbBuf wants a number");
    fails("WritePort hPort=$prot1", 11, "there is no $prot1");
    fails("WritePort hPort=\"x\"", 11, "hPort wants a handle");
    fails("WritePort hPort=key:0x5", 11, "hPort wants a handle");
    fails("WritePort pBuffer=abc", 11, "pBuffer wants \"bytes\", @stream or NULL, not abc");
    fails("WritePort pBuffer=@doc2", 11, "there is no @doc2");
    fails("WritePort pBuffer=@doc1[5+6]", 11, "ends before 6 bytes");
    fails("WritePort pBuffer=<5 bytes>", 11, "not written down");
    fails("WritePort pBuffer=\"x\"!gard", 22, "there is no !gard; guard?");
    fails("WritePort pBuffer=\"x\"!short", 22, "!short wants a number");
    fails("WritePort pBuffer=\"x\"!guard=3", 22, "only !short has a number");
    fails("ReadPort pBuffer=\"x\"", 10, "pBuffer comes back");
    fails("OpenPort pHandle=$port1", 10, "pHandle comes back");
    fails("OpenPort pName={a=1}", 10, "pName wants a text or NULL");
    fails("StartDocPort pDocInfo={pDocNme=x}", 24, "pDocInfo has no pDocNme; pDocName?");
    fails("StartDocPort pDocInfo={x}", 24, "pDocInfo wants name=value");
    fails("StartDocPort pDocInfo=\"x\"", 14, "{name=value ...}");
    fails("StartDocPort pDocInfo={...}", 14, "not written down");
    fails("StartDocPort Level=1 pDocInfo={dwMode=1}", 32, "pDocInfo has no dwMode");
    fails("StartDocPort Level=2 pDocInfo={dwMode=\"x\"}", 32, "dwMode wants a number");
    fails("NotifyUsedPorts ppszPorts=\"a\"", 17, "[\"text\" ...] or NULL");
    fails("OpenPortEx pMonitor2=$known", 12, "monitor:$name");
    fails("OpenPortEx pMonitor2=monitor:$x", 12, "there is no $x");
    fails("OpenPortEx pMonitor2=monitor:$known{ReadPrt=NULL}", 37,
          "MONITOR2 has no ReadPrt; ReadPort?");
    fails("OpenPortEx pMonitor2=monitor:$known{ReadPort=5}", 37, "ReadPort wants NULL");
    fails("GetJobW pJob={JobId=1}", 9, "pJob comes back");
    fails("SetJobW pJob={JobId=1 Submitted=\"x\"}", 23, "a date");
    fails("SendRecvBidiDataFromPort pReqData={aData=[{fData=x}]}", 44, "fData wants");
    fails("SendRecvBidiDataFromPort pReqData={aData=5}", 36, "aData wants");
    fails("PowerEvent pSettings={PowerSetting=\"x\"}", 23, "a GUID");
}

/* Attributes stand in the line that a call is printed as, and make the same call again. */
static void attributes_are_printed(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "? OpenPort hMonitor=NULL pName=\"ab\"!readonly!unterminated!poison pHandle=!guard!odd -> "
        "?",
        "? WritePort hPort=NULL pBuffer=\"ab\"!guard!odd!short=2 cbBuf=6 pcbWritten=!readonly -> ?",
        "? EnumPorts hMonitor=NULL pName=NULL Level=1 pPorts=!short=20 cbBuf=100 -> ?",
        "? EnumKey hcKey=NULL dwIndex=0 pszName=!odd pcchName=7!guard hSpooler=NULL -> ?",
        "? StartDocPort hPort=NULL pPrinterName=NULL JobId=1 Level=77 "
        "pDocInfo={pDocName=\"x\"!unterminated pOutputFile=NULL pDatatype=\"y\"}!odd -> ?",
        "? StartDocPort hPort=NULL pPrinterName=NULL JobId=1 Level=1 pDocInfo={}!short=0 -> ?",
        "? NotifyUsedPorts hMonitor=NULL cPorts=5 ppszPorts=[\"a\" NULL ...] -> ?",
    };
    const struct platen_call_form form = {.inline_bytes = 100, .entering = true};
    char line[500];
    for (size_t i = 0; i < sizeof lines / sizeof *lines - 1; i++) {
        if (!try_build(lines[i], &names)) {
            fail_msg("%s: %u: %s", lines[i], error.column, error.what);
        }
        (void)platen_call_print(&call, &form, line, sizeof line);
        assert_string_equal(line, lines[i]);
    }
    builds("NotifyUsedPorts hMonitor=NULL cPorts=5 ppszPorts=[\"a\" NULL]");
    (void)platen_call_print(&call, &form, line, sizeof line);
    assert_string_equal(line, lines[sizeof lines / sizeof *lines - 1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_follow_the_data),
        cmocka_unit_test(memory_for_what_comes_back),
        cmocka_unit_test(levels),
        cmocka_unit_test(tables),
        cmocka_unit_test(bidi),
        cmocka_unit_test(variables),
        cmocka_unit_test(a_dry_run_knows_every_name),
        cmocka_unit_test(buffers_end_at_guards),
        cmocka_unit_test(unterminated_and_short),
        cmocka_unit_test(odd),
        cmocka_unit_test(poison),
        cmocka_unit_test(readonly_memory_is_used_again),
        cmocka_unit_test(canaries),
        cmocka_unit_test(large_values),
        cmocka_unit_test(mistakes),
        cmocka_unit_test(attributes_are_printed),
    };
    variable_words = platen_words_new();
    struct platen_text_error wrong;
    if (variable_words == NULL ||
        !platen_words_read(variable_words, "42", 2, 1, &variable, &wrong)) {
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, setup, teardown);
    platen_words_free(variable_words);
    return failed;
}
