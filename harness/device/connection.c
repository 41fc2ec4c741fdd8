/* SPDX-License-Identifier: MIT
 *
 * A connection's beginning and its end. It is closed after its job has been recorded: whoever sees
 * the end of the connection finds the job in its folder.
 */
#include "device/connection.h"

#include <stdlib.h>

#include "os/clock.h"

void device_set_timer(uv_timer_t *timer, uv_timer_cb on_time, uint64_t nanoseconds)
{
    uv_update_time(timer->loop);
    uv_timer_start(timer, on_time, nanoseconds / 1000000 + (nanoseconds % 1000000 != 0), 0);
}

/* ---- the end ------------------------------------------------------------------------------ */

static void on_closed(uv_handle_t *handle)
{
    struct device_connection *connection = handle->data;
    platen_device *device = connection->device;
    if (--connection->handles == 0) {
        *connection->link = connection->next;
        if (connection->next != NULL) {
            connection->next->link = connection->link;
        }
        device_manner_release(connection->manner);
        free(connection->buffer);
        free(connection->talker);
        device_lpr_forget(connection);
        free(connection);
        device->open--;
        device_accept(device);
    }
    device_handle_gone(device);
}

static void close_handles(struct device_connection *connection, bool reset)
{
    uv_handle_t *tcp = (uv_handle_t *)&connection->tcp;
    if (uv_is_closing(tcp)) {
        return;
    }
    if (!reset || uv_tcp_close_reset(&connection->tcp, on_closed) != 0) {
        uv_close(tcp, on_closed);
    }
    uv_close((uv_handle_t *)&connection->limit, on_closed);
    uv_close((uv_handle_t *)&connection->pace, on_closed);
    uv_close((uv_handle_t *)&connection->timed, on_closed);
    uv_close((uv_handle_t *)&connection->speech, on_closed);
}

static void on_shut(uv_shutdown_t *request, int failed)
{
    (void)failed;
    close_handles(request->handle->data, false);
}

/* Records the job and closes. What is cut without a reset says its end first: closed with something
 * unread, the system would say nothing but the reset. */
void device_leave(struct device_connection *connection, enum platen_device_end end, bool reset)
{
    struct platen_device_job *job = &connection->job;
    if (connection->leaving) {
        return;
    }
    connection->leaving = true;
    device_stop_reading(connection);
    uv_timer_stop(&connection->pace);
    job->end = end;
    job->whole = end == PLATEN_DEVICE_CLOSED;
    if (connection->talker != NULL) {
        device_pjl_leave(connection);
    }
    if (connection->lpr != NULL) {
        device_lpr_leave(connection);
    }
    job->ended = platen_os_now() - connection->start;
    device_sha256_end(&connection->digest, job->sha256);
    device_keep_end(connection->device, &connection->kept, job);
    device_record(connection->device, job);
    bool says_end = end == PLATEN_DEVICE_CUT && !reset;
    if (!says_end ||
        uv_shutdown(&connection->shutdown, (uv_stream_t *)&connection->tcp, on_shut) != 0) {
        close_handles(connection, reset);
    }
}

void device_leave_if_done(struct device_connection *connection)
{
    bool held = connection->talker != NULL && device_pjl_holds(connection);
    if (connection->ended && !connection->late && !held && connection->unsent == 0) {
        device_leave(connection, PLATEN_DEVICE_CLOSED, false);
    }
}

/* Somebody's patience is at its end. */
static void give_up(struct device_connection *connection, enum platen_device_end end)
{
    if (connection->leaving) {
        close_handles(connection, true);
    } else if (connection->ended) {
        device_leave(connection, PLATEN_DEVICE_CLOSED, false);
    } else {
        device_leave(connection, connection->stalled ? PLATEN_DEVICE_STALLED : end, true);
    }
}

static void on_limit(uv_timer_t *timer)
{
    give_up(timer->data, PLATEN_DEVICE_TIMED_OUT);
}

void device_connections_stop(platen_device *device)
{
    struct device_connection *connection = device->connections;
    for (; connection != NULL; connection = connection->next) {
        give_up(connection, PLATEN_DEVICE_STOPPED);
    }
}

/* ---- the beginning ------------------------------------------------------------------------ */

static struct device_manner *choose_manner(platen_device *device)
{
    platen_os_mutex_lock(&device->lock);
    bool still = device->manner_jobs > 0;
    struct device_manner *manner = device_manner_share(still ? device->manner : device->good);
    device->manner_jobs -= still && device->manner_jobs != UINT64_MAX;
    platen_os_mutex_unlock(&device->lock);
    return manner;
}

static void make_handles(struct device_connection *connection)
{
    platen_device *device = connection->device;
    uv_handle_t *handles[] = {(uv_handle_t *)&connection->tcp, (uv_handle_t *)&connection->limit,
                              (uv_handle_t *)&connection->pace, (uv_handle_t *)&connection->timed,
                              (uv_handle_t *)&connection->speech};
    uv_timer_init(device->loop, &connection->limit);
    uv_timer_init(device->loop, &connection->pace);
    uv_timer_init(device->loop, &connection->timed);
    uv_timer_init(device->loop, &connection->speech);
    for (size_t i = 0; i < sizeof handles / sizeof *handles; i++) {
        handles[i]->data = connection;
        device_handle_made(device);
        connection->handles++;
    }
    connection->next = device->connections;
    connection->link = &device->connections;
    if (connection->next != NULL) {
        connection->next->link = &connection->next;
    }
    device->connections = connection;
    device->open++;
}

static void begin(struct device_connection *connection)
{
    platen_device *device = connection->device;
    struct platen_device_job *job = &connection->job;
    struct sockaddr_storage address;
    int size = sizeof address;
    job->number = ++device->accepted;
    job->begun = platen_os_wall_time();
    connection->start = connection->earned = platen_os_now();
    if (uv_tcp_getpeername(&connection->tcp, (struct sockaddr *)&address, &size) == 0) {
        device_endpoint((const struct sockaddr *)&address, job->client, sizeof job->client);
    }
    connection->manner = choose_manner(device);
    device_sha256_begin(&connection->digest);
    device_keep_begin(device, &connection->kept);
    if (device->limit != PLATEN_FOREVER) {
        device_set_timer(&connection->limit, on_limit, device->limit);
    }
    device_add(device, PLATEN_DEVICE_CONNECTIONS, 1);
    device_answer_moment(connection, ANSWER_START);
    device_answer_moment(connection, ANSWER_AFTER);
    device_go_on(connection);
}

static void on_discarded(uv_handle_t *handle)
{
    struct device_connection *connection = handle->data;
    platen_device *device = connection->device;
    free(connection);
    device_handle_gone(device);
}

bool device_connection_open(platen_device *device)
{
    struct device_connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL || uv_tcp_init(device->loop, &connection->tcp) != 0) {
        free(connection);
        return false;
    }
    connection->device = device;
    connection->tcp.data = connection;
    if (uv_accept((uv_stream_t *)&device->listener, (uv_stream_t *)&connection->tcp) != 0) {
        device_handle_made(device);
        uv_close((uv_handle_t *)&connection->tcp, on_discarded);
        return false;
    }
    if ((device->pjl != NULL && device_pjl_meet(connection) != 0) ||
        (device->lpr != NULL && device_lpr_meet(connection) != 0)) {
        device_handle_made(device);
        uv_close((uv_handle_t *)&connection->tcp, on_discarded);
        return false;
    }
    make_handles(connection);
    begin(connection);
    return true;
}
