/* SPDX-License-Identifier: MIT
 *
 * An instance with all that Xcv can configure: Local ports, TCP/IP ports, and ports on serial
 * lines, of which "COM9:" is simply there.
 */
#ifndef PLATEN_TESTS_MONITOR_LINE_TRIAL_H
#define PLATEN_TESTS_MONITOR_LINE_TRIAL_H

#include "tcp_trial.h"

/* What the line's backend was told at the last open: "target baud=9600 bits=8 ...". */
extern char line_told[400];

/* The backends of tcp_options, and "serial", which claims COMn: and takes up to 115200 baud. */
struct platen_monitor_options line_options(void);
const MONITOR2 *line_monitor(HANDLE *monitor);

/* Opens the port and closes it again: what line_told is then. */
const char *line_of(const MONITOR2 *table, HANDLE monitor, const char16_t *name);

/* A COMMCONFIG for settings as line_parse takes them. */
COMMCONFIG line_config(const char *text);

/* The ports that EnumPorts lists, name and description, one to a line. */
const char *line_list(const MONITOR2 *table, HANDLE monitor);
/* A number for all that the store has. */
uint64_t line_store(void);

#endif
