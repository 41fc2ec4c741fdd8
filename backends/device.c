/* SPDX-License-Identifier: MIT
 *
 * Jobs on devices: see device.h.
 */
#include "device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/ioctl.h>

#include "os/clock.h"
#include "os/text.h"
#include "uri_path.h"

#define GRACE    UINT64_C(50000000)
#define QUESTION UINT64_C(2000000000) /* how long a question waits for the device to be opened */

/* ---- names and log ------------------------------------------------------------------------- */

unsigned device_number(const char *name, const char *word, bool *colon)
{
    const char fold = 'a' - 'A';
    unsigned number = 0;
    *colon = false;
    for (; *word; name++, word++)
        if (*name != *word && *name != *word + fold)
            return 0;
    if (*name == '0')
        return 0;
    for (int digits = 0; *name >= '0' && *name <= '9' && digits < 3; digits++)
        number = number * 10 + (unsigned)(*name++ - '0');
    *colon = *name == ':';
    return name[*colon] ? 0 : number;
}

unsigned device_claim(const struct device_names *names, const char *port_name)
{
    bool colon;
    if (device_number(port_name, names->word, &colon))
        return colon ? 3 : 2;
    return names->likeness(port_name) == 3 ? 3 : 0;
}

uint32_t device_path(const struct device_names *names, const struct platen_port_setup *setup,
                     const char *given, char **path)
{
    const char *name = uri_path(*given ? given : setup->target);
    bool colon;
    unsigned number = device_number(name, names->word, &colon);
    size_t size = strlen(name) + 1;

    *path = NULL;
    if (!number && (!names->likeness(name) || size > 1024))
        return PLATEN_INVALID_NAME;
    *path = number ? names->default_path(number) : malloc(size);
    if (!*path)
        return PLATEN_OUTOFMEMORY;
    if (!number)
        memcpy(*path, name, size);
    return 0;
}

void device_tell(const struct device_port *port, enum platen_log_level level, const char *what)
{
    char text[400];
    snprintf(text, sizeof text, "%.250s: %s", port->path, what);
    port->log(port->log_context, level, text);
}

/* ---- open and close ------------------------------------------------------------------------ */

uint32_t device_init(struct device_port *port, const struct platen_port_setup *setup, char *path,
                     const struct device_ops *ops)
{
    if (!path)
        return PLATEN_OUTOFMEMORY;
    port->ops = ops;
    port->clock = setup->clock;
    port->log = setup->log;
    port->log_context = setup->log_context;
    port->path = path;
    platen_os_mutex_init(&port->lock);
    platen_os_cond_init(&port->moved);
    return 0;
}

void device_close(void *state)
{
    struct device_port *port = state;
    device_end_doc(port, true, 0);
    platen_os_cond_destroy(&port->moved);
    platen_os_mutex_destroy(&port->lock);
    free(port->path);
}

/* A moment of the port's clock as one of the system's, which devices wait by. */
static uint64_t moment(const struct device_port *port, uint64_t deadline)
{
    uint64_t now;
    if (deadline == PLATEN_FOREVER)
        return PLATEN_OS_FOREVER;
    now = port->clock->now(port->clock);
    return platen_os_now() + (deadline > now ? deadline - now : 0);
}

/* Waits while another call opens or closes the device. Even who comes too late gets a moment: as a
 * rule that takes no time. */
static uint32_t take_turn(struct device_port *port, uint64_t until, bool *must_open)
{
    const uint64_t least = platen_os_now() + GRACE;
    bool waiting = true;
    platen_os_mutex_lock(&port->lock);
    while (port->moving && waiting)
        waiting =
            platen_os_cond_wait_until(&port->moved, &port->lock, until > least ? until : least);
    bool turn = !port->moving;
    *must_open = turn && !port->users;
    port->moving = port->moving || *must_open;
    port->users += turn && !*must_open;
    platen_os_mutex_unlock(&port->lock);
    return turn ? 0 : PLATEN_TIMEOUT;
}

static void place(struct device_port *port, void *device)
{
    platen_os_mutex_lock(&port->lock);
    port->device = device;
    port->users = device != NULL;
    port->moving = false;
    platen_os_cond_broadcast(&port->moved);
    platen_os_mutex_unlock(&port->lock);
}

/* Whoever has acquired the device may use port->device until he releases it. */
static uint32_t acquire(struct device_port *port, uint64_t until)
{
    bool must_open;
    uint32_t error = take_turn(port, until, &must_open);
    void *device = NULL;
    if (error || !must_open)
        return error;
    error = port->ops->open(port, until, &device);
    place(port, device);
    return error;
}

static void release(struct device_port *port)
{
    void *device = NULL;
    platen_os_mutex_lock(&port->lock);
    if (port->users == 1) {
        device = port->device;
        port->device = NULL;
        port->moving = true;
    } else {
        port->users--;
    }
    platen_os_mutex_unlock(&port->lock);
    if (!device)
        return;
    port->ops->close(device);
    place(port, NULL);
}

/* ---- cancel -------------------------------------------------------------------------------- */

