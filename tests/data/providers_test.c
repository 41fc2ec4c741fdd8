/* SPDX-License-Identifier: MIT
 *
 * Providers of a TCP/IP port: when they are opened, what they are told, and whose word counts.
 */
#include "talker.h"
#include "tcp_trial.h"

#include <stdio.h>
#include <string.h>

#define STATE "\\Printer.Status.Summary:State"
#define LEVEL "\\Printer.Consumables.Black:Level"

/* Two of a kind. */
static struct side {
    uint32_t open_error, get_error, list_error;
    const char *schema, *value;
    int opens, closes, gets, lists;
    uint64_t deadline;
    char host[100], community[100], port_name[100];
    uint32_t index;
} sides[2];

static uint32_t open_side(void *state, int which, const struct platen_provider_setup *setup)
{
    struct side *side = &sides[which];
    assert_int_equal(setup->size, sizeof(*setup));
    assert_int_equal(*(int *)state, 0);
    *(int *)state = 100 + which;
    snprintf(side->host, sizeof(side->host), "%s", setup->host);
    snprintf(side->community, sizeof(side->community), "%s", setup->community);
    snprintf(side->port_name, sizeof(side->port_name), "%s", setup->port_name);
    side->index = setup->device_index;
    side->opens += !side->open_error;
    return side->open_error;
}

static struct side *side_of(void *state)
{
    return &sides[*(int *)state - 100];
}

static uint32_t open_first(void *state, const struct platen_provider_setup *setup)
{
    return open_side(state, 0, setup);
}

static uint32_t open_second(void *state, const struct platen_provider_setup *setup)
{
    return open_side(state, 1, setup);
}

static uint32_t get(void *state, const char *schema, char *value, size_t size, uint64_t deadline)
{
    struct side *side = side_of(state);
    side->gets++;
    side->deadline = deadline;
    if (side->get_error)
        return side->get_error;
    if (!side->schema || strcmp(schema, side->schema) != 0)
        return PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
    snprintf(value, size, "%s", side->value);
    return 0;
}

static uint32_t list(void *state, void *context, void (*add)(void *context, const char *schema),
                     uint64_t deadline)
{
    struct side *side = side_of(state);
    side->lists++;
    side->deadline = deadline;
    if (side->schema)
        add(context, side->schema);
    return side->list_error;
}

static void close_side(void *state)
{
    side_of(state)->closes++;
}

static const struct platen_provider first = {sizeof(first), "first", sizeof(int), open_first,
                                             get,           list,    close_side};
static const struct platen_provider second = {
    sizeof(second), "second", sizeof(int), open_second, get, list, close_side};
static const struct platen_provider *const both[] = {&first, &second, NULL};

static struct platen_backend socket_backend;

static struct platen_monitor_options options(void)
{
    static const struct platen_backend *backends[] = {&socket_backend, NULL};
    struct platen_monitor_options made = talker_options();
    socket_backend = speechless_backend;
    socket_backend.name = "socket";
    socket_backend.claims = device_backend.claims;
    made.backends = backends;
    made.providers = both;
    return made;
}

/* A port "IP_1" as the store has it. */
static void store_port(const char16_t *host, uint32_t snmp, uint32_t index)
{
    struct fake_key *key = fake_make_key(u"IP_1");
    uint32_t raw = 1;
    fake.ports_key = true;
    fake_put(key->values, u"Protocol", REG_DWORD, &raw, 4);
    fake_put(key->values, u"HostName", REG_SZ, host,
             (uint32_t)((platen_text_length16(host, 200) + 1) * 2));
    fake_put(key->values, u"SNMP Enabled", REG_DWORD, &snmp, 4);
    fake_put(key->values, u"SNMP Community", REG_SZ, CANARY, sizeof(CANARY));
    fake_put(key->values, u"SNMP Index", REG_DWORD, &index, 4);
}

static void begin(const char16_t *host, uint32_t snmp, uint32_t index)
{
    fake_reset();
    trial_reset(NULL);
    memset(sides, 0, sizeof(sides));
    store_port(host, snmp, index);
    struct platen_monitor_options chosen = options();
    table = fake_monitor(&monitor, &chosen);
    assert_true(table->pfnOpenPort(monitor, WIDE("IP_1"), &port));
}

static void end(void)
{
    table->pfnClosePort(port);
    for (int i = 0; i < 2; i++)
        assert_int_equal(sides[i].opens, sides[i].closes);
    assert_null(strstr(fake.log, "c4n4ry"));
    void *state = NULL;
    talker_close(&state);
}

static PBIDI_RESPONSE_CONTAINER answer;

static uint32_t ask(const char16_t *action, const char16_t *schema)
{
    BIDI_REQUEST_CONTAINER request = {.Version = 1, .Count = schema != NULL};
    request.aData[0].pSchema = (LPWSTR)(uintptr_t)schema;
    return table->pfnSendRecvBidiDataFromPort(port, 2, action, &request, &answer);
}

