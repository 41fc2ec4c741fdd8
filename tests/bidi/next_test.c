/* SPDX-License-Identifier: MIT
 *
 * Two sources, one over the other, as a language monitor stands over a port monitor: what the upper
 * one does not know the lower one is asked, with the caller's own words.
 */
#include "trial.h"

#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#define STATE  "\\Printer.Status.Summary:State"
#define REASON "\\Printer.Status.Summary:StateReason"
#define MODEL  "\\Printer.DeviceInfo:ModelName"
#define THING  "\\Printer.Vendor:Thing"

/* What the lower one knows; the upper one is the trial's. */
static const struct trial_value below[] = {
    {STATE, "Stopped", 0, true},
    {MODEL, "Jet", 0, true},
    {THING, "y", 0, false},
    {NULL, NULL, 0, false},
};
static const struct trial_value above[] = {
    {STATE, "Idle", 0, true},
    {REASON, "None", 0, true},
    {NULL, NULL, 0, false},
};

static struct {
    uint32_t calls, entries, access, error;
    char16_t action[40];
    bool misnumbers;
} lower;

static uint32_t ask_lower(void *context, uint32_t access, const char16_t *action,
                          PBIDI_REQUEST_CONTAINER request, PBIDI_RESPONSE_CONTAINER *answer)
{
    const struct trial_value *kept = trial.values;
    struct bidi_source source = trial_source();
    struct bidi_call call = {access, action, request};
    (void)context;
    lower.calls++;
    lower.access = access;
    lower.entries = request->Count;
    assert_int_equal(request->Version, 1);
    memcpy(lower.action, action, (platen_text_length16(action, 39) + 1) * sizeof(*action));
    *answer = NULL;
    if (lower.error)
        return lower.error;
    trial.values = below;
    uint32_t code = bidi_run(&source, &trial_memory, &call, answer);
    trial.values = kept;
    for (uint32_t i = 0; lower.misnumbers && *answer && i < (*answer)->Count; i++)
        (*answer)->aData[i].dwReqNumber = 12345;
    return code;
}

static int set_up(void **state)
{
    (void)state;
    memset(&lower, 0, sizeof(lower));
    trial_reset(above);
    return 0;
}

static uint32_t run(const char16_t *action, const struct ask *asks, uint32_t count,
                    PBIDI_RESPONSE_CONTAINER *answer)
{
    struct bidi_source source = trial_source();
    BIDI_REQUEST_CONTAINER *request = trial_request(asks, count);
    struct bidi_call call = {BIDI_ACCESS_ADMINISTRATOR, action, request};
    source.next = ask_lower;
    uint32_t code = bidi_run(&source, &trial_memory, &call, answer);
    free(request);
    return code;
}

/* What is known above is not asked below; what is known nowhere has one answer. */
static void single_values(void **state)
{
    const struct ask asks[] = {
        {5, u"" STATE, {0}}, {5, u"" MODEL, {0}}, {6, u"\\No.Such:Thing", {0}}, {7, NULL, {0}}};
    PBIDI_RESPONSE_CONTAINER answer;
    (void)state;
    assert_int_equal(run(u"gEt", asks, 4, &answer), 13001);
    assert_int_equal(answer->Count, 4);
    trial_expect(answer, 0, 0, 5, STATE, "Idle");
    trial_expect(answer, 1, 0, 5, MODEL, "Jet");
    trial_expect(answer, 2, 13005, 6, "\\No.Such:Thing", "");
    trial_expect(answer, 3, 87, 7, "", "");
    trial_free(answer);
    assert_int_equal(lower.calls, 1);
    assert_int_equal(lower.entries, 2);
    assert_memory_equal(lower.action, u"gEt", 8);
    assert_int_equal(lower.access, BIDI_ACCESS_ADMINISTRATOR);
}

static void all_is_known_above(void **state)
{
    const struct ask ask = {5, u"" STATE, {0}};
    PBIDI_RESPONSE_CONTAINER answer;
    (void)state;
    assert_int_equal(run(u"Get", &ask, 1, &answer), 0);
    assert_int_equal(lower.calls, 0);
    trial_free(answer);
}

/* A path is both's; a value that both have is the upper one's. */
static void paths(void **state)
{
    const struct ask ask = {5, u"\\Printer", {0}};
    PBIDI_RESPONSE_CONTAINER answer;
    (void)state;
    assert_int_equal(run(u"GetAll", &ask, 1, &answer), 0);
    assert_int_equal(answer->Count, 4);
    trial_expect(answer, 0, 0, 5, STATE, "Idle");
    trial_expect(answer, 1, 0, 5, REASON, "None");
    trial_expect(answer, 2, 0, 5, MODEL, "Jet");
    trial_expect(answer, 3, 0, 5, THING, "y");
    trial_free(answer);
}

static void lists(void **state)
{
    const struct ask ask = {5, NULL, {0}};
    PBIDI_RESPONSE_CONTAINER answer;
    (void)state;
    for (uint32_t count = 0; count < 2; count++) {
        assert_int_equal(run(u"EnumSchema", &ask, count, &answer), 0);
        assert_int_equal(lower.entries, count);
        assert_int_equal(answer->Count, 4);
        trial_expect(answer, 0, 0, count * 5, "", STATE);
        trial_expect(answer, 3, 0, count * 5, "", THING);
        trial_free(answer);
    }
}

static void setting(void **state)
{
    const struct ask ask = {
        5, u"" THING, {.dwBidiType = BIDI_STRING, .u = {.sData = (LPWSTR)(uintptr_t)u"z"}}};
    PBIDI_RESPONSE_CONTAINER answer;
    (void)state;
    assert_int_equal(run(u"Set", &ask, 1, &answer), 0);
    trial_expect(answer, 0, 0, 5, THING, "");
    assert_string_equal(trial.last_value, "z");
    trial_free(answer);
}

/* A lower one that cannot, or that answers nonsense, is as good as none. */
static void a_bad_lower_one(void **state)
{
    const struct ask asks[] = {{5, u"" STATE, {0}}, {6, u"" MODEL, {0}}};
    PBIDI_RESPONSE_CONTAINER answer;
    (void)state;
    for (int i = 0; i < 2; i++) {
        lower.error = i ? 50 : 0;
        lower.misnumbers = true;
        assert_int_equal(run(u"Get", asks, 2, &answer), 13001);
        assert_int_equal(answer->Count, 2);
        trial_expect(answer, 0, 0, 5, STATE, "Idle");
        trial_expect(answer, 1, 13005, 6, MODEL, "");
        trial_free(answer);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, trial_is_clean)
    const struct CMUnitTest tests[] = {
        TEST(single_values), TEST(all_is_known_above), TEST(paths), TEST(lists),
        TEST(setting),       TEST(a_bad_lower_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
