/* SPDX-License-Identifier: MIT
 *
 * JUnit's XML as its many readers take it: testsuites, testsuite, testcase; failure, error,
 * skipped; times in seconds; file and line. A file is a suite; tests that are in no file are a
 * suite of the run's name. The counts stand before what is counted, so cases and suites gather in
 * memory.
 */
#include <inttypes.h>
#include <libxml/xmlwriter.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "os/error.h"
#include "report/format.h"

static const char *const beginnings[] = {"<testsuites", "<testsuite", NULL};

/* Elements that gather. */
struct gathered {
    xmlBufferPtr buffer;
    xmlTextWriterPtr writer;
};

struct junit {
    struct gathered suites; /* of the run */
    struct gathered cases;  /* of the open file */
    struct gathered loose;  /* cases in no file */
    struct platen_report_totals loose_totals;
    uint64_t file_time; /* of the tests, for files that tell no duration */
    uint64_t loose_time;
    bool failed;
};

static void gathered_close(struct gathered *gathered)
{
    if (gathered->writer != NULL) {
        xmlFreeTextWriter(gathered->writer);
    }
    if (gathered->buffer != NULL) {
        xmlBufferFree(gathered->buffer);
    }
    *gathered = (struct gathered){0};
}

static bool gathered_open(struct gathered *gathered)
{
    gathered->buffer = xmlBufferCreate();
    gathered->writer =
        gathered->buffer == NULL ? NULL : xmlNewTextWriterMemory(gathered->buffer, 0);
    if (gathered->writer == NULL) {
        gathered_close(gathered);
        return false;
    }
    /* By itself it would grow by what is added each time. */
    xmlBufferSetAllocationScheme(gathered->buffer, XML_BUFFER_ALLOC_DOUBLEIT);
    return true;
}

/* libxml2 takes text as bytes without a sign. */
static const xmlChar *xml(const char *text)
{
    return (const xmlChar *)text;
}

static void note(struct junit *junit, int written)
{
    junit->failed = junit->failed || written < 0;
}

static void begin(struct junit *junit, struct gathered *in, const char *element)
{
    note(junit, xmlTextWriterStartElement(in->writer, xml(element)));
}

static void end(struct junit *junit, struct gathered *in)
{
    note(junit, xmlTextWriterEndElement(in->writer));
}

static void line_break(struct junit *junit, struct gathered *in)
{
    note(junit, xmlTextWriterWriteRaw(in->writer, xml("\n")));
}

static void put_attribute(struct junit *junit, struct gathered *in, const char *name,
                          const char *value)
{
    struct text text = {0};
    if (value == NULL) {
        return;
    }
    text_put_xml(&text, value);
    note(junit, text.failed
                    ? -1
                    : xmlTextWriterWriteAttribute(in->writer, xml(name), xml(text_string(&text))));
    text_free(&text);
}

static void put_number(struct junit *junit, struct gathered *in, const char *name, uint64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, value);
    put_attribute(junit, in, name, digits);
}

static void put_time(struct junit *junit, struct gathered *in, uint64_t duration)
{
    char seconds[40];
    snprintf(seconds, sizeof seconds, "%.6f", (double)duration / 1e9);
    put_attribute(junit, in, "time", seconds);
}

static void put_body(struct junit *junit, struct gathered *in, const struct text *body)
{
    struct text text = {0};
    text_put_xml(&text, text_string(body));
    note(junit, body->failed || text.failed
                    ? -1
                    : xmlTextWriterWriteString(in->writer, xml(text_string(&text))));
    text_free(&text);
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

static void put_failure(struct junit *junit, struct gathered *in,
                        const struct platen_report_event *event, const struct test *test)
{
    struct text body = {0};
    const struct platen_report_event *first = add_failures(&body, test, event->repeat);
    const char *message = event->text;
    if (message == NULL) {
        message = first == NULL ? "" : first->name;
    }
    add_row(&body, "again: ", event->repeat);
    begin(junit, in, event->verdict == PLATEN_REPORT_ERROR ? "error" : "failure");
    put_attribute(junit, in, "message", message);
    put_attribute(junit, in, "type", platen_report_verdict_name(event->verdict));
    put_body(junit, in, &body);
    end(junit, in);
    text_free(&body);
}

/* What fails as expected is known to every reader as skipped, and to none as anything else. */
static void put_skipped(struct junit *junit, struct gathered *in,
                        const struct platen_report_event *event)
{
    struct text message = {0};
    text_puts(&message, event->verdict == PLATEN_REPORT_XFAIL ? "expected failure" : "");
    if (event->text != NULL) {
        text_puts(&message, message.length == 0 ? "" : ": ");
        text_puts(&message, event->text);
    }
    begin(junit, in, "skipped");
    put_attribute(junit, in, "message", text_string(&message));
    end(junit, in);
    junit->failed = junit->failed || message.failed;
    text_free(&message);
}

/* What was logged, and what is worth a warning, which no reader knows as anything. */
static void put_logs(struct junit *junit, struct gathered *in,
                     const struct platen_report_event *event, const struct test *test)
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
        begin(junit, in, "system-out");
        put_body(junit, in, &body);
        end(junit, in);
    }
    text_free(&body);
}

