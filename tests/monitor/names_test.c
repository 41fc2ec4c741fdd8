/* SPDX-License-Identifier: MIT
 *
 * The set of names: a long run of random changes against a model that is too simple to be wrong.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

#include <platen/errors.h>

#include "names.h"

#define THINGS 400

/* One name per number; the model is whether it is in. */
struct thing {
    struct name name; /* first, as in what the library keeps */
    char16_t text[8];
    char16_t other[8]; /* the same in other letters */
    bool in;
};

static uint32_t roll(uint64_t *dice, uint32_t sides)
{
    *dice = *dice * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*dice >> 33) % sides;
}

static void make_things(struct thing *things)
{
    for (unsigned i = 0; i < THINGS; i++) {
        char text[8];
        snprintf(text, sizeof(text), "lpt%u", i);
        platen_text_to16(text, SIZE_MAX, things[i].text, 8);
        snprintf(text, sizeof(text), "LpT%u", i);
        platen_text_to16(text, SIZE_MAX, things[i].other, 8);
        things[i].name.text = things[i].text;
        things[i].in = false;
    }
}

static void change(struct names *names, struct thing *thing)
{
    struct name twin = {.text = thing->other};
    if (!thing->in) {
        assert_null(names_find(names, thing->other));
        assert_int_equal(names_add(names, &thing->name), 0);
    } else {
        assert_int_equal(names_add(names, &twin), PLATEN_ALREADY_EXISTS);
        names_remove(names, &thing->name);
    }
    thing->in = !thing->in;
}

static void expect_all(const struct names *names, struct thing *things)
{
    uint32_t count = 0;
    for (unsigned i = 0; i < THINGS; i++) {
        struct name *expected = things[i].in ? &things[i].name : NULL;
        assert_ptr_equal(names_find(names, things[i].text), expected);
        assert_ptr_equal(names_find(names, things[i].other), expected);
        count += things[i].in;
    }
    assert_int_equal(names->count, count);
}

static void random_changes_match_the_model(void **state)
{
    (void)state;
    static struct thing things[THINGS];
    for (uint64_t seed = 1; seed <= 5; seed++) {
        uint64_t dice = seed;
        struct names names = {0};
        make_things(things);
        for (unsigned i = 0; i < 8000; i++) {
            change(&names, &things[roll(&dice, THINGS)]);
            if (i % 50 == 0)
                expect_all(&names, things);
        }
        expect_all(&names, things);
        names_clear(&names);
        assert_null(names_find(&names, things[0].text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_changes_match_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
