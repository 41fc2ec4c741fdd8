/* SPDX-License-Identifier: MIT
 *
 * One job on its way through a port: OpenPort if need be, StartDocPort, WritePort until all is
 * accepted, EndDocPort (contract 3.3); then what becomes of it, as the reactions say. All calls on
 * the lane's thread, no lock held.
 */
#include "spooler/printing.h"

/* A job that a monitor wants to be restarted rests first, ever longer, and not for ever. */
#define FIRST_REST    (100 * MILLISECOND)
#define LAST_REST     (16 * SECOND)
#define MOST_RESTARTS 16

uint32_t spool_printing_failed(struct printing *p, const char *slot)
{
    const char *monitor =
        p->port->through != NULL ? p->port->through->name : p->port->monitor->name;

    p->fault.slot = slot;
    p->fault.error = spool_reason_of(p->spooler, monitor, slot, p->port->name);
    return p->fault.error;
}

static enum spool_action react(const struct printing *p, enum spool_condition condition)
{
    return spool_reaction(&p->spooler->reactions, condition);
}

static enum spool_action stop_late(struct printing *p)
{
    enum spool_action action = react(p, SPOOL_WHEN_TIME_OVER);

    if (action == SPOOL_IGNORE)
        return SPOOL_GO_ON;
    p->late = true;
    p->fault = (struct fault){NULL, PLATEN_TIMEOUT};
    return action;
}

enum spool_action spool_printing_stopped(struct printing *p)
{
    uint32_t orders = atomic_load_explicit(&p->job->orders, memory_order_relaxed);

    if (orders & ORDER_CANCEL)
        return SPOOL_CANCEL;
    if (p->job->limit != 0 && spool_job_is_late(p->job))
        return stop_late(p);
    return orders & ORDER_RESTART ? SPOOL_RESTART : SPOOL_GO_ON;
}

/* ---- the calls ------------------------------------------------------------------------------- */

/* One that is printed again after its end. */
static enum spool_action open_document(struct printing *p)
{
    uint32_t error = spool_document_reopen(p->job);

    return error ? spool_printing_unreadable(p, 0, error) : SPOOL_GO_ON;
}

static enum spool_action open_port(struct printing *p)
{
    struct printer *printer = p->job->printer;

    lock(p->spooler);
    struct way way = printer->way;
    unlock(p->spooler);
    return spool_way_open(p->port, &way, printer->name16, &p->fault);
}

static void note_start(struct printing *p)
{
    struct job *job = p->job;

    lock(p->spooler);
    job->started_at = spool_printing_now(p);
    job->starts++;
    unlock(p->spooler);
    p->told_at = job->started_at;
    spool_tell_job(p->spooler, PLATEN_EVENT_JOB_STARTED, job, p->port->name, NULL, 0);
}

static enum spool_action start_doc(struct printing *p)
{
    struct port *port = p->port;
    struct job_text *text = p->job->text;
    DOC_INFO_1W doc = {.pDocName = text->title,
                       .pOutputFile = writable(text->output),
                       .pDatatype = writable(text->datatype)};

    lock(p->spooler);
    p->job->language = port->through != port->monitor;
    p->job->complete = false;
    unlock(p->spooler);
    if (!platen_call_StartDocPort(&port->lane, &port->through->table, port->handle,
                                  p->job->printer->name16, p->job->id, 1, (LPBYTE)&doc)) {
        uint32_t error = spool_printing_failed(p, "StartDocPort");
        return react(p, spool_start_refused(error));
    }
    note_start(p);
    return SPOOL_GO_ON;
}

/* Once per StartDocPort that said TRUE, whatever came between (R95). The first failure counts. */
static enum spool_action end_doc(struct printing *p, enum spool_action action)
{
    struct port *port = p->port;
    struct fault first = p->fault;

    if (platen_call_EndDocPort(&port->lane, &port->through->table, port->handle))
        return action;
    uint32_t error = spool_printing_failed(p, "EndDocPort");
    if (action == SPOOL_GO_ON)
        return react(p, spool_end_refused(error));
    p->fault = first;
    return action;
}

/* Paused before its first call: it is not for this port to wait. */
static enum spool_action before(struct printing *p)
{
    enum spool_action action = spool_printing_stopped(p);
    bool paused = atomic_load(&p->job->orders) & ORDER_PAUSE;

    return action == SPOOL_GO_ON && paused ? SPOOL_PAUSE : action;
}

static enum spool_action run(struct printing *p)
{
    enum spool_action action = before(p);

    if (action == SPOOL_GO_ON)
        action = open_document(p);
    if (action == SPOOL_GO_ON)
        action = open_port(p);
    if (action == SPOOL_GO_ON)
        action = start_doc(p);
    else
        return action;
    return action == SPOOL_GO_ON ? end_doc(p, spool_printing_write(p)) : action;
}

/* ---- what becomes of the job: with the lock held --------------------------------------------- */

/* All bytes are out and EndDocPort said TRUE. Once the monitor has told the completion, or deleted
 * the job as some do instead, a cancel came too late; so did a time limit. Before that the TRUE may
 * be the answer of a monitor that learnt of either through GetJob and gave the rest up. */
static enum spool_action judge_success(struct printing *p)
{
    const struct job *job = p->job;
    enum spool_action stopped = SPOOL_GO_ON;

