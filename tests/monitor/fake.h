/* SPDX-License-Identifier: MIT
 *
 * A spooler of the smallest kind, for tests of the monitor's parts: the import table, MONITORREG
 * with the key `Ports` and keys below it, and counts of all that was asked and is still held.
 */
#ifndef PLATEN_TESTS_MONITOR_FAKE_H
#define PLATEN_TESTS_MONITOR_FAKE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <platen/monitor.h>

#include "os/text.h"

enum { FAKE_VALUES = 64, FAKE_KEYS = 16, FAKE_KEY_VALUES = 16 };

struct fake_value {
    bool used;
    char16_t name[300];
    uint32_t type;
    uint8_t data[600];
    uint32_t size;
};

/* A subkey of `Ports`. */
struct fake_key {
    bool used;
    char16_t name[300];
    struct fake_value values[FAKE_KEY_VALUES];
    int opens;
};

/* What the fake does and has seen; one per process, put back by fake_reset. */
struct fake {
    /* registry */
    bool ports_key; /* does `Ports` exist? */
    bool stub;      /* every function answers 120 */
    struct fake_value ports[FAKE_VALUES];
    struct fake_value root[4];
    struct fake_key keys[FAKE_KEYS];
    int registry_calls;
    int fail_call; /* the number of the registry call that fails; 0: none */
    bool fail_on;  /* and all calls after it */
    LONG fail_code;
    int open_keys;
    int ports_opens; /* of them, of `Ports` */
    int wrong_uses;  /* of a key that is not open, or with another hSpooler */

    /* winspool */
    DWORD open_printer_code; /* OpenPrinter fails with that */
    DWORD get_job_code;      /* GetJob fails with that */
    DWORD job_status;
    LPWSTR user;             /* whose jobs they are; NULL: nobody says */
    uint32_t job_text_bytes; /* what GetJob wants behind the structure */
    const char16_t *foreign; /* a port of another monitor */
    DWORD enum_ports_code;   /* EnumPorts fails with that */
    HANDLE monitor;          /* whose ports EnumPorts lists besides */
    const MONITOR2 *table;   /* of the last instance */
    int open_printers;
    int printers_opened;
    int jobs_set;
    DWORD set_job_id;
    DWORD set_job_command;
    int jobs_got;
    int enum_calls;
    int enum_fetches;
    int impersonated; /* Impersonate minus Revert */
    char log[4096];
};
extern struct fake fake;

void fake_reset(void);
extern const PLATEN_IMPORTS fake_imports;
DWORD fake_last_error(void);
void fake_set_last_error(DWORD code);

/* Puts a value into `Ports` (or the root). */
void fake_put(struct fake_value *values, const char16_t *name, uint32_t type, const void *data,
              uint32_t size);
struct fake_value *fake_find(struct fake_value *values, const char16_t *name);
/* A subkey of `Ports`; made, or NULL if there is none. */
struct fake_key *fake_make_key(const char16_t *name);
struct fake_key *fake_find_key(const char16_t *name);

/* MONITORINIT over the fake registry. */
MONITORINIT fake_init(void);
/* Options with the fake's table and log, and the device of fake_device.h. */
struct platen_monitor_options fake_options(void);
/* An instance over the fake; fails the test if it cannot be made. */
const MONITOR2 *fake_monitor(HANDLE *monitor, const struct platen_monitor_options *options);
/* Adds a port that is not stored. */
void fake_port(HANDLE monitor, const char *name);

#define WIDE(text) ((LPWSTR)(uintptr_t)u##text)

#endif
