/* SPDX-License-Identifier: MIT
 *
 * The stream of events: put in order, counted, and handed to each report.
 */
#include <stdlib.h>
#include <string.h>

#include "os/error.h"
#include "report/set.h"

static void spread(struct platen_report *report, const struct platen_report_event *event,
                   const struct test *test)
{
    struct surroundings around = {
        .run = report->run->event.name,
        .begin = &report->run->event,
        .file = report->file == NULL ? NULL : report->file->event.name,
        .test = test,
        .totals = report->file == NULL ? &report->all : &report->of_file,
        .all = &report->all,
        .files = report->files,
        .seed = report->run->event.seed,
    };
    for (size_t i = 0; i < report->sink_count; i++) {
        struct sink *sink = report->sinks[i];
        sink->format->tell(sink, event, &around);
        output_flush(&sink->output);
    }
}

static void out_of_memory(struct platen_report *report)
{
    report->error = PLATEN_NOT_ENOUGH_MEMORY;
}

static bool begin_run(struct platen_report *report, const struct platen_report_event *event)
{
    struct platen_report_event named = *event;
    if (report->stage != BEFORE) {
        return report->stage == RUNNING;
    }
    named.name = named.name == NULL ? "platen" : named.name;
    report->run = held_copy(&named);
    if (report->run == NULL) {
        out_of_memory(report);
        return false;
    }
    report->stage = RUNNING;
    spread(report, &report->run->event, NULL);
    return true;
}

/* Where the pointer to the open test of this number stands; where a new one would, if there is
 * none. */
static struct test **find_test(struct platen_report *report, uint64_t number)
{
    struct test **at = &report->tests;
    while (*at != NULL && (*at)->begin->event.test != number) {
        at = &(*at)->next;
    }
    return at;
}

/* What is not said of a place is the run's or the open file's. */
static void complete_place(const struct platen_report *report, struct platen_report_event *event)
{
    if (event->place.file == NULL) {
        event->place.file = report->run->event.place.file;
    }
    if (event->place.file == NULL && report->file != NULL) {
        event->place.file = report->file->event.name;
    }
}

static void count_test(struct platen_report_totals *totals, enum platen_report_verdict verdict)
{
    totals->tests++;
    totals->verdicts[verdict]++;
}

static void end_test(struct platen_report *report, struct test **at,
                     const struct platen_report_event *event)
{
    struct test *test = *at;
    struct platen_report_event end = *event;
    end.name = test->begin->event.name;
    end.place = test->begin->event.place;
    if ((unsigned)end.verdict >= PLATEN_REPORT_VERDICTS) {
        end.verdict = PLATEN_REPORT_ERROR;
    } else if (end.verdict == PLATEN_REPORT_PASS && test->failures > 0) {
        end.verdict = PLATEN_REPORT_FAIL;
    } else if (end.verdict == PLATEN_REPORT_PASS && test->warnings > 0) {
        end.verdict = PLATEN_REPORT_WARN;
    }
    count_test(&report->all, end.verdict);
    if (report->file != NULL) {
        count_test(&report->of_file, end.verdict);
    }
    spread(report, &end, test);
    *at = test->next;
    test_free(test);
}

static struct test **begin_test(struct platen_report *report,
                                const struct platen_report_event *event)
{
    struct platen_report_event begin = *event;
    struct test **at = find_test(report, event->test);
    begin.kind = PLATEN_REPORT_TEST_BEGIN;
    begin.verdict = PLATEN_REPORT_PASS;
    begin.name = begin.name == NULL ? "" : begin.name;
    complete_place(report, &begin);
    *at = test_new(&begin);
    if (*at == NULL) {
        out_of_memory(report);
        return NULL;
    }
    spread(report, &(*at)->begin->event, *at);
    return at;
}

static void abandon_test(struct platen_report *report, struct test **at)
{
    struct platen_report_event end = {
        .kind = PLATEN_REPORT_TEST_END,
        .verdict = PLATEN_REPORT_ERROR,
        .test = (*at)->begin->event.test,
        .text = "the test did not end",
    };
    end_test(report, at, &end);
}

static void abandon_tests(struct platen_report *report)
{
    while (report->tests != NULL) {
        abandon_test(report, &report->tests);
    }
}

static void end_file(struct platen_report *report, const struct platen_report_event *event)
{
    struct platen_report_event end = *event;
    if (report->file == NULL) {
        return;
    }
    abandon_tests(report);
    end.name = report->file->event.name;
    spread(report, &end, NULL);
    free(report->file);
    report->file = NULL;
}

static void end_run(struct platen_report *report, const struct platen_report_event *event)
{
    const struct platen_report_event end = {.kind = PLATEN_REPORT_FILE_END};
    end_file(report, &end);
    abandon_tests(report);
    spread(report, event, NULL);
    for (size_t i = 0; i < report->sink_count; i++) {
        output_settle(&report->sinks[i]->output);
    }
    report->stage = AFTER;
}

