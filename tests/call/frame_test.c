/* SPDX-License-Identifier: MIT
 *
 * Frames over a connection of this machine: what is sent arrives, whatever its size; what is no
 * frame is an error, and never read beyond.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "call/frame.h"
#include "os/clock.h"
#include "os/thread.h"

#define SECOND UINT64_C(1000000000)

struct pair {
    struct platen_channel *here;
    struct platen_channel *there;
};

static void connect_pair(platen_os_socket *here, platen_os_socket *there)
{
    platen_os_socket listener;
    uint16_t port;
    platen_os_lookup *lookup;
    struct platen_os_address address;
    size_t count = 0;
    uint64_t until = platen_os_now() + 30 * SECOND;

    assert_int_equal(platen_os_socket_listen(&listener, &port), 0);
    assert_int_not_equal(port, 0);
    assert_int_equal(platen_os_lookup_start("127.0.0.1", port, &lookup), 0);
    assert_int_equal(platen_os_lookup_wait(lookup, PLATEN_OS_NO_BELL, until, &address, 1, &count),
                     0);
    platen_os_lookup_end(lookup);
    assert_int_equal(platen_os_socket_connect(&address, PLATEN_OS_NO_BELL, until, here), 0);
    assert_int_equal(platen_os_socket_accept(listener, PLATEN_OS_NO_BELL, until, there), 0);
    platen_os_socket_close(listener, false);
}

static int begin(void **state)
{
    struct pair *pair = calloc(1, sizeof *pair);
    platen_os_socket here;
    platen_os_socket there;
    connect_pair(&here, &there);
    pair->here = platen_channel_new(here);
    pair->there = platen_channel_new(there);
    assert_non_null(pair->here);
    assert_non_null(pair->there);
    *state = pair;
    return 0;
}

static int end(void **state)
{
    struct pair *pair = *state;
    platen_channel_free(pair->here);
    platen_channel_free(pair->there);
    free(pair);
    return 0;
}

static uint32_t receive(struct pair *pair, struct platen_frame *frame)
{
    return platen_channel_receive(pair->there, platen_os_now() + 30 * SECOND, frame);
}

/* Bytes as they come, frame or not. */
static void send_raw(struct pair *pair, const void *bytes, size_t size)
{
    uint32_t moved;
    assert_int_equal(
        platen_os_socket_send(platen_channel_socket(pair->here), bytes, (uint32_t)size, &moved), 0);
    assert_int_equal(moved, size);
}

static void a_text_arrives(void **state)
{
    struct pair *pair = *state;
    struct platen_frame frame;
    assert_int_equal(platen_channel_say(pair->here, PLATEN_FRAME_CALL, "EnumPorts Level=2"), 0);
    assert_int_equal(platen_channel_say(pair->here, PLATEN_FRAME_BYE, ""), 0);
    assert_int_equal(receive(pair, &frame), 0);
    assert_int_equal(frame.kind, PLATEN_FRAME_CALL);
    assert_int_equal(frame.body_size, 17);
    assert_memory_equal(frame.body, "EnumPorts Level=2", 17);
    assert_int_equal(frame.bulk_size, 0);
    assert_int_equal(receive(pair, &frame), 0);
    assert_int_equal(frame.kind, PLATEN_FRAME_BYE);
    assert_int_equal(frame.body_size, 0);
}

/* ---- sizes ----------------------------------------------------------------------------------- */

static unsigned char pattern(size_t i)
{
    return (unsigned char)(i * 7 + i / 251);
}

struct sending {
    struct pair *pair;
    size_t body;
    struct platen_frame_part parts[3];
    uint32_t error;
};

static void send_one(void *argument)
{
    struct sending *sending = argument;
    char *body = platen_channel_body(sending->pair->here, sending->body);
    for (size_t i = 0; i < sending->body; i++) {
        body[i] = (char)pattern(i);
    }
    sending->error = platen_channel_send(sending->pair->here, PLATEN_FRAME_CALL, 9, sending->body,
                                         sending->parts, 3);
}

static void check(const struct platen_frame *frame, size_t body, size_t bulk)
{
    assert_int_equal(frame->flags, 9);
    assert_int_equal(frame->body_size, body);
    assert_int_equal(frame->bulk_size, bulk);
    for (size_t i = 0; i < body; i++) {
        assert_int_equal((unsigned char)frame->body[i], pattern(i));
    }
    for (size_t i = 0; i < bulk; i++) {
        assert_int_equal(frame->bulk[i], pattern(i));
    }
}

/* Both sizes around those where buffers end; the bulk in three pieces. */
static void every_size_arrives(void **state)
{
    struct pair *pair = *state;
    static const size_t bodies[] = {0, 1, 300, 4080, 4096, 69000, 3000000};
    static const size_t bulks[] = {0, 1, 257, 65536, 69600, 69616, 69632, 5000000};
    unsigned char *bytes = malloc(5000000);
    for (size_t i = 0; i < 5000000; i++) {
        bytes[i] = pattern(i);
    }
    for (size_t at = 0; at < 7 * 8; at++) {
        size_t bulk = bulks[at % 8], third = bulk / 3;
        struct sending sending = {.pair = pair, .body = bodies[at / 8]};
        sending.parts[0] = (struct platen_frame_part){bytes, third};
        sending.parts[1] = (struct platen_frame_part){bytes + third, third};
        sending.parts[2] = (struct platen_frame_part){bytes + 2 * third, bulk - 2 * third};
        struct platen_frame frame;
        platen_os_thread *thread;
        assert_int_equal(platen_os_thread_start(&thread, "send", 0, send_one, &sending), 0);
        assert_int_equal(receive(pair, &frame), 0);
        platen_os_thread_join(thread);
        assert_int_equal(sending.error, 0);
        check(&frame, sending.body, bulk);
    }
    free(bytes);
}

