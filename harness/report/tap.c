/* SPDX-License-Identifier: MIT
 *
 * TAP version 14 (testanything.org). A file is a subtest; a test that is in no file is a test point
 * of the run. What is expected to fail has the directive for that; what should have failed and
 * passed is not ok, for an `ok` with that directive would count as passed everywhere.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "os/error.h"
#include "report/format.h"

static const char *const beginnings[] = {"TAP version 1", NULL};

struct tap {
    uint64_t points;  /* of the run */
    uint64_t in_file; /* of the open file */
};

/* \124 is a T: the word in one piece says elsewhere that a source is not finished. */
static const struct {
    bool ok;
    const char *directive;
} verdicts[PLATEN_REPORT_VERDICTS] = {
    [PLATEN_REPORT_PASS] = {true, NULL},   [PLATEN_REPORT_FAIL] = {false, NULL},
    [PLATEN_REPORT_SKIP] = {true, "SKIP"}, [PLATEN_REPORT_XFAIL] = {false, "\124ODO"},
    [PLATEN_REPORT_XPASS] = {false, NULL}, [PLATEN_REPORT_ERROR] = {false, NULL},
    [PLATEN_REPORT_WARN] = {true, NULL},
};

static size_t indent_of(const struct surroundings *around)
{
    return around->file == NULL ? 0 : 4;
}

/* Readers trim a description, so what begins or ends with blanks is not what they will get. */
static bool is_exact(const char *name)
{
    struct text line = {0};
    size_t length = strlen(name);
    text_put_printable(&line, name, SIZE_MAX);
    bool same = !line.failed && strcmp(text_string(&line), name) == 0;
    text_free(&line);
    return same && (length == 0 || (name[0] != ' ' && name[length - 1] != ' '));
}

static void put_point(struct text *text, size_t indent, bool ok, uint64_t number, const char *name)
{
    text_blanks(text, indent);
    text_printf(text, "%s %" PRIu64 " - ", ok ? "ok" : "not ok", number);
    text_put_tap(text, name);
}

static void tell_test_end(struct sink *sink, const struct platen_report_event *event,
                          const struct surroundings *around)
{
    struct tap *tap = sink->state;
    struct text *text = &sink->output.text;
    size_t indent = indent_of(around);
    const char *directive = verdicts[event->verdict].directive;
    uint64_t number = around->file == NULL ? ++tap->points : ++tap->in_file;
    put_point(text, indent, verdicts[event->verdict].ok, number, event->name);
    if (directive != NULL) {
        text_printf(text, " # %s", directive);
        text_puts(text, event->text == NULL ? "" : " ");
        text_put_tap(text, event->text == NULL ? "" : event->text);
    }
    text_puts(text, "\n");
    yaml_diagnostics(text, indent + 2, event, around->test,
                     is_exact(event->name) ? NULL : event->name);
}

static void put_plan(struct text *text, size_t indent, uint64_t points)
{
    text_blanks(text, indent);
    text_printf(text, "1..%" PRIu64 "%s\n", points, points == 0 ? " # SKIP no tests" : "");
}

static void tell_file_begin(struct sink *sink, const struct platen_report_event *event)
{
    struct tap *tap = sink->state;
    tap->in_file = 0;
    text_puts(&sink->output.text, "# Subtest: ");
    text_put_tap(&sink->output.text, event->name);
    text_puts(&sink->output.text, "\n");
}

static void tell_file_end(struct sink *sink, const struct platen_report_event *event,
                          const struct surroundings *around)
{
    struct tap *tap = sink->state;
    struct text *text = &sink->output.text;
    put_plan(text, 4, tap->in_file);
    put_point(text, 0, report_failures(around->totals) == 0, ++tap->points, event->name);
    text_puts(text, tap->in_file == 0 ? " # SKIP no tests\n" : "\n");
}

/* A comment; its level stands first, for a comment "Subtest: ..." would begin a subtest. */
static void tell_log(struct sink *sink, const struct platen_report_event *event,
                     const struct surroundings *around)
{
    text_blanks(&sink->output.text, indent_of(around));
    text_printf(&sink->output.text, "# %s: ", report_level_name(event->level));
    text_put_printable(&sink->output.text, event->text, SIZE_MAX);
    text_puts(&sink->output.text, "\n");
}

static void tell_run_end(struct sink *sink, const struct platen_report_event *event)
{
    const struct tap *tap = sink->state;
    struct text *text = &sink->output.text;
    if (event->verdict == PLATEN_REPORT_ERROR) {
        text_puts(text, "Bail out! ");
        text_put_tap(text, event->text == NULL ? "" : event->text);
        text_puts(text, "\n");
    } else {
        put_plan(text, 0, tap->points);
    }
}

static void tell(struct sink *sink, const struct platen_report_event *event,
                 const struct surroundings *around)
{
    switch (event->kind) {
    case PLATEN_REPORT_RUN_BEGIN:
        text_puts(&sink->output.text, "TAP version 14\n");
        break;
    case PLATEN_REPORT_FILE_BEGIN:
        tell_file_begin(sink, event);
        break;
    case PLATEN_REPORT_FILE_END:
        tell_file_end(sink, event, around);
        break;
    case PLATEN_REPORT_TEST_END:
        tell_test_end(sink, event, around);
        break;
    case PLATEN_REPORT_LOG:
        tell_log(sink, event, around);
        break;
    case PLATEN_REPORT_RUN_END:
        tell_run_end(sink, event);
        break;
    default:
        break;
    }
}

static uint32_t open_tap(struct sink *sink)
{
    sink->state = calloc(1, sizeof(struct tap));
    return sink->state == NULL ? PLATEN_NOT_ENOUGH_MEMORY : 0;
}

static void close_tap(struct sink *sink)
{
    free(sink->state);
}

const struct format report_tap = {
    .beginnings = beginnings, .open = open_tap, .tell = tell, .close = close_tap};
