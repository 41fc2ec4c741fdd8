/* SPDX-License-Identifier: MIT
 *
 * The parallel printers that are there: every port that the driver lp has. The kernel asks each
 * port's printer who it is when it finds the port, and tells it in /proc, a line for each part.
 */
#include <stdio.h>
#include <string.h>

#include "device_id.h"
#include "device_sys_posix.h"
#include "parallel_port.h"

void parallel_read_id(unsigned number, char *id, size_t size)
{
    char folder[80];
    size_t kept = 0;
    snprintf(folder, sizeof folder, "/proc/sys/dev/parport/parport%u", number);
    sys_read(folder, "autoprobe", id, size);
    for (const char *at = id; *at; at++)
        if (at[0] != ' ' || at == id || at[-1] != ';')
            id[kept++] = *at;
    id[kept] = 0;
    if (!strchr(id, ':'))
        *id = 0;
}

static void tell(void *context, const char *name)
{
    struct platen_discovery *to = context;
    char uri[64], info[3 * DEVICE_TEXT], port[16] = "", id[1024];
    char make[DEVICE_TEXT] = "", model[DEVICE_TEXT] = "", serial[DEVICE_TEXT] = "";
    char make_and_model[2 * DEVICE_TEXT];
    struct platen_found found = {.size = sizeof found,
                                 .way = "direct",
                                 .uri = uri,
                                 .make_and_model = make_and_model,
                                 .info = info,
                                 .device_id = id,
                                 .port_name = port,
                                 .serial = serial};
    unsigned number;
    char rest;

    if (sscanf(name, "lp%u%c", &number, &rest) != 1 || number > 998)
        return;
    parallel_read_id(number, id, sizeof id);
    device_id_read(id, make, model, serial);
    device_describe(make, model, make_and_model, sizeof make_and_model);
    snprintf(uri, sizeof uri, "parallel:/dev/lp%u", number);
    snprintf(port, sizeof port, "LPT%u:", number + 1);
    snprintf(info, sizeof info, "%s%s%s", make_and_model, *make_and_model ? " " : "", port);
    to->add(to, &found);
}

void parallel_discover(struct platen_discovery *to)
{
    sys_list("/sys/class/printer", tell, to);
}
