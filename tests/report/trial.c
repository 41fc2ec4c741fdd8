/* SPDX-License-Identifier: MIT */
#include "trial.h"

#include <stdio.h>
#include <stdlib.h>

#include "os/file.h"

#define LARGEST ((size_t)256 << 20)

void trial_open_output(struct trial *trial, const struct platen_report_output *output)
{
    struct platen_report_output here = *output;
    *trial = (struct trial){0};
    assert_int_equal(platen_os_make_temporary_folder(trial->folder, sizeof trial->folder), 0);
    snprintf(trial->path, sizeof trial->path, "%s/report", trial->folder);
    trial->report = platen_report_create();
    assert_non_null(trial->report);
    here.path = trial->path;
    assert_int_equal(platen_report_add(trial->report, &here), 0);
}

void trial_open(struct trial *trial, enum platen_report_format format)
{
    const struct platen_report_output output = {.format = format};
    trial_open_output(trial, &output);
}

const char *trial_text(struct trial *trial)
{
    char *path;
    assert_int_equal(platen_report_close(trial->report, &path), 0);
    assert_null(path);
    trial->report = NULL;
    assert_int_equal(platen_os_file_load(trial->path, LARGEST, &trial->text, &trial->size), 0);
    return trial->text;
}

void trial_close(struct trial *trial)
{
    assert_int_equal(platen_report_close(trial->report, NULL), 0);
    free(trial->text);
    assert_int_equal(platen_os_remove_folder(trial->folder), 0);
}

static void tell(struct trial *trial, const struct platen_report_event *event)
{
    platen_report_tell(trial->report, event);
}

void tell_run(struct trial *trial, const char *name)
{
    tell(trial, &(struct platen_report_event){.kind = PLATEN_REPORT_RUN_BEGIN, .name = name});
}

void tell_run_end(struct trial *trial)
{
    tell(trial, &(struct platen_report_event){.kind = PLATEN_REPORT_RUN_END});
}

void tell_file(struct trial *trial, const char *name)
{
    tell(trial, &(struct platen_report_event){.kind = PLATEN_REPORT_FILE_BEGIN, .name = name});
}

void tell_file_end(struct trial *trial)
{
    tell(trial, &(struct platen_report_event){.kind = PLATEN_REPORT_FILE_END});
}

void tell_test(struct trial *trial, const char *name)
{
    tell(trial, &(struct platen_report_event){.kind = PLATEN_REPORT_TEST_BEGIN, .name = name});
}

void tell_test_end(struct trial *trial, enum platen_report_verdict verdict, const char *text)
{
    tell(trial, &(struct platen_report_event){
                    .kind = PLATEN_REPORT_TEST_END, .verdict = verdict, .text = text});
}

void tell_check(struct trial *trial, const char *name, enum platen_report_verdict verdict,
                const char *expected, const char *got)
{
    tell(trial, &(struct platen_report_event){.kind = PLATEN_REPORT_CHECK,
                                              .name = name,
                                              .verdict = verdict,
                                              .place = {.line = 12, .column = 5},
                                              .expected = expected,
                                              .got = got});
}

void tell_log(struct trial *trial, const char *text)
{
    tell(trial, &(struct platen_report_event){.kind = PLATEN_REPORT_LOG, .text = text});
}

void tell_whole_test(struct trial *trial, const char *name, enum platen_report_verdict verdict,
                     const char *text)
{
    tell_test(trial, name);
    tell_test_end(trial, verdict, text);
}
