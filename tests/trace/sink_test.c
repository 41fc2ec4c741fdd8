/* SPDX-License-Identifier: MIT
 *
 * The file that many write to: whole lines, each thread's in order, more than memory holds; and
 * what may not be replaced.
 */
#include "trial.h"

#include <stdio.h>
#include <stdlib.h>

#include "os/file.h"
#include "trace/sink.h"

#define THREADS 4
#define LINES   20000

static struct trace_sink sink;

static bool holds_x(const char *begin, size_t length)
{
    return length > 0 && *begin == 'x';
}

static void fill(void *argument)
{
    unsigned number = *(unsigned *)argument;
    char line[100];
    for (unsigned i = 0; i < LINES; i++) {
        int length = snprintf(line, sizeof line, "%u %u %.*s\n", number, i, (int)(i % 60),
                              "............................................................");
        trace_sink_put(&sink, line, (size_t)length);
    }
}

/* Some threads, and beside them now and then a line that is larger than the memory. */
static void everything_arrives_in_order(void **state)
{
    platen_os_thread *threads[THREADS];
    unsigned numbers[THREADS] = {0, 1, 2, 3};
    unsigned next[THREADS] = {0};
    unsigned huge = 0;
    static char large[SINK_HALF + 100];
    char *text;
    size_t size;
    (void)state;
    assert_int_equal(trace_sink_open(&sink, trial.path, holds_x), 0);
    memset(large, 'H', sizeof large);
    large[sizeof large - 1] = '\n';
    for (unsigned i = 0; i < THREADS; i++) {
        assert_int_equal(platen_os_thread_start(&threads[i], "fill", 0, fill, &numbers[i]), 0);
    }
    for (unsigned i = 0; i < 10; i++) {
        trace_sink_put(&sink, large, sizeof large);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        platen_os_thread_join(threads[i]);
    }
    assert_int_equal(trace_sink_close(&sink), 0);
    assert_int_equal(platen_os_file_load(trial.path, 64u << 20, &text, &size), 0);
    for (char *at = text; *at != '\0'; at = strchr(at, '\n') + 1) {
        if (*at == 'H') {
            assert_memory_equal(at, large, sizeof large);
            huge++;
            continue;
        }
        unsigned number = (unsigned)(*at - '0');
        assert_true(number < THREADS);
        assert_int_equal(strtoul(at + 2, NULL, 10), next[number]++);
    }
    assert_int_equal(huge, 10);
    for (unsigned i = 0; i < THREADS; i++) {
        assert_int_equal(next[i], LINES);
    }
    free(text);
}

static void put_file(const char *content)
{
    platen_os_file file;
    size_t moved;
    assert_int_equal(platen_os_file_open_write(trial.path, &file), 0);
    assert_int_equal(platen_os_file_write(file, content, strlen(content), &moved), 0);
    assert_int_equal(platen_os_file_close(file), 0);
}

static void what_may_be_replaced(void **state)
{
    char *text;
    size_t size;
    (void)state;
    put_file("a letter");
    assert_int_equal(trace_sink_open(&sink, trial.path, holds_x), PLATEN_ALREADY_EXISTS);
    assert_int_equal(platen_os_file_load(trial.path, 100, &text, &size), 0);
    assert_string_equal(text, "a letter");
    free(text);
    put_file("x of before");
    assert_int_equal(trace_sink_open(&sink, trial.path, holds_x), 0);
    assert_int_equal(trace_sink_close(&sink), 0);
    assert_int_equal(platen_os_file_load(trial.path, 100, &text, &size), 0);
    assert_int_equal(size, 0);
    free(text);
    assert_int_equal(trace_sink_open(&sink, trial.path, holds_x), 0);
    assert_int_equal(trace_sink_close(&sink), 0);
}

static void places_that_cannot_be_written(void **state)
{
    char path[800];
    (void)state;
    snprintf(path, sizeof path, "%s/missing/trace", trial.folder);
    assert_int_not_equal(trace_sink_open(&sink, path, holds_x), 0);
    assert_int_not_equal(trace_sink_open(&sink, trial.folder, holds_x), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, trial_setup, trial_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(everything_arrives_in_order),
        TEST(what_may_be_replaced),
        TEST(places_that_cannot_be_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
