/* SPDX-License-Identifier: MIT
 *
 * SARIF 2.1.0 (OASIS): one run; the rules that were tried, with help; one result for each thing
 * that came to light. What was expected to fail is a result that is suppressed; what was skipped or
 * logged is a notification.
 *
 * Text is shown with escapes where it is no UTF-8 or has control characters in it.
 */
#include <jansson.h>
#include <libxml/uri.h>
#include <stdlib.h>
#include <string.h>

#include "os/error.h"
#include "report/format.h"

#define SCHEMA                                                                                     \
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"                          \
    "sarif-schema-2.1.0.json"

static const char *const beginnings[] = {"{\n  \"$schema\": \"" SCHEMA "\"", NULL};

struct sarif {
    json_t *rules;     /* array */
    json_t *indices;   /* object: id of a rule -> index in `rules` */
    json_t *prints;    /* object: beginning of a fingerprint -> how many have it */
    json_t *results;   /* array */
    json_t *artifacts; /* object: URI -> index */
    json_t *notices;   /* array */
};

/* What is no rule of the contract, by the verdict of what came to light. */
static const struct {
    const char *id;
    const char *title;
    const char *level;
} plain[PLATEN_REPORT_VERDICTS] = {
    [PLATEN_REPORT_FAIL] = {"expectation", "An expectation was not met", "error"},
    [PLATEN_REPORT_XFAIL] = {"expectation", "An expectation was not met", "error"},
    [PLATEN_REPORT_XPASS] = {"unexpected-pass", "What was expected to fail did not", "error"},
    [PLATEN_REPORT_ERROR] = {"no-verdict", "A test could not be judged", "error"},
    [PLATEN_REPORT_WARN] = {"warning", "Something is worth a look", "warning"},
};

static json_t *string_of(const char *value)
{
    struct text lines = {0};
    const char *at = value;
    while (at != NULL && *at != '\0') {
        size_t length = strcspn(at, "\n");
        struct text line = {0};
        text_put(&line, at, length);
        text_put_printable(&lines, text_string(&line), SIZE_MAX);
        lines.failed = lines.failed || line.failed;
        text_free(&line);
        at += length;
        if (*at == '\n') {
            text_puts(&lines, "\n");
            at++;
        }
    }
    json_t *string = lines.failed ? NULL : json_string(text_string(&lines));
    text_free(&lines);
    return string;
}

static void put(json_t *object, const char *key, const char *value)
{
    if (value != NULL) {
        json_object_set_new(object, key, string_of(value));
    }
}

/* {"text": value}, as SARIF has every text for people. */
static void put_message(json_t *object, const char *key, const char *value)
{
    if (value != NULL && value[0] != '\0') {
        json_t *message = json_object();
        put(message, "text", value);
        json_object_set_new(object, key, message);
    }
}

static void add_row(struct text *to, const char *name, const char *value)
{
    if (value != NULL && value[0] != '\0') {
        text_puts(to, to->length == 0 ? "" : "\n");
        text_puts(to, name);
        text_puts(to, value);
    }
}

/* ---- places ------------------------------------------------------------------------------------
 */

static bool has_drive(const char *path)
{
    return ((path[0] >= 'A' && path[0] <= 'Z') || (path[0] >= 'a' && path[0] <= 'z')) &&
           path[1] == ':' && (path[2] == '\\' || path[2] == '/');
}

/* "file:///x/y" of an absolute path, "x/y" of another. */
static void put_uri(struct text *to, const char *path)
{
    bool drive = has_drive(path);
    char *slashed = malloc(strlen(path) + 1);
    if (slashed == NULL) {
        to->failed = true;
        return;
    }
    strcpy(slashed, path);
    for (char *at = slashed; drive && *at != '\0'; at++) {
        *at = *at == '\\' ? '/' : *at;
    }
    const char *rest = drive ? slashed + 2 : slashed;
    xmlChar *escaped = xmlURIEscapeStr((const xmlChar *)rest, (const xmlChar *)"/");
    if (escaped == NULL) {
        to->failed = true;
    } else {
        text_puts(to, drive ? "file:///" : *rest == '/' ? "file://" : "");
        text_put(to, slashed, drive ? 2 : 0);
        text_puts(to, (const char *)escaped);
    }
    xmlFree(escaped);
    free(slashed);
}

