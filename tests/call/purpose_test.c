/* SPDX-License-Identifier: MIT
 *
 * What is wrong with arguments on purpose: where it ends, what it holds, who may write to it, and
 * that a line says so.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "building.h"
#include "call/print.h"
#include "os/memory.h"

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
    assert_true(try_build("WritePort pBuffer=\"abc\"!poison", &building_names));
    LPBYTE buffer = call.args.WritePort.pBuffer;
    assert_memory_equal(buffer, "abc", 3);
    assert_int_equal(platen_built_after(built, NULL), 0);
    assert_memory_equal(buffer, "\xdd\xdd\xdd", 3);
    assert_true(try_build("WritePort pBuffer=\"abc\"!poison!readonly", &building_names));
    assert_int_equal(platen_built_after(built, NULL), 0);
    assert_memory_equal(call.args.WritePort.pBuffer, "\xdd\xdd\xdd", 3);
}

static void paint(void **state)
{
    static const unsigned char painted[8] = {0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5};
    (void)state;
    builds("EnumPorts cbBuf=8 pPorts=!painted pcbNeeded=!painted pcReturned=7!painted");
    assert_memory_equal(call.args.EnumPorts.pPorts, painted, 8);
    assert_memory_equal(call.args.EnumPorts.pcbNeeded, painted, 4);
    assert_int_equal(*call.args.EnumPorts.pcReturned, 7);
    builds("OpenPort pHandle=!painted");
    assert_memory_equal(call.args.OpenPort.pHandle, painted, sizeof(HANDLE));
    builds("ReadPort cbBuffer=8 pBuffer=!painted!short=3");
    assert_memory_equal(call.args.ReadPort.pBuffer, painted, 3);
    fails("WritePort pBuffer=\"abc\"!painted", 24, "only what comes back");
    fails("OpenPort pName=\"abc\"!painted", 21, "only what comes back");
    fails("StartDocPort pDocInfo={pDocName=\"x\"}!painted", 37, "only what comes back");
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
    assert_true(try_build("EnumPorts cbBuf=13 Level=1", &building_names));
    memset(call.args.EnumPorts.pPorts, 0, 13);
    assert_int_equal(platen_built_after(built, NULL), 0);
    call.args.EnumPorts.pPorts[13] = 0;
    assert_int_equal(platen_built_after(built, &damaged), 1);
    assert_string_equal(damaged[0], "pPorts");
    assert_true(try_build("EnumPorts cbBuf=16", &building_names));
    call.args.EnumPorts.pPorts[-1] = 0;
    assert_int_equal(platen_built_after(built, &damaged), 1);
    assert_true(try_build("WritePort pBuffer=\"abc\"", &building_names));
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

/* Attributes stand in the line that a call is printed as, and make the same call again. */
static void attributes_are_printed(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "? OpenPort hMonitor=NULL pName=\"ab\"!readonly!unterminated!poison pHandle=!guard!odd -> "
        "?",
        "? WritePort hPort=NULL pBuffer=\"ab\"!guard!odd!short=2 cbBuf=6 pcbWritten=!readonly -> ?",
        "? EnumPorts hMonitor=NULL pName=NULL Level=1 pPorts=!short=20 cbBuf=100 -> ?",
        "? EnumPorts hMonitor=NULL pName=NULL Level=1 pPorts=!odd!painted cbBuf=100 "
        "pcbNeeded=!painted -> ?",
        "? EnumKey hcKey=NULL dwIndex=0 pszName=!odd pcchName=7!guard hSpooler=NULL -> ?",
        "? StartDocPort hPort=NULL pPrinterName=NULL JobId=1 Level=77 "
        "pDocInfo={pDocName=\"x\"!unterminated pOutputFile=NULL pDatatype=\"y\"}!odd -> ?",
        "? StartDocPort hPort=NULL pPrinterName=NULL JobId=1 Level=1 pDocInfo={}!short=0 -> ?",
        "? NotifyUsedPorts hMonitor=NULL cPorts=5 ppszPorts=[\"a\" NULL ...] -> ?",
    };
    const struct platen_call_form form = {.inline_bytes = 100, .entering = true};
    char line[500];
    for (size_t i = 0; i < sizeof lines / sizeof *lines - 1; i++) {
        if (!try_build(lines[i], &building_names)) {
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
        cmocka_unit_test(buffers_end_at_guards),
        cmocka_unit_test(unterminated_and_short),
        cmocka_unit_test(odd),
        cmocka_unit_test(poison),
        cmocka_unit_test(paint),
        cmocka_unit_test(readonly_memory_is_used_again),
        cmocka_unit_test(canaries),
        cmocka_unit_test(large_values),
        cmocka_unit_test(attributes_are_printed),
    };
    return cmocka_run_group_tests(tests, building_setup, building_teardown);
}
