/* SPDX-License-Identifier: MIT
 *
 * A USB device that is a program: it speaks USB/IP with the kernel's virtual host controller
 * (vhci_hcd), which takes it for one that was plugged in. What bytes mean is the device's own
 * matter; here they arrive, are held back, fail or are gone with the plug, as its state says.
 */
#ifndef USBIP_H
#define USBIP_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "far.h"

/* The states of every USB device; those of a kind of its own begin at USB_OWN. */
enum usb_state {
    USB_WELL = 0,
    USB_HOLDS = 1,  /* takes no more bytes */
    USB_FAILS = 2,  /* the transfer of a byte ends in an error */
    USB_STALLS = 4, /* refuses every question */
    USB_MUTE = 8,   /* answers none */
    USB_GONE = 16,  /* pulled out */
    USB_OWN = 32
};

enum { USB_FULL = 2, USB_HIGH = 3, USB_REFUSED = -32, USB_HUBS = 8 };

struct usb_setup {
    uint8_t type;
    uint8_t request;
    uint16_t value;
    uint16_t index;
    uint16_t length;
};

struct urb;

struct usb_device {
    struct far far; /* first */
    const char *node;
    bool (*is_there)(const struct usb_device *usb); /* NULL: when there is such a node */
    unsigned hub;                                   /* that it is plugged into, 0 to USB_HUBS - 1 */
    unsigned speed;
    const uint8_t *device;        /* its descriptor */
    const uint8_t *configuration; /* likewise, 32 bytes */
    const char *const *strings;   /* numbered from 1 */

    /* All with the lock held. A question of the device's kind: how long the answer in `data` is, or
     * USB_REFUSED. */
    int (*answer)(struct usb_device *usb, const struct usb_setup *setup, uint8_t *data);
    /* How many of these bytes it takes now, and what it does with one. */
    uint32_t (*room)(struct usb_device *usb, uint32_t size);
    void (*got)(struct usb_device *usb, uint8_t byte);
    /* What it has to say now; 0: nothing. */
    uint32_t (*give)(struct usb_device *usb, uint8_t *data, uint32_t most);
    /* The state has changed. */
    void (*changed)(struct usb_device *usb);

    /* From here on usbip.c's. Under the lock. */
    pthread_mutex_t lock;
    unsigned state;
    unsigned planned;
    uint32_t plan_at; /* 0: nothing is planned */
    uint32_t count;   /* bytes at the far end */
    uint8_t *bytes;
    struct urb *urbs; /* under way, the oldest first */
    int socket;       /* -1: not plugged in */
    bool serves;      /* there is a thread */
    pthread_t thread; /* that serves what is plugged in, until it is pulled out */
    unsigned port;    /* of the hub, to be tried next */
};

/* Fills in what is the same for all, and plugs it in. */
void usb_begin(struct usb_device *usb);
/* A byte has come to the far end. */
void usb_arrived(struct usb_device *usb, uint8_t byte);
/* With the lock held: what was held back may go on. */
void usb_pump(struct usb_device *usb);

#endif
