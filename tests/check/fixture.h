/* SPDX-License-Identifier: MIT
 *
 * A check of a monitor of tests/contract, with its report thrown away.
 */
#ifndef CHECK_FIXTURE_H
#define CHECK_FIXTURE_H

#include "check/check.h"

struct fixture {
    struct platen_check_options options;
    struct platen_hosted_options hosted;
    struct platen_script_world world;
    struct platen_report *report;
    struct platen_report_totals totals;
    char path[600];
    char told[2000]; /* complaints */
    bool interrupted;
};

/* For the monitor of that name, "good_full"; NULL: `path` is to be written by the caller. */
void fixture_begin(struct fixture *fixture, const char *monitor);
void fixture_wants(struct fixture *fixture, int first, int last);
/* platen_check_run; fills `totals`. */
enum platen_check_status fixture_run(struct fixture *fixture);

#endif
