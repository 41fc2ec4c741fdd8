/* SPDX-License-Identifier: MIT
 *
 * report_sample [check] [say=TEXT] FORMAT=PATH...: says everything that can be said, or with
 * `check` what a check of a monitor would say, to the reports named, and the text before that on
 * standard output. Exit status 5 and "PATH: ERROR" if one of them could not be written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "os/error.h"
#include "report/report.h"
#include "sample.h"

static bool add(struct platen_report *report, const char *argument)
{
    static const char *const formats[PLATEN_REPORT_FORMATS] = {
        [PLATEN_REPORT_HUMAN] = "human=",
        [PLATEN_REPORT_TAP] = "tap=",
        [PLATEN_REPORT_JUNIT] = "junit=",
        [PLATEN_REPORT_JSON] = "json=",
        [PLATEN_REPORT_SARIF] = "sarif=",
        [PLATEN_REPORT_HTML] = "html=",
        [PLATEN_REPORT_ANNOTATIONS] = "annotations=",
    };
    for (unsigned i = 0; i < PLATEN_REPORT_FORMATS; i++) {
        size_t length = strlen(formats[i]);
        if (strncmp(argument, formats[i], length) == 0) {
            const struct platen_report_output output = {.format = (enum platen_report_format)i,
                                                        .path = argument + length};
            uint32_t error = platen_report_add(report, &output);
            if (error != 0) {
                fprintf(stderr, "%s: %s\n", argument, platen_error_name(error));
            }
            return error == 0;
        }
    }
    bool say = strncmp(argument, "say=", 4) == 0;
    printf("%s", say ? argument + 4 : "");
    return say;
}

/* A test of which every text is the name, a check and a finding in it. */
static void tell_test(struct platen_report *report, const char *name,
                      enum platen_report_verdict verdict, uint64_t number)
{
    const struct platen_report_job job = {.document = name,
                                          .port = name,
                                          .monitor = name,
                                          .id = 1,
                                          .state = "failed",
                                          .call = name,
                                          .error = (uint32_t)number};
    const struct platen_report_finding finding = {name, "MUST", name, name, name, name, name, name};
    struct platen_report_event event = {.kind = PLATEN_REPORT_TEST_BEGIN,
                                        .verdict = verdict,
                                        .level = PLATEN_REPORT_WARNING,
                                        .test = number,
                                        .name = name,
                                        .place = {.line = 3, .column = 7},
                                        .expected = name,
                                        .got = name,
                                        .text = name,
                                        .repeat = name,
                                        .duration = 1234567890,
                                        .job = &job,
                                        .finding = &finding};
    static const enum platen_report_kind kinds[] = {
        PLATEN_REPORT_TEST_BEGIN, PLATEN_REPORT_JOB,     PLATEN_REPORT_LOG,
        PLATEN_REPORT_CHECK,      PLATEN_REPORT_FINDING, PLATEN_REPORT_TEST_END};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        event.kind = kinds[i];
        event.finding = kinds[i] == PLATEN_REPORT_FINDING ? &finding : NULL;
        platen_report_tell(report, &event);
    }
}

static void tell_all(struct platen_report *report)
{
    struct platen_report_event event = {
        .kind = PLATEN_REPORT_RUN_BEGIN, .name = "sample", .repeat = "report_sample", .seed = 42};
    platen_report_tell(report, &event);
    for (size_t i = 0; i + 1 < hostile_names(); i++) {
        char *name = hostile_name(i);
        bool in_file = i % 2 == 0;
        event = (struct platen_report_event){.kind = PLATEN_REPORT_FILE_BEGIN, .name = name};
        if (in_file) {
            platen_report_tell(report, &event);
        }
        tell_test(report, name, (enum platen_report_verdict)(i % PLATEN_REPORT_VERDICTS), i % 5);
        event.kind = PLATEN_REPORT_FILE_END;
        if (in_file) {
            platen_report_tell(report, &event);
        }
        free(name);
    }
    event = (struct platen_report_event){.kind = PLATEN_REPORT_RUN_END, .duration = 5};
    platen_report_tell(report, &event);
}

int main(int argc, char **argv)
{
    struct platen_report *report = platen_report_create();
    bool check = argc > 1 && strcmp(argv[1], "check") == 0;
    char *path;
    for (int i = check ? 2 : 1; i < argc; i++) {
        if (!add(report, argv[i])) {
            platen_report_close(report, NULL);
            return 2;
        }
    }
    (check ? sample_check : tell_all)(report);
    uint32_t error = platen_report_close(report, &path);
    if (error != 0) {
        fprintf(stderr, "%s: %s\n", path == NULL ? "" : path, platen_error_name(error));
    }
    free(path);
    return error == 0 ? 0 : 5;
}
