/* SPDX-License-Identifier: MIT
 *
 * One test: its world from beginning to end, and what it came to.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock/virtual.h"
#include "os/clock.h"
#include "os/file.h"
#include "script/inside.h"

static void init(struct script_test *test, struct script_run *run, const char *path)
{
    *test = (struct script_test){.run = run, .path = path};
    platen_os_mutex_init(&test->lock);
    platen_os_mutex_init(&test->files);
    platen_os_cond_init(&test->changed);
    test->last_event = &test->events;
    test->begun = platen_os_now();
}

/* Names that every script has. */
static void set_names(struct script_test *test)
{
    const struct platen_script_options *options = test->run->options;
    script_set_text(test, "monitor", options->monitor == NULL ? "builtin" : options->monitor);
    script_set_text(test, "language", options->language == NULL ? "" : options->language);
    script_set_number(test, "seed", options->seed == 0 ? 1 : options->seed);
    script_set_text(test, "monitors",
                    "HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Control\\Print\\Monitors");
    script_set_text(test, "system", SCRIPT_SYSTEM);
}

/* $tmp, and $there: the same folder by the name that it has where $monitor runs. */
static void name_folder(struct script_test *test, const char *folder)
{
    const struct platen_script_world *world = test->run->world;
    char *there = world->name_there == NULL ? NULL : world->name_there(world->context, folder);
    script_set_text(test, "tmp", folder);
    script_set_text(test, "there", there == NULL ? folder : there);
    free(there);
}

static void make_folder(struct script_test *test)
{
    char folder[1024];
    if (platen_os_make_temporary_folder(folder, sizeof folder) != 0) {
        script_break(test, SCRIPT_BROKEN, "no folder can be made for it");
        return;
    }
    test->folder = malloc(strlen(folder) + 1);
    if (test->folder != NULL) {
        strcpy(test->folder, folder);
        name_folder(test, folder);
    }
}

/* ---- the verdict ----------------------------------------------------------------------------- */

static enum platen_report_verdict judge(struct script_test *test, const char **why)
{
    int end = atomic_load(&test->end);

    *why = test->reason[0] == '\0' ? NULL : test->reason;
    if (end == SCRIPT_SKIPPED && atomic_load(&test->failed) == 0) {
        return PLATEN_REPORT_SKIP; /* what had failed before has failed */
    }
    if (end == SCRIPT_BROKEN) {
        return PLATEN_REPORT_ERROR;
    }
    if (end == SCRIPT_LATE || atomic_load(&test->failed) > 0) {
        return PLATEN_REPORT_FAIL;
    }
    if (atomic_load(&test->checks) == 0) {
        *why = "nothing was checked in it";
        return PLATEN_REPORT_FAIL;
    }
    return PLATEN_REPORT_PASS;
}

/* With xfail the other way round; what was skipped stays skipped, and what could not be tried has
 * not failed. */
static enum platen_report_verdict judge_expected(struct script_test *test, const char **why)
{
    enum platen_report_verdict verdict = judge(test, why);
    bool tried = verdict != PLATEN_REPORT_SKIP && verdict != PLATEN_REPORT_ERROR;
    if (!test->xfail || !tried || test->monitor_failed) {
        return verdict;
    }
    *why = test->expected_to_fail;
    return verdict == PLATEN_REPORT_PASS ? PLATEN_REPORT_XPASS : PLATEN_REPORT_XFAIL;
}

static int status_of(const struct script_test *test, enum platen_report_verdict verdict)
{
    if (test->monitor_failed) {
        return PLATEN_SCRIPT_MONITOR;
    }
    switch (verdict) {
    case PLATEN_REPORT_PASS:
    case PLATEN_REPORT_XFAIL:
        return PLATEN_SCRIPT_PASSED;
    case PLATEN_REPORT_SKIP:
        return PLATEN_SCRIPT_NOTHING;
    default:
        return PLATEN_SCRIPT_FAILED;
    }
}

/* What the spooler found that nobody asked for. */
void script_check_findings(struct script_lane *lane)
{
    struct script_test *test = lane->test;
    if (test->expects_findings || lane->node == NULL) {
        return;
    }
    for (struct script_event *event = test->events; event != NULL; event = event->next) {
        if (event->event.kind == PLATEN_EVENT_FINDING) {
            script_tell_check(lane, &(struct script_told){.verdict = PLATEN_REPORT_FAIL,
                                                          .expected = "no finding",
                                                          .expected_length = SIZE_MAX,
                                                          .got = event->event.text});
        }
    }
}

