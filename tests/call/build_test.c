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

#include "building.h"
#include "os/text.h"

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
        cmocka_unit_test(mistakes),
    };
    return cmocka_run_group_tests(tests, building_setup, building_teardown);
}
