/* SPDX-License-Identifier: MIT
 *
 * USB printers on Windows, by the driver usbprint: opened by the path of their interface, which the
 * registry tells, with the number of the port USBnnn. The driver waits for the printer within a
 * write, which is called back at the deadline; what the write has moved until then is counted.
 */
#include "usb_port.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>

#include <platen/ioctl.h>

#include "device_win32.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/text.h"

#define MILLISECOND UINT64_C(1000000)
#define PAUSE       (20 * MILLISECOND)
#define CLASSES                                                                                    \
    L"SYSTEM\\CurrentControlSet\\Control\\DeviceClasses\\{28d78fad-5a12-11d1-ae5b-0000f803a8c2}"

enum { PIECE = 16384 };

const bool usb_lists_ports = false; /* Windows' own monitor does */

struct usb {
    struct node node; /* first */
    struct device_port *port;
};

/* ---- what is plugged in -------------------------------------------------------------------- */

unsigned usb_likeness(const char *path)
{
    static const char space[] = "\\\\?\\usb";
    char head[sizeof space];
    snprintf(head, sizeof head, "%.7s", path);
    if (platen_text_equal_folded8(head, space))
        return strchr(path, '#') ? 3 : 1;
    return node_likeness(path, "USB") ? 1 : 0;
}

static DWORD read_number(HKEY key, const wchar_t *below, const wchar_t *name)
{
    DWORD number = 0, size = sizeof number;
    if (RegGetValueW(key, below, name, RRF_RT_REG_DWORD, NULL, &number, &size))
        return 0;
    return number;
}

/* "USB#VID_0123&PID_4567#serial#{...}", and behind the product "&MI_01" for one interface of
 * several. Where the device has no serial number Windows makes one up, with a "&" in it. */
static void read_name(const char *name, struct usb_device *device)
{
    unsigned vendor = 0, product = 0, number = 0;
    const char *part = strstr(name, "&MI_");
    if (sscanf(name, "%*[^#]#%*[^_]_%4x&%*[^_]_%4x#%127[^#]", &vendor, &product, device->serial) <
            3 ||
        strchr(device->serial, '&'))
        device->serial[0] = 0;
    if (part && sscanf(part, "&MI_%2x", &number) == 1)
        device->interface = (int)number;
    device->vendor = (uint16_t)vendor;
    device->product = (uint16_t)product;
}

/* "##?#" and the name are the path, but for its beginning. */
static bool read_key(HKEY key, const wchar_t *name, struct usb_device *device)
{
    char *path = platen_text_new8((const char16_t *)name, SIZE_MAX);
    bool fine = path && strncmp(path, "##?#", 4) == 0 && strlen(path) < sizeof device->path;

    memset(device, 0, sizeof *device);
    if (fine) {
        snprintf(device->path, sizeof device->path, "\\\\?\\%s", path + 4);
        read_name(path + 4, device);
        device->number = read_number(key, L"#\\Device Parameters", L"Port Number");
    }
    free(path);
    return fine && read_number(key, L"#\\Control", L"Linked");
}

/* The printer's id. Two bytes in front tell its length, their own included; some drivers give more
 * than that, and not all end it. */
static uint32_t get_id(struct node *node, char id[USB_ID])
{
    unsigned char raw[USB_ID + 2] = {0};
    uint32_t told, got,
        error = node_control(node, IOCTL_USBPRINT_GET_1284_ID, NULL, 0, raw, sizeof raw - 1, &got);
    *id = 0;
    if (error)
        return error;
    told = (uint32_t)raw[0] << 8 | raw[1];
    if (told > 2 && told < got)
        got = told;
    if (got <= 2)
        return PLATEN_NOT_SUPPORTED;
    snprintf(id, USB_ID, "%.*s", (int)(got - 2), (char *)raw + 2);
    return 0;
}

static void ask_id(struct usb_device *device)
{
    struct node node;
    if (node_open(&node, device->path, false))
        return;
    get_id(&node, device->id);
    node_close(&node);
    device_id_read(device->id, device->make, device->model, device->serial);
}

static void scan_key(HKEY classes, const wchar_t *name, struct usb_devices *devices)
{
    HKEY key;
    if (RegOpenKeyExW(classes, name, 0, KEY_READ, &key))
        return;
    if (read_key(key, name, &devices->list[devices->count])) {
        ask_id(&devices->list[devices->count]);
        devices->count++;
    }
    RegCloseKey(key);
}

void usb_scan(struct usb_devices *devices)
{
    wchar_t name[USB_PATH];
    HKEY classes;
    devices->count = 0;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, CLASSES, 0, KEY_READ, &classes))
        return;
    for (DWORD i = 0; devices->count < USB_MOST; i++) {
        DWORD size = USB_PATH;
        LONG error = RegEnumKeyExW(classes, i, name, &size, NULL, NULL, NULL, NULL);
        if (error && error != ERROR_MORE_DATA)
            break;
        if (!error)
            scan_key(classes, name, devices);
    }
    RegCloseKey(classes);
}

