/* SPDX-License-Identifier: MIT
 *
 * What the command backend promises beyond the laws: what a program is told, that names stay data,
 * what its end makes of the job, and that nothing of it is left.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_bench.h"
#include "os/file.h"
#include "os/thread.h"

/* ---- argv ---------------------------------------------------------------------------------- */

/* As the port's settings have it, and as a line of the report has it. */
static const struct {
    const char *written;
    const char *arrives;
} words[] = {
    {"plain", "plain"},
    {"\"two words\"", "two words"},
    {"half\" a \"word", "half a word"},
    {"\"\"", ""},
    {"\"say \"\"so\"\"\"", "say \"so\""},
    {"back\\slash", "back\\x5cslash"},
    {"ends\\", "ends\\x5c"},
    {"\"a b\\\"", "a b\\x5c"},
    {"\"\\\"\"\"", "\\x5c\""},
    {"\"\\\\\"\"x\"", "\\x5c\\x5c\"x"},
    {"$(id)", "$(id)"},
    {"`id`", "`id`"},
    {"%PATH%", "%PATH%"},
    {"%n%s", "%n%s"},
    {"a;b|c&&d>e<f^g!h", NULL}, /* '&' divides settings */
    {"*", "*"},
    {"~", "~"},
    {"-rf", "-rf"},
    {"\"line\nbreak\"", "line\\x0abreak"},
    {"tab\there", "tab\\x09here"},
    {"'single quotes'", "'single"},
};

enum { WORDS = sizeof words / sizeof *words };

static void arguments_arrive_as_typed(void **state)
{
    char args[2000] = "report \"%s\"", line[200];
    (void)state;
    for (size_t i = 0; i < WORDS; i++) {
        if (!words[i].arrives)
            continue;
        strcat(args, "  ");
        strcat(args, words[i].written);
    }
    assert_int_equal(command_print(args, "x", 10), 0);
    for (size_t i = 0; i < WORDS; i++) {
        snprintf(line, sizeof line, "word=%s", words[i].arrives ? words[i].arrives : "quotes'");
        if (!command_note_has(line))
            fail_msg("%s did not arrive as %s:\n%s", words[i].written, line, command_read_note());
    }
}

static uint32_t open_with(const char *args, const char *target, const char *root)
{
    const char *values[] = {args, "", "300"};
    struct platen_port_setup setup = {
        .size = sizeof setup,
        .port_name = "P",
        .target = target,
        .values = values,
        .clock = trial.clock,
        .program_root = root,
    };
    void *state = calloc(1, platen_backend_command.state_size);
    uint32_t checked = platen_backend_command.check(&setup);
    uint32_t opened = platen_backend_command.open(state, &setup);
    if (!opened)
        platen_backend_command.close(state);
    free(state);
    return checked ? checked : opened;
}

static void an_open_quote_is_refused(void **state)
{
    (void)state;
    assert_int_equal(open_with("a \"b", PLATEN_TEST_PUPPET, PLATEN_TEST_PROGRAMS),
                     PLATEN_INVALID_PARAMETER);
    assert_int_equal(open_with("", PLATEN_TEST_PUPPET, PLATEN_TEST_PROGRAMS), 0);
}

/* ---- what may run -------------------------------------------------------------------------- */

static void programs_are_below_the_root(void **state)
{
    static const char *const refused[] = {"/bin/sh", "../sh", "x/../../sh", "C:\\x.exe", "."};
    (void)state;
    assert_int_equal(open_with("", PLATEN_TEST_PUPPET, NULL), PLATEN_ACCESS_DENIED);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_int_not_equal(open_with("", refused[i], PLATEN_TEST_PROGRAMS), 0);
    assert_int_equal(open_with("", "no-such-program.exe", PLATEN_TEST_PROGRAMS),
                     PLATEN_FILE_NOT_FOUND);
}

/* The system would hand these to a shell, if it were not asked to run them itself. */
static void no_shell_reads_a_file(void **state)
{
    static const char *const names[] = {"x.bat", "x.cmd", "script", "x.bat.", "x.bat "};
    char path[800], made[900];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct platen_doc doc = {.size = sizeof doc, .printer = ""};
        const char *values[] = {"", "", "300"};
        snprintf(path, sizeof path, "%s/%s", trial.folder, names[i]);
        snprintf(made, sizeof made, "echo > \"%s/made\"\n", trial.folder);
        if (!system_make_program(path, made))
            continue; /* no name for a file here */
        struct platen_port_setup setup = {.size = sizeof setup,
                                          .port_name = "P",
                                          .target = path,
                                          .values = values,
                                          .clock = trial.clock,
                                          .program_root = trial.folder};
        void *port = calloc(1, platen_backend_command.state_size);
        if (platen_backend_command.open(port, &setup) == 0) {
            assert_int_not_equal(platen_backend_command.start_doc(port, &doc, soon()), 0);
            platen_backend_command.close(port);
        }
        free(port);
        snprintf(made, sizeof made, "%s/made", trial.folder);
        assert_false(platen_os_same_file(made, made));
    }
}

