/* SPDX-License-Identifier: MIT
 *
 * One page for people: what the run came to, the matrix of all tests by file (of a check: of rules
 * by group), each finding with its trace, and the whole list. It needs no script and nothing
 * besides itself, and forbids the browser to load anything. Its looks are in page.css.
 *
 * Every text goes through put_words: control characters and marks that turn the direction of text
 * are shown as escapes, and libxml2 writes the rest as text.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/error.h"
#include "report/format.h"
#include "report/page.h"

static const char *const beginnings[] = {"<!DOCTYPE html>\n<html lang=\"en\">\n<head>", NULL};

/* Of the three parts a test goes to one: what is broken stands first. */
enum part { BROKEN, WARNED, EXPECTED, PARTS };

static const struct {
    const char *id;
    const char *title;
} parts[PARTS] = {
    [BROKEN] = {"broken", "What is broken"},
    [WARNED] = {"warned", "Worth a look"},
    [EXPECTED] = {"expected", "Failed as expected"},
};

struct html {
    struct markup cells; /* of the open file */
    struct markup matrix;
    struct markup findings[PARTS];
    uint64_t counts[PARTS];
    struct markup rows;
    struct markup notes; /* what was logged outside of tests */
    uint64_t tests;      /* so far */
    uint64_t in_file;
    uint64_t ruled; /* tests that try a rule */
    uint64_t noted;
    char *about;               /* what the open file is about; NULL */
    bool taken[PAGE_RULE_IDS]; /* ids of rules that stand on the page */
};

/* ---- what came to light in one test ------------------------------------------------------------
 */

/* Of the rule, or of what was found: the less important parts of a MUST rule are only a SHOULD. */
static const char *severity_of(const struct platen_report_event *end, const struct test *test)
{
    const struct platen_report_finding *rule = page_rule_of(test);
    const struct platen_report_event *result = NULL;
    const char *severity = NULL;
    while ((result = report_result(end, test, result)) != NULL) {
        const char *found = result->finding == NULL ? NULL : result->finding->severity;
        severity = severity == NULL || report_same(found, "MUST") ? found : severity;
    }
    return severity != NULL || rule == NULL ? severity : rule->severity;
}

static void put_rule(struct markup *to, const struct platen_report_finding *rule,
                     const struct platen_report_event *end, const struct test *test)
{
    const char *severity = severity_of(end, test);
    bool ruled = rule != NULL && rule->rule != NULL;
    page_open(to, "header", NULL);
    page_open(to, "h3", NULL);
    if (ruled) {
        page_words(to, "span", "rule", rule->rule);
        markup_text(to, " ");
    }
    page_put_words(to, ruled && rule->title != NULL ? rule->title : end->name);
    markup_end(to);
    page_open(to, "p", "badges");
    if (severity != NULL) {
        page_words(to, "span", "badge severity", severity);
        markup_text(to, " ");
    }
    page_badge(to, end->verdict);
    markup_end(to);
    markup_end(to);
}

static void put_place(struct markup *to, const struct platen_report_place *place)
{
    struct text text = {0};
    if (place->file == NULL || place->line == 0) {
        return;
    }
    text_puts(&text, place->file);
    text_printf(&text, ":%" PRIu32, place->line);
    page_fact(to, "Where", "code", text_string(&text));
    text_free(&text);
}

static void put_called(struct markup *to, const struct platen_report_event *event)
{
    struct text text = {0};
    text_put(&text, event->name, report_called(event));
    page_fact(to, "Called", "code", text_string(&text));
    to->failed = to->failed || text.failed;
    text_free(&text);
}

/* One of its results; `again` runs the whole test again and is said once. */
static void put_result(struct markup *to, const struct platen_report_event *event,
                       const struct platen_report_event *end)
{
    const struct platen_report_finding *finding = event->finding;
    page_open(to, "dl", "facts");
    if (event != end) {
        put_called(to, event);
    }
    put_place(to, &event->place);
    page_fact(to, "Expected", "code", event->expected);
    page_fact(to, "Got", "code", event->got);
    page_fact(to, event == end ? "Why" : "In short", NULL, event->text);
    if (!report_same(event->repeat, end->repeat)) {
        page_fact(to, "Run it again", "code", event->repeat);
    }
    markup_end_pair(to);
    if (finding != NULL && finding->trace != NULL && finding->trace[0] != '\0') {
        page_open(to, "figure", NULL);
        page_words(to, "figcaption", NULL, "The shortest trace that shows it");
        page_open(to, "pre", NULL);
        page_words(to, "code", NULL, finding->trace);
        markup_end(to);
        markup_end(to);
    }
}

