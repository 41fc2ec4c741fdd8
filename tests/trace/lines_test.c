/* SPDX-License-Identifier: MIT
 *
 * What a trace is made of: the first line, set-up lines, lines of calls, data in line and not.
 */
#include "trial.h"

#include <stdio.h>
#include <stdlib.h>

#include "os/file.h"

static struct platen_lane lane;

static void start(bool brief)
{
    trial_open(brief, false);
    lane = (struct platen_lane){.name = "LPT1:", .observers = platen_trace_observer(trial.trace)};
}

static HANDLE port(uintptr_t value)
{
    return (HANDLE)value;
}

static BOOL write_bytes(const void *data, DWORD size)
{
    DWORD written;
    return platen_call_WritePort(&lane, &trial_monitor, port(0x77), (LPBYTE)(uintptr_t)data, size,
                                 &written);
}

static void a_call_is_a_line(void **state)
{
    (void)state;
    start(false);
    assert_true(write_bytes("%!PS\n", 5));
    trial_close();
    assert_int_equal(trial.count, 2);
    assert_string_equal(trial.lines[0], "platen-trace 1");
    trial_expect(1, "LPT1: WritePort hPort=$port1 pBuffer=\"%!PS\\n\" cbBuf=5 -> TRUE pcbWritten=5 "
                    "at=0.");
    assert_non_null(strstr(trial.lines[1], " took=0."));
}

static void set_up_lines(void **state)
{
    platen_registry *registry;
    char *absolute;
    char expected[900];
    size_t size;
    (void)state;
    start(false);
    assert_int_equal(platen_registry_create(&registry), 0);
    platen_trace_registry(trial.trace, registry, "unused.reg");
    platen_registry_destroy(registry);
    platen_trace_monitor(trial.trace, NULL, "Platen Port", NULL, NULL);
    platen_trace_monitor(trial.trace, NULL, "Platen Port", "some/folder", NULL);
    platen_trace_monitor(trial.trace, "lib/x.so", "x", NULL, NULL);
    platen_trace_language(trial.trace, "lib/y.so", "y");
    platen_trace_port(trial.trace, "a \"b\"\n\x1b[2J\xe2\x80\xae\xff\xc3\xa4\xf0\x9f\x96\xa8",
                      "file:out");
    trial_close();
    trial_expect(1, "registry load \"");
    assert_non_null(strstr(trial.lines[1], "registry.reg\""));
    free(trial_file("registry.reg", &size));
    trial_expect(2, "monitor builtin name=\"Platen Port\"");
    trial_expect(3, "monitor builtin name=\"Platen Port\" file-root=\"");
    assert_null(strstr(trial.lines[2], "file-root"));
    assert_int_equal(platen_os_absolute_path("lib/y.so", &absolute), 0);
    if (strchr(absolute, '\\') == NULL) {
        snprintf(expected, sizeof expected, "language \"%s\" name=\"y\"", absolute);
        assert_string_equal(trial.lines[5], expected);
    }
    free(absolute);
    assert_string_equal(trial.lines[6],
                        "port \"a \\\"b\\\"\\x0a\\x1b[2J\\u{202e}\\xff\xc3\xa4\xf0\x9f\x96\xa8\" "
                        "to \"file:out\"");
}

static void data_in_line_and_beside(void **state)
{
    unsigned char data[1000];
    size_t size;
    (void)state;
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (unsigned char)(i * 7);
    }
    start(false);
    assert_true(write_bytes(data, 256));
    assert_true(write_bytes(data, 257));
    assert_true(write_bytes(data, 1000));
    trial_close();
    trial_expect(1, "LPT1: WritePort hPort=$port1 pBuffer=\"");
    trial_expect(2, "stream @blobs blob \"blobs.bin\"");
    trial_expect(3, "LPT1: WritePort hPort=$port1 pBuffer=@blobs[0+257] cbBuf=257 -> TRUE");
    trial_expect(4, "LPT1: WritePort hPort=$port1 pBuffer=@blobs[257+1000] cbBuf=1000 -> TRUE");
    trial_expect(5, "stream @blobs size=1257");
    unsigned char *blobs = (unsigned char *)trial_file("blobs.bin", &size);
    assert_int_equal(size, 1257);
    assert_memory_equal(blobs, data, 257);
    assert_memory_equal(blobs + 257, data, 1000);
    free(blobs);
}