static void what_is_too_large_is_not_sent(void **state)
{
    struct pair *pair = *state;
    struct platen_frame frame;
    const struct platen_frame_part parts[] = {{"", PLATEN_FRAME_BULK}, {"x", 1}};
    assert_null(platen_channel_body(pair->here, PLATEN_FRAME_BODY + 1));
    assert_int_equal(platen_channel_send(pair->here, PLATEN_FRAME_CALL, 0, 0, parts, 2),
                     PLATEN_FILE_TOO_LARGE);
    assert_int_equal(platen_channel_say(pair->here, PLATEN_FRAME_CALL, "x"), 0);
    assert_int_equal(receive(pair, &frame), 0);
    assert_int_equal(frame.body_size, 1);
}

/* ---- what is no frame ------------------------------------------------------------------------ */

static const unsigned char good[] = {'P', 'L', 'T', '1', 5, 0, 0,   0,   2,  0,
                                     0,   0,   1,   0,   0, 0, 'a', 'b', 'c'};

static void a_wrong_header_is_refused(void **state)
{
    static const struct {
        unsigned at;
        unsigned char byte;
    } wrong[] = {
        {0, 'p'}, {3, '2'}, {4, 0}, {4, PLATEN_FRAME_KINDS}, {5, 1}, {11, 1}, {15, 0x41},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        unsigned char bytes[sizeof good];
        struct platen_frame frame;
        void *own = NULL;
        begin(&own);
        memcpy(bytes, good, sizeof bytes);
        bytes[wrong[i].at] = wrong[i].byte;
        send_raw(own, bytes, sizeof bytes);
        assert_int_equal(receive(own, &frame), PLATEN_INVALID_DATA);
        end(&own);
    }
    (void)state;
}

static void an_end_within_a_frame_is_told_from_one_between(void **state)
{
    for (size_t size = 0; size <= sizeof good; size++) {
        struct platen_frame frame;
        void *own = NULL;
        begin(&own);
        struct pair *pair = own;
        if (size > 0) {
            send_raw(pair, good, size);
        }
        platen_os_socket_half_close(platen_channel_socket(pair->here));
        uint32_t error = receive(pair, &frame);
        if (size == sizeof good) {
            assert_int_equal(error, 0);
            assert_int_equal(frame.kind, PLATEN_FRAME_CALL);
            error = receive(pair, &frame);
        }
        bool between = size == 0 || size == sizeof good;
        assert_int_equal(error, between ? PLATEN_HANDLE_EOF : PLATEN_INVALID_DATA);
        end(&own);
    }
    (void)state;
}

static void silence_has_its_time(void **state)
{
    struct pair *pair = *state;
    struct platen_frame frame;
    assert_int_equal(platen_channel_receive(pair->there, platen_os_now() + SECOND / 20, &frame),
                     PLATEN_TIMEOUT);
}

/* A broken connection ends a wait that has no limit, and what came before it is still there. */
static void ring_later(void *argument)
{
    struct pair *pair = argument;
    platen_os_socket_break(platen_channel_socket(pair->there));
}

static void a_wait_can_be_ended(void **state)
{
    struct pair *pair = *state;
    struct platen_frame frame;
    platen_os_thread *thread;
    assert_int_equal(platen_os_socket_block(platen_channel_socket(pair->there)), 0);
    assert_int_equal(platen_channel_say(pair->here, PLATEN_FRAME_CALL, "x"), 0);
    assert_int_equal(receive(pair, &frame), 0);
    assert_int_equal(platen_os_thread_start(&thread, "ring", 0, ring_later, pair), 0);
    assert_int_not_equal(platen_channel_receive(pair->there, UINT64_MAX, &frame), 0);
    platen_os_thread_join(thread);
}

/* Garbage of every sort, seeded: an error or a frame within the bounds, and nothing else. */
static void garbage_is_survived(void **state)
{
    uint32_t seed = 1;
    for (unsigned round = 0; round < 200; round++) {
        unsigned char bytes[64];
        struct platen_frame frame;
        void *own = NULL;
        begin(&own);
        struct pair *pair = own;
        memcpy(bytes, good, sizeof good);
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1664525 + 1013904223;
            bool keep = i < 4 || (round % 2 == 0 && i < sizeof good && seed >> 29 != 0);
            bytes[i] = keep ? bytes[i] : (unsigned char)(seed >> 16);
        }
        send_raw(pair, bytes, sizeof bytes);
        platen_os_socket_half_close(platen_channel_socket(pair->here));
        uint32_t error = 0;
        for (unsigned i = 0; error == 0; i++) {
            assert_true(i < sizeof bytes / PLATEN_FRAME_HEADER + 1);
            error = receive(pair, &frame);
            assert_true(error != 0 || frame.body_size + frame.bulk_size <= sizeof bytes);
        }
        end(&own);
    }
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_text_arrives, begin, end),
        cmocka_unit_test_setup_teardown(every_size_arrives, begin, end),
        cmocka_unit_test_setup_teardown(what_is_too_large_is_not_sent, begin, end),
        cmocka_unit_test(a_wrong_header_is_refused),
        cmocka_unit_test(an_end_within_a_frame_is_told_from_one_between),
        cmocka_unit_test_setup_teardown(silence_has_its_time, begin, end),
        cmocka_unit_test_setup_teardown(a_wait_can_be_ended, begin, end),
        cmocka_unit_test(garbage_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
