/* SPDX-License-Identifier: MIT
 *
 * Every row of the reactions: what comes of its condition, and that something else would come of it
 * if the row said something else. One test per row, named as the row is.
 */
#include "reaction_plays.h"

#include <stdio.h>
#include <stdlib.h>

/* What each row leads to; and the action that is put in its place, and must lead elsewhere. */
static const struct expected {
    const char *id;
    const char *outcome;
    enum spool_action instead;
} expectations[] = {
    {"windows.OPEN_REFUSED", "printed 0 - P1= P2=10 trouble=1", SPOOL_FAIL},
    {"windows.OPEN_EX_REFUSED", "printed 0 - P1= P2=10 trouble=1", SPOOL_FAIL},
    {"windows.START_CANCELLED", "cancelled 0 StartDocPort P1= P2=", SPOOL_FAIL},
    {"windows.START_REFUSED", "printed 0 - P1= P2=10 trouble=1", SPOOL_FAIL},
    {"windows.WRITE_CANCELLED", "cancelled 0 WritePort P1=4 P2=", SPOOL_FAIL},
    {"windows.WRITE_PASSING", "printed 0 - P1=10 P2= trouble=1", SPOOL_FAIL},
    {"windows.WRITE_REFUSED", "failed 112 WritePort P1=4 P2=", SPOOL_CANCEL},
    {"windows.WRITE_NOTHING", "printed 0 - P1=10 P2=", SPOOL_FAIL},
    {"windows.WRITE_STALLED", "failed 1460 WritePort P1=0 P2= seconds=300 findings=1",
     SPOOL_CANCEL},
    {"windows.WRITE_SHORT", "printed 0 - P1=10 P2=", SPOOL_FAIL},
    {"windows.END_CANCELLED", "cancelled 0 EndDocPort P1=10 P2=", SPOOL_FAIL},
    {"windows.END_REFUSED", "failed 28 EndDocPort P1=10 P2=", SPOOL_CANCEL},
    {"windows.CLOSE_REFUSED", "printed 0 - P1=10 P2= findings=1", SPOOL_IGNORE},
    {"windows.NOT_SENT", "printed 0 - P1=10 P2=", SPOOL_WAIT},
    {"windows.NOT_EJECTED", "printed 0 - P1=10 P2= seconds=120", SPOOL_PRINTED},
    {"windows.NEVER_COMPLETED", "printed 0 - P1=10 P2= seconds=120", SPOOL_FAIL},
    {"windows.ASKED_PAUSE", "printed 0 - P1=10 P2= paused=1 resumed=1", SPOOL_IGNORE},
    {"windows.ASKED_RESUME", "printed 0 - P1=10 P2= paused=1 resumed=1", SPOOL_IGNORE},
    {"windows.ASKED_CANCEL", "cancelled 0 - P1=4 P2=", SPOOL_IGNORE},
    {"windows.ASKED_RESTART", "printed 0 - P1=4,10 P2= restarted=1", SPOOL_IGNORE},
    {"windows.ASKED_DELETE", "cancelled 0 - P1=4 P2=", SPOOL_IGNORE},
    {"windows.RESTARTED_TOO_OFTEN",
     "failed 31 SetJob P1=4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4 P2= seconds=153 restarted=16",
     SPOOL_CANCEL},
    {"windows.PORT_ERROR", "printed 0 - P1=10 P2=10", SPOOL_INFORM},
    {"windows.PORT_WARNING", "printed 0 - P1=10,10 P2=", SPOOL_PARK},
    {"windows.PORT_INFORMATION", "printed 0 - P1=10,10 P2=", SPOOL_PARK},
    {"windows.TIME_OVER", "cancelled 1460 - P1=4 P2= seconds=1 paused=1", SPOOL_FAIL},
    {"windows.UNREADABLE", "failed 30 - P1=4 P2=", SPOOL_CANCEL},

    {"wine.OPEN_REFUSED", "failed 1796 OpenPort P1= P2=", SPOOL_NEXT_PORT},
    {"wine.OPEN_EX_REFUSED", "failed 170 OpenPortEx P1= P2=", SPOOL_NEXT_PORT},
    {"wine.START_CANCELLED", "failed 63 StartDocPort P1= P2=", SPOOL_CANCEL},
    {"wine.START_REFUSED", "failed 170 StartDocPort P1= P2=", SPOOL_NEXT_PORT},
    {"wine.WRITE_CANCELLED", "failed 63 WritePort P1=4 P2=", SPOOL_CANCEL},
    {"wine.WRITE_PASSING", "failed 21 WritePort P1=4 P2=", SPOOL_RETRY},
    {"wine.WRITE_REFUSED", "failed 112 WritePort P1=4 P2=", SPOOL_CANCEL},
    {"wine.WRITE_NOTHING", "failed 29 WritePort P1=0 P2=", SPOOL_BACK_OFF},
    {"wine.WRITE_SHORT", "failed 29 WritePort P1=1 P2=", SPOOL_AGAIN},
    {"wine.END_CANCELLED", "failed 63 EndDocPort P1=10 P2=", SPOOL_CANCEL},
    {"wine.END_REFUSED", "failed 28 EndDocPort P1=10 P2=", SPOOL_CANCEL},
    {"wine.CLOSE_REFUSED", "printed 0 - P1=10 P2=", SPOOL_REPORT},
    {"wine.NOT_SENT", "printed 0 - P1=10 P2=", SPOOL_WAIT},
    {"wine.NOT_EJECTED", "printed 0 - P1=10 P2=", SPOOL_WAIT},
    {"wine.ASKED_PAUSE", "printed 0 - P1=10 P2=", SPOOL_PAUSE},
    {"wine.ASKED_RESUME", "cancelled 1460 - P1=4 P2= seconds=1 paused=1", SPOOL_RESUME},
    {"wine.ASKED_CANCEL", "printed 0 - P1=10 P2=", SPOOL_CANCEL},
    {"wine.ASKED_RESTART", "printed 0 - P1=10 P2=", SPOOL_RESTART},
    {"wine.ASKED_DELETE", "printed 0 - P1=10 P2=", SPOOL_DELETE},
    {"wine.PORT_ERROR", "printed 0 - P1=10,10 P2=", SPOOL_PARK},
    {"wine.PORT_WARNING", "printed 0 - P1=10,10 P2=", SPOOL_PARK},
    {"wine.PORT_INFORMATION", "printed 0 - P1=10,10 P2=", SPOOL_PARK},
    {"wine.TIME_OVER", "cancelled 1460 - P1=4 P2= seconds=1 paused=1", SPOOL_FAIL},
    {"wine.UNREADABLE", "failed 30 - P1=4 P2=", SPOOL_CANCEL},

    {"strict.OPEN_REFUSED", "failed 1796 OpenPort P1= P2=", SPOOL_NEXT_PORT},
    {"strict.OPEN_EX_REFUSED", "failed 170 OpenPortEx P1= P2=", SPOOL_NEXT_PORT},
    {"strict.START_CANCELLED", "failed 63 StartDocPort P1= P2=", SPOOL_CANCEL},
    {"strict.START_REFUSED", "printed 0 - P1= P2=10 trouble=1", SPOOL_FAIL},
    {"strict.WRITE_CANCELLED", "failed 63 WritePort P1=4 P2=", SPOOL_CANCEL},
    {"strict.WRITE_PASSING", "failed 21 WritePort P1=4 P2=", SPOOL_RETRY},
    {"strict.WRITE_REFUSED", "failed 112 WritePort P1=4 P2=", SPOOL_CANCEL},
    {"strict.WRITE_NOTHING", "printed 0 - P1=10 P2=", SPOOL_FAIL},
    {"strict.WRITE_STALLED", "failed 1460 WritePort P1=0 P2= seconds=300 findings=1", SPOOL_CANCEL},
    {"strict.WRITE_SHORT", "printed 0 - P1=10 P2=", SPOOL_FAIL},
    {"strict.END_CANCELLED", "failed 63 EndDocPort P1=10 P2=", SPOOL_CANCEL},
    {"strict.END_REFUSED", "failed 28 EndDocPort P1=10 P2=", SPOOL_CANCEL},
    {"strict.CLOSE_REFUSED", "printed 0 - P1=10 P2= findings=1", SPOOL_IGNORE},
    {"strict.NOT_SENT", "failed 1460 SetJob P1=10 P2= seconds=120", SPOOL_PRINTED},
    {"strict.NOT_EJECTED", "failed 1460 SetJob P1=10 P2= seconds=120", SPOOL_PRINTED},
    {"strict.NEVER_COMPLETED", "failed 1460 SetJob P1=10 P2= seconds=120", SPOOL_PRINTED},
    {"strict.ASKED_PAUSE", "printed 0 - P1=10 P2= paused=1 resumed=1", SPOOL_IGNORE},
    {"strict.ASKED_RESUME", "printed 0 - P1=10 P2= paused=1 resumed=1", SPOOL_IGNORE},
    {"strict.ASKED_CANCEL", "cancelled 0 - P1=4 P2=", SPOOL_IGNORE},
    {"strict.ASKED_RESTART", "printed 0 - P1=4,10 P2= restarted=1", SPOOL_IGNORE},
    {"strict.ASKED_DELETE", "cancelled 0 - P1=4 P2=", SPOOL_IGNORE},
    {"strict.RESTARTED_TOO_OFTEN",
     "failed 31 SetJob P1=4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4 P2= seconds=153 restarted=16",
     SPOOL_CANCEL},
    {"strict.PORT_ERROR", "printed 0 - P1=10 P2=10", SPOOL_INFORM},
    {"strict.PORT_WARNING", "printed 0 - P1=10,10 P2=", SPOOL_PARK},
    {"strict.PORT_INFORMATION", "printed 0 - P1=10,10 P2=", SPOOL_PARK},
    {"strict.TIME_OVER", "cancelled 1460 - P1=4 P2= seconds=1 paused=1", SPOOL_FAIL},
    {"strict.UNREADABLE", "failed 30 - P1=4 P2=", SPOOL_CANCEL},
};
#define EXPECTATIONS (sizeof expectations / sizeof *expectations)

