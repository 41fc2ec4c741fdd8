/* SPDX-License-Identifier: MIT
 *
 * <platen/backend.h>: how to carry a port's bytes somewhere. A backend is one file that ends in one
 * `const struct platen_backend`, its only global symbol, and one line in backends/backends.def.
 *
 * The library keeps the contract (handles, states, buffers, last-error, jobs, time-outs that the
 * caller sees); a backend only moves bytes. It never sees a HANDLE, a MONITOR2 or a spooler.
 *
 * Text is UTF-8; an unpaired UTF-16 surrogate of a port or document name arrives as the three bytes
 * that UTF-8 would give its number. Names are data: a backend never hands one to a shell.
 *
 * Errors are Win32 codes (<platen/errors.h>), 0 for success. Each operation says which it may
 * return; what a system call said is translated once, where it was called.
 *
 * Deadlines are absolute times on the port's clock, in nanoseconds. An operation with a deadline
 * may block until then and never much longer; without one it does not block. PLATEN_FOREVER never
 * comes.
 *
 * Threads: for one `state` the library has at most one operation of the write side (start_doc,
 * write, drain, end_doc), one of the read side (read) and one question (control, bidi, bidi_list,
 * bidi_set) under way, possibly all three at once, and calls `cancel` beside them at any time.
 * `open` is the first call and `close` the last, with no other call under way. Different states are
 * independent. No lock of the library is held in any call.
 */
#ifndef PLATEN_BACKEND_H
#define PLATEN_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <platen/errors.h>
#include <platen/ioctl.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLATEN_FOREVER UINT64_MAX

/* Time, real or simulated. All members may be called from any thread. */
struct platen_clock {
    /* Nanoseconds since a fixed moment; never goes back. */
    uint64_t (*now)(struct platen_clock *clock);
    /* Sleeps while *word == seen, until `wake` is called for that word or `until` has come; may
     * also return for no reason. Change *word (atomically) before `wake`. */
    void (*wait)(struct platen_clock *clock, const uint32_t *word, uint32_t seen, uint64_t until);
    void (*wake)(struct platen_clock *clock, const uint32_t *word);
};

/* What a port can do; the library and `platen list backends` read it. */
enum platen_capability {
    PLATEN_CAN_READ = 0x1,      /* `read` moves bytes: there is a back channel */
    PLATEN_PER_JOB = 0x2,       /* has a port whose target comes with the job (DOC_INFO's output
                                 * file), as FILE:; the backend itself says 87 where it is missing */
    PLATEN_PRIVATE_OPENS = 0x4, /* each OpenPort is a private instance; jobs run in parallel */
    PLATEN_TOUCHES_FILES = 0x8, /* needs a file root; off in a loadable module unless switched on */

    /* The stored text of a port may be a serial line's settings ("9600,n,8,1,x") instead of a URI,
     * and clients read and change them as a COMMCONFIG. The library turns them into these settings,
     * which the backend has to have:
     *   baud            NUMBER
     *   bits            NUMBER, of data
     *   parity          none, even, odd, mark, space
     *   stop            1, 1.5, 2
     *   xon             BOOL: XON and XOFF, both ways
     *   cts, dsr        BOOL: output waits for this line
     *   idsr            BOOL: input without DSR is dropped
     *   dtr, rts        off, on, handshake; rts also toggle (on while bytes go out) */
    PLATEN_LINE_SETTINGS = 0x10,

    PLATEN_WANTS_OWNER = 0x20, /* jobs come with their user and machine: one GetJob for each */

    /* The job goes out in `drain`, which may take as long as printing does: IO_PENDING says there
     * that bytes have moved, and the time for draining begins anew. */
    PLATEN_SENDS_AT_END = 0x40,

    PLATEN_RUNS_PROGRAMS = 0x80, /* needs a program root; off in a loadable module, like files */

    /* Ports come when devices are plugged in: each EnumPorts asks `enumerate` for them. A port that
     * was listed stays listed; without its device its jobs fail. */
    PLATEN_PLUGGED = 0x100
};

