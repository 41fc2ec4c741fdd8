/* SPDX-License-Identifier: MIT
 *
 * For people: one line per test, and what is wrong below it.
 *
 *     examples/first.spool:
 *         a job arrives as it was sent                                         [PASS]
 *         an unknown port is refused                                           [FAIL]
 *             examples/first.spool:12:1: OpenPort pName="LPT9:"
 *                 expected: FALSE ERROR_UNKNOWN_PORT
 *                 got:      TRUE pHandle=$port1
 *             again: platen run --only "an unknown port is refused" examples/first.spool
 *
 *     2 tests in 1 file: 1 passed, 1 failed (0.012 s)
 */
#include <inttypes.h>
#include <string.h>

#include "os/error.h"
#include "report/format.h"

#define HEADING    "# platen report\n" /* of a file, to know it again */
#define TAG_COLUMN 72
#define SHOWN      1000 /* bytes of any text; the other formats have all of it */

static const char *const beginnings[] = {HEADING, NULL};

static const struct {
    const char *tag;
    const char *colour;
    const char *counted;
} verdicts[PLATEN_REPORT_VERDICTS] = {
    [PLATEN_REPORT_PASS] = {"PASS", "32", "passed"},
    [PLATEN_REPORT_FAIL] = {"FAIL", "31", "failed"},
    [PLATEN_REPORT_SKIP] = {"SKIP", "33", "skipped"},
    [PLATEN_REPORT_XFAIL] = {"XFAIL", "33", "failed as expected"},
    [PLATEN_REPORT_XPASS] = {"XPASS", "31", "passed unexpectedly"},
    [PLATEN_REPORT_ERROR] = {"ERROR", "31", "could not be judged"},
    [PLATEN_REPORT_WARN] = {"WARN", "33", "with warnings"},
};

static struct text *text_of(struct sink *sink)
{
    return &sink->output.text;
}

/* "name: text", if there is a text. */
static void put_row(struct text *text, size_t indent, const char *name, const char *value)
{
    if (value == NULL || value[0] == '\0') {
        return;
    }
    text_blanks(text, indent);
    text_puts(text, name);
    text_put_printable(text, value, SHOWN);
    text_puts(text, "\n");
}

/* The same for a text of several lines, each on a line of its own. */
static void put_lines(struct text *text, size_t indent, const char *name, const char *value)
{
    if (value == NULL || value[0] == '\0') {
        return;
    }
    text_blanks(text, indent);
    text_puts(text, name);
    text_puts(text, "\n");
    while (*value != '\0') {
        size_t length = strcspn(value, "\n");
        struct text line = {0};
        text_put(&line, value, length);
        put_row(text, indent + 4, "", text_string(&line));
        text_free(&line);
        value += length + (value[length] == '\n');
    }
}

static void put_seconds(struct text *text, uint64_t duration)
{
    text_printf(text, "%.3f s", (double)duration / 1e9);
}

static void put_tag(struct sink *sink, enum platen_report_verdict verdict)
{
    struct text *text = text_of(sink);
    if (sink->wanted.colour) {
        text_printf(text, "\033[%sm[%s]\033[0m", verdicts[verdict].colour, verdicts[verdict].tag);
    } else {
        text_printf(text, "[%s]", verdicts[verdict].tag);
    }
}

/* "file:12:5: ", as editors read it; "line 12:5: " where the file is not known. */
static void put_place(struct text *text, const struct platen_report_place *place)
{
    if (place->file == NULL && place->line == 0) {
        return;
    }
    text_put_printable(text, place->file == NULL ? "line " : place->file, SHOWN);
    if (place->line > 0) {
        text_printf(text, "%s%" PRIu32, place->file == NULL ? "" : ":", place->line);
    }
    if (place->line > 0 && place->column > 0) {
        text_printf(text, ":%" PRIu32, place->column);
    }
    text_puts(text, ": ");
}

