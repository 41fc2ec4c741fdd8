/* SPDX-License-Identifier: MIT
 *
 * What the printer says of itself, and what becomes of it: the port's state, and ReadPort.
 */
#include "world.h"

#include <string.h>

#include "os/clock.h"

#define PJL_ID "MFG:Acme;COMMAND SET:PJL,POSTSCRIPT;"
#define HELLO  (sizeof(TELL_ALL UEL) - 1)

static void assert_state(struct world *world, unsigned at, DWORD status, DWORD severity)
{
    assert_true(world->set_port_count > at);
    assert_int_equal(world->set_ports[at].status, status);
    assert_int_equal(world->set_ports[at].severity, severity);
}

/* Between jobs, without any job: on a port that carries something then. */
static void states_between_jobs(void **state)
{
    struct world *world = world_new();

    (void)state;
    world->id = PJL_ID;
    world->speaks = world->between = true;
    world_open(world);
    world_await_size(world, HELLO);
    world_assert_received(world, TELL_ALL UEL);
    world_say(world, STATE("41002"));
    world_await_set_ports(world, 1);
    assert_state(world, 0, PORT_STATUS_PAPER_OUT, PORT_STATUS_TYPE_ERROR);
    world_say(world, STATE("41002") STATE("41003")); /* no news */
    world_say(world, STATE("10006"));
    world_await_set_ports(world, 2);
    assert_state(world, 1, PORT_STATUS_TONER_LOW, PORT_STATUS_TYPE_WARNING);
    world_say(world, STATE("10001"));
    world_await_set_ports(world, 3);
    assert_state(world, 2, 0, 0);
    world_say(world, STATE("40022"));
    world_await_set_ports(world, 4);
    world_close(world); /* nobody would hear when it is over */
    assert_int_equal(world->set_port_count, 5);
    assert_state(world, 4, 0, 0);
    world_assert_received(world, TELL_ALL UEL UEL "@PJL USTATUSOFF\r\n" UEL);
    world_shutdown(world);
    world_free(world);
}

/* In a job, on a port that carries nothing between jobs: the state is taken back at its end (R82),
 * and what was kept from the job does not bring it again. */
static void states_in_jobs(void **state)
{
    struct world *world = world_new();

    (void)state;
    world->speaks = world->confirms = true;
    world_open(world);
    assert_true(world_start(world, 1, u"a"));
    world_write(world, "text", 4);
    world_say(world, STATE("40021"));
    world_await_set_ports(world, 1);
    assert_state(world, 0, PORT_STATUS_DOOR_OPEN, PORT_STATUS_TYPE_ERROR);
    assert_true(world_end(world));
    world_say(world, STATE("40021"));
    world_await_set_ports(world, 2);
    assert_state(world, 1, 0, 0);
    world_close(world);
    assert_int_equal(world->set_port_count, 2);
    world_shutdown(world);
    world_free(world);
}

/* Cut anywhere, and with garbage before it. */
static void states_in_pieces(void **state)
{
    static const char text[] = STATE("40019");
    struct world *world = world_new();

    (void)state;
    world->id = PJL_ID;
    world->between = true;
    world_open(world);
    world_await_size(world, HELLO);
    world_say(world, "\x1b%-12345X\xff\xfe@PJL @PJ garbage\n\f");
    for (size_t i = 0; i < sizeof(text) - 1; i++) {
        char piece[2] = {text[i], '\0'};
        world_say(world, piece);
    }
    world_await_set_ports(world, 1);
    assert_state(world, 0, PORT_STATUS_OUTPUT_BIN_FULL, PORT_STATUS_TYPE_ERROR);
    world_close(world);
    world_shutdown(world);
    world_free(world);
}

/* The thread sleeps in ReadPort, which here takes a twentieth of a second, and does not come more
 * often than it has to, however long this test is kept waiting itself. */
static void no_busy_loop(void **state)
{
    struct world *world = world_new();
    const uint32_t nobody = 0;

    (void)state;
    world->id = PJL_ID;
    world->speaks = world->between = true;
    world_open(world);
    world_await_size(world, HELLO);
    uint64_t begun = platen_os_now(), until = begun + SECOND;
    while (platen_os_now() < until)
        platen_os_wait(&nobody, 0, until);
    world_close(world);
    assert_true(world->reads < 20 + (platen_os_now() - begun) / (SECOND / 20));
    world_shutdown(world);
    world_free(world);
}

/* What is no PJL is the caller's, though the thread has read it. */
static void read_port(void **state)
{
    struct world *world = world_new();
    char bytes[64] = {0};
    DWORD count = 0;
    size_t got = 0;

    (void)state;
    world->speaks = true;
    world_open(world);
    assert_true(world_start(world, 1, u"a"));
    world_write(world, "text", 4);
    world_say(world, "%%[ Error: ");
    world_say(world, STATE("10006"));
    world_say(world, "undefined ]%%");
    world_await_set_ports(world, 1);
    for (unsigned i = 0; i < 100 && got < 24; i++) {
        assert_true(world->lm->pfnReadPort(world->port, (LPBYTE)bytes + got, 5, &count));
        assert_true(count <= 5);
        got += count;
    }
    assert_string_equal(bytes, "%%[ Error: undefined ]%%");
    assert_true(world->lm->pfnReadPort(world->port, (LPBYTE)bytes, 0, &count));
    assert_true(world->lm->pfnReadPort(world->port, (LPBYTE)bytes, 64, &count)); /* R47 */
    assert_int_equal(count, 0);
    assert_false(world->lm->pfnReadPort(world->port, NULL, 64, &count));
    assert_int_equal(world_last_error(), PLATEN_INVALID_PARAMETER);
    world_change(world, &world->confirms, true);
    assert_true(world_end(world));
    world_close(world);
    world_shutdown(world);
    world_free(world);
}

/* Where the thread does not read, it is the port monitor's. */
static void read_port_below(void **state)
{
    struct world *world = world_new();
    char bytes[64] = {0};
    DWORD count = 0;

    (void)state;
    world->id = "MFG:Acme;CMD:ESCP;";
    world_open(world);
    world_say(world, "@PJL is not for us\f");
    assert_true(world->lm->pfnReadPort(world->port, (LPBYTE)bytes, 64, &count));
    assert_string_equal(bytes, "@PJL is not for us\f");
    world_change(world, &world->mute, true);
    assert_false(world->lm->pfnReadPort(world->port, (LPBYTE)bytes, 64, &count));
    assert_int_equal(world_last_error(), PLATEN_INVALID_HANDLE);
    world_close(world);
    world_shutdown(world);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_between_jobs), cmocka_unit_test(states_in_jobs),
        cmocka_unit_test(states_in_pieces),    cmocka_unit_test(no_busy_loop),
        cmocka_unit_test(read_port),           cmocka_unit_test(read_port_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
