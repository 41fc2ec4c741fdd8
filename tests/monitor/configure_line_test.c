/* SPDX-License-Identifier: MIT
 *
 * The settings of serial lines: as text in the store, as COMMCONFIG, and as the backend is told.
 */
#include "configure_world.h"

#include <string.h>

static void store_text(const char16_t *name, const char16_t *text)
{
    fake.ports_key = true;
    fake_put(fake.ports, name, REG_SZ, text,
             (uint32_t)((platen_text_length16(text, SIZE_MAX) + 1) * sizeof(*text)));
}

#define PLAIN " dtr=on rts=on idsr=0"

static void stored_settings_reach_the_backend(void **state)
{
    static const struct {
        const char16_t *text;
        const char *told;
    } rows[] = {
        {u"19200,e,7,1.5,x",
         "COM1: device= baud=19200 bits=7 parity=even stop=1.5 xon=1 cts=0 dsr=0" PLAIN},
        {u"12,n,8,1,p", "COM1: device= baud=1200 bits=8 parity=none stop=1 xon=0 cts=1 dsr=1 "
                        "dtr=handshake rts=handshake idsr=0"},
        {u"baud=300 rts=tg idsr=on", "COM1: device= baud=300 bits=8 parity=none stop=1 xon=0 cts=0 "
                                     "dsr=0 dtr=on rts=toggle idsr=1"},
        {u"serial:/dev/x?baud=50",
         "/dev/x device= baud=50 bits=8 parity=none stop=1 xon=0 cts=0 dsr=0" PLAIN},
        /* what is none, or none that the backend takes */
        {u"", "COM1: device= baud=9600 bits=8 parity=none stop=1 xon=0 cts=0 dsr=0" PLAIN},
        {u"921600,8,n,1.5,x",
         "COM1: device= baud=9600 bits=8 parity=none stop=1 xon=0 cts=0 dsr=0" PLAIN},
        {u"921600,n,8,1",
         "COM1: device= baud=9600 bits=8 parity=none stop=1 xon=0 cts=0 dsr=0" PLAIN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fake_reset();
        store_text(u"COM1:", rows[i].text);
        restart();
        assert_string_equal(line_of(table, monitor, u"com1:"), rows[i].told);
    }
}

/* Names are data: what means something in a URI means nothing in them. */
static void any_name(void **state)
{
    (void)state;
    store_text(u"COM?baud=50&%41#:", u"110,n,8,1");
    restart();
    assert_string_equal(line_of(table, monitor, u"COM?baud=50&%41#:"),
                        "COM?baud=50&%41#: device= baud=110 bits=8 parity=none stop=1 xon=0 cts=0 "
                        "dsr=0" PLAIN);
}

static void settings_of_others_say_nothing(void **state)
{
    (void)state;
    store_text(u"T1:", u"9600,n,8,1");
    restart();
    assert_string_equal(target_of(u"T1:"), "T1:");
    assert_int_equal(ask(NULL, 0, u"GetDefaultCommConfig", u"T1", 6, &(COMMCONFIG){0}, 52), 87);
}

static const char16_t *kept(const char16_t *name)
{
    const struct fake_value *value = fake_find(fake.ports, name);
    assert_non_null(value);
    assert_int_equal(value->type, REG_SZ);
    return (const char16_t *)(const void *)value->data;
}

static void comm_config(void **state)
{
    (void)state;
    assert_int_equal(tell(NULL, u"AddPort", u"COM1:", 12), 0);
    expect_config(u"COM1", "9600,n,8,1");
    assert_int_equal(set_line(u"COM1:", "19200,o,7,2,p"), 0);
    expect_config(u"COM1", "19200,o,7,2,p");
    expect_config(u"com1:", "19200,o,7,2,p");
    assert_memory_equal(kept(u"COM1:"), u"19200,o,7,2,p", 28);
    restart();
    expect_config(u"COM1", "19200,o,7,2,p");
    assert_int_equal(set_line(u"COM1", "rts=tg"), 0); /* the object without its colon */
    restart();
    expect_config(u"COM1", "rts=tg");
    assert_int_equal(tell(NULL, u"DeletePort", u"COM1:", 12), 0);
    assert_null(fake_find(fake.ports, u"COM1:"));
}

static void comm_config_of_what_is_there(void **state)
{
    (void)state;
    assert_int_equal(set_line(u"COM9:", "300,n,8,1,x"), 0);
    assert_memory_equal(kept(u"COM9:"), u"300,n,8,1,x", 24);
    restart();
    expect_config(u"COM9", "300,n,8,1,x");
    assert_non_null(strstr(line_list(table, monitor), "COM9:\t"));
    assert_int_equal(tell(NULL, u"DeletePort", u"COM9:", 12), 50);
    assert_string_equal(line_of(table, monitor, u"COM9:"),
                        "COM9: device= baud=300 bits=8 parity=none stop=1 xon=1 cts=0 dsr=0" PLAIN);
}

/* A URI stays one: what it says besides is not lost. */
static void comm_config_of_a_uri(void **state)
{
    (void)state;
    store_text(u"label", u"serial:/dev/x?baud=50&device=y%26z&xon=1");
    restart();
    expect_config(u"label", "50,n,8,1,x");
    assert_int_equal(set_line(u"label", "110,e,8,1"), 0);
    expect_config(u"label", "110,e,8,1");
    restart();
    assert_string_equal(
        line_of(table, monitor, u"label"),
        "/dev/x device=y&z baud=110 bits=8 parity=even stop=1 xon=0 cts=0 dsr=0" PLAIN);
    assert_int_equal(platen_monitor_add_port(monitor, "brief", "serial:/dev/y"), 0);
    uint64_t store = line_store();
    assert_int_equal(set_line(u"brief", "110,e,8,1"), 0);
    assert_true(store == line_store()); /* it was not stored, so this is not */
    expect_config(u"brief", "110,e,8,1");
}

/* R64 */
static void comm_config_refused(void **state)
{
    COMMCONFIG config = line_config("9600,n,8,1");
    (void)state;
    assert_int_equal(tell(NULL, u"AddPort", u"T1:", 8), 0);
    add_tcp(u"IP_1", u"host");
    uint64_t store = line_store();
    assert_int_equal(set_line(u"COM9:", "230400,n,8,1"), 87); /* more than the backend has */
    assert_int_equal(set_line(u"COM9:", "49,n,8,1"), 87);
    assert_int_equal(set_line(u"T1:", "9600,n,8,1"), 87); /* there is no line behind it */
    assert_int_equal(set_line(u"COM2:", "9600,n,8,1"), 2);
    assert_int_equal(set_line(u"", "9600,n,8,1"), 2);
    assert_int_equal(set_line(NULL, "9600,n,8,1"), 2);
    assert_int_equal(set_line(u"Local Port", "9600,n,8,1"), 2);
    assert_int_equal(set_line(u"IP_1", "9600,n,8,1"), 87); /* another vocabulary */
    config.dwSize = 53;
    assert_int_equal(tell(u"COM9:", u"SetDefaultCommConfig", &config, sizeof(config)), 87);
    assert_true(store == line_store());
    expect_config(u"COM9", "9600,n,8,1");
    assert_int_equal(ask(NULL, 0, u"GetDefaultCommConfig", u"COM2", 10, &config, 52), 2);
    assert_int_equal(ask(NULL, 0, u"GetDefaultCommConfig", u"", 2, &config, 52), 2);
    assert_int_equal(ask(NULL, 0, u"GetDefaultCommConfig", u"IP_1", 10, &config, 52), 87);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, configure_set_up, configure_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(stored_settings_reach_the_backend),
        TEST(any_name),
        TEST(settings_of_others_say_nothing),
        TEST(comm_config),
        TEST(comm_config_of_what_is_there),
        TEST(comm_config_of_a_uri),
        TEST(comm_config_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
