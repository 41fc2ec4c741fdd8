/* SPDX-License-Identifier: MIT
 *
 * JSON Lines: one object per event, as told, by doc/report.schema.json. Text that is no UTF-8 is
 * shown with escapes, and its bytes stand beside it as NAME_hex.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "os/error.h"
#include "report/format.h"

static const char *const beginnings[] = {"{\"event\":", NULL};

static void put_bytes(json_t *object, const char *key, const char *value)
{
    struct text name = {0};
    struct text hex = {0};
    text_printf(&name, "%s_hex", key);
    text_put_hex(&hex, value);
    json_object_set_new(object, text_string(&name), json_string(text_string(&hex)));
    text_free(&name);
    text_free(&hex);
}

static void put_string(json_t *object, const char *key, const char *value)
{
    if (value == NULL) {
        return;
    }
    if (text_is_utf8(value)) {
        json_object_set_new(object, key, json_string(value));
        return;
    }
    struct text shown = {0};
    text_put_printable(&shown, value, SIZE_MAX);
    json_object_set_new(object, key, json_string(text_string(&shown)));
    text_free(&shown);
    put_bytes(object, key, value);
}

static void put_number(json_t *object, const char *key, uint64_t value)
{
    json_object_set_new(object, key, json_integer((json_int_t)value));
}

/* As text: many readers of JSON take numbers for floating point, and a seed has to be exact. */
static void put_seed(json_t *object, uint64_t seed)
{
    struct text digits = {0};
    if (seed != 0) {
        text_printf(&digits, "%" PRIu64, seed);
        json_object_set_new(object, "seed", json_string(text_string(&digits)));
    }
    text_free(&digits);
}

static void put_known(json_t *object, const char *key, uint64_t value)
{
    if (value != 0) {
        put_number(object, key, value);
    }
}

static void put_seconds(json_t *object, uint64_t duration)
{
    json_object_set_new(object, "seconds", json_real((double)duration / 1e9));
}

static void put_verdict(json_t *object, enum platen_report_verdict verdict)
{
    json_object_set_new(object, "verdict", json_string(platen_report_verdict_name(verdict)));
}

static void put_place(json_t *object, const struct platen_report_place *place)
{
    put_string(object, "file", place->file);
    put_known(object, "line", place->line);
    put_known(object, "column", place->column);
}

/* Which test it belongs to; the number only where several are open side by side. */
static void put_test(json_t *object, const struct platen_report_event *event,
                     const struct surroundings *around)
{
    if (around->test != NULL) {
        put_string(object, "test", around->test->begin->event.name);
        put_known(object, "number", event->test);
    }
}

static void put_totals(json_t *object, const struct platen_report_totals *totals)
{
    put_number(object, "tests", totals->tests);
    for (int verdict = 0; verdict < PLATEN_REPORT_VERDICTS; verdict++) {
        put_number(object, platen_report_verdict_name((enum platen_report_verdict)verdict),
                   totals->verdicts[verdict]);
    }
    put_number(object, "checks", totals->checks);
    put_number(object, "failed_checks", totals->failed_checks);
}

/* ---- kind by kind -----------------------------------------------------------------------------
 */

static void tell_run_begin(json_t *object, const struct platen_report_event *event,
                           const struct surroundings *around)
{
    (void)around;
    put_string(object, "name", event->name);
    put_string(object, "file", event->place.file);
    put_string(object, "repeat", event->repeat);
    put_seed(object, event->seed);
}

static void tell_run_end(json_t *object, const struct platen_report_event *event,
                         const struct surroundings *around)
{
    json_object_set_new(object, "complete", json_boolean(event->verdict != PLATEN_REPORT_ERROR));
    put_string(object, "text", event->text);
    put_totals(object, around->all);
    put_seconds(object, event->duration);
}

static void tell_file_begin(json_t *object, const struct platen_report_event *event,
                            const struct surroundings *around)
{
    (void)around;
    put_string(object, "file", event->name);
    put_string(object, "text", event->text);
}

static void tell_file_end(json_t *object, const struct platen_report_event *event,
                          const struct surroundings *around)
{
    put_string(object, "file", event->name);
    put_totals(object, around->totals);
    put_seconds(object, event->duration);
}

static void put_finding(json_t *object, const struct platen_report_finding *finding)
{
    put_string(object, "rule", finding->rule);
    put_string(object, "severity", finding->severity);
    put_string(object, "title", finding->title);
    put_string(object, "clause", finding->clause);
    put_string(object, "effect", finding->effect);
    put_string(object, "change", finding->change);
    put_string(object, "trace", finding->trace);
    put_string(object, "says", finding->says);
}