/* What is said of the rule, once in a test: `before` is the finding before it, if there is one. */
static void put_rule(struct text *text, size_t indent, const struct platen_report_finding *finding,
                     const struct platen_report_finding *before)
{
    bool told = before != NULL && report_same(before->rule, finding->rule) &&
                report_same(before->severity, finding->severity) &&
                report_same(before->effect, finding->effect);
    if (told) {
        return;
    }
    text_blanks(text, indent);
    text_put_printable(text, finding->rule == NULL ? "" : finding->rule, SHOWN);
    if (finding->severity != NULL) {
        text_puts(text, " (");
        text_put_printable(text, finding->severity, SHOWN);
        text_puts(text, ")");
    }
    put_row(text, finding->title == NULL ? 0 : 1, "", finding->title);
    if (finding->title == NULL || finding->title[0] == '\0') {
        text_puts(text, "\n");
    }
    put_row(text, indent, "rule:     ", finding->says);
    put_row(text, indent, "effect:   ", finding->effect);
    put_row(text, indent, "change:   ", finding->change);
    put_row(text, indent, "clause:   ", finding->clause);
}

/* `again` is what runs the whole test again; who says the same of a check says nothing new. */
static void put_check(struct sink *sink, size_t indent, const struct platen_report_event *check,
                      const struct platen_report_finding *before, const char *again)
{
    struct text *text = text_of(sink);
    text_blanks(text, indent);
    put_place(text, &check->place);
    text_put_printable(text, check->name, SHOWN);
    if (!report_failed(check->verdict) || check->verdict == PLATEN_REPORT_XPASS) {
        text_puts(text, " ");
        put_tag(sink, check->verdict);
    }
    text_puts(text, "\n");
    if (check->verdict == PLATEN_REPORT_PASS) {
        return;
    }
    put_row(text, indent + 4, "expected: ", check->expected);
    put_row(text, indent + 4, "got:      ", check->got);
    put_row(text, indent + 4, "", check->text);
    if (check->finding != NULL) {
        put_rule(text, indent + 4, check->finding, before);
        put_lines(text, indent + 4, "trace:", check->finding->trace);
    }
    if (!report_same(check->repeat, again)) {
        put_row(text, indent + 4, "again: ", check->repeat);
    }
}

static void put_checks(struct sink *sink, size_t indent, const struct test *test, const char *again)
{
    const struct platen_report_finding *before = NULL;
    for (const struct held *held = test->first; held != NULL; held = held->next) {
        bool wanted = sink->wanted.verbose || report_is_told(held->event.verdict);
        if (held->event.kind != PLATEN_REPORT_LOG && wanted) {
            put_check(sink, indent, &held->event, before, again);
            before = held->event.finding;
        }
    }
    if (test->failures > HELD_FAILURES) {
        text_blanks(text_of(sink), indent);
        text_printf(text_of(sink), "and %" PRIu64 " more that failed\n",
                    test->failures - HELD_FAILURES);
    }
}

/* Tests stand below their file. */
static size_t indent_of(const struct surroundings *around)
{
    return around->file == NULL ? 0 : 4;
}

static void tell_test_end(struct sink *sink, const struct platen_report_event *event,
                          const struct surroundings *around)
{
    struct text *text = text_of(sink);
    struct text line = {0};
    size_t indent = indent_of(around);
    text_blanks(&line, indent);
    text_put_printable(&line, event->name, SHOWN);
    size_t columns = text_columns(text_string(&line), line.length);
    text_put(text, text_string(&line), line.length);
    text_blanks(text, columns < TAG_COLUMN ? TAG_COLUMN - columns : 1);
    text->failed = text->failed || line.failed;
    text_free(&line);
    put_tag(sink, event->verdict);
    text_puts(text, "\n");
    put_row(text, indent + 4, "", event->text);
    /* What fails as expected is no news, unless somebody asks. */
    if (report_is_told(event->verdict) || sink->wanted.verbose) {
        put_checks(sink, indent + 4, around->test, event->repeat);
    }
    if (report_is_told(event->verdict)) {
        put_row(text, indent + 4, "again: ", event->repeat);
    }
}

