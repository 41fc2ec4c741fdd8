/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include <platen/errors.h>

#include "document.h"
#include "manage.h"
#include "port.h"
#include "port_state.h"
#include "provider.h"
#include "times.h"

/* How long a wait lasts before the spooler is asked again whether the job is still wanted. */
#define SLICE UINT64_C(250000000)

/* ---- lanes --------------------------------------------------------------------------------- */

static bool enter_lane(atomic_flag *lane)
{
    return !atomic_flag_test_and_set_explicit(lane, memory_order_acquire);
}

static void leave_lane(atomic_flag *lane)
{
    atomic_flag_clear_explicit(lane, memory_order_release);
}

static bool is_closing(struct port *port)
{
    return atomic_load_explicit(&port->closing, memory_order_acquire);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* ---- open and close ------------------------------------------------------------------------ */

static uint32_t make_port(struct instance *instance, struct port_entry *entry,
                          const struct kind *kind, struct port **port)
{
    *port = calloc(1, port_state_room(kind));
    if (!*port)
        return PLATEN_NOT_ENOUGH_MEMORY;
    (*port)->instance = instance;
    (*port)->entry = entry;
    (*port)->backend = &kind->ops;
    (*port)->member.kind = HANDLE_PORT;
    atomic_init(&(*port)->closing, false);
    atomic_flag_clear(&(*port)->write_lane);
    atomic_flag_clear(&(*port)->read_lane);
    atomic_init(&(*port)->read_timeout, instance->read_timeout);
    atomic_init(&(*port)->read_multiplier, 0);
    atomic_init(&(*port)->write_timeout, 0);
    atomic_init(&(*port)->write_multiplier, 0);
    atomic_init(&(*port)->has_times, false);
    atomic_init(&(*port)->renewal, NULL);
    return 0;
}

static void end_job(struct port *port, bool abandoned);

/* When the last use of the handle has ended: no call is under way on the port any more. */
static void destroy(void *object)
{
    struct port *port = object;
    if (port->job.open)
        end_job(port, true);
    provider_close(port);
    port_state_close(port);
    ports_give(&port->instance->ports, port->entry);
    instance_leave(port->instance, &port->member);
    free(port);
}

static uint32_t open_set(struct instance *instance, struct port_entry *entry,
                         const struct port_setting *setting, uintptr_t *handle)
{
    struct port *port;
    uint32_t error = make_port(instance, entry, setting->kind, &port);
    if (error)
        return error;
    error = port_state_open(port, setting);
    if (error) {
        free(port);
        return error;
    }
    error = handle_issue(HANDLE_PORT, port, destroy, &port->member.handle);
    if (error) {
        port_state_close(port);
        free(port);
        return error;
    }
    *handle = port->member.handle;
    instance_enter(instance, &port->member);
    return 0;
}

static uint32_t open_entry(struct instance *instance, struct port_entry *entry, uintptr_t *handle)
{
    struct port_setting setting;
    uint32_t error = ports_setting(&instance->ports, entry, &setting);
    if (error)
        return error;
    error = open_set(instance, entry, &setting, handle);
    ports_free_setting(&setting);
    return error;
}

uint32_t port_open(struct instance *instance, const char16_t *name, uintptr_t *handle)
{
    struct port_entry *entry;
    uint32_t error = ports_take(&instance->ports, name, &entry);
    *handle = 0;
    if (error)
        return error;
    error = open_entry(instance, entry, handle);
    if (error)
        ports_give(&instance->ports, entry);
    return error;
}

void port_cancel(struct port *port)
{
    atomic_store(&port->closing, true); /* in one order with port_state_renew */
    if (port->backend->cancel)
        port->backend->cancel(port_state(port));
}

uint32_t port_close(uintptr_t handle)
{
    struct port *port = handle_retire(handle, HANDLE_PORT);
    if (!port)
        return PLATEN_INVALID_HANDLE;
    port_cancel(port);
    handle_release(handle);
    return 0;
}

/* ---- start --------------------------------------------------------------------------------- */

/* One job at a time on a port, whichever handle it came through (R36), unless each handle is a
 * device of its own. */
static bool claim(struct port *port)
{
    struct port *nobody = NULL;
    if (port->backend->capabilities & PLATEN_PRIVATE_OPENS)
        return true;
    return atomic_compare_exchange_strong(&port->entry->job, &nobody, port);
}

static void unclaim(struct port *port)
{
    if (!(port->backend->capabilities & PLATEN_PRIVATE_OPENS))
        atomic_store(&port->entry->job, NULL);
}

static uint32_t make_texts(const struct port *port, const struct port_document *document,
                           struct document_texts *texts, struct platen_doc *doc)
{
    struct port_document whole = *document;
    JOB_INFO_1W *owner = NULL;
    if (port->backend->capabilities & PLATEN_WANTS_OWNER)
        owner = job_owner(&port->job, &port->instance->imports);
    if (owner) {
        whole.user = (const char16_t *)owner->pUserName;
        whole.machine = (const char16_t *)owner->pMachineName;
    }
    uint32_t error = document_texts(texts, &whole, doc);
    free(owner);
    return error;
}

static uint32_t start_backend(struct port *port, const struct port_document *document)
{
    struct document_texts texts;
    struct platen_doc doc;
    uint32_t error = make_texts(port, document, &texts, &doc);
    if (error)
        return error;
    uint64_t deadline = instance_after(instance_now(port->instance), port->instance->start_timeout);
    error = port->backend->start_doc(port_state(port), &doc, deadline);
    document_texts_free(&texts);
    return error;
}

static uint32_t start_claimed(struct port *port, const struct port_document *document)
{
    const PLATEN_IMPORTS *imports = &port->instance->imports;
    uint32_t error = job_begin(&port->job, imports, document->printer, document->job_id);
    if (!error)
        error = start_backend(port, document);
    if (error)
        job_release(&port->job, imports);
    else
        port->job.open = true;
    return error;
}

static uint32_t start(struct port *port, const struct port_document *document)
{
    if (is_closing(port))
        return PLATEN_OPERATION_ABORTED;
    if (port->job.open)
        return 0; /* R34 */
    if (!claim(port))
        return PLATEN_BUSY;
    uint32_t error = port_state_renew(port);
    if (!error && atomic_load(&port->closing)) /* the new state was not told */
        error = PLATEN_OPERATION_ABORTED;
    if (!error)
        error = start_claimed(port, document);
    if (error)
        unclaim(port);
    return error;
}

uint32_t port_start(struct port *port, const struct port_document *document)
{
    if (!enter_lane(&port->write_lane))
        return PLATEN_BUSY;
    uint32_t error = start(port, document);
    leave_lane(&port->write_lane);
    return error;
}

/* ---- write --------------------------------------------------------------------------------- */

/* Until when the backend may wait at a stretch. */
static uint64_t next_stop(const struct port *port, uint64_t now, uint64_t deadline)
{
    return port->job.has_printer ? earlier(instance_after(now, SLICE), deadline) : deadline;
}

/* Has the time come to look up, and if so, why should the write end? 0: it goes on. */
static uint32_t look_up(struct port *port, uint64_t now, uint64_t *stop, uint64_t deadline)
{
    if (is_closing(port))
        return PLATEN_OPERATION_ABORTED;
    if (now < *stop)
        return 0;
    if (job_is_cancelled(&port->job, &port->instance->imports))
        return PLATEN_PRINT_CANCELLED;
    *stop = next_stop(port, now, deadline);
    return now < deadline ? 0 : PLATEN_TIMEOUT;
}

static uint64_t write_total(const struct port *port, uint32_t size)
{
    uint64_t constant = atomic_load(&port->write_timeout);
    uint32_t multiplier = atomic_load(&port->write_multiplier);
    if (!constant && !multiplier)
        return atomic_load(&port->instance->write_timeout);
    return times_total(multiplier, constant, size);
}

/* Hands over all bytes, waiting for the device between the backend's short writes. An undisturbed
 * write reads the clock once and makes no call but the backend's. */
static uint32_t push(struct port *port, const char *data, uint32_t size, uint32_t *moved)
{
    uint64_t now = instance_now(port->instance);
    uint64_t deadline = instance_after(now, write_total(port, size));
    uint64_t stop = next_stop(port, now, deadline);
    for (;;) {
        uint32_t step;
        uint32_t error = port->backend->write(port_state(port), data + *moved, size - *moved,
                                              earlier(stop, deadline), &step);
        *moved += step;
        if (*moved == size || (error && error != PLATEN_TIMEOUT))
            return error;
        now = instance_now(port->instance);
        error = look_up(port, now, &stop, deadline);
        if (error)
            return error;
    }
}

static uint32_t write_in_job(struct port *port, const void *data, uint32_t size, uint32_t *moved)
{
    if (!port->job.open)
        return PLATEN_INVALID_HANDLE; /* R42 */
    uint32_t error = job_obstacle(&port->job);
    if (error)
        return error;
    error = push(port, data, size, moved);
    if (error == PLATEN_TIMEOUT && *moved)
        error = 0; /* a slow device is no trouble: the caller comes again with the rest */
    return job_note_write(&port->job, error, *moved);
}

uint32_t port_write(struct port *port, const void *data, uint32_t size, uint32_t *moved)
{
    *moved = 0;
    if (size == 0)
        return 0; /* R43 */
    if (!data)
        return PLATEN_INVALID_PARAMETER;
    if (!enter_lane(&port->write_lane))
        return PLATEN_BUSY;
    uint32_t error = write_in_job(port, data, size, moved);
    leave_lane(&port->write_lane);
    return error;
}

/* ---- read ---------------------------------------------------------------------------------- */

/* In slices, because most backends' `cancel` does not speak to `read`. A backend that knows
 * time-outs of its own says itself when a read is over, and a slice would cut its bytes in two. */
static uint32_t read_until(struct port *port, void *data, uint32_t size, uint32_t *moved)
{
    const bool keeps_time = port->backend->set_timeouts != NULL;
    uint64_t now = instance_now(port->instance);
    uint64_t total =
        times_total(atomic_load(&port->read_multiplier), atomic_load(&port->read_timeout), size);
    uint64_t deadline = instance_after(now, total);
    while (!is_closing(port)) {
        uint64_t stop = keeps_time ? deadline : earlier(instance_after(now, SLICE), deadline);
        uint32_t error = port->backend->read(port_state(port), data, size, stop, moved);
        now = instance_now(port->instance);
        if (*moved || now >= deadline || (keeps_time && !is_closing(port)))
            return error == PLATEN_TIMEOUT ? 0 : error;
        if (error && error != PLATEN_TIMEOUT)
            return error;
    }
    return PLATEN_OPERATION_ABORTED;
}

uint32_t port_read(struct port *port, void *data, uint32_t size, uint32_t *moved)
{
    *moved = 0;
    if (!port->backend->read)
        return PLATEN_INVALID_HANDLE; /* R48 */
    if (size == 0)
        return 0;
    if (!data)
        return PLATEN_INVALID_PARAMETER;
    if (!enter_lane(&port->read_lane))
        return PLATEN_BUSY;
    uint32_t error = read_until(port, data, size, moved);
    leave_lane(&port->read_lane);
    return error;
}

/* ---- time-outs ----------------------------------------------------------------------------- */

uint32_t port_set_timeouts(struct port *port, const uint32_t times[PLATEN_TIMES])
{
    struct times_bound read, write;
    if (!port->backend->read || !times_are_valid(times))
        return PLATEN_INVALID_PARAMETER;
    if (times_of_reads(times, &read)) {
        atomic_store(&port->read_timeout, read.constant);
        atomic_store(&port->read_multiplier, read.multiplier);
    }
    if (times_of_writes(times, &write)) {
        atomic_store(&port->write_timeout, write.constant);
        atomic_store(&port->write_multiplier, write.multiplier);
    }
    return port_state_set_timeouts(port, times);
}

void port_get_timeouts(struct port *port, uint32_t times[PLATEN_TIMES])
{
    const bool own = atomic_load(&port->write_timeout) || atomic_load(&port->write_multiplier);
    times[PLATEN_READ_INTERVAL] =
        atomic_load(&port->has_times) ? atomic_load(&port->times[PLATEN_READ_INTERVAL]) : 0;
    times[PLATEN_READ_MULTIPLIER] = atomic_load(&port->read_multiplier);
    times[PLATEN_READ_CONSTANT] = times_milliseconds(atomic_load(&port->read_timeout));
    times[PLATEN_WRITE_MULTIPLIER] = atomic_load(&port->write_multiplier);
    times[PLATEN_WRITE_CONSTANT] = times_milliseconds(
        atomic_load(own ? &port->write_timeout : &port->instance->write_timeout));
    if (!times[PLATEN_READ_MULTIPLIER] && !times[PLATEN_READ_CONSTANT])
        times[PLATEN_READ_INTERVAL] = UINT32_MAX; /* how one says that ReadPort does not wait */
}

/* ---- end ----------------------------------------------------------------------------------- */

/* Waits for the last bytes, and asks in between whether the job is still wanted (R55). When the
 * time is over, end_doc says what the job has come to. */
static uint32_t drain(struct port *port, uint64_t now, uint64_t *deadline)
{
    uint64_t stop = next_stop(port, now, *deadline);
    if (!port->backend->drain)
        return 0;
    for (;;) {
        uint32_t error = port->backend->drain(port_state(port), earlier(stop, *deadline));
        if (error != PLATEN_TIMEOUT && error != PLATEN_IO_PENDING)
            return error;
        now = instance_now(port->instance);
        if (error == PLATEN_IO_PENDING)
            *deadline = instance_after(now, port->instance->drain_timeout);
        error = look_up(port, now, &stop, *deadline);
        if (error)
            return error == PLATEN_TIMEOUT ? 0 : error;
    }
}

/* The backend's part of the end, and the spooler's if all is well. */
static uint32_t finish(struct port *port, bool abandoned)
{
    struct instance *instance = port->instance;
    uint64_t now = instance_now(instance);
    uint64_t deadline = abandoned ? now : instance_after(now, instance->drain_timeout);
    uint32_t error = abandoned ? 0 : drain(port, now, &deadline);
    uint32_t ended = port->backend->end_doc(port_state(port), abandoned || error, deadline);
    if (!error)
        error = ended;
    if (!error && !abandoned)
        job_complete(&port->job, &instance->imports);
    return error;
}

static void end_job(struct port *port, bool abandoned)
{
    finish(port, abandoned);
    job_release(&port->job, &port->instance->imports);
    unclaim(port);
}

/* A job that was cancelled, or whose last write failed, is not printed: nothing is waited for, and
 * no completion is told. Who cancelled it knows (0), of a failure he is told once more. */
static uint32_t end(struct port *port)
{
    if (!port->job.open)
        return 0; /* R51 */
    const PLATEN_IMPORTS *imports = &port->instance->imports;
    bool cancelled = job_is_cancelled(&port->job, imports);
    uint32_t failed = is_closing(port) ? PLATEN_OPERATION_ABORTED : port->job.error;
    uint32_t error = finish(port, cancelled || failed);
    cancelled = port->job.cancelled; /* it may have come while the last bytes went */
    job_release(&port->job, imports);
    unclaim(port);
    if (cancelled)
        return 0;
    return failed ? failed : error;
}

uint32_t port_end(struct port *port)
{
    if (!enter_lane(&port->write_lane))
        return PLATEN_BUSY;
    uint32_t error = end(port);
    leave_lane(&port->write_lane);
    return error;
}