static json_t *artifact_of(struct sarif *sarif, const char *path)
{
    struct text uri = {0};
    json_t *location = json_object();
    put_uri(&uri, path);
    const char *text = text_string(&uri);
    if (json_object_get(sarif->artifacts, text) == NULL) {
        json_object_set_new(sarif->artifacts, text,
                            json_integer((json_int_t)json_object_size(sarif->artifacts)));
    }
    json_object_set_new(location, "uri", uri.failed ? NULL : json_string(text));
    json_object_set(location, "index", json_object_get(sarif->artifacts, text));
    text_free(&uri);
    return location;
}

/* Hosts want a line: a file as a whole is shown at its first. */
static json_t *region_of(const struct platen_report_place *place)
{
    json_t *region =
        json_pack("{s:I}", "startLine", (json_int_t)(place->line > 0 ? place->line : 1));
    if (place->line > 0 && place->column > 0) {
        json_object_set_new(region, "startColumn", json_integer(place->column));
    }
    return region;
}

static void put_locations(struct sarif *sarif, json_t *object,
                          const struct platen_report_event *event,
                          const struct surroundings *around)
{
    const struct platen_report_place *place = &event->place;
    json_t *location = json_object();
    if (place->file != NULL) {
        json_object_set_new(location, "physicalLocation",
                            json_pack("{s:o, s:o}", "artifactLocation",
                                      artifact_of(sarif, place->file), "region", region_of(place)));
    }
    if (around->test != NULL) {
        json_t *logical = json_object();
        put(logical, "fullyQualifiedName", around->test->begin->event.name);
        json_object_set_new(location, "logicalLocations", json_pack("[o]", logical));
    }
    json_object_set_new(object, "locations", json_pack("[o]", location));
}

/* ---- rules -------------------------------------------------------------------------------------
 */

static void put_help(json_t *object, const struct platen_report_finding *rule)
{
    struct text help = {0};
    add_row(&help, "", rule->says);
    add_row(&help, "What breaking it does: ", rule->effect);
    add_row(&help, "What to change: ", rule->change);
    add_row(&help, "Source: ", rule->clause);
    put_message(object, "help", text_string(&help));
    if (help.failed) {
        json_object_set_new(object, "help", NULL);
    }
    text_free(&help);
}

static json_t *contract_rule(const struct platen_report_finding *rule)
{
    json_t *object = json_object();
    bool should = report_same(rule->severity, "SHOULD");
    put(object, "id", rule->rule);
    put_message(object, "shortDescription", rule->title);
    put_message(object, "fullDescription", rule->says);
    put_help(object, rule);
    json_object_set_new(object, "defaultConfiguration",
                        json_pack("{s:s}", "level", should ? "warning" : "error"));
    if (rule->severity != NULL) {
        json_t *properties = json_object();
        json_t *tags = json_pack("[o]", string_of(rule->severity));
        json_object_set_new(properties, "tags", tags);
        json_object_set_new(properties, "problem.severity",
                            json_string(should ? "warning" : "error"));
        json_object_set_new(object, "properties", properties);
    }
    return object;
}

static json_t *plain_rule(enum platen_report_verdict verdict)
{
    return json_pack("{s:s, s:{s:s}, s:{s:s}}", "id", plain[verdict].id, "shortDescription", "text",
                     plain[verdict].title, "defaultConfiguration", "level", plain[verdict].level);
}

/* The index of the rule; it is made when it is met first. */
static json_t *rule_entry(struct sarif *sarif, const struct platen_report_finding *rule,
                          enum platen_report_verdict verdict)
{
    bool contract = rule != NULL && rule->rule != NULL && rule->rule[0] != '\0';
    json_t *id = string_of(contract ? rule->rule : plain[verdict].id);
    json_t *entry = json_object_get(sarif->indices, id == NULL ? "" : json_string_value(id));
    if (entry == NULL && id != NULL) {
        entry = json_integer((json_int_t)json_array_size(sarif->rules));
        json_object_set_new(sarif->indices, json_string_value(id), entry);
        json_array_append_new(sarif->rules, contract ? contract_rule(rule) : plain_rule(verdict));
    }
    json_decref(id);
    return entry;
}

static void put_rule(struct sarif *sarif, json_t *object, json_t *index)
{
    const json_t *rule = json_array_get(sarif->rules, (size_t)json_integer_value(index));
    json_object_set(object, "ruleId", json_object_get(rule, "id"));
    json_object_set(object, "ruleIndex", index);
}

/* ---- results -----------------------------------------------------------------------------------
 */

