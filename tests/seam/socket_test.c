/* SPDX-License-Identifier: MIT
 *
 * The noun socket, against bare sockets of the system on loopback.
 */
#include "help.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bare.h"
#include "os/clock.h"
#include "os/socket.h"
#include "os/thread.h"

#define SECOND UINT64_C(1000000000)

static uint64_t soon(void)
{
    return platen_os_now() + 10 * SECOND;
}

/* ---- a connection with both its ends --------------------------------------------------------- */

struct line {
    bare_socket listener;
    bare_socket peer;
    platen_os_bell bell;
    struct platen_os_address address;
    platen_os_socket socket;
};

static void find_port(uint16_t port, struct platen_os_address *address)
{
    platen_os_lookup *lookup;
    size_t count;
    assert_int_equal(platen_os_lookup_start("127.0.0.1", port, &lookup), 0);
    assert_int_equal(platen_os_lookup_wait(lookup, PLATEN_OS_NO_BELL, soon(), address, 1, &count),
                     0);
    assert_int_equal(count, 1);
    platen_os_lookup_end(lookup);
}

static void begin_line(struct line *line, int receive_buffer)
{
    uint16_t port;
    line->listener = bare_listen(4, 5, receive_buffer, &port);
    find_port(port, &line->address);
    assert_int_equal(platen_os_bell_create(&line->bell), 0);
    assert_int_equal(platen_os_socket_connect(&line->address, line->bell, soon(), &line->socket),
                     0);
    line->peer = bare_accept(line->listener);
}

static void end_line(struct line *line)
{
    platen_os_socket_close(line->socket, false);
    platen_os_bell_destroy(line->bell);
    bare_close(line->peer);
    bare_close(line->listener);
}

static void send_all(const struct line *line, const char *text)
{
    uint32_t moved;
    assert_int_equal(platen_os_socket_send(line->socket, text, (uint32_t)strlen(text), &moved), 0);
    assert_int_equal(moved, strlen(text));
}

static void expect_ready(const struct line *line, enum platen_os_readiness what, uint32_t code)
{
    assert_int_equal(platen_os_socket_wait(line->socket, what, line->bell, soon()), code);
}

static void expect_not_ready(const struct line *line, enum platen_os_readiness what)
{
    uint64_t until = platen_os_now() + SECOND / 50;
    assert_int_equal(platen_os_socket_wait(line->socket, what, line->bell, until), PLATEN_TIMEOUT);
    assert_true(platen_os_now() >= until);
    assert_int_equal(platen_os_socket_wait(line->socket, what, line->bell, 0), PLATEN_TIMEOUT);
}

/* The first error that the line shows. */
static uint32_t wait_for_loss(const struct line *line)
{
    char byte;
    uint32_t moved, error = 0;
    while (!error) {
        expect_ready(line, PLATEN_OS_READABLE, 0);
        error = platen_os_socket_receive(line->socket, &byte, 1, &moved);
    }
    return error;
}

static void bytes_both_ways(void **state)
{
    struct line line;
    char room[10];
    uint32_t moved = 7;
    (void)state;
    begin_line(&line, 0);
    assert_int_equal(platen_os_socket_receive(line.socket, room, 10, &moved), 0);
    assert_int_equal(moved, 0);
    expect_not_ready(&line, PLATEN_OS_READABLE);
    expect_ready(&line, PLATEN_OS_WRITABLE, 0);
    send_all(&line, "forth");
    assert_int_equal(bare_receive(line.peer, room, 10), 5);
    assert_memory_equal(room, "forth", 5);
    assert_true(bare_send(line.peer, "back", 4));
    expect_ready(&line, PLATEN_OS_READABLE, 0);
    assert_int_equal(platen_os_socket_receive(line.socket, room, 10, &moved), 0);
    assert_int_equal(moved, 4);
    assert_memory_equal(room, "back", 4);
    assert_false(system_is_inherited(line.socket));
    end_line(&line);
}

static void fill(const struct line *line)
{
    static char block[1 << 16];
    uint32_t moved;
    do
        assert_int_equal(platen_os_socket_send(line->socket, block, sizeof block, &moved), 0);
    while (moved || platen_os_socket_wait(line->socket, PLATEN_OS_WRITABLE, line->bell,
                                          platen_os_now() + SECOND / 10) == 0);
}

static void a_peer_that_does_not_read(void **state)
{
    static char block[1 << 16];
    struct line line;
    (void)state;
    begin_line(&line, 4096);
    fill(&line);
    expect_not_ready(&line, PLATEN_OS_WRITABLE);
    while (bare_wait(line.peer, 100))
        assert_true(bare_receive(line.peer, block, sizeof block) > 0);
    expect_ready(&line, PLATEN_OS_WRITABLE, 0);
    end_line(&line);
}

