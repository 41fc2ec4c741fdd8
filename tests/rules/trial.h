/* SPDX-License-Identifier: MIT
 *
 * Proof that our monitor keeps a rule, and that the proof can fail.
 *
 * A case is a probe for one rule and one or more ways to break it. The probe runs against our
 * monitor and must find nothing; then against our monitor with one slot wrapped, once per break,
 * and must find the breach each time. A probe that finds nothing in a broken monitor is itself
 * broken.
 *
 * The monitor under trial lives in a world of its own: a registry with a ledger, a fake winspool
 * with ledgers, a folder for files, the simulated device SIM:trial, and a clock that jumps ahead
 * whenever the monitor waits (unless the case wants the real one, for probes with threads of their
 * own).
 */
#ifndef RULES_TRIAL_H
#define RULES_TRIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <platen/monitor.h>
#include <platen/sim.h>
#include <platen/spooler.h>

#include "call/call.h"
#include "os/format.h"
#include "registry/registry.h"

#define TRIAL_MAX_SET_JOBS 64

/* What the fake winspool answers, and what it has seen. Reset with each trial. */
struct trial_winspool {
    uint32_t open_error; /* OpenPrinterW fails with this; 0: it works for any non-empty name */
    uint32_t get_error;  /* GetJobW fails with this */
    uint32_t job_status; /* JOB_STATUS_ bits that GetJobW tells */
    unsigned opened;
    unsigned closed;
    unsigned misuses; /* a dead, NULL or invented printer handle came in (R37) */
    unsigned get_jobs;
    unsigned set_jobs;
    struct {
        uint32_t job;
        uint32_t command;
        uint64_t device_bytes; /* that SIM:trial had when the command came (R52) */
    } set_job[TRIAL_MAX_SET_JOBS];
};

/* Makes the n-th call back of a slot fail: set before what is to be disturbed. */
struct trial_fault {
    enum platen_slot slot;
    unsigned at;   /* 1: the next one; 0: none */
    bool for_good; /* every one from there on */
    uint32_t code; /* what a registry callback returns, or the last-error of a winspool call */
    unsigned seen; /* calls of that slot so far */
};

struct trial {
    MONITOR2 m;     /* the table under trial: call its members, m.pfnOpenPort(...) */
    HANDLE monitor; /* its instance */
    MONITORINIT init;
    struct platen_monitor_options options;
    platen_registry *registry;
    platen_registry_view *view;
    struct trial_winspool winspool;
    struct trial_fault fault;
    unsigned calls_back[PLATEN_SLOT_COUNT]; /* that the monitor made */
    unsigned wrong_spooler; /* registry calls with another hSpooler than this instance's (R5) */
    struct platen_lane lane;
    struct platen_observer observer;
    char folder[1024];     /* the file root; empty at the start */
    WCHAR file_port[1100]; /* a path below it: a port that can be added */
    platen_sim *device;    /* behind the port SIM:trial, which every instance has from its start */
    const char *module;    /* the monitor as a file: libplaten.so, platen.dll (R1) */
    _Atomic unsigned foreign_calls; /* calls back from threads that are not the trial's own */
    /* Runs inside each call back of that slot, before it is served, so that a probe can look at the
     * monitor from another thread while it waits for the spooler (LOCKCHK). NULL: nothing. */
    void (*inside)(struct trial *t);
    enum platen_slot inside_slot;
    const struct trial_case *test;
    char breach[512]; /* what the probe found; "" nothing */
};

/* One way to break a rule: changes the table (or, for entry, wraps the entry point). */
struct trial_break {
    const char *how;                                  /* one line; NULL ends the list */
    void (*wrap)(MONITOR2 *table);                    /* may be NULL */
    LPMONITOR2(WINAPI *entry)(PMONITORINIT, PHANDLE); /* instead of ours; may be NULL */
};

struct trial_case {
    const char *rule;  /* "R12"; NULL ends a list */
    const char *about; /* which part of it */
    void (*probe)(struct trial *t);
    struct trial_break breaks[8]; /* at least one */
    bool real_clock;              /* the probe has threads or measures the machine's own time */
    bool no_fixed_ports; /* an instance without backends that list ports of themselves (R19) */
};

