/* SPDX-License-Identifier: MIT
 *
 * A trace in a folder of its own, a monitor that does what a test wants, and what was written.
 */
#ifndef TRACE_TRIAL_H
#define TRACE_TRIAL_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

#include "call/call.h"
#include "trace/trace.h"

#define TRIAL_LINES 4000

struct trial {
    char folder[600];
    char path[700];
    char timeline[700];
    struct platen_trace *trace;
    char *text; /* of the trace, once it is closed */
    char *lines[TRIAL_LINES];
    size_t count;
};

extern struct trial trial;

/* cmocka's setup and teardown. */
int trial_setup(void **state);
int trial_teardown(void **state);

void trial_open(bool brief, bool timeline);
/* Closes it and reads it. Every line can be shown on a terminal. */
void trial_close(void);
/* The line at which `text` begins, or holds it; fails if there is none. */
const char *trial_line(const char *text);
size_t trial_count(const char *text);
/* After the first line and the set-up lines. */
void trial_expect(size_t line, const char *begin);
/* What a file in the trace's folder holds; to be freed. */
char *trial_file(const char *name, size_t *size);

/* ---- the monitor ----------------------------------------------------------------------------- */

/* What it does: set by tests, and by none when nothing is said. */
struct monitor_orders {
    HANDLE gives; /* OpenPort's handle */
    bool close_fails;
    DWORD accepts;  /* bytes per WritePort at most; 0: all */
    unsigned fails; /* so many WritePorts, after half of their bytes, with ERROR_BUSY */
    void (*inside)(LPBYTE data, DWORD size); /* called in WritePort */
    bool keep;                               /* what WritePort takes; for one thread */
    const WCHAR *port;                       /* the one that EnumPorts lists */
};
extern struct monitor_orders orders;
extern const MONITOR2 trial_monitor;
/* Its InitializePrintMonitor2. */
LPMONITOR2 WINAPI trial_entry(PMONITORINIT init, PHANDLE monitor);

/* All bytes that WritePort took, in turn. */
struct monitor_taken {
    unsigned char *data;
    size_t size;
};
extern struct monitor_taken taken;

#endif
