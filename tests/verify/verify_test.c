/* SPDX-License-Identifier: MIT
 *
 * The rules of a spooler, R83 to R120: ours keeps each, and each broken one is caught. With a rule
 * as argument ("R94"): its cases alone.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "rules.h"
#include "stage.h"

static const struct stage_case *const lists[] = {
    stage_init_cases,   stage_store_cases, stage_table_cases,    stage_list_cases,
    stage_open_cases,   stage_job_cases,   stage_write_cases,    stage_trouble_cases,
    stage_lane_cases,   stage_back_cases,  stage_steer_cases,    stage_xcv_cases,
    stage_ports_cases,  stage_data_cases,  stage_language_cases, stage_end_cases,
    stage_module_cases,
};
#define LIST_COUNT (sizeof lists / sizeof *lists)

static struct stage stage; /* too large for a stack */

static void perform(const struct stage_case *scene, const struct stage_break *broken)
{
    stage_open(&stage, scene, broken);
    scene->play(&stage);
    stage_close(&stage);
}

/* Ours: nothing is found. */
static void perform_ours(const struct stage_case *scene)
{
    perform(scene, NULL);
    if (atomic_load(&stage.v.finding_count) != 0)
        fail_msg("R%u (%s): our spooler: R%u: %s", scene->rule, scene->about,
                 stage.v.findings[0].rules[0], stage.v.findings[0].text);
}

/* A broken one: something is found, and the rule's name stands on it. */
static void perform_broken(const struct stage_case *scene, const struct stage_break *broken)
{
    perform(scene, broken);
    if (atomic_load(&stage.v.finding_count) == 0)
        fail_msg("R%u (%s): not caught: %s", scene->rule, scene->about, broken->how);
    if (!verify_names(&stage.v, 0, scene->rule))
        fail_msg("R%u (%s): taken for R%u (%s): %s", scene->rule, scene->about,
                 stage.v.findings[0].rules[0], stage.v.findings[0].text, broken->how);
}

static void rule(void **state)
{
    const struct stage_case *scene = *state;

    perform_ours(scene);
    for (const struct stage_break *broken = scene->breaks; broken->how != NULL; broken++)
        perform_broken(scene, broken);
}

static unsigned cases_of(unsigned number)
{
    unsigned cases = 0;

    for (size_t list = 0; list < LIST_COUNT; list++)
        for (const struct stage_case *scene = lists[list]; scene->rule != 0; scene++)
            if (scene->rule == number && scene->breaks[0].how != NULL)
                cases++;
    return cases;
}

/* By the table of rules itself: a rule of spoolers that is added there is missed here. */
static void every_rule_of_spoolers_has_a_case(void **state)
{
    (void)state;
    for (int i = 0; i < PLATEN_RULES; i++) {
        const struct platen_rule *known = &platen_rules[i];
        if (known->scope == PLATEN_RULE_S && cases_of((unsigned)known->number) == 0)
            fail_msg("%s (%s) has no case with a break", known->id, known->title);
    }
}

static void every_case_has_a_break_and_a_rule_of_spoolers(void **state)
{
    (void)state;
    for (size_t list = 0; list < LIST_COUNT; list++)
        for (const struct stage_case *scene = lists[list]; scene->rule != 0; scene++) {
            assert_in_range(scene->rule, 1, PLATEN_RULES);
            assert_int_equal(platen_rules[scene->rule - 1].scope, PLATEN_RULE_S);
            if (scene->breaks[0].how == NULL)
                fail_msg("R%u (%s) has no break", scene->rule, scene->about);
        }
}

static size_t collect(struct CMUnitTest *tests, const char *only)
{
    static char names[200][96];
    size_t count = 0;

    for (size_t list = 0; list < LIST_COUNT; list++)
        for (const struct stage_case *scene = lists[list]; scene->rule != 0; scene++) {
            char id[16];
            snprintf(id, sizeof id, "R%u", scene->rule);
            if (only != NULL && strcmp(only, id) != 0)
                continue;
            assert_true(count < sizeof names / sizeof *names);
            snprintf(names[count], sizeof names[count], "%s: %s", id, scene->about);
            tests[count] = (struct CMUnitTest){
                .name = names[count], .test_func = rule, .initial_state = (void *)(uintptr_t)scene};
            count++;
        }
    return count;
}

int main(int argc, char **argv)
{
    static struct CMUnitTest tests[202];
    const char *only = argc > 1 ? argv[1] : NULL;
    size_t count = collect(tests, only);

    if (only == NULL) {
        tests[count++] = (struct CMUnitTest)cmocka_unit_test(every_rule_of_spoolers_has_a_case);
        tests[count++] =
            (struct CMUnitTest)cmocka_unit_test(every_case_has_a_break_and_a_rule_of_spoolers);
    }
    return _cmocka_run_group_tests("verify", tests, count, NULL, NULL);
}
