/* SPDX-License-Identifier: MIT
 *
 * What happened beside what was expected: every pattern on every sort of value, what is volatile,
 * and what a difference says.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/match.h"
#include "call/structs.h"

static struct platen_words *words;
static struct platen_matcher *matcher;
static struct platen_line line;
static const struct platen_difference *list;

static int setup(void **state)
{
    (void)state;
    words = platen_words_new();
    matcher = platen_matcher_new();
    return words == NULL || matcher == NULL;
}

static int teardown(void **state)
{
    (void)state;
    platen_words_free(words);
    platen_matcher_free(matcher);
    return 0;
}

/* ---- names ----------------------------------------------------------------------------------- */

static struct {
    uint64_t bits;
    enum platen_kind kind;
    char name[20];
} bound;

static bool handle_of(void *context, enum platen_kind kind, const char *name, size_t length,
                      uint64_t *bits)
{
    (void)context;
    *bits = 0x501;
    if (length == strlen(bound.name) && memcmp(name, bound.name, length) == 0) {
        *bits = bound.bits;
        return bound.kind == kind;
    }
    return length == 5 && memcmp(name, "port1", 5) == 0 && kind == PLATEN_KIND_PORT;
}

static bool bind(void *context, enum platen_kind kind, const char *name, size_t length,
                 uint64_t bits)
{
    assert_ptr_equal(context, &bound);
    bound.bits = bits;
    bound.kind = kind;
    snprintf(bound.name, sizeof bound.name, "%.*s", (int)length, name);
    return strcmp(bound.name, "no") != 0;
}

static bool stream_of(void *context, const char *name, size_t length, uint64_t offset,
                      uint64_t *count, const void **bytes)
{
    (void)context;
    *bytes = &"0123456789"[offset];
    *count = *count < 10 - offset ? *count : 10 - offset;
    return length == 1 && *name == 's';
}

static void digest(void *context, const void *data, size_t size, char text[65])
{
    assert_ptr_equal(context, &bound);
    memset(text, '0', 64);
    text[64] = '\0';
    for (size_t i = 0; i < size; i++) { /* no real one: enough to see what was digested */
        text[i % 64] = "0123456789abcdef"[((const unsigned char *)data)[i] & 15];
    }
}

static const struct platen_names names = {.handle = handle_of, .stream = stream_of};
static const struct platen_match_form script = {
    .names = &names, .bind = bind, .context = &bound, .sha256 = digest};
static const struct platen_match_form trace = {
    .names = &names, .bind = bind, .context = &bound, .sha256 = digest, .trace = true};

static size_t differs(const char *text, const struct platen_call *call,
                      const struct platen_match_form *form)
{
    struct platen_text_error error;
    if (!platen_words_read(words, text, strlen(text), 1, &line, &error)) {
        fail_msg("%s: %u: %s", text, error.column, error.what);
    }
    return platen_match(matcher, line.right, call, form, &list);
}

static void fits(const char *text, const struct platen_call *call)
{
    if (differs(text, call, &script) != 0) {
        fail_msg("%s: %s is %s", text, list->name, list->got);
    }
}

static void misses(const char *text, const struct platen_call *call, const char *name,
                   const char *expected, const char *got)
{
    size_t count = differs(text, call, &script);
    if (count != 1) {
        fail_msg("%s: %u differences", text, (unsigned)count);
    }
    assert_string_equal(list[0].name, name);
    assert_string_equal(list[0].expected, expected);
    assert_string_equal(list[0].got, got);
}

static LPWSTR w(const char16_t *text)
{
    union {
        const char16_t *in;
        LPWSTR out;
    } cast = {text};
    return cast.out;
}

/* ---- results --------------------------------------------------------------------------------- */

