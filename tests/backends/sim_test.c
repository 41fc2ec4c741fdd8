/* SPDX-License-Identifier: MIT
 *
 * Every step of a simulated device's script, in simulated time.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "sim_bench.h"

static void everything_arrives(void **state)
{
    enum { SIZE = 1 << 20 };
    unsigned char *data = make_bytes(SIZE, 1), *there = malloc(SIZE);
    struct platen_sim_tally counts;
    (void)state;
    script("short 999; take 5000; short 0; take 5000; short 77777");
    assert_int_equal(start(&port), 0);
    for (uint32_t at = 0, moved; at < SIZE; at += moved)
        assert_int_equal(platen_backend_sim.write(port.state, data + at, SIZE - at, 0, &moved), 0);
    assert_int_equal(end(false), 0);
    assert_int_equal(platen_sim_received(device), SIZE);
    assert_int_equal(platen_sim_copy(device, 0, there, SIZE), SIZE);
    assert_memory_equal(data, there, SIZE);
    assert_int_equal(platen_sim_copy(device, SIZE - 10, there, SIZE), 10);
    assert_memory_equal(data + SIZE - 10, there, 10);
    assert_int_equal(platen_sim_copy(device, SIZE, there, SIZE), 0);
    platen_sim_forget(device);
    assert_int_equal(platen_sim_received(device), 0);
    assert_int_equal(platen_sim_copy(device, 0, there, SIZE), 0);
    counts = platen_sim_counts(device);
    assert_int_equal(counts.started, 1);
    assert_int_equal(counts.ended, 1);
    assert_int_equal(counts.abandoned, 0);
    assert_int_equal(counts.open, 1);
    free(data);
    free(there);
}

static void counts_beyond_what_it_keeps(void **state)
{
    enum { PIECE = 1 << 20 };
    char *data = calloc(1, PIECE), byte;
    (void)state;
    assert_int_equal(start(&port), 0);
    for (uint32_t i = 0, moved; i < 65; i++) {
        assert_int_equal(platen_backend_sim.write(port.state, data, PIECE, 0, &moved), 0);
        assert_int_equal(moved, PIECE);
    }
    assert_int_equal(platen_sim_received(device), 65 * PIECE);
    assert_int_equal(platen_sim_copy(device, 64 * PIECE - 1, &byte, 1), 1);
    assert_int_equal(platen_sim_copy(device, 64 * PIECE, &byte, 1), 0);
    assert_int_equal(end(false), 0);
    free(data);
}

static void a_stall_takes_its_time(void **state)
{
    uint64_t begun = fake.now;
    (void)state;
    script("take 100; stall 2000; take 50");
    assert_int_equal(start(&port), 0);
    expect_write(300, 0, 100);
    assert_int_equal(fake.now, begun);
    expect_write(200, 0, 50);
    assert_int_equal(fake.now, begun + 2 * SECOND);
    expect_write(150, 0, 150);
    assert_int_equal(end(false), 0);
    assert_int_equal(platen_sim_received(device), 300);
}

static void a_stall_outlasts_a_deadline(void **state)
{
    uint64_t begun = fake.now;
    (void)state;
    script("stall 25000");
    assert_int_equal(start(&port), 0);
    expect_write(10, PLATEN_TIMEOUT, 0);
    assert_int_equal(fake.now, begun + 10 * SECOND);
    expect_write(10, PLATEN_TIMEOUT, 0);
    expect_write(10, 0, 10);
    assert_int_equal(fake.now, begun + 25 * SECOND);
    script("stall");
    expect_write(10, PLATEN_TIMEOUT, 0);
    expect_write(10, PLATEN_TIMEOUT, 0);
    script("");
    expect_write(10, 0, 10);
    assert_int_equal(platen_sim_received(device), 20);
}

static void a_rate_is_never_exceeded(void **state)
{
    uint64_t begun = fake.now;
    (void)state;
    script("rate 1000");
    assert_int_equal(start(&port), 0);
    while (platen_sim_received(device) < 3000) {
        expect_write(400, 0, 50);
        assert_true(platen_sim_received(device) <= 50 + (fake.now - begun) / MILLISECOND);
    }
    assert_int_equal(fake.now, begun + 2950 * MILLISECOND);
    fake.now += 100 * SECOND; /* rest is not saved up */
    expect_write(400, 0, 50);
    expect_write(400, 0, 50);
    script("rate 3");
    begun = fake.now;
    expect_write(4, 0, 1);
    expect_write(4, 0, 1);
    assert_int_equal(fake.now, begun + SECOND / 3);
}

