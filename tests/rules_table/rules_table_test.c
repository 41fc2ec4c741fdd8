/* SPDX-License-Identifier: MIT */
/* The table of rules is complete and consistent, and its rules are found by their names. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "rules.h"

#define FIRST_SPOOLER_RULE 83

static void rules_are_numbered_from_1_to_120(void **state)
{
    char id[8];

    (void)state;
    assert_int_equal(sizeof platen_rules / sizeof platen_rules[0], 120);
    for (int i = 0; i < PLATEN_RULES; i++) {
        snprintf(id, sizeof id, "R%d", i + 1);
        assert_int_equal(platen_rules[i].number, i + 1);
        assert_string_equal(platen_rules[i].id, id);
    }
}

/* A sentence, or several: something is there, it ends, and nothing hangs over. */
static void assert_sentences(const char *id, const char *text)
{
    size_t length = strlen(text);

    if (length < 8 || text[0] == ' ' || !strchr(".)", text[length - 1]) || strstr(text, "  "))
        fail_msg("%s: \"%s\" is not a sentence", id, text);
}

static void every_rule_has_its_texts(void **state)
{
    (void)state;
    for (int i = 0; i < PLATEN_RULES; i++) {
        const struct platen_rule *rule = &platen_rules[i];

        assert_sentences(rule->id, rule->text);
        assert_sentences(rule->id, rule->test);
        assert_in_range(strlen(rule->title), 8, 80);
        assert_int_not_equal(rule->title[strlen(rule->title) - 1], '.');
        assert_non_null(rule->known);
    }
}