static void results(void **state)
{
    (void)state;
    struct platen_call end = {.slot = PLATEN_SLOT_EndDocPort, .last_error = 1460};
    fits("-> FALSE", &end);
    fits("-> FALSE ERROR_TIMEOUT", &end);
    fits("-> FALSE TIMEOUT", &end);
    fits("-> FALSE 1460", &end);
    fits("-> FALSE 1000..2000", &end);
    fits("-> FALSE ERROR_BUSY|ERROR_TIMEOUT", &end);
    fits("-> FALSE any", &end);
    fits("-> any", &end);
    fits("-> TRUE|FALSE", &end);
    fits("-> ?", &end);
    fits("->", &end);
    misses("-> TRUE", &end, "result", "TRUE", "FALSE ERROR_TIMEOUT");
    misses("-> FALSE ERROR_BUSY|5", &end, "error", "ERROR_BUSY|5", "ERROR_TIMEOUT");
    assert_int_equal(list[0].column, 10);
    end.last_error = 4711;
    misses("-> FALSE ERROR_BUSY", &end, "error", "ERROR_BUSY", "4711");
    end.result.code = TRUE;
    fits("-> TRUE", &end);
    misses("-> FALSE ERROR_BUSY", &end, "result", "FALSE", "TRUE");
    struct platen_call shutdown = {.slot = PLATEN_SLOT_Shutdown};
    fits("-> done", &shutdown);
    misses("-> TRUE", &shutdown, "result", "TRUE", "done");
    struct platen_call xcv = {.slot = PLATEN_SLOT_XcvDataPort, .result.code = 170};
    fits("-> ERROR_BUSY", &xcv);
    fits("-> BUSY|0", &xcv);
    fits("-> 1..200", &xcv);
    misses("-> ERROR_SUCCESS", &xcv, "result", "ERROR_SUCCESS", "ERROR_BUSY");
    HANDLE monitor = NULL;
    struct platen_call init = {.slot = PLATEN_SLOT_InitializePrintMonitor2,
                               .args.InitializePrintMonitor2 = {NULL, &monitor},
                               .last_error = 8};
    fits("-> NULL ERROR_NOT_ENOUGH_MEMORY", &init);
    misses("-> table", &init, "result", "table", "NULL ERROR_NOT_ENOUGH_MEMORY");
    init.result.pointer = &monitor;
    fits("-> table phMonitor=NULL", &init);
}

/* ---- values ---------------------------------------------------------------------------------- */

static void numbers(void **state)
{
    (void)state;
    DWORD written = 5;
    struct platen_call write = {.slot = PLATEN_SLOT_WritePort,
                                .args.WritePort = {NULL, NULL, 0, &written},
                                .result.code = TRUE};
    fits("-> TRUE pcbWritten=5", &write);
    fits("-> TRUE pcbWritten=0x5", &write);
    fits("-> TRUE pcbWritten=1..5", &write);
    fits("-> TRUE pcbWritten=5..", &write);
    fits("-> TRUE pcbWritten=..5", &write);
    fits("-> TRUE pcbWritten=1|2|5", &write);
    fits("-> TRUE pcbWritten=any", &write);
    fits("-> TRUE pcbWritten=ERROR_ACCESS_DENIED", &write);
    misses("-> TRUE pcbWritten=6", &write, "pcbWritten", "6", "5");
    misses("-> TRUE pcbWritten=6..", &write, "pcbWritten", "6..", "5");
    misses("-> TRUE pcbWritten=..4", &write, "pcbWritten", "..4", "5");
    misses("-> TRUE pcbWritten=\"5\"", &write, "pcbWritten", "\"5\"", "5");
    misses("-> TRUE pcbWritten=NULL", &write, "pcbWritten", "NULL", "5");
    misses("-> TRUE pcbWriten=5", &write, "pcbWriten", "5", "no such argument");
    assert_int_equal(differs("-> FALSE pcbWritten=6 ERROR_BUSY", &write, &script), 2);
    bound.name[0] = '\0';
    fits("-> TRUE pcbWritten=$n", &write); /* kept for later */
    assert_string_equal(bound.name, "n");
    assert_true(bound.bits == 5);
    write.args.WritePort.pcbWritten = NULL;
    fits("-> TRUE pcbWritten=NULL", &write);
    misses("-> TRUE pcbWritten=5", &write, "pcbWritten", "5", "NULL");
}

