/* SPDX-License-Identifier: MIT
 *
 * Last words, without a crash: the calls that are under way stand at the end, on all threads.
 */
#include "trial.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "os/file.h"
#include "os/thread.h"

static struct platen_lane lane;
static atomic_uint state_of_other;

static struct platen_lane lane_called(const char *name)
{
    return (struct platen_lane){.name = name, .observers = platen_trace_observer(trial.trace)};
}

static void write_on(struct platen_lane *where, uintptr_t port)
{
    unsigned char data[300] = "d";
    DWORD written;
    platen_call_WritePort(where, &trial_monitor, (HANDLE)port, data, sizeof data, &written);
}

static void die(LPBYTE data, DWORD size)
{
    (void)data, (void)size;
    orders.inside = NULL;
    platen_trace_last_words(trial.trace);
    platen_trace_last_words(trial.trace);
}

static void call_and_die(LPBYTE data, DWORD size)
{
    (void)data, (void)size;
    orders.inside = die;
    write_on(&lane, 0x22);
}

static void stay(LPBYTE data, DWORD size)
{
    (void)data, (void)size;
    atomic_store(&state_of_other, 1);
    while (atomic_load(&state_of_other) != 2) {
        platen_os_thread_yield();
    }
}

static void be_busy(void *argument)
{
    struct platen_lane own = lane_called("other:");
    (void)argument;
    write_on(&own, 0x33);
}

static void last_words(void **state)
{
    platen_os_thread *thread;
    char *text;
    size_t size;
    (void)state;
    trial_open(false, true);
    lane = lane_called("main:");
    write_on(&lane, 0x11);
    atomic_store(&state_of_other, 0);
    orders.inside = stay;
    assert_int_equal(platen_os_thread_start(&thread, "busy", 0, be_busy, NULL), 0);
    while (atomic_load(&state_of_other) != 1) {
        platen_os_thread_yield();
    }
    orders.inside = call_and_die;
    write_on(&lane, 0x11);
    write_on(&lane, 0x11); /* told no more */
    atomic_store(&state_of_other, 2);
    platen_os_thread_join(thread);
    trial_close();
    assert_int_equal(trial.count, 6);
    trial_expect(2, "main: WritePort hPort=$port1 pBuffer=@blobs[0+300] cbBuf=300 -> TRUE");
    assert_string_equal(trial.lines[3],
                        "other: WritePort hPort=$port2 pBuffer=<300 bytes> cbBuf=300 -> ?");
    assert_string_equal(trial.lines[4],
                        "main:   WritePort hPort=$port3 pBuffer=<300 bytes> cbBuf=300 -> ?");
    assert_string_equal(trial.lines[5],
                        "main: WritePort hPort=$port1 pBuffer=<300 bytes> cbBuf=300 -> ?");
    assert_int_equal(platen_os_file_load(trial.timeline, 1u << 20, &text, &size), 0);
    assert_non_null(strstr(text, "\"name\":\"WritePort\",\"ph\":\"B\""));
    assert_string_equal(text + size - 4, "}\n]\n");
    free(text);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, trial_setup, trial_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(last_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
