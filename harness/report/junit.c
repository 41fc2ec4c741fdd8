/* SPDX-License-Identifier: MIT
 *
 * JUnit's XML as its many readers take it: testsuites, testsuite, testcase; failure, error,
 * skipped; times in seconds; file and line. A file is a suite; tests that are in no file are a
 * suite of the run's name. The counts stand before what is counted, so cases and suites gather in
 * memory.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "os/error.h"
#include "report/format.h"
#include "report/markup.h"

static const char *const beginnings[] = {"<testsuites", "<testsuite", NULL};

struct junit {
    struct markup suites; /* of the run */
    struct markup cases;  /* of the open file */
    struct markup loose;  /* cases in no file */
    struct platen_report_totals loose_totals;
    uint64_t file_time; /* of the tests, for files that tell no duration */
    uint64_t loose_time;
};

static void put_time(struct markup *in, uint64_t duration)
{
    char seconds[40];
    snprintf(seconds, sizeof seconds, "%.6f", (double)duration / 1e9);
    markup_attribute(in, "time", seconds);
}

static void put_body(struct markup *in, const struct text *body)
{
    markup_text(in, text_string(body));
    in->failed = in->failed || body->failed;
}

/* ---- one case ---------------------------------------------------------------------------------
 */

static void add_row(struct text *body, const char *name, const char *value)
{
    if (value != NULL) {
        text_puts(body, name);
        text_puts(body, value);
        text_puts(body, "\n");
    }
}

static void add_finding(struct text *body, const struct platen_report_finding *finding)
{
    add_row(body, "  rule: ", finding->rule);
    add_row(body, "  severity: ", finding->severity);
    add_row(body, "  title: ", finding->title);
    add_row(body, "  clause: ", finding->clause);
    add_row(body, "  effect: ", finding->effect);
    add_row(body, "  change: ", finding->change);
    add_row(body, "  trace:\n", finding->trace);
}

static void add_place(struct text *body, const struct platen_report_place *place)
{
    if (place->file == NULL) {
        return;
    }
    text_puts(body, place->file);
    if (place->line > 0) {
        text_printf(body, ":%" PRIu32, place->line);
    }
    if (place->line > 0 && place->column > 0) {
        text_printf(body, ":%" PRIu32, place->column);
    }
    text_puts(body, ": ");
}

static void add_check(struct text *body, const struct platen_report_event *check, const char *again)
{
    add_place(body, &check->place);
    add_row(body, "", check->name);
    add_row(body, "  expected: ", check->expected);
    add_row(body, "  got: ", check->got);
    add_row(body, "  ", check->text);
    if (check->finding != NULL) {
        add_finding(body, check->finding);
    }
    add_row(body, "  again: ", report_same(check->repeat, again) ? NULL : check->repeat);
}

/* What failed, in words; returns the first of it. */
static const struct platen_report_event *add_failures(struct text *body, const struct test *test,
                                                      const char *again)
{
    const struct platen_report_event *first = NULL;
    for (const struct held *held = test->first; held != NULL; held = held->next) {
        if (held->event.kind != PLATEN_REPORT_LOG && report_is_told(held->event.verdict)) {
            first = first == NULL ? &held->event : first;
            add_check(body, &held->event, again);
        }
    }
    if (test->failures > HELD_FAILURES) {
        text_printf(body, "and %" PRIu64 " more that failed\n", test->failures - HELD_FAILURES);
    }
    return first;
}

static void put_failure(struct markup *in, const struct platen_report_event *event,
                        const struct test *test)
{
    struct text body = {0};
    const struct platen_report_event *first = add_failures(&body, test, event->repeat);
    const char *message = event->text;
    if (message == NULL) {
        message = first == NULL ? "" : first->name;
    }
    add_row(&body, "again: ", event->repeat);
    markup_begin(in, event->verdict == PLATEN_REPORT_ERROR ? "error" : "failure");
    markup_attribute(in, "message", message);
    markup_attribute(in, "type", platen_report_verdict_name(event->verdict));
    put_body(in, &body);
    markup_end(in);
    text_free(&body);
}

/* What fails as expected is known to every reader as skipped, and to none as anything else. */
static void put_skipped(struct markup *in, const struct platen_report_event *event)
{
    struct text message = {0};
    text_puts(&message, event->verdict == PLATEN_REPORT_XFAIL ? "expected failure" : "");
    if (event->text != NULL) {
        text_puts(&message, message.length == 0 ? "" : ": ");
        text_puts(&message, event->text);
    }
    markup_begin(in, "skipped");
    markup_attribute(in, "message", text_string(&message));
    markup_end(in);
    in->failed = in->failed || message.failed;
    text_free(&message);
}

/* What was logged, and what is worth a warning, which no reader knows as anything. */
static void put_logs(struct markup *in, const struct platen_report_event *event,
                     const struct test *test)
{
    struct text body = {0};
    if (event->verdict == PLATEN_REPORT_WARN) {
        add_failures(&body, test, event->repeat);
    }
    for (const struct held *held = test->first; held != NULL; held = held->next) {
        if (held->event.kind == PLATEN_REPORT_LOG) {
            add_row(&body, "", held->event.text);
        }
    }
    if (body.length > 0) {
        markup_begin(in, "system-out");
        put_body(in, &body);
        markup_end(in);
    }
    text_free(&body);
}

