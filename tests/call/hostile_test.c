/* SPDX-License-Identifier: MIT
 *
 * Memory that a monitor filled, or handed over, and that leads elsewhere: nothing is read that lies
 * outside, and the line says where it led.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/print.h"

static struct platen_lane lane = {.name = "LPT1:"};

static LPWSTR place(void *memory, size_t offset)
{
    return (LPWSTR)(void *)((unsigned char *)memory + offset);
}

static LPWSTR nowhere(uintptr_t bits)
{
    return (LPWSTR)bits;
}

static void prints(const struct platen_call *call, const struct platen_call_form *form,
                   const char *expected)
{
    char line[4000];
    assert_true(platen_call_print(call, form, line, sizeof line) < sizeof line);
    const char *right = strstr(line, " -> ");
    assert_non_null(right);
    assert_string_equal(right + 4, expected);
}

/* ---- lists of ports -------------------------------------------------------------------------- */

struct listing {
    DWORD needed;
    DWORD returned;
    struct platen_call call;
};

static void list(struct listing *listing, void *memory, DWORD size, DWORD level, DWORD returned)
{
    memset(listing, 0, sizeof *listing);
    listing->returned = returned;
    listing->call = (struct platen_call){
        .slot = PLATEN_SLOT_EnumPorts,
        .lane = &lane,
        .args.EnumPorts = {NULL, NULL, level, memory, size, &listing->needed, &listing->returned},
        .result.code = TRUE};
}

static void ports_that_are_well(void **state)
{
    (void)state;
    struct {
        PORT_INFO_2W rows[2];
        WCHAR text[16];
    } *memory = calloc(1, sizeof *memory);
    assert_non_null(memory);
    struct listing listing;
    memcpy(memory->text, u"P\0Mon\0Desc\0Q", 12 * sizeof(WCHAR));
    memory->rows[0] = (PORT_INFO_2W){&memory->text[0], &memory->text[2], &memory->text[6], 3, 0};
    memory->rows[1] = (PORT_INFO_2W){&memory->text[11], NULL, NULL, 0, 9};
    list(&listing, memory, sizeof *memory, 2, 2);
    prints(&listing.call, NULL,
           "TRUE pPorts=[{pPortName=\"P\" pMonitorName=\"Mon\" pDescription=\"Desc\" "
           "fPortType=0x3 Reserved=0} {pPortName=\"Q\" pMonitorName=NULL pDescription=NULL "
           "fPortType=0x0 Reserved=9}] pcbNeeded=0 pcReturned=2");
    const struct platen_call_form one = {.rows = 1};
    listing.call.args.EnumPorts.Level = 1; /* then each pointer is a row */
    prints(&listing.call, &one, "TRUE pPorts=[{pName=\"P\"} ...] pcbNeeded=0 pcReturned=2");
    listing.call.args.EnumPorts.Level = 3;
    prints(&listing.call, NULL, "TRUE pPorts={...} pcbNeeded=0 pcReturned=2");
    listing.call.result.code = FALSE;
    listing.call.last_error = 122;
    prints(&listing.call, NULL, "FALSE pcbNeeded=0 pcReturned=2 ERROR_INSUFFICIENT_BUFFER");
    free(memory);
}