static void data(void **state)
{
    (void)state;
    DWORD read = 3;
    unsigned char buffer[] = "123abc";
    struct platen_call call = {.slot = PLATEN_SLOT_ReadPort,
                               .args.ReadPort = {NULL, buffer, 6, &read},
                               .result.code = TRUE};
    fits("-> TRUE pBuffer=\"123\"", &call);
    fits("-> TRUE pBuffer=\"\\x31\\x32\\x33\"", &call);
    fits("-> TRUE pBuffer=~\"1*\"", &call);
    fits("-> TRUE pBuffer=@s[1+3]", &call);
    fits("-> TRUE pBuffer=<3 bytes>", &call);
    fits("-> TRUE pBuffer=any", &call);
    fits("-> TRUE pBuffer=NULL|\"123\"", &call);
    fits("-> TRUE pBuffer=sha256:1230000000000000000000000000000000000000000000000000000000000000",
         &call);
    misses("-> TRUE pBuffer=\"12\"", &call, "pBuffer", "\"12\"", "\"123\"");
    misses("-> TRUE pBuffer=\"124\"|NULL", &call, "pBuffer", "\"124\"|NULL", "\"123\"");
    misses("-> TRUE pBuffer=~\"2*\"", &call, "pBuffer", "~\"2*\"", "\"123\"");
    misses("-> TRUE pBuffer=@s[2+3]", &call, "pBuffer", "@s[2+3]", "\"123\"");
    misses("-> TRUE pBuffer=@t[1+3]", &call, "pBuffer", "@t[1+3]", "\"123\"");
    misses("-> TRUE pBuffer=<4 bytes>", &call, "pBuffer", "<4 bytes>", "\"123\"");
    misses(
        "-> TRUE pBuffer=sha256:0000000000000000000000000000000000000000000000000000000000000000",
        &call, "pBuffer", "sha256:0000000000000000000000000000000000000000000000000000000000000000",
        "\"123\"");
    call.result.code = FALSE;
    misses("-> any pBuffer=\"123\"", &call, "pBuffer", "\"123\"", "nothing");
    misses("-> any pBuffer=any", &call, "pBuffer", "any", "nothing");
    fits("-> FALSE pcbRead=3", &call);
}

static void handles(void **state)
{
    (void)state;
    HANDLE handle = (HANDLE)(uintptr_t)0x501;
    struct platen_call open = {
        .slot = PLATEN_SLOT_OpenPort, .args.OpenPort = {NULL, NULL, &handle}, .result.code = TRUE};
    memset(&bound, 0, sizeof bound);
    fits("-> TRUE pHandle=$port1", &open);
    fits("-> TRUE pHandle=port:0x501", &open);
    fits("-> TRUE pHandle=any", &open);
    misses("-> TRUE pHandle=port:0x502", &open, "pHandle", "port:0x502", "port:0x501");
    misses("-> TRUE pHandle=NULL", &open, "pHandle", "NULL", "port:0x501");
    assert_int_equal(differs("-> TRUE pHandle=port:0x777", &open, &trace), 0); /* bits change */
    assert_int_equal(differs("-> TRUE pHandle=port:0x0", &open, &trace), 1);
    fits("-> TRUE pHandle=$port2", &open); /* new: it has the name now */
    assert_string_equal(bound.name, "port2");
    assert_int_equal(bound.kind, PLATEN_KIND_PORT);
    assert_true(bound.bits == 0x501);
    handle = (HANDLE)(uintptr_t)0x502;
    misses("-> TRUE pHandle=$port2", &open, "pHandle", "$port2", "port:0x502");
    misses("-> TRUE pHandle=$no", &open, "pHandle", "$no", "port:0x502");
    handle = NULL;
    fits("-> TRUE pHandle=NULL", &open);
}