static void put_case(struct markup *in, const struct platen_report_event *event,
                     const struct surroundings *around)
{
    markup_raw(in, "\n");
    markup_begin(in, "testcase");
    markup_attribute(in, "name", event->name);
    markup_attribute(in, "classname", around->file == NULL ? around->run : around->file);
    markup_attribute(in, "file", event->place.file);
    if (event->place.line > 0) {
        markup_number(in, "line", event->place.line);
    }
    markup_number(in, "assertions", around->test->checks);
    put_time(in, event->duration);
    if (report_failed(event->verdict)) {
        put_failure(in, event, around->test);
    } else if (event->verdict != PLATEN_REPORT_PASS && event->verdict != PLATEN_REPORT_WARN) {
        put_skipped(in, event);
    }
    put_logs(in, event, around->test);
    markup_end(in);
}

/* ---- suites and the run -----------------------------------------------------------------------
 */

static void put_totals(struct markup *in, const struct platen_report_totals *totals)
{
    const uint64_t *of = totals->verdicts;
    markup_number(in, "tests", totals->tests);
    markup_number(in, "failures", of[PLATEN_REPORT_FAIL] + of[PLATEN_REPORT_XPASS]);
    markup_number(in, "errors", of[PLATEN_REPORT_ERROR]);
    markup_number(in, "skipped", of[PLATEN_REPORT_SKIP] + of[PLATEN_REPORT_XFAIL]);
}

/* Writes what has gathered in `cases` as a suite, and empties it. */
static void put_suite(struct junit *junit, const char *name, struct markup *cases,
                      const struct platen_report_totals *totals, uint64_t duration)
{
    struct markup *in = &junit->suites;
    markup_raw(in, "\n");
    markup_begin(in, "testsuite");
    markup_attribute(in, "name", name);
    put_totals(in, totals);
    put_time(in, duration);
    markup_append(in, cases);
    markup_raw(in, "\n");
    markup_end(in);
    markup_empty(cases);
}

static void tell_test_end(struct junit *junit, const struct platen_report_event *event,
                          const struct surroundings *around)
{
    if (around->file != NULL) {
        junit->file_time += event->duration;
        put_case(&junit->cases, event, around);
        return;
    }
    junit->loose_time += event->duration;
    junit->loose_totals.tests++;
    junit->loose_totals.verdicts[event->verdict]++;
    put_case(&junit->loose, event, around);
}

static void put_run(struct junit *junit, struct text *to, const struct platen_report_event *event,
                    const struct surroundings *around)
{
    struct markup document;
    if (!markup_open(&document)) {
        to->failed = true;
        return;
    }
    markup_raw(&document, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    markup_begin(&document, "testsuites");
    markup_attribute(&document, "name", around->run);
    put_totals(&document, around->all);
    put_time(&document, event->duration);
    markup_append(&document, &junit->suites);
    markup_raw(&document, "\n");
    markup_end(&document);
    markup_raw(&document, "\n");
    markup_put(&document, to);
    markup_close(&document);
}

/* A run that was broken off has a case that says so: the format has no other place for it. */
static void put_broken_off(struct junit *junit, const struct platen_report_event *event,
                           const struct surroundings *around)
{
    struct markup *in = &junit->loose;
    markup_raw(in, "\n");
    markup_begin(in, "testcase");
    markup_attribute(in, "name", "the run");
    markup_attribute(in, "classname", around->run);
    put_time(in, 0);
    markup_begin(in, "error");
    markup_attribute(in, "message", event->text == NULL ? "broken off" : event->text);
    markup_end(in);
    markup_end(in);
    junit->loose_totals.tests++;
    junit->loose_totals.verdicts[PLATEN_REPORT_ERROR]++;
}

static void tell_run_end(struct sink *sink, const struct platen_report_event *event,
                         const struct surroundings *around)
{
    struct junit *junit = sink->state;
    struct platen_report_totals all = *around->all;
    struct surroundings counted = *around;
    if (event->verdict == PLATEN_REPORT_ERROR) {
        put_broken_off(junit, event, around);
        all.tests++;
        all.verdicts[PLATEN_REPORT_ERROR]++;
        counted.all = &all;
    }
    if (junit->loose_totals.tests > 0) {
        put_suite(junit, around->run, &junit->loose, &junit->loose_totals, junit->loose_time);
    }
    put_run(junit, &sink->output.text, event, &counted);
}

static void tell(struct sink *sink, const struct platen_report_event *event,
                 const struct surroundings *around)
{
    struct junit *junit = sink->state;
    switch (event->kind) {
    case PLATEN_REPORT_FILE_BEGIN:
        junit->file_time = 0;
        break;
    case PLATEN_REPORT_FILE_END:
        put_suite(junit, event->name, &junit->cases, around->totals,
                  event->duration > 0 ? event->duration : junit->file_time);
        break;
    case PLATEN_REPORT_TEST_END:
        tell_test_end(junit, event, around);
        break;
    case PLATEN_REPORT_RUN_END:
        tell_run_end(sink, event, around);
        break;
    default:
        break;
    }
}

static void close_junit(struct sink *sink)
{
    struct junit *junit = sink->state;
    if (junit != NULL) {
        markup_close(&junit->suites);
        markup_close(&junit->cases);
        markup_close(&junit->loose);
        free(junit);
    }
}

static uint32_t open_junit(struct sink *sink)
{
    struct junit *junit = calloc(1, sizeof *junit);
    sink->state = junit;
    if (junit == NULL || !markup_open(&junit->suites) || !markup_open(&junit->cases) ||
        !markup_open(&junit->loose)) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    return 0;
}

const struct format report_junit = {.beginnings = beginnings,
                                    .whole = true,
                                    .open = open_junit,
                                    .tell = tell,
                                    .close = close_junit};
