/* SPDX-License-Identifier: MIT */
#include "command/reports.h"

#include <stdlib.h>
#include <string.h>

#include "os/console.h"
#include "os/error.h"

static const struct {
    enum option option;
    enum platen_report_format format;
    const char *name;
} reports[] = {
    {OPTION_tap, PLATEN_REPORT_TAP, "--tap"},    {OPTION_junit, PLATEN_REPORT_JUNIT, "--junit"},
    {OPTION_json, PLATEN_REPORT_JSON, "--json"}, {OPTION_sarif, PLATEN_REPORT_SARIF, "--sarif"},
    {OPTION_html, PLATEN_REPORT_HTML, "--html"},
};

#define REPORTS (sizeof reports / sizeof *reports)

static int add_report(struct platen_report *report, const struct platen_report_output *output,
                      const char *name)
{
    uint32_t error = platen_report_add(report, output);
    if (error == 0) {
        return EXIT_OK;
    }
    complain("%s %s: %s", name, printable(output->path), describe_error(error));
    bool wrong = error == PLATEN_FILE_EXISTS || error == PLATEN_SHARING_VIOLATION;
    return wrong ? EXIT_USAGE : EXIT_ENVIRONMENT;
}

static bool use_colour(const struct arguments *arguments)
{
    const char *when = arguments->values[OPTION_color];
    char *never = platen_os_environment("NO_COLOR");
    bool colour = never == NULL || *never == '\0';
    free(never);
    if (when != NULL && strcmp(when, "auto") != 0) {
        return strcmp(when, "always") == 0;
    }
    return colour && platen_os_is_terminal(PLATEN_OS_STDOUT);
}

/* The report for people, unless a machine's has standard output. */
static int add_human(struct platen_report *report, const struct arguments *arguments)
{
    return add_report(report,
                      &(struct platen_report_output){
                          .format = PLATEN_REPORT_HUMAN,
                          .path = "-",
                          .colour = use_colour(arguments),
                          .verbose = arguments->values[OPTION_verbose] != NULL,
                      },
                      "output");
}

/* Has a report for a machine, or a trace, standard output? */
static bool is_taken(const struct arguments *arguments)
{
    const char *trace = arguments->values[OPTION_trace];
    bool taken = trace != NULL && strcmp(trace, "-") == 0;
    for (size_t i = 0; i < REPORTS; i++) {
        const char *path = arguments->values[reports[i].option];
        taken = taken || (path != NULL && strcmp(path, "-") == 0);
    }
    return taken;
}

bool reports_allow(const struct arguments *arguments)
{
    const char *when = arguments->values[OPTION_color];
    if (when != NULL && strcmp(when, "auto") != 0 && strcmp(when, "always") != 0 &&
        strcmp(when, "never") != 0) {
        complain("--color %s: one of auto, always, never", printable(when));
        return false;
    }
    if (arguments->values[OPTION_annotations] != NULL && is_taken(arguments)) {
        complain("--annotations: another report has standard output");
        return false;
    }
    return true;
}

int reports_add(struct platen_report *report, const struct arguments *arguments)
{
    const struct platen_report_output log = {.format = PLATEN_REPORT_ANNOTATIONS, .path = "-"};
    int status = EXIT_OK;
    for (size_t i = 0; i < REPORTS && status == EXIT_OK; i++) {
        const char *path = arguments->values[reports[i].option];
        const struct platen_report_output output = {.format = reports[i].format, .path = path};
        if (path != NULL) {
            status = add_report(report, &output, reports[i].name);
        }
    }
    if (status == EXIT_OK && !is_taken(arguments)) {
        status = add_human(report, arguments);
    }
    if (status == EXIT_OK && arguments->values[OPTION_annotations] != NULL) {
        status = add_report(report, &log, "--annotations");
    }
    return status;
}

int reports_close(struct platen_report *report, int status)
{
    char *path = NULL;
    uint32_t error = platen_report_close(report, &path);
    if (error != 0) {
        complain("%s cannot be written: %s", printable(path), describe_error(error));
        status = worse_exit(status, EXIT_ENVIRONMENT);
    }
    free(path);
    return status;
}