/* ---- from beginning to end ------------------------------------------------------------------- */

/* What stands before the test, outside of tests. true: the test was met. */
static bool run_prelude(struct script_lane *lane, const struct script_node *nodes)
{
    for (; nodes != NULL && !script_is_over(lane->test); nodes = nodes->next) {
        if (nodes == lane->test->node) {
            return true;
        }
        if (nodes->verb != NULL && nodes->verb->id == SCRIPT_VERB_include) {
            if (run_prelude(lane, nodes->body)) {
                return true;
            }
        } else if (nodes->verb == NULL || nodes->verb->id != SCRIPT_VERB_test) {
            script_run_line(lane, nodes);
        }
    }
    return false;
}

void script_test_open(struct script_test *test, struct script_run *run, const char *path)
{
    init(test, run, path);
    set_names(test);
    make_folder(test);
}

void script_test_begin(struct script_test *test, struct script_run *run, const char *path,
                       const char *name, const struct script_node *node)
{
    script_test_open(test, run, path);
    test->name = name;
    test->node = node;
    platen_report_tell(run->report, &(struct platen_report_event){
                                        .kind = PLATEN_REPORT_TEST_BEGIN,
                                        .name = name,
                                        .place = {.file = node == NULL ? path : node->file->path,
                                                  .line = node == NULL ? 0 : node->line},
                                    });
}

static void tell_end(struct script_test *test, enum platen_report_verdict verdict, const char *why)
{
    char repeat[SCRIPT_REPEAT];
    script_repeat_line(test, repeat, sizeof repeat);
    platen_report_tell(test->run->report, &(struct platen_report_event){
                                              .kind = PLATEN_REPORT_TEST_END,
                                              .name = test->name,
                                              .verdict = verdict,
                                              .text = why,
                                              .repeat = *repeat == '\0' ? NULL : repeat,
                                              .duration = platen_os_now() - test->begun,
                                          });
}

void script_test_tell_hung(struct script_test *test, const char *why)
{
    tell_end(test, PLATEN_REPORT_ERROR, why);
    script_run_tell_end(test->run, why);
}

void script_test_end(struct script_test *test, struct script_lane *lane)
{
    const char *why;

    script_test_close(test, lane);
    enum platen_report_verdict verdict = judge_expected(test, &why);
    tell_end(test, verdict, why);
    script_run_came_to(test->run, status_of(test, verdict));
    script_test_free(test);
}

void script_test_close(struct script_test *test, struct script_lane *lane)
{
    script_lanes_end(test);
    if (lane != NULL) {
        platen_virtual_clock_leave(test->clock);
        script_world_end(lane);
    }
}

void script_test_free(struct script_test *test)
{
    script_streams_free(test);
    script_names_free(test);
    platen_virtual_clock_destroy(test->clock);
    if (test->folder != NULL) {
        platen_os_remove_folder(test->folder);
        free(test->folder);
    }
    platen_os_cond_destroy(&test->changed);
    platen_os_mutex_destroy(&test->files);
    platen_os_mutex_destroy(&test->lock);
}

static void run_lines(struct script_lane *lane, const struct script_source *source)
{
    const struct script_node *node = lane->test->node;

    platen_lane_enter(&lane->lane);
    if (node == NULL) {
        script_run_nodes(lane, source->nodes);
    } else if (run_prelude(lane, source->nodes)) {
        script_run_nodes(lane, node->body);
    }
}

void script_test_run(struct script_run *run, const struct script_source *source, const char *path,
                     const char *name, const struct script_node *node)
{
    struct script_test *test = malloc(sizeof *test);
    struct script_lane *lane = NULL;

    if (test == NULL) {
        script_run_came_to(run, PLATEN_SCRIPT_FAILED);
        return;
    }
    script_test_begin(test, run, path, name, node);
    lane = script_lane_new(test, "main");
    struct script_watch *watch = script_watch_begin(test, run->timeout);
    if (lane == NULL || watch == NULL) {
        script_break(test, SCRIPT_BROKEN, "memory is out");
    } else {
        lane->node = node != NULL ? node : source->nodes;
        run_lines(lane, source);
        lane->node = node != NULL ? node : source->nodes;
    }
    script_test_end(test, lane);
    script_watch_end(watch);
    platen_lane_enter(NULL);
    script_lane_free(lane);
    free(test);
}
