/* SPDX-License-Identifier: MIT
 *
 * The list of names: a long run of random changes against a model that is too simple to be wrong.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "registry/names.h"

#define THINGS 300

/* The model: things in their order, found by looking at each. */
struct model {
    struct named *items[THINGS];
    uint32_t count;
};

static uint32_t model_find(const struct model *model, const char16_t *name)
{
    uint32_t at = 0;
    while (at < model->count && !platen_text_equal_folded(model->items[at]->name, name)) {
        at++;
    }
    return at;
}

static void model_remove(struct model *model, uint32_t at)
{
    model->count--;
    memmove(model->items + at, model->items + at + 1, (model->count - at) * sizeof *model->items);
}

/* "PORT17" in letters of either case. */
static void make_name(struct dice *dice, char16_t name[8])
{
    static const char16_t letters[2][5] = {u"PORT", u"port"};
    uint32_t number = roll(dice, THINGS);
    for (size_t i = 0; i < 4; i++) {
        name[i] = letters[roll(dice, 2)][i];
    }
    name[4] = (char16_t)(u'0' + number / 100);
    name[5] = (char16_t)(u'0' + number / 10 % 10);
    name[6] = (char16_t)(u'0' + number % 10);
    name[7] = 0;
}

static void same(const struct names *names, const struct model *model)
{
    assert_int_equal(names->count, model->count);
    for (uint32_t i = 0; i < model->count; i++) {
        assert_ptr_equal(names->items[i], model->items[i]);
        assert_int_equal(names->items[i]->index, i);
    }
}

static struct named *make_thing(const char16_t *name)
{
    struct named *thing = calloc(1, sizeof *thing);
    assert_non_null(thing);
    thing->name = platen_text_copy16(name, SIZE_MAX);
    return thing;
}

static void free_thing(struct named *thing)
{
    free(thing->name);
    free(thing);
}

static void one_change(struct dice *dice, struct names *names, struct model *model)
{
    char16_t name[8];
    make_name(dice, name);
    uint32_t at = model_find(model, name);
    struct named *found = reg_names_find(names, name, 7);
    if (at == model->count) {
        assert_null(found);
        found = make_thing(name);
        assert_true(reg_names_add(names, found));
        model->items[model->count++] = found;
        return;
    }
    assert_ptr_equal(found, model->items[at]);
    reg_names_remove(names, found);
    if (roll(dice, 4) == 0) { /* and put back */
        assert_null(reg_names_find(names, name, 7));
        reg_names_restore(names, found);
        return;
    }
    model_remove(model, at);
    free_thing(found);
}

static void random_changes_match_the_model(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct dice dice = {seed * 0x9e3779b97f4a7c15u};
        struct names names = {0};
        struct model model = {.count = 0};
        for (int i = 0; i < 10000; i++) {
            one_change(&dice, &names, &model);
            if (i % 100 == 0) {
                same(&names, &model);
            }
        }
        same(&names, &model);
        for (uint32_t i = 0; i < model.count; i++) {
            assert_ptr_equal(reg_names_find(&names, model.items[i]->name, 7), model.items[i]);
        }
        reg_names_free(&names);
        for (uint32_t i = 0; i < model.count; i++) {
            free_thing(model.items[i]);
        }
    }
}

static void a_name_is_not_its_beginning(void **state)
{
    (void)state;
    struct names names = {0};
    struct named *abc = make_thing(u"abc"), *empty = make_thing(u"");
    assert_null(reg_names_find(&names, u"abc", 3));
    assert_true(reg_names_add(&names, abc));
    assert_null(reg_names_find(&names, u"abcd", 4));
    assert_null(reg_names_find(&names, u"abcd", 2));
    assert_null(reg_names_find(&names, u"", 0));
    assert_ptr_equal(reg_names_find(&names, u"ABCD", 3), abc);
    assert_null(reg_names_find(&names, u"abc\0\0", 5));
    assert_true(reg_names_add(&names, empty));
    assert_ptr_equal(reg_names_find(&names, u"x", 0), empty);
    reg_names_free(&names);
    free_thing(abc);
    free_thing(empty);
}

/* Case is folded by a table that no locale changes, and nothing beyond ASCII equals ASCII. */
static void case_is_folded_beyond_ascii(void **state)
{
    (void)state;
    struct names names = {0};
    struct named *thing = make_thing(u"Ärger \u03c3");
    assert_true(reg_names_add(&names, thing));
    assert_ptr_equal(reg_names_find(&names, u"äRGER \u03a3", 7), thing);
    assert_null(reg_names_find(&names, u"arger \u03a3", 7));
    reg_names_free(&names);
    free_thing(thing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_changes_match_the_model),
        cmocka_unit_test(a_name_is_not_its_beginning),
        cmocka_unit_test(case_is_folded_beyond_ascii),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
