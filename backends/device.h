/* SPDX-License-Identifier: MIT
 *
 * What the backends of devices at this machine share (serial, parallel): a device is opened for a
 * job, and for a moment when somebody reads or asks something between jobs, so that other programs
 * can use it then. device.c keeps the job, its cancel and the count of those who use the device;
 * the twins (*_posix.c, *_win32.c) move the bytes.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include <stdatomic.h>

#include <platen/backend.h>

#include "os/thread.h"

struct device_port;

/* A kind of device on one system. Moments (`until`) are the system's. An operation ends with
 * OPERATION_ABORTED while the device's bell rings, with DEVICE_NOT_CONNECTED when it is gone. */
struct device_ops {
    /* Opens what port->path names and keeps other programs out. Waits for nothing but the system,
     * and for that until the moment, or until port->cancelled. BUSY, PRINTER_NOT_FOUND (nothing is
     * there), BAD_DEV_TYPE, ACCESS_DENIED, TIMEOUT ... */
    uint32_t (*open)(struct device_port *port, uint64_t until, void **device);
    void (*close)(void *device);
    /* What stands in the way of a job, 0: nothing. */
    uint32_t (*ready)(void *device, uint64_t until);
    /* As the operations of the backend; `read` ends when nothing has come, too. */
    uint32_t (*write)(void *device, const void *data, uint32_t size, uint64_t until,
                      uint32_t *moved);
    uint32_t (*read)(void *device, void *data, uint32_t size, uint64_t until, uint32_t *moved);
    uint32_t (*drain)(void *device, uint64_t until);
    /* Throws away what was written and has not gone out. */
    void (*discard)(void *device);
    uint32_t (*control)(void *device, uint32_t code, const void *in, uint32_t in_size, void *out,
                        uint32_t out_size, uint32_t *returned);
    /* Rings the bell, or hushes it. Any thread, beside everything but close. */
    void (*ring)(void *device, bool on);
};

/* One open port, the first member of a backend's state. */
struct device_port {
    const struct device_ops *ops;
    struct platen_clock *clock;
    void (*log)(void *context, enum platen_log_level level, const char *text);
    void *log_context;
    char *path;   /* as the system wants it */
    bool job;     /* the write lane's */
    bool drained; /* likewise */

    _Atomic bool cancelled;
    _Atomic bool lingers;    /* BUSY meant that this process is still closing the device */
    _Atomic uint32_t broken; /* why this job can only fail; 0: it need not */

    platen_os_mutex lock; /* held for a moment only: for what follows, and what a backend adds */
    platen_os_cond moved; /* `moving` is false again */
    bool moving;          /* the device is being opened or closed */
    unsigned users;       /* of the device */
    void *device;         /* NULL: not open */
};

/* `path` is malloc'ed and the port's from now on, whatever is returned. */
uint32_t device_init(struct device_port *port, const struct platen_port_setup *setup, char *path,
                     const struct device_ops *ops);
/* One line for the log, with the device's name before it. */
void device_tell(const struct device_port *port, enum platen_log_level level, const char *what);
/* "COM12:" is 12 for the word "COM"; 0: it is no such name. *colon: whether it ends in one. */
unsigned device_number(const char *name, const char *word, bool *colon);

/* How a kind of device is called here. */
struct device_names {
    const char *word; /* "COM": the port COM1: is such a device */
    /* Is this text the path of one? 0 no, 1 it may be, 3 by its form. */
    unsigned (*likeness)(const char *path);
    /* Where COM<number> is if nobody says it; malloc'ed. */
    char *(*default_path)(unsigned number);
};

/* The backend's claim on a port of that name. */
unsigned device_claim(const struct device_names *names, const char *port_name);
/* The path of a port's device, malloc'ed: `given`, or if that is empty what the target says.
 * INVALID_NAME, OUTOFMEMORY. */
uint32_t device_path(const struct device_names *names, const struct platen_port_setup *setup,
                     const char *given, char **path);

/* The operations, for the table of a backend. */
uint32_t device_start_doc(void *state, const struct platen_doc *doc, uint64_t deadline);
uint32_t device_write(void *state, const void *data, uint32_t size, uint64_t deadline,
                      uint32_t *moved);
uint32_t device_read(void *state, void *data, uint32_t size, uint64_t deadline, uint32_t *moved);
uint32_t device_drain(void *state, uint64_t deadline);
uint32_t device_end_doc(void *state, bool abandoned, uint64_t deadline);
void device_close(void *state);
void device_cancel(void *state);
uint32_t device_io_control(void *state, uint32_t code, const void *in, uint32_t in_size, void *out,
                           uint32_t out_size, uint32_t *returned);
/* The operation `control` of printers that tell an id and a status: what else is asked is refused
 * without asking them. */
uint32_t device_printer_control(void *state, uint32_t code, const void *in, uint32_t in_size,
                                void *out, uint32_t out_size, uint32_t *returned);

#endif
