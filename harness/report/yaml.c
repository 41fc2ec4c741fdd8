/* SPDX-License-Identifier: MIT
 *
 * The diagnostics of TAP: a block of YAML below the line of a test.
 *
 *       ---
 *       seconds: 0.012
 *       checks: 3
 *       failures:
 *         - name: "OpenPort"
 *           verdict: "fail"
 *           file: "first.spool"
 *           line: 12
 *           expected: "FALSE ERROR_UNKNOWN_PORT"
 *       ...
 *
 * Every text is in double quotes, so that nothing in it means anything to YAML. Text that is no
 * UTF-8 has its bytes beside it, as NAME_hex.
 */
#include <inttypes.h>

#include "report/format.h"

/* The start of a row: blanks, or the dash of a list's item in them, and the key. */
struct row {
    struct text *text;
    size_t indent;
    bool first; /* of an item of a list */
};

static void put_key(struct row *row, const char *key, const char *suffix)
{
    text_blanks(row->text, row->indent);
    text_puts(row->text, row->first ? "- " : "");
    text_printf(row->text, "%s%s: ", key, suffix);
    row->indent += row->first ? 2 : 0;
    row->first = false;
}

static void put_string(struct row *row, const char *key, const char *value)
{
    if (value == NULL) {
        return;
    }
    put_key(row, key, "");
    text_put_quoted(row->text, value);
    text_puts(row->text, "\n");
    if (!text_is_utf8(value)) {
        put_key(row, key, "_hex");
        text_puts(row->text, "\"");
        text_put_hex(row->text, value);
        text_puts(row->text, "\"\n");
    }
}

static void put_number(struct row *row, const char *key, uint64_t value)
{
    if (value > 0) {
        put_key(row, key, "");
        text_printf(row->text, "%" PRIu64 "\n", value);
    }
}

static void put_finding(struct row *row, const struct platen_report_finding *finding)
{
    put_string(row, "rule", finding->rule);
    put_string(row, "severity", finding->severity);
    put_string(row, "title", finding->title);
    put_string(row, "clause", finding->clause);
    put_string(row, "effect", finding->effect);
    put_string(row, "change", finding->change);
    put_string(row, "trace", finding->trace);
}

static void put_failure(struct text *text, size_t indent, const struct platen_report_event *check)
{
    struct row row = {.text = text, .indent = indent, .first = true};
    put_string(&row, "name", check->name);
    put_string(&row, "verdict", platen_report_verdict_name(check->verdict));
    put_string(&row, "file", check->place.file);
    put_number(&row, "line", check->place.line);
    put_number(&row, "column", check->place.column);
    put_string(&row, "expected", check->expected);
    put_string(&row, "got", check->got);
    put_string(&row, "text", check->text);
    if (check->finding != NULL) {
        put_finding(&row, check->finding);
    }
    put_string(&row, "repeat", check->repeat);
}

static void put_failures(struct row *row, const struct test *test)
{
    bool any = false;
    for (const struct held *held = test->first; held != NULL; held = held->next) {
        if (held->event.kind == PLATEN_REPORT_LOG || !report_is_told(held->event.verdict)) {
            continue;
        }
        if (!any) {
            text_blanks(row->text, row->indent);
            text_puts(row->text, "failures:\n");
        }
        any = true;
        put_failure(row->text, row->indent + 2, &held->event);
    }
    if (test->failures > HELD_FAILURES) {
        put_number(row, "more_failures", test->failures - HELD_FAILURES);
    }
}

void yaml_diagnostics(struct text *text, size_t indent, const struct platen_report_event *end,
                      const struct test *test, const char *exact)
{
    struct row row = {.text = text, .indent = indent};
    bool failed = report_is_told(end->verdict);
    text_blanks(text, indent);
    text_puts(text, "---\n");
    put_string(&row, "name", exact);
    put_string(&row, "verdict", platen_report_verdict_name(end->verdict));
    put_string(&row, "file", failed ? end->place.file : NULL);
    put_number(&row, "line", failed ? end->place.line : 0);
    put_string(&row, "reason", end->text);
    put_key(&row, "seconds", "");
    text_printf(text, "%.6f\n", (double)end->duration / 1e9);
    put_number(&row, "checks", test->checks);
    put_failures(&row, test);
    put_string(&row, "repeat", failed ? end->repeat : NULL);
    text_blanks(text, indent);
    text_puts(text, "...\n");
}
