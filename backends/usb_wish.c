/* SPDX-License-Identifier: MIT
 *
 * Which printer a port means. A path is that path. The names USB001, USB002 ... are given out in
 * the order in which printers are found. "//Acme/Jet%201?serial=123" is that printer, wherever it
 * is plugged in.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/text.h"
#include "uri_path.h"
#include "usb_port.h"

enum { MOST_DIGITS = 3 };

unsigned usb_number(const char *name)
{
    const char fold = 'a' - 'A';
    unsigned number = 0;
    for (const char *word = "USB"; *word; word++, name++)
        if (*name != *word && *name != *word + fold)
            return 0;
    for (int i = 0; i < MOST_DIGITS; i++, name++) {
        if (*name < '0' || *name > '9')
            return 0;
        number = number * 10 + (unsigned)(*name - '0');
    }
    return name[*name == ':'] ? 0 : number;
}

/* Texts that are longer than those of any device fit none. */
static bool take(char *to, const char *text, size_t length)
{
    if (length >= USB_TEXT)
        return false;
    memcpy(to, text, length);
    to[length] = 0;
    return true;
}

static uint32_t read_model(const char *name, struct usb_wish *wish)
{
    size_t length = strcspn(name, "/");
    bool fine = length && name[length] && name[length + 1] && take(wish->make, name, length) &&
                take(wish->model, name + length + 1, strlen(name + length + 1));
    return fine ? 0 : PLATEN_INVALID_NAME;
}

static uint32_t read_path(const char *name, struct usb_wish *wish)
{
    if (!usb_likeness(name) || strlen(name) >= USB_PATH)
        return PLATEN_INVALID_NAME;
    wish->path = strdup(name);
    return wish->path ? 0 : PLATEN_OUTOFMEMORY;
}

uint32_t usb_wish_read(const struct platen_port_setup *setup, const char *given, const char *serial,
                       const char *interface, struct usb_wish *wish)
{
    const char *name = *given ? given : setup->target;

    *wish = (struct usb_wish){.number = usb_number(name), .interface = atoi(interface)};
    if (wish->number)
        return 0;
    if (!take(wish->serial, serial, strlen(serial)))
        return PLATEN_INVALID_NAME;
    if (strncmp(name, "//", 2) == 0 && name[2] != '/')
        return read_model(name + 2, wish);
    return read_path(uri_path(name), wish);
}

static bool fits(const struct usb_wish *wish, const struct usb_device *device)
{
    if (wish->number)
        return device->number == wish->number;
    return platen_text_equal_folded8(wish->make, device->make) &&
           platen_text_equal_folded8(wish->model, device->model) &&
           (!*wish->serial || strcmp(wish->serial, device->serial) == 0) &&
           (wish->interface < 0 || wish->interface == device->interface);
}

const struct usb_device *usb_wish_find(const struct usb_wish *wish,
                                       const struct usb_devices *devices)
{
    for (size_t i = 0; i < devices->count; i++)
        if (fits(wish, &devices->list[i]))
            return &devices->list[i];
    return NULL;
}

/* What means nothing in a URI stays; everything else is escaped. */
static void escape(const char *text, char *to, size_t size)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    size_t length = 0;
    for (; *text && length + 4 <= size; text++)
        length += (size_t)snprintf(to + length, size - length,
                                   strchr(plain, *text) ? "%c" : "%%%02X", (unsigned char)*text);
    to[length] = 0;
}

void usb_uri(const struct usb_device *device, char *uri, size_t size)
{
    char make[3 * USB_TEXT], model[3 * USB_TEXT], serial[3 * USB_TEXT];
    if (!*device->make || !*device->model) {
        snprintf(uri, size, "usb:%s", device->path);
        return;
    }
    escape(device->make, make, sizeof make);
    escape(device->model, model, sizeof model);
    escape(device->serial, serial, sizeof serial);
    snprintf(uri, size, "usb://%s/%s%s%s", make, model, *serial ? "?serial=" : "", serial);
}
