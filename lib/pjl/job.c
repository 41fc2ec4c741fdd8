/* SPDX-License-Identifier: MIT
 *
 * A job on its way: what is put before its first byte and behind its last one.
 *
 *   StartDocPort  the port monitor's, and the spooler's printer for SetJob
 *   WritePort     at the first byte: the question, if the printer is not known, and the header;
 * then the caller's bytes as they are, and their count as the port monitor has it EndDocPort    the
 * end of the job; the printer's word, for a while; the port monitor's; and the spooler is told, now
 * or by the thread
 *
 * Why EndDocPort waits: on a port that carries nothing between jobs, a network connection mostly,
 * the printer can confirm only as long as the port monitor's job is open. A printer that can be
 * heard later, or has never said a word about its jobs, is not waited for.
 */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "imports.h"
#include "os/clock.h"
#include "port.h"

static const PLATEN_IMPORTS *imports_of(const struct pjl_port *port)
{
    return &port->instance->imports;
}

/* ---- start --------------------------------------------------------------------------------- */

static void free_job(struct pjl_port *port, struct pjl_job *job)
{
    if (job->has_printer)
        imports_close_printer(imports_of(port), job->printer);
    free(job);
}

/* A spooler that lacks OpenPrinter gets its job printed, and no SetJob (R37). */
static uint32_t open_printer(struct pjl_port *port, struct pjl_job *job, LPWSTR printer)
{
    if (!printer || !*printer)
        return 0;
    uint32_t error = imports_open_printer(imports_of(port), printer, &job->printer);
    job->has_printer = !error;
    return error == PLATEN_CALL_NOT_IMPLEMENTED ? 0 : error;
}

/* DOC_INFO_2 begins with DOC_INFO_1. */
static const char16_t *name_of(const struct pjl_document *document)
{
    DOC_INFO_1W info = {0};
    if (document->info)
        memcpy(&info, document->info, sizeof(info));
    return info.pDocName;
}

static uint32_t start(struct pjl_port *port, const struct pjl_document *document)
{
    if (port->job)
        return PLATEN_BUSY; /* R34 */
    struct pjl_job *job = calloc(1, sizeof(*job));
    if (!job)
        return PLATEN_NOT_ENOUGH_MEMORY;
    job->id = document->job;
    pjl_name(job->name, name_of(document), job->id, ++port->serial);
    uint32_t error = open_printer(port, job, document->printer);
    if (!error)
        error = pjl_below_start(&port->below, document->printer, document->job, document->level,
                                document->info);
    if (error) {
        free_job(port, job);
        return error;
    }
    platen_os_mutex_lock(&port->lock);
    port->job = job;
    port->deaf = false;
    platen_os_cond_broadcast(&port->changed);
    platen_os_mutex_unlock(&port->lock);
    return 0;
}

/* The port monitor may take long to begin: nobody waits for the turn meanwhile who can do without
 * it. */
static void set_starting(struct pjl_port *port, bool starting)
{
    platen_os_mutex_lock(&port->lock);
    port->starting = starting;
    platen_os_cond_broadcast(&port->changed);
    platen_os_mutex_unlock(&port->lock);
}

uint32_t pjl_job_start(struct pjl_port *port, const struct pjl_document *document)
{
    uint32_t error = pjl_turn_take(port);
    if (error)
        return error;
    set_starting(port, true);
    error = start(port, document);
    set_starting(port, false);
    pjl_turn_leave(port);
    return error;
}

/* ---- the printer's language ---------------------------------------------------------------- */

/* From now on the thread reads, and knows what it is for. */
static uint32_t listen(struct pjl_port *port, struct pjl_job *job)
{
    uint32_t error = pjl_watch_begin(port);
    platen_os_mutex_lock(&port->lock);
    job->listening = !error;
    platen_os_cond_broadcast(&port->changed);
    platen_os_mutex_unlock(&port->lock);
    return error;
}

