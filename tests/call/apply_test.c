/* SPDX-License-Identifier: MIT
 *
 * What a call brought back, from its line into the caller's memory: a call that a line was applied
 * to prints that line again; and no line writes where it should not.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "call/apply.h"
#include "call/print.h"

/* The Router functions of the side that made the call; what they gave and did not get back. */
static unsigned allocated;

static LPVOID WINAPI alloc_mem(size_t size)
{
    allocated++;
    return calloc(1, size + 1);
}

static PBIDI_RESPONSE_CONTAINER WINAPI alloc_container(DWORD count)
{
    allocated++;
    return calloc(1, sizeof(BIDI_RESPONSE_CONTAINER) + count * sizeof(BIDI_RESPONSE_DATA));
}

static void free_one(void *memory)
{
    allocated -= memory != NULL;
    free(memory);
}

static DWORD WINAPI free_container(PBIDI_RESPONSE_CONTAINER tree)
{
    for (DWORD i = 0; tree != NULL && i < tree->Count; i++) {
        BIDI_DATA *data = &tree->aData[i].data;
        free_one(tree->aData[i].pSchema);
        if (data->dwBidiType == BIDI_STRING || data->dwBidiType == BIDI_TEXT ||
            data->dwBidiType == BIDI_ENUM) {
            free_one(data->u.sData);
        } else if (data->dwBidiType == BIDI_BLOB) {
            free_one(data->u.biData.pData);
        }
    }
    free_one(tree);
    return 0;
}

static const PLATEN_IMPORTS imports = {
    .cbSize = sizeof imports,
    .RouterAllocBidiMem = alloc_mem,
    .RouterAllocBidiResponseContainer = alloc_container,
    .RouterFreeBidiResponseContainer = free_container,
};

/* A stream, as the bulk part of a frame is one. */
static const char bulk[] = "0123456789abcdef";

static bool find_bulk(void *context, const char *name, size_t length, uint64_t offset,
                      uint64_t *count, const void **bytes)
{
    (void)context;
    if (length != 4 || memcmp(name, "bulk", 4) != 0 || offset > 16) {
        return false;
    }
    *count = *count < 16 - offset ? *count : 16 - offset;
    *bytes = bulk + offset;
    return true;
}

static const struct platen_names names = {.stream = find_bulk};

static size_t readable(void *context, const void *at)
{
    (void)context;
    return at == NULL ? 0 : 65536; /* what the Router functions above gave */
}

struct trial {
    struct platen_words *words;
    struct platen_built *built;
    struct platen_built *aside;
    struct platen_call call;
    struct platen_text_error error;
    unsigned word;
};

static int begin(void **state)
{
    struct trial *trial = calloc(1, sizeof *trial);
    trial->words = platen_words_new();
    trial->built = platen_built_new();
    trial->aside = platen_built_new();
    *state = trial;
    allocated = 0;
    return 0;
}

static int end(void **state)
{
    struct trial *trial = *state;
    platen_words_free(trial->words);
    platen_built_free(trial->built);
    platen_built_free(trial->aside);
    free(trial);
    return allocated == 0 ? 0 : -1;
}

/* Makes the call of the line's left side and applies its right side to it. */
static bool apply(struct trial *trial, const char *text)
{
    struct platen_line line;
    struct platen_statement statement;
    const struct platen_apply_form form = {.built = trial->aside,
                                           .names = &names,
                                           .imports = &imports,
                                           .word = trial->word,
                                           .table = (LPMONITOR2)(void *)trial};
    if (!platen_words_read(trial->words, text, strlen(text), 1, &line, &trial->error)) {
        return false;
    }
    platen_statement_find(&line, NULL, &statement);
    assert_true(statement.slot != PLATEN_SLOT_COUNT);
    if (!platen_build(trial->built, statement.slot, statement.arguments, NULL, &trial->call,
                      &trial->error)) {
        fail_msg("%s: %s", text, trial->error.what);
    }
    return platen_call_apply(&trial->call, line.right, &form, &trial->error);
}

static void free_tree(struct trial *trial)
{
    if (trial->call.slot == PLATEN_SLOT_SendRecvBidiDataFromPort) {
        PBIDI_RESPONSE_CONTAINER *tree = trial->call.args.SendRecvBidiDataFromPort.ppResData;
        free_container(tree == NULL ? NULL : *tree);
    }
}

static void right_side(const struct trial *trial, char *to, size_t size)
{
    const struct platen_call_form form = {.inline_bytes = 4096, .readable = readable};
    assert_true(platen_call_print_right(&trial->call, &form, to, size) < size);
}

