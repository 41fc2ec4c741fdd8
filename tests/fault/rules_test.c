/* SPDX-License-Identifier: MIT
 *
 * Which call a rule has: the nth, how many, on which lane, out of which group; delays, hangs, and
 * rules that come and go.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "clock/virtual.h"
#include "fault/fault.h"
#include "os/lasterror.h"
#include "recorder.h"

#define SECOND UINT64_C(1000000000)

static platen_faults *faults;
static struct platen_clock *clock;
static struct platen_lane lane;

static int make(void **state)
{
    (void)state;
    clock = platen_virtual_clock_create();
    faults = platen_faults_create(clock);
    if (clock == NULL || faults == NULL)
        return 1;
    lane = (struct platen_lane){.name = "LPT1:", .observers = platen_faults_observer(faults)};
    recorded = (struct recorded){.last_error_left = UINT32_MAX};
    platen_virtual_clock_enter(clock);
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    platen_faults_destroy(faults);
    platen_virtual_clock_destroy(clock);
    return 0;
}

static platen_fault *add(struct platen_fault_rule rule)
{
    platen_fault *fault;
    const char *complaint = "";

    assert_int_equal(platen_fault_add(faults, &rule, &fault, &complaint), 0);
    assert_non_null(fault);
    assert_null(complaint);
    return fault;
}

/* EndDocPort and ClosePort reach the monitor whatever becomes of them; these do not. */
static BOOL start(void)
{
    return platen_call_StartDocPort(&lane, &recorder_monitor, NULL, NULL, 1, 1, NULL);
}

static BOOL set_timeouts(void)
{
    return platen_call_SetPortTimeOuts(&lane, &recorder_monitor, NULL, NULL, 0);
}

/* "..x" : two calls that went through and one that failed. */
static void assert_calls(const char *expected)
{
    char got[32] = "";

    for (size_t i = 0; expected[i] != '\0'; i++) {
        unsigned before = recorded.calls;
        bool made = start() != FALSE;
        assert_int_equal(recorded.calls, before + made);
        got[i] = made ? '.' : 'x';
    }
    assert_string_equal(got, expected);
}

static const struct platen_fault_rule no_paper = {
    .calls = "StartDocPort", .nth = 1, .count = 1, .kind = PLATEN_FAULT_ERROR, .code = 28};

/* ---- the turn -------------------------------------------------------------------------------- */

static void without_rules_nothing_happens(void **state)
{
    (void)state;
    assert_calls("....");
}

static void the_next_once(void **state)
{
    (void)state;
    platen_fault *fault = add(no_paper);
    assert_false(platen_fault_reached(faults, fault));
    assert_int_equal(start(), FALSE);
    assert_int_equal(platen_os_get_last_error(), 28);
    assert_true(platen_fault_reached(faults, fault));
    assert_calls("...");
}

static void the_nth_and_as_many_as_it_says(void **state)
{
    (void)state;
    struct platen_fault_rule rule = no_paper;
    rule.nth = 3;
    rule.count = 2;
    platen_fault *fault = add(rule);
    assert_calls("..xx..");
    struct platen_fault_tally tally = platen_fault_counts(faults, fault);
    assert_int_equal(tally.seen, 6);
    assert_int_equal(tally.hits, 2);
    assert_int_equal(tally.held, 0);
}

static void for_good(void **state)
{
    (void)state;
    struct platen_fault_rule rule = no_paper;
    rule.nth = 0; /* as good as 1 */
    rule.count = 0;
    platen_fault *fault = add(rule);
    assert_calls("xxxxxxxx");
    platen_fault_remove(faults, fault);
    assert_calls("..");
}

static void it_counts_from_when_it_was_added(void **state)
{
    (void)state;
    struct platen_fault_rule rule = no_paper;
    assert_calls("...");
    rule.nth = 2;
    add(rule);
    assert_calls(".x.");
}

static void other_calls_are_not_counted(void **state)
{
    (void)state;
    struct platen_fault_rule rule = no_paper;
    rule.nth = 2;
    add(rule);
    assert_true(set_timeouts());
    assert_true(set_timeouts());
    assert_calls(".x.");
}