static void put_logs(struct markup *to, const struct test *test)
{
    for (const struct held *held = test->first; held != NULL; held = held->next) {
        if (held->event.kind == PLATEN_REPORT_LOG && held->event.level != PLATEN_REPORT_INFO) {
            page_words(to, "p", "log", held->event.text);
        }
    }
}

static void put_source(struct markup *to, const struct platen_report_finding *rule)
{
    if (rule == NULL || (rule->clause == NULL && rule->says == NULL)) {
        return;
    }
    page_open(to, "dl", "facts source");
    page_fact(to, "The rule", NULL, rule->says);
    page_fact(to, "Source", NULL, rule->clause);
    markup_end_pair(to);
}

static const char *effect_of(const struct test *test, const struct platen_report_finding *rule)
{
    if (rule != NULL && rule->effect != NULL) {
        return rule->effect;
    }
    for (const struct held *held = test->first; held != NULL; held = held->next) {
        if (held->event.finding != NULL && held->event.finding->effect != NULL) {
            return held->event.finding->effect;
        }
    }
    return NULL;
}

static unsigned count_results(const struct platen_report_event *end, const struct test *test)
{
    const struct platen_report_event *result = NULL;
    unsigned count = 0;
    while ((result = report_result(end, test, result)) != NULL) {
        count++;
    }
    return count;
}

static void put_results(struct markup *to, const struct platen_report_event *end,
                        const struct test *test)
{
    const struct platen_report_event *result = NULL;
    unsigned count = count_results(end, test);
    char text[64];
    for (unsigned i = 1; (result = report_result(end, test, result)) != NULL; i++) {
        if (count > 1) {
            snprintf(text, sizeof text, "%u of %u", i, count);
            page_words(to, "h4", NULL, text);
        }
        put_result(to, result, end);
    }
    if (test->failures > HELD_FAILURES) {
        snprintf(text, sizeof text, "and %" PRIu64 " more that failed",
                 test->failures - HELD_FAILURES);
        page_words(to, "p", "more", text);
    }
}

static enum part part_of(enum platen_report_verdict verdict)
{
    return report_failed(verdict) ? BROKEN : verdict == PLATEN_REPORT_WARN ? WARNED : EXPECTED;
}

static void put_finding(struct html *html, const struct platen_report_event *end,
                        const struct surroundings *around, const char *id)
{
    enum part part = part_of(end->verdict);
    struct markup *to = &html->findings[part];
    const struct platen_report_finding *rule = page_rule_of(around->test);
    const char *effect = effect_of(around->test, rule);
    html->counts[part]++;
    page_open(to, "article", platen_report_verdict_name(end->verdict));
    markup_attribute(to, "id", id);
    put_rule(to, rule, end, around->test);
    page_lead(to, "effect", "What it does to a spooler:", effect);
    page_lead(to, "change", "What to change:", rule == NULL ? NULL : rule->change);
    if (end->text != NULL && report_result(end, around->test, NULL) != end) {
        page_open(to, "dl", "facts");
        page_fact(to, part == EXPECTED ? "Excused by" : "Why", NULL, end->text);
        markup_end_pair(to);
    }
    put_results(to, end, around->test);
    put_logs(to, around->test);
    if (end->repeat != NULL) {
        page_open(to, "dl", "facts");
        page_fact(to, "Run it again", "code", end->repeat);
        markup_end(to);
    }
    put_source(to, rule);
    markup_end(to);
    markup_raw(to, "\n");
}

/* ---- one test ----------------------------------------------------------------------------------
 */

/* Where the test stands on the page: "R12" if that is its rule and the first of it, else a number.
 */
