/* SPDX-License-Identifier: MIT
 *
 * The recorder: a monitor that stands in front of another one in any spooler, passes every call on
 * as it is, and writes a trace of them that `platen run` can make again.
 *
 *   spooler -> shown table -> numbered_call -> platen_call_run -> the monitor's own table
 *                                  observed by the trace of the process (journal.c)
 *
 * It stands in the monitor's own key, which the monitor gets as its root, too. There are, as text:
 *
 *   Driver        platen-record.dll: whom the spooler loads
 *   RecordDriver  the monitor's DLL, which was Driver before: a full path, or the name of a file
 *                 beside the recorder, so in the system's folder
 *   RecordFolder  where traces go, a full path; made if it is missing. Without it, or if it cannot
 *                 be written, calls are passed on and nothing is recorded
 *   RecordName    what the monitor is called in the spooler; without it as RecordDriver, without
 *                 its folder and extension
 *
 * A trace, RecordFolder\RecordName-PROCESS-NUMBER.trace, begins with the first monitor of the
 * process that is initialised and ends with the last Shutdown. It has the calls of all of them, so
 * that a language monitor stands beside the port monitor that it calls.
 *
 * Whatever happens to the trace, the spooler and the monitor do not notice.
 */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include "call/call.h"
#include "os/registry.h"

/* ---- root.c: the monitor's key --------------------------------------------------------------- */

/* By way of the spooler's functions, or, where those are stubs, of the system's registry. */
struct record_root {
    const MONITORREG *registry; /* NULL: the system's */
    HANDLE spooler;
    void *key; /* of whichever it is */
};

struct record_settings {
    char *driver; /* absolute */
    char *folder; /* NULL: nothing is recorded */
    char *name;
};

uint32_t record_root_open(const MONITORINIT *init, struct record_root *root);
void record_root_close(struct record_root *root);
/* Texts are malloc'ed. */
uint32_t record_settings_read(const struct record_root *root, struct record_settings *settings);
void record_settings_free(struct record_settings *settings);

/* What stands below the key, but for what is the spooler's and ours, as lines that set it. Calls
 * `put` with each. */
void record_root_tell(const struct record_root *root, const char *name,
                      void (*put)(const char *line));

/* ---- journal.c: the trace of the process ----------------------------------------------------- */

/* Before all others. */
void record_journal_prepare(void);
/* A monitor more that is recorded, and one less. */
void record_journal_begin(const struct record_settings *settings);
void record_journal_end(void);
/* A line of the trace, if there is one. */
void record_journal_line(const char *line);
/* The calling thread's initialisation: the monitor that its next one is of. NULL: none. */
void record_journal_name(const struct record_settings *settings);
/* The calling thread's lane, whose calls are seen by the trace that there is now. `origin` is how
 * its name begins if it has none yet. */
struct platen_lane *record_journal_lane(char origin);
/* The process ends, and its other threads are gone. */
void record_journal_last_words(void);

/* ---- loader_posix.c, loader_win32.c: what a module has from who loads it ----------------------
 */

/* The functions of the import table of <platen/winsplp.h>; NULL where the system has no such. */
const PLATEN_IMPORTS *record_imports(void);

#endif