/* The right side comes out as it went in. */
static void same(struct trial *trial, const char *text)
{
    char got[4096];
    const char *expected = strstr(text, "-> ") + 3;
    if (!apply(trial, text)) {
        fail_msg("%s: %s", text, trial->error.what);
    }
    right_side(trial, got, sizeof got);
    assert_string_equal(got, expected);
    assert_int_equal(platen_built_after(trial->built, NULL), 0);
    free_tree(trial);
}

static void what_comes_back_is_what_was_said(void **state)
{
    static const char *const lines[] = {
        "WritePort pBuffer=\"abc\" -> TRUE pcbWritten=3",
        "WritePort pBuffer=\"abc\" -> FALSE pcbWritten=2 ERROR_TIMEOUT",
        "WritePort pBuffer=\"abc\" -> FALSE pcbWritten=0 4711",
        "WritePort pBuffer=\"abc\" pcbWritten=NULL -> TRUE",
        "ReadPort cbBuffer=10 -> TRUE pBuffer=\"a\\x00\\xff\" pcbRead=3",
        "OpenPort pName=\"LPT1:\" -> TRUE pHandle=port:0x501",
        "OpenPort pName=\"LPT1:\" -> FALSE ERROR_UNKNOWN_PORT",
        "OpenPort pName=\"LPT1:\" -> TRUE pHandle=NULL",
        "Shutdown hMonitor=monitor:0x1 -> done",
        "InitializePrintMonitor2 pMonitorInit=NULL -> table phMonitor=monitor:0x77",
        "InitializePrintMonitor2 pMonitorInit=NULL -> NULL ERROR_NOT_ENOUGH_MEMORY",
        "EnumPorts Level=1 cbBuf=400 -> TRUE pPorts=[{pName=\"LPT1:\"} {pName=\"a b\"}] "
        "pcbNeeded=36 pcReturned=2",
        "EnumPorts Level=2 cbBuf=400 -> TRUE pPorts=[{pPortName=\"P\" pMonitorName=\"M\" "
        "pDescription=NULL fPortType=0x3 Reserved=0}] pcbNeeded=48 pcReturned=1",
        "EnumPorts Level=2 cbBuf=0 pPorts=NULL -> FALSE pcbNeeded=100 pcReturned=0 "
        "ERROR_INSUFFICIENT_BUFFER",
        "EnumPorts Level=1 cbBuf=10 -> TRUE pPorts=[] pcbNeeded=0 pcReturned=0",
        "XcvDataPort pszDataName=\"MonitorUI\" cbOutputData=8 -> ERROR_SUCCESS "
        "pOutputData=\"a\\x00b\\x00\" pcbOutputNeeded=4",
        "XcvDataPort pszDataName=\"AddPort\" -> ERROR_ALREADY_EXISTS pcbOutputNeeded=0",
        "EnumKey dwIndex=0 pcchName=8 -> ERROR_SUCCESS pszName=\"Ports\" pcchName=5 "
        "pftLastWriteTime=0x1dc0000000000",
        "QueryValue pcbData=8 -> ERROR_SUCCESS pType=4 pData=\"\\x01\\x00\\x00\\x00\" pcbData=4",
        "QueryValue pcbData=2 -> ERROR_MORE_DATA pType=4 pcbData=4",
        "CreateKey pszSubKey=\"Ports\" -> ERROR_SUCCESS phckResult=key:0x9 pdwDisposition=1",
        "GetJobW JobId=7 Level=1 cbBuf=800 -> TRUE pJob={JobId=7 pPrinterName=\"P\" "
        "pMachineName=\"\\\\\\\\M\" pUserName=NULL pDocument=\"d\" pDatatype=\"RAW\" pStatus=NULL "
        "Status=0x4 Priority=1 Position=0 TotalPages=0 PagesPrinted=0 "
        "Submitted=\"2026-01-31T23:59:59.999\"} pcbNeeded=200",
        "SendRecvBidiDataFromPort pAction=\"Get\" -> ERROR_SUCCESS ppResData=NULL",
        "SendRecvBidiDataFromPort pAction=\"Get\" -> ERROR_SUCCESS ppResData={Version=1 Flags=0 "
        "Count=3 aData=[{dwResult=0 dwReqNumber=1 pSchema=\"\\\\\\\\Printer\" dwBidiType=4 "
        "sData=\"x\"} {dwResult=5 dwReqNumber=2 pSchema=NULL dwBidiType=1 iData=-3} {dwResult=0 "
        "dwReqNumber=3 pSchema=\"b\" dwBidiType=7 biData=\"\\x01\\x02\"}]}",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        same(*state, lines[i]);
    }
}

