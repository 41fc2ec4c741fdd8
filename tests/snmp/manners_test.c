/* SPDX-License-Identifier: MIT
 *
 * Agents that are slow, silent, mistaken or hostile, and third parties that lie. Times have seconds
 * of slack; none has to pass but where an agent is silent.
 */
#include "trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contact.h"
#include "agentlink.h"

#define STATE "\\Printer.Status.Summary:State"
#define LEVEL "\\Printer.Consumables.BlackToner:Level"

static struct trial trial;

/* What does not keep the true answer away changes nothing. */
static void right_in_spite_of(enum manner manner)
{
    trial_begin(&trial);
    trial_expect(&trial, "\\Printer.DeviceInfo:Location", "Room 7, by the window");
    agent_behave(&trial.agent, manner);
    trial_expect(&trial, STATE, "Processing");
    trial_expect(&trial, LEVEL, "50");
    trial_expect(&trial, "\\Printer.Layout.InputBins.Tray5:MediaSize", "my own cards");
    assert_string_equal(trial.log, "");
    trial_end(&trial);
}

static void replies_twice(void **state)
{
    (void)state;
    right_in_spite_of(AGENT_TWICE);
}

static void late_replies(void **state)
{
    (void)state;
    right_in_spite_of(AGENT_LATE);
}

static void replies_to_other_questions(void **state)
{
    (void)state;
    right_in_spite_of(AGENT_OTHER_ID);
}

static void replies_from_others(void **state)
{
    (void)state;
    right_in_spite_of(AGENT_SPOOFED);
}

static void what_is_no_reply(void **state)
{
    (void)state;
    right_in_spite_of(AGENT_REPORTS);
}

static void garbage(void **state)
{
    (void)state;
    right_in_spite_of(AGENT_GARBAGE);
}

static void cut_replies(void **state)
{
    (void)state;
    right_in_spite_of(AGENT_CUT);
}

/* A question that was lost is asked again. */
static void lost_questions(void **state)
{
    (void)state;
    trial_begin(&trial);
    trial_expect(&trial, "\\Printer.DeviceInfo:Location", "Room 7, by the window");
    agent_behave(&trial.agent, AGENT_LOSES_FIRST);
    trial_expect(&trial, "\\Printer.Configuration.DuplexUnit:Installed", "true");
    trial_end(&trial);
}

static uint32_t ask(const char *schema, uint64_t patience, uint64_t *took)
{
    char text[200];
    uint64_t since = trial_now();
    uint32_t error = trial_get(&trial, schema, text, sizeof text, patience);
    *took = trial_now() - since;
    return error;
}

/* At the deadline; what is asked next in vain does not wait; later the agent is asked again. */
static void silence(enum manner manner)
{
    uint64_t took;
    trial_begin(&trial);
    agent_behave(&trial.agent, manner);
    assert_int_equal(ask(STATE, SECOND, &took), PLATEN_TIMEOUT);
    assert_true(took >= SECOND && took < 6 * SECOND);
    assert_int_equal(ask(LEVEL, 30 * SECOND, &took), PLATEN_TIMEOUT);
    assert_true(took < 5 * SECOND);
    assert_non_null(strstr(trial.log, "no answer by SNMP"));
    assert_null(strstr(strstr(trial.log, "no answer") + 1, "no answer"));
    trial_end(&trial);
}

static void a_silent_agent(void **state)
{
    (void)state;
    silence(AGENT_SILENT);
}

static void an_agent_that_never_stops(void **state)
{
    (void)state;
    silence(AGENT_NOISE);
}

static void an_agent_that_awakes(void **state)
{
    uint64_t took, since;
    (void)state;
    trial_begin(&trial);
    agent_behave(&trial.agent, AGENT_SILENT);
    assert_int_equal(ask(STATE, SECOND, &took), PLATEN_TIMEOUT);
    agent_behave(&trial.agent, AGENT_DECENT);
    for (since = trial_now(); ask(STATE, 5 * SECOND, &took) && trial_now() - since < 20 * SECOND;)
        platen_os_thread_yield();
    trial_expect(&trial, STATE, "Processing");
    assert_non_null(strstr(trial.log, "again"));
    trial_end(&trial);
}

/* What was learned is believed for a while, whoever falls silent. */
static void no_time_at_all(void **state)
{
    char text[100];
    uint64_t since;
    uint32_t error;
    (void)state;
    trial_begin(&trial);
    assert_int_equal(trial_get(&trial, STATE, text, sizeof text, 0), PLATEN_TIMEOUT);
    assert_int_equal(atomic_load(&trial.agent.asked), 0);
    assert_string_equal(trial.log, "");
    do { /* again, if this machine was busy with something else for that while */
        agent_behave(&trial.agent, AGENT_DECENT);
        trial_expect(&trial, STATE, "Processing");
        since = trial_now();
        agent_behave(&trial.agent, AGENT_SILENT);
        error = trial_get(&trial, STATE, text, sizeof text, 0);
    } while (error && trial_now() - since > SECOND / 2);
    assert_int_equal(error, 0);
    trial_end(&trial);
}

static void nobody_there(void **state)
{
    uint64_t took;
    uint32_t error;
    uint16_t port;
    bare_socket other = bare_datagrams(&port);
    (void)state;
    trial_begin(&trial);
    bare_close(other);
    contact_use_port(port);
    trial_reopen(&trial, "127.0.0.1", "public", 1);
    error = ask(STATE, 2 * SECOND, &took);
    assert_true(error == PLATEN_CONNECTION_REFUSED || error == PLATEN_TIMEOUT);
    assert_true(took < 5 * SECOND);
    trial_end(&trial);
}

