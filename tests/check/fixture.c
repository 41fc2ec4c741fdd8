/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static void complain(void *context, const char *text)
{
    struct fixture *fixture = context;
    size_t used = strlen(fixture->told);
    snprintf(fixture->told + used, sizeof fixture->told - used, "%s\n", text);
}

static bool interrupted(void *context)
{
    return ((struct fixture *)context)->interrupted;
}

void fixture_begin(struct fixture *fixture, const char *monitor)
{
    *fixture = (struct fixture){.interrupted = false};
    snprintf(fixture->path, sizeof fixture->path, "%s/%s.so", CONTRACT_FOLDER,
             monitor == NULL ? "" : monitor);
    fixture->world = (struct platen_script_world){
        .context = fixture, .complain = complain, .interrupted = interrupted};
    fixture->options.monitor = fixture->path;
    fixture->options.hosted = &fixture->hosted;
    fixture->options.timeout = UINT64_C(10000000000);
}

void fixture_wants(struct fixture *fixture, int first, int last)
{
    for (int rule = first; rule <= last; rule++) {
        fixture->options.rules[rule] = true;
    }
}

enum platen_check_status fixture_run(struct fixture *fixture)
{
    fixture->report = platen_report_create();
    assert_non_null(fixture->report);
    enum platen_check_status status =
        platen_check_run(&fixture->options, &fixture->world, fixture->report);
    platen_report_totals(fixture->report, &fixture->totals);
    assert_int_equal(platen_report_close(fixture->report, NULL), 0);
    return status;
}