enum platen_setting_type {
    PLATEN_SETTING_TEXT,
    PLATEN_SETTING_NUMBER, /* decimal, minimum..maximum */
    PLATEN_SETTING_BOOL    /* 0, 1, no, yes, false, true, off, on */
};

/* One setting of a port. The registry, URIs (`?key=value&...`), Xcv and `platen list -v` all read
 * this table; the library checks type and range before the backend sees a value. */
struct platen_setting {
    const char *key; /* NULL ends the table */
    enum platen_setting_type type;
    const char *default_value; /* never NULL */
    int64_t minimum;
    int64_t maximum;
    const char *help; /* one line, with the unit */
};

/* The numbers of a COMMTIMEOUTS in its order, in milliseconds: what SetPortTimeOuts brings, and the
 * control codes IOCTL_SERIAL_SET_TIMEOUTS and IOCTL_SERIAL_GET_TIMEOUTS. A read or a write of n
 * bytes may last n times the multiplier and the constant. */
enum platen_time {
    PLATEN_READ_INTERVAL, /* between two bytes; UINT32_MAX: not even that, what is there is enough
                           */
    PLATEN_READ_MULTIPLIER,
    PLATEN_READ_CONSTANT,
    PLATEN_WRITE_MULTIPLIER,
    PLATEN_WRITE_CONSTANT,
    PLATEN_TIMES
};

enum platen_log_level { PLATEN_LOG_DEBUG, PLATEN_LOG_INFO, PLATEN_LOG_WARNING, PLATEN_LOG_ERROR };

/* What `open` and `check` get; borrowed: copy what must outlive the call (clock and log stay). */
struct platen_port_setup {
    uint32_t size;         /* sizeof(struct platen_port_setup) */
    const char *port_name; /* as listed by EnumPorts */
    const char *target;    /* the URI's part after "scheme:", without the options; the port's name
                              for a port that has no URI */
    const char *const *values; /* one text per row of `settings`, checked, default filled in;
                                a BOOL is "0" or "1" */
    const char *file_root;     /* the folder under which files may be opened; NULL: none may */
    struct platen_clock *clock;
    void (*log)(void *context, enum platen_log_level level, const char *text); /* never NULL */
    void *log_context;
    const char *program_root; /* the folder below which programs may be run; NULL: none may */
};

/* What `start_doc` gets; borrowed. Members may be NULL but for `printer`. All of it is data. */
struct platen_doc {
    uint32_t size; /* sizeof(struct platen_doc) */
    uint32_t job_id;
    const char *printer;
    const char *name;        /* the document's title */
    const char *output_file; /* DOC_INFO's; device ports must ignore it (CVE-2010-2729) */
    const char *datatype;
    const char *user;    /* who printed and on which machine, with PLATEN_WANTS_OWNER and if the */
    const char *machine; /* spooler tells */
};

/* Given to `enumerate`: call `add` once per port that exists without anybody adding it. */
struct platen_enumeration {
    void (*add)(struct platen_enumeration *to, const char *port_name, const char *description);
};

/* A device that is there, for `discover`. Texts are "" where nothing is known, never NULL. */
struct platen_found {
    uint32_t size;   /* sizeof(struct platen_found) */
    const char *way; /* how it is reached, in CUPS's words: "direct", "serial" */
    const char *uri; /* a port that means it */
    const char *make_and_model;
    const char *info;      /* one line for people */
    const char *device_id; /* IEEE 1284, without its length */
    const char *port_name; /* the port's name that means it without a URI */
    const char *serial;    /* its serial number */
    uint16_t vendor;       /* USB's numbers; 0: none */
    uint16_t product;
};

/* Given to `discover`: call `add` once per device; it copies. */
struct platen_discovery {
    void (*add)(struct platen_discovery *to, const struct platen_found *found);
};

/* One backend. Mandatory members are marked (m); the rest may be NULL. */
struct platen_backend {
    uint32_t size;    /* (m) sizeof(struct platen_backend): members beyond it are taken as NULL */
    const char *name; /* (m) also its URI scheme: lower case letters, digits, '-' */
    const char *summary; /* (m) one line for `platen list backends` */
    uint32_t state_size; /* bytes of private state, allocated zeroed by the library, one per open */
    uint32_t capabilities;                 /* of enum platen_capability */
    const struct platen_setting *settings; /* NULL: none */