static void put_text(json_t *object, const struct platen_report_event *event)
{
    const struct platen_report_finding *finding = event->finding;
    struct text message = {0};
    text_put(&message, event->name, report_called(event));
    add_row(&message, "", event->text);
    add_row(&message, "Expected: ", event->expected);
    add_row(&message, "Got: ", event->got);
    if (finding != NULL) {
        add_row(&message, "Effect: ", finding->effect);
        add_row(&message, "Change: ", finding->change);
        add_row(&message, "Trace:\n", finding->trace);
    }
    add_row(&message, "Again: ", event->repeat);
    put_message(object, "message", message.length == 0 ? "?" : text_string(&message));
    if (message.failed) {
        json_object_set_new(object, "message", NULL);
    }
    text_free(&message);
}

/* The lines of the trace as steps, for viewers that walk through them. */
static void put_flow(struct sarif *sarif, json_t *object, const struct platen_report_event *event)
{
    const char *at = event->finding == NULL ? NULL : event->finding->trace;
    json_t *steps = json_array();
    while (at != NULL && *at != '\0') {
        size_t length = strcspn(at, "\n");
        struct text line = {0};
        json_t *location = json_object();
        text_put(&line, at, length);
        put_message(location, "message", text_string(&line));
        if (event->place.file != NULL) {
            json_object_set_new(
                location, "physicalLocation",
                json_pack("{s:o}", "artifactLocation", artifact_of(sarif, event->place.file)));
        }
        json_array_append_new(steps, json_pack("{s:o}", "location", location));
        text_free(&line);
        at += length + (at[length] == '\n');
    }
    if (json_array_size(steps) > 0) {
        json_object_set_new(object, "codeFlows",
                            json_pack("[{s:[{s:O}]}]", "threadFlows", "locations", steps));
    }
    json_decref(steps);
}

/* A host knows a result again by what does not change from run to run: the rule, or the test where
 * there is no rule of the contract, and which of their results it is. */
static void put_fingerprint(struct sarif *sarif, json_t *object, const char *test)
{
    struct text text = {0};
    text_puts(&text, json_string_value(json_object_get(object, "ruleId")));
    text_puts(&text, test == NULL ? "" : "/");
    text_put_printable(&text, test == NULL ? "" : test, SIZE_MAX);
    json_t *before = json_object_get(sarif->prints, text_string(&text));
    json_int_t number = json_integer_value(before) + 1;
    json_object_set_new(sarif->prints, text_string(&text), json_integer(number));
    text_printf(&text, "/%lld", (long long)number);
    json_object_set_new(object, "partialFingerprints",
                        json_pack("{s:s}", "platen/v1", text_string(&text)));
    text_free(&text);
}

static void put_result(struct sarif *sarif, const struct platen_report_event *event,
                       const struct platen_report_event *end, const struct surroundings *around)
{
    const struct platen_report_finding *rule = report_rule(around->test, event);
    json_t *object = json_object();
    put_rule(sarif, object, rule_entry(sarif, rule, event->verdict));
    json_object_set_new(object, "level", json_string(plain[event->verdict].level));
    put_text(object, event);
    put_locations(sarif, object, event, around);
    put_flow(sarif, object, event);
    put_fingerprint(sarif, object, rule == NULL ? end->name : NULL);
    if (end->verdict == PLATEN_REPORT_XFAIL || event->verdict == PLATEN_REPORT_XFAIL) {
        json_t *suppression = json_pack("{s:s}", "kind", "external");
        put(suppression, "justification", end->text);
        json_object_set_new(object, "suppressions", json_pack("[o]", suppression));
    } else {
        json_object_set_new(object, "suppressions", json_array());
    }
    json_array_append_new(sarif->results, object);
}

/* ---- what is told besides ----------------------------------------------------------------------
 */

static void put_notice(struct sarif *sarif, const struct platen_report_event *event,
                       const struct surroundings *around, const char *level, const char *text)
{
    json_t *notice = json_object();
    put_message(notice, "message", text == NULL || text[0] == '\0' ? "?" : text);
    json_object_set_new(notice, "level", json_string(level));
    put_locations(sarif, notice, event, around);
    const struct platen_report_finding *rule = report_rule(around->test, event);
    if (rule != NULL && rule->rule != NULL && rule->rule[0] != '\0') {
        json_t *entry = rule_entry(sarif, rule, event->verdict);
        json_t *reference = json_object();
        put(reference, "id", rule->rule);
        json_object_set(reference, "index", entry);
        json_object_set_new(notice, "associatedRule", reference);
    }
    json_array_append_new(sarif->notices, notice);
}

static void tell_log(struct sarif *sarif, const struct platen_report_event *event,
                     const struct surroundings *around)
{
    if (event->level != PLATEN_REPORT_INFO) {
        put_notice(sarif, event, around,
                   event->level == PLATEN_REPORT_TROUBLE ? "error" : "warning", event->text);
    }
}

