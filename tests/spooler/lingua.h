/* SPDX-License-Identifier: MIT
 *
 * A language monitor for the tests: it passes all that it gets to the port monitor below, counts
 * it, and tells the spooler that the last page is out if it is asked to.
 */
#ifndef TESTS_LINGUA_H
#define TESTS_LINGUA_H

#include "stub.h"

#define LINGUA_PORTS 8

struct lingua;

struct lingua_port {
    struct lingua *lingua;
    HANDLE below;
    MONITOR2 table; /* the port monitor's, as far as its cbSize reaches */
    bool taken;
    bool open;
    bool in_doc;
    DWORD job;
    char16_t printer[64];
};

struct lingua {
    /* What a test sets before it attaches. */
    bool ejects; /* SetJob(7) in EndDocPort */
    bool spoils; /* wipes the port monitor's table once it has copied it */
    /* As the stub's: AT_OPEN is OpenPortEx. */
    uint32_t (*inside)(struct lingua *lingua, enum stub_at at, struct lingua_port *port);
    void *own;

    /* What it saw. */
    platen_os_mutex lock; /* of the counters, and of who has which port */
    MONITOR2 table;
    struct lingua_port ports[LINGUA_PORTS];
    HANDLE monitor; /* that OpenPortEx got */
    char16_t port_name[64];
    char16_t printer_name[64];
    unsigned calls[AT_COUNT];
    bool alive;
};

void lingua_prepare(struct lingua *lingua);
/* As "Lingua". */
void lingua_attach(platen_spooler *spooler, struct lingua *lingua);
/* After the spooler is gone. */
void lingua_check(struct lingua *lingua);

/* SetJob with that command, from inside a monitor. */
void set_job(const char16_t *printer, DWORD job, DWORD command);

#endif