    /* (m) Ports that the conformance tests open, divided by blanks, each a URI of this backend or a
     * port name; a word in braces is replaced by something that they make: {file} a path in an
     * empty folder, {output} nothing in the name, but jobs carry a path in an empty folder as their
     * output file, {sink} the host and port of a TCP printer, {lpr} those of an LPR server, {tty}
     * the path of a serial line, {program} the path of a program with the option `args`, which
     * keeps its standard input.
     * Where such a word stands, the tests compare what arrived there byte for byte. What else
     * stands in braces is a failure of the tests: tests/backends/trial.c is the place to add it. */
    const char *example;

    /* How surely is a port of this name (without a URI) ours? 0 not at all, 1 if nobody else wants
     * it, 2 it has our form, 3 it is exactly our name. Pure: touches nothing. (m) */
    unsigned (*claims)(const char *port_name);

    /* Could this port be opened, by its syntax and root? For PortIsValid and AddPort. Creates
     * nothing and opens no target. May return FILE_NOT_FOUND, PATH_NOT_FOUND, ACCESS_DENIED,
     * INVALID_NAME, ... Nothing may rest on its answer later: open and start_doc look again. */
    uint32_t (*check)(const struct platen_port_setup *setup);

    /* Adds the ports that are simply there (`NUL:`, plugged-in devices). */
    void (*enumerate)(struct platen_enumeration *to);

    /* (m) OpenPort. Does what must precede any I/O and never waits for a device. On failure the
     * state is not used again and `close` is not called. */
    uint32_t (*open)(void *state, const struct platen_port_setup *setup);

    /* (m) StartDocPort: connects, opens, locks; keeps others out until end_doc where the system can
     * (R36). On failure nothing is kept and end_doc is not called (R33). */
    uint32_t (*start_doc)(void *state, const struct platen_doc *doc, uint64_t deadline);

    /* (m) WritePort inside a job. Moves 1..size bytes as soon as it can and reports how many in
     * *moved (0 <= *moved <= size, set on every return); 0 bytes only with an error:
     * TIMEOUT when the deadline came, OPERATION_ABORTED after `cancel`, else what went wrong.
     * *moved may be positive with an error: those bytes are gone all the same. size > 0. */
    uint32_t (*write)(void *state, const void *data, uint32_t size, uint64_t deadline,
                      uint32_t *moved);

    /* ReadPort, in or out of a job: up to size bytes of the back channel. Nothing there by the
     * deadline is success with 0. NULL: no back channel, ReadPort fails with 6 (R48). */
    uint32_t (*read)(void *state, void *data, uint32_t size, uint64_t deadline, uint32_t *moved);

    /* (m) EndDocPort: makes sure of the bytes (flush, drain) unless `abandoned`, and releases what
     * start_doc took, whatever it returns. An error means: the job cannot be called printed. Where
     * `drain` has returned 0 nothing is left to wait for; where it never has, end_doc waits itself,
     * and says at the deadline what the job has come to. */
    uint32_t (*end_doc)(void *state, bool abandoned, uint64_t deadline);

    /* (m) ClosePort. The last call for the state. Does not wait. */
    void (*close)(void *state);

    /* Makes start_doc, write, drain and end_doc that are under way, and later ones of this job,
     * return OPERATION_ABORTED soon (50 ms). Any thread, any time between open and close. Where
     * there is `set_timeouts`, it ends a `read` too, which then is success with what has come. */
    void (*cancel)(void *state);

    /* The times for later calls. A multiplier and a constant that are both 0 leave what there is,
     * unless the interval is UINT32_MAX: then reads do not wait. The library's deadlines follow
     * from the same times, but for the interval; so it is a backend that waits between two bytes
     * that has this. Such a one says by itself when a read is over, at the deadline at the latest;
     * otherwise the library comes again until the time is up, or something has come. */
    uint32_t (*set_timeouts)(void *state, const uint32_t times[PLATEN_TIMES]);

