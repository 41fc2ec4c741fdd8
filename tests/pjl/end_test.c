/* SPDX-License-Identifier: MIT
 *
 * The end of jobs: who is told, and when.
 */
#include "world.h"

#include "os/clock.h"

#define PJL_ID "MFG:Acme;CMD:PCL,PJL;MDL:5;"

static void assert_completed(struct world *world, unsigned at, DWORD job, DWORD command)
{
    assert_true(world->set_job_count > at);
    assert_int_equal(world->set_jobs[at].job, job);
    assert_int_equal(world->set_jobs[at].command, command);
}

static void finish(struct world *world)
{
    world_close(world);
    world_shutdown(world);
    world_free(world);
}

/* ---- who is told, and when ------------------------------------------------------------------ */

/* The time is over before the printer says anything: once, and not while the port is held. */
static void R82_after_a_time(void **state)
{
    struct world *world = world_new();

    (void)state;
    world->id = PJL_ID;
    world->speaks = true;
    world->eoj_timeout = 300;
    world_open(world);
    world_print(world, 1, u"a", "text");
    world_await_set_jobs(world, 1);
    assert_completed(world, 0, 1, JOB_CONTROL_LAST_PAGE_EJECTED);
    world_print(world, 2, u"b", "text"); /* it has never said a word: nobody waits in EndDocPort */
    world_await_set_jobs(world, 2);
    assert_completed(world, 1, 2, JOB_CONTROL_LAST_PAGE_EJECTED);
    world_say(world, JOB_END("a [1.1]") JOB_END("b [2.2]"));
    world_close(world);
    assert_int_equal(world->set_job_count, 2);
    world_shutdown(world);
    world_free(world);
}

/* The way back is gone: nothing is waited for any more. */
static void a_connection_that_is_over(void **state)
{
    struct world *world = world_new();

    (void)state;
    world->id = PJL_ID;
    world->speaks = true;
    world_open(world);
    assert_true(world_start(world, 1, u"a"));
    world_write(world, "text", 4);
    world_change(world, &world->mute, true);
    uint64_t begun = platen_os_now();
    assert_true(world_end(world));
    assert_true(platen_os_now() - begun < 10 * SECOND);
    assert_completed(world, 0, 1, JOB_CONTROL_LAST_PAGE_EJECTED);
    finish(world);
}

/* What the printer says counts more than how the connection ends: the job is not printed again. */
static void printed_all_the_same(void **state)
{
    struct world *world = world_new();

    (void)state;
    world->id = PJL_ID;
    world->speaks = world->confirms = true;
    world->end_fails = true;
    world->error = PLATEN_NETNAME_DELETED;
    world_open(world);
    world_print(world, 1, u"a", "text");
    assert_completed(world, 0, 1, JOB_CONTROL_LAST_PAGE_EJECTED);
    finish(world);
}

static void time_out_is_stored(void **state)
{
    struct world *world = world_new();

    (void)state;
    world->eoj_timeout = -1;
    world_open(world);
    assert_int_equal(world->stored, 1);
    finish(world);
}

/* Between jobs the printer is heard: EndDocPort does not wait, and its words are told apart. */
static void jobs_wait_for_their_own_word(void **state)
{
    struct world *world = world_new();

    (void)state;
    world->id = PJL_ID;
    world->speaks = world->between = true;
    world_open(world);
    world_await_size(world, sizeof(TELL_ALL UEL) - 1);
    world_print(world, 1, u"same", "1");
    world_print(world, 1, u"same", "2"); /* restarted: the same number again */
    world_print(world, 2, u"other", "3");
    assert_int_equal(world->set_job_count, 0);
    world_say(world, JOB_END("somebody else's") JOB_END("other [2.3]"));
    world_await_set_jobs(world, 1);
    assert_completed(world, 0, 2, JOB_CONTROL_LAST_PAGE_EJECTED);
    world_say(world, JOB_END("same [1.1]"));
    world_await_set_jobs(world, 2);
    assert_completed(world, 1, 1, JOB_CONTROL_LAST_PAGE_EJECTED);
    world_say(world, "@PJL USTATUS JOB\r\nEND\r\n\f"); /* without a name: the oldest */
    world_await_set_jobs(world, 3);
    assert_completed(world, 2, 1, JOB_CONTROL_LAST_PAGE_EJECTED);
    finish(world);
}