/* A port monitor that takes read time-outs has a back channel (contract 2.16); of another one the
 * first ReadPort shows it. */
static bool can_hear(struct pjl_port *port)
{
    uint64_t until = platen_os_now() + PJL_ANSWER;
    platen_os_mutex_lock(&port->lock);
    while (!port->heard && !port->deaf && !port->closing)
        if (!platen_os_cond_wait_until(&port->changed, &port->lock, until))
            break;
    bool hears = port->heard && !port->deaf;
    platen_os_mutex_unlock(&port->lock);
    return hears;
}

/* Where nothing can be heard, nothing is said: a printer that does not know PJL would print it. */
static enum pjl_stage first_stage(struct pjl_port *port, struct pjl_job *job)
{
    pjl_port_look_at_id(port);
    enum pjl_speech speech = pjl_port_speech(port);
    if (speech == PJL_SPEAKS) {
        listen(port, job);
        return PJL_HEADING;
    }
    if (speech != PJL_UNKNOWN || listen(port, job) || !can_hear(port))
        return PJL_PLAIN;
    pjl_say_question(&job->say);
    return PJL_ASKING;
}

/* It is not asked again while the port is open: an answer that comes late is still heard. */
static enum pjl_stage await_answer(struct pjl_port *port)
{
    uint64_t until = platen_os_now() + PJL_ANSWER;
    platen_os_mutex_lock(&port->lock);
    while (port->speech == PJL_UNKNOWN && !port->deaf && !port->closing)
        if (!platen_os_cond_wait_until(&port->changed, &port->lock, until))
            break;
    if (port->speech == PJL_UNKNOWN)
        port->speech = PJL_SILENT;
    bool speaks = port->speech == PJL_SPEAKS;
    platen_os_mutex_unlock(&port->lock);
    return speaks ? PJL_HEADING : PJL_PLAIN;
}

/* Supplies are asked for with each job, as they are used up: on many ports nothing can be asked
 * between jobs. */
static void write_header(struct pjl_port *port, struct pjl_job *job)
{
    platen_os_mutex_lock(&port->lock);
    enum pjl_extent extent = PJL_EVERYTHING;
    if (port->greeted)
        extent = pjl_values_any(&port->learned.values, PJL_ABOUT_SUPPLIES) ? PJL_STATE_AND_SUPPLIES
                                                                           : PJL_STATE_ALONE;
    port->greeted = true;
    port->asked = platen_os_now();
    platen_os_mutex_unlock(&port->lock);
    pjl_say_job(&job->say, extent, job->name);
}

/* ---- write --------------------------------------------------------------------------------- */

static bool is_ready(const struct pjl_job *job)
{
    return job->stage == PJL_PLAIN || job->stage == PJL_FRAMED;
}

static void set_stage(struct pjl_port *port, struct pjl_job *job, enum pjl_stage stage)
{
    if (stage == PJL_HEADING)
        write_header(port, job);
    job->stage = stage;
}

/* What stands before the job's bytes. It goes on where it stopped: a port that takes nothing, or
 * fails, is met again by the next WritePort. Not ready and no error: it took nothing. */
static uint32_t prepare(struct pjl_port *port, struct pjl_job *job)
{
    if (job->stage == PJL_FRESH)
        set_stage(port, job, first_stage(port, job));
    while (!is_ready(job)) {
        uint32_t error = pjl_port_say(port, &job->say, platen_os_now() + PJL_ANSWER, false);
        if (error || job->say.sent < job->say.size)
            return error;
        set_stage(port, job, job->stage == PJL_ASKING ? await_answer(port) : PJL_FRAMED);
    }
    return 0;
}

static uint32_t write_in_turn(struct pjl_port *port, const void *data, uint32_t size,
                              uint32_t *moved)
{
    struct pjl_job *job = port->job;
    if (!job) /* the port monitor decides (R42) */
        return pjl_below_write(&port->below, data, size, moved);
    job->error = prepare(port, job);
    if (!job->error && is_ready(job))
        job->error = pjl_below_write(&port->below, data, size, moved);
    return job->error;
}

