/* SPDX-License-Identifier: MIT
 *
 * Sessions: lines piece by piece in one world, and an end of everything in time.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "os/thread.h"
#include "script/session.h"
#include "session_monitor.h"
#ifdef HOST_FILE
#    include "hosted/hosted.h"
#endif

#define SECOND UINT64_C(1000000000)

/* ---- what is told ---------------------------------------------------------------------------- */

struct ears {
    unsigned checks;
    unsigned failed;
    unsigned errors;
    unsigned line;
    unsigned column;
    bool dead;
    size_t mark;
    char text[200];
    char expected[200];
    char got[200];
    char why[200];
    unsigned found;
    char finding[400];
};

static void put(char *to, const char *text)
{
    snprintf(to, 200, "%s", text == NULL ? "" : text);
}

static void told(void *context, const struct platen_session_check *check)
{
    struct ears *ears = context;
    ears->checks++;
    ears->failed += check->verdict == PLATEN_REPORT_FAIL;
    ears->errors += check->verdict == PLATEN_REPORT_ERROR;
    ears->line = check->line_number;
    ears->column = check->column;
    ears->dead = check->dead;
    ears->mark = check->mark;
    put(ears->text, check->line);
    put(ears->expected, check->expected);
    put(ears->got, check->got);
    put(ears->why, check->why);
}

static void found(void *context, const char *text)
{
    struct ears *ears = context;
    ears->found++;
    snprintf(ears->finding, sizeof ears->finding, "%s", text);
}

static const struct platen_script_world world = {.attach_builtin = session_monitor_attach};

static platen_session *open_for(struct ears *ears, uint64_t timeout)
{
    const struct platen_session_options options = {
        .world = &world,
        .timeout = timeout,
        .grace = 20 * SECOND,
        .told = told,
        .found = found,
        .context = ears,
    };
    *ears = (struct ears){0};
    platen_session *session = platen_session_open(&options);
    assert_non_null(session);
    return session;
}

static void expect(platen_session *session, enum platen_session_end end, const char *text)
{
    enum platen_session_end came = platen_session_run(session, text);
    if (came != end) {
        fail_msg("%s: %d: %s", text, (int)came, platen_session_why(session));
    }
}

/* ---- one after the other --------------------------------------------------------------------- */

static void names_last(void **state)
{
    struct ears ears;
    uint64_t port = 0;
    uint64_t other = 0;
    (void)state;
    platen_session *session = open_for(&ears, 0);
    expect(session, PLATEN_SESSION_MET, "monitor $monitor");
    assert_int_equal(ears.checks, 0);
    expect(session, PLATEN_SESSION_MET, "OpenPort pName=\"LPT1:\" -> TRUE pHandle=$port");
    assert_true(platen_session_number(session, "port", &port));
    assert_true(port != 0);
    assert_true(platen_session_set_number(session, "size", 5));
    assert_true(platen_session_set_text(session, "words", "a \"b\"\n"));
    assert_string_equal(platen_session_text(session, "words"), "a \"b\"\n");
    expect(session, PLATEN_SESSION_MET,
           "StartDocPort hPort=$port -> TRUE\n"
           "WritePort hPort=$port pBuffer=\"${words}\" -> TRUE pcbWritten=$moved\n"
           "WritePort hPort=$port pBuffer=\"hello\" cbBuf=$size -> TRUE pcbWritten=$size\n"
           "EndDocPort hPort=$port -> TRUE\n");
    assert_true(platen_session_number(session, "moved", &other) && other == 6);
    assert_int_equal(ears.checks, 5);
    assert_int_equal(ears.failed, 0);
    const struct platen_session_call *last = platen_session_last(session);
    assert_true(last != NULL && last->slot == PLATEN_SLOT_EndDocPort && last->result == TRUE);
    assert_false(platen_session_number(session, "words", &other));
    assert_false(platen_session_number(session, "nothing", &other));
    assert_null(platen_session_text(session, "nothing"));
    expect(session, PLATEN_SESSION_MET, "stream @doc data \"0123456789\"");
    char bytes[8] = "";
    assert_int_equal(platen_session_bytes(session, "doc", 4, bytes, 4), 4);
    assert_memory_equal(bytes, "4567", 4);
    assert_int_equal(platen_session_bytes(session, "doc", 8, bytes, 8), 2);
    assert_true(platen_session_close(session));
    assert_int_equal(ears.found, 0);
}