/* ---- names --------------------------------------------------------------------------------- */

static const char *const titles[] = {
    "",
    "plain",
    "$(touch made)",
    "`touch made`",
    "; touch made",
    "\"; touch made; \"",
    "' \\' \" \\\" \\",
    "a\nb\r\nc",
    "%n%s%n%PATH%",
    "&& echo x > made",
    "^|<>&",
    "-rf /",
    "=x=y",
    "() { :;}; touch made",
    "\x1b%-12345X@PJL\x1b[2J",
    "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x96\xA8",
    "\xED\xA0\x80 alone",
};

static void expect_name(const char *name, const char *value)
{
    char line[1000];
    int used = snprintf(line, sizeof line, "variable=REDMON_%s=", name);
    for (; *value; value++) {
        unsigned char c = (unsigned char)*value;
        bool plain = c >= ' ' && c <= '~' && c != '\\';
        used += snprintf(line + used, sizeof line - (size_t)used, plain ? "%c" : "\\x%02x", c);
    }
    if (!command_note_has(line))
        fail_msg("missing: %s\nin: %s", line, command_read_note());
}

static void names_are_data(void **state)
{
    char args[900];
    (void)state;
    snprintf(args, sizeof args, "report \"%%s\"&folder=%s", trial.folder);
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        assert_int_equal(command_print(args, titles[i], 100), 0);
        expect_name("DOCNAME", titles[i]);
        expect_name("JOB", "4711");
        expect_name("PORT", "Port $(x)");
        expect_name("PRINTER", "Printer \"1\"");
        expect_name("USER", "`id` %USERNAME%");
        expect_name("MACHINE", "\\\\there");
        assert_int_equal(count_entries(trial.folder), 1); /* the note, and nothing was made */
    }
}

static void endless_names_arrive_or_are_refused(void **state)
{
    static const size_t sizes[] = {1000, 32768 - 20, 32768, 100000, 1 << 20};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *title = malloc(sizes[i] + 1);
        assert_non_null(title);
        memset(title, 'x', sizes[i]);
        title[sizes[i]] = '\0';
        platen_os_remove_file(command_note);
        /* The loan of the trial is smaller than the last of them. */
        const struct platen_doc doc = {.size = sizeof doc, .printer = "", .name = title};
        struct port *port = command_open("report \"%s\"");
        uint32_t error = platen_backend_command.start_doc(port->state, &doc, soon());
        if (!error)
            error = platen_backend_command.end_doc(port->state, false, soon());
        command_close();
        assert_true(error == 0 || error == PLATEN_BAD_ARGUMENTS);
        assert_true(error == 0 || sizes[i] > 32000);
        const char *there = strstr(command_read_note(), "REDMON_DOCNAME=");
        assert_true(error || (there && strcspn(there + 15, "\n") == sizes[i]));
        free(title);
    }
}

static void nothing_else_is_handed_on(void **state)
{
    char args[900];
    (void)state;
    static char left[] = "REDMON_LEFT=from before";
    putenv(left);
    snprintf(args, sizeof args, "report \"%%s\"&folder=%s", trial.folder);
    assert_int_equal(command_print(args, "x", 0), 0);
    assert_null(strstr(command_read_note(), "REDMON_LEFT"));
    assert_true(strstr(command_read_note(), "handles=3\n") ||
                strstr(command_read_note(), "handles=-1\n"));
    const char *folder = strstr(command_read_note(), "folder=");
    assert_non_null(folder);
    assert_non_null(strstr(folder, "platen"));
}

static void a_missing_folder_is_told(void **state)
{
    (void)state;
    command_open("keep \"%s\"&folder=/no/such/folder");
    assert_int_equal(command_start("x"), PLATEN_PATH_NOT_FOUND);
    command_close();
}

/* ---- its end and the job's ----------------------------------------------------------------- */

static void the_exit_status_decides(void **state)
{
    (void)state;
    assert_int_equal(command_print("exit 0 all", "x", 300000), 0);
    assert_int_equal(command_print("exit 3 all", "x", 300000), PLATEN_WRITE_FAULT);
    assert_non_null(strstr(command_log, "ended with exit status 3"));
    assert_int_equal(command_print("exit 255 all", "x", 0), PLATEN_WRITE_FAULT);
    assert_int_equal(command_print("crash", "x", 0), PLATEN_PROCESS_ABORTED);
}

/* However little is missing, and however much of it the system had on its way. */
static void what_is_not_read_is_not_printed(void **state)
{
    (void)state;
    assert_int_equal(command_print("exit 0 10", "x", 10), 0);
    assert_int_equal(command_print("exit 0 10", "x", 11), PLATEN_BROKEN_PIPE);
    assert_int_equal(command_print("exit 0 10", "x", 1 << 20), PLATEN_BROKEN_PIPE);
    assert_int_equal(command_print("exit 0 0", "x", 1), PLATEN_BROKEN_PIPE);
    assert_non_null(strstr(command_log, "2 puppet")); /* as a warning */
}

