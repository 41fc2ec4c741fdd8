/* SPDX-License-Identifier: MIT
 *
 * USB printers on Linux, by the driver usblp. With O_NONBLOCK it loses what went wrong with bytes
 * that it has taken already; a blocking write tells, but waits for as long as the printer does. And
 * a close throws away what is on its way. So the node blocks, and a helper writes, one block at a
 * time: what the driver takes as one transfer. The block that is under way counts as moved; what
 * has become of it is known before the next one begins, and at the end of the job, which is printed
 * when the printer has taken the last block. A job that is abandoned takes its block back, as far
 * as it has not gone out.
 *
 * The driver answers no question while it waits for the printer's answer to another, for up to five
 * seconds. So reads and questions too are asked by somebody whom nobody has to wait for.
 */
#include "usb_port.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/lp.h>

#include <platen/ioctl.h>

#include "device_posix.h"
#include "os/clock.h"
#include "os/error.h"

#define MILLISECOND UINT64_C(1000000)
#define PAUSE       (20 * MILLISECOND)
#define INTERRUPT   (50 * MILLISECOND)  /* for a write to be interrupted */
#define FAREWELL    (100 * MILLISECOND) /* from an error to the hang-up, if the device is gone */
#define GLANCE      (500 * MILLISECOND) /* for the status before a job */
#define QUESTION    (2000 * MILLISECOND)

enum { BLOCK = 8192, MOST_READ = 8192, MOST_ID = 4096 };

/* The driver's, which no header has. */
#define USBLP_GET_DEVICE_ID _IOC(_IOC_READ, 'P', 1, MOST_ID)
#define USBLP_GET_VID_PID   _IOC(_IOC_READ, 'P', 6, 2 * sizeof(int))
#define USBLP_SOFT_RESET    _IOC(_IOC_NONE, 'P', 7, 0)

/* Goes when the node goes. */
struct usb {
    struct node *node;
    struct device_port *port;
    bool is_usblp;   /* the driver usblp, and not a terminal that stands in for a printer */
    bool tainted;    /* bytes of a job that was abandoned may still be in the driver */
    uint32_t flying; /* bytes of the block that the helper was given and that are not settled */
    uint32_t settled;
    ssize_t done; /* what the write came to, */
    int code;     /* and its errno */
    unsigned char block[BLOCK];
};

/* ---- calls, on threads that may be stuck --------------------------------------------------- */

static int call_vid_pid(int fd, void *data, size_t size)
{
    (void)size;
    return ioctl(fd, USBLP_GET_VID_PID, data) ? -errno : 0;
}

static int call_status(int fd, void *data, size_t size)
{
    (void)size;
    return ioctl(fd, LPGETSTATUS, data) ? -errno : 0;
}

static int call_id(int fd, void *data, size_t size)
{
    (void)size;
    return ioctl(fd, USBLP_GET_DEVICE_ID, data) ? -errno : 0;
}

static int call_reset(int fd, void *data, size_t size)
{
    (void)data;
    (void)size;
    return ioctl(fd, USBLP_SOFT_RESET) ? -errno : 0;
}

static int call_read(int fd, void *data, size_t size)
{
    ssize_t done = read(fd, data, size);
    return done < 0 ? -errno : (int)done;
}

/* ---- open and close ------------------------------------------------------------------------ */

static uint32_t find_path(struct usb_port *port, char *path)
{
    struct usb_devices *devices;
    const struct usb_device *device;

    *path = 0;
    if (port->wish.path) {
        snprintf(path, USB_PATH, "%s", port->wish.path);
        return 0;
    }
    devices = malloc(sizeof *devices);
    if (!devices)
        return PLATEN_OUTOFMEMORY;
    usb_scan(devices);
    device = usb_wish_find(&port->wish, devices);
    if (device)
        snprintf(path, USB_PATH, "%s", device->path);
    free(devices);
    return *path ? 0 : PLATEN_PRINTER_NOT_FOUND;
}

/* Whoever may only write cannot hear the printer, that is all. */
static uint32_t open_node(struct usb *usb, const char *path, uint64_t until)
{
    const unsigned kinds = NODE_USB_PRINTER | NODE_LINE;
    uint32_t error = node_open(&usb->node, usb->port, path, kinds, O_RDWR, until);
    return error == PLATEN_ACCESS_DENIED
               ? node_open(&usb->node, usb->port, path, kinds, O_WRONLY, until)
               : error;
}

static uint32_t prepare(struct usb *usb)
{
    int numbers[2], result, flags = fcntl(usb->node->fd, F_GETFL);
    uint32_t error;
    if (flags < 0 || fcntl(usb->node->fd, F_SETFL, flags & ~O_NONBLOCK))
        return node_error(errno);
    error = node_call(usb->node, call_vid_pid, numbers, sizeof numbers, false,
                      platen_os_now() + QUESTION, &result);
    usb->is_usblp = !error && result == 0;
    return error == PLATEN_TIMEOUT ? PLATEN_BUSY : error;
}