/* ---- bells ----------------------------------------------------------------------------------- */

static void a_bell_before_the_wait(void **state)
{
    struct line line;
    (void)state;
    begin_line(&line, 0);
    platen_os_bell_ring(line.bell);
    platen_os_bell_ring(line.bell);
    expect_ready(&line, PLATEN_OS_READABLE, PLATEN_OPERATION_ABORTED);
    expect_ready(&line, PLATEN_OS_WRITABLE, PLATEN_OPERATION_ABORTED);
    assert_int_equal(platen_os_socket_wait(PLATEN_OS_NO_SOCKET, PLATEN_OS_READABLE, line.bell, 0),
                     PLATEN_OPERATION_ABORTED);
    platen_os_bell_hush(line.bell);
    platen_os_bell_hush(line.bell);
    expect_ready(&line, PLATEN_OS_WRITABLE, 0);
    expect_not_ready(&line, PLATEN_OS_READABLE);
    assert_int_equal(platen_os_socket_wait(PLATEN_OS_NO_SOCKET, PLATEN_OS_READABLE, line.bell,
                                           platen_os_now() + SECOND / 100),
                     PLATEN_TIMEOUT);
    end_line(&line);
}

struct waiter {
    const struct line *line;
    uint32_t error;
    uint64_t back;
};

static void wait_for_byte(void *argument)
{
    struct waiter *waiter = argument;
    waiter->error =
        platen_os_socket_wait(waiter->line->socket, PLATEN_OS_READABLE, waiter->line->bell, soon());
    waiter->back = platen_os_now();
}

static void a_bell_ends_every_wait(void **state)
{
    platen_os_thread *threads[3];
    struct waiter waiters[3];
    struct line line;
    uint64_t rung;
    (void)state;
    begin_line(&line, 0);
    for (int i = 0; i < 3; i++) {
        waiters[i] = (struct waiter){.line = &line};
        assert_int_equal(
            platen_os_thread_start(&threads[i], "waiter", 0, wait_for_byte, &waiters[i]), 0);
    }
    expect_not_ready(&line, PLATEN_OS_READABLE);
    rung = platen_os_now();
    platen_os_bell_ring(line.bell);
    for (int i = 0; i < 3; i++) {
        platen_os_thread_join(threads[i]);
        assert_int_equal(waiters[i].error, PLATEN_OPERATION_ABORTED);
        assert_true(waiters[i].back < rung + 5 * SECOND);
    }
    end_line(&line);
}

/* ---- the end --------------------------------------------------------------------------------- */

static void wait_until_acknowledged(const struct line *line)
{
    uint64_t until = soon();
    uint32_t bytes = 1;
    while (bytes && platen_os_now() < until) {
        assert_int_equal(platen_os_socket_unacknowledged(line->socket, &line->address, &bytes), 0);
        platen_os_thread_yield();
    }
    assert_int_equal(bytes, 0);
}

/* The peer's program need not have read anything for that. */
static void acknowledged_and_ended(void **state)
{
    struct line line;
    char room[10];
    (void)state;
    begin_line(&line, 0);
    send_all(&line, "last");
    assert_int_equal(platen_os_socket_half_close(line.socket), 0);
    wait_until_acknowledged(&line);
    assert_int_equal(bare_receive(line.peer, room, 10), 4);
    assert_int_equal(bare_receive(line.peer, room, 10), 0);
    assert_true(bare_send(line.peer, "thanks", 6));
    bare_end_sending(line.peer);
    assert_int_equal(wait_for_loss(&line), PLATEN_HANDLE_EOF);
    wait_until_acknowledged(&line);
    end_line(&line);
}

static void expect_loss(const struct line *line)
{
    uint32_t bytes;
    assert_int_equal(platen_os_socket_unacknowledged(line->socket, &line->address, &bytes),
                     PLATEN_NETNAME_DELETED);
}

static void not_acknowledged_while_the_peer_is_full(void **state)
{
    struct line line;
    uint32_t bytes;
    (void)state;
    begin_line(&line, 4096);
    fill(&line);
    assert_int_equal(platen_os_socket_half_close(line.socket), 0);
    assert_int_equal(platen_os_socket_unacknowledged(line.socket, &line.address, &bytes), 0);
    assert_true(bytes > 0);
    bare_reset(line.peer);
    line.peer = NO_SOCKET;
    expect_ready(&line, PLATEN_OS_READABLE, 0);
    expect_loss(&line);
    expect_loss(&line);
    end_line(&line);
}

