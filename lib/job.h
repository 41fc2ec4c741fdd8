/* SPDX-License-Identifier: MIT
 *
 * What a port knows of the job on it: the spooler's side of it (printer handle and id, for SetJob
 * and GetJob) and how it fares. Used by one thread at a time, the one in the port's write lane.
 */
#ifndef PLATEN_LIB_JOB_H
#define PLATEN_LIB_JOB_H

#include <stdbool.h>

#include <platen/winsplp.h>

#include "os/text.h"

struct job {
    bool open;
    bool has_printer; /* `printer` is a handle; any value can be one */
    bool cancelled;   /* the spooler wants it no more */
    bool unreported;  /* `error` came with a short write and waits for the next call */
    uint32_t error;   /* why the last write failed; 0 when it went well */
    uint32_t id;
    HANDLE printer;
};

/* Opens the queue. Without a name (Wine's spooler passes none), or where nobody can be asked, the
 * job runs without SetJob and GetJob; a name that the spooler refuses is an error, its own (R37).
 */
uint32_t job_begin(struct job *job, const PLATEN_IMPORTS *imports, const char16_t *printer,
                   uint32_t id);
/* Asks whether the job is still wanted (R55); remembers a no, and returns it. */
bool job_is_cancelled(struct job *job, const PLATEN_IMPORTS *imports);
/* Who printed it, as the spooler tells; to be freed. NULL: nobody can be asked, or he does not say.
 */
JOB_INFO_1W *job_owner(const struct job *job, const PLATEN_IMPORTS *imports);
/* Remembers what a write came to and returns what the caller is told; see port_write. */
uint32_t job_note_write(struct job *job, uint32_t error, uint32_t moved);
/* What keeps the next write from being tried: an error that stays, or one that is yet to be told.
 */
uint32_t job_obstacle(struct job *job);
/* Tells the spooler that the device has it all (R52). */
void job_complete(const struct job *job, const PLATEN_IMPORTS *imports);
/* Gives the printer back and forgets the job. */
void job_release(struct job *job, const PLATEN_IMPORTS *imports);

#endif
