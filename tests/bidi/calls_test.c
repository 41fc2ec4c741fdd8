/* SPDX-License-Identifier: MIT
 *
 * Every action, over names of each kind: what comes back, and what of it the source is asked.
 */
#include "trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "bidi/schema.h"

#define STATE    "\\Printer.Status.Summary:State"
#define REASON   "\\Printer.Status.Summary:StateReason"
#define LOCATION "\\Printer.DeviceInfo:Location"
#define MEMORY   "\\Printer.Configuration.Memory:Size"
#define DUPLEX   "\\Printer.Configuration.DuplexUnit:Installed"
#define BLACK    "\\Printer.Consumables.Black:Level"
#define COLOUR   "\\Printer.Vendor.Thing:Colour"

static const struct trial_value values[] = {
    {STATE, "Idle", 0, true},
    {REASON, "None", 0, true},
    {LOCATION, "2nd floor", 0, false},
    {MEMORY, "65536", 0, true},
    {DUPLEX, "true", 0, true},
    {BLACK, "-1", 0, true},
    {COLOUR, "bl\xc3\xa4u \xf0\x9f\x96\xa8", 0, false},
    {"\\Printer.Consumables.Cyan:Level", "lots", 0, true},
    {"\\Printer.Consumables.Cyan:Installed", "perhaps", 0, true},
    {"\\Printer.Configuration.Memory:PS", NULL, 13004, true},
    {"\\Printer.DeviceInfo:Comment", NULL, 0, false},
    {"not a name", "x", 0, false},
    {NULL, NULL, 0, false},
};
enum { LISTED = 11 }; /* of these, a name each */

static int set_up(void **state)
{
    (void)state;
    trial_reset(values);
    return 0;
}

static const struct {
    const char16_t *action;
    const char16_t *schema;
    uint32_t result;
    const char *name;
    const char *value;
} cases[] = {
    {u"Get", u"" STATE, 0, STATE, "Idle"},
    {u"get", u"\\PRINTER.STATUS.summary:state", 0, STATE, "Idle"},
    {u"GET", u"" MEMORY, 0, MEMORY, "65536"},
    {u"Get", u"" DUPLEX, 0, DUPLEX, "true"},
    {u"Get", u"" BLACK, 0, BLACK, "-1"},
    {u"Get", u"\\printer.consumables.BLACK:level", 0, BLACK, "-1"},
    {u"Get", u"" COLOUR, 0, COLOUR, "bl\xc3\xa4u \xf0\x9f\x96\xa8"},
    {u"Get", u"\\Printer.Consumables.Black.Level", 0, BLACK, "-1"}, /* D23 */
    {u"Get", u"\\Printer.Consumables.Cyan:Level", 13, "\\Printer.Consumables.Cyan:Level", ""},
    {u"Get", u"\\Printer.Consumables.Cyan:Installed", 13, "\\Printer.Consumables.Cyan:Installed",
     ""},
    {u"Get", u"\\Printer.Configuration.Memory:PS", 13004, "\\Printer.Configuration.Memory:PS", ""},
    {u"Get", u"\\Printer.DeviceInfo:Comment", 13005, "\\Printer.DeviceInfo:Comment", ""},
    {u"Get", u"\\No.Such:Thing", 13005, "\\No.Such:Thing", ""},
    {u"Get", u"\\No.Such", 13005, "\\No.Such", ""},
    {u"Get", u"\\Printer", 13005, "\\Printer", ""}, /* nothing is right under it */
    {u"Get", u"nonsense", 13005, "nonsense", ""},
    {u"Get", u"", 13005, "", ""},
    {u"Get", NULL, 87, "", ""},
    {u"GetAll", u"" STATE, 0, STATE, "Idle"},
    {u"GETALL", u"\\Printer.Configuration.DuplexUnit", 0, DUPLEX, "true"},
    {u"GetAll", u"\\Printer.Vendor", 0, COLOUR, "bl\xc3\xa4u \xf0\x9f\x96\xa8"},
    {u"GetAll", u"\\No", 13005, "\\No", ""},
    {u"GetAll", NULL, 87, "", ""},
    {u"GetWithArgument", u"" STATE, 0, STATE, "Idle"},
    {u"getwithargument", u"\\Printer.Status.Summary", 13005, "\\Printer.Status.Summary", ""},
    {u"GetWithArgument", NULL, 87, "", ""},
};