static uint32_t usb_open(struct device_port *port, uint64_t until, void **device)
{
    struct usb *usb = calloc(1, sizeof *usb);
    char path[USB_PATH];
    uint32_t error = usb ? find_path((struct usb_port *)(void *)port, path) : PLATEN_OUTOFMEMORY;

    *device = NULL;
    if (usb)
        usb->port = port;
    if (!error)
        error = open_node(usb, path, until);
    if (error) {
        free(usb);
        return error;
    }
    usb->node->owned = usb;
    error = prepare(usb);
    if (error)
        node_close(usb->node);
    else
        *device = usb;
    return error;
}

static void usb_close(void *device)
{
    struct usb *usb = device;
    node_close(usb->node);
}

/* ---- errors -------------------------------------------------------------------------------- */

/* For a moment a device that is gone says the same as one that has failed; then it hangs up. */
static bool is_gone(const struct usb *usb, uint64_t patience)
{
    struct pollfd watched = {.fd = usb->node->fd};
    return poll(&watched, 1, (int)(patience / MILLISECOND)) == 1 &&
           (watched.revents & (POLLHUP | POLLNVAL));
}

static uint32_t explain(const struct usb *usb, int code)
{
    if (code == EIO || code == EPIPE || code == EPROTO || code == ETIMEDOUT)
        return is_gone(usb, FAREWELL) ? PLATEN_DEVICE_NOT_CONNECTED : PLATEN_IO_DEVICE;
    return node_error(code);
}

/* ---- status -------------------------------------------------------------------------------- */

static uint32_t ask(struct usb *usb, uint64_t until, uint8_t *information)
{
    int status = 0, result;
    uint32_t error;
    *information = 0;
    if (!usb->is_usblp)
        return PLATEN_NOT_SUPPORTED;
    error = node_call(usb->node, call_status, &status, sizeof status, false, until, &result);
    if (!error && result < 0)
        error = explain(usb, -result);
    if (!error)
        *information = usb_information((uint8_t)status);
    return error;
}

/* A printer that tells no status takes jobs all the same. */
static uint32_t usb_ready(void *device, uint64_t until)
{
    struct usb *usb = device;
    uint64_t glance = platen_os_now() + GLANCE;
    uint8_t information;
    uint32_t error;

    if (usb->tainted)
        return PLATEN_BUSY;
    error = ask(usb, until < glance ? until : glance, &information);
    if (error == PLATEN_DEVICE_NOT_CONNECTED)
        return error;
    if (error && error != PLATEN_NOT_SUPPORTED)
        device_tell(usb->port, PLATEN_LOG_WARNING, "the printer tells no status");
    if (information & PARALLEL_PAPER_EMPTY)
        return PLATEN_OUT_OF_PAPER;
    if (information & PARALLEL_OFF_LINE)
        device_tell(usb->port, PLATEN_LOG_WARNING, "the printer says that it is off line");
    return 0;
}

/* ---- write --------------------------------------------------------------------------------- */

static void write_task(void *argument)
{
    struct usb *usb = argument;
    usb->done = write(usb->node->fd, usb->block + usb->settled, usb->flying);
    usb->code = usb->done < 0 ? errno : 0;
}

static uint32_t launch(struct usb *usb)
{
    usb->done = -1;
    usb->code = EIO; /* if the write never comes back */
    return platen_os_errand_begin(usb->node->helper, write_task, usb);
}

/* Waits for the block that is under way, and gives the driver again what it has not taken. */
static uint32_t settle(struct usb *usb, uint64_t until)
{
    while (usb->flying) {
        uint32_t error = platen_os_errand_wait(usb->node->helper, usb->node->bell, until);
        if (error)
            return error;
        if (usb->done < 0 && usb->code != EINTR && usb->code != EAGAIN)
            return explain(usb, usb->code);
        if (usb->done > 0) {
            usb->settled += (uint32_t)usb->done;
            usb->flying -= (uint32_t)usb->done;
        }
        error = usb->flying ? launch(usb) : 0;
        if (error)
            return error;
    }
    return 0;
}

static uint32_t usb_write(void *device, const void *data, uint32_t size, uint64_t until,
                          uint32_t *moved)
{
    struct usb *usb = device;
    uint32_t error = settle(usb, until);

    *moved = 0;
    if (error)
        return error;
    usb->settled = 0;
    usb->flying = size < BLOCK ? size : BLOCK;
    memcpy(usb->block, data, usb->flying);
    error = launch(usb);
    if (error)
        usb->flying = 0;
    *moved = usb->flying;
    return error;
}

static uint32_t usb_drain(void *device, uint64_t until)
{
    return settle(device, until);
}

/* What is on its way in the driver ends when the node is closed. */
static void usb_discard(void *device)
{
    struct usb *usb = device;
    if (!usb->flying || !platen_os_errand_is_busy(usb->node->helper))
        return;
    usb->tainted = true;
    platen_os_errand_interrupt(usb->node->helper);
    platen_os_errand_wait(usb->node->helper, PLATEN_OS_NO_BELL, platen_os_now() + INTERRUPT);
}