static void ports_that_lead_elsewhere(void **state)
{
    (void)state;
    PORT_INFO_1W *rows = malloc(5 * sizeof *rows + 4);
    assert_non_null(rows);
    const size_t size = 5 * sizeof *rows + 4;
    char expected[200];
    struct listing listing;
    memset(rows, 'x', size);
    rows[0].pName = nowhere(0x10);
    rows[1].pName = place(rows, size);            /* right behind */
    rows[2].pName = place(rows, size - 1);        /* half a unit */
    rows[3].pName = place(rows, size - 4);        /* no NUL before the end */
    rows[4].pName = nowhere((uintptr_t)rows - 2); /* before it */
    list(&listing, rows, (DWORD)size, 1, 5);
    snprintf(expected, sizeof expected,
             "TRUE pPorts=[{pName=wild:0x10} {pName=wild:0x%llx} {pName=wild:0x%llx} "
             "{pName=\"\xe7\xa1\xb8\xe7\xa1\xb8\"!unterminated} {pName=wild:0x%llx}] pcbNeeded=0 "
             "pcReturned=5",
             (unsigned long long)((uintptr_t)rows + size),
             (unsigned long long)((uintptr_t)rows + size - 1),
             (unsigned long long)((uintptr_t)rows - 2));
    prints(&listing.call, NULL, expected);
    list(&listing, rows, sizeof *rows, 1, 0xffffffff); /* more than there is room for */
    prints(&listing.call, NULL,
           "TRUE pPorts=[{pName=wild:0x10} ...] pcbNeeded=0 "
           "pcReturned=4294967295");
    list(&listing, rows, 3, 1, 1);
    prints(&listing.call, NULL, "TRUE pPorts=[...] pcbNeeded=0 pcReturned=1");
    list(&listing, rows, 0, 1, 0);
    prints(&listing.call, NULL, "TRUE pPorts=[] pcbNeeded=0 pcReturned=0");
    free(rows);
}

static void a_job_that_leads_elsewhere(void **state)
{
    (void)state;
    JOB_INFO_1W *job = calloc(1, sizeof *job);
    assert_non_null(job);
    DWORD needed = 0;
    struct platen_call call = {
        .slot = PLATEN_SLOT_GetJobW,
        .lane = &lane,
        .args.GetJobW = {NULL, 7, 1, (LPBYTE)(void *)job, sizeof *job, &needed},
        .result.code = TRUE};
    job->JobId = 7;
    job->pDocument = nowhere(0xdead);
    job->Submitted = (SYSTEMTIME){2026, 1, 6, 31, 23, 59, 8, 7};
    prints(&call, NULL,
           "TRUE pJob={JobId=7 pPrinterName=NULL pMachineName=NULL pUserName=NULL "
           "pDocument=wild:0xdead pDatatype=NULL pStatus=NULL Status=0x0 Priority=0 Position=0 "
           "TotalPages=0 PagesPrinted=0 Submitted=\"2026-01-31T23:59:08.007/6\"} pcbNeeded=0");
    call.args.GetJobW.cbBuf = 4; /* only the first field was ever there */
    prints(&call, NULL, "TRUE pJob={JobId=7} pcbNeeded=0");
    free(job);
}

/* ---- trees of bidi answers ------------------------------------------------------------------- */

/* The blocks that the Router gave out. */
static struct {
    const unsigned char *at;
    size_t size;
} blocks[8];

static size_t readable(void *context, const void *at)
{
    assert_ptr_equal(context, &lane);
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        uintptr_t place_ = (uintptr_t)at, begin = (uintptr_t)blocks[i].at;
        if (place_ >= begin && place_ - begin < blocks[i].size) {
            return blocks[i].size - (place_ - begin);
        }
    }
    return 0;
}

static void *give(size_t i, size_t size)
{
    void *block = calloc(1, size);
    assert_non_null(block);
    blocks[i].at = block;
    blocks[i].size = size;
    return block;
}