uint32_t pjl_job_write(struct pjl_port *port, const void *data, uint32_t size, uint32_t *moved)
{
    *moved = 0;
    if (size == 0)
        return 0; /* R43 */
    if (!data)
        return PLATEN_INVALID_PARAMETER;
    uint32_t error = pjl_turn_take(port);
    if (error)
        return error;
    error = write_in_turn(port, data, size, moved);
    pjl_turn_leave(port);
    return error;
}

/* ---- the printer's word -------------------------------------------------------------------- */

/* Does the spooler want it no more (R55)? */
static bool is_unwanted(struct pjl_port *port, const struct pjl_job *job)
{
    const uint32_t unwanted = JOB_STATUS_DELETING | JOB_STATUS_DELETED | JOB_STATUS_RESTART;
    uint32_t status = 0;
    if (!job->has_printer)
        return false;
    uint32_t error = imports_job_status(imports_of(port), job->printer, job->id, &status);
    return error == PLATEN_INVALID_PARAMETER || (!error && (status & unwanted));
}

static bool is_confirmed(const struct pjl_job *job)
{
    return job->printed || job->cancelled;
}

/* Sleeps until something changes; the lock is held. False: waiting is over. */
static bool wait_for_word(struct pjl_port *port, const struct pjl_job *job, uint64_t until)
{
    uint64_t look = platen_os_now() + PJL_ASK_JOB;
    bool time_is_left = true;
    while (time_is_left && !is_confirmed(job) && !port->deaf && !port->closing)
        time_is_left =
            platen_os_cond_wait_until(&port->changed, &port->lock, look < until ? look : until);
    return !is_confirmed(job) && !port->deaf && !port->closing && platen_os_now() < until;
}

/* True: the spooler does not want the job any more. */
static bool hold(struct pjl_port *port, struct pjl_job *job)
{
    uint64_t most = port->instance->eoj_timeout;
    uint64_t until = platen_os_now() + (most < PJL_HOLD ? most : PJL_HOLD);
    bool unwanted = false;
    bool waits = true;
    while (waits && !unwanted) {
        platen_os_mutex_lock(&port->lock);
        waits = wait_for_word(port, job, until);
        if (port->deaf) /* the connection is over: no word will come on it */
            job->listening = false;
        platen_os_mutex_unlock(&port->lock);
        unwanted = waits && is_unwanted(port, job);
    }
    return unwanted;
}

/* ---- end ----------------------------------------------------------------------------------- */

/* From now on the printer may say that it is through; it may be faster than our last bytes. True:
 * it is worth waiting for. */
static bool expect_word(struct pjl_port *port, struct pjl_job *job)
{
    platen_os_mutex_lock(&port->lock);
    job->ended = true;
    job->until = platen_os_now() + port->instance->eoj_timeout;
    bool worth_it = port->between != PJL_WORKS && !port->silent_on_jobs;
    platen_os_mutex_unlock(&port->lock);
    return worth_it;
}

/* One more try, of half a second at most; true: it got stuck. */
static bool send_some(struct pjl_port *port, struct pjl_job *job, uint64_t until, uint32_t *error)
{
    uint64_t look = platen_os_now() + PJL_ASK_JOB;
    *error = pjl_port_say(port, &job->say, look < until ? look : until, true);
    bool left = job->say.sent < job->say.size;
    if (left && !*error)
        *error = PLATEN_TIMEOUT;
    return left && (*error == PLATEN_TIMEOUT || *error == PLATEN_SEM_TIMEOUT);
}

/* The end of the job. A port that takes nothing gets its time, unless the spooler does not want the
 * job any more, or the job got stuck itself: then one try, for the printer that is in the middle of
 * it. */