    /* GetPrinterDataFromPort: one of the IOCTL_ codes of <platen/ioctl.h>. in_size is what the code
     * takes (more for vendor commands), out_size at least what it gives; *returned <= out_size is
     * set on every return. INVALID_PARAMETER for a code that is not known; INSUFFICIENT_BUFFER for
     * a buffer that the device's answer does not fit into. Answers within seconds, whatever the
     * device does. Several forms of one question are the library's to make, and a backend only
     * answers these:
     *   IOCTL_PAR_QUERY_DEVICE_ID    the IEEE 1284 id as text, without length bytes; a NUL at its
     *                                end may be missing
     *   IOCTL_PAR_QUERY_INFORMATION  1 byte, PARALLEL_ bits
     *   IOCTL_USBPRINT_SOFT_RESET    nothing in, nothing out
     *   IOCTL_SERIAL_...             those about time-outs may be left to the library, which then
     *                                calls set_timeouts
     *   IOCTL_IEEE1284_..., IOCTL_PAR_SET_READ_ADDRESS, IOCTL_PAR_SET_WRITE_ADDRESS,
     *   IOCTL_PAR_GET_DEVICE_CAPS, IOCTL_PAR_GET_DEFAULT_MODES, IOCTL_USBPRINT_VENDOR_...
     * The library gets from them IOCTL_PAR_QUERY_DEVICE_ID_SIZE, IOCTL_PAR_QUERY_RAW_DEVICE_ID,
     * IOCTL_USBPRINT_GET_1284_ID, IOCTL_USBPRINT_GET_LPT_STATUS, IOCTL_PAR_SET_INFORMATION,
     * IOCTL_PAR_IS_PORT_FREE and IOCTL_PAR_QUERY_LOCATION. */
    uint32_t (*control)(void *state, uint32_t code, const void *in, uint32_t in_size, void *out,
                        uint32_t out_size, uint32_t *returned);

    /* SendRecvBidiDataFromPort, one value at a time: the text of a schema's value into `value`
     * (NUL-terminated, at most `size` bytes); BIDI_SCHEMA_NOT_SUPPORTED for what is not known. A
     * schema is the full name of a value, "\Printer.DeviceInfo:ModelName"; a number is decimal, a
     * BOOL "true" or "false". What `control` answers, the id and the status, gives its values
     * without this. */
    uint32_t (*bidi)(void *state, const char *schema, char *value, size_t size);

    /* EndDocPort of a job that is not abandoned, before end_doc: 0 when all bytes are safe, TIMEOUT
     * when they are not yet; it is called again then, until the time for draining is over. So the
     * library can ask between the calls whether the job is still wanted (R55). IO_PENDING is the
     * same for a backend that PLATEN_SENDS_AT_END, and says that bytes have moved since the last
     * call. After another error the job is abandoned. The first call says that no more writes come.
     * NULL: end_doc does not wait for long. */
    uint32_t (*drain)(void *state, uint64_t deadline);

    /* Calls `add` for each schema that `bidi` would answer now; it is copied. A name that is listed
     * comes back to `bidi` and `bidi_set` as it was written here. NULL: only names of the schema
     * table (contract 6) are asked for, and none is listed. */
    uint32_t (*bidi_list)(void *state, void *context,
                          void (*add)(void *context, const char *schema));

    /* Sets a value, whose text is as `bidi` has it. BIDI_SCHEMA_NOT_SUPPORTED, or
     * BIDI_SCHEMA_READ_ONLY. NULL: nothing can be set. */
    uint32_t (*bidi_set)(void *state, const char *schema, const char *value);

    /* Tells of each device that is there, whether or not there is a port for it. Opens none. */
    void (*discover)(struct platen_discovery *to);
};

#if defined(__GNUC__)
#    pragma GCC visibility push(default) /* libplaten.so exports what is declared here */
#endif

/* The backends that the library was built with, in the order of backends.def, NULL-terminated.
 * Static. */
const struct platen_backend *const *platen_backends(void);

#if defined(__GNUC__)
#    pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif
