/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "seeded.h"

extern const struct platen_backend platen_backend_tcp, platen_backend_lpr;

struct way {
    const struct printer *printer;
    struct trial trial;
    struct port port;
};

struct way *way_open(const struct printer *printer, const char *uri)
{
    struct way *way = calloc(1, sizeof *way);
    if (!way)
        return NULL;
    way->printer = printer;
    trial_begin(&way->trial, printer->lpr ? &platen_backend_lpr : &platen_backend_tcp, uri);
    if (port_open_new(&way->trial, &way->port, NULL))
        return way;
    trial_end(&way->trial);
    free(way);
    return NULL;
}

uint32_t way_print(struct way *way)
{
    struct platen_doc doc = port_document(&way->port);
    uint32_t error = port_start(&way->trial, &way->port, &doc, soon());
    if (error)
        return error;
    error = port_write_all(&way->trial, &way->port, way->printer->data, way->printer->size);
    uint32_t ended = port_end(&way->trial, &way->port, error != 0);
    return error ? error : ended;
}

void way_close(struct way *way, char *complaint, size_t size)
{
    port_finish(&way->trial, &way->port);
    snprintf(complaint, size, "%s", way->trial.complaint);
    trial_end(&way->trial);
    free(way);
}
