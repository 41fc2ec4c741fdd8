/* SPDX-License-Identifier: MIT */
#include "command/bench_process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "command/command.h"
#include "os/file.h"

#define PATIENCE_MS    10000 /* between asking a program to end and insisting */
#define LARGEST_SAYING (1u << 20)

struct bench_process {
    uv_loop_t loop;
    uv_process_t handle;
    uv_timer_t timer;
    bool runs;
    int64_t status;
    int signal;
};

static void on_exit_of(uv_process_t *handle, int64_t status, int signal_number)
{
    struct bench_process *process = handle->data;
    process->runs = false;
    process->status = status;
    process->signal = signal_number;
    uv_close((uv_handle_t *)handle, NULL);
    uv_close((uv_handle_t *)&process->timer, NULL);
}

static int open_saying(const char *path)
{
    uv_fs_t request;
    int file = uv_fs_open(NULL, &request, path, UV_FS_O_CREAT | UV_FS_O_TRUNC | UV_FS_O_WRONLY,
                          0644, NULL);
    uv_fs_req_cleanup(&request);
    return file;
}

static void close_saying(int file)
{
    uv_fs_t request;
    if (file >= 0) {
        uv_fs_close(NULL, &request, file, NULL);
        uv_fs_req_cleanup(&request);
    }
}

/* libuv's structure has no const, though it changes none of these. */
static int spawn(struct bench_process *process, const char *path, const char *const *arguments,
                 const char *const *environment, int says)
{
    union {
        const char *const *given;
        char **taken;
    } words = {.given = arguments}, settings = {.given = environment};
    uv_stdio_container_t streams[3] = {
        {.flags = UV_IGNORE},
        {.flags = UV_INHERIT_FD, .data.fd = says},
        {.flags = UV_INHERIT_FD, .data.fd = says},
    };
    uv_process_options_t options = {
        .exit_cb = on_exit_of,
        .file = path,
        .args = words.taken,
        .env = settings.taken,
        .flags = UV_PROCESS_WINDOWS_HIDE,
        .stdio_count = 3,
        .stdio = streams,
    };
    process->handle.data = process;
    return uv_spawn(&process->loop, &process->handle, &options);
}

static void discard(struct bench_process *process)
{
    uv_run(&process->loop, UV_RUN_DEFAULT);
    uv_loop_close(&process->loop);
    free(process);
}

struct bench_process *bench_process_start(const char *path, const char *const *arguments,
                                          const char *const *environment, const char *says)
{
    struct bench_process *process = calloc(1, sizeof *process);
    if (process == NULL || uv_loop_init(&process->loop) != 0) {
        free(process);
        complain("bench: no memory for a process");
        return NULL;
    }
    uv_timer_init(&process->loop, &process->timer);
    int file = open_saying(says);
    int error = file < 0 ? file : spawn(process, path, arguments, environment, file);
    close_saying(file);
    if (error != 0) {
        complain("bench: %s cannot be run: %s", printable(path), uv_strerror(error));
        if (file >= 0) {
            uv_close((uv_handle_t *)&process->handle, NULL);
        }
        uv_close((uv_handle_t *)&process->timer, NULL);
        discard(process);
        return NULL;
    }
    process->runs = true;
    return process;
}

bool bench_process_runs(struct bench_process *process)
{
    uv_run(&process->loop, UV_RUN_NOWAIT);
    return process->runs;
}

static void insist(uv_timer_t *timer)
{
    struct bench_process *process = timer->data;
    uv_process_kill(&process->handle, SIGKILL);
}

void bench_process_end(struct bench_process *process)
{
    if (process == NULL) {
        return;
    }
    if (bench_process_runs(process)) {
        process->timer.data = process;
        uv_process_kill(&process->handle, SIGTERM);
        uv_timer_start(&process->timer, insist, PATIENCE_MS, 0);
    }
    discard(process);
}

bool bench_process_run(const char *path, const char *const *arguments,
                       const char *const *environment, const char *says)
{
    struct bench_process *process = bench_process_start(path, arguments, environment, says);
    if (process == NULL) {
        return false;
    }
    uv_run(&process->loop, UV_RUN_DEFAULT);
    bool fine = process->status == 0 && process->signal == 0;
    if (!fine) {
        complain("bench: %s ended with status %d, signal %d: %s", printable(path),
                 (int)process->status, process->signal, bench_process_last_word(says));
    }
    discard(process);
    return fine;
}

bool bench_process_find(const char *name, const char *const *folders, char *path, size_t size)
{
    for (; *folders != NULL; folders++) {
        uv_fs_t request;
        snprintf(path, size, "%s/%s", *folders, name);
        int error = uv_fs_access(NULL, &request, path, X_OK, NULL);
        uv_fs_req_cleanup(&request);
        if (error == 0) {
            return true;
        }
    }
    *path = '\0';
    return false;
}

const char *bench_process_last_word(const char *says)
{
    char *text;
    size_t size;
    if (platen_os_file_load(says, LARGEST_SAYING, &text, &size) != 0) {
        return "";
    }
    while (size > 0 && text[size - 1] == '\n') {
        text[--size] = '\0';
    }
    const char *line = strrchr(text, '\n');
    const char *word = printable(line == NULL ? text : line + 1);
    free(text);
    return word;
}
