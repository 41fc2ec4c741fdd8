/* SPDX-License-Identifier: MIT */
#include "report/page.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "embedded.h"

#define SHOWN 20000 /* bytes of any line; the formats for machines have all of it */

extern const struct platen_embedded report_looks[]; /* page.css */

static const struct page_verdict verdicts[PLATEN_REPORT_VERDICTS] = {
    [PLATEN_REPORT_PASS] = {"pass", "passed"},
    [PLATEN_REPORT_FAIL] = {"fail", "failed"},
    [PLATEN_REPORT_SKIP] = {"skip", "skipped"},
    [PLATEN_REPORT_XFAIL] = {"xfail", "failed as expected"},
    [PLATEN_REPORT_XPASS] = {"xpass", "passed unexpectedly"},
    [PLATEN_REPORT_ERROR] = {"error", "could not be judged"},
    [PLATEN_REPORT_WARN] = {"warn", "with a warning"},
};

/* In the order in which the page counts them. */
static const enum platen_report_verdict order[] = {
    PLATEN_REPORT_FAIL, PLATEN_REPORT_XPASS, PLATEN_REPORT_ERROR, PLATEN_REPORT_WARN,
    PLATEN_REPORT_PASS, PLATEN_REPORT_XFAIL, PLATEN_REPORT_SKIP};

#define COUNT(array) (sizeof(array) / sizeof *(array))

const struct page_verdict *page_verdict(enum platen_report_verdict verdict)
{
    return &verdicts[verdict];
}

/* Each line printable; the line ends stay. */
static void make_words(struct text *to, const char *from)
{
    while (*from != '\0') {
        size_t length = strcspn(from, "\n");
        struct text line = {0};
        text_put(&line, from, length);
        text_put_printable(to, text_string(&line), SHOWN);
        to->failed = to->failed || line.failed;
        text_free(&line);
        from += length;
        if (*from == '\n') {
            text_puts(to, "\n");
            from++;
        }
    }
}

void page_put_words(struct markup *to, const char *text)
{
    struct text words = {0};
    make_words(&words, text);
    markup_text(to, text_string(&words));
    to->failed = to->failed || words.failed;
    text_free(&words);
}

void page_lead(struct markup *to, const char *class, const char *lead, const char *words)
{
    if (words != NULL) {
        page_open(to, "p", class);
        page_words(to, "strong", NULL, lead);
        markup_text(to, " ");
        page_put_words(to, words);
        markup_end(to);
    }
}

void page_attribute(struct markup *to, const char *name, const char *text)
{
    struct text words = {0};
    make_words(&words, text);
    markup_attribute(to, name, text_string(&words));
    to->failed = to->failed || words.failed;
    text_free(&words);
}

void page_open(struct markup *to, const char *element, const char *class_name)
{
    markup_begin(to, element);
    markup_attribute(to, "class", class_name);
}

void page_words(struct markup *to, const char *element, const char *class_name, const char *text)
{
    page_open(to, element, class_name);
    page_put_words(to, text);
    markup_end_pair(to);
}

void page_link(struct markup *to, const char *id)
{
    char href[40];
    snprintf(href, sizeof href, "#%s", id);
    markup_attribute(to, "href", href);
}

void page_badge(struct markup *to, enum platen_report_verdict verdict)
{
    char classes[40];
    snprintf(classes, sizeof classes, "badge %s", platen_report_verdict_name(verdict));
    page_words(to, "span", classes, verdicts[verdict].counted);
}

void page_fact(struct markup *to, const char *term, const char *element, const char *text)
{
    if (text == NULL || text[0] == '\0') {
        return;
    }
    page_words(to, "dt", NULL, term);
    page_open(to, "dd", NULL);
    if (element == NULL) {
        page_put_words(to, text);
    } else {
        page_words(to, element, NULL, text);
    }
    markup_end(to);
}

const struct platen_report_finding *page_rule_of(const struct test *test)
{
    const struct platen_report_finding *rule = test->begin->event.finding;
    for (const struct held *held = test->first; held != NULL && rule == NULL; held = held->next) {
        rule = held->event.finding;
    }
    return rule;
}

unsigned page_rule_number(const char *rule)
{
    unsigned number = 0;
    char again[8];
    if (rule == NULL || rule[0] != 'R' || strlen(rule) > 4) {
        return 0;
    }
    for (const char *at = rule + 1; *at >= '0' && *at <= '9'; at++) {
        number = number * 10 + (unsigned)(*at - '0');
    }
    snprintf(again, sizeof again, "R%u", number);
    return strcmp(again, rule) == 0 ? number : 0;
}

