/* SPDX-License-Identifier: MIT */
#ifndef REPORT_SAMPLE_H
#define REPORT_SAMPLE_H

#include "report/report.h"

/* Tells what a check of a monitor would: all rules that bind monitors, by group, and findings. */
void sample_check(struct platen_report *report);

#endif