static void bytes_may_stand_beside_the_line(void **state)
{
    struct trial *trial = *state;
    char got[256];
    assert_true(apply(trial, "ReadPort cbBuffer=6 -> TRUE pBuffer=@bulk[10+6] pcbRead=6"));
    right_side(trial, got, sizeof got);
    assert_string_equal(got, "TRUE pBuffer=\"abcdef\" pcbRead=6");
    assert_false(apply(trial, "ReadPort cbBuffer=6 -> TRUE pBuffer=@bulk[9+7] pcbRead=7"));
    assert_false(apply(trial, "ReadPort cbBuffer=60 -> TRUE pBuffer=@bulk[10+7] pcbRead=7"));
    assert_false(apply(trial, "ReadPort cbBuffer=60 -> TRUE pBuffer=@other[0+1] pcbRead=1"));
}

/* Texts hug the end of the caller's buffer, structures its beginning (D1). */
static void rows_are_packed_as_monitors_pack(void **state)
{
    struct trial *trial = *state;
    assert_true(apply(trial, "EnumPorts Level=1 cbBuf=100 -> TRUE pPorts=[{pName=\"A\"}] "
                             "pcbNeeded=20 pcReturned=1"));
    const unsigned char *begin = trial->call.args.EnumPorts.pPorts;
    const unsigned char *name;
    memcpy(&name, begin, sizeof name);
    assert_ptr_equal(name, begin + 100 - 2 * sizeof(char16_t));
}

static uint32_t needed(const struct trial *trial)
{
    return trial->call.args.EnumPorts.pcbNeeded[0];
}

/* What fitted there fits here: rows that lead to one text do so again. */
static void rows_may_share_texts(void **state)
{
    static const char row[] = "{pPortName=\"ABC\" pMonitorName=\"ABC\" pDescription=\"ABC\" "
                              "fPortType=0x3 Reserved=0}";
    struct trial *trial = *state;
    char line[400];
    PORT_INFO_2W rows[2];
    unsigned size = sizeof rows + 4 * sizeof(char16_t);
    snprintf(line, sizeof line,
             "EnumPorts Level=2 cbBuf=%u -> TRUE pPorts=[%s %s] pcbNeeded=%u pcReturned=2", size,
             row, row, size);
    assert_true(apply(trial, line));
    assert_int_equal(trial->call.result.code, TRUE);
    assert_int_equal(needed(trial), size);
    memcpy(rows, trial->call.args.EnumPorts.pPorts, sizeof rows);
    assert_ptr_equal(rows[0].pPortName, trial->call.args.EnumPorts.pPorts + sizeof rows);
    assert_ptr_equal(rows[1].pDescription, rows[0].pPortName);
    snprintf(line, sizeof line,
             "EnumPorts Level=2 cbBuf=%u -> TRUE pPorts=[%s %s] pcbNeeded=%u pcReturned=2",
             size - 2, row, row, size - 2);
    assert_true(apply(trial, line));
    assert_int_equal(trial->call.result.code, FALSE);
    assert_int_equal(needed(trial), sizeof rows + 6 * 4 * sizeof(char16_t));
}

/* Pointers of another width take another room. */
static void sizes_from_another_width(void **state)
{
    static const char fits[] = "EnumPorts Level=1 cbBuf=100 -> TRUE pPorts=[{pName=\"ABC\"}] "
                               "pcbNeeded=12 pcReturned=1";
    static const char is_short[] = "EnumPorts Level=1 cbBuf=12 -> TRUE pPorts=[{pName=\"ABCDE\"}] "
                                   "pcbNeeded=12 pcReturned=1";
    struct trial *trial = *state;
    trial->word = sizeof(void *) == 8 ? 4 : 8;
    assert_true(apply(trial, fits));
    assert_int_equal(trial->call.result.code, TRUE);
    assert_int_equal(needed(trial), sizeof(void *) + 8);
    assert_true(apply(trial, is_short));
    assert_int_equal(trial->call.result.code, FALSE);
    assert_int_equal(trial->call.last_error, PLATEN_INSUFFICIENT_BUFFER);
    assert_int_equal(needed(trial), sizeof(void *) + 12);
    assert_int_equal(trial->call.args.EnumPorts.pcReturned[0], 0);
    assert_true(apply(trial, "EnumPorts Level=1 cbBuf=0 pPorts=NULL -> FALSE pcbNeeded=50 "
                             "pcReturned=0 ERROR_INSUFFICIENT_BUFFER"));
    assert_int_equal(needed(trial), 100);
}

