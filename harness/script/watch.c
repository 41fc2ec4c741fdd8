/* SPDX-License-Identifier: MIT
 *
 * Nothing takes for ever: a thread beside each test that ends it when its time is over, and the
 * process when a monitor does not come back then.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "os/text.h"
#include "script/inside.h"
#include "spooler/shadow.h"

#define TICK  (100 * MILLISECOND)
#define GRACE (60 * SECOND)

struct script_watch {
    struct script_test *test;
    platen_os_thread *thread;
    platen_os_mutex lock;
    platen_os_cond done;
    uint64_t until;
    bool ended;
};

static bool is_interrupted(struct script_run *run)
{
    const struct platen_script_world *world = run->world;
    return world->interrupted != NULL && world->interrupted(world->context);
}

/* ---- lines that are being run ---------------------------------------------------------------- */

void script_busy_begin(struct script_lane *lane, struct script_busy *busy)
{
    struct script_test *test = lane->test;
    *busy = (struct script_busy){.node = lane->node, .lane = lane->name};
    platen_os_mutex_lock(&test->lock);
    busy->next = test->busy;
    test->busy = busy;
    platen_os_mutex_unlock(&test->lock);
}

void script_busy_end(struct script_lane *lane, struct script_busy *busy)
{
    struct script_busy **at = &lane->test->busy;
    platen_os_mutex_lock(&lane->test->lock);
    while (*at != busy) {
        at = &(*at)->next;
    }
    *at = busy->next;
    platen_os_mutex_unlock(&lane->test->lock);
}

/* A block is not what takes its time: a line in it does. */
static const struct script_busy *leaf(const struct script_busy *busy)
{
    while (busy != NULL && busy->node->body != NULL) {
        busy = busy->next;
    }
    return busy;
}

void script_where(struct script_test *test, char to[SCRIPT_WHERE])
{
    *to = '\0';
    platen_os_mutex_lock(&test->lock);
    const struct script_busy *busy = leaf(test->busy);
    if (busy != NULL) {
        const struct script_node *node = busy->node;
        const char *text = node->text + strspn(node->text, " \t");
        size_t length = node->length - (size_t)(text - node->text);
        bool main = strcmp(busy->lane, "main") == 0;
        snprintf(to, SCRIPT_WHERE, ", in line %u%s%.60s%s: %.*s%s", (unsigned)node->line,
                 main ? "" : " (lane ", main ? "" : busy->lane, main ? "" : ")",
                 (int)(length < 160 ? length : 160), text, length < 160 ? "" : "...");
    }
    platen_os_mutex_unlock(&test->lock);
}

/* Each of them as a check that could not be made. */
static void tell_hung_lines(struct script_test *test)
{
    platen_os_mutex_lock(&test->lock);
    for (const struct script_busy *busy = leaf(test->busy); busy != NULL; busy = leaf(busy->next)) {
        struct script_lane lane = {.test = test, .node = busy->node};
        script_tell_check(&lane,
                          &(struct script_told){.verdict = PLATEN_REPORT_ERROR,
                                                .text = "this has not come back, a minute after "
                                                        "the time of the test was over"});
    }
    platen_os_mutex_unlock(&test->lock);
}

/* What can be told is told before the process ends. */
static void give_up(struct script_test *test)
{
    char where[SCRIPT_WHERE];
    char raw[SCRIPT_WHERE + 600];
    char what[4 * (SCRIPT_WHERE + 600)];

    script_where(test, where);
    snprintf(
        raw, sizeof raw,
        "the monitor hangs: the time of the test \"%.200s\" (%.200s) was over a minute ago, and "
        "it has not returned from its call%s",
        test->name, test->path, where);
    platen_text_printable(raw, strlen(raw), what, sizeof what);
    tell_hung_lines(test);
    script_test_tell_hung(test, raw);
    test->run->world->give_up(test->run->world->context, what);
}

/* ---- the watch ------------------------------------------------------------------------------- */