static void tell_test_end(struct sarif *sarif, const struct platen_report_event *end,
                          const struct surroundings *around)
{
    const struct platen_report_event *result = NULL;
    const struct platen_report_finding *rule = around->test->begin->event.finding;
    if (rule != NULL && rule->rule != NULL && rule->rule[0] != '\0') {
        rule_entry(sarif, rule, end->verdict);
    }
    if (end->verdict == PLATEN_REPORT_SKIP) {
        struct text text = {0};
        text_puts(&text, end->name);
        text_puts(&text, ": skipped");
        text_puts(&text, end->text == NULL ? "" : ": ");
        text_puts(&text, end->text == NULL ? "" : end->text);
        put_notice(sarif, end, around, "note", text_string(&text));
        text_free(&text);
    }
    while ((result = report_result(end, around->test, result)) != NULL) {
        put_result(sarif, result, end, around);
    }
}

/* ---- the whole ---------------------------------------------------------------------------------
 */

static json_t *invocation(struct sarif *sarif, const struct platen_report_event *end,
                          const struct surroundings *around)
{
    bool complete = end->verdict != PLATEN_REPORT_ERROR;
    json_t *object = json_pack("{s:b}", "executionSuccessful", (int)complete);
    put(object, "commandLine", around->begin->repeat);
    if (!complete) {
        put_notice(sarif, end, around, "error", end->text == NULL ? "broken off" : end->text);
    }
    json_object_set(object, "toolExecutionNotifications", sarif->notices);
    return object;
}

static json_t *list_artifacts(const struct sarif *sarif)
{
    json_t *list = json_array();
    const char *uri;
    json_t *index;
    json_object_foreach(sarif->artifacts, uri, index)
    {
        json_array_append_new(list, json_pack("{s:{s:s}}", "location", "uri", uri));
    }
    return list;
}

static json_t *document(struct sarif *sarif, const struct platen_report_event *end,
                        const struct surroundings *around)
{
    json_t *invocations = json_pack("[o]", invocation(sarif, end, around));
    json_t *driver = json_pack("{s:s, s:s, s:s, s:O}", "name", "platen", "version", PLATEN_VERSION,
                               "semanticVersion", PLATEN_VERSION, "rules", sarif->rules);
    json_t *run = json_pack("{s:{s:o}, s:o, s:o, s:O, s:s}", "tool", "driver", driver,
                            "invocations", invocations, "artifacts", list_artifacts(sarif),
                            "results", sarif->results, "columnKind", "unicodeCodePoints");
    return json_pack("{s:s, s:s, s:[o]}", "$schema", SCHEMA, "version", "2.1.0", "runs", run);
}

static void tell_run_end(struct sink *sink, const struct platen_report_event *end,
                         const struct surroundings *around)
{
    struct text *text = &sink->output.text;
    json_t *whole = document(sink->state, end, around);
    char *bytes = whole == NULL ? NULL : json_dumps(whole, JSON_INDENT(2));
    if (bytes == NULL) {
        text->failed = true;
    } else {
        text_puts(text, bytes);
        text_puts(text, "\n");
    }
    free(bytes);
    json_decref(whole);
}

static void tell(struct sink *sink, const struct platen_report_event *event,
                 const struct surroundings *around)
{
    if (event->kind == PLATEN_REPORT_TEST_END) {
        tell_test_end(sink->state, event, around);
    } else if (event->kind == PLATEN_REPORT_LOG) {
        tell_log(sink->state, event, around);
    } else if (event->kind == PLATEN_REPORT_RUN_END) {
        tell_run_end(sink, event, around);
    }
}

static void close_sarif(struct sink *sink)
{
    struct sarif *sarif = sink->state;
    if (sarif != NULL) {
        json_decref(sarif->rules);
        json_decref(sarif->indices);
        json_decref(sarif->prints);
        json_decref(sarif->results);
        json_decref(sarif->artifacts);
        json_decref(sarif->notices);
        free(sarif);
    }
}

static uint32_t open_sarif(struct sink *sink)
{
    struct sarif *sarif = calloc(1, sizeof *sarif);
    sink->state = sarif;
    if (sarif == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    *sarif = (struct sarif){.rules = json_array(),
                            .indices = json_object(),
                            .prints = json_object(),
                            .results = json_array(),
                            .artifacts = json_object(),
                            .notices = json_array()};
    return sarif->notices == NULL ? PLATEN_NOT_ENOUGH_MEMORY : 0;
}

const struct format report_sarif = {.beginnings = beginnings,
                                    .whole = true,
                                    .open = open_sarif,
                                    .tell = tell,
                                    .close = close_sarif};
