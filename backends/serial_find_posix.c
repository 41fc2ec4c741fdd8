/* SPDX-License-Identifier: MIT
 *
 * The serial devices that are there. The kernel lists a few ports of the PC's kind that no board
 * has; those are of no type.
 */
#include <stdio.h>
#include <string.h>

#include "device_id.h"
#include "device_sys_posix.h"
#include "serial_port.h"

#define CLASS "/sys/class/tty"

/* An adapter's USB device is one or two folders above what the link `device` means. */
static const char *const uppers[] = {"device/..", "device/../.."};

static void read_adapter(const char *folder, char *make_and_model, struct platen_found *found,
                         char *serial)
{
    for (size_t i = 0; i < sizeof uppers / sizeof *uppers && !found->vendor; i++) {
        char upper[SYS_PATH + 16], make[DEVICE_TEXT], model[DEVICE_TEXT];
        snprintf(upper, sizeof upper, "%s/%s", folder, uppers[i]);
        found->vendor = (uint16_t)sys_read_number(upper, "idVendor");
        found->product = (uint16_t)sys_read_number(upper, "idProduct");
        sys_read(upper, "manufacturer", make, sizeof make);
        sys_read(upper, "product", model, sizeof model);
        sys_read(upper, "serial", serial, DEVICE_TEXT);
        device_describe(make, model, make_and_model, 2 * DEVICE_TEXT);
    }
}

/* Terminals of people have no device behind them. */
static bool is_there(const char *folder, const char *name, unsigned *number)
{
    char type[16], device[DEVICE_TEXT];
    char rest;
    sys_read_link(folder, "device", device, sizeof device);
    sys_read(folder, "type", type, sizeof type);
    if (sscanf(name, "ttyS%u%c", number, &rest) != 1)
        *number = 1000;
    return *device && strcmp(type, "0") != 0;
}

static void tell(void *context, const char *name)
{
    struct platen_discovery *to = context;
    char folder[SYS_PATH], uri[SYS_PATH], info[3 * DEVICE_TEXT], port[16] = "";
    char make_and_model[2 * DEVICE_TEXT] = "", serial[DEVICE_TEXT] = "";
    struct platen_found found = {.size = sizeof found,
                                 .way = "serial",
                                 .uri = uri,
                                 .make_and_model = make_and_model,
                                 .info = info,
                                 .device_id = "",
                                 .port_name = port,
                                 .serial = serial};
    unsigned number;

    snprintf(folder, sizeof folder, CLASS "/%.64s", name);
    snprintf(uri, sizeof uri, "/dev/%.64s", name);
    if (!is_there(folder, name, &number) || serial_likeness(uri) < 3)
        return;
    snprintf(uri, sizeof uri, "serial:/dev/%.64s", name);
    read_adapter(folder, make_and_model, &found, serial);
    if (number < 999)
        snprintf(port, sizeof port, "COM%u:", number + 1);
    snprintf(info, sizeof info, "%s%sSerial Port %.64s", make_and_model, *make_and_model ? " " : "",
             *port ? port : name);
    to->add(to, &found);
}

void serial_discover(struct platen_discovery *to)
{
    sys_list(CLASS, tell, to);
}
