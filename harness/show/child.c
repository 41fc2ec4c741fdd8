/* SPDX-License-Identifier: MIT */
/*
 * One program, run to its end: no shell, nothing on its standard input, its standard output thrown
 * away, the first and the last of its standard error kept, killed when its time is over.
 *
 * Its folder for temporary files is the folder it runs in. That matters: Ghostscript's -dSAFER lets
 * a document write below TMPDIR (by changing OutputFile), so this must be a folder that we throw
 * away.
 */
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* How long the pipe of a program that has ended is waited for: a child of it may still hold it. */
#define DRAIN_MS 200
/* How often an interrupt is looked for. */
#define TICK_MS 100

struct run {
    uv_loop_t loop;
    uv_process_t process;
    uv_pipe_t pipe;
    uv_timer_t timer;
    uv_timer_t tick; /* keeps no loop alive */
    struct show_child *child;
    char chunk[4096];
};

static const char *const ours[] = {"TMPDIR", "TEMP", "TMP", "GS_OPTIONS"};

static bool is_ours(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(ours); i++) {
        const char *a = ours[i];
        const char *b = name;
        while (*a && toupper((unsigned char)*b) == *a) {
            a++;
            b++;
        }
        if (*a == 0 && *b == 0) {
            return true;
        }
    }
    return false;
}

static void free_environment(char **environment)
{
    for (char **e = environment; e && *e; e++) {
        free(*e);
    }
    free(environment);
}

/* The environment of this process with the temporary folder replaced; NULL: no memory. */
static char **make_environment(const char *folder)
{
    uv_env_item_t *items;
    int count;
    if (uv_os_environ(&items, &count) < 0) {
        return NULL;
    }
    char **environment = calloc((size_t)count + 4, sizeof *environment);
    size_t fill = 0;
    bool whole = environment != NULL;
    for (int i = 0; whole && i < count; i++) {
        if (!is_ours(items[i].name)) {
            environment[fill] = show_print("%s=%s", items[i].name, items[i].value);
            whole = environment[fill++] != NULL;
        }
    }
    for (size_t i = 0; whole && i < 3; i++) {
        environment[fill] = show_print("%s=%s", ours[i], folder);
        whole = environment[fill++] != NULL;
    }
    uv_os_free_environ(items, count);
    if (!whole) {
        free_environment(environment);
        return NULL;
    }
    return environment;
}

static void close_once(uv_handle_t *handle)
{
    if (handle->type != UV_UNKNOWN_HANDLE && !uv_is_closing(handle)) {
        uv_close(handle, NULL);
    }
}

static void on_drained(uv_timer_t *timer)
{
    struct run *run = timer->data;
    close_once((uv_handle_t *)&run->pipe);
    close_once((uv_handle_t *)&run->timer);
}

static void on_late(uv_timer_t *timer)
{
    struct run *run = timer->data;
    run->child->timed_out = true;
    uv_process_kill(&run->process, SIGKILL);
}

static void on_tick(uv_timer_t *tick)
{
    struct run *run = tick->data;
    if (run->child->interrupted()) {
        uv_process_kill(&run->process, SIGKILL);
    }
}

static void on_end(uv_process_t *process, int64_t status, int signal)
{
    struct run *run = process->data;
    run->child->status = status;
    run->child->signal = signal;
    close_once((uv_handle_t *)process);
    if (uv_is_closing((uv_handle_t *)&run->pipe)) {
        close_once((uv_handle_t *)&run->timer);
    } else {
        uv_timer_start(&run->timer, on_drained, DRAIN_MS, 0);
    }
}

static void on_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    (void)suggested;
    struct run *run = handle->data;
    *buffer = uv_buf_init(run->chunk, sizeof run->chunk);
}

static void keep(struct show_child *child, const char *bytes, size_t count)
{
    size_t room = sizeof child->head - 1 - child->head_fill;
    size_t part = count < room ? count : room;
    memcpy(child->head + child->head_fill, bytes, part);
    child->head_fill += part;
    size_t size = sizeof child->tail - 1;
    if (count > size) {
        bytes += count - size;
        count = size;
    }
    size_t old = child->tail_fill + count > size ? size - count : child->tail_fill;
    memmove(child->tail, child->tail + child->tail_fill - old, old);
    memcpy(child->tail + old, bytes, count);
    child->tail_fill = old + count;
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    struct run *run = stream->data;
    if (count > 0) {
        keep(run->child, buffer->base, (size_t)count);
    } else if (count < 0) {
        close_once((uv_handle_t *)stream);
        if (!uv_is_active((uv_handle_t *)&run->process)) {
            close_once((uv_handle_t *)&run->timer);
        }
    }
}