static void an_answer(void **state)
{
    (void)state;
    const struct platen_call_form form = {.context = &lane, .readable = readable};
    PBIDI_RESPONSE_CONTAINER tree = give(0, sizeof *tree + 3 * sizeof(BIDI_RESPONSE_DATA));
    LPWSTR text = give(1, 6);
    LPBYTE blob = give(2, 3);
    memcpy(text, u"ab", 6);
    memcpy(blob, "\1\2\3", 3);
    struct platen_call call = {.slot = PLATEN_SLOT_SendRecvBidiDataFromPort,
                               .lane = &lane,
                               .args.SendRecvBidiDataFromPort = {NULL, 2, NULL, NULL, &tree}};
    tree->Version = 1;
    tree->Count = 4;
    tree->aData[0] = (BIDI_RESPONSE_DATA){0, 1, text, {BIDI_STRING, {.sData = text}}};
    tree->aData[1] = (BIDI_RESPONSE_DATA){0, 2, nowhere(0x20), {BIDI_INT, {.iData = -1}}};
    tree->aData[2] = (BIDI_RESPONSE_DATA){13005, 3, NULL, {BIDI_BLOB, {.biData = {3, blob}}}};
    tree->aData[3] = (BIDI_RESPONSE_DATA){0, 4, NULL, {BIDI_BLOB, {.biData = {4, blob}}}};
    char expected[600];
    snprintf(expected, sizeof expected,
             "ERROR_SUCCESS ppResData={Version=1 Flags=0 Count=4 aData=["
             "{dwResult=0 dwReqNumber=1 pSchema=\"ab\" dwBidiType=4 sData=\"ab\"} "
             "{dwResult=0 dwReqNumber=2 pSchema=wild:0x20 dwBidiType=1 iData=-1} "
             "{dwResult=13005 dwReqNumber=3 pSchema=NULL dwBidiType=7 biData=\"\\x01\\x02\\x03\"} "
             "{dwResult=0 dwReqNumber=4 pSchema=NULL dwBidiType=7 biData=wild:0x%llx}]}",
             (unsigned long long)(uintptr_t)blob);
    prints(&call, &form, expected);
    prints(&call, NULL, "ERROR_SUCCESS ppResData={...}"); /* nobody knows what may be read */
    tree->Count = 0x80000000;
    char line[4000];
    (void)platen_call_print(&call, &form, line, sizeof line);
    assert_non_null(strstr(line, "} ...]}")); /* no further than the block */
    for (size_t i = 0; i < 3; i++) {
        union {
            const unsigned char *in;
            void *out;
        } block = {blocks[i].at};
        free(block.out);
        blocks[i].size = 0;
    }
    snprintf(expected, sizeof expected, "ERROR_SUCCESS ppResData=wild:0x%llx",
             (unsigned long long)(uintptr_t)tree);
    prints(&call, &form, expected);
    tree = NULL;
    prints(&call, &form, "ERROR_SUCCESS ppResData=NULL");
}

/* ---- odd addresses --------------------------------------------------------------------------- */

static void odd_addresses(void **state)
{
    (void)state;
    unsigned char memory[64], counts[16];
    union {
        unsigned char *in;
        LPDWORD number;
        LPWSTR text;
        PHANDLE handle;
        PCWSTR *list;
        LPCOMMTIMEOUTS times;
    } at = {memory + 1}, count = {counts + 1};
    DWORD three = 3;
    HANDLE handle = (HANDLE)(uintptr_t)0x77;
    COMMTIMEOUTS times = {1, 2, 3, 4, 5};
    memcpy(counts + 1, &three, sizeof three);
    memcpy(memory + 1, u"ab\0", 6);
    struct platen_call open = {.slot = PLATEN_SLOT_OpenPort,
                               .lane = &lane,
                               .args.OpenPort = {NULL, at.text, NULL},
                               .result.code = TRUE};
    char line[500];
    (void)platen_call_print(&open, NULL, line, sizeof line);
    assert_non_null(strstr(line, "pName=\"ab\""));
    struct platen_call write = {.slot = PLATEN_SLOT_WritePort,
                                .lane = &lane,
                                .args.WritePort = {NULL, NULL, 0, count.number},
                                .result.code = TRUE};
    prints(&write, NULL, "TRUE pcbWritten=3");
    memcpy(memory + 1, &handle, sizeof handle);
    open.args.OpenPort = (struct platen_args_OpenPort){NULL, NULL, at.handle};
    prints(&open, NULL, "TRUE pHandle=port:0x77");
    memcpy(memory + 1, &times, sizeof times);
    struct platen_call timeouts = {.slot = PLATEN_SLOT_SetPortTimeOuts,
                                   .lane = &lane,
                                   .args.SetPortTimeOuts = {NULL, at.times, 0}};
    (void)platen_call_print(&timeouts, NULL, line, sizeof line);
    assert_non_null(strstr(line, "WriteTotalTimeoutConstant=5}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ports_that_are_well),
        cmocka_unit_test(ports_that_lead_elsewhere),
        cmocka_unit_test(a_job_that_leads_elsewhere),
        cmocka_unit_test(an_answer),
        cmocka_unit_test(odd_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
