/* SPDX-License-Identifier: MIT
 *
 * What the files of the usb backend share. usb.c is the backend, usb_wish.c says which printer a
 * port means; the twins move the bytes (usb_posix.c) and find the
 * printers that are plugged in (usb_find_posix.c).
 */
#ifndef USB_PORT_H
#define USB_PORT_H

#include <stddef.h>

#include "device.h"
#include "device_id.h"

enum { USB_TEXT = DEVICE_TEXT, USB_ID = 1024, USB_PATH = 256, USB_MOST = 32 };

/* A printer that is plugged in. Texts may be empty, and end at their room. */
struct usb_device {
    char path[USB_PATH];   /* of its node */
    char place[USB_TEXT];  /* where it is plugged in */
    char id[USB_ID];       /* its IEEE 1284 id, without length */
    char make[USB_TEXT];   /* from the id, or else as the device's descriptors say */
    char model[USB_TEXT];  /* likewise, without the make in front */
    char serial[USB_TEXT]; /* likewise */
    uint16_t vendor, product;
    int interface;
    unsigned number; /* USB001: 1; 0: it has none (yet) */
};

struct usb_devices {
    size_t count;
    struct usb_device list[USB_MOST];
};

/* Which printer a port means: the one at `path`, or the port USB<number>, or the first one with
 * that make, model, serial number and interface. */
struct usb_wish {
    char *path; /* NULL: one of the others */
    unsigned number;
    char make[USB_TEXT];
    char model[USB_TEXT];
    char serial[USB_TEXT]; /* empty: any */
    int interface;         /* -1: any */
};

struct usb_port {
    struct device_port device; /* first */
    struct usb_wish wish;
};

/* The wires of a USB printer's status byte. */
enum { USB_NO_ERROR = 0x08, USB_SELECT = 0x10, USB_OUT_OF_PAPER = 0x20 };

/* "USB001" is 1; 0: it is no such name. */
unsigned usb_number(const char *name);
/* INVALID_NAME, OUTOFMEMORY. `given` is the setting of the device's path. */
uint32_t usb_wish_read(const struct platen_port_setup *setup, const char *given, const char *serial,
                       const char *interface, struct usb_wish *wish);
/* The device that is wished for, NULL: it is not there. */
const struct usb_device *usb_wish_find(const struct usb_wish *wish,
                                       const struct usb_devices *devices);
/* Its URI, by which it is found wherever it is plugged in; cut to size. */
void usb_uri(const struct usb_device *device, char *uri, size_t size);

/* The status byte as PARALLEL_ bits. */
uint8_t usb_information(uint8_t status);

/* The twin's. */
extern const struct device_ops usb_ops;
/* Is this text the path of a USB printer on this system? 0 no, 1 it may be, 3 by its form. */
unsigned usb_likeness(const char *path);
/* What is plugged in. Those with a number keep it as long as this program runs, even if they are
 * unplugged in between and come back elsewhere. */
void usb_scan(struct usb_devices *devices);
/* Are the ports USBnnn ours? On Windows its own monitor has them. */
extern const bool usb_lists_ports;

#endif
