/* SPDX-License-Identifier: MIT
 *
 * A serial adapter with FTDI's chip FT232R. What the computer sends passes through 128 bytes of the
 * chip, which hold it while the other side does not want it. The chip tells of itself every 16 ms
 * at most, before bytes or when something has changed.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "far_usb.h"

#include "os/clock.h"

enum { CHIP = 128, PACKET = 64, CLOCK = 48000000, LATENCY = 16000000 };
enum {
    RESET,
    SET_LINES,
    SET_FLOW,
    SET_RATE,
    SET_FORMAT,
    GET_STATUS,
    GET_LATENCY = 10,
    EEPROM = 144
};
enum { FLOW_CTS = 1, FLOW_DSR = 2, FLOW_XON = 4 };
enum { ROOM_AGAIN = 0x20, EMPTY = 0x40 };

static struct {
    struct usb_device usb; /* first */
    uint8_t chip[CHIP];
    uint32_t held;
    uint8_t said[4096]; /* to the computer */
    uint32_t to_say;
    uint8_t told[2]; /* the status that the computer knows */
    uint64_t told_at;
    uint32_t rate;
    uint16_t format;
    uint8_t lines;
    uint8_t flow;
} adapter;

/* ---- the line ------------------------------------------------------------------------------ */

static bool flows(void)
{
    unsigned state = adapter.usb.state;
    if (state & (USB_HOLDS | USB_GONE))
        return false;
    return !((adapter.flow & FLOW_CTS) && (state & ADAPTER_NO_CTS)) &&
           !((adapter.flow & FLOW_DSR) && (state & ADAPTER_NO_DSR)) &&
           !((adapter.flow & FLOW_XON) && (state & ADAPTER_XOFF));
}

/* With each byte the state may change, and this be called again. */
static void send_on(struct usb_device *usb)
{
    while (adapter.held && flows()) {
        uint8_t byte = adapter.chip[0];
        memmove(adapter.chip, adapter.chip + 1, --adapter.held);
        usb_arrived(usb, byte);
    }
}

static uint32_t room(struct usb_device *usb, uint32_t size)
{
    uint32_t left = CHIP - adapter.held;
    (void)usb;
    return size < left ? size : left;
}

static void got(struct usb_device *usb, uint8_t byte)
{
    adapter.chip[adapter.held++] = byte;
    send_on(usb);
}

/* ---- what it tells ------------------------------------------------------------------------- */

static void status(uint8_t *bytes)
{
    unsigned state = adapter.usb.state;
    bytes[0] = 0x01;
    bytes[0] |= state & ADAPTER_NO_CTS ? 0 : 0x10;
    bytes[0] |= state & ADAPTER_NO_DSR ? 0 : 0x20;
    bytes[0] |= state & ADAPTER_NO_CARRIER ? 0 : 0x80;
    bytes[1] = adapter.held ? 0 : EMPTY;
    bytes[1] |= adapter.held < CHIP ? ROOM_AGAIN : 0;
}

static uint32_t give(struct usb_device *usb, uint8_t *data, uint32_t most)
{
    uint64_t now = platen_os_now();
    uint32_t size = most < PACKET ? most - 2 : PACKET - 2;
    uint8_t known[2];
    (void)usb;
    status(known);
    if (now - adapter.told_at < LATENCY)
        return 0;
    if (!adapter.to_say && memcmp(known, adapter.told, 2) == 0)
        return 0;
    if (size > adapter.to_say)
        size = adapter.to_say;
    adapter.told_at = now;
    memcpy(adapter.told, known, 2);
    memcpy(data, known, 2);
    memcpy(data + 2, adapter.said, size);
    adapter.to_say -= size;
    memmove(adapter.said, adapter.said + size, adapter.to_say);
    return size + 2;
}

static void say(struct far *far, const void *bytes, uint32_t size)
{
    pthread_mutex_lock(&adapter.usb.lock);
    if (size > sizeof adapter.said - adapter.to_say)
        far_broken("%s: too much to say", far->name);
    memcpy(adapter.said + adapter.to_say, bytes, size);
    adapter.to_say += size;
    usb_pump(&adapter.usb);
    pthread_mutex_unlock(&adapter.usb.lock);
}

/* ---- what it is told ----------------------------------------------------------------------- */