static int spawn(struct run *run, char **arguments, char **environment)
{
    uv_stdio_container_t stdio[3] = {
        {.flags = UV_IGNORE},
        {.flags = UV_IGNORE},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&run->pipe},
    };
    uv_process_options_t options = {
        .exit_cb = on_end,
        .file = arguments[0],
        .args = arguments,
        .env = environment,
        .cwd = run->child->folder,
        .flags = UV_PROCESS_WINDOWS_HIDE,
        .stdio_count = 3,
        .stdio = stdio,
    };
    int status = uv_spawn(&run->loop, &run->process, &options);
    if (status < 0) {
        return status;
    }
    uv_timer_start(&run->timer, on_late, (uint64_t)run->child->seconds * 1000, 0);
    if (run->child->interrupted) {
        uv_timer_start(&run->tick, on_tick, TICK_MS, TICK_MS);
    }
    uv_read_start((uv_stream_t *)&run->pipe, on_buffer, on_read);
    return 0;
}

static int attempt(struct show_child *child, char **arguments, char **environment)
{
    struct run run = {.child = child};
    int status = uv_loop_init(&run.loop);
    if (status < 0) {
        return status;
    }
    run.process.data = run.pipe.data = run.timer.data = run.tick.data = &run;
    uv_pipe_init(&run.loop, &run.pipe, 0);
    uv_timer_init(&run.loop, &run.timer);
    uv_timer_init(&run.loop, &run.tick);
    uv_unref((uv_handle_t *)&run.tick);
    status = spawn(&run, arguments, environment);
    if (status < 0) {
        close_once((uv_handle_t *)&run.process);
        close_once((uv_handle_t *)&run.pipe);
        close_once((uv_handle_t *)&run.timer);
    }
    uv_run(&run.loop, UV_RUN_DEFAULT);
    close_once((uv_handle_t *)&run.tick);
    uv_run(&run.loop, UV_RUN_DEFAULT);
    uv_loop_close(&run.loop);
    return status;
}

/* libuv wants an argument vector that it may write to; it gets copies. */
static char **make_arguments(const struct show_child *child)
{
    size_t count = 0;
    while (child->arguments[count]) {
        count++;
    }
    char **arguments = calloc(count + 2, sizeof *arguments);
    bool whole = arguments != NULL;
    for (size_t i = 0; whole && i <= count; i++) {
        arguments[i] = show_print("%s", i == 0 ? child->programs[0] : child->arguments[i - 1]);
        whole = arguments[i] != NULL;
    }
    if (!whole) {
        free_environment(arguments);
        return NULL;
    }
    return arguments;
}

static int try_all(struct show_child *child, char **arguments, char **environment)
{
    for (const char *const *program = child->programs; *program; program++) {
        free(arguments[0]);
        arguments[0] = show_print("%s", *program);
        int status = arguments[0] ? attempt(child, arguments, environment) : UV_ENOMEM;
        if (status != UV_ENOENT) {
            return status;
        }
    }
    child->missing = true;
    return UV_ENOENT;
}

int show_run(struct show_child *child)
{
    child->missing = child->timed_out = false;
    child->status = child->signal = 0;
    child->head_fill = child->tail_fill = 0;
    char **arguments = make_arguments(child);
    char **environment = make_environment(child->folder);
    int status = arguments && environment ? try_all(child, arguments, environment) : UV_ENOMEM;
    free_environment(arguments);
    free_environment(environment);
    child->head[child->head_fill] = 0;
    child->tail[child->tail_fill] = 0;
    return status;
}

void show_child_reason(const struct show_child *child, char *out, size_t size)
{
    char line[sizeof child->head];
    const char *begin = child->head + strspn(child->head, " \r\n\t");
    snprintf(line, sizeof line, "%.*s", (int)strcspn(begin, "\r\n"), begin);
    if (child->timed_out) {
        snprintf(out, size, "it took longer than %u seconds and was stopped", child->seconds);
    } else if (child->signal) {
        snprintf(out, size, "it was ended by signal %d", child->signal);
    } else if (line[0]) {
        platen_show_escape(out, size, line);
    } else {
        snprintf(out, size, "it ended with status %lld", (long long)child->status);
    }
}
