/* SPDX-License-Identifier: MIT
 *
 * USB/IP, the side that has the device. Every message is a header of 48 bytes, most significant
 * byte first, and data.
 */
#include "usbip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "os/clock.h"

#define PATIENCE UINT64_C(60000000000) /* for what the kernel does in a moment */

enum { SUBMIT = 1, UNLINK = 2, SUBMITTED = 3, UNLINKED = 4 };
enum { CAPACITY = 4 << 20, PROTOCOL_ERROR = -71, WITHDRAWN = -104 };
/* Of each hub, as Debian's kernel has them; half of their numbers are for faster devices. */
enum { PORTS = 15, NUMBERS = 30 };

struct header {
    uint32_t command;
    uint32_t number;
    uint32_t device;
    uint32_t in;
    uint32_t endpoint;
    uint32_t words[5]; /* flags, length ...; or the number of another; or status, length ... */
    uint8_t setup[8];
};

struct urb {
    struct urb *next;
    uint32_t number;
    bool in;
    uint32_t size;
    uint32_t done;
    uint8_t data[];
};

/* ---- messages ------------------------------------------------------------------------------ */

static void swap(struct header *header)
{
    uint32_t *words = &header->command;
    for (int i = 0; i < 10; i++)
        words[i] = ntohl(words[i]);
}

static bool receive(int fd, void *to, size_t size)
{
    return size == 0 || recv(fd, to, size, MSG_WAITALL) == (ssize_t)size;
}

/* What cannot be sent any more was pulled out. */
static void reply(struct usb_device *usb, uint32_t command, uint32_t number, int status,
                  const void *data, uint32_t length, bool with_data)
{
    struct header header = {
        .command = command, .number = number, .words = {(uint32_t)status, length}};
    swap(&header);
    if (usb->socket < 0)
        return;
    send(usb->socket, &header, sizeof header, MSG_NOSIGNAL);
    if (with_data && length)
        send(usb->socket, data, length, MSG_NOSIGNAL);
}

/* ---- questions ----------------------------------------------------------------------------- */

static int describe(const struct usb_device *usb, uint16_t which, uint8_t *data)
{
    unsigned kind = which >> 8, number = which & 0xFF;
    const char *text;
    if (kind == 1)
        memcpy(data, usb->device, 18);
    if (kind == 2)
        memcpy(data, usb->configuration, 32);
    if (kind == 1 || kind == 2)
        return kind == 1 ? 18 : 32;
    if (kind != 3)
        return USB_REFUSED;
    text = number ? usb->strings[number - 1] : "\t\x04"; /* the language, which is English */
    data[0] = (uint8_t)(number ? 2 + 2 * strlen(text) : 4);
    data[1] = 3;
    for (size_t i = 2; i < data[0]; i++)
        data[i] = number ? (i % 2 ? 0 : (uint8_t)text[i / 2 - 1]) : (uint8_t)text[i - 2];
    return data[0];
}

static int answer_standard(const struct usb_device *usb, const struct usb_setup *setup,
                           uint8_t *data)
{
    memset(data, 0, 2);
    if (setup->request == 6)
        return describe(usb, setup->value, data);
    return setup->type & 0x80 ? 2 : 0; /* a status; or something that is done */
}

static void answer(struct usb_device *usb, uint32_t number, const uint8_t *raw, uint8_t *data)
{
    struct usb_setup setup = {raw[0], raw[1], (uint16_t)(raw[2] | raw[3] << 8),
                              (uint16_t)(raw[4] | raw[5] << 8), (uint16_t)(raw[6] | raw[7] << 8)};
    bool standard = !(setup.type & 0x60), in = setup.type & 0x80;
    int size;
    if (!standard && (usb->state & USB_MUTE))
        return;
    size = standard                    ? answer_standard(usb, &setup, data)
           : (usb->state & USB_STALLS) ? USB_REFUSED
                                       : usb->answer(usb, &setup, data);
    if (size > setup.length)
        size = setup.length;
    reply(usb, SUBMITTED, number, size < 0 ? size : 0, data, size < 0 ? 0 : (uint32_t)size, in);
}

/* ---- bytes --------------------------------------------------------------------------------- */