static void errors_come_once_or_always(void **state)
{
    (void)state;
    script("take 10; error 28; error 21; take 5; fail 31");
    assert_int_equal(start(&port), 0);
    expect_write(20, 0, 10);
    expect_write(10, 28, 0);
    expect_write(10, 21, 0);
    expect_write(10, 0, 5);
    expect_write(5, 31, 0);
    expect_write(5, 31, 0);
    script("");
    expect_write(5, 0, 5);
    assert_int_equal(end(false), 0);
    assert_int_equal(platen_sim_received(device), 20);
}

static void starts_are_refused(void **state)
{
    (void)state;
    script("refuse 21; refuse 5; take 3; refuse 170");
    assert_int_equal(start(&port), 21);
    assert_int_equal(start(&port), 5);
    assert_int_equal(start(&port), 0);
    expect_write(3, 0, 3);
    assert_int_equal(end(false), 0);
    assert_int_equal(start(&port), 170);
    assert_int_equal(start(&port), 0);
    assert_int_equal(end(false), 0);
    assert_int_equal(platen_sim_counts(device).started, 2);
}

static void ends_fail(void **state)
{
    (void)state;
    script("end 1117; end 64");
    assert_int_equal(start(&port), 0);
    assert_int_equal(end(false), 1117);
    assert_int_equal(start(&port), 0);
    assert_int_equal(end(true), 0);
    assert_int_equal(start(&port), 0);
    assert_int_equal(end(false), 64);
    assert_int_equal(start(&port), 0);
    assert_int_equal(end(false), 0);
    assert_int_equal(platen_sim_counts(device).ended, 1);
    assert_int_equal(platen_sim_counts(device).abandoned, 1);
    assert_int_equal(platen_sim_counts(device).started, 4);
}

static void lost_bytes_are_taken(void **state)
{
    char there[10];
    uint32_t moved;
    (void)state;
    script("take 2; lose 3");
    assert_int_equal(start(&port), 0);
    for (uint32_t at = 0; at < 8; at += moved)
        assert_int_equal(port_write(&trial, &port, &"abcdefgh"[at], 8 - at, 0, &moved), 0);
    assert_int_equal(end(false), 0);
    assert_int_equal(platen_sim_received(device), 5);
    assert_int_equal(platen_sim_copy(device, 0, there, sizeof there), 5);
    assert_memory_equal(there, "abfgh", 5);
}

static void a_device_can_be_pulled_out(void **state)
{
    char room[10];
    uint32_t moved;
    (void)state;
    script("take 5; disconnect");
    assert_int_equal(start(&port), 0);
    expect_write(9, 0, 5);
    expect_write(4, PLATEN_DEVICE_NOT_CONNECTED, 0);
    assert_int_equal(platen_backend_sim.read(port.state, room, 10, fake.now, &moved),
                     PLATEN_DEVICE_NOT_CONNECTED);
    assert_int_equal(moved, 0);
    assert_int_equal(end(false), PLATEN_DEVICE_NOT_CONNECTED);
    assert_int_equal(start(&port), PLATEN_DEVICE_NOT_CONNECTED);
    script("");
    assert_int_equal(start(&port), 0);
    expect_write(4, 0, 4);
    assert_int_equal(end(false), 0);
}

static void it_talks_back(void **state)
{
    (void)state;
    expect_read("");
    script("reply \"at \\\"once\\\"\\\\\\r\\n\"; take 3; reply \"\\x1bthree\\e\"; stall 500;"
           "reply \"later\"");
    expect_read("at \"once\"\\\r\n");
    expect_read("");
    assert_int_equal(start(&port), 0);
    expect_write(3, 0, 3);
    expect_read("\033three\033");
    expect_read("");
    fake.now += 500 * MILLISECOND;
    expect_read("later");
    assert_int_equal(platen_sim_reply(device, "from outside", 12), 0);
    assert_int_equal(end(false), 0);
    expect_read("from outside"); /* in no job */
}

static void a_reply_is_read_in_pieces(void **state)
{
    char room[4];
    uint32_t moved;
    (void)state;
    script("reply \"\\x00\\xfF\\x41\\x42\\x43\"");
    assert_int_equal(platen_backend_sim.read(port.state, room, 3, fake.now, &moved), 0);
    assert_int_equal(moved, 3);
    assert_memory_equal(room, "\0\xff\x41", 3);
    assert_int_equal(platen_sim_reply(device, "D", 1), 0);
    assert_int_equal(platen_backend_sim.read(port.state, room, 4, fake.now, &moved), 0);
    assert_int_equal(moved, 3);
    assert_memory_equal(room, "BCD", 3);
}