static void titles_are_unique(void **state)
{
    (void)state;
    for (int i = 0; i < PLATEN_RULES; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(platen_rules[i].title, platen_rules[j].title);
}

static void severities_scopes_and_groups_are_valid(void **state)
{
    (void)state;
    for (int i = 0; i < PLATEN_RULES; i++) {
        const struct platen_rule *rule = &platen_rules[i];

        assert_true(rule->severity == PLATEN_RULE_MUST || rule->severity == PLATEN_RULE_SHOULD);
        assert_in_range(rule->scope, PLATEN_RULE_P, PLATEN_RULE_S);
        assert_in_range(rule->group, 0, PLATEN_RULE_GROUPS - 1);
        assert_int_equal(rule->group == PLATEN_RULE_GROUP_LANGUAGE, rule->scope == PLATEN_RULE_L);
    }
}

static void rules_of_the_spooler_begin_at_83(void **state)
{
    (void)state;
    for (int i = 0; i < PLATEN_RULES; i++) {
        const struct platen_rule *rule = &platen_rules[i];
        int spooler = rule->number >= FIRST_SPOOLER_RULE;

        assert_int_equal(rule->scope == PLATEN_RULE_S, spooler);
        assert_int_equal(rule->group == PLATEN_RULE_GROUP_SPOOLER, spooler);
        assert_int_equal((rule->needs & PLATEN_NEED_VERIFIER) != 0, spooler);
    }
}

static void every_group_has_a_rule(void **state)
{
    int rules[PLATEN_RULE_GROUPS] = {0};

    (void)state;
    for (int i = 0; i < PLATEN_RULES; i++)
        rules[platen_rules[i].group]++;
    for (int i = 0; i < PLATEN_RULE_GROUPS; i++)
        if (rules[i] == 0)
            fail_msg("group %s has no rule", platen_rule_groups[i].name);
}

static void needs_are_known_and_needed(void **state)
{
    const uint32_t known = ((uint32_t)1 << PLATEN_RULE_NEEDS) - 1;
    uint32_t needed = 0;

    (void)state;
    assert_true(PLATEN_RULE_NEEDS < 31); /* PLATEN_NEED_ values are ints */
    for (int i = 0; i < PLATEN_RULES; i++)
        needed |= platen_rules[i].needs;
    assert_int_equal(needed, known);
}

static int in_legend(const char *tag, size_t length)
{
    for (const struct platen_rule_word *word = platen_rule_sources; word->name; word++)
        if (strlen(word->name) == length && memcmp(word->name, tag, length) == 0)
            return 1;
    return 0;
}

/* Sources are "[TAG]", "[TAG:page]" or "[TAG n]", each tag explained in the legend. */
static void sources_are_in_the_legend(void **state)
{
    (void)state;
    for (int i = 0; i < PLATEN_RULES; i++) {
        const char *at = platen_rules[i].sources;

        assert_int_equal(*at, '[');
        for (; at; at = strchr(at + 1, '[')) {
            size_t length = strcspn(at + 1, "]: ");

            if (!strchr(at, ']') || !in_legend(at + 1, length))
                fail_msg("%s: source %.12s is not explained", platen_rules[i].id, at);
        }
    }
}

static void every_rule_is_found_by_its_three_names(void **state)
{
    char lower[8];

    (void)state;
    for (int i = 0; i < PLATEN_RULES; i++) {
        const struct platen_rule *rule = &platen_rules[i];

        snprintf(lower, sizeof lower, "r%d", rule->number);
        assert_ptr_equal(platen_rule_find(rule->id), rule);
        assert_ptr_equal(platen_rule_find(lower), rule);
        assert_ptr_equal(platen_rule_find(lower + 1), rule);
    }
}

static void what_is_no_rule_is_not_found(void **state)
{
    static const char *const wrong[] = {
        "",   "R",   "R0",  "0",   "R121", "999", "1000", "R1000",       "12x",
        "Rx", "RR1", " 12", "12 ", "-1",   "R-1", "+1",   "R4294967297", "enum",
    };

    (void)state;
    assert_null(platen_rule_find(NULL));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (platen_rule_find(wrong[i]))
            fail_msg("\"%s\" was found", wrong[i]);
}

static void groups_are_found_by_name(void **state)
{
    (void)state;
    for (int i = 0; i < PLATEN_RULE_GROUPS; i++)
        assert_int_equal(platen_rule_group_find(platen_rule_groups[i].name), i);
    assert_int_equal(platen_rule_group_find("nosuch"), PLATEN_RULE_GROUPS);
    assert_int_equal(platen_rule_group_find(""), PLATEN_RULE_GROUPS);
    assert_int_equal(platen_rule_group_find(NULL), PLATEN_RULE_GROUPS);
}

static void enumerations_have_names(void **state)
{
    (void)state;
    assert_string_equal(platen_rule_severity_name(PLATEN_RULE_MUST), "MUST");
    assert_string_equal(platen_rule_severity_name(PLATEN_RULE_SHOULD), "SHOULD");
    assert_string_equal(platen_rule_scope_name(PLATEN_RULE_P), "P");
    assert_string_equal(platen_rule_scope_name(PLATEN_RULE_L), "L");
    assert_string_equal(platen_rule_scope_name(PLATEN_RULE_PL), "PL");
    assert_string_equal(platen_rule_scope_name(PLATEN_RULE_S), "S");
}

/* One rule read back whole, so that no two columns of the table can have changed places. */
static void a_rule_has_its_columns_in_place(void **state)
{
    const struct platen_rule *rule = platen_rule_find("R16");

    (void)state;
    assert_int_equal(rule->severity, PLATEN_RULE_MUST);
    assert_int_equal(rule->scope, PLATEN_RULE_P);
    assert_int_equal(rule->group, PLATEN_RULE_GROUP_ENUM);
    assert_string_equal(rule->title, "Level 2 tells the same ports in full");
    assert_non_null(strstr(rule->text, "pDescription"));
    assert_string_equal(rule->test, "Compare the two levels.");
    assert_string_equal(rule->sources, "[MON] [LM:util.c]");
    assert_int_equal(rule->needs, PLATEN_NEED_PORTS | PLATEN_NEED_LEVEL_2);
    assert_string_equal(rule->known, "");
    assert_string_equal(platen_rule_needs[PLATEN_RULE_NEED_INDEX_LEVEL_2].name, "LEVEL_2");
    assert_string_equal(platen_rule_find("R15")->known, "ReactOS");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_are_numbered_from_1_to_120),
        cmocka_unit_test(every_rule_has_its_texts),
        cmocka_unit_test(titles_are_unique),
        cmocka_unit_test(severities_scopes_and_groups_are_valid),
        cmocka_unit_test(rules_of_the_spooler_begin_at_83),
        cmocka_unit_test(every_group_has_a_rule),
        cmocka_unit_test(needs_are_known_and_needed),
        cmocka_unit_test(sources_are_in_the_legend),
        cmocka_unit_test(every_rule_is_found_by_its_three_names),
        cmocka_unit_test(what_is_no_rule_is_not_found),
        cmocka_unit_test(groups_are_found_by_name),
        cmocka_unit_test(enumerations_have_names),
        cmocka_unit_test(a_rule_has_its_columns_in_place),
    };

    return cmocka_run_group_tests_name("rules-table", tests, NULL, NULL);
}
