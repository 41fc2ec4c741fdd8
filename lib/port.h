/* SPDX-License-Identifier: MIT
 *
 * An open port: closed -> open -> in a document, over a backend.
 *
 * A port has a write lane (start, write, end) and a read lane. A lane is a flag, not a lock: who
 * finds it taken is told BUSY at once. So a hung printer blocks nobody but the call that talks to
 * it, and ReadPort never holds up a job (R49). No lock is held while a backend or the spooler
 * works.
 */
#ifndef PLATEN_LIB_PORT_H
#define PLATEN_LIB_PORT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "instance.h"
#include "job.h"

struct port {
    struct member member;
    struct instance *instance;
    struct port_entry *entry;
    const struct platen_backend *backend;
    atomic_bool closing;
    atomic_flag write_lane;
    atomic_flag read_lane;
    _Atomic uint64_t read_timeout;     /* nanoseconds; SetPortTimeOuts comes while others run */
    _Atomic uint32_t read_multiplier;  /* milliseconds for each byte */
    _Atomic uint64_t write_timeout;    /* this and the next 0: the instance's */
    _Atomic uint32_t write_multiplier; /* likewise */
    atomic_bool has_times;             /* what SetPortTimeOuts has brought: */
    _Atomic uint32_t times[PLATEN_TIMES];
    _Atomic(struct renewal *) renewal; /* with the backend's state; NULL: it follows this struct */
    uint32_t changes;            /* of the settings that it was opened with; the write lane's */
    struct job job;              /* the write lane's */
    _Atomic uint32_t asking;     /* 1: a question is under way (device.h) */
    struct providers *providers; /* of who asks; NULL: nobody has needed them yet */
    /* The backend's own state follows, as it was opened first. */
};

/* What StartDocPort brings; borrowed, each text may be NULL. */
struct port_document {
    const char16_t *printer;
    const char16_t *name;
    const char16_t *output_file;
    const char16_t *datatype;
    const char16_t *user; /* this and the next are the port's to find out */
    const char16_t *machine;
    uint32_t job_id;
};

/* OpenPort. UNKNOWN_PORT, BUSY (being deleted), ACCESS_DENIED (files are off), INVALID_PARAMETER (a
 * stored option), NOT_ENOUGH_MEMORY, or the backend's. Each open has a handle and a state of its
 * own; several on one port are fine, but only one of them has a job at a time (R26, R36). */
uint32_t port_open(struct instance *instance, const char16_t *name, uintptr_t *handle);

/* ClosePort. The handle is dead at once; a job that is open ends as abandoned (R29); a call that is
 * under way on another thread is called off, and takes the port with it when it leaves. */
uint32_t port_close(uintptr_t handle);

/* StartDocPort. While this handle has a job: 0 without effect (R34). BUSY when another handle has
 * one on this port. After an error nothing is held (R33). */
uint32_t port_start(struct port *port, const struct port_document *document);

/* WritePort. Waits until all bytes are gone or the time-out has come; *moved counts those that
 * went. When some went, the answer is 0 and the caller resends the rest; why they stopped is told
 * by the next call. PRINT_CANCELLED when the spooler no longer wants the job; TIMEOUT when none
 * moved. */
uint32_t port_write(struct port *port, const void *data, uint32_t size, uint32_t *moved);

/* ReadPort: 0 with no bytes when there are none in time; INVALID_HANDLE without a back channel. */
uint32_t port_read(struct port *port, void *data, uint32_t size, uint32_t *moved);

/* SetPortTimeOuts: until ClosePort. A total whose multiplier and constant are 0 stays as it is,
 * unless the interval is UINT32_MAX: then ReadPort does not wait. INVALID_PARAMETER without back
 * channel, for such a port has no time-outs (R59), and for the one combination that drivers refuse,
 * UINT32_MAX for all three of reads. */
uint32_t port_set_timeouts(struct port *port, const uint32_t times[PLATEN_TIMES]);

/* The same as IOCTL_SERIAL_GET_TIMEOUTS tells it. */
void port_get_timeouts(struct port *port, uint32_t times[PLATEN_TIMES]);

/* EndDocPort. Afterwards the port is idle, whatever is returned (R50); 0 also without a job (R51).
 */
uint32_t port_end(struct port *port);

/* The backend's own state, for questions to it (device.h). */
void *port_state(struct port *port);

/* Calls off what is under way on the port and what comes later. */
void port_cancel(struct port *port);

#endif
