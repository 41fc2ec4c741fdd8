/* SPDX-License-Identifier: MIT
 *
 * The trace of a finding: of the lines that ran those that matter, as a script that can be run.
 */
#ifndef CHECK_TRACE_H
#define CHECK_TRACE_H

#include "check/inside.h"

/* Of the lines before finding->mark; a text of the outcome, NULL when memory is out. */
const char *trace_write(struct probe *probe, const struct check_finding *finding);

#endif
