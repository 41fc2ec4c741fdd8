/* SPDX-License-Identifier: MIT
 *
 * The set of reports, for report.c, which makes and ends it, and stream.c, which feeds it.
 */
#ifndef REPORT_SET_H
#define REPORT_SET_H

#include "os/thread.h"
#include "report/format.h"

enum stage { BEFORE, RUNNING, AFTER };

struct platen_report {
    platen_os_mutex lock;
    struct sink **sinks;
    size_t sink_count;
    enum stage stage;
    struct held *run;   /* its RUN_BEGIN */
    struct held *file;  /* the FILE_BEGIN of the open file; NULL */
    struct test *tests; /* the open ones */
    struct platen_report_totals all;
    struct platen_report_totals of_file;
    uint64_t files;
    bool keeps_all; /* somebody wants to see passed checks */
    uint32_t error; /* memory was out */
};

/* platen_report_tell, with the lock held. */
void stream_tell(struct platen_report *report, const struct platen_report_event *event);
/* A run that was begun and not ended was broken off. */
void stream_finish(struct platen_report *report);

#endif
