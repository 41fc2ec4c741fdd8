/* SPDX-License-Identifier: MIT
 *
 * The USB printers that are plugged in, as the kernel tells them in /sys, without opening one: the
 * driver has asked each for its device id when it was plugged in. And their names: USB001 is the
 * printer that was found first, for as long as this program runs.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "device_sys_posix.h"
#include "usb_port.h"

#define CLASS "/sys/class/usbmisc"

enum { NAMES = 64 };

const bool usb_lists_ports = true;

unsigned usb_likeness(const char *path)
{
    static const char *const forms[] = {"/dev/usb/lp", "/dev/usblp"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t length = strlen(forms[i]);
        if (strncmp(path, forms[i], length) == 0 && path[length] >= '0' && path[length] <= '9')
            return 3;
    }
    return path[0] == '/' && path[1] ? 1 : 0;
}

/* ---- /sys ---------------------------------------------------------------------------------- */

static void read_path(const char *folder, const char *name, struct usb_device *device)
{
    char text[300], path[SYS_PATH], room[2 * SYS_PATH], node[DEVICE_TEXT];
    const char *at;
    sys_read(folder, "uevent", text, sizeof text);
    at = strstr(text, "DEVNAME=");
    if (!at || sscanf(at, "DEVNAME=%127s", node) != 1)
        snprintf(node, sizeof node, "usb/%.64s", name);
    snprintf(path, sizeof path, "/dev/%s", node);
    snprintf(device->path, sizeof device->path, "%.255s", sys_rooted(path, room, sizeof room));
}

static void read_device(const char *name, struct usb_device *device)
{
    char folder[SYS_PATH];
    snprintf(folder, sizeof folder, CLASS "/%.64s", name);
    memset(device, 0, sizeof *device);
    read_path(folder, name, device);
    sys_read_link(folder, "device", device->place, sizeof device->place);
    sys_read(folder, "device/ieee1284_id", device->id, sizeof device->id);
    sys_read(folder, "device/../manufacturer", device->make, sizeof device->make);
    sys_read(folder, "device/../product", device->model, sizeof device->model);
    sys_read(folder, "device/../serial", device->serial, sizeof device->serial);
    device->vendor = (uint16_t)sys_read_number(folder, "device/../idVendor");
    device->product = (uint16_t)sys_read_number(folder, "device/../idProduct");
    device->interface = (int)sys_read_number(folder, "device/bInterfaceNumber");
    device_id_read(device->id, device->make, device->model, device->serial);
}

/* The class has other devices too. */
static void add_device(void *context, const char *name)
{
    struct usb_devices *devices = context;
    unsigned number;
    char rest;
    if (devices->count < USB_MOST && sscanf(name, "lp%u%c", &number, &rest) == 1)
        read_device(name, &devices->list[devices->count++]);
}

/* ---- names --------------------------------------------------------------------------------- */

/* What is known of USB<n + 1>. A printer that was unplugged keeps its name, until there are so many
 * others that it is needed. */
struct acquaintance {
    bool used;
    bool here;
    uint16_t vendor, product;
    int interface;
    char place[USB_TEXT], make[USB_TEXT], model[USB_TEXT], serial[USB_TEXT];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct acquaintance known[NAMES];

static bool is_same(const struct acquaintance *one, const struct usb_device *device)
{
    return one->used && one->vendor == device->vendor && one->product == device->product &&
           one->interface == device->interface && strcmp(one->make, device->make) == 0 &&
           strcmp(one->model, device->model) == 0 && strcmp(one->serial, device->serial) == 0;
}

static void meet(unsigned n, struct usb_device *device)
{
    struct acquaintance *one = &known[n];
    *one = (struct acquaintance){.used = true,
                                 .here = true,
                                 .vendor = device->vendor,
                                 .product = device->product,
                                 .interface = device->interface};
    memcpy(one->place, device->place, sizeof one->place);
    memcpy(one->make, device->make, sizeof one->make);
    memcpy(one->model, device->model, sizeof one->model);
    memcpy(one->serial, device->serial, sizeof one->serial);
    device->number = n + 1;
}

/* Two that are alike are told apart by where they are plugged in, as long as they stay there. */
static void recognise(struct usb_device *device, bool by_place)
{
    for (unsigned n = 0; n < NAMES && !device->number; n++)
        if (!known[n].here && is_same(&known[n], device) &&
            (!by_place || strcmp(known[n].place, device->place) == 0))
            meet(n, device);
}

static void give_name(struct usb_device *device)
{
    for (unsigned n = 0; n < NAMES && !device->number; n++)
        if (!known[n].used)
            meet(n, device);
    for (unsigned n = 0; n < NAMES && !device->number; n++)
        if (!known[n].here)
            meet(n, device);
}

static void name_all(struct usb_devices *devices)
{
    for (unsigned n = 0; n < NAMES; n++)
        known[n].here = false;
    for (size_t i = 0; i < devices->count; i++)
        recognise(&devices->list[i], true);
    for (size_t i = 0; i < devices->count; i++)
        recognise(&devices->list[i], false);
    for (size_t i = 0; i < devices->count; i++)
        give_name(&devices->list[i]);
}

void usb_scan(struct usb_devices *devices)
{
    pthread_mutex_lock(&lock);
    devices->count = 0;
    sys_list(CLASS, add_device, devices);
    name_all(devices);
    pthread_mutex_unlock(&lock);
}