/* With the lock. */
static void stop(struct script_watch *watch, enum script_end end)
{
    struct script_test *test = watch->test;
    char where[SCRIPT_WHERE];

    platen_os_mutex_unlock(&watch->lock);
    if (end == SCRIPT_BROKEN) {
        test->run->interrupted = true;
        script_break(test, end, "interrupted");
    } else {
        script_where(test, where);
        script_break(test, end, "it took longer than %llu seconds%s",
                     (unsigned long long)(test->run->timeout / SECOND), where);
    }
    script_stop_all(test);
    platen_os_mutex_lock(&watch->lock);
    watch->until = platen_os_now() + GRACE;
    while (!watch->ended && platen_os_now() < watch->until) {
        platen_os_cond_wait_until(&watch->done, &watch->lock, watch->until);
    }
    if (!watch->ended && test->run->world->give_up != NULL) {
        give_up(test);
    }
}

static void run_watch(void *argument)
{
    struct script_watch *watch = argument;

    platen_os_mutex_lock(&watch->lock);
    while (!watch->ended) {
        if (is_interrupted(watch->test->run)) {
            stop(watch, SCRIPT_BROKEN);
            break;
        }
        if (platen_os_now() >= watch->until) {
            stop(watch, SCRIPT_LATE);
            break;
        }
        platen_os_cond_wait_until(&watch->done, &watch->lock, platen_os_now() + TICK);
    }
    platen_os_mutex_unlock(&watch->lock);
}

struct script_watch *script_watch_begin(struct script_test *test, uint64_t timeout)
{
    struct script_watch *watch = calloc(1, sizeof *watch);
    if (watch == NULL) {
        return NULL;
    }
    watch->test = test;
    watch->until = platen_os_now() + timeout;
    platen_os_mutex_init(&watch->lock);
    platen_os_cond_init(&watch->done);
    if (platen_os_thread_start(&watch->thread, "watch", 0, run_watch, watch) != 0) {
        watch->thread = NULL;
    }
    return watch;
}

void script_watch_end(struct script_watch *watch)
{
    if (watch == NULL) {
        return;
    }
    platen_os_mutex_lock(&watch->lock);
    watch->ended = true;
    platen_os_cond_signal(&watch->done);
    platen_os_mutex_unlock(&watch->lock);
    if (watch->thread != NULL) {
        platen_os_thread_join(watch->thread);
    }
    platen_os_cond_destroy(&watch->done);
    platen_os_mutex_destroy(&watch->lock);
    free(watch);
}

/* Those that were queued and may not have ended. */
static void cancel_jobs(struct script_test *test)
{
    platen_os_mutex_lock(&test->lock);
    for (struct script_event *event = test->events; event != NULL; event = event->next) {
        uint32_t job = event->event.job_id;
        if (event->event.kind == PLATEN_EVENT_JOB_QUEUED) {
            platen_os_mutex_unlock(&test->lock); /* events do not go while it is being stopped */
            platen_job_cancel(event->spooler->spooler, job);
            platen_os_mutex_lock(&test->lock);
        }
    }
    platen_os_mutex_unlock(&test->lock);
}

/* Jobs of calls that a script made: GetJob says from now on that they are gone, so that a monitor
 * that asks while it waits for its device gives up. */
static void end_shadows(struct script_test *test)
{
    struct script_open *open;
    do {
        platen_spooler *spooler = NULL;
        uint32_t job = 0;
        platen_os_mutex_lock(&test->lock);
        for (open = test->opens; open != NULL && open->job == 0; open = open->next) {
        }
        if (open != NULL) {
            job = open->job;
            spooler = open->monitor->spooler->spooler;
            open->job = 0;
        }
        platen_os_mutex_unlock(&test->lock);
        if (spooler != NULL) {
            platen_shadow_end_job(spooler, job);
        }
    } while (open != NULL);
}

void script_stop_all(struct script_test *test)
{
    platen_os_mutex_lock(&test->lock);
    bool ends = test->world_ends;
    test->stopping = !ends;
    platen_os_mutex_unlock(&test->lock);
    if (ends) {
        return;
    }
    if (test->faults != NULL) {
        platen_faults_end(test->faults);
    }
    end_shadows(test);
    cancel_jobs(test);
    platen_os_mutex_lock(&test->lock);
    test->stopping = false;
    platen_os_cond_broadcast(&test->changed);
    platen_os_mutex_unlock(&test->lock);
}
