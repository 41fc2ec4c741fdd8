/* SPDX-License-Identifier: MIT
 *
 * A USB printer, of the kind with a way back.
 */
#include <stdio.h>
#include <string.h>

#include "far_usb.h"

enum { GET_ID, GET_STATUS, SOFT_RESET };
enum { NODES = 16 };

static struct printer {
    struct usb_device usb; /* first */
    char id[1024];
    uint8_t said[4096];
    uint32_t to_say;
    unsigned resets;
    char serial[8];
    const char *strings[3];
} ours, other, many[USB_HUBS];

static struct printer *of(struct usb_device *usb)
{
    return (struct printer *)(void *)usb;
}

static uint32_t room(struct usb_device *usb, uint32_t size)
{
    (void)usb;
    return size;
}

static uint32_t give(struct usb_device *usb, uint8_t *data, uint32_t most)
{
    struct printer *printer = of(usb);
    uint32_t size = most < printer->to_say ? most : printer->to_say;
    memcpy(data, printer->said, size);
    printer->to_say -= size;
    memmove(printer->said, printer->said + size, printer->to_say);
    return size;
}

static void say(struct far *far, const void *bytes, uint32_t size)
{
    struct printer *printer = (struct printer *)(void *)far;
    pthread_mutex_lock(&printer->usb.lock);
    if (size > sizeof printer->said - printer->to_say)
        far_broken("%s: too much to say", far->name);
    memcpy(printer->said + printer->to_say, bytes, size);
    printer->to_say += size;
    usb_pump(&printer->usb);
    pthread_mutex_unlock(&printer->usb.lock);
}

static int answer(struct usb_device *usb, const struct usb_setup *setup, uint8_t *data)
{
    struct printer *printer = of(usb);
    size_t length = strlen(printer->id) + 2;
    switch (setup->request) {
    case GET_ID:
        if (length > setup->length)
            length = setup->length;
        memcpy(data + 2, printer->id, length > 2 ? length - 2 : 0);
        data[0] = (uint8_t)((strlen(printer->id) + 2) >> 8);
        data[1] = (uint8_t)(strlen(printer->id) + 2);
        return (int)length;
    case GET_STATUS:
        data[0] = (uint8_t)(0x18 ^ usb->state / USB_OWN);
        return 1;
    case SOFT_RESET:
        printer->resets++;
        return 0;
    default:
        return USB_REFUSED;
    }
}

void far_printer_id(const char *id)
{
    pthread_mutex_lock(&ours.usb.lock);
    snprintf(ours.id, sizeof ours.id, "%s", id);
    pthread_mutex_unlock(&ours.usb.lock);
}

unsigned far_printer_resets(void)
{
    unsigned resets;
    pthread_mutex_lock(&ours.usb.lock);
    resets = ours.resets;
    pthread_mutex_unlock(&ours.usb.lock);
    return resets;
}

static const uint8_t device[] = {18,   1,    0x00, 0x02, 0, 0, 0, 64, 0xF0,
                                 0x03, 0x17, 0x12, 0x00, 1, 1, 2, 3,  1};
static const uint8_t configuration[] = {
    9, 2, 32,   0, 1, 1, 0, 0xC0, 1, /* one interface */
    9, 4, 0,    0, 2, 7, 1, 2,    0, /* a printer that can answer */
    7, 5, 0x01, 2, 0, 2, 0,          /* out */
    7, 5, 0x82, 2, 0, 2, 0,          /* in */
};
static const char *const strings[] = {"Acme", "Jet 3000", "SN0042"};
static const char *const other_strings[] = {"Other", "Printer", "SN0043"};

static void fill(struct printer *printer, const char *name, const char *const *texts,
                 const char *id)
{
    printer->usb = (struct usb_device){
        .far = {.name = name, .say = say},
        .node = "/dev/usb/lp0",
        .speed = USB_HIGH,
        .device = device,
        .configuration = configuration,
        .strings = texts,
        .answer = answer,
        .room = room,
        .got = usb_arrived,
        .give = give,
    };
    snprintf(printer->id, sizeof printer->id, "%s", id);
}

static void begin(struct printer *printer, const char *name, const char *const *texts,
                  const char *id)
{
    fill(printer, name, texts, id);
    usb_begin(&printer->usb);
}

struct far *far_printer(void)
{
    if (!ours.usb.node)
        begin(&ours, "usb/lp0", strings, "MFG:Acme;MDL:Jet 3000;CMD:PCL,PJL;CLS:PRINTER;");
    return &ours.usb.far;
}

struct far *far_other_printer(bool takes_its_place)
{
    struct far *far = far_printer();
    far->set(far, USB_GONE);
    if (takes_its_place)
        begin(&other, "another printer", other_strings, "MFG:Other;MDL:Printer;");
    else
        other.usb.far.set(&other.usb.far, USB_GONE);
    ours.usb.node = takes_its_place ? "/dev/usb/lp1" : "/dev/usb/lp0";
    far->set(far, far->well);
    return &other.usb.far;
}

/* ---- many ---------------------------------------------------------------------------------- */

/* Whatever number its node has got. */
static bool is_any_node(const struct usb_device *usb)
{
    const char *serial = usb->strings[2];
    bool found = false;
    for (unsigned number = 0; number < NODES && !found; number++) {
        char path[80], text[16] = "";
        FILE *file;
        snprintf(path, sizeof path, "/sys/class/usbmisc/lp%u/device/../serial", number);
        file = fopen(path, "re");
        found = file && fgets(text, sizeof text, file) &&
                strncmp(text, serial, strlen(serial)) == 0 && text[strlen(serial)] == '\n';
        if (file)
            fclose(file);
    }
    return found;
}

struct far *far_one_of_many(unsigned number)
{
    struct printer *one = &many[number];
    snprintf(one->serial, sizeof one->serial, "M%u", number);
    one->strings[0] = strings[0];
    one->strings[1] = strings[1];
    one->strings[2] = one->serial;
    fill(one, one->serial, one->strings, "MFG:Acme;MDL:Jet 3000;CLS:PRINTER;");
    one->usb.is_there = is_any_node;
    one->usb.hub = number;
    usb_begin(&one->usb);
    return &one->usb.far;
}