static const char *const conditions[] = {
#define PLATEN_CONDITION(symbol, slot, words) [SPOOL_WHEN_##symbol] = #symbol,
#include "spooler/reactions.def"
};

static enum spool_condition condition_of(const char *id)
{
    const char *symbol = strchr(id, '.') + 1;
    int condition = 0;

    while (strcmp(conditions[condition], symbol) != 0)
        condition++;
    return (enum spool_condition)condition;
}

static void a_row(void **state)
{
    const struct expected *expected = *state;
    enum spool_condition condition = condition_of(expected->id);
    char profile[16];
    char outcome[256];

    snprintf(profile, sizeof profile, "%.*s", (int)strcspn(expected->id, "."), expected->id);
    play(profile, condition, SPOOL_GO_ON, outcome);
    assert_string_equal(outcome, expected->outcome);
    play(profile, condition, expected->instead, outcome);
    assert_string_not_equal(outcome, expected->outcome);
}

static const struct expected *expectation(const char *id)
{
    for (size_t i = 0; i < EXPECTATIONS; i++)
        if (strcmp(expectations[i].id, id) == 0)
            return &expectations[i];
    return NULL;
}

/* The table as programs see it: whole, and each row has a test here that another action fails. */
static void all_rows(void **state)
{
    static const char *const strengths[] = {"MUST", "SHOULD", "OBSERVED"};
    size_t count;
    const struct platen_reaction *rows = platen_reactions(&count);

    (void)state;
    assert_int_equal(count, EXPECTATIONS);
    for (size_t i = 0; i < count; i++) {
        const struct expected *expected = expectation(rows[i].id);
        int strength = 0;
        assert_non_null(expected);
        assert_int_not_equal(expected->instead, spool_action_named(rows[i].action));
        assert_int_equal(strncmp(rows[i].id, rows[i].profile, strlen(rows[i].profile)), 0);
        assert_non_null(platen_reaction_action_text(rows[i].action));
        while (strength < 3 && strcmp(rows[i].strength, strengths[strength]) != 0)
            strength++;
        assert_true(strength < 3);
        assert_true(rows[i].slot[0] != '\0' && rows[i].condition[0] != '\0');
        assert_true(rows[i].source[0] != '\0');
    }
    assert_null(platen_reaction_action_text("stand still"));
}

static void no_other_profile(void **state)
{
    struct platen_spooler_options options = {.size = sizeof options, .profile = "reactos"};
    platen_spooler *spooler;

    (void)state;
    assert_int_equal(platen_spooler_create(&options, &spooler), PLATEN_INVALID_PARAMETER);
    assert_null(spooler);
}

int main(void)
{
    static struct CMUnitTest tests[EXPECTATIONS + 2];

    for (size_t i = 0; i < EXPECTATIONS; i++)
        tests[i] = (struct CMUnitTest){.name = expectations[i].id,
                                       .test_func = a_row,
                                       .initial_state = (void *)(uintptr_t)&expectations[i]};
    tests[EXPECTATIONS] = (struct CMUnitTest)cmocka_unit_test(all_rows);
    tests[EXPECTATIONS + 1] = (struct CMUnitTest)cmocka_unit_test(no_other_profile);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
