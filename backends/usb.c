/* SPDX-License-Identifier: MIT
 *
 * The usb backend: USBnnn ports, and URIs such as `usb:/dev/usb/lp0` and `usb://Acme/Jet?serial=1`.
 *
 * The printer is looked for and opened for each job, as in serial.c: one that was unplugged is
 * found again by what it is, and not by where it is plugged in. A job that begins while the printer
 * says that it is out of paper fails at once. Other troubles are only told: half of all printers
 * have nothing sensible in the rest of their status.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/ioctl.h>

#include "usb_port.h"

enum { SETTING_SERIAL, SETTING_INTERFACE, SETTING_DEVICE };

static const struct platen_setting settings[] = {
    [SETTING_SERIAL] = {"serial", PLATEN_SETTING_TEXT, "", 0, 0,
                        "the printer's serial number, for usb://make/model; without it, any"},
    [SETTING_INTERFACE] = {"interface", PLATEN_SETTING_NUMBER, "-1", -1, 255,
                           "the number of its USB interface, likewise; -1: any"},
    [SETTING_DEVICE] = {"device", PLATEN_SETTING_TEXT, "", 0, 0,
                        "the device's path; without it, what the port's name says"},
    {0},
};

static unsigned claims(const char *port_name)
{
    return usb_number(port_name) || usb_likeness(port_name) == 3 ? 3 : 0;
}

static uint32_t read_wish(const struct platen_port_setup *setup, struct usb_wish *wish)
{
    return usb_wish_read(setup, setup->values[SETTING_DEVICE], setup->values[SETTING_SERIAL],
                         setup->values[SETTING_INTERFACE], wish);
}

static uint32_t check(const struct platen_port_setup *setup)
{
    struct usb_wish wish;
    uint32_t error = read_wish(setup, &wish);
    free(wish.path);
    return error;
}

static uint32_t open_port(void *state, const struct platen_port_setup *setup)
{
    struct usb_port *port = state;
    uint32_t error = read_wish(setup, &port->wish);
    if (error)
        return error;
    error = device_init(&port->device, setup, strdup(setup->target), &usb_ops);
    if (error)
        free(port->wish.path);
    return error;
}

static void close_port(void *state)
{
    struct usb_port *port = state;
    device_close(state);
    free(port->wish.path);
}

/* ---- status -------------------------------------------------------------------------------- */

/* A printer that answers has power, and says nothing of being busy. */
uint8_t usb_information(uint8_t status)
{
    uint8_t information = PARALLEL_INIT;
    if (status & USB_OUT_OF_PAPER)
        information |= PARALLEL_PAPER_EMPTY;
    if (status & USB_SELECT)
        information |= PARALLEL_SELECTED;
    if (!(status & USB_SELECT) || !(status & USB_NO_ERROR))
        information |= PARALLEL_OFF_LINE;
    return information;
}

/* ---- what is plugged in -------------------------------------------------------------------- */

static void enumerate(struct platen_enumeration *to)
{
    struct usb_devices *devices = usb_lists_ports ? malloc(sizeof *devices) : NULL;
    if (!devices)
        return;
    usb_scan(devices);
    for (size_t i = 0; i < devices->count; i++) {
        const struct usb_device *device = &devices->list[i];
        char name[16], text[2 * DEVICE_TEXT], line[sizeof text + 16];
        snprintf(name, sizeof name, "USB%03u", device->number % 1000);
        device_describe(device->make, device->model, text, sizeof text);
        snprintf(line, sizeof line, "%s (USB)", *text ? text : "Printer");
        to->add(to, name, line);
    }
    free(devices);
}

static void tell(struct platen_discovery *to, const struct usb_device *device)
{
    char uri[1000], name[16] = "", text[2 * DEVICE_TEXT], info[3 * DEVICE_TEXT];
    const struct platen_found found = {.size = sizeof found,
                                       .way = "direct",
                                       .uri = uri,
                                       .make_and_model = text,
                                       .info = info,
                                       .device_id = device->id,
                                       .port_name = name,
                                       .serial = device->serial,
                                       .vendor = device->vendor,
                                       .product = device->product};

    usb_uri(device, uri, sizeof uri);
    if (device->number)
        snprintf(name, sizeof name, "USB%03u", device->number % 1000);
    device_describe(device->make, device->model, text, sizeof text);
    snprintf(info, sizeof info, "%s%s%s", text, *text && *name ? " " : "", name);
    to->add(to, &found);
}

static void discover(struct platen_discovery *to)
{
    struct usb_devices *devices = malloc(sizeof *devices);
    if (!devices)
        return;
    usb_scan(devices);
    for (size_t i = 0; i < devices->count; i++)
        tell(to, &devices->list[i]);
    free(devices);
}

const struct platen_backend platen_backend_usb = {
    .size = sizeof(struct platen_backend),
    .name = "usb",
    .summary = "a USB printer (USB001, usb:/dev/usb/lp0, usb://make/model)",
    .state_size = sizeof(struct usb_port),
    .capabilities = PLATEN_CAN_READ | PLATEN_PLUGGED,
    .settings = settings,
    .example = "usb:{tty}",
    .claims = claims,
    .check = check,
    .enumerate = enumerate,
    .open = open_port,
    .start_doc = device_start_doc,
    .write = device_write,
    .read = device_read,
    .end_doc = device_end_doc,
    .close = close_port,
    .cancel = device_cancel,
    .control = device_printer_control,
    .drain = device_drain,
    .discover = discover,
};