static void tells_what_differs(void **state)
{
    struct ears ears;
    (void)state;
    platen_session *session = open_for(&ears, 0);
    expect(session, PLATEN_SESSION_UNMET,
           "monitor $monitor\n"
           "\n"
           "  EnumPorts pPorts=NULL cbBuf=0 -> TRUE pcbNeeded=40  # wrong\n"
           "EnumPorts pPorts=NULL cbBuf=0 -> FALSE pcbNeeded=1.. ERROR_INSUFFICIENT_BUFFER");
    assert_int_equal(ears.checks, 2);
    assert_int_equal(ears.failed, 1);
    expect(session, PLATEN_SESSION_UNMET, "\nEnumPorts pPorts=NULL cbBuf=0 -> TRUE pcbNeeded=40");
    assert_int_equal(ears.line, 2);
    assert_true(ears.column > 0);
    assert_string_equal(ears.text, "EnumPorts pPorts=NULL cbBuf=0 -> TRUE pcbNeeded=40");
    assert_string_equal(ears.expected, "TRUE pcbNeeded=40");
    assert_non_null(strstr(ears.got, "FALSE pcbNeeded=40"));
    assert_non_null(strstr(ears.why, "expected TRUE"));
    assert_int_equal(ears.mark, platen_session_mark(session));
    expect(session, PLATEN_SESSION_MET, "EnumPorts pPorts=NULL cbBuf=0 -> FALSE");
    assert_true(platen_session_close(session));
}

static void says_what_is_wrong(void **state)
{
    static const struct {
        const char *text;
        const char *why;
    } list[] = {
        {"WritePrt pBuffer=\"x\"", "1:1: there is no slot or verb WritePrt; WritePort?"},
        {"\nEnumPorts pPort=NULL", "2:11: EnumPorts has no argument pPort"},
        {"test \"x\" {\n}", "1:1: there are no tests in a session"},
        {"parallel {", "1:1: this block does not end"},
    };
    struct ears ears;
    (void)state;
    platen_session *session = open_for(&ears, 0);
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        expect(session, PLATEN_SESSION_WRONG, list[i].text);
        if (strncmp(platen_session_why(session), list[i].why, strlen(list[i].why)) != 0) {
            fail_msg("%s: %s", list[i].text, platen_session_why(session));
        }
    }
    assert_int_equal(ears.checks, 0);
    assert_int_equal(platen_session_mark(session), 0);
    assert_true(platen_session_close(session));
}

static void goes_on_when_broken(void **state)
{
    struct ears ears;
    (void)state;
    platen_session *session = open_for(&ears, 0);
    expect(session, PLATEN_SESSION_BROKEN, "EnumPorts -> TRUE\nEnumPorts -> TRUE");
    assert_string_equal(platen_session_why(session), "line 1: there is no monitor");
    assert_int_equal(ears.errors, 1);
    expect(session, PLATEN_SESSION_BROKEN, "monitor \"no/such/monitor.so\"");
    expect(session, PLATEN_SESSION_SKIPPED, "skip \"not today\"\nmonitor \"builtin\"");
    assert_string_equal(platen_session_why(session), "not today");
    expect(session, PLATEN_SESSION_MET, "monitor \"builtin\"\nEnumPorts cbBuf=0 -> FALSE");
    assert_string_equal(platen_session_why(session), "");
    expect(session, PLATEN_SESSION_BROKEN, "OpenPort pName=$nobody -> TRUE");
    expect(session, PLATEN_SESSION_MET, "OpenPort pName=\"LPT1:\" -> TRUE");
    assert_true(platen_session_close(session));
    assert_true(platen_session_close(NULL));
}

