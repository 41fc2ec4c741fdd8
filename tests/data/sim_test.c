/* SPDX-License-Identifier: MIT
 *
 * What a simulated device says of itself, as the backend alone has it.
 */
#include "talker.h"

#include <string.h>

#include <platen/sim.h>

static platen_sim *sim;
static const struct platen_backend *ops;
static _Alignas(max_align_t) char state_of_it[1024];

static void log_nothing(void *context, enum platen_log_level level, const char *text)
{
    (void)context;
    (void)level;
    (void)text;
}

static int set_up(void **state)
{
    static const char *const values[] = {""};
    struct platen_port_setup setup = {.size = sizeof(setup),
                                      .port_name = "SIM:facts",
                                      .target = "SIM:facts",
                                      .values = values,
                                      .clock = &device_clock,
                                      .log = log_nothing};
    (void)state;
    device_reset();
    for (size_t i = 0; platen_backends()[i]; i++)
        if (strcmp(platen_backends()[i]->name, "sim") == 0)
            ops = platen_backends()[i];
    assert_in_range(ops->state_size, 1, sizeof(state_of_it));
    memset(state_of_it, 0, sizeof(state_of_it));
    sim = platen_sim_create("facts");
    assert_int_equal(ops->open(state_of_it, &setup), 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ops->close(state_of_it);
    platen_sim_release(sim);
    return 0;
}

static uint32_t say(const char *script)
{
    return platen_sim_script(sim, script, NULL);
}

static uint32_t status(uint32_t error)
{
    uint8_t byte = 0xEE;
    uint32_t returned = 9;
    assert_int_equal(
        ops->control(state_of_it, IOCTL_PAR_QUERY_INFORMATION, NULL, 0, &byte, 1, &returned),
        error);
    assert_int_equal(returned, error ? 0 : 1);
    return byte;
}

static void statuses(void **state)
{
    static const struct {
        const char *script;
        uint32_t status;
    } cases[] = {
        {"", 0x80},        {"take 5", 0x80},  {"stall", 0xC0},           {"error 28", 0x04},
        {"fail 28", 0x04}, {"fail 21", 0x08}, {"status 5", 0x05},        {"status 0; stall", 0x00},
        {"", 0x00},        {"status", 0x80},  {"status; error 1", 0x08},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(say(cases[i].script), 0);
        assert_int_equal(status(0), cases[i].status);
    }
    say("disconnect");
    status(1167);
}

/* A step is done when the device comes to it, also when nobody but a question passes by. */
static void in_its_time(void **state)
{
    (void)state;
    say("stall 1000; status 8");
    assert_int_equal(status(0), 0xC0);
    device.now += 2000 * MS;
    assert_int_equal(status(0), 0x08);
    say("take 1; status 16");
    assert_int_equal(status(0), 0x08); /* nobody has written */
}

static void ids(void **state)
{
    char id[100];
    uint32_t returned;
    (void)state;
    assert_int_equal(say("id \"MFG:A;\\x42\""), 0);
    for (uint32_t size = 0; size < 9; size++) {
        uint32_t error =
            ops->control(state_of_it, IOCTL_PAR_QUERY_DEVICE_ID, NULL, 0, id, size, &returned);
        assert_int_equal(error, size < 7 ? 122 : 0);
        assert_int_equal(returned, size < 7 ? 0 : 7);
    }
    assert_memory_equal(id, "MFG:A;B", 7);
    say("id \"\"");
    assert_int_equal(
        ops->control(state_of_it, IOCTL_PAR_QUERY_DEVICE_ID, NULL, 0, id, 100, &returned), 87);
}

static void other_codes(void **state)
{
    uint8_t room[8];
    uint32_t returned;
    (void)state;
    assert_int_equal(
        ops->control(state_of_it, IOCTL_SERIAL_GET_BAUD_RATE, NULL, 0, room, 8, &returned), 87);
    assert_int_equal(platen_sim_reply(sim, "abc", 3), 0);
    assert_int_equal(
        ops->control(state_of_it, IOCTL_USBPRINT_SOFT_RESET, NULL, 0, NULL, 0, &returned), 0);
    assert_int_equal(ops->read(state_of_it, room, 8, device.now, &returned), 0);
    assert_int_equal(returned, 0);
}

static int listed;
static char last_listed[100];

static void count(void *context, const char *schema)
{
    (void)context;
    listed++;
    strncpy(last_listed, schema, sizeof(last_listed) - 1);
}

static void values(void **state)
{
    char value[10];
    (void)state;
    assert_int_equal(say("value \"\\\\A:b=1\"; value \"\\\\A:c=\"; value \"\\\\A:b=2=3\""), 0);
    listed = 0;
    assert_int_equal(ops->bidi_list(state_of_it, NULL, count), 0);
    assert_int_equal(listed, 2);
    assert_string_equal(last_listed, "\\A:c");
    assert_int_equal(ops->bidi(state_of_it, "\\A:b", value, sizeof(value)), 0);
    assert_string_equal(value, "2=3");
    assert_int_equal(ops->bidi(state_of_it, "\\A:c", value, 1), 0);
    assert_string_equal(value, "");
    assert_int_equal(ops->bidi(state_of_it, "\\A:b", value, 3), 13); /* no part of a value */
    assert_int_equal(ops->bidi(state_of_it, "\\A", value, 10), 13005);
    assert_int_equal(ops->bidi_set(state_of_it, "\\A:d", "x"), 13005);
    assert_int_equal(ops->bidi_set(state_of_it, "\\A:b", "4"), 0);
    say("");
    assert_int_equal(ops->bidi(state_of_it, "\\A:b", value, 10), 0);
    assert_string_equal(value, "4");
    say("disconnect");
    assert_int_equal(ops->bidi(state_of_it, "\\A:b", value, 10), 1167);
    assert_int_equal(ops->bidi_set(state_of_it, "\\A:b", "4"), 1167);
    assert_int_equal(ops->bidi_list(state_of_it, NULL, count), 1167);
}

static void wrong_scripts(void **state)
{
    static const char *const wrong[] = {
        "id",        "id x",     "id \"x", "id \"a\\x00b\"",    "status 256",
        "status -1", "status x", "value",  "value \"no name\"", "value \"\\\\A:b\\x00=1\"",
        "value 5",
    };
    const char *complaint;
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        complaint = NULL;
        assert_int_equal(platen_sim_script(sim, wrong[i], &complaint), 87);
        assert_non_null(complaint);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(statuses), TEST(in_its_time), TEST(ids),
        TEST(values),   TEST(other_codes), TEST(wrong_scripts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