static void tell_log(struct sink *sink, const struct platen_report_event *event,
                     const struct surroundings *around)
{
    size_t indent = indent_of(around) + (around->test == NULL ? 0 : 4);
    if (event->level == PLATEN_REPORT_INFO && !sink->wanted.verbose) {
        return;
    }
    text_blanks(text_of(sink), indent);
    text_printf(text_of(sink), "%s: ", report_level_name(event->level));
    put_place(text_of(sink), &event->place);
    text_put_printable(text_of(sink), event->text, SHOWN);
    text_puts(text_of(sink), "\n");
}

static void put_text(struct text *text, const char *before, const char *value)
{
    if (value != NULL) {
        text_puts(text, before);
        text_put_printable(text, value, SHOWN);
    }
}

static void tell_job(struct sink *sink, const struct platen_report_event *event,
                     const struct surroundings *around)
{
    const struct platen_report_job *job = event->job;
    struct text *text = text_of(sink);
    if (!sink->wanted.verbose) {
        return;
    }
    text_blanks(text, indent_of(around) + (around->test == NULL ? 0 : 4));
    text_printf(text, "job %" PRIu32, job->id);
    put_text(text, " ", job->document);
    put_text(text, " on ", job->port);
    put_text(text, ": ", job->state);
    text_printf(text, ", %" PRIu64 " bytes in ", job->bytes);
    put_seconds(text, job->duration);
    put_text(text, ", ", job->call);
    if (job->error != 0) {
        const char *name = platen_error_name(job->error);
        text_printf(text, ", error %" PRIu32 "%s%s", job->error, name == NULL ? "" : " ",
                    name == NULL ? "" : name);
    }
    text_puts(text, "\n");
}

static void put_counts(struct text *text, const struct platen_report_totals *totals)
{
    const char *before = ": ";
    for (int verdict = 0; verdict < PLATEN_REPORT_VERDICTS; verdict++) {
        if (totals->verdicts[verdict] > 0) {
            text_printf(text, "%s%" PRIu64 " %s", before, totals->verdicts[verdict],
                        verdicts[verdict].counted);
            before = ", ";
        }
    }
}

static void tell_run_end(struct sink *sink, const struct platen_report_event *event,
                         const struct surroundings *around)
{
    struct text *text = text_of(sink);
    uint64_t tests = around->all->tests;
    text_puts(text, "\n");
    if (event->verdict == PLATEN_REPORT_ERROR) {
        put_row(text, 0, "broken off: ", event->text == NULL ? "no reason is given" : event->text);
    }
    text_printf(text, "%" PRIu64 " test%s", tests, tests == 1 ? "" : "s");
    if (around->files > 0) {
        text_printf(text, " in %" PRIu64 " file%s", around->files, around->files == 1 ? "" : "s");
    }
    put_counts(text, around->all);
    if (event->duration > 0) {
        text_puts(text, " (");
        put_seconds(text, event->duration);
        text_puts(text, ")");
    }
    if (around->seed != 0) {
        text_printf(text, ", seed %" PRIu64, around->seed);
    }
    text_puts(text, "\n");
}

static void tell(struct sink *sink, const struct platen_report_event *event,
                 const struct surroundings *around)
{
    switch (event->kind) {
    case PLATEN_REPORT_RUN_BEGIN:
        text_puts(text_of(sink), sink->output.standard ? "" : HEADING);
        break;
    case PLATEN_REPORT_FILE_BEGIN:
        text_put_printable(text_of(sink), event->name, SHOWN);
        text_puts(text_of(sink), ":\n");
        break;
    case PLATEN_REPORT_TEST_END:
        tell_test_end(sink, event, around);
        break;
    case PLATEN_REPORT_LOG:
        tell_log(sink, event, around);
        break;
    case PLATEN_REPORT_JOB:
        tell_job(sink, event, around);
        break;
    case PLATEN_REPORT_RUN_END:
        tell_run_end(sink, event, around);
        break;
    default:
        break;
    }
}

const struct format report_human = {.beginnings = beginnings, .tell = tell};
