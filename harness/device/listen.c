/* SPDX-License-Identifier: MIT
 *
 * How connections come: the listener, and its two ways not to listen.
 *
 * A port that is bound and not listened on refuses. A deaf device listens with the shortest queue
 * that there is and fills it with connections of its own: libuv takes the first and holds it, two
 * more wait, and Linux then drops what else wants to connect, as a printer that is switched off.
 */
#include "device/device.h"

#include <stdio.h>
#include <string.h>

#include "device/machine.h"

#define BACKLOG      511
#define SMALL_WINDOW 16384

void device_endpoint(const struct sockaddr *address, char *text, size_t size)
{
    char name[48] = "";
    if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)address;
        uv_ip6_name(in6, name, sizeof name);
        snprintf(text, size, "[%s]:%u", name, ntohs(in6->sin6_port));
    } else {
        const struct sockaddr_in *in4 = (const struct sockaddr_in *)(const void *)address;
        uv_ip4_name(in4, name, sizeof name);
        snprintf(text, size, "%s:%u", name, ntohs(in4->sin_port));
    }
}

static void on_closed(uv_handle_t *handle)
{
    device_handle_gone(handle->data);
}

static bool make_handle(platen_device *device, uv_tcp_t *handle)
{
    if (uv_tcp_init(device->loop, handle) != 0) {
        return false;
    }
    handle->data = device;
    device_handle_made(device);
    return true;
}

void device_stop_listening(platen_device *device)
{
    if (device->listening) {
        uv_close((uv_handle_t *)&device->listener, on_closed);
        device->listening = false;
    }
    while (device->filler_count > 0) {
        uv_close((uv_handle_t *)&device->fillers[--device->filler_count], on_closed);
    }
}

void device_accept(platen_device *device)
{
    while (device->listening && device->open < device->at_once) {
        if (!device_connection_open(device)) {
            return;
        }
        if (device->options.jobs != 0 && device->accepted == device->options.jobs) {
            device_stop_listening(device);
        }
    }
}

static void on_connection(uv_stream_t *listener, int failed)
{
    if (failed == 0) {
        device_accept(listener->data);
    }
}

/* ---- deafness ----------------------------------------------------------------------------- */

static void on_filled(uv_connect_t *request, int failed)
{
    platen_device *device = request->handle->data;
    platen_os_mutex_lock(&device->lock);
    device->filled += failed == 0;
    if (failed != 0 && device->fill_error == 0) {
        device->fill_error = device_error_from(failed);
    }
    platen_os_cond_broadcast(&device->changed);
    platen_os_mutex_unlock(&device->lock);
}

static uint32_t fill_one(platen_device *device)
{
    struct sockaddr_storage address;
    int size = sizeof address;
    unsigned at = device->filler_count;
    if (!make_handle(device, &device->fillers[at])) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    device->filler_count++;
    int failed = uv_tcp_getsockname(&device->listener, (struct sockaddr *)&address, &size);
    if (failed == 0) {
        failed = uv_tcp_connect(&device->filling[at], &device->fillers[at],
                                (const struct sockaddr *)&address, on_filled);
    }
    return device_error_from(failed);
}

/* libuv has taken the first and holds it until somebody accepts, which nobody does. */
static void on_deaf_connection(uv_stream_t *listener, int failed)
{
    platen_device *device = listener->data;
    uint32_t error = device_error_from(failed);
    while (error == 0 && device->listening && device->filler_count < DEVICE_FILLERS) {
        error = fill_one(device);
    }
    platen_os_mutex_lock(&device->lock);
    device->fill_error = device->fill_error != 0 ? device->fill_error : error;
    platen_os_cond_broadcast(&device->changed);
    platen_os_mutex_unlock(&device->lock);
}

static bool can_be_deaf(void)
{
    uv_utsname_t system;
    return uv_os_uname(&system) == 0 && strcmp(system.sysname, "Linux") == 0;
}

static uint32_t listen_deaf(platen_device *device)
{
    int failed = uv_listen((uv_stream_t *)&device->listener, 1, on_deaf_connection);
    return failed != 0 ? device_error_from(failed) : fill_one(device);
}

/* ---- listening ---------------------------------------------------------------------------- */

static int parse(const char *text, uint16_t port, struct sockaddr_storage *address)
{
    memset(address, 0, sizeof *address);
    if (uv_ip4_addr(text, port, (struct sockaddr_in *)(void *)address) == 0) {
        return 0;
    }
    return uv_ip6_addr(text, port, (struct sockaddr_in6 *)(void *)address);
}

/* What a device that reads slowly would otherwise hide in the system's buffers: megabytes. */
static void choose_window(platen_device *device)
{
    const struct platen_device_manner *how = &device->manner->how;
    bool small = how->rate != 0 || how->stall || device->pjl != NULL;
    uint32_t window = device->options.window;
    int value = window != 0 ? (int)(window & 0x3fffffff) : small ? SMALL_WINDOW : 0;
    if (value != 0) {
        uv_recv_buffer_size((uv_handle_t *)&device->listener, &value);
    }
}

static uint32_t tell_where(platen_device *device)
{
    struct sockaddr_storage address;
    int size = sizeof address;
    char text[64];
    int failed = uv_tcp_getsockname(&device->listener, (struct sockaddr *)&address, &size);
    if (failed != 0) {
        return device_error_from(failed);
    }
    device_endpoint((const struct sockaddr *)&address, text, sizeof text);
    char *colon = strrchr(text, ':');
    bool bracket = text[0] == '[';
    snprintf(device->address, sizeof device->address, "%.*s",
             (int)(colon - text) - (bracket ? 2 : 0), text + bracket);
    device->port = ntohs(address.ss_family == AF_INET6
                             ? ((const struct sockaddr_in6 *)(const void *)&address)->sin6_port
                             : ((const struct sockaddr_in *)(const void *)&address)->sin_port);
    return 0;
}

uint32_t device_listen(platen_device *device, const char *text)
{
    struct sockaddr_storage address;
    if (parse(text, device->options.port, &address) != 0) {
        return PLATEN_INVALID_PARAMETER;
    }
    if (device->options.deaf && !can_be_deaf()) {
        return PLATEN_NOT_SUPPORTED;
    }
    if (!make_handle(device, &device->listener)) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    device->listening = true;
    int failed = uv_tcp_bind(&device->listener, (const struct sockaddr *)&address, 0);
    uint32_t error = failed != 0 ? device_error_from(failed) : tell_where(device);
    if (error != 0 || device->options.refuse) {
        return error;
    }
    choose_window(device);
    if (device->options.deaf) {
        return listen_deaf(device);
    }
    return device_error_from(uv_listen((uv_stream_t *)&device->listener, BACKLOG, on_connection));
}
