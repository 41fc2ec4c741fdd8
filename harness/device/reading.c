/* SPDX-License-Identifier: MIT
 *
 * How a simulated printer reads: as fast as it may, to the byte where something is to happen.
 */
#include "device/connection.h"

#include <stdlib.h>

#include "os/clock.h"

#define SECOND 1000000000u
#define TICK   10000000u    /* nanoseconds between two looks at what may be read */
#define FAST   10000000000u /* a rate that is none */

static void on_pace(uv_timer_t *timer);

void device_stop_reading(struct device_connection *connection)
{
    uv_read_stop((uv_stream_t *)&connection->tcp);
    connection->reading = false;
}

static void limit_to(uint64_t *room, bool applies, uint64_t at, uint64_t bytes)
{
    if (applies && at > bytes && at - bytes < *room) {
        *room = at - bytes;
    }
}

/* What a life says counts above what a manner does. */
static uint64_t rate_of(const struct device_connection *connection)
{
    uint64_t rate = connection->talker != NULL ? device_pjl_rate(connection->device) : 0;
    return rate != 0 ? rate : connection->manner->how.rate;
}

/* How much may be read now without going past a point where something happens. */
static size_t room(const struct device_connection *connection)
{
    const struct platen_device_manner *how = &connection->manner->how;
    uint64_t bytes = connection->job.bytes;
    uint64_t largest = connection->device->options.largest;
    uint64_t most = DEVICE_BUFFER;
    limit_to(&most, how->stall && !connection->stall_over, how->stall_after, bytes);
    limit_to(&most, how->reset, how->reset_after, bytes);
    limit_to(&most, how->close, how->close_after, bytes);
    limit_to(&most, largest != 0 && largest < UINT64_MAX, largest + 1, bytes);
    limit_to(&most, rate_of(connection) != 0 && rate_of(connection) < FAST, connection->credit, 0);
    return (size_t)most;
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct device_connection *connection = handle->data;
    (void)suggested;
    if (connection->buffer == NULL) {
        connection->buffer = malloc(DEVICE_BUFFER);
    }
    *buffer = uv_buf_init(connection->buffer,
                          connection->buffer == NULL ? 0 : (unsigned)room(connection));
}

void device_count(struct device_connection *connection, const char *data, size_t size)
{
    platen_device *device = connection->device;
    struct platen_device_job *job = &connection->job;
    uint64_t before = job->bytes;
    job->last = platen_os_now() - connection->start;
    job->first = before == 0 ? job->last : job->first;
    job->bytes += size;
    connection->credit -= connection->credit < size ? connection->credit : size;
    device_sha256_take(&connection->digest, data, size);
    device_keep_data(device, &connection->kept, data, size);
    if (device->options.on_data != NULL) {
        device->options.on_data(device->options.context, job->number, data, size);
    }
    device_answer_data(connection, before, data, size);
    device_add(device, PLATEN_DEVICE_RECEIVED, size);
}

/* A raw printer takes all, and so does an LPR server; one that knows PJL what it is ready for. */
static void take(struct device_connection *connection)
{
    const char *data = connection->buffer + connection->rest_at;
    size_t used = connection->rest;
    if (connection->talker != NULL) {
        used = device_pjl_take(connection, data, connection->rest);
    }
    connection->rest -= used;
    connection->rest_at += used;
    if (connection->lpr != NULL) {
        device_lpr_take(connection, data, used);
    } else if (used > 0 && !connection->leaving) {
        device_count(connection, data, used);
    }
}

static void on_end_of_data(struct device_connection *connection)
{
    uint64_t late = connection->manner->how.close_late;
    connection->ended = true;
    device_stop_reading(connection);
    if (connection->talker != NULL) {
        device_pjl_end(connection);
    }
    device_answer_moment(connection, ANSWER_END);
    connection->late = late != 0;
    if (late != 0 && late != PLATEN_FOREVER) {
        device_set_timer(&connection->pace, on_pace, late);
    }
    device_leave_if_done(connection);
}

