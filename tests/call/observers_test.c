/* SPDX-License-Identifier: MIT
 *
 * Observers: their order, answers in the callee's place, results that they change, calls within
 * calls, and the last-error that nobody may notice them by.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "call/served.h"
#include "os/lasterror.h"
#include "recorder.h"

static char diary[1000];

static void note(const char *text)
{
    snprintf(diary + strlen(diary), sizeof diary - strlen(diary), "%s ", text);
}

/* An observer that writes down what it sees, and does what it is told. */
struct actor {
    struct platen_observer observer;
    const char *name;
    bool answers;
    uint32_t result;       /* its answer, or what `after` makes of the result; 0: as it is */
    uint32_t answer_error; /* 0: says nothing of it */
    uint32_t after_error;
};

static void note_call(const char *when, const struct actor *actor, const struct platen_call *call)
{
    char text[100];
    snprintf(text, sizeof text, "%s%s:%s/%u", when, actor->name, platen_slot_info(call->slot).name,
             (unsigned)call->depth);
    note(text);
}

static void act_before(struct platen_observer *observer, struct platen_call *call)
{
    struct actor *actor = (struct actor *)observer;
    note_call("+", actor, call);
    platen_os_set_last_error(9999); /* an observer's own file, say, was not there */
    if (actor->answers) {
        call->answered = true;
        call->result.code = actor->result;
        if (actor->answer_error != 0) {
            call->last_error = actor->answer_error;
        }
    }
}

static void act_after(struct platen_observer *observer, struct platen_call *call)
{
    struct actor *actor = (struct actor *)observer;
    note_call("-", actor, call);
    platen_os_set_last_error(8888);
    if (!actor->answers && actor->result != 0) {
        call->result.code = actor->result;
    }
    if (actor->after_error != 0) {
        call->last_error = actor->after_error;
    }
}

static struct actor second, first;
static struct platen_lane lane = {.name = "lane"};

static int setup(void **state)
{
    (void)state;
    second = (struct actor){.observer = {act_before, act_after, NULL}, .name = "b"};
    first = (struct actor){.observer = {act_before, act_after, &second.observer}, .name = "a"};
    lane.observers = &first.observer;
    lane.depth = 0;
    diary[0] = '\0';
    recorded = (struct recorded){.last_error_left = UINT32_MAX};
    platen_os_set_last_error(77);
    platen_lane_enter(&lane);
    platen_serve(&recorder_registry, &recorder_winspool);
    platen_serve_foreign_threads(NULL);
    return 0;
}

static BOOL end_doc(void)
{
    return platen_call_EndDocPort(&lane, &recorder_monitor, NULL);
}

static LONG close_key(void)
{
    return platen_served_registry.fpCloseKey(NULL, NULL);
}

static void the_order_is_the_list_s(void **state)
{
    (void)state;
    assert_int_equal(end_doc(), recorder_answer(PLATEN_SLOT_EndDocPort));
    assert_string_equal(diary, "+a:EndDocPort/0 +b:EndDocPort/0 -a:EndDocPort/0 -b:EndDocPort/0 ");
}

static void half_observers(void **state)
{
    (void)state;
    first.observer.before = NULL;
    second.observer.after = NULL;
    assert_int_equal(end_doc(), recorder_answer(PLATEN_SLOT_EndDocPort));
    assert_string_equal(diary, "+b:EndDocPort/0 -a:EndDocPort/0 ");
}

/* All observers see an answered call; the callee does not. */
static void answering(void **state)
{
    (void)state;
    first.answers = true;
    first.result = FALSE;
    first.answer_error = 1460;
    assert_int_equal(end_doc(), FALSE);
    assert_int_equal(platen_os_get_last_error(), 1460);
    assert_int_equal(recorded.calls, 0);
    assert_string_equal(diary, "+a:EndDocPort/0 +b:EndDocPort/0 -a:EndDocPort/0 -b:EndDocPort/0 ");
}

static void changing_the_result(void **state)
{
    (void)state;
    second.result = 55;
    second.after_error = 170;
    recorded.last_error_left = 5;
    assert_int_equal(end_doc(), 55);
    assert_int_equal(recorded.calls, 1);
    assert_int_equal(platen_os_get_last_error(), 170);
    assert_int_equal(close_key(), 55);
}

/* ---- last-error ------------------------------------------------------------------------------ */

static void a_monitor_starts_without_last_error(void **state)
{
    (void)state;
    (void)end_doc();
    assert_int_equal(recorded.last_error_found, 0);
    assert_int_equal(platen_os_get_last_error(), 0);
    recorded.last_error_left = 31;
    (void)end_doc();
    assert_int_equal(platen_os_get_last_error(), 31);
    lane.observers = NULL;
    recorded.last_error_left = UINT32_MAX;
    (void)end_doc();
    assert_int_equal(recorded.last_error_found, 0);
    assert_int_equal(platen_os_get_last_error(), 0);
}

static void an_answer_without_an_error_has_none(void **state)
{
    (void)state;
    first.answers = true;
    (void)end_doc();
    assert_int_equal(platen_os_get_last_error(), 0);
}

static void a_call_back_keeps_the_monitor_s_last_error(void **state)
{
    (void)state;
    (void)close_key();
    assert_int_equal(recorded.last_error_found, 77);
    assert_int_equal(platen_os_get_last_error(), 77);
    first.answers = true;
    (void)close_key();
    assert_int_equal(platen_os_get_last_error(), 77);
    first.answer_error = 1801;
    (void)platen_served_imports.ClosePrinter(NULL);
    assert_int_equal(platen_os_get_last_error(), 1801);
    lane.observers = NULL;
    (void)close_key();
    assert_int_equal(recorded.last_error_found, 1801);
    recorded.last_error_left = 6;
    (void)platen_served_imports.ClosePrinter(NULL);
    assert_int_equal(platen_os_get_last_error(), 6);
}

/* ---- calls within calls ---------------------------------------------------------------------- */

static void call_back(void)
{
    (void)close_key();
}

static void call_back_twice(void)
{
    recorded.during = call_back;
    (void)platen_served_imports.ClosePrinter(NULL);
    (void)close_key();
}

static void depth_counts_calls_within_calls(void **state)
{
    (void)state;
    first.observer.next = NULL;
    recorded.during = call_back_twice;
    (void)end_doc();
    assert_string_equal(diary, "+a:EndDocPort/0 +a:ClosePrinter/1 +a:CloseKey/2 -a:CloseKey/2 "
                               "-a:ClosePrinter/1 +a:CloseKey/1 -a:CloseKey/1 -a:EndDocPort/0 ");
    assert_int_equal(lane.depth, 0);
    diary[0] = '\0';
    (void)end_doc();
    assert_string_equal(diary, "+a:EndDocPort/0 -a:EndDocPort/0 ");
}

/* A monitor asks for its settings in the middle of a failing call: its own error survives. */
static void fail_and_call_back(void)
{
    platen_os_set_last_error(29);
    (void)close_key();
}

static void an_error_survives_a_call_back(void **state)
{
    (void)state;
    recorded.during = fail_and_call_back;
    (void)end_doc();
    assert_int_equal(platen_os_get_last_error(), 29);
}

#define TEST(function) cmocka_unit_test_setup(function, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_order_is_the_list_s),
        TEST(half_observers),
        TEST(answering),
        TEST(changing_the_result),
        TEST(a_monitor_starts_without_last_error),
        TEST(an_answer_without_an_error_has_none),
        TEST(a_call_back_keeps_the_monitor_s_last_error),
        TEST(depth_counts_calls_within_calls),
        TEST(an_error_survives_a_call_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