static void single_entries(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct ask ask = {.number = 70 + (uint32_t)i, .schema = cases[i].schema};
        PBIDI_RESPONSE_CONTAINER answer;
        uint32_t code = trial_run(cases[i].action, &ask, 1, &answer);
        assert_int_equal(code, cases[i].result ? 13001 : 0); /* R76 */
        assert_int_equal(answer->Count, 1);
        trial_expect(answer, 0, cases[i].result, ask.number, cases[i].name, cases[i].value);
        trial_free(answer);
    }
}

static void a_path(void **state)
{
    struct ask ask = {.number = 5, .schema = u"\\Printer.Status.Summary"};
    PBIDI_RESPONSE_CONTAINER answer;
    (void)state;
    assert_int_equal(trial_run(u"Get", &ask, 1, &answer), 0);
    assert_int_equal(answer->Count, 2);
    trial_expect(answer, 0, 0, 5, STATE, "Idle");
    trial_expect(answer, 1, 0, 5, REASON, "None");
    trial_free(answer);
}

/* All of it: what has gone since it was listed is not there, what is wrong has its code. */
static void everything(void **state)
{
    struct ask ask = {.number = 5, .schema = u"\\Printer"};
    PBIDI_RESPONSE_CONTAINER answer;
    (void)state;
    assert_int_equal(trial_run(u"GetAll", &ask, 1, &answer), 13001);
    assert_int_equal(answer->Count, LISTED - 1);
    trial_expect(answer, 3, 0, 5, MEMORY, "65536");
    trial_expect(answer, 7, 13, 5, "\\Printer.Consumables.Cyan:Level", "");
    trial_expect(answer, 9, 13004, 5, "\\Printer.Configuration.Memory:PS", "");
    trial_free(answer);
    assert_int_equal(trial.lists, 1);
}

static void enum_schema(void **state)
{
    const struct ask asks[2] = {{.number = 9}, {.number = 3, .schema = u"\\Printer"}};
    PBIDI_RESPONSE_CONTAINER answer;
    (void)state;
    assert_int_equal(trial_run(u"EnumSchema", NULL, 0, &answer), 0); /* R75 */
    assert_int_equal(answer->Count, LISTED);
    for (uint32_t i = 0; i < LISTED; i++) {
        trial_expect(answer, i, 0, 0, "", values[i].schema);
        assert_int_equal(answer->aData[i].data.dwBidiType, BIDI_TEXT);
        assert_null(answer->aData[i].pSchema);
    }
    trial_free(answer);
    assert_int_equal(trial_run(u"enumschema", asks, 2, &answer), 0);
    assert_int_equal(answer->Count, 2 * LISTED); /* R74 */
    trial_expect(answer, LISTED - 1, 0, 9, "", values[LISTED - 1].schema);
    trial_expect(answer, LISTED, 0, 3, "", STATE);
    trial_free(answer);
    assert_int_equal(trial.lists, 2);
}

static void nothing_to_list(void **state)
{
    static const struct trial_value none[] = {{NULL, NULL, 0, false}};
    const struct ask ask = {.number = 9};
    PBIDI_RESPONSE_CONTAINER answer;
    (void)state;
    trial_reset(none);
    assert_int_equal(trial_run(u"EnumSchema", NULL, 0, &answer), 0);
    assert_int_equal(answer->Count, 0);
    trial_free(answer);
    assert_int_equal(trial_run(u"EnumSchema", &ask, 1, &answer), 13001);
    trial_expect(answer, 0, 232, 9, "", "");
    trial_free(answer);
}

#define TEXT_OF(kind, value)                                                                       \
    {                                                                                              \
        .dwBidiType = (kind), .u = {.sData = (LPWSTR)(uintptr_t)u"" value }                        \
    }