/* ---- read ---------------------------------------------------------------------------------- */

/* A printer with nothing to say may send nothing over and over. One that cannot speak is silent. */
static uint32_t rest(const struct usb *usb, int result, uint64_t until)
{
    bool silent = result == -EINVAL || result == -EBADF;
    if (!silent && result < 0 && result != -EAGAIN && result != -EINTR)
        return explain(usb, -result);
    return node_pause(usb->node, silent ? PLATEN_OS_FOREVER : PAUSE, until);
}

static uint32_t usb_read(void *device, void *data, uint32_t size, uint64_t until, uint32_t *moved)
{
    struct usb *usb = device;
    uint32_t most = size < MOST_READ ? size : MOST_READ;
    *moved = 0;
    for (;;) {
        int result;
        uint32_t error = node_wait(usb->node, PLATEN_OS_READABLE, until);
        if (!error)
            error = node_call(usb->node, call_read, data, most, true, until, &result);
        if (!error && result > 0) {
            *moved = (uint32_t)result;
            return 0;
        }
        if (!error)
            error = rest(usb, result, until);
        if (error)
            return error;
    }
}

/* ---- control ------------------------------------------------------------------------------- */

static uint32_t answer_status(struct usb *usb, void *out, uint32_t *returned)
{
    uint8_t information;
    uint32_t error = ask(usb, platen_os_now() + QUESTION, &information);
    if (error)
        return error;
    memcpy(out, &information, 1);
    *returned = 1;
    return 0;
}

/* The length counts its own two bytes, and some tell it the wrong way round. */
static size_t id_length(const unsigned char *raw)
{
    const size_t text = strnlen((const char *)raw + 2, MOST_ID - 2) + 2;
    const size_t length = (size_t)raw[0] << 8 | raw[1], turned = (size_t)raw[1] << 8 | raw[0];
    if (length <= text)
        return length < 2 ? 0 : length - 2;
    return (turned >= 2 && turned < text ? turned : text) - 2;
}

/* What the kernel heard when the printer was plugged in, where it does not say it now. */
static size_t remembered_id(const struct usb *usb, char *id)
{
    struct usb_devices *devices = malloc(sizeof *devices);
    size_t length = 0;
    if (!devices)
        return 0;
    usb_scan(devices);
    for (size_t i = 0; i < devices->count; i++)
        if (strcmp(devices->list[i].path, usb->node->path) == 0)
            length = strlen(devices->list[i].id);
    for (size_t i = 0; i < devices->count && length; i++)
        if (strcmp(devices->list[i].path, usb->node->path) == 0)
            memcpy(id, devices->list[i].id, length);
    free(devices);
    return length;
}

static uint32_t answer_id(struct usb *usb, void *out, uint32_t out_size, uint32_t *returned)
{
    unsigned char raw[MOST_ID] = {0};
    int result = 0;
    size_t length;
    uint32_t error;

    if (!usb->is_usblp)
        return PLATEN_NOT_SUPPORTED;
    error =
        node_call(usb->node, call_id, raw, sizeof raw, false, platen_os_now() + QUESTION, &result);
    if (!error && result < 0)
        error = explain(usb, -result);
    if (error == PLATEN_DEVICE_NOT_CONNECTED)
        return error;
    length = error ? 0 : id_length(raw);
    memmove(raw, raw + 2, length);
    if (!length)
        length = remembered_id(usb, (char *)raw);
    if (!length)
        return error ? error : PLATEN_NOT_SUPPORTED;
    if (length > out_size)
        return PLATEN_INSUFFICIENT_BUFFER;
    memcpy(out, raw, length);
    *returned = (uint32_t)length;
    return 0;
}

static uint32_t reset(struct usb *usb)
{
    int result;
    char nothing = 0;
    uint32_t error =
        node_call(usb->node, call_reset, &nothing, 1, false, platen_os_now() + QUESTION, &result);
    if (!usb->is_usblp)
        return PLATEN_NOT_SUPPORTED;
    return !error && result < 0 ? explain(usb, -result) : error;
}

static uint32_t usb_control(void *device, uint32_t code, const void *in, uint32_t in_size,
                            void *out, uint32_t out_size, uint32_t *returned)
{
    struct usb *usb = device;
    (void)in;
    (void)in_size;
    if (code == IOCTL_PAR_QUERY_INFORMATION)
        return answer_status(usb, out, returned);
    if (code == IOCTL_PAR_QUERY_DEVICE_ID)
        return answer_id(usb, out, out_size, returned);
    return reset(usb);
}

static void usb_ring(void *device, bool on)
{
    struct usb *usb = device;
    node_ring(usb->node, on);
}

const struct device_ops usb_ops = {
    .open = usb_open,
    .close = usb_close,
    .ready = usb_ready,
    .write = usb_write,
    .read = usb_read,
    .drain = usb_drain,
    .discard = usb_discard,
    .control = usb_control,
    .ring = usb_ring,
};