/* ---- open and close ------------------------------------------------------------------------ */

static uint32_t find_path(const struct usb_wish *wish, char *path)
{
    struct usb_devices *devices;
    const struct usb_device *device;

    *path = 0;
    if (wish->path) {
        snprintf(path, USB_PATH, "%s", wish->path);
        return 0;
    }
    devices = malloc(sizeof *devices);
    if (!devices)
        return PLATEN_OUTOFMEMORY;
    usb_scan(devices);
    device = usb_wish_find(wish, devices);
    if (device)
        snprintf(path, USB_PATH, "%s", device->path);
    free(devices);
    return *path ? 0 : PLATEN_PRINTER_NOT_FOUND;
}

static uint32_t usb_open(struct device_port *port, uint64_t until, void **device)
{
    struct usb *usb = calloc(1, sizeof *usb);
    char path[USB_PATH];
    uint32_t error =
        usb ? find_path(&((struct usb_port *)(void *)port)->wish, path) : PLATEN_OUTOFMEMORY;

    (void)until; /* Windows does not wait there */
    *device = NULL;
    if (!error)
        error = node_open(&usb->node, path, true);
    if (error == PLATEN_BUSY)
        error = node_open(&usb->node, path, false);
    if (error) {
        free(usb);
        return error;
    }
    usb->port = port;
    *device = usb;
    return 0;
}

static void usb_close(void *device)
{
    struct usb *usb = device;
    node_close(&usb->node);
    free(usb);
}

/* ---- the device ---------------------------------------------------------------------------- */

static uint32_t ask(struct usb *usb, uint8_t *information)
{
    DWORD status = 0;
    uint32_t returned, error = node_control(&usb->node, IOCTL_USBPRINT_GET_LPT_STATUS, NULL, 0,
                                            &status, sizeof status, &returned);
    *information = error ? 0 : usb_information((uint8_t)status);
    return error ? node_error(error) : 0;
}

static uint32_t usb_ready(void *device, uint64_t until)
{
    struct usb *usb = device;
    uint8_t information;
    uint32_t error = ask(usb, &information);
    (void)until;
    if (error == PLATEN_DEVICE_NOT_CONNECTED)
        return error;
    return information & PARALLEL_PAPER_EMPTY ? PLATEN_OUT_OF_PAPER : 0;
}

static uint32_t usb_write(void *device, const void *data, uint32_t size, uint64_t until,
                          uint32_t *moved)
{
    struct usb *usb = device;
    uint32_t error = node_write(&usb->node, data, size < PIECE ? size : PIECE, until, moved);
    return *moved ? 0 : node_error(error);
}

static uint32_t usb_drain(void *device, uint64_t until)
{
    (void)device;
    (void)until;
    return 0;
}

static void usb_discard(void *device)
{
    (void)device;
}

/* A printer that knows no way back has nothing to say. */
static uint32_t usb_read(void *device, void *data, uint32_t size, uint64_t until, uint32_t *moved)
{
    struct usb *usb = device;
    for (;;) {
        uint32_t error = node_read(&usb->node, data, size, until, moved);
        if (*moved)
            return 0;
        if (error == PLATEN_OPERATION_ABORTED || error == PLATEN_TIMEOUT)
            return error;
        error = node_pause(&usb->node, error ? PLATEN_OS_FOREVER : PAUSE, until);
        if (error)
            return error;
    }
}

static uint32_t answer_id(struct usb *usb, char *out, uint32_t out_size, uint32_t *returned)
{
    char id[USB_ID];
    uint32_t size, error = get_id(&usb->node, id);
    if (error)
        return error == PLATEN_NOT_SUPPORTED ? error : node_error(error);
    size = (uint32_t)strlen(id);
    if (size > out_size)
        return PLATEN_INSUFFICIENT_BUFFER;
    memcpy(out, id, size);
    *returned = size;
    return 0;
}

static uint32_t usb_control(void *device, uint32_t code, const void *in, uint32_t in_size,
                            void *out, uint32_t out_size, uint32_t *returned)
{
    struct usb *usb = device;
    if (code == IOCTL_PAR_QUERY_INFORMATION) {
        uint32_t error = ask(usb, out);
        *returned = error ? 0 : 1;
        return error;
    }
    if (code == IOCTL_PAR_QUERY_DEVICE_ID)
        return answer_id(usb, out, out_size, returned);
    return node_control(&usb->node, code, in, in_size, out, out_size, returned);
}

static void usb_ring(void *device, bool on)
{
    struct usb *usb = device;
    node_ring(&usb->node, on);
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