static void output_goes_to_the_log(void **state)
{
    (void)state;
    assert_int_equal(command_print("say 0 \"100%n %d\" second", "x", 50), 0);
    assert_non_null(strstr(command_log, ": 100%n %d\n"));
    assert_non_null(strstr(command_log, ": second\n"));
    assert_int_equal(command_print("say 7 \"no paper\"", "x", 50), PLATEN_WRITE_FAULT);
    assert_non_null(strstr(command_log, "it said last: no paper\n"));
}

/* A megabyte each way, which neither side could hold back. */
static void a_program_may_print_as_much_as_it_reads(void **state)
{
    size_t lines = 0;
    (void)state;
    assert_int_equal(command_print("flood 1024", "x", 1 << 20), 0);
    for (const char *at = command_log; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    assert_int_equal(lines, 1001);
}

static void its_time_is_limited(void **state)
{
    (void)state;
    command_open("hang \"%s\" alone&timeout=1");
    assert_int_equal(command_start("x"), 0);
    assert_int_equal(command_finish(10), PLATEN_SEM_TIMEOUT);
    assert_non_null(strstr(command_log, "is ended, after these seconds: 1"));
    command_close();
}

static void a_call_does_not_outlast_its_deadline(void **state)
{
    (void)state;
    struct port *port = command_open("hang \"%s\" alone");
    assert_int_equal(command_start("x"), 0);
    uint64_t since = platen_os_now();
    assert_int_equal(trial.backend.drain(port->state, since + SECOND / 10), PLATEN_IO_PENDING);
    assert_int_equal(trial.backend.end_doc(port->state, false, since + SECOND / 5), PLATEN_TIMEOUT);
    assert_true(platen_os_now() - since < AT_ONCE);
    command_close();
}

/* ---- its family ---------------------------------------------------------------------------- */

enum { FAMILY = 2 }; /* and the shell between them */

static unsigned family(long ids[FAMILY])
{
    const char *at = command_read_note();
    unsigned count = 0;
    for (char *end; count < FAMILY && (ids[count] = strtol(at, &end, 10)) != 0; at = end)
        count++;
    return count;
}

static void await_family(long ids[FAMILY])
{
    uint64_t until = soon();
    while (family(ids) < FAMILY && platen_os_now() < until)
        platen_os_thread_yield();
    assert_int_equal(family(ids), FAMILY);
}

static void expect_gone(const long ids[FAMILY])
{
    uint64_t until = soon();
    for (size_t i = 0; i < FAMILY; i++) {
        while (system_process_lives(ids[i]) && platen_os_now() < until)
            platen_os_thread_yield();
        assert_false(system_process_lives(ids[i]));
    }
}

static struct port *start_family(long ids[FAMILY])
{
    struct port *port = command_open("hang %s");
    platen_os_remove_file(command_note);
    assert_int_equal(command_start("x"), 0);
    await_family(ids);
    assert_true(system_process_lives(ids[0]) && system_process_lives(ids[1]));
    return port;
}

static void a_cancel_takes_the_family(void **state)
{
    long ids[FAMILY] = {0};
    uint32_t moved;
    (void)state;
    struct port *port = start_family(ids);
    trial.backend.cancel(port->state);
    assert_int_equal(port_write(&trial, port, "x", 1, soon(), &moved), PLATEN_OPERATION_ABORTED);
    assert_int_equal(trial.backend.end_doc(port->state, true, 0), 0);
    assert_false(system_process_lives(ids[0]));
    expect_gone(ids);
    command_close();
}

struct ending {
    struct port *port;
    uint32_t error;
};

static void end_job(void *argument)
{
    struct ending *ending = argument;
    ending->error = trial.backend.end_doc(ending->port->state, false, PLATEN_FOREVER);
}

static void a_cancel_ends_the_wait_for_its_end(void **state)
{
    long ids[FAMILY] = {0};
    platen_os_thread *thread;
    (void)state;
    struct ending ending = {.port = start_family(ids)};
    assert_int_equal(platen_os_thread_start(&thread, "end", 0, end_job, &ending), 0);
    trial.backend.cancel(ending.port->state);
    platen_os_thread_join(thread);
    assert_int_equal(ending.error, PLATEN_OPERATION_ABORTED);
    expect_gone(ids);
    command_close();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, command_set_up, command_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(arguments_arrive_as_typed),
        TEST(an_open_quote_is_refused),
        TEST(programs_are_below_the_root),
        TEST(no_shell_reads_a_file),
        TEST(names_are_data),
        TEST(endless_names_arrive_or_are_refused),
        TEST(nothing_else_is_handed_on),
        TEST(a_missing_folder_is_told),
        TEST(the_exit_status_decides),
        TEST(what_is_not_read_is_not_printed),
        TEST(output_goes_to_the_log),
        TEST(a_program_may_print_as_much_as_it_reads),
        TEST(its_time_is_limited),
        TEST(a_call_does_not_outlast_its_deadline),
        TEST(a_cancel_takes_the_family),
        TEST(a_cancel_ends_the_wait_for_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