/* The rate is the clock's divided by a number whose eighths stand above it. */
static uint32_t rate_of(uint16_t value, uint16_t index)
{
    static const uint8_t eighths[] = {0, 4, 2, 1, 3, 5, 6, 7};
    uint32_t divisor = (value & 0x3FFFu) * 8 + eighths[(value >> 14) | (index & 1) << 2];
    divisor = divisor == 0 ? 8 : divisor == 8 ? 12 : divisor; /* 1 and 1.5, which are special */
    return (CLOCK / 2 + divisor / 2) / divisor;
}

static int answer(struct usb_device *usb, const struct usb_setup *setup, uint8_t *data)
{
    const uint8_t mask = (uint8_t)(setup->value >> 8);
    memset(data, 0, 256);
    switch (setup->request) {
    case RESET:
        if (setup->value != 2) /* not only what it has read */
            adapter.held = 0;
        return 0;
    case SET_LINES:
        adapter.lines = (uint8_t)((adapter.lines & ~mask) | (setup->value & mask));
        return 0;
    case SET_FLOW:
        adapter.flow = (uint8_t)(setup->index >> 8);
        send_on(usb);
        return 0;
    case SET_RATE:
        adapter.rate = rate_of(setup->value, setup->index);
        return 0;
    case SET_FORMAT:
        adapter.format = setup->value;
        return 0;
    case GET_STATUS:
        status(data);
        return 2;
    case GET_LATENCY:
        data[0] = 16;
        return 1;
    default:
        return setup->type & 0x80 ? setup->length > 64 ? 64 : setup->length : 0;
    }
}

static void changed(struct usb_device *usb)
{
    if (usb->state & USB_GONE) {
        adapter.held = adapter.to_say = 0;
        adapter.flow = adapter.lines = 0;
        memset(adapter.told, 0, sizeof adapter.told);
    }
    send_on(usb);
}

const char *far_adapter_settings(void)
{
    static const char *const parities[] = {"n", "o", "e", "m", "s", "?", "?", "?"};
    static const char *const stops[] = {"1", "1.5", "2", "?"};
    static char text[100];
    pthread_mutex_lock(&adapter.usb.lock);
    snprintf(text, sizeof text, "%u %u%s%s%s%s%s%s%s%s", (unsigned)adapter.rate,
             adapter.format & 0xFFu, parities[adapter.format >> 8 & 7],
             stops[adapter.format >> 11 & 3], adapter.lines & 2 ? " rts" : "",
             adapter.lines & 1 ? " dtr" : "", adapter.flow & FLOW_CTS ? " cts" : "",
             adapter.flow & FLOW_DSR ? " dsr" : "", adapter.flow & FLOW_XON ? " xon" : "",
             adapter.format & 0x4000 ? " break" : "");
    pthread_mutex_unlock(&adapter.usb.lock);
    return text;
}

/* The chip tells what has changed with its next packet. */
static void *tell(void *unused)
{
    (void)unused;
    for (;;) {
        nanosleep(&(struct timespec){.tv_nsec = LATENCY / 2}, NULL);
        pthread_mutex_lock(&adapter.usb.lock);
        usb_pump(&adapter.usb);
        pthread_mutex_unlock(&adapter.usb.lock);
    }
    return NULL;
}

/* ---- what it is ---------------------------------------------------------------------------- */

static const uint8_t device[] = {18,   1,    0x00, 0x02, 0, 0, 0, 8, 0x03,
                                 0x04, 0x01, 0x60, 0x00, 6, 1, 2, 3, 1};
static const uint8_t configuration[] = {
    9, 2, 32,   0, 1,  1,   0,   0xA0, 45, /* one interface */
    9, 4, 0,    0, 2,  255, 255, 255,  2,  /* of FTDI's own kind */
    7, 5, 0x81, 2, 64, 0,   0,             /* in */
    7, 5, 0x02, 2, 64, 0,   0,             /* out */
};
static const char *const strings[] = {"FTDI", "FT232R USB UART", "A1B2C3"};

struct far *far_adapter(void)
{
    pthread_t thread;
    if (adapter.usb.node)
        return &adapter.usb.far;
    adapter.usb = (struct usb_device){
        .far = {.name = "ttyUSB0", .say = say},
        .node = "/dev/ttyUSB0",
        .speed = USB_FULL,
        .device = device,
        .configuration = configuration,
        .strings = strings,
        .answer = answer,
        .room = room,
        .got = got,
        .give = give,
        .changed = changed,
    };
    usb_begin(&adapter.usb);
    if (pthread_create(&thread, NULL, tell, NULL))
        far_broken("no thread");
    return &adapter.usb.far;
}