static uint32_t send_end(struct pjl_port *port, struct pjl_job *job, bool *unwanted)
{
    uint64_t until = platen_os_now() + (*unwanted || job->error ? 0 : PJL_PATIENCE);
    uint32_t error;
    pjl_say_end_of_job(&job->say, job->name);
    while (send_some(port, job, until, &error) && platen_os_now() < until && !*unwanted)
        *unwanted = is_unwanted(port, job);
    return error;
}

/* The job is the caller's from now on. What the printer was in, on a port that will not tell when
 * it is over, is taken back (R82). */
static void leave_job(struct pjl_port *port)
{
    platen_os_mutex_lock(&port->lock);
    port->job = NULL;
    port->deaf = false;
    port->last_end = platen_os_now();
    if (port->between != PJL_WORKS)
        port->learned.has_state = false;
    platen_os_cond_broadcast(&port->changed);
    platen_os_mutex_unlock(&port->lock);
}

static bool wait_for_printer(struct pjl_port *port, struct pjl_job *job)
{
    platen_os_mutex_lock(&port->lock);
    bool waits = job->ended && job->listening && !is_confirmed(job) && !port->closing;
    struct pjl_job **end = &port->waiting;
    while (waits && *end)
        end = &(*end)->next;
    if (waits)
        *end = job;
    platen_os_cond_broadcast(&port->changed);
    platen_os_mutex_unlock(&port->lock);
    return waits;
}

/* What is ours of the end. Bytes that were never taken are no printed job. */
static uint32_t finish(struct pjl_port *port, struct pjl_job *job, bool *unwanted)
{
    uint32_t error = job->error;
    if (job->stage == PJL_ASKING || job->stage == PJL_HEADING)
        return error ? error : PLATEN_TIMEOUT;
    if (job->stage != PJL_FRAMED)
        return error;
    bool waits = expect_word(port, job) && job->listening;
    uint32_t failed = send_end(port, job, unwanted);
    error = error ? error : failed;
    if (!error && !*unwanted && waits)
        *unwanted = hold(port, job);
    return error;
}

/* Did it say so? Then it is, whatever the port monitor thinks of the connection's end: an error
 * would have the spooler print it again. */
static bool has_printed(struct pjl_port *port, const struct pjl_job *job)
{
    platen_os_mutex_lock(&port->lock);
    bool printed = job->printed;
    platen_os_mutex_unlock(&port->lock);
    return printed;
}

static uint32_t end(struct pjl_port *port)
{
    struct pjl_job *job = port->job;
    if (!job)
        return 0; /* R51 */
    bool unwanted = is_unwanted(port, job);
    uint32_t error = finish(port, job, &unwanted);
    uint32_t ended = pjl_below_end(&port->below);
    if (!error && !unwanted && has_printed(port, job))
        ended = 0;
    leave_job(port);
    error = unwanted || !error ? ended : error;
    if (error || unwanted)
        free_job(port, job);
    else if (!wait_for_printer(port, job))
        pjl_job_complete(port, job);
    return error;
}

uint32_t pjl_job_end(struct pjl_port *port)
{
    uint32_t error = pjl_turn_take(port);
    if (error)
        return error;
    error = end(port);
    pjl_turn_leave(port);
    return error;
}

/* R29 */
void pjl_job_abandon(struct pjl_port *port)
{
    struct pjl_job *job = port->job;
    struct pjl_say say;
    if (!job)
        return;
    pjl_say_end_of_job(&say, job->name);
    if (job->stage == PJL_FRAMED)
        pjl_port_say(port, &say, 0, false);
    pjl_below_end(&port->below);
    leave_job(port);
    free_job(port, job);
}

/* A job that was cancelled at the printer is not said to be printed: it is deleted. */
void pjl_job_complete(struct pjl_port *port, struct pjl_job *job)
{
    uint32_t command = job->cancelled ? JOB_CONTROL_DELETE : JOB_CONTROL_LAST_PAGE_EJECTED;
    if (job->has_printer)
        imports_set_job(imports_of(port), job->printer, job->id, command);
    free_job(port, job);
}
