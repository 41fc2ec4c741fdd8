/* SPDX-License-Identifier: MIT
 *
 * A monitor that checks its spooler: it keeps a ledger of every call, notes what breaks a rule of
 * R83 to R119, and does what a test asks of it.
 */
#ifndef TESTS_STUB_H
#define TESTS_STUB_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include <platen/spooler.h>

#include "os/clock.h"
#include "os/format.h"
#include "os/text.h"
#include "os/thread.h"

#define STUB_PORTS 80

enum stub_at {
    AT_INIT,
    AT_ENUM,
    AT_OPEN,
    AT_START,
    AT_WRITE,
    AT_END,
    AT_CLOSE,
    AT_XCV_OPEN,
    AT_XCV_DATA,
    AT_XCV_CLOSE,
    AT_SHUTDOWN,
    AT_COUNT
};

struct stub;

struct stub_port {
    struct stub *stub;
    char16_t name[64];
    HANDLE handle;
    bool open;
    bool in_doc;
    atomic_bool busy; /* a call on the handle is under way (R102) */
    uint64_t thread;  /* of the job */
    DWORD job;
    char16_t printer[64];
    char16_t title[64];
    char16_t output[64];
    char16_t datatype[16];
    uint8_t *data; /* of all jobs, one after the other */
    size_t size;
    uint64_t total;
    unsigned opens, starts, writes, ends, closes;
};

struct stub {
    /* What a test sets before it attaches. */
    unsigned port_count; /* P1: ... */
    bool level1_only;
    bool enum_empty; /* no ports */
    bool keep;       /* keep the bytes that arrive */
    bool complete;   /* OpenPrinter, SetJob(6), ClosePrinter in EndDocPort */
    bool any_handle; /* the port's handle is `port_handle` */
    HANDLE port_handle;
    bool any_instance; /* the instance is `instance` */
    HANDLE instance;
    DWORD table_size;                                     /* cbSize; 0: the whole */
    uint32_t (*accept)(struct stub *stub, uint32_t size); /* NULL: all */
    /* The call's own answer: 0 goes on, UINT32_MAX is FALSE without a last-error, others FALSE. */
    uint32_t (*inside)(struct stub *stub, enum stub_at at, struct stub_port *port);
    BOOL(*enumerate)
    (struct stub *stub, DWORD level, LPBYTE to, DWORD size, LPDWORD needed, LPDWORD returned);
    DWORD(*xcv)
    (struct stub *stub, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out, DWORD out_size,
     PDWORD needed);
    void *own; /* the test's */

    /* What it saw. */
    platen_os_mutex lock;
    struct stub_port ports[STUB_PORTS];
    MONITOR2 table;
    PMONITORINIT init; /* the pointer alone is kept (R84) */
    atomic_int in_flight;
    unsigned calls[AT_COUNT];
    unsigned xcvs_open;
    char16_t xcv_object[64];
    ACCESS_MASK xcv_access;
    char violation[256]; /* the first */
    bool alive;
};

void stub_prepare(struct stub *stub);
/* Attaches it under the name; the next stub_entry call is for this one. */
uint32_t stub_attach(platen_spooler *spooler, struct stub *stub, const char *name,
                     char **complaint);
/* The parts of it, for a test that brings an entry point of its own. */
void stub_next(struct stub *stub);
LPMONITOR2 WINAPI stub_entry(PMONITORINIT init, PHANDLE monitor);
/* After the spooler is gone: everything was closed, nothing was broken. Frees. */
void stub_check(struct stub *stub);
void stub_violation(struct stub *stub, const char *format, ...) PLATEN_OS_PRINTF(2, 3);
struct stub_port *stub_port(struct stub *stub, const char16_t *name);

/* What monitors call. */
#define SPL (platen_spooler_imports())

/* A handler that counts, and keeps the last text of each kind. */
struct listener {
    atomic_uint count[PLATEN_EVENT_KINDS];
    platen_os_mutex lock;
    char text[PLATEN_EVENT_KINDS][256];
    struct platen_event last[PLATEN_EVENT_KINDS];
};
void listener_prepare(struct listener *listener);
void note_event(void *context, const struct platen_event *event);

/* A spooler with a listener; and one with a stub, "Stub", and a printer "Printer" on "P1:". */
platen_spooler *new_spooler(struct listener *listener);
platen_spooler *new_house(struct listener *listener, struct stub *stub);
/* Prints memory and waits. */
struct platen_job_info print_bytes(platen_spooler *spooler, const void *data, uint64_t size);
uint32_t submit_bytes(platen_spooler *spooler, const char *printer, const void *data,
                      uint64_t size);

/* Time that passes only when somebody waits until a moment. */
struct fake_clock {
    struct platen_clock clock;
    _Atomic uint64_t now;
    atomic_uint waits;
};
void fake_clock_prepare(struct fake_clock *clock);

/* Waits, without sleeping, until the number is reached. */
void wait_for_count(const atomic_uint *count, unsigned value);

/* A place where a monitor's call waits until the test lets it go on. */
struct gate {
    atomic_uint reached;
    atomic_uint open;
};
void gate_prepare(struct gate *gate);
void gate_pass(struct gate *gate);
void gate_wait(struct gate *gate); /* until somebody stands there */
void gate_open(struct gate *gate);

/* Waits until the job is in that state, and returns what is known of it. */
struct platen_job_info wait_for_state(platen_spooler *spooler, uint32_t id,
                                      enum platen_job_state state);

#endif
