/* SPDX-License-Identifier: MIT */
#include "command/bench_sink.h"

#include <stdatomic.h>
#include <stdlib.h>

#include <uv.h>

#include "command/command.h"
#include "os/clock.h"

#define ROOM 262144

struct bench_sink {
    uv_loop_t loop;
    uv_tcp_t listener;
    uv_async_t stop;
    uv_thread_t thread;
    uint16_t port;
    int bytes; /* to be there before it wakes */
    _Atomic uint64_t cpu;
    _Atomic uint64_t ended;
    char room[ROOM];
};

static void give_room(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
    struct bench_sink *sink = handle->data;
    (void)wanted;
    *buffer = uv_buf_init(sink->room, ROOM);
}

static void free_connection(uv_handle_t *handle)
{
    struct bench_sink *sink = handle->data;
    atomic_store(&sink->cpu, platen_os_thread_cpu_time());
    atomic_fetch_add(&sink->ended, 1);
    free(handle);
}

static void throw_away(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    (void)buffer;
    if (count < 0) {
        uv_close((uv_handle_t *)stream, free_connection);
    }
}

/* A system that cannot do it wakes it at once. */
static void wake_late(uv_tcp_t *connection, int bytes)
{
    uv_os_fd_t fd;
    if (uv_fileno((uv_handle_t *)connection, &fd) == 0) {
        setsockopt((uv_os_sock_t)fd, SOL_SOCKET, SO_RCVLOWAT, (const void *)&bytes, sizeof bytes);
    }
}

static void take_connection(uv_stream_t *listener, int status)
{
    struct bench_sink *sink = listener->data;
    uv_tcp_t *connection = status < 0 ? NULL : malloc(sizeof *connection);
    if (connection == NULL) {
        return;
    }
    uv_tcp_init(&sink->loop, connection);
    connection->data = sink;
    if (uv_accept(listener, (uv_stream_t *)connection) != 0 ||
        uv_read_start((uv_stream_t *)connection, give_room, throw_away) != 0) {
        uv_close((uv_handle_t *)connection, free_connection);
        return;
    }
    wake_late(connection, sink->bytes);
}

static void close_any(uv_handle_t *handle, void *context)
{
    struct bench_sink *sink = context;
    bool connection =
        handle != (uv_handle_t *)&sink->listener && handle != (uv_handle_t *)&sink->stop;
    if (!uv_is_closing(handle)) {
        uv_close(handle, connection ? free_connection : NULL);
    }
}

static void on_stop(uv_async_t *async)
{
    struct bench_sink *sink = async->data;
    uv_walk(&sink->loop, close_any, sink);
}

static void run_loop(void *argument)
{
    struct bench_sink *sink = argument;
    uv_run(&sink->loop, UV_RUN_DEFAULT);
}

static int listen_somewhere(struct bench_sink *sink)
{
    struct sockaddr_in address;
    struct sockaddr_storage bound;
    int length = sizeof bound;
    uv_ip4_addr("127.0.0.1", 0, &address);
    int error = uv_tcp_bind(&sink->listener, (const struct sockaddr *)&address, 0);
    if (error == 0) {
        error = uv_listen((uv_stream_t *)&sink->listener, 1024, take_connection);
    }
    if (error == 0) {
        error = uv_tcp_getsockname(&sink->listener, (struct sockaddr *)&bound, &length);
        const unsigned char *port =
            (const unsigned char *)&((struct sockaddr_in *)&bound)->sin_port;
        sink->port = (uint16_t)(port[0] << 8 | port[1]);
    }
    return error;
}

struct bench_sink *bench_sink_start(uint32_t bytes)
{
    struct bench_sink *sink = calloc(1, sizeof *sink);
    if (sink == NULL || uv_loop_init(&sink->loop) != 0) {
        free(sink);
        complain("bench: no memory for the sink");
        return NULL;
    }
    sink->bytes = (int)bytes;
    uv_tcp_init(&sink->loop, &sink->listener);
    uv_async_init(&sink->loop, &sink->stop, on_stop);
    sink->listener.data = sink;
    sink->stop.data = sink;
    int error = listen_somewhere(sink);
    if (error == 0) {
        error = uv_thread_create(&sink->thread, run_loop, sink);
    }
    if (error != 0) {
        complain("bench: the sink cannot listen: %s", uv_strerror(error));
        uv_walk(&sink->loop, close_any, sink);
        uv_run(&sink->loop, UV_RUN_DEFAULT);
        uv_loop_close(&sink->loop);
        free(sink);
        return NULL;
    }
    return sink;
}

uint16_t bench_sink_port(const struct bench_sink *sink)
{
    return sink->port;
}

uint64_t bench_sink_cpu(const struct bench_sink *sink)
{
    return atomic_load(&sink->cpu);
}

uint64_t bench_sink_ended(const struct bench_sink *sink)
{
    return atomic_load(&sink->ended);
}

void bench_sink_stop(struct bench_sink *sink)
{
    if (sink == NULL) {
        return;
    }
    uv_async_send(&sink->stop);
    uv_thread_join(&sink->thread);
    uv_loop_close(&sink->loop);
    free(sink);
}
