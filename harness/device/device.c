/* SPDX-License-Identifier: MIT
 *
 * A simulated printer's life.
 */
#include "device/device.h"

#include <stdlib.h>
#include <string.h>

#include "device/machine.h"
#include "os/file.h"

#define AT_ONCE 256
#define LIMIT   600000000000u /* ten minutes */

struct start {
    platen_device *device;
    const char *address;
    uint32_t error;
};

void device_handle_made(platen_device *device)
{
    platen_os_mutex_lock(&device->lock);
    device->handles++;
    platen_os_mutex_unlock(&device->lock);
}

void device_handle_gone(platen_device *device)
{
    platen_os_mutex_lock(&device->lock);
    device->handles--;
    platen_os_cond_broadcast(&device->changed);
    platen_os_mutex_unlock(&device->lock);
}

static void discard(platen_device *device)
{
    device_pjl_free(device);
    device_lpr_free(device);
    device_manner_release(device->manner);
    device_manner_release(device->good);
    platen_os_cond_destroy(&device->changed);
    platen_os_mutex_destroy(&device->lock);
    free(device->keep);
    free(device);
}

static uint32_t make_keep(platen_device *device, const char *folder)
{
    if (folder == NULL) {
        return 0;
    }
    uint32_t error = platen_os_make_folder(folder);
    return error != 0 ? error : platen_os_absolute_path(folder, &device->keep);
}

/* Everything but the network. */
static uint32_t make(const struct platen_device_options *options, platen_device **made)
{
    platen_device *device = calloc(1, sizeof *device);
    *made = NULL;
    if (device == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    platen_os_mutex_init(&device->lock);
    platen_os_cond_init(&device->changed);
    device->options = *options;
    device->at_once = options->at_once != 0 ? options->at_once : AT_ONCE;
    device->limit = options->limit != 0 ? options->limit : LIMIT;
    uint32_t error = device_manner_make(NULL, &device->good);
    if (error == 0) {
        error = device_manner_make(options->manner, &device->manner);
    }
    if (error == 0) {
        error = make_keep(device, options->keep);
    }
    if (error == 0 && options->pjl) {
        error = device_pjl_make(device, options->life);
    }
    if (error == 0 && options->lpr) {
        error = device_lpr_make(device, options->life);
    }
    if (error != 0) {
        discard(device);
        return error;
    }
    uint32_t jobs = device->manner->how.jobs;
    device->manner_jobs = jobs != 0 ? jobs : UINT64_MAX;
    *made = device;
    return 0;
}

static void on_start(uv_loop_t *loop, void *argument)
{
    struct start *start = argument;
    start->device->loop = loop;
    start->error = device_listen(start->device, start->address);
    if (start->device->pjl != NULL) {
        device_pjl_start(start->device);
    }
}

static void on_stop(uv_loop_t *loop, void *argument)
{
    platen_device *device = argument;
    (void)loop;
    device->stopping = true;
    device_stop_listening(device);
    device_connections_stop(device);
    if (device->pjl != NULL) {
        device_pjl_stop(device);
    }
}

/* Returning from this, the thread has left whatever it did for a device before. */
static void on_nothing(uv_loop_t *loop, void *argument)
{
    (void)loop;
    (void)argument;
}

/* Until the queue of a deaf device is full. */
static uint32_t wait_until_deaf(platen_device *device)
{
    platen_os_mutex_lock(&device->lock);
    while (device->filled < DEVICE_FILLERS && device->fill_error == 0) {
        platen_os_cond_wait(&device->changed, &device->lock);
    }
    uint32_t error = device->fill_error;
    platen_os_mutex_unlock(&device->lock);
    return error;
}

uint32_t platen_device_start(const struct platen_device_options *options, platen_device **device)
{
    static const struct platen_device_options defaults = {.size = sizeof defaults};
    struct start start = {0};
    *device = NULL;
    options = options == NULL ? &defaults : options;
    if (options->size != sizeof *options || (options->pjl && options->lpr)) {
        return PLATEN_INVALID_PARAMETER;
    }
    uint32_t error = make(options, &start.device);
    if (error != 0) {
        return error;
    }
    error = device_machine_hold();
    if (error != 0) {
        discard(start.device);
        return error;
    }
    start.address = options->address != NULL ? options->address : "127.0.0.1";
    device_machine_call(on_start, &start);
    if (start.error == 0 && options->deaf && !options->refuse) {
        start.error = wait_until_deaf(start.device);
    }
    if (start.error != 0) {
        platen_device_stop(start.device);
        return start.error;
    }
    *device = start.device;
    return 0;
}

void platen_device_stop(platen_device *device)
{
    if (device == NULL) {
        return;
    }
    device_machine_call(on_stop, device);
    platen_os_mutex_lock(&device->lock);
    while (device->handles > 0) {
        platen_os_cond_wait(&device->changed, &device->lock);
    }
    platen_os_mutex_unlock(&device->lock);
    device_machine_call(on_nothing, NULL);
    device_machine_release();
    discard(device);
}

const char *platen_device_address(const platen_device *device)
{
    return device->address;
}

uint16_t platen_device_port(const platen_device *device)
{
    return device->port;
}

uint32_t platen_device_behave(platen_device *device, const struct platen_device_manner *manner)
{
    struct device_manner *made;
    uint32_t error = device_manner_make(manner, &made);
    if (error != 0) {
        return error;
    }
    platen_os_mutex_lock(&device->lock);
    struct device_manner *old = device->manner;
    device->manner = made;
    device->manner_jobs = made->how.jobs != 0 ? made->how.jobs : UINT64_MAX;
    platen_os_mutex_unlock(&device->lock);
    device_manner_release(old);
    return 0;
}