/* libuv reports a reset that it finds together with data as an end. A socket that was reset has no
 * peer any more; one whose peer ended has. */
static bool has_peer(const struct device_connection *connection)
{
    struct sockaddr_storage address;
    int size = sizeof address;
    return uv_tcp_getpeername(&connection->tcp, (struct sockaddr *)&address, &size) == 0;
}

static void on_read(uv_stream_t *stream, ssize_t moved, const uv_buf_t *buffer)
{
    struct device_connection *connection = stream->data;
    if (connection->leaving || moved == 0) {
        return;
    }
    if (moved > 0) {
        connection->rest = (size_t)moved;
        connection->rest_at = (size_t)(buffer->base - connection->buffer);
        take(connection);
        device_go_on(connection);
    } else if (moved == UV_EOF && has_peer(connection)) {
        on_end_of_data(connection);
    } else {
        device_leave(connection, PLATEN_DEVICE_RESET, true);
    }
}

/* ---- pace --------------------------------------------------------------------------------- */

static void on_pace(uv_timer_t *timer)
{
    struct device_connection *connection = timer->data;
    if (connection->ended) {
        connection->late = false;
        device_leave_if_done(connection);
    } else {
        connection->stall_over = connection->stall_over || connection->stalled;
        connection->stalled = false;
        device_go_on(connection);
    }
}

/* Reads nothing for a while; 0: until somebody else ends it. */
static void rest(struct device_connection *connection, uint64_t nanoseconds)
{
    device_stop_reading(connection);
    if (nanoseconds != 0) {
        device_set_timer(&connection->pace, on_pace, nanoseconds);
    }
}

static void stall(struct device_connection *connection)
{
    if (!connection->stalled) {
        connection->stalled = true;
        rest(connection, connection->manner->how.stall_for);
        device_add(connection->device, PLATEN_DEVICE_STALLS, 1);
    }
}

/* Reckons what the rate allows by now. What was not used is kept for half a second at most, so that
 * a client that paused does not get a burst for it. */
static bool earn(struct device_connection *connection, uint64_t rate)
{
    uint64_t now = platen_os_now();
    uint64_t passed = now - connection->earned;
    uint64_t most = rate / 2 + 1;
    if (passed > SECOND) {
        connection->earned = now - SECOND;
        passed = SECOND;
    }
    uint64_t more = rate * passed / SECOND;
    connection->credit += more;
    connection->earned += more * SECOND / rate;
    connection->credit = connection->credit < most ? connection->credit : most;
    return connection->credit > 0;
}

static void read_on(struct device_connection *connection)
{
    if (!connection->reading) {
        connection->reading = true;
        if (uv_read_start((uv_stream_t *)&connection->tcp, on_alloc, on_read) != 0) {
            device_leave(connection, PLATEN_DEVICE_RESET, true);
        }
    }
}

void device_go_on(struct device_connection *connection)
{
    const struct platen_device_manner *how = &connection->manner->how;
    uint64_t bytes = connection->job.bytes;
    uint64_t largest = connection->device->options.largest;
    uint64_t rate = rate_of(connection);
    if (connection->rest > 0) {
        take(connection);
        bytes = connection->job.bytes;
    }
    if (connection->leaving || connection->ended) {
        return;
    }
    if (how->reset && bytes >= how->reset_after) {
        device_leave(connection, PLATEN_DEVICE_CUT, true);
    } else if (how->close && bytes >= how->close_after) {
        device_leave(connection, PLATEN_DEVICE_CUT, false);
    } else if (largest != 0 && bytes > largest) {
        device_leave(connection, PLATEN_DEVICE_TOO_LARGE, true);
    } else if (how->stall && !connection->stall_over && bytes >= how->stall_after) {
        stall(connection);
    } else if (connection->rest > 0) {
        rest(connection, 0);
    } else if (rate != 0 && rate < FAST && !earn(connection, rate)) {
        uint64_t wait = SECOND / rate + 1;
        rest(connection, wait > TICK ? wait : TICK);
    } else {
        read_on(connection);
    }
}