/* ---- what is told, kind by kind ----------------------------------------------------------------
 */

static void tell_nothing(struct platen_report *report, const struct platen_report_event *event)
{
    (void)report;
    (void)event;
}

static void tell_file_begin(struct platen_report *report, const struct platen_report_event *event)
{
    struct platen_report_event begin = *event;
    const struct platen_report_event end = {.kind = PLATEN_REPORT_FILE_END};
    end_file(report, &end);
    begin.name = begin.name == NULL ? "" : begin.name;
    report->of_file = (struct platen_report_totals){0};
    report->file = held_copy(&begin);
    if (report->file == NULL) {
        out_of_memory(report);
        return;
    }
    report->files++;
    spread(report, &report->file->event, NULL);
}

static void tell_test_begin(struct platen_report *report, const struct platen_report_event *event)
{
    struct test **at = find_test(report, event->test);
    if (*at != NULL) {
        abandon_test(report, at);
    }
    begin_test(report, event);
}

static void tell_test_end(struct platen_report *report, const struct platen_report_event *event)
{
    struct test **at = find_test(report, event->test);
    if (*at == NULL) {
        at = begin_test(report, event);
    }
    if (at != NULL) {
        end_test(report, at, event);
    }
}

/* Is it to be kept until its test ends? A trace that is run again has a million passed checks. */
static bool is_kept(const struct platen_report *report, const struct platen_report_event *event)
{
    return report->keeps_all || event->kind == PLATEN_REPORT_LOG ||
           event->verdict != PLATEN_REPORT_PASS;
}

static void count_check(struct platen_report *report, enum platen_report_verdict verdict)
{
    bool failed = report_failed(verdict);
    report->all.checks++;
    report->all.failed_checks += failed;
    report->of_file.checks++;
    report->of_file.failed_checks += failed;
}

static void take(struct platen_report *report, struct test *test,
                 const struct platen_report_event *event)
{
    if (!is_kept(report, event)) {
        test->checks++;
    } else if (!test_take(test, event)) {
        out_of_memory(report);
    }
}

static void tell_check(struct platen_report *report, const struct platen_report_event *event)
{
    struct platen_report_event check = *event;
    struct test **at = find_test(report, event->test);
    bool alone = *at == NULL;
    if (alone) {
        at = begin_test(report, event);
    }
    if (at == NULL) {
        return;
    }
    if ((unsigned)check.verdict >= PLATEN_REPORT_VERDICTS) {
        check.verdict = PLATEN_REPORT_ERROR;
    }
    check.name = check.name == NULL ? "" : check.name;
    complete_place(report, &check);
    count_check(report, check.verdict);
    take(report, *at, &check);
    spread(report, &check, *at);
    if (alone) {
        check.kind = PLATEN_REPORT_TEST_END;
        end_test(report, at, &check);
    }
}

static void tell_log(struct platen_report *report, const struct platen_report_event *event)
{
    struct platen_report_event log = *event;
    struct test *test = *find_test(report, event->test);
    if (log.text == NULL) {
        return;
    }
    if (test != NULL) {
        take(report, test, &log);
    }
    spread(report, &log, test);
}

static void tell_job(struct platen_report *report, const struct platen_report_event *event)
{
    if (event->job != NULL) {
        spread(report, event, *find_test(report, event->test));
    }
}

static void (*const tellers[PLATEN_REPORT_KINDS])(struct platen_report *,
                                                  const struct platen_report_event *) = {
    [PLATEN_REPORT_RUN_BEGIN] = tell_nothing, /* what it does has been done */
    [PLATEN_REPORT_RUN_END] = end_run,        [PLATEN_REPORT_FILE_BEGIN] = tell_file_begin,
    [PLATEN_REPORT_FILE_END] = end_file,      [PLATEN_REPORT_TEST_BEGIN] = tell_test_begin,
    [PLATEN_REPORT_TEST_END] = tell_test_end, [PLATEN_REPORT_CHECK] = tell_check,
    [PLATEN_REPORT_FINDING] = tell_check,     [PLATEN_REPORT_LOG] = tell_log,
    [PLATEN_REPORT_JOB] = tell_job,
};

void stream_tell(struct platen_report *report, const struct platen_report_event *event)
{
    const struct platen_report_event begin = {.kind = PLATEN_REPORT_RUN_BEGIN};
    bool begins = event->kind == PLATEN_REPORT_RUN_BEGIN;
    if ((unsigned)event->kind < PLATEN_REPORT_KINDS && begin_run(report, begins ? event : &begin)) {
        tellers[event->kind](report, event);
    }
}

void stream_finish(struct platen_report *report)
{
    const struct platen_report_event end = {
        .kind = PLATEN_REPORT_RUN_END,
        .verdict = PLATEN_REPORT_ERROR,
        .text = "the run did not end",
    };
    if (report->stage != AFTER) {
        stream_tell(report, &end);
    }
}
