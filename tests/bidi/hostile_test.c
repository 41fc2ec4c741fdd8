/* SPDX-License-Identifier: MIT
 *
 * Requests that are wrong on purpose, and such as are merely large.
 */
#include "trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#define STATE "\\Printer.Status.Summary:State"

static const struct trial_value values[] = {
    {STATE, "Idle", 0, true},
    {"\\Printer.Status.Summary:StateReason", "None", 0, true},
    {"\\Printer.Vendor:Thing", "x", 0, false},
    {NULL, NULL, 0, false},
};

static int set_up(void **state)
{
    (void)state;
    trial_reset(values);
    return 0;
}

static uint32_t run(const char16_t *action, const void *request)
{
    struct bidi_source source = trial_source();
    struct bidi_call call = {BIDI_ACCESS_ADMINISTRATOR, action, request};
    PBIDI_RESPONSE_CONTAINER answer = (PBIDI_RESPONSE_CONTAINER)&call;
    uint32_t code = bidi_run(&source, &trial_memory, &call, &answer);
    assert_int_equal(answer != NULL, code == 0 || code == 13001);
    trial_free(answer);
    return code;
}

static void actions(void **state)
{
    static const char16_t *const wrong[] = {u"",        u"Ge",       u"Gett",   u"Get ",
                                            u"GetAllX", u"G\u00e9t", u"\xd800", u"enum schema"};
    BIDI_REQUEST_CONTAINER *request = trial_request(&(struct ask){.schema = u"" STATE}, 1);
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_int_equal(run(wrong[i], request), 50); /* R72 */
    assert_int_equal(run(NULL, request), 87);
    free(request);
}

static void containers(void **state)
{
    static const char16_t *const all[] = {u"Get", u"GetAll", u"GetWithArgument", u"Set"};
    BIDI_REQUEST_CONTAINER *none = trial_request(NULL, 0);
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(run(all[i], NULL), 87);
        assert_int_equal(run(all[i], none), 87);
    }
    assert_int_equal(run(u"EnumSchema", NULL), 87);
    free(none);
}

/* A Count beyond all sense is refused before anything behind it is looked at. */
static void counts(void **state)
{
    static const uint32_t most[] = {BIDI_MOST_REQUESTS + 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};
    BIDI_REQUEST_CONTAINER *request = trial_request(&(struct ask){.schema = u"" STATE}, 1);
    (void)state;
    for (size_t i = 0; i < sizeof(most) / sizeof(most[0]); i++) {
        memcpy((char *)request + offsetof(BIDI_REQUEST_CONTAINER, Count), &most[i], 4);
        assert_int_equal(run(u"Get", request), 87);
        assert_int_equal(run(u"EnumSchema", request), 87);
    }
    free(request);
}

static char16_t *repeated(const char16_t *begin, char16_t unit, size_t units)
{
    char16_t *text = malloc((units + 1) * sizeof(*text));
    size_t i = 0;
    assert_non_null(text);
    for (; begin[i]; i++)
        text[i] = begin[i];
    for (; i < units; i++)
        text[i] = unit;
    text[units] = 0;
    return text;
}

/* Names of every length around the limit, of one, two and three bytes a unit; no byte behind them
 * is read. */
static void long_names(void **state)
{
    static const size_t lengths[] = {9, 254, 255, 256, 509, 510, 511, 512, 513, 4000, 65535};
    static const char16_t units[] = {u'a', u'.', u'\u00e4', u'\u20ac', 0xD83D};
    (void)state;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
        for (size_t k = 0; k < sizeof(units) / sizeof(units[0]); k++) {
            char16_t *name = repeated(u"\\Printer", units[k], lengths[i]);
            struct ask ask = {.number = 1, .schema = name};
            PBIDI_RESPONSE_CONTAINER answer;
            assert_int_equal(trial_run(u"Get", &ask, 1, &answer), 13001);
            assert_int_equal(answer->Count, 1);
            assert_int_equal(answer->aData[0].dwResult, 13005);
            trial_free(answer);
            free(name);
        }
}

static void long_values(void **state)
{
    static const struct {
        size_t units;
        uint32_t result;
    } lengths[] = {{0, 0}, {1, 0}, {8191, 0}, {8192, 87}, {8193, 87}, {100000, 87}};
    (void)state;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        char16_t *value = repeated(u"", u'v', lengths[i].units);
        struct ask ask = {.schema = u"\\Printer.Vendor:Thing",
                          .data = {.dwBidiType = BIDI_STRING, .u = {.sData = (LPWSTR)value}}};
        PBIDI_RESPONSE_CONTAINER answer;
        trial_run(u"Set", &ask, 1, &answer);
        assert_int_equal(answer->aData[0].dwResult, lengths[i].result);
        if (!lengths[i].result)
            assert_int_equal(strlen(trial.last_value), lengths[i].units);
        trial_free(answer);
        free(value);
    }
}

