/* SPDX-License-Identifier: MIT
 *
 * The USB printers that are plugged in, as the kernel tells them in /sys, without opening one: the
 * driver has asked each for its device id when it was plugged in. And their names: USB001 is the
 * printer that was found first, for as long as this program runs.
 */
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device_posix.h"
#include "os/text.h"
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

/* What stands in a file about the printer lp<number>; empty if there is none. */
static void read_text(unsigned number, const char *file, char *text, size_t size)
{
    char path[USB_PATH], room[2 * USB_PATH];
    size_t length = 0;
    FILE *stream;

    snprintf(path, sizeof path, CLASS "/lp%u/%s", number, file);
    stream = fopen(node_rooted(path, room, sizeof room), "re");
    if (stream) {
        length = fread(text, 1, size - 1, stream);
        fclose(stream);
    }
    while (length && strchr("\r\n \t", text[length - 1]))
        length--;
    text[length] = 0;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ')
            text[i] = ' ';
}

static unsigned read_number(unsigned number, const char *file)
{
    char text[16];
    read_text(number, file, text, sizeof text);
    return (unsigned)strtoul(text, NULL, 16);
}

static void read_place(unsigned number, struct usb_device *device)
{
    char path[USB_PATH], room[2 * USB_PATH], target[512];
    ssize_t length;
    const char *name;

    snprintf(path, sizeof path, CLASS "/lp%u/device", number);
    length = readlink(node_rooted(path, room, sizeof room), target, sizeof target - 1);
    target[length < 0 ? 0 : length] = 0;
    name = strrchr(target, '/');
    snprintf(device->place, sizeof device->place, "%.127s", name ? name + 1 : target);
}

static void read_path(unsigned number, struct usb_device *device)
{
    char text[300], path[USB_PATH], room[2 * USB_PATH], name[USB_TEXT];
    const char *at;
    read_text(number, "uevent", text, sizeof text);
    at = strstr(text, "DEVNAME=");
    if (!at || sscanf(at, "DEVNAME=%127s", name) != 1)
        snprintf(name, sizeof name, "usb/lp%u", number);
    snprintf(path, sizeof path, "/dev/%s", name);
    snprintf(device->path, sizeof device->path, "%.255s", node_rooted(path, room, sizeof room));
}

static void read_device(unsigned number, struct usb_device *device)
{
    memset(device, 0, sizeof *device);
    read_path(number, device);
    read_place(number, device);
    read_text(number, "device/ieee1284_id", device->id, sizeof device->id);
    read_text(number, "device/../manufacturer", device->make, sizeof device->make);
    read_text(number, "device/../product", device->model, sizeof device->model);
    read_text(number, "device/../serial", device->serial, sizeof device->serial);
    device->vendor = (uint16_t)read_number(number, "device/../idVendor");
    device->product = (uint16_t)read_number(number, "device/../idProduct");
    device->interface = (int)read_number(number, "device/bInterfaceNumber");
    usb_id_read(device);
}

static int by_number(const void *a, const void *b)
{
    const unsigned *one = a, *other = b;
    return (*one > *other) - (*one < *other);
}

static size_t list_numbers(unsigned *numbers)
{
    char room[USB_PATH], rest;
    DIR *folder = opendir(node_rooted(CLASS, room, sizeof room));
    size_t count = 0;
    if (!folder)
        return 0;
    for (struct dirent *entry; count < USB_MOST && (entry = readdir(folder)) != NULL;)
        count += sscanf(entry->d_name, "lp%u%c", &numbers[count], &rest) == 1;
    closedir(folder);
    qsort(numbers, count, sizeof *numbers, by_number);
    return count;
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
    unsigned numbers[USB_MOST];
    pthread_mutex_lock(&lock);
    devices->count = list_numbers(numbers);
    for (size_t i = 0; i < devices->count; i++)
        read_device(numbers[i], &devices->list[i]);
    name_all(devices);
    pthread_mutex_unlock(&lock);
}