static void name_test(struct html *html, const struct platen_report_finding *rule, char id[24])
{
    unsigned number = rule == NULL ? 0 : page_rule_number(rule->rule);
    snprintf(id, 24, "test-%" PRIu64, html->tests);
    if (number > 0 && !html->taken[number]) {
        html->taken[number] = true;
        snprintf(id, 24, "R%u", number);
    }
}

/* What a pointer that rests there is told. */
static void put_title(struct markup *to, const char *name, enum platen_report_verdict verdict)
{
    struct text title = {0};
    text_puts(&title, name);
    text_puts(&title, ": ");
    text_puts(&title, page_verdict(verdict)->counted);
    page_attribute(to, "title", text_string(&title));
    to->failed = to->failed || title.failed;
    text_free(&title);
}

static void put_cell(struct html *html, const struct platen_report_event *end,
                     const struct platen_report_finding *rule, const char *target)
{
    struct markup *to = &html->cells;
    char number[24];
    bool ruled = rule != NULL && rule->rule != NULL;
    const char *name = ruled && rule->title != NULL ? rule->title : end->name;
    snprintf(number, sizeof number, "%" PRIu64, html->in_file);
    page_open(to, "li", NULL);
    page_open(to, "a", platen_report_verdict_name(end->verdict));
    page_link(to, target);
    put_title(to, name, end->verdict);
    page_words(to, "b", NULL, ruled ? rule->rule : number);
    markup_text(to, " ");
    page_words(to, "span", NULL, page_verdict(end->verdict)->tag);
    markup_end(to);
    markup_end(to);
}

static void put_row(struct html *html, const struct platen_report_event *end,
                    const struct surroundings *around, const char *id, bool found)
{
    struct markup *to = &html->rows;
    const struct platen_report_finding *rule = page_rule_of(around->test);
    bool ruled = rule != NULL && rule->rule != NULL;
    page_open(to, "tr", platen_report_verdict_name(end->verdict));
    if (!found) {
        markup_attribute(to, "id", id);
    }
    page_open(to, "td", "verdict");
    page_badge(to, end->verdict);
    markup_end(to);
    page_open(to, "th", NULL);
    markup_attribute(to, "scope", "row");
    if (ruled) {
        page_words(to, "span", "rule", rule->rule);
        markup_text(to, " ");
    }
    page_open(to, found ? "a" : "span", NULL);
    if (found) {
        page_link(to, id);
    }
    page_put_words(to, ruled && rule->title != NULL ? rule->title : end->name);
    markup_end(to);
    markup_end(to);
    page_words(to, "td", "severity", ruled && rule->severity != NULL ? rule->severity : "");
    page_words(to, "td", "why", end->text == NULL ? "" : end->text);
    markup_end(to);
    markup_raw(to, "\n");
}

static void tell_test_end(struct html *html, const struct platen_report_event *end,
                          const struct surroundings *around)
{
    const struct platen_report_finding *rule = page_rule_of(around->test);
    bool found = report_is_told(end->verdict) || end->verdict == PLATEN_REPORT_XFAIL;
    char id[24];
    html->tests++;
    html->in_file++;
    html->ruled += rule != NULL && rule->rule != NULL;
    name_test(html, rule, id);
    if (found) {
        put_finding(html, end, around, id);
    }
    put_cell(html, end, rule, id);
    put_row(html, end, around, id, found);
}

/* ---- files, logs -------------------------------------------------------------------------------
 */

/* Puts the cells that have gathered into the matrix, under the name of their file. */
static void put_group(struct html *html, const char *name)
{
    struct markup *to = &html->matrix;
    if (html->in_file > 0) {
        page_open(to, "section", "group");
        page_open(to, "h3", NULL);
        page_put_words(to, name);
        if (html->about != NULL) {
            markup_text(to, " ");
            page_words(to, "small", NULL, html->about);
        }
        markup_end(to);
        page_open(to, "ul", NULL);
        markup_append(to, &html->cells);
        markup_end(to);
        markup_end(to);
        markup_raw(to, "\n");
    }
    markup_empty(&html->cells);
    free(html->about);
    html->about = NULL;
    html->in_file = 0;
}

