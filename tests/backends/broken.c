/* SPDX-License-Identifier: MIT
 *
 * The laws bite: every broken backend breaks the law that it is there for.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "broken.h"

enum { MOST = 200 };

static const struct broken_set *const sets[] = {&broken_files, &broken_sims};
enum { SETS = sizeof sets / sizeof *sets };

struct trial_case {
    const struct broken_set *set;
    const struct broken *broken;
};

static struct trial_case cases[MOST];
static struct CMUnitTest tests[MOST + 1];
static size_t test_count;

uint32_t broken_no_write(void *state, const void *data, uint32_t size, uint64_t deadline,
                         uint32_t *moved)
{
    (void)state, (void)data, (void)size, (void)deadline, (void)moved;
    return PLATEN_CALL_NOT_IMPLEMENTED;
}

void broken_dawdle(void)
{
    static const uint32_t word;
    uint64_t until = platen_os_now() + AT_ONCE + SECOND / 2;
    while (platen_os_now() < until)
        platen_os_wait(&word, 0, until);
}

#define TAKE(member)                                                                               \
    do {                                                                                           \
        if (with->member)                                                                          \
            spoilt->member = with->member;                                                         \
    } while (0)

static void spoil(struct platen_backend *spoilt, const struct platen_backend *with)
{
    TAKE(size);
    TAKE(name);
    TAKE(summary);
    TAKE(capabilities);
    TAKE(settings);
    TAKE(claims);
    TAKE(check);
    TAKE(enumerate);
    TAKE(open);
    TAKE(start_doc);
    TAKE(write);
    TAKE(read);
    TAKE(end_doc);
    TAKE(cancel);
    TAKE(control);
    TAKE(bidi);
    TAKE(drain);
}

static const struct law *find_law(const char *name)
{
    for (size_t i = 0; i < law_count; i++)
        if (strcmp(laws[i].name, name) == 0)
            return &laws[i];
    return NULL;
}

static void law_complains(void **state)
{
    const struct trial_case *one = *state;
    const struct broken *broken = one->broken;
    const struct law *law = find_law(broken->law);
    struct platen_backend spoilt = **one->set->good;
    char complaint[600];

    assert_non_null(law);
    spoil(&spoilt, &broken->with);
    if (spoilt.write == broken_no_write)
        spoilt.write = NULL;
    judge(law, &spoilt, broken->example ? broken->example : one->set->example, complaint,
          sizeof complaint);
    one->set->forget();
    if (!strstr(complaint, broken->complaint) || !complaint[0])
        fail_msg("the law %s does not say '%s' but '%s'", broken->law, broken->complaint,
                 complaint);
}

static bool is_broken_by(const char *law)
{
    for (size_t i = 0; i < test_count; i++)
        if (cases[i].broken && strcmp(cases[i].broken->law, law) == 0)
            return true;
    return false;
}

static void every_law_bites(void **state)
{
    (void)state;
    for (size_t i = 0; i < law_count; i++)
        if (!is_broken_by(laws[i].name))
            fail_msg("no broken backend breaks the law %s", laws[i].name);
}

static const struct platen_backend *find_backend(const char *name)
{
    for (const struct platen_backend *const *one = platen_backends(); *one; one++)
        if (strcmp((*one)->name, name) == 0)
            return *one;
    abort();
}

static void add_set(const struct broken_set *set)
{
    *set->good = find_backend(set->of);
    for (size_t i = 0; i < set->count && test_count < MOST; i++) {
        struct trial_case *one = &cases[test_count];
        *one = (struct trial_case){set, &set->rows[i]};
        tests[test_count++] = (struct CMUnitTest){
            .name = set->rows[i].name, .test_func = law_complains, .initial_state = one};
    }
}

int main(void)
{
    for (size_t i = 0; i < SETS; i++)
        add_set(sets[i]);
    tests[test_count] = (struct CMUnitTest)cmocka_unit_test(every_law_bites);
    return _cmocka_run_group_tests("laws", tests, test_count + 1, NULL, NULL);
}