static void texts(void **state)
{
    (void)state;
    static WCHAR name[] = {u'L', u'P', u'T', 0xd800};
    DWORD count = 4;
    struct platen_call key = {.slot = PLATEN_SLOT_EnumKey,
                              .args.EnumKey = {NULL, 0, name, &count, NULL, NULL},
                              .given = {10},
                              .given_kept = true};
    fits("-> 0 pszName=\"LPT\\u{d800}\"", &key);
    fits("-> 0 pszName=~\"LP[S-U]?\"", &key);
    fits("-> 0 pszName=sha256:c04dd0a000000000000000000000000000000000000000000000000000000000|any",
         &key);
    misses("-> 0 pszName=\"LPT1\"", &key, "pszName", "\"LPT1\"", "\"LPT\\u{d800}\"");
    misses("-> 0 pszName=\"LPT\"", &key, "pszName", "\"LPT\"", "\"LPT\\u{d800}\"");
    count = 3;
    fits("-> 0 pszName=LPT", &key);
    fits("-> 0 pszName=\"LPT\" pcchName=3", &key);
}

/* ---- structures ------------------------------------------------------------------------------ */

static void rows(void **state)
{
    (void)state;
    struct {
        PORT_INFO_2W rows[2];
        WCHAR text[8];
    } memory = {.text = u"A\0B\0Mon"};
    DWORD needed = 0, returned = 2;
    struct platen_call call = {.slot = PLATEN_SLOT_EnumPorts,
                               .args.EnumPorts = {NULL, NULL, 2, (LPBYTE)(void *)&memory,
                                                  sizeof memory, &needed, &returned},
                               .result.code = TRUE};
    memory.rows[0] = (PORT_INFO_2W){&memory.text[0], &memory.text[4], NULL, 3, 0};
    memory.rows[1] = (PORT_INFO_2W){&memory.text[2], NULL, NULL, 1, 0};
    fits("-> TRUE pPorts=[{pPortName=\"A\" fPortType=3} {pPortName=\"B\"}]", &call);
    fits("-> TRUE pPorts=[{pPortName=A|X pDescription=NULL pMonitorName=~\"M*\"} ...]", &call);
    fits("-> TRUE pPorts=[...]", &call);
    fits("-> TRUE pPorts=[{} {fPortType=0..1}]", &call);
    fits("-> TRUE pPorts=any", &call);
    fits("-> TRUE pPorts=[]|[{} {}]", &call);
    misses("-> TRUE pPorts=[{pPortName=\"A\"} {pPortName=\"C\"}]", &call, "pPorts[1].pPortName",
           "\"C\"", "\"B\"");
    misses("-> TRUE pPorts=[{}]", &call, "pPorts[1]", "nothing",
           "{pPortName=\"B\" pMonitorName=NULL pDescription=NULL fPortType=0x1 Reserved=0}");
    misses("-> TRUE pPorts=[{} {} {pPortName=\"C\"} ...]", &call, "pPorts[2]", "{pPortName=\"C\"}",
           "nothing");
    misses("-> TRUE pPorts=[{pName=\"A\"} ...]", &call, "pPorts[0].pName", "\"A\"", "nothing");
    misses("-> TRUE pPorts=[{pDescription=\"x\"} ...]", &call, "pPorts[0].pDescription", "\"x\"",
           "NULL");
    memory.rows[0].pPortName = (LPWSTR)(uintptr_t)0x10;
    misses("-> TRUE pPorts=[{pPortName=\"A\"} ...]", &call, "pPorts[0].pPortName", "\"A\"",
           "wild:0x10");
    assert_int_equal(differs("-> TRUE pPorts=[{pPortName=wild:0x99} ...]", &call, &trace), 0);
}