static uint32_t no_host(const char *host, uint16_t port, struct platen_os_address *addresses,
                        size_t room, size_t *count)
{
    (void)host;
    (void)port;
    (void)addresses;
    (void)room;
    *count = 0;
    return PLATEN_HOST_NOT_FOUND;
}

static void no_such_host(void **state)
{
    uint64_t took;
    (void)state;
    trial_begin(&trial);
    platen_os_replace_resolver(no_host);
    trial_reopen(&trial, "printer\x1b[2J.example", "public", 1);
    assert_int_equal(ask(STATE, 10 * SECOND, &took), PLATEN_HOST_NOT_FOUND);
    assert_non_null(strstr(trial.log, "the host was not found"));
    assert_null(strchr(trial.log, '\x1b'));
    platen_os_replace_resolver(NULL);
    trial_end(&trial);
}

/* The wrong community is silence, and is told nowhere. */
static void another_community(void **state)
{
    char *all;
    uint64_t took;
    (void)state;
    trial_begin(&trial);
    agent_let_in(&trial.agent, "xyzzy-secret");
    trial_reopen(&trial, "127.0.0.1", "wrong-secret", 1);
    assert_int_equal(ask(STATE, SECOND, &took), PLATEN_TIMEOUT);
    assert_true(trial.log[0] != 0);
    assert_null(strstr(trial.log, "secret"));
    trial_reopen(&trial, "127.0.0.1", "xyzzy-secret", 1);
    all = trial_all(&trial);
    assert_non_null(strstr(all, "Processing"));
    assert_null(strstr(all, "secret"));
    assert_null(strstr(trial.log, "secret"));
    free(all);
    trial_end(&trial);
}

/* Tables without end, and answers without content: there is an end to asking. */
static void answers_without_end(void **state)
{
    static const enum manner manners[] = {AGENT_ENDLESS, AGENT_CIRCLES, AGENT_EMPTY, AGENT_FAILS};
    (void)state;
    for (size_t i = 0; i < sizeof manners / sizeof *manners; i++) {
        for (int version = 0; version < 2; version++) {
            char *all;
            trial_begin(&trial);
            agent_limit(&trial.agent, version, 1400);
            agent_behave(&trial.agent, manners[i]);
            all = trial_all(&trial);
            assert_true(strlen(all) < 1000000);
            free(all);
            assert_true(atomic_load(&trial.agent.asked) < 12000);
            trial_end(&trial);
        }
    }
}

/* Any byte may be any other; what is said then does not matter. */
static void damaged_anywhere(void **state)
{
    bool slow = getenv("PLATEN_SLOW") != NULL;
    (void)state;
    trial_begin(&trial);
    for (uint32_t seed = 1; seed <= (slow ? 5u : 30u); seed++) {
        uint64_t took;
        agent_seed(&trial.agent, seed);
        agent_behave(&trial.agent, AGENT_DECENT);
        trial_reopen(&trial, "127.0.0.1", "public", 1);
        trial_expect(&trial, "\\Printer.Configuration.Memory:Size", "524288");
        agent_behave(&trial.agent, AGENT_BAD);
        ask(LEVEL, 100 * MILLISECOND, &took);
        assert_true(took < 5 * SECOND);
    }
    trial_end(&trial);
}

/* ---- several at once ------------------------------------------------------------------------- */

struct asker {
    struct trial trial;
    platen_os_thread *thread;
    uint32_t error;
};

static void ask_much(void *context)
{
    struct asker *asker = context;
    char text[100];
    for (int i = 0; i < 50 && !asker->error; i++) {
        trial_reopen(&asker->trial, "127.0.0.1", "public", 1);
        asker->error = trial_get(&asker->trial, LEVEL, text, sizeof text, 20 * SECOND);
        if (!asker->error && strcmp(text, "50") != 0)
            asker->error = 1;
    }
}

static void many_at_once(void **state)
{
    static struct asker askers[6];
    (void)state;
    trial_begin(&trial);
    for (size_t i = 0; i < sizeof askers / sizeof *askers; i++)
        assert_int_equal(
            platen_os_thread_start(&askers[i].thread, "asker", 0, ask_much, &askers[i]), 0);
    for (size_t i = 0; i < sizeof askers / sizeof *askers; i++) {
        platen_os_thread_join(askers[i].thread);
        assert_int_equal(askers[i].error, 0);
        platen_snmp_provider()->close(askers[i].trial.state);
        free(askers[i].trial.state);
    }
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replies_twice),
        cmocka_unit_test(late_replies),
        cmocka_unit_test(replies_to_other_questions),
        cmocka_unit_test(replies_from_others),
        cmocka_unit_test(what_is_no_reply),
        cmocka_unit_test(garbage),
        cmocka_unit_test(cut_replies),
        cmocka_unit_test(lost_questions),
        cmocka_unit_test(a_silent_agent),
        cmocka_unit_test(an_agent_that_never_stops),
        cmocka_unit_test(an_agent_that_awakes),
        cmocka_unit_test(no_time_at_all),
        cmocka_unit_test(nobody_there),
        cmocka_unit_test(no_such_host),
        cmocka_unit_test(another_community),
        cmocka_unit_test(answers_without_end),
        cmocka_unit_test(damaged_anywhere),
        cmocka_unit_test(many_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
