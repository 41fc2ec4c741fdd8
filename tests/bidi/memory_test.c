/* SPDX-License-Identifier: MIT
 *
 * Every allocation of a call fails, once and from then on: the call says so, hands nothing over and
 * keeps nothing. Linked with --wrap, so that the library's allocations and the Router's come
 * through here.
 */
#include "trial.h"

#include <stdlib.h>

static int countdown; /* the allocation that fails: 1 is the next; 0: none */
static bool for_good; /* and all after it */
static int failures;  /* that there were */
static bool reached;  /* the last call came to the allocation that was to fail */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static bool fails(void)
{
    if (countdown == 0 || (countdown > 1 && --countdown > 0))
        return false;
    countdown = for_good;
    failures++;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return fails() ? NULL : __real_realloc(memory, size);
}

static const struct trial_value values[] = {
    {"\\Printer.Status.Summary:State", "Idle", 0, true},
    {"\\Printer.Consumables.Black:Level", "50", 0, true},
    {"\\Printer.Vendor:Thing", "x", 0, false},
    {NULL, NULL, 0, false},
};

/* The lower one of two: the same source, without another below it. */
static uint32_t ask_lower(void *context, uint32_t access, const char16_t *action,
                          PBIDI_REQUEST_CONTAINER request, PBIDI_RESPONSE_CONTAINER *answer)
{
    struct bidi_source source = trial_source();
    struct bidi_call call = {access, action, request};
    (void)context;
    return bidi_run(&source, &trial_memory, &call, answer);
}

static uint32_t run(const char16_t *action, const BIDI_REQUEST_CONTAINER *request, bool stacked,
                    int n)
{
    struct bidi_source source = trial_source();
    struct bidi_call call = {BIDI_ACCESS_ADMINISTRATOR, action, request};
    PBIDI_RESPONSE_CONTAINER answer;
    source.next = stacked ? ask_lower : NULL;
    countdown = n;
    failures = 0;
    uint32_t code = bidi_run(&source, &trial_memory, &call, &answer);
    reached = failures > 0;
    countdown = 0;
    assert_int_equal(answer != NULL, code == 0 || code == 13001);
    trial_free(answer);
    assert_int_equal(trial.blocks, 0);
    assert_int_equal(trial.containers, 0);
    return code;
}

/* The n-th allocation fails, for n from the first to one too many. What fails below another source
 * may be one that the call does without. */
static void sweep(const char16_t *action, const struct ask *asks, uint32_t count, bool stacked)
{
    BIDI_REQUEST_CONTAINER *request = trial_request(asks, count);
    int failed = 0;
    for (int n = 1; n < 500; n++) {
        uint32_t code = run(action, request, stacked, n);
        if (!reached)
            break;
        if (!stacked)
            assert_int_equal(code, 8);
        failed += code == 8;
    }
    free(request);
    assert_in_range(failed, 4, 400);
}

static void each(void **state)
{
    static const char16_t *const actions[] = {u"EnumSchema", u"Get", u"GetAll", u"Set",
                                              u"GetWithArgument"};
    const BIDI_DATA text = {.dwBidiType = BIDI_STRING, .u = {.sData = (LPWSTR)(uintptr_t)u"y"}};
    const struct ask asks[] = {{1, u"\\Printer.Status.Summary:State", text},
                               {2, u"\\Printer", text},
                               {3, u"\\Printer.Vendor:Thing", text},
                               {4, u"\\No.Such:Thing", text}};
    (void)state;
    trial_reset(values);
    for (int mode = 0; mode < 4; mode++)
        for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
            for_good = mode & 1;
            sweep(actions[i], asks, 4, mode & 2);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(each, trial_is_clean)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
