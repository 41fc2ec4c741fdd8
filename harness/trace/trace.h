/* SPDX-License-Identifier: MIT
 *
 * Recording: every call of a spooler, in both directions, as a line of text that can be run again
 * (`platen run TRACE`), and as a picture of time for a viewer of Chrome trace events (Perfetto).
 *
 *   platen-trace 1
 *   registry load "/jobs/x.trace.data/registry.reg"
 *   monitor builtin name="Platen Port" file-root="/jobs"
 *   port "file:out" to "file:out"
 *   caller InitializePrintMonitor2 pMonitorInit={...} -> table phMonitor=$monitor1 at=... took=...
 *   stream @doc1 file "/jobs/doc.ps" size=70000
 *   file:out OpenPort hMonitor=$monitor1 pName="file:out" -> TRUE pHandle=$port1 at=... took=...
 *   file:out WritePort hPort=$port1 pBuffer=@doc1[0+65536] cbBuf=65536 -> TRUE pcbWritten=65536 ...
 *   stream @doc1 sha256="..."
 *
 * The grammar is that of call/words.h. A line stands where its call returned: calls back come
 * before the call that they were made in. What holds beyond the grammar:
 *
 * lanes    A lane's lines come from one thread at a time. A second thread whose lane has the same
 *          name is called NAME.2, and so on.
 * handles  $port1 and so on, by kind and order. A value that comes again after it was closed is a
 *          new handle with a new name.
 * data     Up to 256 bytes stand in the line. Longer data is a slice of a stream: of the job's
 *          document where the bytes are known to be its own, else of @blobs. What goes to standard
 *          output has all of its data in line, and no streams. A brief trace says so in its first
 *          line; it tells data beyond 32 bytes by its length, has no streams, and cannot be run.
 * outside  A trace made in a spooler that is not ours says so in its first line. What the monitor
 *          called back there, and what it was answered, is told and not compared.
 * streams  `stream @NAME KIND WHERE facts` comes before the first use; `stream @NAME facts`, later,
 *          adds what is known only then: sha256= of a file, size= of @blobs. KIND is file (an
 *          absolute path) or blob (a file in the folder that is called as the trace with ".data"
 *          behind it). The hash is of the file as it stands when its job has ended. It is made off
 *          the lanes; at the end of a recording at most a tenth of the recording's time (a quarter
 *          of a second at least) is spent on hashes that are not ready, and a large document may
 *          be left without.
 * crash    A trace is whole up to the crash. Calls that never returned stand at its end, with a
 *          question mark behind the arrow: from the innermost outwards, the crashing thread's last.
 *          Their data is told as slices of documents, or, beyond 256 bytes, by its length.
 *
 * Threads: everything from any thread, but create and close.
 */
#ifndef TRACE_TRACE_H
#define TRACE_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include <platen/spooler.h>

#include "call/call.h"

struct platen_trace;

struct platen_trace_options {
    const char *path;     /* "-": standard output; NULL: no trace */
    const char *timeline; /* the Chrome trace events: the same */
    bool brief;
    bool outside; /* the spooler is not ours */
};

/* Opens both files. A file that holds something else than a trace, or than JSON, is left alone:
 * ALREADY_EXISTS. *complaint is NULL or a sentence, made printable, to be freed. */
uint32_t platen_trace_create(const struct platen_trace_options *options,
                             struct platen_trace **trace, char **complaint);
/* Nobody makes calls any more. An error says that something could not be written, now or before.
 * NULL is fine. */
uint32_t platen_trace_close(struct platen_trace *trace, char **complaint);

/* For platen_spooler_observe, as the last of the list, so that it sees what others have changed.
 * Several spoolers may have it. NULL for NULL. */
struct platen_observer *platen_trace_observer(struct platen_trace *trace);

/* ---- what makes the trace run again: in the order of the lines, NULL traces are fine --------- */

/* Keeps the registry as it is now in the folder; with standard output, names `path`. */
void platen_trace_registry(struct platen_trace *trace, platen_registry *registry, const char *path);
/* path NULL: the builtin monitor, with the folders below which it may write and run programs, or
 * NULL. */
void platen_trace_monitor(struct platen_trace *trace, const char *path, const char *name,
                          const char *file_root, const char *program_root);
void platen_trace_language(struct platen_trace *trace, const char *path, const char *name);
/* The same for a module in the process that it has in another spooler. */
void platen_trace_beside(struct platen_trace *trace, bool language, const char *path,
                         const char *name, const char *spooler);
/* A port that was added past all calls. */
void platen_trace_port(struct platen_trace *trace, const char *name, const char *uri);

/* Any other line that stands in scripts and in traces, whole and without its break. */
void platen_trace_line(struct platen_trace *trace, const char *line);

/* As platen_job_submit, which it calls; so that WritePort's data can be told as slices of the
 * document. The spooler's events must reach platen_trace_event. trace NULL: nothing but the call.
 */
uint32_t platen_trace_submit(struct platen_trace *trace, platen_spooler *spooler,
                             const char *printer, const struct platen_document *document,
                             uint32_t *job_id);
/* To be called first in the spooler's on_event. */
void platen_trace_event(struct platen_trace *trace, const struct platen_event *event);

/* ---- the end that nobody planned ------------------------------------------------------------- */

/* Writes what is still in memory, and the calls that have not returned. Safe in a signal handler,
 * and when it is called again because it faulted itself. Nothing is recorded afterwards. */
void platen_trace_last_words(struct platen_trace *trace);

#endif