static const struct {
    const char16_t *schema;
    BIDI_DATA data;
    uint32_t result;
    const char *name;
    const char *value; /* that the source is told; NULL: it is not */
} sets[] = {
    {u"" LOCATION, TEXT_OF(BIDI_STRING, "attic"), 0, LOCATION, "attic"},
    {u"" LOCATION, TEXT_OF(BIDI_TEXT, "attic"), 0, LOCATION, "attic"},
    {u"" LOCATION, TEXT_OF(BIDI_ENUM, ""), 0, LOCATION, ""},
    {u"\\printer.deviceinfo:location", TEXT_OF(BIDI_STRING, "attic"), 0, LOCATION, "attic"},
    {u"" LOCATION, {.dwBidiType = BIDI_INT}, 87, LOCATION, NULL},
    {u"" LOCATION, {.dwBidiType = BIDI_NULL}, 87, LOCATION, NULL},
    {u"" LOCATION, {.dwBidiType = BIDI_BLOB}, 87, LOCATION, NULL},
    {u"" LOCATION, {.dwBidiType = 99}, 87, LOCATION, NULL},
    {u"" LOCATION, {.dwBidiType = BIDI_STRING}, 87, LOCATION, NULL}, /* NULL */
    {u"" STATE, TEXT_OF(BIDI_STRING, "Idle"), 13002, STATE, NULL},
    {u"" MEMORY, {.dwBidiType = BIDI_INT}, 13002, MEMORY, NULL},
    {u"" COLOUR, TEXT_OF(BIDI_STRING, "red"), 0, COLOUR, "red"},
    {u"" COLOUR, {.dwBidiType = BIDI_INT, .u = {.iData = -7}}, 0, COLOUR, "-7"},
    {u"" COLOUR, {.dwBidiType = BIDI_BOOL, .u = {.bData = 5}}, 0, COLOUR, "true"},
    {u"" COLOUR, {.dwBidiType = BIDI_FLOAT}, 87, COLOUR, NULL},
    {u"\\Printer.Maintenance:CleanHead",
     {.dwBidiType = BIDI_BOOL},
     13005,
     "\\Printer.Maintenance:CleanHead",
     "false"},
    {u"\\No.Such:Thing", TEXT_OF(BIDI_STRING, "x"), 13005, "\\No.Such:Thing", NULL},
    {u"\\Printer.DeviceInfo", TEXT_OF(BIDI_STRING, "x"), 13005, "\\Printer.DeviceInfo", NULL},
    {NULL, TEXT_OF(BIDI_STRING, "x"), 87, "", NULL},
};

static void setting(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
        struct ask ask = {.number = 2, .schema = sets[i].schema, .data = sets[i].data};
        PBIDI_RESPONSE_CONTAINER answer;
        trial_reset(values);
        assert_int_equal(trial_run(u"Set", &ask, 1, &answer), sets[i].result ? 13001 : 0);
        trial_expect(answer, 0, sets[i].result, 2, sets[i].name, "");
        trial_free(answer);
        assert_int_equal(trial.sets != 0, sets[i].value != NULL);
        if (sets[i].value)
            assert_string_equal(trial.last_value, sets[i].value);
    }
}

/* Whoever has no function for it can set nothing; what it can get is read-only then. */
static void nothing_can_be_set(void **state)
{
    const struct ask asks[] = {
        {1, u"" COLOUR, TEXT_OF(BIDI_STRING, "x")},
        {2, u"\\No.Such:Thing", TEXT_OF(BIDI_STRING, "x")},
    };
    PBIDI_RESPONSE_CONTAINER answer;
    (void)state;
    trial.without_set = true;
    assert_int_equal(trial_run(u"Set", asks, 2, &answer), 13001);
    trial_expect(answer, 0, 13002, 1, COLOUR, "");
    trial_expect(answer, 1, 13005, 2, "\\No.Such:Thing", "");
    trial_free(answer);
}

static void without_the_right(void **state)
{
    static const struct {
        uint32_t access, code;
    } rights[] = {{0, 5},          {BIDI_ACCESS_USER, 5},          {PRINTER_ACCESS_USE, 5},
                  {0x00020008, 5}, {BIDI_ACCESS_ADMINISTRATOR, 0}, {PRINTER_ACCESS_ADMINISTER, 0},
                  {0x000F000C, 0}};
    struct bidi_source source = trial_source();
    const struct ask ask = {1, u"" LOCATION, TEXT_OF(BIDI_STRING, "x")};
    BIDI_REQUEST_CONTAINER *request = trial_request(&ask, 1);
    (void)state;
    for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++) {
        struct bidi_call call = {rights[i].access, u"Set", request};
        PBIDI_RESPONSE_CONTAINER answer = (void *)request;
        trial.sets = 0;
        assert_int_equal(bidi_run(&source, &trial_memory, &call, &answer), rights[i].code);
        assert_int_equal(answer != NULL, rights[i].code == 0);
        assert_int_equal(trial.sets, rights[i].code == 0);
        trial_free(answer);
        call.action = u"Get"; /* for everybody */
        assert_int_equal(bidi_run(&source, &trial_memory, &call, &answer), 0);
        trial_free(answer);
    }
    free(request);
}