static void cancelled_at_the_printer(void **state)
{
    struct world *world = world_new();

    (void)state;
    world->id = PJL_ID;
    world->speaks = world->between = true;
    world_open(world);
    world_await_size(world, sizeof(TELL_ALL UEL) - 1);
    world_print(world, 1, u"a", "text");
    world_say(world, "@PJL USTATUS JOB\r\nCANCELED\r\nNAME=\"a [1.1]\"\r\n\f");
    world_await_set_jobs(world, 1);
    assert_completed(world, 0, 1, JOB_CONTROL_DELETE);
    finish(world);
}

/* R55: it stops waiting long before its time. */
static void R55_cancelled_at_the_spooler(void **state)
{
    struct world *world = world_new();

    (void)state;
    world->id = PJL_ID;
    world->speaks = true;
    world_open(world);
    for (DWORD job = 1; job <= 2; job++) {
        uint64_t begun = platen_os_now();
        world->job_gone = job == 2;
        world->job_status = job == 1 ? JOB_STATUS_DELETING : 0;
        assert_true(world_start(world, job, u"a"));
        world_write(world, "text", 4);
        assert_true(world_end(world));
        assert_true(platen_os_now() - begun < 10 * SECOND);
    }
    world_close(world);
    assert_int_equal(world->set_job_count, 0);
    world_shutdown(world);
    world_free(world);
}

/* The end of the job gets stuck: nobody is told that it is printed. */
static void an_end_that_gets_stuck(void **state)
{
    struct world *world = world_new();
    const size_t before = sizeof(TELL_ALL JOB("a [1.1]") "text") - 1;

    (void)state;
    world->id = PJL_ID;
    world->speaks = true;
    world_open(world);
    assert_true(world_start(world, 1, u"a"));
    world_write(world, "text", 4);
    assert_int_equal(world->size, before);
    world->error = PLATEN_DEVICE_NOT_CONNECTED;
    world->failing = 1;
    assert_false(world_end(world));
    assert_int_equal(world_last_error(), PLATEN_DEVICE_NOT_CONNECTED);
    assert_int_equal(world->ends, 1);
    world->stop_at = before + 5; /* as if it had all the time: the spooler has not */
    assert_true(world_start(world, 2, u"b"));
    world->job_status = JOB_STATUS_DELETING;
    assert_true(world_end(world));
    assert_int_equal(world->set_job_count, 0);
    finish(world);
}

/* R29, R77, R80: nothing is left open, and nobody is left waiting. */
static void closing_in_the_middle(void **state)
{
    struct world *world = world_new();

    (void)state;
    world->id = PJL_ID;
    world->speaks = world->between = true;
    world_open(world);
    world_await_size(world, sizeof(TELL_ALL UEL) - 1);
    world_print(world, 1, u"a", "text");
    assert_true(world_start(world, 2, u"b"));
    world_write(world, "half", 4);
    world_close(world);
    assert_int_equal(world->set_job_count, 1); /* the first; the other one is not printed */
    assert_completed(world, 0, 1, JOB_CONTROL_LAST_PAGE_EJECTED);
    assert_int_equal(world->ends, 2);
    world_open(world);
    world_shutdown(world); /* closes what is open */
    assert_int_equal(world->closes, 2);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R82_after_a_time),
        cmocka_unit_test(a_connection_that_is_over),
        cmocka_unit_test(printed_all_the_same),
        cmocka_unit_test(time_out_is_stored),
        cmocka_unit_test(jobs_wait_for_their_own_word),
        cmocka_unit_test(cancelled_at_the_printer),
        cmocka_unit_test(R55_cancelled_at_the_spooler),
        cmocka_unit_test(an_end_that_gets_stuck),
        cmocka_unit_test(closing_in_the_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