static void tell_test_begin(json_t *object, const struct platen_report_event *event,
                            const struct surroundings *around)
{
    put_test(object, event, around);
    put_place(object, &event->place);
    if (event->finding != NULL) {
        put_finding(object, event->finding);
    }
}

static void tell_test_end(json_t *object, const struct platen_report_event *event,
                          const struct surroundings *around)
{
    put_test(object, event, around);
    put_place(object, &event->place);
    put_verdict(object, event->verdict);
    put_string(object, "text", event->text);
    put_string(object, "repeat", event->repeat);
    put_number(object, "checks", around->test->checks);
    put_number(object, "failed_checks", around->test->failures);
    put_seconds(object, event->duration);
}

static void tell_check(json_t *object, const struct platen_report_event *event,
                       const struct surroundings *around)
{
    put_test(object, event, around);
    put_string(object, "name", event->name);
    put_verdict(object, event->verdict);
    put_place(object, &event->place);
    put_string(object, "expected", event->expected);
    put_string(object, "got", event->got);
    put_string(object, "text", event->text);
    if (event->finding != NULL) {
        put_finding(object, event->finding);
    }
    put_string(object, "repeat", event->repeat);
}

static void tell_log(json_t *object, const struct platen_report_event *event,
                     const struct surroundings *around)
{
    put_test(object, event, around);
    json_object_set_new(object, "level", json_string(report_level_name(event->level)));
    put_place(object, &event->place);
    put_string(object, "text", event->text);
}

static void put_error(json_t *object, uint32_t code)
{
    json_t *error = code == 0 ? json_null() : json_object();
    if (code != 0) {
        put_number(error, "code", code);
        json_object_set_new(error, "name", json_null());
        json_object_set_new(error, "text", json_null());
        put_string(error, "name", platen_error_name(code));
        put_string(error, "text", platen_error_text(code));
    }
    json_object_set_new(object, "error", error);
}

static void put_nullable(json_t *object, const char *key, const char *value)
{
    json_object_set_new(object, key, json_null());
    put_string(object, key, value);
}

/* The members that `platen print` writes, and the test. */
static void tell_job(json_t *object, const struct platen_report_event *event,
                     const struct surroundings *around)
{
    const struct platen_report_job *job = event->job;
    put_nullable(object, "document", job->document);
    put_nullable(object, "port", job->port);
    put_nullable(object, "monitor", job->monitor);
    put_number(object, "id", job->id);
    put_string(object, "state", job->state == NULL ? "unknown" : job->state);
    put_number(object, "bytes", job->bytes);
    put_number(object, "writes", job->writes);
    put_number(object, "completions", job->completions);
    put_seconds(object, job->duration);
    put_nullable(object, "call", job->call);
    put_error(object, job->error);
    put_test(object, event, around);
}

static const struct {
    const char *name;
    void (*tell)(json_t *, const struct platen_report_event *, const struct surroundings *);
} kinds[PLATEN_REPORT_KINDS] = {
    [PLATEN_REPORT_RUN_BEGIN] = {"run-begin", tell_run_begin},
    [PLATEN_REPORT_RUN_END] = {"run-end", tell_run_end},
    [PLATEN_REPORT_FILE_BEGIN] = {"file-begin", tell_file_begin},
    [PLATEN_REPORT_FILE_END] = {"file-end", tell_file_end},
    [PLATEN_REPORT_TEST_BEGIN] = {"test-begin", tell_test_begin},
    [PLATEN_REPORT_TEST_END] = {"test-end", tell_test_end},
    [PLATEN_REPORT_CHECK] = {"check", tell_check},
    [PLATEN_REPORT_FINDING] = {"finding", tell_check},
    [PLATEN_REPORT_LOG] = {"log", tell_log},
    [PLATEN_REPORT_JOB] = {"job", tell_job},
};

static void tell(struct sink *sink, const struct platen_report_event *event,
                 const struct surroundings *around)
{
    struct text *text = &sink->output.text;
    json_t *object = json_object();
    json_object_set_new(object, "event", json_string(kinds[event->kind].name));
    kinds[event->kind].tell(object, event, around);
    char *line = object == NULL ? NULL : json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(12));
    if (line == NULL) {
        text->failed = true; /* memory: everything in the object is what JSON can have */
    } else {
        text_puts(text, line);
        text_puts(text, "\n");
    }
    free(line);
    json_decref(object);
}

const struct format report_json = {.beginnings = beginnings, .tell = tell};
