/* SPDX-License-Identifier: MIT
 *
 * A session: its thread, what it is handed, and how long anybody waits for it.
 */
#include "script/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "script/session_inside.h"

#define NAMED   "text" /* what a text is called where it is wrong */
#define TIMEOUT (20 * SECOND)
#define GRACE   (5 * SECOND)
#define TICK    (100 * MILLISECOND)

/* ---- its thread ------------------------------------------------------------------------------ */

static void work(void *argument)
{
    platen_session *session = argument;
    struct script_lane *lane = session->lane;

    platen_lane_enter(&lane->lane);
    platen_os_mutex_lock(&session->lock);
    while (session->work != SESSION_ENDS) {
        enum session_work given = session->work;
        if (given == SESSION_IDLE) {
            platen_os_cond_wait(&session->changed, &session->lock);
            continue;
        }
        platen_os_mutex_unlock(&session->lock);
        if (given == SESSION_RUNS) {
            script_run_nodes(lane, session->source.nodes);
            lane->node = NULL;
        } else {
            script_test_close(&session->test, lane);
        }
        platen_os_mutex_lock(&session->lock);
        session->work = session->work == given ? SESSION_IDLE : session->work;
        platen_os_cond_broadcast(&session->changed);
    }
    platen_os_mutex_unlock(&session->lock);
    platen_lane_enter(NULL);
}

static void hand(platen_session *session, enum session_work given)
{
    platen_os_mutex_lock(&session->lock);
    session->work = given;
    platen_os_cond_broadcast(&session->changed);
    platen_os_mutex_unlock(&session->lock);
}

static bool is_interrupted(const platen_session *session)
{
    return session->world.interrupted != NULL && session->world.interrupted(session->world.context);
}

/* Until it has nothing to do; false: the time is over, or somebody wants the end (NULL: whoever
 * does has it). */
static bool await(platen_session *session, uint64_t until, bool *interrupted)
{
    bool ends = false;
    platen_os_mutex_lock(&session->lock);
    while (session->work != SESSION_IDLE && platen_os_now() < until && !ends) {
        uint64_t tick = platen_os_now() + TICK;
        platen_os_cond_wait_until(&session->changed, &session->lock, tick < until ? tick : until);
        ends = interrupted != NULL && session->work != SESSION_IDLE && is_interrupted(session);
    }
    bool idle = session->work == SESSION_IDLE;
    platen_os_mutex_unlock(&session->lock);
    if (interrupted != NULL) {
        *interrupted = ends;
    }
    return idle;
}

/* ---- opening --------------------------------------------------------------------------------- */

static bool copy(const char **text)
{
    char *kept = *text == NULL ? NULL : malloc(strlen(*text) + 1);
    bool fine = *text == NULL || kept != NULL;
    *text = kept == NULL ? NULL : strcpy(kept, *text);
    return fine;
}

static void free_parts(platen_session *session)
{
    script_lane_free(session->lane);
    script_source_free(&session->source);
    script_test_free(&session->test);
    session_found_free(session);
    session_lines_free(&session->lines);
    platen_words_free(session->words);
    free(session->raw);
    platen_os_cond_destroy(&session->changed);
    platen_os_mutex_destroy(&session->lock);
    platen_os_mutex_destroy(&session->telling);
    free((void *)(uintptr_t)session->options.monitor);
    free((void *)(uintptr_t)session->options.language);
    free(session);
}

static void fill_run(platen_session *session)
{
    const struct platen_session_options *options = &session->options;
    session->listener = session_listener(session);
    session->script = (struct platen_script_options){
        .seed = options->seed,
        .timeout = options->timeout,
        .monitor = options->monitor,
        .language = options->language,
        .registry = options->registry,
        .trace = options->trace,
        .program = "",
    };
    session->run = (struct script_run){
        .listener = &session->listener,
        .options = &session->script,
        .world = &session->world,
        .timeout = options->timeout,
    };
}

platen_session *platen_session_open(const struct platen_session_options *options)
{
    platen_session *session = calloc(1, sizeof *session);
    if (session == NULL) {
        return NULL;
    }
    session->options = *options;
    session->world = *options->world;
    session->options.timeout = options->timeout == 0 ? TIMEOUT : options->timeout;
    session->options.grace = options->grace == 0 ? GRACE : options->grace;
    bool fine = copy(&session->options.monitor);
    fine = copy(&session->options.language) && fine;
    platen_os_mutex_init(&session->lock);
    platen_os_mutex_init(&session->telling);
    platen_os_cond_init(&session->changed);
    session_lines_init(&session->lines);
    session->last_found = &session->found;
    session->words = platen_words_new();
    fill_run(session);
    script_test_open(&session->test, &session->run, NAMED);
    session->test.expects_findings = true; /* they are told apart */
    session->lane = script_lane_new(&session->test, "main");
    fine = fine && session->words != NULL && session->lane != NULL &&
           !script_is_over(&session->test) &&
           platen_os_thread_start(&session->thread, "session", 0, work, session) == 0;
    if (!fine) {
        free_parts(session);
        return NULL;
    }
    return session;
}

/* ---- a text ---------------------------------------------------------------------------------- */

