/* SPDX-License-Identifier: MIT
 *
 * The n-th allocation of the provider fails, and all later ones, or only that one: it says so,
 * keeps nothing wrong, and knows everything again as soon as there is memory. net-snmp's own are
 * not touched.
 */
#include "trial.h"

#include <stdlib.h>
#include <string.h>

#define LEVEL "\\Printer.Consumables.BlackToner:Level"

/* Of this thread alone: the agent has all it wants. */
static _Thread_local long countdown; /* 0: nothing fails */
static _Thread_local bool for_good, failed;

static bool fails(void)
{
    if (countdown == 0)
        return false;
    if (countdown > 1) {
        countdown--;
        return false;
    }
    if (!for_good)
        countdown = 0;
    failed = true;
    return true;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

static struct trial trial;

/* How the value came out without that memory; a value that is told is right. */
static bool try_without(long n, bool all)
{
    char text[100] = "";
    uint32_t error;

    trial_reopen(&trial, "127.0.0.1", "public", 1);
    countdown = n;
    for_good = all;
    failed = false;
    error = trial_get(&trial, LEVEL, text, sizeof text, 20 * SECOND);
    countdown = 0;
    if (!error)
        assert_string_equal(text, "50");
    else
        assert_int_equal(error, PLATEN_NOT_ENOUGH_MEMORY);
    if (failed)
        assert_int_not_equal(error, 0);
    return failed;
}

static void every_allocation(void **state)
{
    (void)state;
    trial_begin(&trial);
    for (int all = 0; all < 2; all++) {
        long n = 1;
        while (try_without(n, all != 0))
            n++;
        assert_true(n > 50 && n < 5000);
    }
    trial_end(&trial);
}

/* With the same provider: what was lacking is asked for again. */
static void memory_again(void **state)
{
    char text[100];
    (void)state;
    trial_begin(&trial);
    countdown = 40;
    for_good = true;
    assert_int_not_equal(trial_get(&trial, LEVEL, text, sizeof text, 20 * SECOND), 0);
    countdown = 0;
    trial_expect(&trial, "\\Printer.Configuration.Memory:Size", "524288");
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation),
        cmocka_unit_test(memory_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