static void a_lane_of_that_name(void **state)
{
    (void)state;
    struct platen_fault_rule rule = no_paper;
    char name[] = "COM1:";
    rule.lane = name;
    add(rule);
    name[0] = 'X'; /* it was copied */
    assert_calls("..");
    lane.name = "COM1:";
    assert_calls("x.");
}

static void the_first_rule_has_it_and_the_second_keeps_its_turn(void **state)
{
    (void)state;
    struct platen_fault_rule rule = no_paper;
    platen_fault *first = add(rule);
    rule.code = 21;
    platen_fault *second = add(rule);
    assert_int_equal(start(), FALSE);
    assert_int_equal(platen_os_get_last_error(), 28);
    assert_false(platen_fault_reached(faults, second));
    assert_int_equal(start(), FALSE);
    assert_int_equal(platen_os_get_last_error(), 21);
    assert_int_equal(platen_fault_counts(faults, first).seen, 2);
    assert_int_equal(platen_fault_counts(faults, second).seen, 2);
    assert_calls("..");
}

/* What `sweep` does: fail the n-th call of the way until it is not reached. */
static void a_sweep_ends(void **state)
{
    (void)state;
    unsigned rounds = 0;
    bool reached = true;
    while (reached) {
        struct platen_fault_rule rule = no_paper;
        rule.calls = "call";
        rule.nth = ++rounds;
        platen_fault *fault = add(rule);
        (void)start();
        (void)set_timeouts();
        reached = platen_fault_reached(faults, fault);
        platen_fault_remove(faults, fault);
    }
    assert_int_equal(rounds, 3);
}

/* ---- groups ---------------------------------------------------------------------------------- */

static bool is_of(const char *group, enum platen_slot slot)
{
    struct platen_fault_rule rule = {
        .calls = group, .nth = 1, .count = 0, .kind = PLATEN_FAULT_NONE, .delay = 1};
    platen_fault *fault = add(rule);
    struct platen_call call;

    recorder_fill(&call, slot);
    call.lane = &lane;
    recorder_direct(&call, recorder_table(slot));
    bool reached = platen_fault_reached(faults, fault);
    platen_fault_remove(faults, fault);
    return reached;
}

static void groups_of_tables(void **state)
{
    (void)state;
    for (unsigned i = 0; i < PLATEN_SLOT_COUNT; i++) {
        enum platen_slot slot = (enum platen_slot)i;
        enum platen_table table = platen_slot_info(slot).table;
        bool back = table == PLATEN_TABLE_REGISTRY || table == PLATEN_TABLE_WINSPOOL;
        assert_int_equal(is_of("call", slot), !back);
        assert_int_equal(is_of("back", slot), back);
        assert_int_equal(is_of("registry", slot), table == PLATEN_TABLE_REGISTRY);
        assert_int_equal(is_of("winspool", slot), table == PLATEN_TABLE_WINSPOOL);
    }
}

static void groups_of_slots(void **state)
{
    static const char *const job = " OpenPort OpenPortEx StartDocPort WritePort ReadPort "
                                   "EndDocPort ClosePort ";
    (void)state;
    for (unsigned i = 0; i < PLATEN_SLOT_COUNT; i++) {
        enum platen_slot slot = (enum platen_slot)i;
        const char *name = platen_slot_info(slot).name;
        char framed[64] = " ";
        strcat(strcat(framed, name), " ");
        assert_int_equal(is_of("xcv", slot), strncmp(name, "Xcv", 3) == 0);
        assert_int_equal(is_of("job", slot), strstr(job, framed) != NULL);
        assert_true(is_of(name, slot));
    }
}

static void the_words_are_those_that_are_known(void **state)
{
    (void)state;
    for (const struct platen_fault_word *at = platen_fault_groups; at->name != NULL; at++) {
        struct platen_fault_rule rule = no_paper;
        rule.calls = at->name;
        platen_fault_remove(faults, add(rule));
        assert_int_equal(platen_slot_find(at->name), PLATEN_SLOT_COUNT);
    }
}

/* ---- rules that cannot be -------------------------------------------------------------------- */