static void tell_file_begin(struct html *html, const struct platen_report_event *event,
                            const struct surroundings *around)
{
    put_group(html, around->run);
    if (event->text != NULL) {
        html->about = malloc(strlen(event->text) + 1);
        html->cells.failed = html->cells.failed || html->about == NULL;
    }
    if (html->about != NULL) {
        strcpy(html->about, event->text);
    }
}

static void tell_log(struct html *html, const struct platen_report_event *event,
                     const struct surroundings *around)
{
    if (around->test == NULL && event->level != PLATEN_REPORT_INFO) {
        html->noted++;
        page_words(&html->notes, "li", NULL, event->text);
    }
}

/* ---- the page ----------------------------------------------------------------------------------
 */

static void put_findings(struct html *html, struct markup *page)
{
    for (unsigned part = 0; part < PARTS; part++) {
        if (html->counts[part] > 0) {
            page_section(page, parts[part].id, parts[part].title, &html->findings[part]);
        }
    }
}

static void put_page(struct html *html, struct markup *page, const struct platen_report_event *end,
                     const struct surroundings *around)
{
    const struct page_words words = {
        .noun = html->ruled == html->tests && html->tests > 0 ? "rule" : "test",
        .end = end,
        .around = around,
    };
    page_begin(page, &words);
    if (html->tests > 0) {
        page_section(page, "matrix", "At a glance", &html->matrix);
    }
    put_findings(html, page);
    if (html->noted > 0) {
        page_list(page, "notes", "Said on the way", &html->notes);
    }
    if (html->tests > 0) {
        page_table(page, &words, &html->rows);
    }
    page_end(page);
}

static void tell_run_end(struct sink *sink, const struct platen_report_event *end,
                         const struct surroundings *around)
{
    struct html *html = sink->state;
    struct markup page;
    put_group(html, around->run);
    if (!markup_open(&page)) {
        sink->output.text.failed = true;
        return;
    }
    put_page(html, &page, end, around);
    markup_put(&page, &sink->output.text);
    markup_close(&page);
}

static void tell(struct sink *sink, const struct platen_report_event *event,
                 const struct surroundings *around)
{
    struct html *html = sink->state;
    switch (event->kind) {
    case PLATEN_REPORT_FILE_BEGIN:
        tell_file_begin(html, event, around);
        break;
    case PLATEN_REPORT_FILE_END:
        put_group(html, event->name);
        break;
    case PLATEN_REPORT_TEST_END:
        tell_test_end(html, event, around);
        break;
    case PLATEN_REPORT_LOG:
        tell_log(html, event, around);
        break;
    case PLATEN_REPORT_RUN_END:
        tell_run_end(sink, event, around);
        break;
    default:
        break;
    }
}

/* All that gathers. */
static size_t gathered(struct html *html, struct markup *all[4 + PARTS])
{
    size_t count = 0;
    all[count++] = &html->cells;
    all[count++] = &html->matrix;
    all[count++] = &html->rows;
    all[count++] = &html->notes;
    for (unsigned part = 0; part < PARTS; part++) {
        all[count++] = &html->findings[part];
    }
    return count;
}

static void close_html(struct sink *sink)
{
    struct html *html = sink->state;
    struct markup *all[4 + PARTS];
    if (html != NULL) {
        size_t count = gathered(html, all);
        for (size_t i = 0; i < count; i++) {
            markup_close(all[i]);
        }
        free(html->about);
        free(html);
    }
}

static uint32_t open_html(struct sink *sink)
{
    struct html *html = calloc(1, sizeof *html);
    struct markup *all[4 + PARTS];
    bool opened = html != NULL;
    sink->state = html;
    size_t count = html == NULL ? 0 : gathered(html, all);
    for (size_t i = 0; i < count && opened; i++) {
        opened = markup_open(all[i]);
    }
    return opened ? 0 : PLATEN_NOT_ENOUGH_MEMORY;
}

const struct format report_html = {
    .beginnings = beginnings, .whole = true, .open = open_html, .tell = tell, .close = close_html};
