/* SPDX-License-Identifier: MIT
 *
 * Every law for every port that every backend gives as its example. A new backend is tested by its
 * line in backends.def.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "laws.h"

enum { MOST = 2000 };

struct trial_case {
    const struct law *law;
    const struct platen_backend *backend;
    char example[200];
    char name[300];
};

static struct trial_case cases[MOST];
static struct CMUnitTest tests[MOST];
static size_t test_count;

static void keeps_the_law(void **state)
{
    const struct trial_case *one = *state;
    char complaint[600];

    judge(one->law, one->backend, one->example, complaint, sizeof complaint);
    if (complaint[0])
        fail_msg("%s: %s\n  the law: %s", one->name, complaint, one->law->demand);
}

static void add_case(const struct law *law, const struct platen_backend *backend,
                     const char *example, size_t length)
{
    struct trial_case *one = &cases[test_count];
    if (test_count == MOST) {
        print_error("more cases than room for them\n");
        exit(1);
    }
    one->law = law;
    one->backend = backend;
    snprintf(one->example, sizeof one->example, "%.*s", (int)length, example);
    snprintf(one->name, sizeof one->name, "%s %.*s", law->name, (int)length, example);
    tests[test_count++] =
        (struct CMUnitTest){.name = one->name, .test_func = keeps_the_law, .initial_state = one};
}

/* Windows makes no serial lines for tests: there the tests get them from outside, in a run of its
 * own (in-ttys). */
static bool is_possible(const struct platen_backend *backend, const char *example)
{
    struct trial trial;
    trial_begin(&trial, backend, example);
    trial_end(&trial);
    return !trial.impossible;
}

static void add_backend(const struct platen_backend *backend)
{
    const char *at = backend->example ? backend->example : "";
    if (!is_possible(backend, at))
        return;
    do {
        size_t length = strcspn(at, " ");
        for (size_t i = 0; i < law_count; i++)
            add_case(&laws[i], backend, at, length);
        at += length + strspn(at + length, " ");
    } while (*at);
}

/* Without arguments every backend, otherwise those that are named. */
int main(int argc, char **argv)
{
    for (const struct platen_backend *const *one = platen_backends(); *one; one++) {
        bool wanted = argc == 1;
        for (int i = 1; i < argc; i++)
            wanted = wanted || strcmp(argv[i], (*one)->name) == 0;
        if (wanted)
            add_backend(*one);
    }
    if (!test_count) {
        print_error("nothing can be tried\n");
        return 1;
    }
    return _cmocka_run_group_tests("conformance", tests, test_count, NULL, NULL);
}