static void data_that_comes_back(void **state)
{
    unsigned char in[300] = "in";
    unsigned char out[400];
    DWORD needed;
    (void)state;
    start(false);
    platen_call_XcvDataPort(&lane, &trial_monitor, port(5), TEXT("X"), in, sizeof in, out,
                            sizeof out, &needed);
    platen_call_ReadPort(&lane, &trial_monitor, port(6), out, 3, &needed);
    trial_close();
    assert_non_null(strstr(trial_line("XcvDataPort"), "pInputData=@blobs[0+300]"));
    assert_non_null(strstr(trial_line("XcvDataPort"), "pOutputData=@blobs[300+400]"));
    assert_non_null(strstr(trial_line("ReadPort"), " pBuffer=\"rrr\""));
}

/* A line that is made twice, because it is long, writes its data down once. */
static void a_long_line_is_whole(void **state)
{
    static WCHAR name[9000];
    unsigned char in[300] = "in";
    DWORD needed;
    (void)state;
    for (size_t i = 0; i + 1 < sizeof name / sizeof *name; i++) {
        name[i] = (WCHAR)('a' + i % 26);
    }
    start(false);
    platen_call_XcvDataPort(&lane, &trial_monitor, port(5), name, in, sizeof in, in, 0, &needed);
    trial_close();
    assert_true(strlen(trial_line("XcvDataPort")) > 9000);
    assert_non_null(strstr(trial_line("XcvDataPort"), "pInputData=@blobs[0+300]"));
    assert_non_null(strstr(trial_line("XcvDataPort"), " took="));
    trial_line("stream @blobs size=300");
}

static void a_brief_trace(void **state)
{
    char folder[800];
    unsigned char data[300] = {0};
    platen_os_file file;
    (void)state;
    start(true);
    assert_true(write_bytes(data, 32));
    assert_true(write_bytes(data, 33));
    assert_true(write_bytes(data, 300));
    trial_close();
    assert_string_equal(trial.lines[0], "platen-trace 1 brief");
    assert_non_null(strstr(trial.lines[1], "\\x00"));
    trial_expect(2, "LPT1: WritePort hPort=$port1 pBuffer=<33 bytes> cbBuf=33");
    trial_expect(3, "LPT1: WritePort hPort=$port1 pBuffer=<300 bytes> cbBuf=300");
    assert_int_equal(trial.count, 4);
    snprintf(folder, sizeof folder, "%s.data/blobs.bin", trial.path);
    assert_int_not_equal(platen_os_file_open_read(folder, &file), 0);
}

/* Newlines, escapes, marks that turn the direction, half a surrogate pair: every line is checked
 * by trial_close. */
static void text_from_a_monitor_breaks_nothing(void **state)
{
    static const WCHAR evil[] = {'A', '\n', 0x1b,   '[',    '2', 'J', 0x202e, 0xd800,
                                 '"', '\\', 0x2028, 0x0085, '>', '-', 0xdc00, 0};
    BYTE list[200];
    DWORD needed;
    DWORD returned;
    (void)state;
    start(false);
    orders.port = evil;
    assert_true(platen_call_EnumPorts(&lane, &trial_monitor, NULL, NULL, 1, list, sizeof list,
                                      &needed, &returned));
    lane.name = "LPT\n1:\x1b[2J ->";
    assert_true(write_bytes(evil, sizeof evil));
    trial_close();
    assert_int_equal(trial.count, 3);
    assert_non_null(
        strstr(trial.lines[1], "\\u{202e}\\u{d800}\\\"\\\\\\u{2028}\\u{85}>-\\u{dc00}"));
    trial_expect(2, "\"LPT\\n1:\\x1b[2J ->\" WritePort ");
}

static void closing_none(void **state)
{
    char *complaint;
    (void)state;
    assert_int_equal(platen_trace_close(NULL, &complaint), 0);
    assert_null(complaint);
    assert_null(platen_trace_observer(NULL));
    platen_trace_monitor(NULL, NULL, "x", NULL, NULL);
    platen_trace_port(NULL, "x", "y");
    platen_trace_registry(NULL, NULL, "x");
    platen_trace_last_words(NULL);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, trial_setup, trial_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_call_is_a_line),
        TEST(set_up_lines),
        TEST(data_in_line_and_beside),
        TEST(data_that_comes_back),
        TEST(a_long_line_is_whole),
        TEST(a_brief_trace),
        TEST(text_from_a_monitor_breaks_nothing),
        TEST(closing_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