/* ---- the head of the page ----------------------------------------------------------------------
 */

static void put_head(struct markup *page, const char *title)
{
    markup_raw(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta name=\"color-scheme\" content=\"light dark\">\n"
                     "<meta name=\"generator\" content=\"platen " PLATEN_VERSION "\">\n"
                     "<style>\n");
    markup_raw(page, report_looks[0].text);
    markup_raw(page, "</style>\n");
    page_words(page, "title", NULL, title);
    markup_raw(page, "\n</head>\n<body>\n");
}

static uint64_t tried(const struct platen_report_totals *totals)
{
    return totals->tests - totals->verdicts[PLATEN_REPORT_SKIP];
}

/* What of the tests has failed, verdict by verdict: "3 of 82 rules are broken; 1 could not be
 * judged". */
static void say_failures(struct text *to, const struct page_words *words)
{
    const struct platen_report_totals *totals = words->around->all;
    uint64_t failed = totals->verdicts[PLATEN_REPORT_FAIL];
    bool rules = strcmp(words->noun, "rule") == 0;
    if (failed > 0) {
        text_printf(to, "%" PRIu64 " of %" PRIu64 " %ss %s", failed, totals->tests, words->noun,
                    !rules        ? "failed"
                    : failed == 1 ? "is broken"
                                  : "are broken");
    }
    for (size_t i = 0; i < COUNT(order); i++) {
        uint64_t count = totals->verdicts[order[i]];
        if (order[i] != PLATEN_REPORT_FAIL && report_failed(order[i]) && count > 0) {
            text_printf(to, "%s%" PRIu64 " %s", to->length > 0 ? "; " : "", count,
                        verdicts[order[i]].counted);
        }
    }
    text_puts(to, ".");
}

/* What the whole comes to, in a sentence. */
static void say_outcome(struct text *to, const struct page_words *words)
{
    const struct platen_report_totals *totals = words->around->all;
    uint64_t warnings = totals->verdicts[PLATEN_REPORT_WARN];
    if (totals->tests == 0) {
        text_puts(to, "Nothing ran.");
    } else if (report_failures(totals) > 0) {
        say_failures(to, words);
    } else if (tried(totals) == 0) {
        text_printf(to, "Nothing was tried: every %s was skipped.", words->noun);
    } else if (warnings > 0) {
        text_printf(to, "Nothing failed; %" PRIu64 " %s%s worth a look.", warnings, words->noun,
                    warnings == 1 ? " is" : "s are");
    } else {
        text_printf(to, "No fault found in %" PRIu64 " %s%s.", tried(totals), words->noun,
                    tried(totals) == 1 ? "" : "s");
    }
    if (totals->verdicts[PLATEN_REPORT_SKIP] > 0 && tried(totals) > 0) {
        text_printf(to, " %" PRIu64 " not tried.", totals->verdicts[PLATEN_REPORT_SKIP]);
    }
}

static void put_outcome(struct markup *page, const struct page_words *words)
{
    const struct platen_report_totals *totals = words->around->all;
    struct text text = {0};
    bool broken_off = words->end->verdict == PLATEN_REPORT_ERROR;
    bool fail = broken_off || report_failures(totals) > 0;
    bool fine = totals->verdicts[PLATEN_REPORT_WARN] == 0 && tried(totals) > 0;
    say_outcome(&text, words);
    page_words(page, "p",
               fail   ? "outcome fail"
               : fine ? "outcome pass"
                      : "outcome warn",
               text_string(&text));
    if (broken_off) {
        text_clear(&text);
        text_puts(&text, "The run was broken off: ");
        text_puts(&text, words->end->text == NULL ? "no reason is given" : words->end->text);
        page_words(page, "p", "broken-off", text_string(&text));
    }
    page->failed = page->failed || text.failed;
    text_free(&text);
}

static void put_counts(struct markup *page, const struct platen_report_totals *totals)
{
    page_open(page, "ul", "counts");
    for (size_t i = 0; i < COUNT(order); i++) {
        char number[24];
        if (totals->verdicts[order[i]] == 0) {
            continue;
        }
        snprintf(number, sizeof number, "%" PRIu64, totals->verdicts[order[i]]);
        page_open(page, "li", platen_report_verdict_name(order[i]));
        page_words(page, "b", NULL, number);
        markup_text(page, " ");
        page_put_words(page, verdicts[order[i]].counted);
        markup_end(page);
    }
    markup_end_pair(page);
}