/* The lines that ran are a script that does the same. */
static void lines_run_again(void **state)
{
    struct ears ears;
    (void)state;
    platen_session *session = open_for(&ears, 0);
    expect(session, PLATEN_SESSION_MET, "monitor $monitor");
    assert_true(platen_session_set_text(session, "name", "LPT1:"));
    expect(session, PLATEN_SESSION_UNMET,
           "OpenPort pName=$name -> TRUE pHandle=$port # \"a comment\"\n"
           "StartDocPort hPort=$port -> FALSE\n"
           "parallel {\n"
           "    lane a {\n"
           "        WritePort hPort=$port pBuffer=\"-> # x\" -> TRUE\n"
           "    }\n"
           "}\n");
    static const char *const expected[] = {
        "monitor $monitor",
        NULL,
        "set $name \"LPT1:\"",
        "OpenPort pName=$name -> TRUE pHandle=$port",
        "StartDocPort hPort=$port -> TRUE",
        NULL,
        "parallel {\n    lane a {\n        WritePort hPort=$port pBuffer=\"-> # x\" -> TRUE\n    "
        "}\n}",
        "a: WritePort hPort=$port pBuffer=\"-> # x\" -> TRUE pcbWritten=6",
    };
    size_t at = 0;
    for (size_t i = 0; i < platen_session_mark(session); i++) {
        const struct platen_session_line *line = platen_session_line(session, i);
        bool other = line->kind == PLATEN_SESSION_MADE || line->kind == PLATEN_SESSION_BACK;
        at += other && expected[at] == NULL;
        if (!other) {
            assert_string_equal(line->text, expected[at++]);
        }
    }
    assert_int_equal(at, sizeof expected / sizeof *expected);
    assert_null(platen_session_line(session, platen_session_mark(session)));
    char *script = platen_session_script(session, 0, SIZE_MAX);
    assert_true(platen_session_close(session));

    session = open_for(&ears, 0);
    expect(session, PLATEN_SESSION_MET, script);
    assert_int_equal(ears.checks, 3);
    assert_true(platen_session_close(session));
    free(script);
}

/* ---- what does not come back ----------------------------------------------------------------- */

static const char beginning[] = "monitor $monitor\n"
                                "OpenPort pName=\"LPT1:\" -> TRUE pHandle=$port\n"
                                "StartDocPort hPort=$port -> TRUE";

static void is_late(void **state)
{
    struct ears ears;
    (void)state;
    atomic_store(&session_monitor_hangs, true);
    const struct platen_session_options options = {
        .world = &world,
        .timeout = 4 * SECOND,
        .grace = 3 * SECOND,
        .told = told,
        .context = &ears,
    };
    ears = (struct ears){0};
    platen_session *session = platen_session_open(&options);
    assert_non_null(session);
    expect(session, PLATEN_SESSION_MET, beginning);
    expect(session, PLATEN_SESSION_LATE, "WritePort hPort=$port pBuffer=\"hang\" -> TRUE");
    assert_non_null(
        strstr(platen_session_why(session), "longer than 4 s, in line 1: WritePort hPort=$port"));
    assert_non_null(strstr(platen_session_why(session), "does not come back"));
    const struct platen_session_line *line =
        platen_session_line(session, platen_session_mark(session) - 1);
    assert_string_equal(line->text, "WritePort hPort=$port pBuffer=\"hang\" -> ?");
    assert_null(platen_session_facts(session));
    expect(session, PLATEN_SESSION_LATE, "log \"again\"");
    assert_false(platen_session_set_number(session, "n", 1));
    atomic_store(&session_monitor_hangs, false); /* it comes back within the grace of the close */
    assert_true(platen_session_close(session));
    assert_int_equal(ears.checks, 2); /* what comes after the end of a run is told to nobody */
}

