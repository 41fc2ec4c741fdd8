/* SPDX-License-Identifier: MIT
 *
 * Lanes beside `main`: threads that live as long as their test and run what they are handed, a
 * line that is written for them or a block of parallel { }; and the barriers where they meet.
 */
#include <stdlib.h>
#include <string.h>

#include "clock/virtual.h"
#include "script/inside.h"

/* What one lane does. With the test's lock. */
struct script_worker {
    platen_os_thread *thread;
    const struct script_node *work; /* NULL: nothing to do */
    bool whole;                     /* the nodes that begin there, not that line alone */
    bool ending;
};

struct script_barrier {
    struct script_barrier *next;
    const char *name; /* a slice */
    size_t length;
    unsigned lanes; /* that will still come */
    unsigned here;
    unsigned round;
};

/* ---- barriers -------------------------------------------------------------------------------- */

/* The barrier's name in a line that is one: the word behind the verb. */
static bool read_barrier(struct script_lane *lane, const struct script_node *node,
                         struct script_barrier *barrier)
{
    struct platen_line line;
    if (node->verb == NULL || node->verb->id != SCRIPT_VERB_barrier ||
        !platen_words_read(lane->words, node->text, node->length, node->line, &line, NULL) ||
        line.left == NULL || line.left->next == NULL) {
        return false;
    }
    barrier->name = line.left->next->raw;
    barrier->length = line.left->next->raw_length;
    return true;
}

static struct script_barrier *find_barrier(struct script_test *test, const char *name,
                                           size_t length)
{
    struct script_barrier *at = test->barriers;
    while (at != NULL && (at->length != length || memcmp(at->name, name, length) != 0)) {
        at = at->next;
    }
    return at;
}

/* Does the barrier stand anywhere among these lines? */
static bool has_barrier(struct script_lane *lane, const struct script_node *nodes,
                        const struct script_barrier *barrier)
{
    struct script_barrier here;
    for (; nodes != NULL; nodes = nodes->next) {
        if (read_barrier(lane, nodes, &here) && here.length == barrier->length &&
            memcmp(here.name, barrier->name, here.length) == 0) {
            return true;
        }
        if (has_barrier(lane, nodes->body, barrier)) {
            return true;
        }
    }
    return false;
}

static bool make_barriers(struct script_lane *lane, const struct script_node *nodes)
{
    struct script_barrier here;
    for (; nodes != NULL; nodes = nodes->next) {
        if (read_barrier(lane, nodes, &here) &&
            find_barrier(lane->test, here.name, here.length) == NULL) {
            struct script_barrier *made = calloc(1, sizeof *made);
            if (made == NULL) {
                return false;
            }
            made->name = here.name;
            made->length = here.length;
            made->next = lane->test->barriers;
            lane->test->barriers = made;
        }
        if (!make_barriers(lane, nodes->body)) {
            return false;
        }
    }
    return true;
}

static void free_barriers(struct script_test *test)
{
    while (test->barriers != NULL) {
        struct script_barrier *barrier = test->barriers;
        test->barriers = barrier->next;
        free(barrier);
    }
}

/* With the lock: all that are awaited are there. */
static void open_barrier(struct script_test *test, struct script_barrier *barrier)
{
    for (unsigned i = 0; i < barrier->here; i++) {
        platen_virtual_clock_hold(test->clock); /* each lets go when it takes part again */
    }
    barrier->here = 0;
    barrier->round++;
    platen_os_cond_broadcast(&test->changed);
}

bool script_verb_barrier(struct script_lane *lane, const struct script_words *words,
                         struct script_outcome *outcome)
{
    struct script_test *test = lane->test;
    const struct platen_word *word = script_word(words, "NAME");
    struct script_barrier *barrier = find_barrier(test, word->raw, word->raw_length);

