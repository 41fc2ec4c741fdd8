/* SPDX-License-Identifier: MIT
 *
 * What a trace writes, a script reads: print -> read -> build -> print is the same line, for every
 * slot and every kind of argument, and what came back fits its own text.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/match.h"
#include "chance.h"
#include "random.h"

#define LINE_SIZE (256u << 10)

static char first[LINE_SIZE], second[LINE_SIZE];
static struct platen_words *words;
static struct platen_built *built;
static struct platen_matcher *matcher;
static struct chance *chance;
static struct platen_lane lane = {.name = "LPT1:"};
static uint64_t seed;

static int setup(void **state)
{
    (void)state;
    seed = test_seed();
    words = platen_words_new();
    built = platen_built_new();
    matcher = platen_matcher_new();
    chance = chance_new(seed);
    return words == NULL || built == NULL || matcher == NULL;
}

static int teardown(void **state)
{
    (void)state;
    platen_words_free(words);
    platen_built_free(built);
    platen_matcher_free(matcher);
    chance_free(chance);
    return 0;
}

/* Builds the call of a line's left side again. */
static void rebuild(struct platen_line *line, struct platen_call *call)
{
    struct platen_statement statement;
    struct platen_text_error error = {.line = 0};
    if (!platen_words_read(words, first, strlen(first), 1, line, &error)) {
        fail_msg("seed %llu: %u: %s\n%s", (unsigned long long)seed, error.column, error.what,
                 first);
    }
    platen_statement_find(line, NULL, &statement);
    assert_int_not_equal(statement.slot, PLATEN_SLOT_COUNT);
    assert_non_null(statement.lane);
    if (!platen_build(built, statement.slot, statement.arguments, &chance_names, call, &error)) {
        fail_msg("seed %llu: %u: %s\n%s", (unsigned long long)seed, error.column, error.what,
                 first);
    }
    call->lane = &lane;
    call->depth = statement.depth;
}

/* As if the call had been made, and had come to the same end. */
static void finish_as(struct platen_call *call, const struct platen_call *model)
{
    struct platen_slot_info slot = platen_slot_info(call->slot);
    for (unsigned i = 0; i < slot.arg_count; i++) {
        const struct platen_arg_info *arg = &slot.args[i];
        if (arg->direction != PLATEN_IN) {
            assert_int_equal(platen_call_arg(call, arg) != 0, platen_call_arg(model, arg) != 0);
            memcpy((unsigned char *)&call->args + arg->offset,
                   (const unsigned char *)&model->args + arg->offset, arg->width);
        }
    }
    call->result = model->result;
    call->last_error = model->last_error;
    call->begin = model->begin;
    call->end = model->end;
}

static void print(const struct platen_call *call, const struct platen_call_form *form, char *to)
{
    size_t length = platen_call_print(call, form, to, LINE_SIZE);
    assert_true(length < LINE_SIZE);
    for (size_t i = 0; i < length; i++) {
        assert_true((unsigned char)to[i] >= ' ' && to[i] != 0x7f);
    }
}

static void fits_itself(const struct platen_line *line, const struct platen_call *call,
                        const struct platen_call_form *form)
{
    const struct platen_match_form match = {.names = &chance_names, .print = form};
    const struct platen_difference *list;
    struct platen_statement statement;
    struct platen_text_error error;
    if (!platen_match_check(call->slot, line->right, &error)) {
        fail_msg("seed %llu: %s\n%s", (unsigned long long)seed, error.what, first);
    }
    if (platen_match(matcher, line->right, call, &match, &list) != 0) {
        fail_msg("seed %llu: %s: %s, not %s\n%s", (unsigned long long)seed, list->name, list->got,
                 list->expected, first);
    }
    platen_statement_find(line, NULL, &statement);
    if (platen_match_left(matcher, statement.arguments, call, &match, &list) != 0) {
        fail_msg("seed %llu: %s: %s, not %s\n%s", (unsigned long long)seed, list->name, list->got,
                 list->expected, first);
    }
}

static void goes_round(enum platen_slot slot)
{
    struct platen_call call, again;
    struct platen_call_form form;
    struct platen_line line;
    chance_call(chance, slot, &call);
    chance_form(chance, &form);
    call.lane = &lane;
    call.depth = chance_below(chance, 4);
    call.begin = chance_below(chance, 1000000);
    call.end = call.begin + chance_below(chance, 1000000);
    print(&call, &form, first);
    rebuild(&line, &again);
    finish_as(&again, &call);
    print(&again, &form, second);
    assert_string_equal(first, second);
    fits_itself(&line, &call, &form);
    form.entering = true;
    print(&call, &form, second);
    assert_memory_equal(first, second, strlen(second) - 1);
    assert_int_equal(platen_built_after(built, NULL), 0);
}

static void every_slot_goes_round(void **state)
{
    (void)state;
    for (unsigned round = test_rounds(600); round > 0; round--) {
        for (unsigned slot = 0; slot < PLATEN_SLOT_COUNT; slot++) {
            goes_round((enum platen_slot)slot);
        }
    }
    for (unsigned kind = 0; kind < PLATEN_KINDS; kind++) {
        if (!chance_kinds[kind]) {
            fail_msg("never made: %s", platen_kind_text((enum platen_kind)kind));
        }
    }
}

/* A line in which one byte was changed, left out or doubled is read, or refused: nothing else. */
static void damaged_lines_do_no_harm(void **state)
{
    (void)state;
    struct platen_text_error error;
    struct platen_line line;
    struct platen_statement statement;
    struct platen_call call, again;
    struct platen_call_form form;
    unsigned made = 0;
    for (unsigned round = test_rounds(20000); round > 0; round--) {
        chance_call(chance, (enum platen_slot)chance_below(chance, PLATEN_SLOT_COUNT), &call);
        chance_form(chance, &form);
        print(&call, &form, first);
        size_t length = strlen(first);
        for (uint32_t times = 1 + chance_below(chance, 3); times > 0; times--) {
            size_t at = chance_below(chance, (uint32_t)length);
            first[at] = "\"\\{}[]|!=~$@.#0 x"[chance_below(chance, 17)];
        }
        if (!platen_words_read(words, first, length, 1, &line, &error)) {
            continue;
        }
        platen_statement_find(&line, NULL, &statement);
        if (statement.slot == PLATEN_SLOT_COUNT) {
            continue;
        }
        (void)platen_match_check(statement.slot, line.right, &error);
        if (platen_build(built, statement.slot, statement.arguments, &chance_names, &again,
                         &error)) {
            made++;
            (void)platen_call_print(&again, &form, second, LINE_SIZE);
            (void)platen_match(matcher, line.right, &again, NULL, NULL);
            (void)platen_match_left(matcher, statement.arguments, &again, NULL, NULL);
            (void)platen_built_after(built, NULL);
        }
    }
    assert_true(made > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_slot_goes_round),
        cmocka_unit_test(damaged_lines_do_no_harm),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
