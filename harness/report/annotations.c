/* SPDX-License-Identifier: MIT
 *
 * What came to light, as lines that a code host picks out of a log and shows beside the files:
 *
 *     ::error file=drivers/mon.dll,title=R12 (MUST): Nothing is written ...::EnumPorts ...%0A...
 *
 * These are workflow commands of GitHub Actions, which Gitea and Forgejo know, too. In such a line
 * %, line ends and, before the second ::, also : and , are written as %XX.
 */
#include <inttypes.h>
#include <string.h>

#include "report/format.h"

#define SHOWN 2000 /* bytes of any text; a host cuts off what is long */

static const char *const beginnings[] = {"::error ", "::warning ", NULL};

static void put_escaped(struct text *text, const char *from, const char *escaped)
{
    while (*from != '\0') {
        size_t plain = strcspn(from, escaped);
        text_put(text, from, plain);
        from += plain;
        if (*from != '\0') {
            text_printf(text, "%%%02X", (unsigned)(unsigned char)*from++);
        }
    }
}

static void put_property(struct text *text, const char *separator, const char *name,
                         const char *value)
{
    struct text shown = {0};
    text_printf(text, "%s%s=", separator, name);
    text_put_printable(&shown, value, SHOWN);
    put_escaped(text, text_string(&shown), "%\r\n:,");
    text->failed = text->failed || shown.failed;
    text_free(&shown);
}

/* A row of the message, whose rows are divided by %0A. */
static void put_row(struct text *text, const char *name, const char *value)
{
    struct text shown = {0};
    if (value == NULL || value[0] == '\0') {
        return;
    }
    text_put_printable(&shown, value, SHOWN);
    text_puts(text, "%0A");
    text_puts(text, name);
    put_escaped(text, text_string(&shown), "%\r\n");
    text->failed = text->failed || shown.failed;
    text_free(&shown);
}

static void put_title(struct text *text, const struct platen_report_event *result,
                      const struct surroundings *around)
{
    const struct platen_report_finding *rule = report_rule(around->test, result);
    struct text title = {0};
    if (rule == NULL || rule->rule == NULL) {
        put_property(text, ",", "title", around->test->begin->event.name);
        return;
    }
    text_puts(&title, rule->rule);
    text_puts(&title, rule->severity == NULL ? "" : " (");
    text_puts(&title, rule->severity == NULL ? "" : rule->severity);
    text_puts(&title, rule->severity == NULL ? "" : ")");
    text_puts(&title, rule->title == NULL ? "" : ": ");
    text_puts(&title, rule->title == NULL ? "" : rule->title);
    put_property(text, ",", "title", text_string(&title));
    text->failed = text->failed || title.failed;
    text_free(&title);
}

static void put_place(struct text *text, const struct platen_report_place *place)
{
    if (place->file == NULL) {
        return;
    }
    put_property(text, ",", "file", place->file);
    if (place->line > 0) {
        text_printf(text, ",line=%" PRIu32, place->line);
    }
    if (place->line > 0 && place->column > 0) {
        text_printf(text, ",col=%" PRIu32, place->column);
    }
}

static void put_result(struct text *text, const struct platen_report_event *result,
                       const struct surroundings *around)
{
    struct text message = {0};
    struct text properties = {0};
    struct text called = {0};
    bool failed = report_failed(result->verdict);
    put_place(&properties, &result->place);
    put_title(&properties, result, around);
    text_printf(text, "::%s %s::", failed ? "error" : "warning", text_string(&properties) + 1);
    text_put(&called, result->name, report_called(result));
    put_row(&message, "", text_string(&called));
    put_row(&message, "", result->text);
    put_row(&message, "expected: ", result->expected);
    put_row(&message, "got: ", result->got);
    put_row(&message, "effect: ", result->finding == NULL ? NULL : result->finding->effect);
    put_row(&message, "change: ", result->finding == NULL ? NULL : result->finding->change);
    put_row(&message, "again: ", result->repeat);
    text_puts(text, message.length == 0 ? "?" : text_string(&message) + strlen("%0A"));
    text_puts(text, "\n");
    text->failed = text->failed || message.failed || properties.failed || called.failed;
    text_free(&called);
    text_free(&message);
    text_free(&properties);
}

static void tell_test_end(struct text *text, const struct platen_report_event *end,
                          const struct surroundings *around)
{
    const struct platen_report_event *result = NULL;
    if (!report_is_told(end->verdict)) {
        return; /* what is expected is no news */
    }
    while ((result = report_result(end, around->test, result)) != NULL) {
        if (report_is_told(result->verdict)) {
            put_result(text, result, around);
        }
    }
}

static void tell_run_end(struct text *text, const struct platen_report_event *end,
                         const struct surroundings *around)
{
    if (end->verdict == PLATEN_REPORT_ERROR) {
        text_puts(text, "::error title=");
        put_escaped(text, around->run, "%\r\n:,");
        text_puts(text, "::The run was broken off");
        put_row(text, "", end->text);
        text_puts(text, "\n");
    }
}

static void tell(struct sink *sink, const struct platen_report_event *event,
                 const struct surroundings *around)
{
    if (event->kind == PLATEN_REPORT_TEST_END) {
        tell_test_end(&sink->output.text, event, around);
    } else if (event->kind == PLATEN_REPORT_RUN_END) {
        tell_run_end(&sink->output.text, event, around);
    }
}

const struct format report_annotations = {.beginnings = beginnings, .tell = tell};