/* The lists, one per file. rules_test.c runs them all and checks that no rule is missing. */
extern const struct trial_case trial_load_cases[];
extern const struct trial_case trial_init_cases[];
extern const struct trial_case trial_store_cases[];
extern const struct trial_case trial_damage_cases[];
extern const struct trial_case trial_enum_cases[];
extern const struct trial_case trial_list_cases[];
extern const struct trial_case trial_pack_cases[];
extern const struct trial_case trial_stall_cases[];
extern const struct trial_case trial_open_cases[];
extern const struct trial_case trial_port_cases[];
extern const struct trial_case trial_job_cases[];
extern const struct trial_case trial_data_cases[];
extern const struct trial_case trial_read_cases[];
extern const struct trial_case trial_end_cases[];
extern const struct trial_case trial_xcv_cases[];
extern const struct trial_case trial_manage_cases[];
extern const struct trial_case trial_hostile_cases[];
extern const struct trial_case trial_handle_cases[];
extern const struct trial_case trial_shutdown_cases[];

/* ---- for probes ---------------------------------------------------------------------------- */

/* Notes a breach, the first one only; the probe should return then. Always false. */
PLATEN_OS_PRINTF(2, 3)
bool trial_breach(struct trial *t, const char *format, ...);
/* Notes a breach unless `kept`; returns `kept`. */
#define KEPT(t, kept, ...) trial_verdict((kept) || trial_breach((t), __VA_ARGS__))
/* A function, so that the verdict may be left unused. */
static inline bool trial_verdict(bool kept)
{
    return kept;
}

/* Where the instance's settings are; a second instance has another root. */
#define TRIAL_ROOT "HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Control\\Print\\Monitors\\Platen"

/* Ends the instance and makes a new one on the same registry; false with a breach. */
bool trial_restart(struct trial *t);
/* A second instance with a registry view of its own, in `other`; end it with trial_end. */
bool trial_begin_second(struct trial *t, struct trial *other);
/* Runs init through the break's entry, if there is one. NULL with the last-error set. */
LPMONITOR2 trial_init(struct trial *t, PMONITORINIT init, PHANDLE monitor);

/* Shortcuts that note a breach if the call fails: open a port; a job with that id on it. */
HANDLE trial_open(struct trial *t, const WCHAR *name);
bool trial_start(struct trial *t, HANDLE port, DWORD job);
/* Writes all of it in pieces of at most `step` bytes, resending rests. */
bool trial_write(struct trial *t, HANDLE port, const void *data, size_t size, size_t step);
/* One Xcv command with a text as input on the monitor's own handle; the code it returned. */
DWORD trial_xcv(struct trial *t, const WCHAR *command, const WCHAR *text, ACCESS_MASK access);
/* Did exactly these bytes reach SIM:trial since the last forget? */
bool trial_device_has(struct trial *t, const void *data, size_t size);
/* Is a port of that name listed by EnumPorts level 1? */
bool trial_lists(struct trial *t, const WCHAR *name);

/* A wide text as a modifiable LPWSTR, for calls that take one but must not write to it. */
LPWSTR text_of(const WCHAR *text);

/* Memory that ends right before a page that nobody may touch; freed with the trial. */
void *trial_guarded(struct trial *t, size_t size);
/* Virtual nanoseconds since the trial began (real ones with real_clock). */
uint64_t trial_now(struct trial *t);
/* Lets that much time pass on the trial's clock. */
void trial_pass(struct trial *t, uint64_t nanoseconds);

/* ---- for breaks -------------------------------------------------------------------------------
 */

/* The table that is being wrapped, for wrappers to call through: trial_real()->pfnWritePort(...).
 */
const MONITOR2 *trial_real(void);
/* The trial that is running. */
struct trial *trial_now_running(void);
/* What the break must undo: runs when the instance under trial has ended, before the world does. */
void trial_afterwards(void (*undo)(void));

/* ---- for the runner -----------------------------------------------------------------------------
 */

void trial_begin(struct trial *t, const struct trial_case *test, const struct trial_break *how);
void trial_end(struct trial *t);

#endif