    if (job->complete)
        return SPOOL_PRINTED;
    if (atomic_load(&job->orders) & ORDER_STOP)
        return SPOOL_CANCEL;
    if (spool_job_is_late(job) && !(atomic_load(&job->orders) & ORDER_CANCEL))
        stopped = stop_late(p);
    if (stopped != SPOOL_GO_ON)
        return stopped;
    return react(p, job->language ? SPOOL_WHEN_NOT_EJECTED : SPOOL_WHEN_NOT_SENT);
}

/* The monitor may want a restart again and again; what it fails with then is the job's error. */
static enum spool_action judge_restart(struct printing *p)
{
    if (!(atomic_load(&p->job->orders) & ORDER_ASKED) || ++p->job->restarts <= MOST_RESTARTS)
        return SPOOL_RESTART;
    if (p->fault.slot == NULL)
        p->fault = (struct fault){"SetJob", PLATEN_GEN_FAILURE};
    return react(p, SPOOL_WHEN_RESTARTED_TOO_OFTEN);
}

static enum spool_action judge_refusal(struct printing *p)
{
    p->job->tried |= spool_queue_bit(p->job->printer, p->port);
    return spool_queue_any_left(p->job) ? SPOOL_NEXT_PORT : SPOOL_FAIL;
}

/* A monitor that learns through GetJob that the time is over ends the call itself, as it does with
 * a cancel. */
static enum spool_action judge_time(struct printing *p, enum spool_action action)
{
    enum spool_action instead = spool_job_is_late(p->job) ? stop_late(p) : SPOOL_GO_ON;

    return instead != SPOOL_GO_ON ? instead : action;
}

/* An order of the program or the monitor overrules what a call said. */
static enum spool_action judge(struct printing *p, enum spool_action action)
{
    uint32_t orders = atomic_load(&p->job->orders);

    if (action != SPOOL_GO_ON && (orders & ORDER_CANCEL))
        return SPOOL_CANCEL;
    if (action != SPOOL_GO_ON && !p->late)
        action = judge_time(p, action);
    if ((orders & ORDER_RESTART) && !p->late)
        return judge_restart(p);
    if (action == SPOOL_GO_ON)
        return judge_success(p);
    return action == SPOOL_NEXT_PORT ? judge_refusal(p) : action;
}

static void rewind_job(struct printing *p)
{
    struct job *job = p->job;
    uint64_t rest = FIRST_REST;

    for (uint32_t i = 1; i < job->restarts && rest < LAST_REST; i++)
        rest *= 2;
    if (atomic_load(&job->orders) & ORDER_ASKED)
        job->not_before = spool_printing_now(p) + (rest < LAST_REST ? rest : LAST_REST);
    atomic_fetch_and(&job->orders, ~(uint32_t)(ORDER_RESTART | ORDER_ASKED));
    job->tried = 0;
}

/* Back into the queue, to be printed from the first byte. */
static bool put_back(struct printing *p)
{
    atomic_store_explicit(&p->job->bytes, 0, memory_order_relaxed);
    p->job->in_trouble = false;
    spool_queue_put(p->job);
    return false;
}

static bool end(struct printing *p, enum platen_job_state state)
{
    bool has_error = state == PLATEN_JOB_FAILED || (state == PLATEN_JOB_CANCELLED && p->late);

    spool_job_end(p->job, state, has_error ? p->fault.error : 0, p->fault.slot);
    return true;
}

/* Does it; true: the job has ended. */
static bool settle(struct printing *p, enum spool_action verdict)
{
    spool_queue_leave(p->port, p->job);
    switch (verdict) {
    case SPOOL_RESTART:
        rewind_job(p);
        return put_back(p);
    case SPOOL_NEXT_PORT:
    case SPOOL_PAUSE:
        return put_back(p);
    case SPOOL_WAIT:
        if (p->job->complete)
            return end(p, PLATEN_JOB_PRINTED);
        spool_completion_wait(p->port, p->job);
        return false;
    case SPOOL_PRINTED:
        return end(p, PLATEN_JOB_PRINTED);
    case SPOOL_CANCEL:
        return end(p, PLATEN_JOB_CANCELLED);
    default:
        return end(p, PLATEN_JOB_FAILED);
    }
}

/* While the job is still this lane's. */
static void tell(const struct printing *p, enum spool_action verdict)
{
    if (verdict == SPOOL_NEXT_PORT)
        spool_tell_job(p->spooler, PLATEN_EVENT_JOB_TROUBLE, p->job, p->port->name, p->fault.slot,
                       p->fault.error);
    if (verdict == SPOOL_RESTART)
        spool_tell_job(p->spooler, PLATEN_EVENT_JOB_RESTARTED, p->job, p->port->name, p->fault.slot,
                       p->fault.error);
}

void spool_print_job(struct port *port, struct job *job)
{
    platen_spooler *spooler = port->spooler;
    struct printing p = {.spooler = spooler, .port = port, .job = job};
    enum spool_action action = run(&p);

    lock(spooler);
    enum spool_action verdict = judge(&p, action);
    unlock(spooler);
    tell(&p, verdict);
    lock(spooler);
    bool ended = settle(&p, verdict);
    unlock(spooler);
    if (ended)
        spool_job_settle(spooler, job, port->name);
}