static void a_reset(void **state)
{
    struct line line;
    uint32_t moved, error = 0;
    (void)state;
    begin_line(&line, 0);
    bare_reset(line.peer);
    line.peer = NO_SOCKET;
    assert_int_equal(wait_for_loss(&line),
                     bare_can_reset() ? PLATEN_NETNAME_DELETED : PLATEN_HANDLE_EOF);
    for (int i = 0; i < 100 && !error; i++)
        error = platen_os_socket_send(line.socket, "x", 1, &moved);
    assert_true(error == PLATEN_BROKEN_PIPE || error == PLATEN_NETNAME_DELETED ||
                error == PLATEN_CONNECTION_ABORTED);
    assert_int_equal(moved, 0);
    end_line(&line);
}

static void a_reset_of_our_own(void **state)
{
    struct line line;
    char room[10];
    (void)state;
    begin_line(&line, 0);
    platen_os_socket_close(line.socket, true);
    assert_int_equal(bare_receive(line.peer, room, 10), bare_can_reset() ? -1 : 0);
    platen_os_bell_destroy(line.bell);
    bare_close(line.peer);
    bare_close(line.listener);
}

/* ---- connecting ------------------------------------------------------------------------------ */

static void nobody_listens(void **state)
{
    struct platen_os_address address;
    platen_os_socket socket;
    uint16_t port;
    (void)state;
    bare_close(bare_listen(4, 1, 0, &port));
    find_port(port, &address);
    assert_int_equal(platen_os_socket_connect(&address, PLATEN_OS_NO_BELL, soon(), &socket),
                     PLATEN_CONNECTION_REFUSED);
    assert_true(socket == PLATEN_OS_NO_SOCKET);
}

/* A queue that is full keeps whoever connects waiting for ever. */
enum { KNOCKS = 8 };

static void nobody_answers(void **state)
{
    struct platen_os_address address;
    bare_socket listener, knocks[KNOCKS];
    platen_os_socket socket;
    platen_os_bell bell;
    uint16_t port;
    uint64_t since;
    (void)state;
    listener = bare_listen(4, 0, 0, &port);
    for (int i = 0; i < KNOCKS; i++)
        knocks[i] = bare_knock(port);
    find_port(port, &address);
    assert_int_equal(platen_os_bell_create(&bell), 0);
    since = platen_os_now();
    assert_int_equal(platen_os_socket_connect(&address, bell, since + SECOND / 10, &socket),
                     PLATEN_TIMEOUT);
    assert_true(platen_os_now() - since < 5 * SECOND);
    platen_os_bell_ring(bell);
    assert_int_equal(platen_os_socket_connect(&address, bell, soon(), &socket),
                     PLATEN_OPERATION_ABORTED);
    platen_os_bell_destroy(bell);
    for (int i = 0; i < KNOCKS; i++)
        bare_close(knocks[i]);
    bare_close(listener);
}

static void version_6(void **state)
{
    struct platen_os_address address;
    platen_os_lookup *lookup;
    platen_os_socket socket;
    uint16_t port;
    size_t count;
    char text[60], wanted[60];
    bare_socket listener = bare_listen(6, 5, 0, &port);
    (void)state;
    if (listener == NO_SOCKET)
        skip();
    assert_int_equal(platen_os_lookup_start("::1", port, &lookup), 0);
    assert_int_equal(platen_os_lookup_wait(lookup, PLATEN_OS_NO_BELL, 0, &address, 1, &count), 0);
    platen_os_lookup_end(lookup);
    platen_os_address_text(&address, text, sizeof text);
    snprintf(wanted, sizeof wanted, "::1 port %u", (unsigned)port);
    assert_string_equal(text, wanted);
    assert_int_equal(platen_os_socket_connect(&address, PLATEN_OS_NO_BELL, soon(), &socket), 0);
    bare_close(bare_accept(listener));
    platen_os_socket_close(socket, false);
    bare_close(listener);
}

/* ---- lookups --------------------------------------------------------------------------------- */

static uint32_t look_up(const char *host, uint64_t until, struct platen_os_address *addresses,
                        size_t room, size_t *count)
{
    platen_os_lookup *lookup;
    uint32_t error = platen_os_lookup_start(host, 9100, &lookup);
    assert_int_equal(error, 0);
    error = platen_os_lookup_wait(lookup, PLATEN_OS_NO_BELL, until, addresses, room, count);
    platen_os_lookup_end(lookup);
    return error;
}