/* A reader waits for what the script will say, in simulated time. */
static void a_reader_waits_for_a_stall_to_end(void **state)
{
    char room[10];
    uint32_t moved;
    uint64_t begun = fake.now;
    (void)state;
    script("stall 700; reply \"x\"");
    assert_int_equal(platen_backend_sim.read(port.state, room, 10, begun + SECOND, &moved), 0);
    assert_int_equal(moved, 1);
    assert_int_equal(fake.now, begun + 700 * MILLISECOND);
    assert_int_equal(platen_backend_sim.read(port.state, room, 10, fake.now + SECOND, &moved), 0);
    assert_int_equal(moved, 0);
    assert_int_equal(fake.now, begun + 1700 * MILLISECOND);
}

static void bad_scripts_change_nothing(void **state)
{
    static const char *const bad[] = {
        "eat 5",
        "take",
        "take x",
        "take -1",
        "take 99999999999999999999",
        "take 5 6",
        "take 5,",
        "error",
        "error 0",
        "fail 4294967296",
        "refuse",
        "end",
        "lose",
        "rate",
        "short 4294967296",
        "stall 4294967296",
        "stall x",
        "disconnect 5",
        "drain x",
        "reply",
        "reply x",
        "reply \"x",
        "reply \"\\",
        "reply \"\\q\"",
        "reply \"\\x4\"",
        "reply \"\\x",
        "reply \"x\" y",
        "Take 5",
        "take 5; eat",
    };
    (void)state;
    script("take 5; fail 28");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *complaint = NULL;
        if (platen_sim_script(device, bad[i], &complaint) != PLATEN_INVALID_PARAMETER)
            fail_msg("taken: %s", bad[i]);
        assert_non_null(complaint);
        assert_int_equal(platen_sim_script(device, bad[i], NULL), PLATEN_INVALID_PARAMETER);
    }
    assert_int_equal(start(&port), 0);
    expect_write(6, 0, 5);
    expect_write(1, 28, 0);
}

static void the_last_bytes_take_their_time(void **state)
{
    uint64_t begin;
    (void)state;
    script("drain 1500; take 1; drain");
    assert_int_equal(start(&port), 0);
    begin = fake.now;
    assert_int_equal(platen_backend_sim.drain(port.state, begin + SECOND), PLATEN_TIMEOUT);
    assert_int_equal(fake.now - begin, SECOND);
    assert_int_equal(platen_backend_sim.drain(port.state, begin + 2 * SECOND), 0);
    assert_int_equal(fake.now - begin, 1500 * MILLISECOND);
    assert_int_equal(end(false), 0);
    assert_int_equal(start(&port), 0);
    expect_write(1, 0, 1);
    begin = fake.now;
    assert_int_equal(end(false), PLATEN_TIMEOUT);
    assert_int_equal(fake.now - begin, 10 * SECOND);
    assert_int_equal(start(&port), 0); /* the step was for one job */
    assert_int_equal(end(false), 0);
    assert_int_equal(platen_sim_counts(device).ended, 2);
    assert_int_equal(platen_sim_counts(device).abandoned, 1);
}

static void good_scripts_may_be_written_freely(void **state)
{
    (void)state;
    script(" ;; take 5 ;\n\ttake0;stall 0 ;stall0; short7;rate 0;reply\"a;b\" ; ");
    expect_read("");
    assert_int_equal(start(&port), 0);
    expect_write(6, 0, 5);
    expect_read("a;b");
    expect_write(8, 0, 7);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sim_set_up, sim_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(everything_arrives),
        TEST(counts_beyond_what_it_keeps),
        TEST(a_stall_takes_its_time),
        TEST(a_stall_outlasts_a_deadline),
        TEST(a_rate_is_never_exceeded),
        TEST(errors_come_once_or_always),
        TEST(starts_are_refused),
        TEST(ends_fail),
        TEST(lost_bytes_are_taken),
        TEST(a_device_can_be_pulled_out),
        TEST(it_talks_back),
        TEST(a_reply_is_read_in_pieces),
        TEST(a_reader_waits_for_a_stall_to_end),
        TEST(bad_scripts_change_nothing),
        TEST(the_last_bytes_take_their_time),
        TEST(good_scripts_may_be_written_freely),
    };
    return cmocka_run_group_tests_name("sim", tests, NULL, NULL);
}
