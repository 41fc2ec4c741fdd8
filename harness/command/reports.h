/* SPDX-License-Identifier: MIT
 *
 * The reports that the options of `run` and `check` ask for: --tap, --junit, --json, --sarif,
 * --html,
 * --annotations, and the one for people.
 */
#ifndef COMMAND_REPORTS_H
#define COMMAND_REPORTS_H

#include "command/command.h"
#include "report/report.h"

/* Do the options say what can be? False after having complained. */
bool reports_allow(const struct arguments *arguments);
/* Adds what is asked for. Who asks for a machine's report on standard output gets no other one
 * there. The result is the exit status; what is wrong has been complained of. */
int reports_add(struct platen_report *report, const struct arguments *arguments);
/* Closes the set; `status`, or worse if a report could not be written. */
int reports_close(struct platen_report *report, int status);

#endif