static void change(struct usb_device *usb, unsigned state)
{
    usb->state = state;
    if (usb->changed)
        usb->changed(usb);
    if ((state & USB_GONE) && usb->socket >= 0)
        shutdown(usb->socket, SHUT_RDWR);
}

void usb_arrived(struct usb_device *usb, uint8_t byte)
{
    if (usb->count == CAPACITY)
        far_broken("%s: more came than there is room for", usb->far.name);
    usb->bytes[usb->count++] = byte;
    if (usb->plan_at && usb->count >= usb->plan_at) {
        usb->plan_at = 0;
        change(usb, usb->planned);
    }
}

/* Done, or failed; otherwise it stays under way. */
static bool move_out(struct usb_device *usb, struct urb *urb, int *status)
{
    while (urb->done < urb->size) {
        uint32_t left = urb->size - urb->done;
        *status = usb->state & USB_FAILS ? PROTOCOL_ERROR : 0;
        if (*status)
            return true;
        if ((usb->state & (USB_HOLDS | USB_GONE)) || !usb->room(usb, left))
            return false;
        usb->got(usb, urb->data[urb->done++]);
    }
    return true;
}

static bool move_in(struct usb_device *usb, struct urb *urb)
{
    urb->done = usb->state & USB_GONE ? 0 : usb->give(usb, urb->data, urb->size);
    return urb->done != 0;
}

void usb_pump(struct usb_device *usb)
{
    bool waits[2] = {false, false}; /* what came later has to wait too, in either direction */
    for (struct urb **at = &usb->urbs; *at;) {
        struct urb *urb = *at;
        int status = 0;
        bool done = !waits[urb->in] && (urb->in ? move_in(usb, urb) : move_out(usb, urb, &status));
        waits[urb->in] = !done;
        if (!done) {
            at = &urb->next;
            continue;
        }
        *at = urb->next;
        reply(usb, SUBMITTED, urb->number, status, urb->data, urb->done, urb->in);
        free(urb);
    }
}

/* ---- the thread ---------------------------------------------------------------------------- */

static void withdraw(struct usb_device *usb, uint32_t number, uint32_t which)
{
    struct urb **at = &usb->urbs;
    while (*at && (*at)->number != which)
        at = &(*at)->next;
    reply(usb, UNLINKED, number, *at ? WITHDRAWN : 0, NULL, 0, false);
    if (*at) {
        struct urb *urb = *at;
        *at = urb->next;
        free(urb);
    }
}

static void append(struct usb_device *usb, struct urb *urb)
{
    struct urb **at = &usb->urbs;
    while (*at)
        at = &(*at)->next;
    *at = urb;
}

/* One message; false when the plug has been pulled. */
static bool serve(struct usb_device *usb, int fd)
{
    struct header header;
    struct urb *urb = NULL;
    uint32_t size;

    if (!receive(fd, &header, sizeof header))
        return false;
    swap(&header);
    size = header.command == SUBMIT ? header.words[1] : 0;
    if (size > CAPACITY || !(urb = calloc(1, sizeof *urb + size + 256)))
        far_broken("%s: a transfer of %u bytes", usb->far.name, (unsigned)size);
    urb->number = header.number;
    urb->in = header.in;
    urb->size = size;
    if (!header.in && !receive(fd, urb->data, size))
        return false;
    pthread_mutex_lock(&usb->lock);
    if (header.command == UNLINK)
        withdraw(usb, header.number, header.words[0]);
    else if (header.endpoint == 0)
        answer(usb, header.number, header.setup, urb->data);
    else
        append(usb, urb);
    usb_pump(usb);
    pthread_mutex_unlock(&usb->lock);
    if (header.command == UNLINK || header.endpoint == 0)
        free(urb);
    return true;
}

static void *run(void *argument)
{
    struct usb_device *usb = argument;
    int fd = usb->socket;
    while (serve(usb, fd))
        ;
    pthread_mutex_lock(&usb->lock);
    usb->socket = -1;
    close(fd);
    while (usb->urbs) {
        struct urb *urb = usb->urbs;
        usb->urbs = urb->next;
        free(urb);
    }
    pthread_mutex_unlock(&usb->lock);
    return NULL;
}