static void expect(const char *schema, uint32_t result, const char *value)
{
    char16_t wide[200];
    platen_text_to16(schema, SIZE_MAX, wide, 200);
    assert_int_equal(ask(u"Get", wide), result ? 13001 : 0);
    trial_expect(answer, 0, result, 0, schema, value);
    trial_free(answer);
}

/* They are opened when they are needed, and not before; and told where the printer is. */
static void set_up_when_asked(void **state)
{
    (void)state;
    begin(u"printer.example", 1, 3);
    assert_int_equal(sides[0].opens, 0);
    sides[0].schema = STATE;
    sides[0].value = "Idle";
    expect(STATE, 0, "Idle");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(sides[i].opens, 1);
        assert_string_equal(sides[i].host, "printer.example");
        assert_string_equal(sides[i].community, "c4n4ry-community");
        assert_string_equal(sides[i].port_name, "IP_1");
        assert_int_equal(sides[i].index, 3);
    }
    assert_int_equal(sides[0].deadline, device.now + 5000 * MS);
    expect(STATE, 0, "Idle");
    assert_int_equal(sides[0].opens, 1);
    end();
}

static void addresses(void **state)
{
    (void)state;
    begin(u"[2001:db8::7]", 1, 0);
    expect(STATE, 13005, "");
    assert_string_equal(sides[0].host, "2001:db8::7");
    assert_int_equal(sides[0].index, 1);
    end();
}

static void the_first_counts(void **state)
{
    (void)state;
    begin(u"h", 1, 1);
    sides[1].schema = LEVEL;
    sides[1].value = "50";
    expect(LEVEL, 0, "50");
    sides[0] = (struct side){.opens = sides[0].opens, .schema = LEVEL, .value = "60"};
    expect(LEVEL, 0, "60");
    assert_int_equal(ask(u"EnumSchema", NULL), 0);
    assert_int_equal(answer->Count, 1); /* and is told once */
    trial_expect(answer, 0, 0, 0, "", LEVEL);
    trial_free(answer);
    sides[0].get_error = 1460; /* one that cannot be reached leaves it to the other */
    expect(LEVEL, 0, "50");
    sides[1].get_error = 11001;
    expect(LEVEL, 13004, "");
    end();
}

static void one_that_does_not_open(void **state)
{
    (void)state;
    begin(u"h", 1, 1);
    sides[0].open_error = 1460;
    sides[1].schema = STATE;
    sides[1].value = "Idle";
    expect(STATE, 0, "Idle");
    assert_int_equal(sides[0].gets, 0);
    assert_non_null(strstr(fake.log, "first cannot be used"));
    sides[0].open_error = 0; /* it is tried again */
    expect(STATE, 0, "Idle");
    assert_int_equal(sides[0].opens, 1);
    end();
}

static void when_nobody_may(void **state)
{
    (void)state;
    begin(u"h", 0, 1); /* SNMP is off */
    assert_int_equal(ask(u"Get", u"" STATE), 50);
    assert_null(answer);
    assert_int_equal(sides[0].opens, 0);
    end();
}

static void a_list_that_fails(void **state)
{
    (void)state;
    begin(u"h", 1, 1);
    sides[0].schema = LEVEL;
    sides[0].value = "x";
    sides[0].list_error = 1460;
    assert_int_equal(ask(u"EnumSchema", NULL), 0);
    assert_int_equal(answer->Count, 1);
    trial_free(answer);
    expect(LEVEL, 13, ""); /* no number */
    expect("\\Printer.Vendor:Thing", 13004, "");
    end();
}

static void incomplete_ones(void **state)
{
    struct platen_provider broken;
    const struct platen_provider *list_of_it[] = {&broken, NULL};
    MONITORINIT init;
    HANDLE made;
    (void)state;
    fake_reset();
    for (int i = 0; i < 6; i++) {
        struct platen_monitor_options chosen = options();
        broken = first;
        broken.size = i == 0 ? 8 : broken.size;
        broken.name = i == 1 ? NULL : broken.name;
        broken.open = i == 2 ? NULL : broken.open;
        broken.get = i == 3 ? NULL : broken.get;
        broken.list = i == 4 ? NULL : broken.list;
        broken.close = i == 5 ? NULL : broken.close;
        chosen.providers = list_of_it;
        init = fake_init();
        assert_null(platen_monitor_create(&init, &chosen, &made));
        assert_int_equal(fake_last_error(), 87);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_up_when_asked),      cmocka_unit_test(addresses),
        cmocka_unit_test(the_first_counts),       cmocka_unit_test(when_nobody_may),
        cmocka_unit_test(one_that_does_not_open), cmocka_unit_test(a_list_that_fails),
        cmocka_unit_test(incomplete_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