    (void)outcome;
    if (barrier == NULL) {
        return script_fail(lane, word, "this barrier is unknown here");
    }
    bool took_part = script_block_begin(lane);
    platen_os_mutex_lock(&test->lock);
    unsigned round = barrier->round;
    if (++barrier->here >= barrier->lanes) {
        open_barrier(test, barrier);
    }
    while (barrier->round == round && !script_is_over(test)) {
        platen_os_cond_wait(&test->changed, &test->lock);
    }
    bool opened = barrier->round != round;
    platen_os_mutex_unlock(&test->lock);
    script_block_end(lane, took_part);
    if (opened) {
        platen_virtual_clock_release(test->clock);
    }
    return true;
}

/* A lane comes to no barrier any more. */
static void leave_barriers(struct script_lane *lane, const struct script_node *body)
{
    struct script_test *test = lane->test;
    for (struct script_barrier *at = test->barriers; at != NULL; at = at->next) {
        if (!has_barrier(lane, body, at)) {
            continue;
        }
        platen_os_mutex_lock(&test->lock);
        at->lanes--;
        if (at->lanes > 0 && at->here >= at->lanes) {
            open_barrier(test, at);
        }
        platen_os_mutex_unlock(&test->lock);
    }
}

/* ---- workers --------------------------------------------------------------------------------- */

static void run_work(struct script_lane *lane, const struct script_node *work, bool whole)
{
    if (whole) {
        lane->node = work;
        script_run_nodes(lane, work->body);
        leave_barriers(lane, work->body);
    } else {
        script_run_line(lane, work);
    }
}

static void work(void *argument)
{
    struct script_lane *lane = argument;
    struct script_test *test = lane->test;
    struct script_worker *worker = lane->worker;

    platen_lane_enter(&lane->lane);
    platen_os_mutex_lock(&test->lock);
    while (!worker->ending || worker->work != NULL) {
        if (worker->work == NULL) {
            platen_os_cond_wait(&test->changed, &test->lock);
            continue;
        }
        platen_os_mutex_unlock(&test->lock);
        platen_virtual_clock_enter(test->clock);
        platen_virtual_clock_release(test->clock);
        run_work(lane, worker->work, worker->whole);
        platen_os_mutex_lock(&test->lock);
        worker->work = NULL;
        if (--test->working == 0) {
            platen_virtual_clock_hold(test->clock); /* until who waits takes part again */
        }
        platen_os_cond_broadcast(&test->changed);
        platen_os_mutex_unlock(&test->lock);
        platen_virtual_clock_leave(test->clock);
        platen_os_mutex_lock(&test->lock);
    }
    platen_os_mutex_unlock(&test->lock);
    platen_lane_enter(NULL);
}

/* The lane of that name, with its thread; NULL: it could not be started. */
static struct script_lane *worker_named(struct script_lane *main, const char *name)
{
    struct script_test *test = main->test;
    struct script_lane *lane = test->lanes;

    while (lane != NULL && strcmp(lane->name, name) != 0) {
        lane = lane->next;
    }
    if (lane != NULL) {
        return lane;
    }
    lane = script_lane_new(test, name);
    if (lane == NULL) {
        return NULL;
    }
    lane->working = true;
    lane->worker = calloc(1, sizeof *lane->worker);
    if (lane->worker == NULL ||
        platen_os_thread_start(&lane->worker->thread, name, 0, work, lane) != 0) {
        free(lane->worker);
        script_lane_free(lane);
        return NULL;
    }
    lane->next = test->lanes;
    test->lanes = lane;
    return lane;
}

static void hand(struct script_lane *main, struct script_lane *lane, const struct script_node *node,
                 bool whole)
{
    platen_virtual_clock_hold(main->test->clock); /* until it takes part itself */
    platen_os_mutex_lock(&main->test->lock);
    if (lane->spooler == NULL) {
        script_lane_turn(lane, main->spooler);
    }
    lane->worker->work = node;
    lane->worker->whole = whole;
    main->test->working++;
    platen_os_mutex_unlock(&main->test->lock);
}