static void put_case(struct junit *junit, struct gathered *in,
                     const struct platen_report_event *event, const struct surroundings *around)
{
    line_break(junit, in);
    begin(junit, in, "testcase");
    put_attribute(junit, in, "name", event->name);
    put_attribute(junit, in, "classname", around->file == NULL ? around->run : around->file);
    put_attribute(junit, in, "file", event->place.file);
    if (event->place.line > 0) {
        put_number(junit, in, "line", event->place.line);
    }
    put_number(junit, in, "assertions", around->test->checks);
    put_time(junit, in, event->duration);
    if (report_failed(event->verdict)) {
        put_failure(junit, in, event, around->test);
    } else if (event->verdict != PLATEN_REPORT_PASS && event->verdict != PLATEN_REPORT_WARN) {
        put_skipped(junit, in, event);
    }
    put_logs(junit, in, event, around->test);
    end(junit, in);
}

/* ---- suites and the run -----------------------------------------------------------------------
 */

static void put_totals(struct junit *junit, struct gathered *in,
                       const struct platen_report_totals *totals)
{
    const uint64_t *of = totals->verdicts;
    put_number(junit, in, "tests", totals->tests);
    put_number(junit, in, "failures", of[PLATEN_REPORT_FAIL] + of[PLATEN_REPORT_XPASS]);
    put_number(junit, in, "errors", of[PLATEN_REPORT_ERROR]);
    put_number(junit, in, "skipped", of[PLATEN_REPORT_SKIP] + of[PLATEN_REPORT_XFAIL]);
}

/* Writes what has gathered in `cases` as a suite, and empties it. */
static void put_suite(struct junit *junit, const char *name, struct gathered *cases,
                      const struct platen_report_totals *totals, uint64_t duration)
{
    struct gathered *in = &junit->suites;
    line_break(junit, in);
    begin(junit, in, "testsuite");
    put_attribute(junit, in, "name", name);
    put_totals(junit, in, totals);
    put_time(junit, in, duration);
    note(junit, xmlTextWriterFlush(cases->writer));
    note(junit, xmlTextWriterWriteRaw(in->writer, xmlBufferContent(cases->buffer)));
    line_break(junit, in);
    end(junit, in);
    xmlBufferEmpty(cases->buffer);
}

static void tell_test_end(struct junit *junit, const struct platen_report_event *event,
                          const struct surroundings *around)
{
    if (around->file != NULL) {
        junit->file_time += event->duration;
        put_case(junit, &junit->cases, event, around);
        return;
    }
    junit->loose_time += event->duration;
    junit->loose_totals.tests++;
    junit->loose_totals.verdicts[event->verdict]++;
    put_case(junit, &junit->loose, event, around);
}

static void put_run(struct junit *junit, struct text *to, const struct platen_report_event *event,
                    const struct surroundings *around)
{
    struct gathered document;
    if (!gathered_open(&document)) {
        junit->failed = true;
        return;
    }
    note(junit, xmlTextWriterStartDocument(document.writer, NULL, "UTF-8", NULL));
    begin(junit, &document, "testsuites");
    put_attribute(junit, &document, "name", around->run);
    put_totals(junit, &document, around->all);
    put_time(junit, &document, event->duration);
    note(junit, xmlTextWriterFlush(junit->suites.writer));
    note(junit, xmlTextWriterWriteRaw(document.writer, xmlBufferContent(junit->suites.buffer)));
    line_break(junit, &document);
    note(junit, xmlTextWriterEndDocument(document.writer));
    text_put(to, (const char *)xmlBufferContent(document.buffer),
             (size_t)xmlBufferLength(document.buffer));
    gathered_close(&document);
}

/* A run that was broken off has a case that says so: the format has no other place for it. */
static void put_broken_off(struct junit *junit, const struct platen_report_event *event,
                           const struct surroundings *around)
{
    struct gathered *in = &junit->loose;
    line_break(junit, in);
    begin(junit, in, "testcase");
    put_attribute(junit, in, "name", "the run");
    put_attribute(junit, in, "classname", around->run);
    put_time(junit, in, 0);
    begin(junit, in, "error");
    put_attribute(junit, in, "message", event->text == NULL ? "broken off" : event->text);
    end(junit, in);
    end(junit, in);
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
    sink->output.text.failed = sink->output.text.failed || junit->failed;
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
        gathered_close(&junit->suites);
        gathered_close(&junit->cases);
        gathered_close(&junit->loose);
        free(junit);
    }
}

static uint32_t open_junit(struct sink *sink)
{
    struct junit *junit = calloc(1, sizeof *junit);
    sink->state = junit;
    if (junit == NULL || !gathered_open(&junit->suites) || !gathered_open(&junit->cases) ||
        !gathered_open(&junit->loose)) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    return 0;
}

const struct format report_junit = {.beginnings = beginnings,
                                    .whole = true,
                                    .open = open_junit,
                                    .tell = tell,
                                    .close = close_junit};
