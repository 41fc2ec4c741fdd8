/* SPDX-License-Identifier: MIT
 *
 * The set of reports: made, told, ended.
 */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "os/error.h"
#include "report/set.h"

static const struct format *const formats[PLATEN_REPORT_FORMATS] = {
    [PLATEN_REPORT_HUMAN] = &report_human,
    [PLATEN_REPORT_TAP] = &report_tap,
    [PLATEN_REPORT_JUNIT] = &report_junit,
    [PLATEN_REPORT_JSON] = &report_json,
    [PLATEN_REPORT_SARIF] = &report_sarif,
    [PLATEN_REPORT_HTML] = &report_html,
    [PLATEN_REPORT_ANNOTATIONS] = &report_annotations,
};

static const char *const verdict_names[PLATEN_REPORT_VERDICTS] = {
    [PLATEN_REPORT_PASS] = "pass",   [PLATEN_REPORT_FAIL] = "fail",
    [PLATEN_REPORT_SKIP] = "skip",   [PLATEN_REPORT_XFAIL] = "xfail",
    [PLATEN_REPORT_XPASS] = "xpass", [PLATEN_REPORT_ERROR] = "error",
    [PLATEN_REPORT_WARN] = "warn",
};

const char *platen_report_verdict_name(enum platen_report_verdict verdict)
{
    return (unsigned)verdict < PLATEN_REPORT_VERDICTS ? verdict_names[verdict] : "error";
}

bool report_same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

const char *report_level_name(enum platen_report_level level)
{
    static const char *const names[] = {"info", "warning", "trouble"};
    return names[(unsigned)level < 3 ? level : PLATEN_REPORT_INFO];
}

bool report_failed(enum platen_report_verdict verdict)
{
    return verdict == PLATEN_REPORT_FAIL || verdict == PLATEN_REPORT_XPASS ||
           verdict == PLATEN_REPORT_ERROR;
}

bool report_is_told(enum platen_report_verdict verdict)
{
    return report_failed(verdict) || verdict == PLATEN_REPORT_WARN;
}

uint64_t report_failures(const struct platen_report_totals *totals)
{
    uint64_t failures = 0;
    for (int verdict = 0; verdict < PLATEN_REPORT_VERDICTS; verdict++) {
        failures +=
            report_failed((enum platen_report_verdict)verdict) ? totals->verdicts[verdict] : 0;
    }
    return failures;
}

/* ---- the set ----------------------------------------------------------------------------------
 */

struct platen_report *platen_report_create(void)
{
    struct platen_report *report = calloc(1, sizeof *report);
    if (report != NULL) {
        platen_os_mutex_init(&report->lock);
    }
    return report;
}

/* May both stand in one log, line by line? */
static bool share(enum platen_report_format a, enum platen_report_format b)
{
    return (a == PLATEN_REPORT_HUMAN && b == PLATEN_REPORT_ANNOTATIONS) ||
           (a == PLATEN_REPORT_ANNOTATIONS && b == PLATEN_REPORT_HUMAN);
}

/* Do two reports of the set go to one place? Devices may be shared: /dev/null. */
static bool is_taken(const struct platen_report *report, const struct platen_report_output *wanted)
{
    const char *path = wanted->path;
    for (size_t i = 0; i < report->sink_count; i++) {
        const struct output *output = &report->sinks[i]->output;
        uint64_t size;
        bool standard = strcmp(path, "-") == 0;
        if (standard && share(wanted->format, report->sinks[i]->wanted.format)) {
            continue;
        }
        bool shared = !standard && !output->standard &&
                      platen_os_file_size(output->file, &size) == 0 &&
                      platen_os_same_file(path, output->path);
        if (shared || (standard && output->standard)) {
            return true;
        }
    }
    return false;
}

/* Closes a report and leaves nothing of it but its path, which is the caller's. */
static uint32_t sink_close(struct sink *sink, char **path)
{
    if (sink->format->close != NULL) {
        sink->format->close(sink);
    }
    uint32_t error = output_close(&sink->output);
    *path = sink->output.path;
    free(sink);
    return error;
}

static uint32_t sink_open(const struct platen_report_output *wanted, struct sink **opened)
{
    struct sink *sink = calloc(1, sizeof *sink);
    *opened = NULL;
    if (sink == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    *sink = (struct sink){.wanted = *wanted, .format = formats[wanted->format]};
    sink->wanted.path = NULL; /* output.path is ours */
    uint32_t error =
        output_open(&sink->output, wanted->path, sink->format->beginnings, sink->format->whole);
    if (error != 0) {
        free(sink);
        return error;
    }
    error = sink->format->open == NULL ? 0 : sink->format->open(sink);
    if (error != 0) {
        char *path;
        sink_close(sink, &path);
        free(path);
        return error;
    }
    *opened = sink;
    return 0;
}

uint32_t platen_report_add(struct platen_report *report, const struct platen_report_output *output)
{
    if ((unsigned)output->format >= PLATEN_REPORT_FORMATS || output->path == NULL ||
        output->path[0] == '\0' || report->stage != BEFORE) {
        return PLATEN_INVALID_PARAMETER;
    }
    if (is_taken(report, output)) {
        return PLATEN_SHARING_VIOLATION;
    }
    struct sink **sinks = realloc(report->sinks, (report->sink_count + 1) * sizeof *report->sinks);
    if (sinks == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    report->sinks = sinks;
    uint32_t error = sink_open(output, &sinks[report->sink_count]);
    report->sink_count += error == 0;
    report->keeps_all = report->keeps_all || (error == 0 && output->verbose);
    return error;
}

void platen_report_tell(struct platen_report *report, const struct platen_report_event *event)
{
    platen_os_mutex_lock(&report->lock);
    stream_tell(report, event);
    platen_os_mutex_unlock(&report->lock);
}

void platen_report_totals(struct platen_report *report, struct platen_report_totals *totals)
{
    platen_os_mutex_lock(&report->lock);
    *totals = report->all;
    platen_os_mutex_unlock(&report->lock);
}

/* ---- the end ----------------------------------------------------------------------------------
 */

uint32_t platen_report_close(struct platen_report *report, char **path)
{
    char *culprit = NULL;
    if (path != NULL) {
        *path = NULL;
    }
    if (report == NULL) {
        return 0;
    }
    stream_finish(report);
    uint32_t first = report->error;
    for (size_t i = 0; i < report->sink_count; i++) {
        char *name;
        uint32_t error = sink_close(report->sinks[i], &name);
        if (first == 0 && error != 0) {
            first = error;
            culprit = name;
        } else {
            free(name);
        }
    }
    if (path != NULL) {
        *path = culprit;
    } else {
        free(culprit);
    }
    platen_os_mutex_destroy(&report->lock);
    free(report->sinks);
    free(report->run);
    free(report);
    return first;
}
