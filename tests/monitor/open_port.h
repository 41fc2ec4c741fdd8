/* SPDX-License-Identifier: MIT
 *
 * An instance with one port open, "T1:", on the fake device; and the steps of a job on it.
 */
#ifndef PLATEN_TESTS_MONITOR_OPEN_PORT_H
#define PLATEN_TESTS_MONITOR_OPEN_PORT_H

#include <platen/winsplp.h>

extern const MONITOR2 *table;
extern HANDLE monitor, port;

/* Set-up and tear-down; the latter makes sure that nothing is left open anywhere. */
int open_port(void **state);
int close_port(void **state);

/* StartDocPort for a job with that id, of the title "title", for the printer "queue". */
BOOL start(HANDLE on, DWORD id);
/* The same on `port`, as job 7; it has to work. */
void started(void);
/* WritePort of the bytes 0, 1, 2 ...; last-error is 0 before. */
BOOL write_bytes(DWORD size, DWORD *written);
/* The same, and EndDocPort, with what they have to answer. */
void expect_write(DWORD size, BOOL done, DWORD written, DWORD code);
void expect_end(BOOL done, DWORD code);

#endif