/* ---- the plug ------------------------------------------------------------------------------ */

static void pass(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
}

static bool is_there(const struct usb_device *usb)
{
    struct stat there;
    return usb->is_there ? usb->is_there(usb) : stat(usb->node, &there) == 0;
}

/* Some time after a device was pulled out its place can be used again. */
static bool attach(struct usb_device *usb, int fd)
{
    char text[80];
    int file = open("/sys/devices/platform/vhci_hcd.0/attach", O_WRONLY | O_CLOEXEC);
    int size = snprintf(text, sizeof text, "%u %d %u %u", usb->hub * NUMBERS + usb->port, fd,
                        1u << 16 | 2, usb->speed);
    bool fine = file >= 0 && write(file, text, (size_t)size) == size;
    usb->port = (usb->port + 1) % PORTS;
    close(file);
    return fine;
}

/* The node of one that is used stays until it is closed. */
static void await_absence(const struct usb_device *usb)
{
    uint64_t until = platen_os_now() + PATIENCE;
    while (is_there(usb) && platen_os_now() < until)
        pass();
    if (is_there(usb))
        far_broken("%s was pulled out, and is still there", usb->far.name);
}

static void plug(struct usb_device *usb)
{
    uint64_t until = platen_os_now() + PATIENCE;
    int ends[2];

    await_absence(usb);
    if (usb->serves && pthread_join(usb->thread, NULL))
        far_broken("a thread is lost");
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
        far_broken("%s: no socket", usb->far.name);
    while (!attach(usb, ends[1]) && platen_os_now() < until)
        pass();
    close(ends[1]);
    usb->socket = ends[0];
    if (pthread_create(&usb->thread, NULL, run, usb))
        far_broken("no thread");
    usb->serves = true;
    while (!is_there(usb) && platen_os_now() < until)
        pass();
    if (!is_there(usb))
        far_broken("%s was plugged in, and is not there", usb->far.name);
}

/* ---- the far end --------------------------------------------------------------------------- */

static struct usb_device *of(struct far *far)
{
    return (struct usb_device *)(void *)far;
}

static void set(struct far *far, unsigned state)
{
    struct usb_device *usb = of(far);
    bool was_gone;
    pthread_mutex_lock(&usb->lock);
    was_gone = usb->state & USB_GONE;
    change(usb, state);
    usb_pump(usb);
    pthread_mutex_unlock(&usb->lock);
    if (was_gone && !(state & USB_GONE))
        plug(usb);
    if (!was_gone && (state & USB_GONE))
        await_absence(usb);
}

static void plan(struct far *far, unsigned state, uint32_t at)
{
    struct usb_device *usb = of(far);
    pthread_mutex_lock(&usb->lock);
    usb->planned = state;
    usb->plan_at = at;
    pthread_mutex_unlock(&usb->lock);
}

static uint32_t count(struct far *far)
{
    struct usb_device *usb = of(far);
    uint32_t bytes;
    pthread_mutex_lock(&usb->lock);
    bytes = usb->count;
    pthread_mutex_unlock(&usb->lock);
    return bytes;
}

static uint32_t take(struct far *far, uint8_t *bytes, uint32_t room)
{
    struct usb_device *usb = of(far);
    uint32_t size;
    pthread_mutex_lock(&usb->lock);
    size = usb->count < room ? usb->count : room;
    memcpy(bytes, usb->bytes, size);
    pthread_mutex_unlock(&usb->lock);
    return size;
}

static void reset(struct far *far)
{
    struct usb_device *usb = of(far);
    plan(far, 0, 0);
    set(far, far->well);
    pthread_mutex_lock(&usb->lock);
    usb->count = 0;
    pthread_mutex_unlock(&usb->lock);
}

void usb_begin(struct usb_device *usb)
{
    pthread_mutex_init(&usb->lock, NULL);
    usb->bytes = malloc(CAPACITY);
    usb->socket = -1;
    usb->state = usb->far.well;
    usb->far.reset = reset;
    usb->far.set = set;
    usb->far.plan = plan;
    usb->far.count = count;
    usb->far.take = take;
    if (!usb->bytes)
        far_broken("no memory");
    plug(usb);
}