static void assert_refused(const char *calls, enum platen_fault_kind kind, const char *why)
{
    struct platen_fault_rule rule = {.calls = calls, .kind = kind};
    platen_fault *fault = (platen_fault *)&rule;
    const char *complaint = NULL;

    assert_int_equal(platen_fault_add(faults, &rule, &fault, &complaint), 87);
    assert_null(fault);
    assert_non_null(complaint);
    assert_non_null(strstr(complaint, why));
    assert_int_equal(platen_fault_add(faults, &rule, &fault, NULL), 87);
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    assert_refused("WritePorts", PLATEN_FAULT_ERROR, "of that name");
    assert_refused("writeport", PLATEN_FAULT_ERROR, "of that name");
    assert_refused("", PLATEN_FAULT_ERROR, "of that name");
    assert_refused("WritePort", PLATEN_FAULT_NONE, "does nothing");
    assert_refused("Shutdown", PLATEN_FAULT_ERROR, "nothing to act on");
    assert_refused("EndDocPort", PLATEN_FAULT_SHORT, "nothing to act on");
    assert_refused("OpenPort", PLATEN_FAULT_DISCONNECT, "nothing to act on");
    assert_refused("ClosePort", PLATEN_FAULT_DISCONNECT, "nothing to act on");
    assert_refused("registry", PLATEN_FAULT_DISCONNECT, "nothing to act on");
    assert_refused("StartDocPort", PLATEN_FAULT_GARBAGE, "nothing to act on");
}

/* ---- delays and hangs ------------------------------------------------------------------------ */

static void a_delay_takes_its_time(void **state)
{
    (void)state;
    add((struct platen_fault_rule){.calls = "StartDocPort", .count = 1, .delay = 45 * SECOND});
    uint64_t begin = platen_virtual_clock_now(clock);
    assert_calls(".");
    assert_true(platen_virtual_clock_now(clock) == begin + 45 * SECOND);
    assert_calls(".");
    assert_true(platen_virtual_clock_now(clock) == begin + 45 * SECOND);
}

static void a_delay_may_end_in_an_error(void **state)
{
    (void)state;
    struct platen_fault_rule rule = no_paper;
    rule.delay = SECOND;
    add(rule);
    assert_calls("x.");
    assert_true(platen_virtual_clock_now(clock) == PLATEN_VIRTUAL_START + SECOND);
}

static void a_released_rule_waits_no_more(void **state)
{
    (void)state;
    struct platen_fault_rule rule = no_paper;
    rule.delay = PLATEN_FOREVER;
    rule.count = 0;
    platen_fault_release(faults, add(rule));
    assert_calls("xx"); /* the rest of the rule stays */
}

static void at_the_end_of_the_run_nothing_happens(void **state)
{
    (void)state;
    struct platen_fault_rule rule = no_paper;
    rule.delay = PLATEN_FOREVER;
    rule.count = 0;
    add(rule);
    platen_faults_end(faults);
    assert_calls("....");
}

static void the_system_s_clock_is_there_without_another(void **state)
{
    (void)state;
    platen_faults *others = platen_faults_create(NULL);
    assert_non_null(others);
    const struct platen_fault_rule rule = {.calls = "StartDocPort", .delay = 1};
    platen_fault *fault;
    assert_int_equal(platen_fault_add(others, &rule, &fault, NULL), 0);
    lane.observers = platen_faults_observer(others);
    assert_calls(".");
    assert_true(platen_fault_reached(others, fault));
    platen_faults_destroy(others);
    platen_faults_destroy(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_rules_nothing_happens),
        TEST(the_next_once),
        TEST(the_nth_and_as_many_as_it_says),
        TEST(for_good),
        TEST(it_counts_from_when_it_was_added),
        TEST(other_calls_are_not_counted),
        TEST(a_lane_of_that_name),
        TEST(the_first_rule_has_it_and_the_second_keeps_its_turn),
        TEST(a_sweep_ends),
        TEST(groups_of_tables),
        TEST(groups_of_slots),
        TEST(the_words_are_those_that_are_known),
        TEST(what_cannot_be_is_refused),
        TEST(a_delay_takes_its_time),
        TEST(a_delay_may_end_in_an_error),
        TEST(a_released_rule_waits_no_more),
        TEST(at_the_end_of_the_run_nothing_happens),
        TEST(the_system_s_clock_is_there_without_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