/* Texts without an end: no more is read of them than a good one could have. */
static void unterminated(void **state)
{
    static const char16_t units[] = {u'a', u'\u20ac', 0xD83D};
    (void)state;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        char16_t *name = malloc(BIDI_SCHEMA_BYTES * sizeof(*name));
        char16_t *value = malloc(BIDI_VALUE_BYTES * sizeof(*value));
        for (size_t k = 0; k < BIDI_VALUE_BYTES; k++)
            value[k] = units[i];
        memcpy(name, value, BIDI_SCHEMA_BYTES * sizeof(*name));
        struct ask asks[] = {{1, name, {0}}, {2, u"\\Printer.Vendor:Thing", {0}}};
        asks[1].data.dwBidiType = BIDI_STRING;
        asks[1].data.u.sData = (LPWSTR)value;
        PBIDI_RESPONSE_CONTAINER answer;
        assert_int_equal(trial_run(u"Set", asks, 2, &answer), 13001);
        assert_int_equal(answer->aData[0].dwResult, 13005);
        assert_int_equal(answer->aData[1].dwResult, 87);
        trial_free(answer);
        free(value);
        free(name);
    }
}

/* The whole request, its texts and its values at odd addresses. */
static void unaligned(void **state)
{
    static const char16_t schema[] = u"\\Printer.Vendor:Thing", value[] = u"new";
    char texts[2][1 + sizeof(schema)];
    struct ask ask = {.number = 4, .data = {.dwBidiType = BIDI_STRING}};
    (void)state;
    memcpy(texts[0] + 1, schema, sizeof(schema));
    memcpy(texts[1] + 1, value, sizeof(value));
    ask.schema = (const char16_t *)(const void *)(texts[0] + 1);
    ask.data.u.sData = (LPWSTR)(void *)(texts[1] + 1);
    BIDI_REQUEST_CONTAINER *request = trial_request(&ask, 1);
    char *odd = malloc(1 + sizeof(*request));
    memcpy(odd + 1, request, sizeof(*request));
    assert_int_equal(run(u"Set", odd + 1), 0);
    assert_string_equal(trial.last_value, "new");
    assert_int_equal(run(u"Get", odd + 1), 0);
    assert_int_equal(run(u"EnumSchema", odd + 1), 0);
    free(odd);
    free(request);
}

/* Thousands of entries: each has its answer, and the device is listed once. */
static void thousands(void **state)
{
    enum { COUNT = 20000 };
    static struct ask asks[COUNT];
    PBIDI_RESPONSE_CONTAINER answer;
    (void)state;
    for (uint32_t i = 0; i < COUNT; i++) {
        asks[i].number = i * 7919;
        asks[i].schema = i % 3 == 0 ? u"" STATE : i % 3 == 1 ? u"\\No.Such:Thing" : u"\\Printer";
    }
    assert_int_equal(trial_run(u"GetAll", asks, COUNT, &answer), 13001);
    uint32_t row = 0;
    for (uint32_t i = 0; i < COUNT; i++)
        for (uint32_t rows = i % 3 == 2 ? 3 : 1; rows > 0; rows--, row++) {
            assert_int_equal(answer->aData[row].dwReqNumber, i * 7919);
            assert_int_equal(answer->aData[row].dwResult, i % 3 == 1 ? 13005 : 0);
        }
    assert_int_equal(answer->Count, row);
    trial_free(answer);
    assert_int_equal(trial.lists, 1);
}

/* More answers than anybody could want are want of memory, and all of them are given back. */
static void too_many_answers(void **state)
{
    enum { COUNT = BIDI_MOST_REQUESTS, LISTED = 17 };
    static struct ask asks[COUNT];
    static struct trial_value many[LISTED + 1];
    static char names[LISTED][40];
    PBIDI_RESPONSE_CONTAINER answer;
    (void)state;
    if (getenv("PLATEN_SLOW")) /* a million allocations: the sanitizers see them in every run */
        return;
    for (int i = 0; i < LISTED; i++) {
        snprintf(names[i], sizeof(names[i]), "\\Printer.Vendor:N%d", i);
        many[i] = (struct trial_value){names[i], "1", 0, false};
    }
    trial_reset(many);
    assert_int_equal(trial_run(u"EnumSchema", asks, COUNT, &answer), 8);
    assert_int_equal(trial.blocks, 0);
    assert_in_range(trial.made, 1, BIDI_MOST_ANSWERS + 1);
}

/* A device may list what it likes: only names count, each once, and not without end. */
static void a_list_without_end(void **state)
{
    enum { COUNT = 10000 };
    static struct trial_value many[COUNT + 3];
    static char names[COUNT][40];
    static char endless[700];
    PBIDI_RESPONSE_CONTAINER answer;
    (void)state;
    memset(endless, 'x', sizeof(endless) - 1);
    memcpy(endless, "\\Printer:", 9);
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof(names[i]), "\\Printer.Vendor:N%d", i);
        many[i] = (struct trial_value){names[i], "1", 0, false};
    }
    many[0].schema = endless;
    many[1].schema = "\\PRINTER.VENDOR:n2";
    trial_reset(many);
    assert_int_equal(trial_run(u"EnumSchema", NULL, 0, &answer), 0);
    assert_in_range(answer->Count, 1000, 5000);
    trial_expect(answer, 0, 0, 0, "", "\\PRINTER.VENDOR:n2");
    trial_expect(answer, 1, 0, 0, "", "\\Printer.Vendor:N3");
    trial_free(answer);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, trial_is_clean)
    const struct CMUnitTest tests[] = {
        TEST(actions),      TEST(containers),       TEST(counts),
        TEST(long_names),   TEST(long_values),      TEST(unaligned),
        TEST(thousands),    TEST(too_many_answers), TEST(a_list_without_end),
        TEST(unterminated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