/* "text:3:5: what" without the name; the first one only. */
static void on_complaint(void *context, const char *text)
{
    platen_session *session = context;
    const size_t name = sizeof NAMED; /* and the colon */
    if (session->why[0] == '\0') {
        bool mine = strncmp(text, NAMED ":", name) == 0;
        snprintf(session->why, sizeof session->why, "%s", text + (mine ? name : 0));
    }
}

static const struct script_node *test_among(const struct script_node *nodes)
{
    while (nodes != NULL && (nodes->verb == NULL || nodes->verb->id != SCRIPT_VERB_test)) {
        const struct script_node *inside =
            nodes->verb != NULL && nodes->verb->id == SCRIPT_VERB_include ? test_among(nodes->body)
                                                                          : NULL;
        if (inside != NULL) {
            return inside;
        }
        nodes = nodes->next;
    }
    return nodes;
}

static bool read_text(platen_session *session, const char *text)
{
    struct script_complaints complaints = {.tell = on_complaint, .context = session};
    struct platen_text_error error;

    script_source_free(&session->source);
    script_source_read_text(&session->source, NAMED, text, &complaints);
    const struct script_node *test =
        complaints.count == 0 ? test_among(session->source.nodes) : NULL;
    if (test != NULL) {
        platen_text_fail(&error, test->line, 1, "there are no tests in a session");
        script_complain(&complaints, test->file->path, &error);
    }
    if (complaints.count == 0) {
        script_check_clocks(&session->source, &complaints);
    }
    return complaints.count == 0;
}

/* ---- running --------------------------------------------------------------------------------- */

static bool bad(platen_session *session, const char *why)
{
    snprintf(session->why, sizeof session->why, "%s", why);
    return false;
}

static bool can_run(platen_session *session)
{
    if (session->late) {
        return bad(session, "its time was over before");
    }
    return !platen_session_is_dead(session) || bad(session, "the monitor's host has ended before");
}

/* The time is over: ends what can be ended, and waits for what comes of it. */
static void stop(platen_session *session, bool interrupted)
{
    char where[SCRIPT_WHERE];
    double seconds = (double)session->options.timeout / (double)SECOND;

    script_where(&session->test, where);
    if (interrupted) {
        script_break(&session->test, SCRIPT_LATE, "interrupted");
    } else {
        script_break(&session->test, SCRIPT_LATE, "it took longer than %g s%s", seconds, where);
    }
    session->late = true;
    script_stop_all(&session->test);
    session->stuck = !await(session, platen_os_now() + session->options.grace, NULL);
}

/* Without the test's lock: nothing runs any more, or it does not end. */
static enum platen_session_end came_to(platen_session *session, unsigned failed)
{
    struct script_test *test = &session->test;
    int end = atomic_load(&test->end);

    platen_os_mutex_lock(&test->lock);
    snprintf(session->why, sizeof session->why, "%s%s", end == SCRIPT_GOES_ON ? "" : test->reason,
             session->stuck ? "; the monitor does not come back from its call" : "");
    platen_os_mutex_unlock(&test->lock);
    if (session->late) {
        return PLATEN_SESSION_LATE;
    }
    if (platen_session_is_dead(session)) {
        return PLATEN_SESSION_DEAD;
    }
    if (end != SCRIPT_GOES_ON) {
        return end == SCRIPT_SKIPPED ? PLATEN_SESSION_SKIPPED : PLATEN_SESSION_BROKEN;
    }
    return atomic_load(&test->failed) == failed ? PLATEN_SESSION_MET : PLATEN_SESSION_UNMET;
}

enum platen_session_end platen_session_run(platen_session *session, const char *text)
{
    struct script_test *test = &session->test;
    unsigned failed = atomic_load(&test->failed);
    bool interrupted;

    session->why[0] = '\0';
    if (!can_run(session)) {
        return session->late ? PLATEN_SESSION_LATE : PLATEN_SESSION_DEAD;
    }
    if (!read_text(session, text)) {
        return PLATEN_SESSION_WRONG;
    }
    platen_os_mutex_lock(&test->lock); /* the monitor's end may be told at any time */
    test->reason[0] = '\0';
    platen_os_mutex_unlock(&test->lock);
    memset(session->longest, 0, sizeof session->longest);
    atomic_store(&test->end, SCRIPT_GOES_ON);
    session_listen(session, true);
    hand(session, SESSION_RUNS);
    if (!await(session, platen_os_now() + session->options.timeout, &interrupted)) {
        stop(session, interrupted);
    }
    session_listen(session, false);
    return came_to(session, failed);
}

const char *platen_session_why(const platen_session *session)
{
    return session->why;
}

bool platen_session_is_dead(const platen_session *session)
{
    return atomic_load(&session->test.dead);
}

/* ---- the end --------------------------------------------------------------------------------- */

bool platen_session_close(platen_session *session)
{
    if (session == NULL) {
        return true;
    }
    uint64_t whole = session->options.timeout + session->options.grace;
    if (session->stuck && !await(session, platen_os_now() + session->options.grace, NULL)) {
        hand(session, SESSION_ENDS); /* whenever it comes back */
        return false;
    }
    session_listen(session, true);
    hand(session, SESSION_CLOSES);
    bool closed = await(session, platen_os_now() + whole, NULL);
    session_listen(session, false);
    hand(session, SESSION_ENDS);
    if (!closed) {
        return false;
    }
    platen_os_thread_join(session->thread);
    free_parts(session);
    return true;
}