static void put_run(struct markup *page, const struct page_words *words)
{
    const struct platen_report_event *begin = words->around->begin;
    char text[64];
    page_open(page, "dl", "facts");
    page_fact(page, "Command", "code", begin->repeat);
    if (words->end->duration > 0) {
        snprintf(text, sizeof text, "%.1f s", (double)words->end->duration / 1e9);
        page_fact(page, "Took", NULL, text);
    }
    if (begin->seed > 0) {
        snprintf(text, sizeof text, "%" PRIu64, begin->seed);
        page_fact(page, "Seed", NULL, text);
    }
    page_fact(page, "Made by", NULL, "platen " PLATEN_VERSION);
    markup_end(page);
}

void page_begin(struct markup *page, const struct page_words *words)
{
    const char *run = words->around->run;
    const char *subject = words->around->begin->place.file;
    struct text title = {0};
    text_puts(&title, run);
    text_puts(&title, subject == NULL ? "" : " ");
    text_puts(&title, subject == NULL ? "" : subject);
    put_head(page, text_string(&title));
    page_open(page, "header", "top");
    page_words(page, "p", "run", run);
    page_words(page, "h1", NULL, subject == NULL ? run : subject);
    put_outcome(page, words);
    put_counts(page, words->around->all);
    put_run(page, words);
    markup_end(page);
    page_open(page, "main", NULL);
    markup_raw(page, "\n");
    page->failed = page->failed || title.failed;
    text_free(&title);
}

/* ---- its sections ------------------------------------------------------------------------------
 */

static void open_section(struct markup *page, const char *id, const char *title)
{
    page_open(page, "section", NULL);
    markup_attribute(page, "id", id);
    markup_attribute(page, "aria-label", title);
    page_words(page, "h2", NULL, title);
    markup_raw(page, "\n");
}

void page_section(struct markup *page, const char *id, const char *title, struct markup *inside)
{
    open_section(page, id, title);
    markup_append(page, inside);
    markup_end(page);
    markup_raw(page, "\n");
}

void page_list(struct markup *page, const char *id, const char *title, struct markup *inside)
{
    open_section(page, id, title);
    page_open(page, "ul", NULL);
    markup_append(page, inside);
    markup_end(page);
    markup_end(page);
    markup_raw(page, "\n");
}

/* Which rows are shown: buttons that page.css acts on, without a script. */
static void put_choice(struct markup *page, const struct platen_report_totals *totals)
{
    markup_raw(page, "<fieldset class=\"choice\"><legend>Show</legend>"
                     "<label><input type=\"radio\" name=\"show\" id=\"show-all\" checked> all"
                     "</label>");
    for (size_t i = 0; i < COUNT(order); i++) {
        const char *name = platen_report_verdict_name(order[i]);
        char id[40];
        if (totals->verdicts[order[i]] == 0) {
            continue;
        }
        snprintf(id, sizeof id, "show-%s", name);
        page_open(page, "label", NULL);
        markup_raw(page, "<input type=\"radio\" name=\"show\" id=\"");
        markup_raw(page, id);
        markup_raw(page, "\"> ");
        page_put_words(page, verdicts[order[i]].counted);
        markup_end(page);
    }
    markup_raw(page, "</fieldset>\n");
}

void page_table(struct markup *page, const struct page_words *words, struct markup *rows)
{
    char title[40];
    snprintf(title, sizeof title, "All %ss", words->noun);
    open_section(page, "all", title);
    put_choice(page, words->around->all);
    page_open(page, "table", NULL);
    page_open(page, "thead", NULL);
    page_open(page, "tr", NULL);
    static const char *const columns[] = {"Verdict", NULL, "Severity", "Why"};
    for (size_t i = 0; i < COUNT(columns); i++) {
        page_open(page, "th", NULL);
        markup_attribute(page, "scope", "col");
        page_put_words(page, columns[i] != NULL                 ? columns[i]
                             : strcmp(words->noun, "rule") == 0 ? "Rule"
                                                                : "Test");
        markup_end(page);
    }
    markup_end(page);
    markup_end(page);
    page_open(page, "tbody", NULL);
    markup_raw(page, "\n");
    markup_append(page, rows);
    markup_end(page);
    markup_end(page);
    markup_end(page);
    markup_raw(page, "\n");
}

void page_end(struct markup *page)
{
    markup_end_pair(page); /* main */
    markup_raw(page, "\n</body>\n</html>\n");
}