static void arguments(void **state)
{
    const struct {
        BIDI_DATA data;
        uint32_t result;
        const char *argument;
    } given[] = {
        {{.dwBidiType = BIDI_NULL}, 0, ""},
        {{.dwBidiType = BIDI_INT, .u = {.iData = INT32_MIN}}, 0, "-2147483648"},
        {{.dwBidiType = BIDI_BOOL}, 0, "false"},
        {TEXT_OF(BIDI_STRING, "<a/>"), 0, "<a/>"},
        {{.dwBidiType = BIDI_BLOB}, 87, "(none)"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
        struct ask ask = {.number = 1, .schema = u"" STATE, .data = given[i].data};
        PBIDI_RESPONSE_CONTAINER answer;
        strcpy(trial.last_value, "(none)");
        trial_run(u"GetWithArgument", &ask, 1, &answer);
        trial_expect(answer, 0, given[i].result, 1, STATE, given[i].result ? "" : "Idle");
        assert_string_equal(trial.last_value, given[i].argument);
        trial_free(answer);
    }
}

/* Each request has its answers under its number, in the order of the requests, also when numbers
 * come twice (R74). */
static void mixed(void **state)
{
    const struct ask asks[] = {
        {8, u"" STATE, {0}}, {3, u"\\No.Such:Thing", {0}}, {8, u"\\Printer.Status.Summary", {0}},
        {3, NULL, {0}},      {0xFFFFFFFF, u"" BLACK, {0}},
    };
    PBIDI_RESPONSE_CONTAINER answer;
    (void)state;
    assert_int_equal(trial_run(u"Get", asks, 5, &answer), 13001);
    assert_int_equal(answer->Count, 6);
    trial_expect(answer, 0, 0, 8, STATE, "Idle");
    trial_expect(answer, 1, 13005, 3, "\\No.Such:Thing", "");
    trial_expect(answer, 2, 0, 8, STATE, "Idle");
    trial_expect(answer, 3, 0, 8, REASON, "None");
    trial_expect(answer, 4, 87, 3, "", "");
    trial_expect(answer, 5, 0, 0xFFFFFFFF, BLACK, "-1");
    trial_free(answer);
    assert_int_equal(trial.lists, 1);
}

/* A value whose name the list would have had to tell may be there all the same: that is said. */
static void a_device_that_is_away(void **state)
{
    struct ask ask = {.number = 1, .schema = u"\\No.Such:Thing"};
    PBIDI_RESPONSE_CONTAINER answer;
    (void)state;
    trial.list_error = PLATEN_BIDI_DEVICE_OFFLINE;
    assert_int_equal(trial_run(u"Get", &ask, 1, &answer), 13001);
    trial_expect(answer, 0, 13004, 1, "\\No.Such:Thing", "");
    trial_free(answer);
    assert_int_equal(trial_run(u"EnumSchema", NULL, 0, &answer), 0);
    assert_int_equal(answer->Count, LISTED);
    trial_free(answer);
    trial.list_error = PLATEN_NOT_ENOUGH_MEMORY;
    assert_int_equal(trial_run(u"EnumSchema", NULL, 0, &answer), 8);
}

/* Every row of the table, when the source has it: under its name and of its type. */
static void every_row(void **state)
{
    static const char *const texts[] = {
        [BIDI_INT] = "42", [BIDI_BOOL] = "false", [BIDI_STRING] = "some text"};
    const struct bidi_schema *row;
    (void)state;
    for (size_t i = 0; (row = bidi_schema_at(i)) != NULL; i++) {
        struct trial_value one[2] = {{NULL, texts[row->type], 0, false}, {NULL, NULL, 0, false}};
        char name[200];
        char16_t wide[200];
        size_t length = 0;
        for (const char *from = row->name; *from; from++) /* "*" is a word of two letters */
            length +=
                (size_t)snprintf(name + length, 3, "%s", *from == '*' ? "x9" : (char[]){*from, 0});
        platen_text_to16(name, SIZE_MAX, wide, 200);
        one[0].schema = name;
        trial_reset(one);
        PBIDI_RESPONSE_CONTAINER answer;
        assert_int_equal(trial_run(u"Get", &(struct ask){.schema = wide}, 1, &answer), 0);
        trial_expect(answer, 0, 0, 0, name, texts[row->type]);
        assert_int_equal(answer->aData[0].data.dwBidiType, row->type);
        trial_free(answer);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, trial_is_clean)
    const struct CMUnitTest tests[] = {
        TEST(single_entries),  TEST(a_path),  TEST(everything),         TEST(enum_schema),
        TEST(nothing_to_list), TEST(setting), TEST(nothing_can_be_set), TEST(without_the_right),
        TEST(arguments),       TEST(mixed),   TEST(every_row),          TEST(a_device_that_is_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
