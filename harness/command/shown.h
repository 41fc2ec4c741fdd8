/* SPDX-License-Identifier: MIT
 *
 * How a printed document is told of: by `platen show`, and by devices for what they received.
 */
#ifndef COMMAND_SHOWN_H
#define COMMAND_SHOWN_H

#include "command/report.h"
#include "show/show.h"

/* Its language and pages, and where its pictures are if they `stay`, on standard output. */
void tell_document(const struct platen_show_result *result, bool stay);
/* The same as an object of JSON. */
void report_document(struct report *report, const struct platen_show_result *result, bool stay);

#endif