static void this_machine(void **state)
{
    struct platen_os_address addresses[4];
    size_t count;
    char text[60];
    (void)state;
    assert_int_equal(look_up("localhost", soon(), addresses, 4, &count), 0);
    assert_in_range(count, 1, 4);
    platen_os_address_text(&addresses[0], text, sizeof text);
    assert_true(strcmp(text, "127.0.0.1 port 9100") == 0 || strcmp(text, "::1 port 9100") == 0);
}

static atomic_bool let_go;
static atomic_uint asked;

static uint32_t hang(const char *host, uint16_t port, struct platen_os_address *addresses,
                     size_t room, size_t *count)
{
    (void)host, (void)port, (void)addresses, (void)room;
    atomic_fetch_add(&asked, 1);
    while (!atomic_load(&let_go))
        platen_os_wait((const uint32_t *)(uintptr_t)&asked, atomic_load(&asked),
                       platen_os_now() + SECOND / 100);
    *count = 0;
    return 0;
}

static uint32_t three(const char *host, uint16_t port, struct platen_os_address *addresses,
                      size_t room, size_t *count)
{
    (void)port;
    assert_string_equal(host, "printer");
    for (*count = 0; *count < 3 && *count < room; ++*count)
        addresses[*count] = (struct platen_os_address){.size = (uint32_t)*count + 1};
    return 0;
}

static uint32_t none(const char *host, uint16_t port, struct platen_os_address *addresses,
                     size_t room, size_t *count)
{
    (void)host, (void)port, (void)addresses, (void)room;
    *count = 0;
    return PLATEN_HOST_NOT_FOUND;
}

static void replaced(void **state)
{
    struct platen_os_address addresses[4];
    size_t count;
    (void)state;
    platen_os_replace_resolver(three);
    assert_int_equal(look_up("printer", soon(), addresses, 4, &count), 0);
    assert_int_equal(count, 3);
    assert_int_equal(addresses[2].size, 3);
    assert_int_equal(look_up("printer", soon(), addresses, 2, &count), 0);
    assert_int_equal(count, 2);
    platen_os_replace_resolver(none);
    assert_int_equal(look_up("printer", soon(), addresses, 4, &count), PLATEN_HOST_NOT_FOUND);
    assert_int_equal(count, 0);
    assert_int_equal(look_up("::1", soon(), addresses, 4, &count), 0);
    platen_os_replace_resolver(NULL);
}

/* Turned away from at once, by time and by the bell; joined when it comes to an end after all. */
static void a_lookup_that_hangs(void **state)
{
    struct platen_os_address address;
    platen_os_lookup *lookup;
    platen_os_bell bell;
    uint64_t since = platen_os_now();
    size_t count;
    (void)state;
    atomic_store(&let_go, false);
    platen_os_replace_resolver(hang);
    assert_int_equal(platen_os_bell_create(&bell), 0);
    assert_int_equal(platen_os_lookup_start("printer", 9100, &lookup), 0);
    assert_int_equal(platen_os_lookup_wait(lookup, bell, since + SECOND / 10, &address, 1, &count),
                     PLATEN_TIMEOUT);
    platen_os_bell_ring(bell);
    assert_int_equal(platen_os_lookup_wait(lookup, bell, soon(), &address, 1, &count),
                     PLATEN_OPERATION_ABORTED);
    platen_os_lookup_end(lookup);
    assert_true(platen_os_now() - since < 5 * SECOND);
    assert_int_equal(platen_os_lookups_stuck(), 1);
    atomic_store(&let_go, true);
    while (platen_os_lookups_stuck() && platen_os_now() < since + 10 * SECOND)
        platen_os_thread_yield();
    assert_int_equal(platen_os_lookups_stuck(), 0);
    platen_os_replace_resolver(NULL);
    platen_os_bell_destroy(bell);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_both_ways),
        cmocka_unit_test(a_peer_that_does_not_read),
        cmocka_unit_test(a_bell_before_the_wait),
        cmocka_unit_test(a_bell_ends_every_wait),
        cmocka_unit_test(acknowledged_and_ended),
        cmocka_unit_test(not_acknowledged_while_the_peer_is_full),
        cmocka_unit_test(a_reset),
        cmocka_unit_test(a_reset_of_our_own),
        cmocka_unit_test(nobody_listens),
        cmocka_unit_test(nobody_answers),
        cmocka_unit_test(version_6),
        cmocka_unit_test(this_machine),
        cmocka_unit_test(replaced),
        cmocka_unit_test(a_lookup_that_hangs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
