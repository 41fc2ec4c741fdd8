/* SPDX-License-Identifier: MIT
 *
 * Datagrams of the noun socket, against bare ones of the system on loopback.
 */
#include "help.h"

#include <string.h>

#include "bare.h"
#include "os/clock.h"
#include "os/socket.h"

#define SECOND UINT64_C(1000000000)

static uint64_t soon(void)
{
    return platen_os_now() + 10 * SECOND;
}

static platen_os_socket reach(uint16_t port)
{
    struct platen_os_address address;
    platen_os_lookup *lookup;
    platen_os_socket made;
    size_t count;
    assert_int_equal(platen_os_lookup_start("127.0.0.1", port, &lookup), 0);
    assert_int_equal(platen_os_lookup_wait(lookup, PLATEN_OS_NO_BELL, soon(), &address, 1, &count),
                     0);
    platen_os_lookup_end(lookup);
    assert_int_equal(platen_os_socket_datagram(&address, &made), 0);
    return made;
}

static void expect(platen_os_socket socket, const char *text)
{
    char data[100];
    uint32_t moved;
    assert_int_equal(platen_os_socket_wait(socket, PLATEN_OS_READABLE, PLATEN_OS_NO_BELL, soon()),
                     0);
    assert_int_equal(platen_os_socket_receive(socket, data, sizeof data, &moved), 0);
    assert_int_equal(moved, strlen(text));
    assert_memory_equal(data, text, moved);
}

static void one_at_a_time(void **state)
{
    uint16_t port, from;
    bare_socket peer = bare_datagrams(&port);
    platen_os_socket socket = reach(port);
    char data[100];
    uint32_t moved;
    (void)state;
    assert_int_equal(platen_os_socket_receive(socket, data, sizeof data, &moved), 0);
    assert_int_equal(moved, 0);
    assert_int_equal(platen_os_socket_send(socket, "ask", 3, &moved), 0);
    assert_int_equal(moved, 3);
    assert_int_equal(bare_receive_from(peer, data, sizeof data, &from), 3);
    bare_send_to(peer, "one", 3, from);
    bare_send_to(peer, "", 0, from);
    bare_send_to(peer, "three", 5, from);
    expect(socket, "one");
    assert_int_equal(platen_os_socket_wait(socket, PLATEN_OS_READABLE, PLATEN_OS_NO_BELL, soon()),
                     0);
    assert_int_equal(platen_os_socket_receive(socket, data, sizeof data, &moved),
                     PLATEN_HANDLE_EOF);
    expect(socket, "three");
    platen_os_socket_close(socket, false);
    bare_close(peer);
}

/* What a third party sends to our port is not there, what the peer sends behind it is. */
static void from_nobody_else(void **state)
{
    uint16_t port, other_port, from;
    bare_socket peer = bare_datagrams(&port), other = bare_datagrams(&other_port);
    platen_os_socket socket = reach(port);
    char data[10];
    uint32_t moved;
    (void)state;
    assert_int_equal(platen_os_socket_send(socket, "ask", 3, &moved), 0);
    assert_int_equal(bare_receive_from(peer, data, sizeof data, &from), 3);
    bare_send_to(other, "false", 5, from);
    bare_send_to(peer, "true", 4, from);
    expect(socket, "true");
    assert_int_equal(platen_os_socket_receive(socket, data, sizeof data, &moved), 0);
    assert_int_equal(moved, 0);
    platen_os_socket_close(socket, false);
    bare_close(other);
    bare_close(peer);
}

static void nobody_listens(void **state)
{
    uint16_t port;
    bare_socket peer = bare_datagrams(&port);
    platen_os_socket socket = reach(port);
    uint64_t until = platen_os_now() + 2 * SECOND;
    char data[10];
    uint32_t moved, error;
    (void)state;
    bare_close(peer);
    assert_int_equal(platen_os_socket_send(socket, "ask", 3, &moved), 0);
    error = platen_os_socket_wait(socket, PLATEN_OS_READABLE, PLATEN_OS_NO_BELL, until);
    if (!error)
        error = platen_os_socket_receive(socket, data, sizeof data, &moved);
    assert_true(error == PLATEN_CONNECTION_REFUSED || error == PLATEN_NETNAME_DELETED ||
                error == PLATEN_TIMEOUT);
    platen_os_socket_close(socket, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_at_a_time),
        cmocka_unit_test(from_nobody_else),
        cmocka_unit_test(nobody_listens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