static void what_makes_no_sense_is_a_failed_call(void **state)
{
    static const char *const lines[] = {
        "WritePort pBuffer=\"abc\" -> table",
        "WritePort pBuffer=\"abc\" -> TRUE pBuffer=\"x\"",
        "WritePort pBuffer=\"abc\" -> TRUE pcbWritten=4294967296",
        "WritePort pBuffer=\"abc\" -> TRUE pcbWritten=\"3\"",
        "WritePort pBuffer=\"abc\" -> TRUE nothing=3",
        "WritePort pBuffer=\"abc\" -> FALSE ERROR_NO_SUCH_NAME",
        "WritePort pBuffer=\"abc\" pcbWritten=NULL -> TRUE pcbWritten=3",
        "WritePort pBuffer=\"abc\" -> ?",
        "ReadPort cbBuffer=2 -> TRUE pBuffer=\"abc\" pcbRead=3",
        "ReadPort cbBuffer=2 -> TRUE pBuffer=<12 bytes> pcbRead=2",
        "OpenPort pName=\"x\" -> TRUE pHandle=$port1",
        "EnumPorts Level=1 cbBuf=100 -> TRUE pPorts=[{pName=\"a\" x=1}]",
        "EnumPorts Level=1 cbBuf=100 -> TRUE pPorts=[{pName=wild:0x501}]",
        "EnumPorts Level=1 cbBuf=100 -> TRUE pPorts=[\"a\"]",
        "EnumPorts Level=9 cbBuf=100 -> TRUE pPorts=[{pName=\"a\"}]",
        "EnumKey pcchName=5 -> ERROR_SUCCESS pszName=\"Ports\" pcchName=5",
        "SendRecvBidiDataFromPort -> ERROR_SUCCESS ppResData={Version=1 Count=9 aData=[]}",
        ("SendRecvBidiDataFromPort -> ERROR_SUCCESS ppResData={Count=1 aData=[{dwBidiType=7 "
         "biData=\"a\" cbBuf=100}]}"),
    };
    struct trial *trial = *state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (apply(trial, lines[i])) {
            fail_msg("%s was taken", lines[i]);
        }
        assert_true(trial->error.what[0] != '\0');
        assert_int_equal(trial->call.last_error, PLATEN_INVALID_DATA);
        assert_int_equal(platen_built_after(trial->built, NULL), 0);
    }
}

static void refused_calls_leave_nothing_behind(void **state)
{
    struct trial *trial = *state;
    assert_true(apply(trial, "OpenPort pName=\"x\" -> TRUE pHandle=port:0x5"));
    platen_call_refuse(&trial->call, PLATEN_BUSY);
    assert_int_equal(trial->call.result.code, FALSE);
    assert_int_equal(trial->call.last_error, PLATEN_BUSY);
    assert_null(*trial->call.args.OpenPort.pHandle);
    assert_true(apply(trial, "XcvDataPort pszDataName=\"x\" -> ERROR_SUCCESS pcbOutputNeeded=4"));
    platen_call_refuse(&trial->call, PLATEN_BUSY);
    assert_int_equal(trial->call.result.code, PLATEN_BUSY);
    assert_int_equal(*trial->call.args.XcvDataPort.pcbOutputNeeded, 0);
}

/* Lines with something changed: taken or not, but no byte outside is written. */
static void damaged_lines(void **state)
{
    static const char *const lines[] = {
        "EnumPorts Level=2 cbBuf=90 -> TRUE pPorts=[{pPortName=\"P\" pMonitorName=\"Mon\" "
        "pDescription=\"d\" fPortType=0x3 Reserved=0}] pcbNeeded=48 pcReturned=1",
        "SendRecvBidiDataFromPort -> ERROR_SUCCESS ppResData={Version=1 Flags=0 Count=1 aData=["
        "{dwResult=0 dwReqNumber=1 pSchema=\"s\" dwBidiType=7 biData=\"ab\"}]}",
        "QueryValue pcbData=8 -> ERROR_SUCCESS pType=4 pData=\"\\x01\\x00\" pcbData=2",
    };
    static const char other[] = "0129aZ\"\\{}[]=$@!|<>~. -";
    struct trial *trial = *state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        size_t begin = (size_t)(strstr(lines[i], "->") - lines[i]) + 3;
        for (size_t at = begin; lines[i][at] != '\0'; at++) {
            for (size_t k = 0; other[k] != '\0'; k++) {
                char bad[512];
                snprintf(bad, sizeof bad, "%s", lines[i]);
                bad[at] = other[k];
                if (apply(trial, bad)) {
                    free_tree(trial);
                }
                assert_int_equal(platen_built_after(trial->built, NULL), 0);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_comes_back_is_what_was_said, begin, end),
        cmocka_unit_test_setup_teardown(bytes_may_stand_beside_the_line, begin, end),
        cmocka_unit_test_setup_teardown(rows_are_packed_as_monitors_pack, begin, end),
        cmocka_unit_test_setup_teardown(rows_may_share_texts, begin, end),
        cmocka_unit_test_setup_teardown(sizes_from_another_width, begin, end),
        cmocka_unit_test_setup_teardown(what_makes_no_sense_is_a_failed_call, begin, end),
        cmocka_unit_test_setup_teardown(refused_calls_leave_nothing_behind, begin, end),
        cmocka_unit_test_setup_teardown(damaged_lines, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
