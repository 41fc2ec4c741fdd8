/* SPDX-License-Identifier: MIT */
#include "device/machine.h"

#include <stdbool.h>
#include <stddef.h>

#include <platen/errors.h>

#include "os/thread.h"

struct call {
    struct call *next;
    void (*body)(uv_loop_t *loop, void *argument);
    void *argument;
    bool done;
};

static struct machine {
    platen_os_mutex life; /* held while the thread is made or ended */
    platen_os_mutex lock; /* what follows */
    platen_os_cond done;
    struct call *calls;
    bool ending;
    unsigned users; /* under life */
    platen_os_thread *thread;
    uv_loop_t loop;
    uv_async_t wake;
} machine;

static uv_once_t once = UV_ONCE_INIT;

static void make_locks(void)
{
    platen_os_mutex_init(&machine.life);
    platen_os_mutex_init(&machine.lock);
    platen_os_cond_init(&machine.done);
}

static void on_wake(uv_async_t *wake)
{
    platen_os_mutex_lock(&machine.lock);
    while (machine.calls != NULL) {
        struct call *call = machine.calls;
        machine.calls = call->next;
        platen_os_mutex_unlock(&machine.lock);
        call->body(&machine.loop, call->argument);
        platen_os_mutex_lock(&machine.lock);
        call->done = true;
        platen_os_cond_broadcast(&machine.done);
    }
    bool ending = machine.ending;
    platen_os_mutex_unlock(&machine.lock);
    if (ending) {
        uv_close((uv_handle_t *)wake, NULL);
    }
}

static void run(void *unused)
{
    (void)unused;
    uv_run(&machine.loop, UV_RUN_DEFAULT);
}

static uint32_t start(void)
{
    machine.ending = false;
    int failed = uv_loop_init(&machine.loop);
    if (failed != 0) {
        return device_error_from(failed);
    }
    failed = uv_async_init(&machine.loop, &machine.wake, on_wake);
    if (failed != 0) {
        uv_loop_close(&machine.loop);
        return device_error_from(failed);
    }
    uint32_t error = platen_os_thread_start(&machine.thread, "devices", 0, run, NULL);
    if (error != 0) {
        uv_close((uv_handle_t *)&machine.wake, NULL);
        uv_run(&machine.loop, UV_RUN_DEFAULT);
        uv_loop_close(&machine.loop);
    }
    return error;
}

uint32_t device_machine_hold(void)
{
    uv_once(&once, make_locks);
    platen_os_mutex_lock(&machine.life);
    uint32_t error = machine.users == 0 ? start() : 0;
    if (error == 0) {
        machine.users++;
    }
    platen_os_mutex_unlock(&machine.life);
    return error;
}

void device_machine_release(void)
{
    platen_os_mutex_lock(&machine.life);
    if (--machine.users == 0) {
        platen_os_mutex_lock(&machine.lock);
        machine.ending = true;
        platen_os_mutex_unlock(&machine.lock);
        uv_async_send(&machine.wake);
        platen_os_thread_join(machine.thread);
        uv_loop_close(&machine.loop);
    }
    platen_os_mutex_unlock(&machine.life);
}

void device_machine_call(void (*body)(uv_loop_t *loop, void *argument), void *argument)
{
    struct call call = {.body = body, .argument = argument};
    platen_os_mutex_lock(&machine.lock);
    struct call **end = &machine.calls;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = &call;
    uv_async_send(&machine.wake);
    while (!call.done) {
        platen_os_cond_wait(&machine.done, &machine.lock);
    }
    platen_os_mutex_unlock(&machine.lock);
}

uint32_t device_error_from(int uv_error)
{
    static const struct {
        int uv;
        uint32_t code;
    } rows[] = {
        {UV_EADDRINUSE, PLATEN_DEVICE_IN_USE},
        {UV_EADDRNOTAVAIL, PLATEN_NETWORK_UNREACHABLE},
        {UV_EAFNOSUPPORT, PLATEN_NOT_SUPPORTED},
        {UV_EACCES, PLATEN_ACCESS_DENIED},
        {UV_EPERM, PLATEN_ACCESS_DENIED},
        {UV_EEXIST, PLATEN_FILE_EXISTS},
        {UV_EINVAL, PLATEN_INVALID_PARAMETER},
        {UV_EMFILE, PLATEN_TOO_MANY_OPEN_FILES},
        {UV_ENFILE, PLATEN_TOO_MANY_OPEN_FILES},
        {UV_ENOENT, PLATEN_FILE_NOT_FOUND},
        {UV_ENOMEM, PLATEN_NOT_ENOUGH_MEMORY},
        {UV_ENOSPC, PLATEN_DISK_FULL},
        {UV_EFBIG, PLATEN_FILE_TOO_LARGE},
        {UV_EROFS, PLATEN_WRITE_PROTECT},
        {UV_EIO, PLATEN_IO_DEVICE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].uv == uv_error) {
            return rows[i].code;
        }
    }
    return uv_error == 0 ? 0 : PLATEN_GEN_FAILURE;
}