/* `on` false: from now on a cancel means the job that begins. */
static void set_cancelled(struct device_port *port, bool on)
{
    platen_os_mutex_lock(&port->lock);
    atomic_store(&port->cancelled, on);
    if (port->device)
        port->ops->ring(port->device, on);
    platen_os_mutex_unlock(&port->lock);
}

void device_cancel(void *state)
{
    set_cancelled(state, true);
}

/* ---- jobs ---------------------------------------------------------------------------------- */

static uint32_t begin(struct device_port *port, uint64_t until)
{
    uint32_t error = acquire(port, until);
    if (error)
        return error;
    error = port->ops->ready(port->device, until);
    if (atomic_load(&port->cancelled)) /* perhaps before there was a bell to ring */
        error = PLATEN_OPERATION_ABORTED;
    if (error)
        release(port);
    return error;
}

uint32_t device_start_doc(void *state, const struct platen_doc *doc, uint64_t deadline)
{
    struct device_port *port = state;
    uint32_t error;

    (void)doc;
    if (port->job)
        return PLATEN_BUSY;
    set_cancelled(port, false);
    error = begin(port, moment(port, deadline));
    if (error)
        return error;
    atomic_store(&port->broken, 0);
    port->job = true;
    port->drained = false;
    return 0;
}

static uint32_t obstacle(struct device_port *port)
{
    if (!port->job)
        return PLATEN_INVALID_HANDLE;
    return atomic_load(&port->cancelled) ? PLATEN_OPERATION_ABORTED : atomic_load(&port->broken);
}

/* Some troubles pass within a job. A device that is gone comes back for the next one. */
static uint32_t note(struct device_port *port, uint32_t error)
{
    if (error == PLATEN_DEVICE_NOT_CONNECTED || error == PLATEN_IO_DEVICE)
        atomic_store(&port->broken, error);
    return error;
}

uint32_t device_write(void *state, const void *data, uint32_t size, uint64_t deadline,
                      uint32_t *moved)
{
    struct device_port *port = state;
    uint32_t error = obstacle(port);
    *moved = 0;
    if (error)
        return error;
    return note(port, port->ops->write(port->device, data, size, moment(port, deadline), moved));
}

uint32_t device_drain(void *state, uint64_t deadline)
{
    struct device_port *port = state;
    uint32_t error = obstacle(port);
    if (!port->job || port->drained)
        return 0;
    if (!error)
        error = note(port, port->ops->drain(port->device, moment(port, deadline)));
    port->drained = !error;
    return error;
}

uint32_t device_end_doc(void *state, bool abandoned, uint64_t deadline)
{
    struct device_port *port = state;
    uint32_t error;

    if (!port->job)
        return 0;
    error = abandoned ? 0 : device_drain(port, deadline);
    if (abandoned || error)
        port->ops->discard(port->device);
    port->job = false;
    release(port);
    set_cancelled(port, false);
    return error;
}

/* ---- beside jobs --------------------------------------------------------------------------- */

/* Nothing has come, and that is no failure. */
static bool is_silence(const struct device_port *port, uint32_t error)
{
    return error == PLATEN_TIMEOUT || error == PLATEN_OPERATION_ABORTED ||
           (error == PLATEN_BUSY && atomic_load(&port->lingers));
}

/* A cancel ends the wait for what the device says too. */
uint32_t device_read(void *state, void *data, uint32_t size, uint64_t deadline, uint32_t *moved)
{
    struct device_port *port = state;
    uint64_t until = moment(port, deadline);
    uint32_t error;

    *moved = 0;
    if (!size || atomic_load(&port->cancelled))
        return 0;
    error = acquire(port, until);
    if (error)
        return is_silence(port, error) ? 0 : error;
    if (!atomic_load(&port->cancelled)) /* perhaps before there was a bell to ring */
        error = port->ops->read(port->device, data, size, until, moved);
    release(port);
    return error == PLATEN_OPERATION_ABORTED || error == PLATEN_TIMEOUT ? 0 : error;
}

uint32_t device_io_control(void *state, uint32_t code, const void *in, uint32_t in_size, void *out,
                           uint32_t out_size, uint32_t *returned)
{
    struct device_port *port = state;
    uint32_t error = acquire(port, platen_os_now() + QUESTION);
    *returned = 0;
    if (error)
        return error;
    error = port->ops->control(port->device, code, in, in_size, out, out_size, returned);
    release(port);
    return error;
}

/* ---- questions to printers ----------------------------------------------------------------- */

static const uint32_t printer_codes[] = {
    IOCTL_PAR_QUERY_INFORMATION,
    IOCTL_PAR_QUERY_DEVICE_ID,
    IOCTL_USBPRINT_SOFT_RESET,
};

uint32_t device_printer_control(void *state, uint32_t code, const void *in, uint32_t in_size,
                                void *out, uint32_t out_size, uint32_t *returned)
{
    bool is_known = false;
    *returned = 0;
    for (size_t i = 0; i < sizeof printer_codes / sizeof *printer_codes; i++)
        is_known = is_known || printer_codes[i] == code;
    if (!is_known)
        return PLATEN_INVALID_PARAMETER;
    if (code != IOCTL_USBPRINT_SOFT_RESET && (!out || !out_size))
        return PLATEN_INSUFFICIENT_BUFFER;
    return device_io_control(state, code, in, in_size, out, out_size, returned);
}