static void what_is_volatile(void **state)
{
    (void)state;
    JOB_INFO_1W job = {.JobId = 7, .Position = 2};
    DWORD needed = 0;
    struct platen_call call = {
        .slot = PLATEN_SLOT_GetJobW,
        .args.GetJobW = {NULL, 7, 1, (LPBYTE)(void *)&job, sizeof job, &needed},
        .result.code = TRUE};
    const char *text = "main GetJobW JobId=8 -> TRUE pJob={JobId=8 Position=2 "
                       "Submitted=\"2026-01-31T00:00:00.000\"} at=1.5 took=0.1";
    assert_int_equal(differs(text, &call, &trace), 0);
    assert_int_equal(differs(text, &call, &script), 2); /* a script says what it means */
    assert_string_equal(list[0].name, "pJob.JobId");
    struct platen_statement statement;
    assert_true(platen_words_read(words, text, strlen(text), 1, &line, NULL));
    platen_statement_find(&line, NULL, &statement);
    assert_int_equal(platen_match_left(matcher, statement.arguments, &call, &trace, &list), 0);
    assert_int_equal(platen_match_left(matcher, statement.arguments, &call, &script, &list), 1);
    assert_string_equal(list[0].name, "JobId");
    assert_string_equal(list[0].got, "7");
    assert_true(platen_is_volatile("took", 4));
    assert_false(platen_is_volatile("too", 3));
}

/* A row of volatile.def that names nothing would pass over nothing. */
static void what_is_volatile_is_known(void **state)
{
    (void)state;
    static const char *const names_[] = {
#define PLATEN_VOLATILE(name) #name,
#include "call/volatile.def"
#undef PLATEN_VOLATILE
    };
    for (size_t i = 0; i < sizeof names_ / sizeof *names_; i++) {
        bool known = strcmp(names_[i], "at") == 0 || strcmp(names_[i], "took") == 0;
        for (unsigned s = 0; s < PLATEN_SLOT_COUNT; s++) {
            struct platen_slot_info slot = platen_slot_info((enum platen_slot)s);
            for (unsigned a = 0; a < slot.arg_count; a++) {
                known = known || strcmp(slot.args[a].name, names_[i]) == 0;
            }
        }
        for (unsigned kind = 0; kind < PLATEN_KINDS; kind++) {
            const struct call_struct *shape = NULL;
            while ((shape = call_struct_next((enum platen_kind)kind, shape)) != NULL) {
                for (unsigned f = 0; f < shape->count; f++) {
                    known = known || strcmp(shape->fields[f].name, names_[i]) == 0;
                }
            }
        }
        if (!known) {
            fail_msg("volatile.def: nothing is called %s", names_[i]);
        }
    }
}

/* ---- what goes in ---------------------------------------------------------------------------- */

static void calls_back(void **state)
{
    (void)state;
    DWORD size = 9, type = 3;
    struct platen_call query = {
        .slot = PLATEN_SLOT_QueryValue,
        .args.QueryValue = {(HANDLE)(uintptr_t)0x77, w(u"Timeout"), &type, NULL, &size, NULL},
        .given = {4},
        .given_kept = true};
    static const struct {
        const char *arguments;
        const char *name; /* NULL: it fits */
    } cases[] = {
        {"hcKey=$key1 pszValue=\"Timeout\" pData=NULL pcbData=4 hSpooler=NULL", NULL},
        {"pszValue=\"TimeOut\"", "pszValue"},
        {"pData=!guard", "pData"},
        {"pType=NULL", "pType"},
        {"pcbData=9", "pcbData"},
        {"hcKey=NULL", "hcKey"},
        {"hSpooler=$spooler1", NULL}, /* which is NULL here, and has the name from now on */
        {"nonsense=1", "nonsense"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct platen_text_error error;
        memset(&bound, 0, sizeof bound);
        assert_true(platen_words_read(words, cases[i].arguments, strlen(cases[i].arguments), 1,
                                      &line, &error));
        size_t count = platen_match_left(matcher, line.left, &query, &script, &list);
        if (count != (cases[i].name != NULL)) {
            fail_msg("%s: %u: %s", cases[i].arguments, (unsigned)count,
                     count > 0 ? list->name : "");
        }
        if (cases[i].name != NULL) {
            assert_string_equal(list->name, cases[i].name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results),
        cmocka_unit_test(numbers),
        cmocka_unit_test(data),
        cmocka_unit_test(handles),
        cmocka_unit_test(texts),
        cmocka_unit_test(rows),
        cmocka_unit_test(what_is_volatile),
        cmocka_unit_test(what_is_volatile_is_known),
        cmocka_unit_test(calls_back),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