static void wait_for_all(struct script_lane *main)
{
    struct script_test *test = main->test;
    bool took_part = script_block_begin(main);
    platen_os_mutex_lock(&test->lock);
    platen_os_cond_broadcast(&test->changed);
    while (test->working > 0) {
        platen_os_cond_wait(&test->changed, &test->lock);
    }
    platen_os_mutex_unlock(&test->lock);
    script_block_end(main, took_part);
    platen_virtual_clock_release(test->clock);
}

bool script_other_lane(struct script_lane *main, const struct script_node *node,
                       const struct platen_word *word)
{
    const char *name = platen_word_string(main->words, word, &main->error);
    struct script_lane *lane = name == NULL ? NULL : worker_named(main, name);

    if (lane == NULL) {
        script_break(main->test, SCRIPT_BROKEN, "this lane cannot be started");
        return false;
    }
    script_spooler_of(main);
    script_lane_turn(lane, main->spooler);
    lane->loops = main->loops;
    hand(main, lane, node, false);
    wait_for_all(main);
    lane->loops = NULL;
    return true;
}

void script_lanes_end(struct script_test *test)
{
    platen_os_mutex_lock(&test->lock);
    for (struct script_lane *lane = test->lanes; lane != NULL; lane = lane->next) {
        lane->worker->ending = true;
    }
    platen_os_cond_broadcast(&test->changed);
    platen_os_mutex_unlock(&test->lock);
    while (test->lanes != NULL) {
        struct script_lane *lane = test->lanes;
        platen_os_thread_join(lane->worker->thread);
        test->lanes = lane->next;
        free(lane->worker);
        script_lane_free(lane);
    }
}

/* ---- parallel -------------------------------------------------------------------------------- */

/* The name of `lane NAME {`. In memory of the main lane. */
static const char *lane_name(struct script_lane *main, const struct script_node *node)
{
    struct script_statement statement;
    const char *name = NULL;
    if (!script_statement_read(main->words, node->text, node->length, node->line, &statement,
                               &main->error) ||
        !script_text(main, script_word(&statement.words, "NAME"), &name)) {
        return NULL;
    }
    return name;
}

static bool hand_lane(struct script_lane *main, const struct script_node *node)
{
    const char *name = lane_name(main, node);
    struct script_lane *lane = name == NULL ? NULL : worker_named(main, name);

    if (lane == NULL) {
        return false;
    }
    platen_os_mutex_lock(&main->test->lock);
    bool busy = lane->worker->work != NULL;
    platen_os_mutex_unlock(&main->test->lock);
    if (busy) {
        return script_fail(main, NULL, "two lanes have the same name");
    }
    lane->loops = main->loops;
    hand(main, lane, node, true);
    return true;
}

bool script_verb_parallel(struct script_lane *lane, const struct script_words *words,
                          struct script_outcome *outcome)
{
    struct script_test *test = lane->test;
    const struct script_node *nodes = lane->node->body;
    bool fine = script_spooler_of(lane) != NULL && make_barriers(lane, nodes);

    (void)words;
    (void)outcome;
    for (struct script_barrier *at = test->barriers; at != NULL; at = at->next) {
        for (const struct script_node *node = nodes; node != NULL; node = node->next) {
            at->lanes += has_barrier(lane, node->body, at);
        }
    }
    test->parallel = true;
    unsigned handed = 0;
    for (const struct script_node *node = nodes; node != NULL && fine; node = node->next) {
        fine = hand_lane(lane, node);
        handed += fine;
    }
    if (handed > 0) {
        wait_for_all(lane);
    }
    test->parallel = false;
    free_barriers(test);
    return fine;
}

bool script_verb_lane(struct script_lane *lane, const struct script_words *words,
                      struct script_outcome *outcome)
{
    (void)lane;
    (void)words;
    (void)outcome;
    return true;
}