/* One that asks for its job is told that it is gone, and comes back; so do barriers. */
static void is_told_of_the_end(void **state)
{
    struct ears ears;
    (void)state;
    platen_session *session = open_for(&ears, 4 * SECOND);
    expect(session, PLATEN_SESSION_MET, beginning);
    expect(session, PLATEN_SESSION_LATE,
           "parallel {\n"
           "lane a {\n"
           "  WritePort hPort=$port pBuffer=\"ask\" -> TRUE\n"
           "  barrier meet\n"
           "}\n"
           "lane b {\n"
           "  barrier meet\n"
           "}\n"
           "}\n");
    assert_null(strstr(platen_session_why(session), "come back"));
    assert_true(platen_session_close(session));
}

/* ---- side by side ---------------------------------------------------------------------------- */

/* On a thread of its own, where nothing can be asserted. */
static void live(void *argument)
{
    struct ears ears = {0};
    const struct platen_session_options options = {
        .world = &world, .timeout = 60 * SECOND, .told = told, .context = &ears};
    uint64_t *sum = argument;
    platen_session *session = platen_session_open(&options);
    if (session == NULL || platen_session_run(session, beginning) != PLATEN_SESSION_MET ||
        platen_session_run(session, "stream @zeros zeros size=64") != PLATEN_SESSION_MET) {
        return;
    }
    for (uint64_t i = 0; i < 50; i++) {
        uint64_t size = 0;
        platen_session_set_number(session, "size", i);
        bool met = platen_session_run(session, "WritePort hPort=$port pBuffer=@zeros cbBuf=$size "
                                               "-> TRUE pcbWritten=$size") == PLATEN_SESSION_MET;
        *sum += met && platen_session_number(session, "size", &size) ? size : 0;
    }
    *sum += platen_session_close(session) && ears.checks == 52 ? 1000000 : 0;
}

static void side_by_side(void **state)
{
    platen_os_thread *threads[4];
    uint64_t sums[4] = {0};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(platen_os_thread_start(&threads[i], "user", 0, live, &sums[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        platen_os_thread_join(threads[i]);
        assert_int_equal(sums[i], 1000000 + 49 * 25);
    }
}

/* ---- in a host ------------------------------------------------------------------------------- */

#ifdef HOST_FILE
static uint32_t load(void *context, platen_spooler *spooler, const char *name, const char *path,
                     bool language, char **complaint)
{
    const struct platen_hosted_options options = {
        .language = language, .program = HOST_FILE, .timeout = 60 * SECOND};
    (void)context;
    return platen_hosted_load(spooler, name, path, &options, complaint);
}

static void sees_a_death(void **state)
{
    static const struct platen_script_world hosted = {.load = load};
    struct ears ears = {0};
    const struct platen_session_options options = {
        .world = &hosted, .monitor = ILL_FILE, .told = told, .found = found, .context = &ears};
    (void)state;
    assert_int_equal(setenv("ILL", "WritePort:crash", 1), 0);
    platen_session *session = platen_session_open(&options);
    assert_non_null(session);
    expect(session, PLATEN_SESSION_MET,
           "monitor $monitor\nOpenPort pName=\"ILL:\" -> TRUE pHandle=$port\n"
           "StartDocPort hPort=$port -> TRUE");
    assert_false(platen_session_is_dead(session));
    expect(session, PLATEN_SESSION_DEAD,
           "WritePort hPort=$port pBuffer=\"x\" -> TRUE\nlog \"never\"");
    assert_true(platen_session_is_dead(session));
    assert_true(ears.dead);
    assert_int_equal(ears.found, 1);
    assert_non_null(strstr(ears.finding, "WritePort"));
    assert_non_null(strstr(platen_session_why(session), "crashed"));
    expect(session, PLATEN_SESSION_DEAD, "EnumPorts -> TRUE");
    assert_true(platen_session_close(session));
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_last),         cmocka_unit_test(tells_what_differs),
        cmocka_unit_test(says_what_is_wrong), cmocka_unit_test(goes_on_when_broken),
        cmocka_unit_test(lines_run_again),    cmocka_unit_test(is_late),
        cmocka_unit_test(is_told_of_the_end), cmocka_unit_test(side_by_side),
#ifdef HOST_FILE
        cmocka_unit_test(sees_a_death),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
