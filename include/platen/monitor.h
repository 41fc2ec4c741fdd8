/* SPDX-License-Identifier: MIT
 *
 * <platen/monitor.h>: make an instance of Platen's port monitor inside your own program. A spooler
 * that loads libplaten.so or platen.dll calls InitializePrintMonitor2 and needs nothing of this; an
 * emulator that links the library calls platen_monitor_create and chooses backends, file root, log
 * and time-outs. What comes back is an ordinary MONITOR2: everything else goes through its members.
 *
 * Two instances share nothing but the table of handles that every module keeps.
 *
 * Threads: platen_monitor_create may be called from any thread, several at once. The members of the
 * MONITOR2 may be called as the contract says (doc/contract.md, 2.0), and are safe beyond it: any
 * function, any thread, any time between creation and Shutdown.
 */
#ifndef PLATEN_MONITOR_H
#define PLATEN_MONITOR_H

#include <platen/backend.h>
#include <platen/winsplp.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a provider is told of the port. Borrowed: copy what must outlive `open` (clock and log stay
 * until `close`). */
struct platen_provider_setup {
    uint32_t size;         /* sizeof(struct platen_provider_setup) */
    const char *port_name; /* as listed by EnumPorts */
    const char *host;      /* a name, or an address of either family without brackets */
    const char *community; /* SNMP's, a secret: into no log and no value. Never NULL */
    uint32_t device_index; /* SNMP's hrDeviceIndex of the printer, 1 and up */
    struct platen_clock *clock;
    void (*log)(void *context, enum platen_log_level level, const char *text); /* never NULL */
    void *log_context;
};

/* Where the values of bidi requests come from besides the port's own backend: a table of functions,
 * as a backend is one. A TCP/IP port whose SNMP is enabled asks its providers in their order, and
 * the first that knows a value answers.
 *
 * Texts are UTF-8 and end in a NUL. A schema is the full name of a value,
 * "\Printer.Status.Summary:State"; a provider may compare exactly: it gets what it listed, or a
 * name of the schema table (contract 6) as that has it. A value is text: a number in decimal, a
 * BOOL "true" or "false".
 *
 * Deadlines are as for backends: the functions may block until then and never much longer. One call
 * at a time comes for one `state`, from any thread, `open` first and `close` last; no lock is held
 * in any. All members must be there. */
struct platen_provider {
    uint32_t size;       /* sizeof(struct platen_provider) */
    const char *name;    /* for the log */
    uint32_t state_size; /* bytes of private state, allocated zeroed, one per open port */

    /* When the port is first asked, and again at a later request if it failed. Does not wait for
     * the device. After an error `close` is not called. */
    uint32_t (*open)(void *state, const struct platen_provider_setup *setup);

    /* The text of a value, at most `size` bytes with its NUL. BIDI_SCHEMA_NOT_SUPPORTED for what it
     * does not know; what keeps it from asking the device (TIMEOUT, HOST_NOT_FOUND ...) reaches the
     * caller as BIDI_DEVICE_OFFLINE. */
    uint32_t (*get)(void *state, const char *schema, char *value, size_t size, uint64_t deadline);

    /* Calls `add` for each value that `get` would answer now. After an error what was added
     * stays. */
    uint32_t (*list)(void *state, void *context, void (*add)(void *context, const char *schema),
                     uint64_t deadline);

    void (*close)(void *state);
};

struct platen_monitor_options {
    uint32_t size; /* sizeof(struct platen_monitor_options); members beyond it take their default */

    /* Last-error and the winspool calls that the monitor makes (OpenPrinterW, SetJobW, GetJobW
     * ...). Copied. NULL: the module's own import table, which a loader may have filled; on Windows
     * NULL means the system's functions. */
    const PLATEN_IMPORTS *imports;

    /* The kinds of port, NULL-terminated; the tables must outlive the instance.
     * NULL: all that the library was built with. */
    const struct platen_backend *const *backends;

    /* UTF-8 folder under which file ports may write, copied; it may be reached through links, below
     * it none is followed. NULL: the registry value `FileRoot` of the monitor's root key (REG_SZ),
     * and without that value file ports are off: adding or opening one is ACCESS_DENIED. */
    const char *file_root;

    struct platen_clock *clock; /* NULL: the system's. Must outlive the instance. */

    /* Gets one line per event worth telling, already free of control characters. Called from any
     * thread, with no lock held. NULL: nowhere. */
    void (*log)(void *context, enum platen_log_level level, const char *text);
    void *log_context;

    /* Milliseconds, 0 takes the default: how long WritePort waits for a device that takes nothing
     * (45000), how long ReadPort waits (5000), how long StartDocPort may take (30000), and how long
     * EndDocPort waits for the last bytes (60000). Before the first goes the registry value
     * `TransmissionRetryTimeout` of the monitor's root key (REG_SZ, seconds; 0: for ever), which
     * Xcv's ConfigureLPTPortCommandOK sets. */
    uint32_t write_timeout;
    uint32_t read_timeout;
    uint32_t start_timeout;
    uint32_t drain_timeout;

    /* Who answers bidi requests about TCP/IP ports with SNMP, NULL-terminated; the tables must
     * outlive the instance. NULL: nobody. */
    const struct platen_provider *const *providers;

    /* UTF-8 folder below which command ports may run programs, copied. NULL: the registry value
     * `ProgramRoot` of the monitor's root key (REG_SZ), which is looked at if a stored port would
     * run a program; without it command ports are off: adding or opening one is ACCESS_DENIED.
     * Whoever may write below this folder, and whoever may store ports, chooses what runs with the
     * spooler's rights. */
    const char *program_root;
};

#if defined(__GNUC__)
#    pragma GCC visibility push(default) /* libplaten.so exports what is declared here */
#endif

/* Creates an instance, as InitializePrintMonitor2 does. `init` is not used after return, but for
 * the handles and the callback table that it names (R8). options NULL: all defaults. Returns the
 * function table (static, the same for all instances, valid as long as the module) and writes the
 * instance to *phMonitor; on failure returns NULL, sets the last-error, writes NULL to *phMonitor
 * and leaves nothing behind (R4). The instance ends with pfnShutdown(*phMonitor). */
LPMONITOR2 platen_monitor_create(PMONITORINIT init, const struct platen_monitor_options *options,
                                 PHANDLE phMonitor);

/* Adds a port that is not stored: `name` is a label, `uri` says where its bytes go, "null:",
 * "file:/path/out.prn", "sim:name" ...; NULL uri: by the name, as AddPort would.
 * 0, or: 6 not an instance; 183 the name exists; 123 bad name; 50 no such scheme; 87 bad option;
 * 5 and others: what the backend's check said. */
uint32_t platen_monitor_add_port(HANDLE hMonitor, const char *name, const char *uri);

#if defined(__GNUC__)
#    pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif
