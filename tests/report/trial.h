/* SPDX-License-Identifier: MIT
 *
 * A set with one report, in a folder of its own; and short ways to tell things.
 */
#ifndef REPORT_TRIAL_H
#define REPORT_TRIAL_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "report/report.h"

struct trial {
    char folder[512];
    char path[544]; /* of the report */
    struct platen_report *report;
    char *text; /* what it came to */
    size_t size;
};

void trial_open(struct trial *trial, enum platen_report_format format);
void trial_open_output(struct trial *trial, const struct platen_report_output *output);
/* Closes the set and reads the report. */
const char *trial_text(struct trial *trial);
void trial_close(struct trial *trial);

void tell_run(struct trial *trial, const char *name);
void tell_run_end(struct trial *trial);
void tell_file(struct trial *trial, const char *name);
void tell_file_end(struct trial *trial);
void tell_test(struct trial *trial, const char *name);
void tell_test_end(struct trial *trial, enum platen_report_verdict verdict, const char *text);
/* A check that expected and got the two texts. */
void tell_check(struct trial *trial, const char *name, enum platen_report_verdict verdict,
                const char *expected, const char *got);
void tell_log(struct trial *trial, const char *text);
/* A test without checks. */
void tell_whole_test(struct trial *trial, const char *name, enum platen_report_verdict verdict,
                     const char *text);

#endif
