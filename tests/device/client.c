/* SPDX-License-Identifier: MIT */
#include "client.h"

#include <signal.h>
#include <string.h>

unsigned char client_byte(uint64_t at)
{
    return (unsigned char)(at * 31 + (at >> 8) * 17 + (at >> 16));
}

static void finish(struct client *client, bool reset)
{
    if (client->done) {
        return;
    }
    client->done = true;
    uv_close((uv_handle_t *)&client->timer, NULL);
    if (!reset || uv_tcp_close_reset(&client->tcp, NULL) != 0) {
        uv_close((uv_handle_t *)&client->tcp, NULL);
    }
}

static void fail(struct client *client, int error)
{
    client->error = client->error != 0 ? client->error : error;
    finish(client, false);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct client *client = handle->data;
    (void)suggested;
    *buffer = uv_buf_init(client->reads, sizeof client->reads);
}

static void on_read(uv_stream_t *stream, ssize_t moved, const uv_buf_t *buffer)
{
    struct client *client = stream->data;
    if (moved > 0) {
        for (ssize_t i = 0; i < moved && client->got + 1 < sizeof client->answer; i++) {
            client->answer[client->got++] = buffer->base[i];
        }
        if (client->end == CLIENT_RESETS && client->text_sent && client->sent == client->size) {
            finish(client, true);
        }
    } else if (moved == UV_EOF) {
        client->saw_end = true;
        finish(client, false);
    } else if (moved < 0) {
        fail(client, (int)moved);
    }
}

static void on_shut(uv_shutdown_t *request, int failed)
{
    if (failed != 0) {
        fail(request->handle->data, failed);
    }
}

static void end(struct client *client)
{
    uv_stream_t *stream = (uv_stream_t *)&client->tcp;
    if (client->end == CLIENT_CLOSES || client->end == CLIENT_RESETS_AT_ONCE) {
        finish(client, client->end == CLIENT_RESETS_AT_ONCE);
    } else if (client->end == CLIENT_SHUTS) {
        uv_shutdown(&client->shutdown, stream, on_shut);
    }
    if (!client->done && client->deaf) {
        uv_read_start(stream, on_alloc, on_read);
    }
    if (client->end == CLIENT_RESETS && client->got > 0) {
        finish(client, true);
    }
}

static void send_next(struct client *client);

static void on_written(uv_write_t *request, int failed)
{
    struct client *client = request->handle->data;
    if (client->done) {
        return;
    }
    if (failed != 0) {
        fail(client, failed);
        return;
    }
    send_next(client);
}

static void send_next(struct client *client)
{
    uv_buf_t part = uv_buf_init(client->room, 0);
    if (!client->text_sent && client->text != NULL) {
        part = uv_buf_init((char *)(uintptr_t)client->text, (unsigned)strlen(client->text));
    } else {
        while (part.len < sizeof client->room && client->sent < client->size) {
            client->room[part.len++] = (char)client_byte(client->sent++);
        }
    }
    client->text_sent = true;
    if (part.len == 0) {
        end(client);
    } else {
        uv_write(&client->write, (uv_stream_t *)&client->tcp, &part, 1, on_written);
    }
}

static void on_connected(uv_connect_t *request, int failed)
{
    struct client *client = request->handle->data;
    if (client->done) {
        return;
    }
    if (failed != 0) {
        fail(client, failed);
        return;
    }
    client->connected = true;
    if (!client->deaf) {
        uv_read_start((uv_stream_t *)&client->tcp, on_alloc, on_read);
    }
    send_next(client);
}

static void on_patience(uv_timer_t *timer)
{
    struct client *client = timer->data;
    client->gave_up = true;
    finish(client, false);
}

/* libuv's writes raise it. */
static void ignore_broken_pipes(void)
{
#ifdef SIGPIPE
    signal(SIGPIPE, SIG_IGN);
#endif
}

void client_begin(uv_loop_t *loop, struct client *client)
{
    struct sockaddr_storage address = {0};
    const char *text = client->address == NULL ? "127.0.0.1" : client->address;
    if (uv_ip4_addr(text, client->port, (struct sockaddr_in *)(void *)&address) != 0) {
        uv_ip6_addr(text, client->port, (struct sockaddr_in6 *)(void *)&address);
    }
    ignore_broken_pipes();
    uv_tcp_init(loop, &client->tcp);
    uv_timer_init(loop, &client->timer);
    client->tcp.data = client;
    client->timer.data = client;
    int failed = uv_tcp_connect(&client->connect, &client->tcp, (const struct sockaddr *)&address,
                                on_connected);
    if (failed != 0) {
        fail(client, failed);
    } else if (client->give_up != 0) {
        uv_timer_start(&client->timer, on_patience, client->give_up, 0);
    }
}

void client_run(struct client *clients, unsigned count)
{
    uv_loop_t loop;
    uv_loop_init(&loop);
    for (unsigned i = 0; i < count; i++) {
        client_begin(&loop, &clients[i]);
    }
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
}
