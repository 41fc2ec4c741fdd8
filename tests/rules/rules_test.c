/* SPDX-License-Identifier: MIT
 *
 * Runs every case: our monitor keeps the rule, and each broken one is caught.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trial.h"

static const struct trial_case *const lists[] = {
    trial_load_cases,    trial_init_cases,   trial_store_cases,    trial_damage_cases,
    trial_enum_cases,    trial_list_cases,   trial_pack_cases,     trial_stall_cases,
    trial_open_cases,    trial_port_cases,   trial_job_cases,      trial_data_cases,
    trial_read_cases,    trial_end_cases,    trial_xcv_cases,      trial_manage_cases,
    trial_hostile_cases, trial_handle_cases, trial_shutdown_cases,
};
#define LIST_COUNT (sizeof lists / sizeof *lists)

/* What the project claims to keep so far: the rules of a port monitor without IOCTLs and bidi. */
static bool claimed(int rule)
{
    return (rule >= 1 && rule <= 55) || (rule >= 60 && rule <= 71) || rule == 77;
}

static const char *only; /* a rule from the command line: just its cases */

static void run(const struct trial_case *test, const struct trial_break *how, char *breach,
                size_t size)
{
    static struct trial trial;
    trial_begin(&trial, test, how);
    if (trial.breach[0] == '\0') {
        test->probe(&trial);
    }
    snprintf(breach, size, "%s", trial.breach);
    trial_end(&trial);
}

static void run_case(const struct trial_case *test)
{
    char breach[512];
    run(test, NULL, breach, sizeof breach);
    if (breach[0] != '\0') {
        fail_msg("%s (%s): our monitor: %s", test->rule, test->about, breach);
    }
    for (const struct trial_break *how = test->breaks; how->how != NULL; how++) {
        run(test, how, breach, sizeof breach);
        if (breach[0] == '\0') {
            fail_msg("%s (%s): not caught: %s", test->rule, test->about, how->how);
        }
    }
}

static void rule(void **state)
{
    run_case(*state);
}

static void every_rule_has_a_case(void **state)
{
    (void)state;
    for (int number = 1; number <= 120; number++) {
        char name[8];
        unsigned cases = 0;
        snprintf(name, sizeof name, "R%d", number);
        for (size_t list = 0; list < LIST_COUNT; list++) {
            for (const struct trial_case *test = lists[list]; test->rule != NULL; test++) {
                if (strcmp(test->rule, name) == 0) {
                    assert_non_null(test->breaks[0].how);
                    cases++;
                }
            }
        }
        if (claimed(number) && cases == 0) {
            fail_msg("%s is claimed and has no case", name);
        }
    }
}

static size_t collect(struct CMUnitTest *tests)
{
    static char names[400][96];
    size_t count = 0;
    for (size_t list = 0; list < LIST_COUNT; list++) {
        for (const struct trial_case *test = lists[list]; test->rule != NULL; test++) {
            if (only != NULL && strcmp(only, test->rule) != 0) {
                continue;
            }
            snprintf(names[count], sizeof names[count], "%s: %s", test->rule, test->about);
            tests[count] = (struct CMUnitTest){
                .name = names[count], .test_func = rule, .initial_state = (void *)(uintptr_t)test};
            count++;
        }
    }
    return count;
}

int main(int argc, char **argv)
{
    static struct CMUnitTest tests[401];
    only = argc > 1 ? argv[1] : NULL;
    size_t count = collect(tests);
    if (only == NULL) {
        tests[count++] = (struct CMUnitTest){.name = "every rule has a case",
                                             .test_func = every_rule_has_a_case};
    }
    return _cmocka_run_group_tests("rules", tests, count, NULL, NULL);
}
