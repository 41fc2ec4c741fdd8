/* SPDX-License-Identifier: MIT
 *
 * <platen/spooler.h>: a print spooler that drives port monitors, as Windows' does, without being
 * one: for tests of monitors, for the `platen` command, and for emulators that need queues and
 * jobs.
 *
 * A spooler holds a registry, monitors (each loaded from a file, or an instance that the caller
 * brings), printers that are bound to ports, and jobs. Each port in use has a lane: one thread that
 * makes all job calls for that port, in order. All calls to a monitor pass through one runner,
 * where they can be observed. What the spooler does when a call fails is a table with profiles:
 * platen_reactions.
 *
 * Results: 0 or a Win32 code (<platen/errors.h>). Out-parameters are written on every path. Text is
 * UTF-8 (an unpaired surrogate of UTF-16 takes the three bytes of its number).
 *
 * Ownership: what a call returns through a pointer to const belongs to the spooler and lives until
 * the named object ends; what it fills in belongs to the caller.
 *
 * Threads: any function from any thread, except platen_spooler_destroy, which must be the last.
 * Events of a job come one at a time, most of them on the lane's thread: QUEUED comes on the thread
 * that submits, the ENDED of a job that never started on the thread that cancels, that of one whose
 * completion was awaited on the thread that completes it or waits for it, findings and port states
 * on the thread that caused them. PAUSED, RESUMED and RESTARTED come on the thread that gave the
 * order, at once, and so perhaps beside one of the lane's. ENDED comes before platen_job_wait
 * returns. A handler may
 * call anything here but must not wait for a job and must not destroy the spooler.
 */
#ifndef PLATEN_SPOOLER_H
#define PLATEN_SPOOLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <platen/backend.h>
#include <platen/errors.h>
#include <platen/winsplp.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#    pragma GCC visibility push(default) /* libplaten-spooler.so exports what is declared here */
#endif

typedef struct platen_spooler platen_spooler;
typedef struct platen_registry platen_registry;

/* ---- events ------------------------------------------------------------------------------- */

enum platen_event_kind {
    PLATEN_EVENT_JOB_QUEUED,
    PLATEN_EVENT_JOB_STARTED,  /* StartDocPort said TRUE */
    PLATEN_EVENT_JOB_PROGRESS, /* after WritePort; not more often than every 100 ms per job */
    PLATEN_EVENT_JOB_TROUBLE,  /* a call failed and the job goes on trying; see error and slot */
    PLATEN_EVENT_JOB_ENDED,    /* see state and error */
    PLATEN_EVENT_PORT_STATUS,  /* SetPort level 3: status, severity, text */
    PLATEN_EVENT_FINDING,      /* the monitor did what it should not have done: text */
    PLATEN_EVENT_LOG,          /* something worth telling: text */
    PLATEN_EVENT_JOB_PAUSED,   /* somebody paused it */
    PLATEN_EVENT_JOB_RESUMED,  /* and let it go on */
    PLATEN_EVENT_JOB_RESTARTED /* it will be printed from its first byte, as QUEUED */
};
#define PLATEN_EVENT_KINDS (PLATEN_EVENT_JOB_RESTARTED + 1)

enum platen_job_state {
    PLATEN_JOB_QUEUED,
    PLATEN_JOB_PRINTING,  /* a lane has it; or EndDocPort said TRUE and its completion is awaited */
    PLATEN_JOB_PRINTED,   /* EndDocPort said TRUE; see platen_spooler_options about completion */
    PLATEN_JOB_FAILED,    /* see error */
    PLATEN_JOB_CANCELLED, /* error is TIMEOUT if it was for its time limit */
    PLATEN_JOB_PAUSED     /* queued, or held in the middle of its bytes: not ended */
};

struct platen_event {
    enum platen_event_kind kind;
    uint32_t job_id;      /* 0: none */
    const char *printer;  /* NULL: none; like all text here borrowed for the call */
    const char *port;     /* NULL: none */
    const char *document; /* NULL: none */
    enum platen_job_state state;
    uint64_t bytes;    /* accepted by the port so far */
    uint64_t size;     /* of the document; UINT64_MAX when not known */
    uint32_t error;    /* Win32 code */
    const char *slot;  /* the function that failed: "WritePort" */
    uint32_t status;   /* PORT_STATUS_... */
    uint32_t severity; /* PORT_STATUS_TYPE_... */
    const char *text;  /* made printable; NULL: none */
};

/* ---- reactions ---------------------------------------------------------------------------- */

/* What the spooler does when something happens to a job: one row per profile, function and
 * condition. The spooler reads this table and nothing else.
 *
 * A job that goes to the next port keeps its place; if no port of its printer is left that has not
 * refused it, it fails with what the last one said. */
struct platen_reaction {
    const char *id;        /* "windows.WRITE_SHORT" */
    const char *profile;   /* "windows", "wine", "strict" */
    const char *slot;      /* the function: "WritePort"; "job" for what no function said */
    const char *condition; /* "TRUE with fewer bytes" */
    const char *action;    /* "again": the words of platen_reaction_action_text */
    const char *strength;  /* "MUST", "SHOULD", "OBSERVED" (seen in a real spooler) */
    const char *source;    /* a rule ("R99") or a section ("contract 3.3") */
};
/* All rows of all profiles, in their order. Static. */
const struct platen_reaction *platen_reactions(size_t *count);
/* What the word of an action means, in a sentence; NULL for a word that is none. */
const char *platen_reaction_action_text(const char *action);

/* ---- life --------------------------------------------------------------------------------- */

/* When a port is opened (D6); it is closed with the last printer on it. */
enum platen_open_mode {
    PLATEN_OPEN_FIRST_JOB, /* with its first job */
    PLATEN_OPEN_CONNECTED, /* when a printer is bound to it; again with a job if that failed */
    PLATEN_OPEN_AT_START   /* every port that a monitor lists, as soon as the monitor is there; it
                              stays open until the monitor goes. Ports that are added later as
                              CONNECTED. A language monitor takes such a port over with its first
                              job. DeletePort closes it first, and opens it again if it is
                              refused. */
};

/* Completion (R105): SetJob 6 completes a job whose calls go to the port monitor, SetJob 7 one
 * whose calls go to a language monitor; either may come at any time and from any thread, and shows
 * as JOB_STATUS_COMPLETE. Without a language monitor EndDocPort decides: TRUE is printed, completed
 * or not (in the profile `strict` it must be completed). With one the job stays PRINTING after
 * EndDocPort, while its lane goes on to the next, until it is completed; but no longer than two
 * minutes on the spooler's clock: what happens then is a row of the reactions. */
struct platen_spooler_options {
    uint32_t size;             /* sizeof(struct platen_spooler_options) */
    const char *server_name;   /* MONITORINIT's pszServerName; NULL: none */
    bool cluster;              /* MONITORINIT's bLocal is FALSE */
    platen_registry *registry; /* borrowed, must outlive the spooler; NULL: one of its own, empty */
    struct platen_clock *clock; /* NULL: the system's */
    uint32_t chunk;             /* bytes per WritePort; 0: 65536 */
    uint32_t retries;           /* how often an unsent rest is offered again after WritePort said
                                   FALSE with a code that may pass; default 0: the job fails */
    void (*on_event)(void *context, const struct platen_event *event); /* NULL: none */
    void *event_context;
    const char *profile; /* of the reactions: "windows" (also NULL), "wine", "strict" */
    enum platen_open_mode open_mode;
    uint64_t job_timeout; /* nanoseconds for a job whose document says nothing; 0: no limit */
};

/* options NULL: all defaults. NOT_ENOUGH_MEMORY; INVALID_PARAMETER (no such profile). */
uint32_t platen_spooler_create(const struct platen_spooler_options *options,
                               platen_spooler **spooler);
/* Cancels what is queued, lets what is printing end as cancelled, closes all ports and Xcv handles,
 * shuts the monitors down in the order of R119 and unloads their modules. NULL is fine. */
void platen_spooler_destroy(platen_spooler *spooler);

/* The table that monitors off Windows get: last-error of this process and the winspool calls, which
 * mean the spooler of the calling lane. Static. Also for platen_monitor_options.imports. */
const PLATEN_IMPORTS *platen_spooler_imports(void);

/* ---- monitors ----------------------------------------------------------------------------- */

/* What InitializePrintMonitor2 is. */
typedef LPMONITOR2(WINAPI *platen_monitor_entry)(PMONITORINIT init, PHANDLE monitor);

/* Loads the module at `path`, fills its import table, calls its DllMain (if it has one) and
 * InitializePrintMonitor2, and checks the table it returns (R2, R86, R87). `name` is the monitor's
 * name: the key under System\CurrentControlSet\Control\Print\Monitors, and what XcvMonitor means.
 * On failure nothing stays behind and *complaint (may be NULL) receives a sentence to be freed with
 * platen_free. FILE_NOT_FOUND, BAD_EXE_FORMAT, MOD_NOT_FOUND, PROC_NOT_FOUND (no entry point),
 * INVALID_PRINT_MONITOR (table), ALREADY_EXISTS (name), or what the monitor's init set. */
uint32_t platen_spooler_load(platen_spooler *spooler, const char *name, const char *path,
                             char **complaint);
/* The same for a monitor that is linked into the program. Off Windows its last-error and winspool
 * calls must be the spooler's: give platen_spooler_imports() to platen_monitor_create, or copy it
 * to the program's platen_module_imports. */
uint32_t platen_spooler_attach(platen_spooler *spooler, const char *name,
                               platen_monitor_entry entry, char **complaint);
/* The same two for a language monitor: its table must have OpenPortEx, StartDocPort, WritePort,
 * ReadPort, EndDocPort and ClosePort. It has no ports; platen_printer_create puts it over one.
 * Port and language monitors share one space of names. A port monitor that has OpenPortEx too may
 * serve as both. */
uint32_t platen_spooler_load_language(platen_spooler *spooler, const char *name, const char *path,
                                      char **complaint);
uint32_t platen_spooler_attach_language(platen_spooler *spooler, const char *name,
                                        platen_monitor_entry entry, char **complaint);
/* Closes its ports, calls Shutdown, and unloads the module; the name is free then. BUSY while a
 * printer is bound to one of its ports or uses it as its language monitor, or an Xcv handle is
 * open. UNKNOWN_PRINT_MONITOR. Not from an event handler. */
uint32_t platen_spooler_unload(platen_spooler *spooler, const char *monitor);
/* The instance handle that init returned (R90), for what goes past the spooler's own functions.
 * UNKNOWN_PRINT_MONITOR. */
uint32_t platen_spooler_monitor(platen_spooler *spooler, const char *name, HANDLE *instance,
                                const MONITOR2 **table);

/* One port as EnumPorts gave it. */
struct platen_port {
    const char *name;
    const char *monitor;     /* the name given to load or attach */
    const char *description; /* pDescription, or "" */
    uint32_t type;           /* fPortType */
};
/* All ports of all monitors, or of one (monitor NULL: all), in their order. Free with platen_free:
 * it is one block. Errors: what EnumPorts set. */
uint32_t platen_spooler_ports(platen_spooler *spooler, const char *monitor,
                              struct platen_port **ports, size_t *count);

/* ---- Xcv ---------------------------------------------------------------------------------- */

typedef struct platen_xcv platen_xcv;

/* object: ",XcvMonitor NAME" or ",XcvPort NAME" (contract 4.1). `granted` is what the caller was
 * granted (R110). UNKNOWN_PRINT_MONITOR, UNKNOWN_PORT, INVALID_PRINTER_NAME, or the monitor's. */
uint32_t platen_xcv_open(platen_spooler *spooler, const char *object, uint32_t granted,
                         platen_xcv **xcv);
/* One XcvDataPort. The return value says whether the call reached the monitor; *status is what the
 * monitor answered (R112). DeletePort of a port that a printer uses or that is open is answered
 * here with BUSY and never reaches the monitor (R114). needed may be NULL. */
uint32_t platen_xcv_data(platen_xcv *xcv, const char *name, const void *input, uint32_t input_size,
                         void *output, uint32_t output_size, uint32_t *needed, uint32_t *status);
void platen_xcv_close(platen_xcv *xcv);

/* ---- printers and jobs -------------------------------------------------------------------- */

/* A print queue on a port. The port is opened as open_mode says and stays open across jobs.
 * UNKNOWN_PORT, ALREADY_EXISTS, INVALID_PRINTER_NAME (empty, with ',' or '\'). */
uint32_t platen_printer_add(platen_spooler *spooler, const char *name, const char *port);
/* A queue on several ports, or with a language monitor. A job goes to the first port of the list
 * that is free; jobs of one printer are begun in their order, but for one that every free port has
 * refused, which lets others pass. A port may serve several printers: the oldest job comes first.
 *
 * The language monitor's OpenPortEx takes the place of OpenPort (R118). A port is open on one way
 * only, through one language monitor or none: a job that wants another has it closed and opened
 * anew (R92). With `bidi` off the language monitor gets OpenPortEx and, at once, ClosePort; then
 * the port monitor's own OpenPort follows and has all calls of the jobs. The documents do not say
 * which handle Windows uses there (contract 10.2, point 7): this reading gives the port monitor a
 * handle of its own, and never two for one name. */
struct platen_printer_options {
    uint32_t size;            /* sizeof(struct platen_printer_options) */
    const char *const *ports; /* names; one to 64, none twice */
    uint32_t port_count;
    const char *language; /* the name given to load_language or attach_language; NULL: none */
    bool bidi;            /* PRINTER_ATTRIBUTE_ENABLE_BIDI; means nothing without a language */
};
/* As platen_printer_add; UNKNOWN_PRINT_MONITOR (language), INVALID_PRINT_MONITOR (it has no
 * OpenPortEx), INVALID_PARAMETER (no port, too many, one twice). */
uint32_t platen_printer_create(platen_spooler *spooler, const char *name,
                               const struct platen_printer_options *options);
/* From the next job on. INVALID_PRINTER_NAME. */
uint32_t platen_printer_set_bidi(platen_spooler *spooler, const char *name, bool bidi);
/* BUSY while it has jobs. Closes the ports that no other printer uses. */
uint32_t platen_printer_delete(platen_spooler *spooler, const char *name);
/* Holds the queue, so that jobs can be submitted beforehand; and lets it go again. */
uint32_t platen_printer_hold(platen_spooler *spooler, const char *name, bool hold);

/* What GetPrinter says of a printer. */
struct platen_printer_info {
    uint32_t status;      /* PRINTER_STATUS_... of all its ports, of its queue and its jobs */
    uint32_t jobs;        /* that have not ended */
    uint32_t ports;       /* 0: a name that OpenPrinter knows, and nothing else */
    bool bidi;            /* a language monitor has its calls */
    uint32_t port_status; /* of the port in the worst trouble, as SetPort level 3 told it */
    uint32_t severity;    /* PORT_STATUS_TYPE_...; 0: none */
    char text[128];       /* made printable; "": none was told */
};
/* What SetPort tells of a port shows at once. INVALID_PRINTER_NAME. */
uint32_t platen_printer_query(platen_spooler *spooler, const char *name,
                              struct platen_printer_info *info);
/* The bits of such a status with their words ("paper-out"), in their order; NULL at the end. */
struct platen_printer_state {
    uint32_t bit;
    const char *word;
};
const struct platen_printer_state *platen_printer_state_at(size_t index);
/* NULL: none. */
const char *platen_printer_state_word(uint32_t bit);

/* SetPort level 3, as monitors and programs with administrative rights call it: PORT_STATUS_...,
 * PORT_STATUS_TYPE_... (0 with status 0, which clears it), a text instead or NULL. UNKNOWN_PORT;
 * INVALID_PARAMETER (severity). */
uint32_t platen_spooler_set_port(platen_spooler *spooler, const char *port, uint32_t status,
                                 uint32_t severity, const char *text);

/* The next three lead to a monitor's functions. They run on the lane of a port of the printer,
 * between jobs (R102), and open the port if it is not: TIMEOUT if none was free for 15 seconds on
 * the spooler's clock. BUSY in event handlers, which may not wait. INVALID_PRINTER_NAME; what
 * opening the port said; NOT_SUPPORTED where the monitor lacks the function. */

/* GetPrinterData. The language monitor is asked (GetPrinterDataFromPort with ControlID 0, R116), if
 * the printer has one and bidi is on; what it says is stored, as REG_BINARY, below
 * HKEY_LOCAL_MACHINE\System\CurrentControlSet\Control\Print\Printers\NAME\PrinterDriverData in the
 * registry. If it says nothing, or a job has the port, what is stored is the answer. *size is the
 * room in, the size out; MORE_DATA; else what the monitor said, or FILE_NOT_FOUND. */
uint32_t platen_printer_data(platen_spooler *spooler, const char *printer, const char *value,
                             uint32_t *type, void *data, uint32_t *size);
/* GetPrinterDataFromPort with another ControlID, an IOCTL_..., to the language monitor or, without
 * one, the port monitor. *returned is what it said on failure, too. */
uint32_t platen_printer_control(platen_spooler *spooler, const char *printer, uint32_t control,
                                const void *in, uint32_t in_size, void *out, uint32_t room,
                                uint32_t *returned);
/* SendRecvBidiDataFromPort, for what IBidiSpl would do: to the language monitor or, without one or
 * with bidi off, the port monitor. `access` is BIDI_ACCESS_... *response may come with an error
 * (BIDI_STATUS_WARNING); free it with platen_bidi_free. NULL is fine there. */
uint32_t platen_printer_bidi(platen_spooler *spooler, const char *printer, uint32_t access,
                             const char *action, BIDI_REQUEST_CONTAINER *request,
                             BIDI_RESPONSE_CONTAINER **response);
void platen_bidi_free(BIDI_RESPONSE_CONTAINER *response);

/* PowerEvent of all monitors that have it; `event` as WM_POWERBROADCAST numbers them: 4 the machine
 * goes to sleep, 7 and 18 it is awake again. Monitors with NotifyUsedPorts and NotifyUnusedPorts
 * learn of their own accord when printers are bound to their ports and when none is any more. In
 * the profile `wine` none of the three is called. */
void platen_spooler_power(platen_spooler *spooler, uint32_t event);

/* Where a document's bytes come from. Exactly one of path, data, read_at. */
struct platen_document {
    uint32_t size;           /* sizeof(struct platen_document) */
    const char *title;       /* pDocName; NULL: the last part of the path, or "document" */
    const char *output_file; /* pOutputFile; NULL: none */
    const char *datatype;    /* pDatatype; NULL: "RAW" */
    const char *path;        /* a file, opened when the job is submitted; "-" is standard input,
                                spooled to a nameless file first if it is not a regular file */
    const void *data;        /* memory, borrowed until the job has ended */
    uint64_t data_size;
    /* Called on the lane's thread: up to `size` bytes from `offset` on; 0 bytes at the end. */
    uint32_t (*read_at)(void *context, uint64_t offset, void *to, uint32_t size, uint32_t *moved);
    void *read_context;
    uint64_t timeout; /* nanoseconds from its first way to a port until it has ended, pauses and
                         restarts included; 0: platen_spooler_options.job_timeout. Over it a job is
                         cancelled, with the error TIMEOUT */
    bool lasting;     /* `data`, or what `read_at` needs, stays until platen_job_forget, not only
                         until the job has ended: it may be restarted then */
};

/* Queues a job. Strings are copied. *job_id > 0 on success, 0 otherwise. INVALID_PRINTER_NAME;
 * for a path what opening it said. */
uint32_t platen_job_submit(platen_spooler *spooler, const char *printer,
                           const struct platen_document *document, uint32_t *job_id);

struct platen_job_info {
    uint32_t id;
    enum platen_job_state state;
    uint32_t status;    /* JOB_STATUS_... as GetJob would say */
    uint32_t error;     /* why it failed, TIMEOUT if its time was over; 0 otherwise */
    const char *slot;   /* the function that failed, or NULL; static text */
    uint64_t bytes;     /* accepted by the port */
    uint64_t size;      /* UINT64_MAX when not known */
    uint64_t queued_at; /* nanoseconds on the spooler's clock; 0: not yet */
    uint64_t started_at;
    uint64_t ended_at;
    uint32_t completions; /* how many SetJob commands 6 or 7 the monitor sent for it */
    uint32_t writes;      /* WritePort calls made */
    uint32_t starts;      /* StartDocPort calls that said TRUE */
};
/* INVALID_PARAMETER for an unknown id. Jobs stay known until platen_job_forget. */
uint32_t platen_job_query(platen_spooler *spooler, uint32_t job_id, struct platen_job_info *info);
/* Waits for the job's end, at most until `deadline` on the spooler's clock: TIMEOUT then. Job id 0:
 * until no job is queued or printing. */
uint32_t platen_job_wait(platen_spooler *spooler, uint32_t job_id, uint64_t deadline,
                         struct platen_job_info *info);
/* A queued job never starts; a printing one gets no more WritePort and then EndDocPort (R95). The
 * monitor learns of it through GetJob alone. Returns at once. */
uint32_t platen_job_cancel(platen_spooler *spooler, uint32_t job_id);

/* The numbers of SetJob's commands, which monitors send (contract 1.8). */
enum platen_job_command {
    PLATEN_JOB_PAUSE = 1, /* queued: others pass it; printing: no more WritePort, it keeps its port
                             until it goes on */
    PLATEN_JOB_RESUME,
    PLATEN_JOB_CANCEL,  /* platen_job_cancel */
    PLATEN_JOB_RESTART, /* from the first byte, by a new StartDocPort with the same id. Printing: it
                           gets EndDocPort first, and JOB_STATUS_RESTART meanwhile. Ended: if its
                           document is still there, at the end of its queue */
    PLATEN_JOB_DELETE   /* as CANCEL; one that has ended gives up its document, and monitors see it
                           no more */
};
/* At any point of a job, returns at once. INVALID_PARAMETER: no such job or command, PAUSE or
 * RESUME of one that has ended, RESTART of one that is being cancelled. FILE_NOT_FOUND: RESTART of
 * one that has ended and whose document is gone. INVALID_PRINTER_NAME: or whose printer is gone.
 *
 * What is printed again after its end: a path is opened anew, and printed as the file is then; the
 * last 256 documents that had to be spooled are kept; `lasting` memory and functions are read
 * again; other memory and functions are gone. */
uint32_t platen_job_control(platen_spooler *spooler, uint32_t job_id,
                            enum platen_job_command command);
void platen_job_forget(platen_spooler *spooler, uint32_t job_id);

/* ---- registry ----------------------------------------------------------------------------- */

/* A tree of keys and values in memory, as monitors see it through MONITORREG: names keep their case
 * and compare without it, "\" divides keys, "/" does not. Everything from any thread. */
uint32_t platen_registry_create(platen_registry **registry);
void platen_registry_destroy(platen_registry *registry);

/* Reads regedit's text format ("Windows Registry Editor Version 5.00", UTF-16 with BOM or UTF-8;
 * REGEDIT4 too) into the tree, whole or not at all. *complaint (may be NULL): NULL, or
 * "file:line:column: what", made printable; free with platen_free. A file that does not exist is
 * FILE_NOT_FOUND, one over 64 MiB FILE_TOO_LARGE, one that is not understood INVALID_DATA. */
uint32_t platen_registry_load(platen_registry *registry, const char *path, char **complaint);
/* Writes the tree as regedit exports it, replacing the file whole or not at all. */
uint32_t platen_registry_save(platen_registry *registry, const char *path);
/* Has anything changed since it was made, loaded or saved? */
bool platen_registry_changed(platen_registry *registry);

/* For programs and tests: `key` is a full path, "HKEY_LOCAL_MACHINE\\System\\...". Set makes
 * missing keys. INVALID_NAME: the path begins with none of the five roots or their abbreviations, a
 * part is empty or too long or holds a line break. Get: *size is the room in, the size out;
 * MORE_DATA, FILE_NOT_FOUND. Delete: value NULL deletes the key with all below it, "" its default
 * value. */
uint32_t platen_registry_set(platen_registry *registry, const char *key, const char *value,
                             uint32_t type, const void *data, uint32_t size);
uint32_t platen_registry_get(platen_registry *registry, const char *key, const char *value,
                             uint32_t *type, void *data, uint32_t *size);
uint32_t platen_registry_delete(platen_registry *registry, const char *key, const char *value);

/* ---- simulated printers ------------------------------------------------------------------- */

/* A printer for tests: it listens on TCP as raw printers do on port 9100, takes every connection as
 * one job, and misbehaves as it is told. All devices of a process share one thread with one libuv
 * loop, made with the first and ended with the last of them: two hundred at once are fine.
 *
 * A job is whole when the client ended its side of the connection and every byte it had sent was
 * read. The device closes only after that, so that whoever waits for its TCP to be acknowledged is
 * told the truth. TCP does not tell whether the client has closed or shut down its side alone.
 * A client that resets the connection before the device has seen its end has not ended it.
 *
 * Everything is bounded: memory by a buffer of 64 KiB and 1 MiB of unsent answers per connection
 * and `at_once` connections, time by `limit` for the whole of a connection, however it trickles. */
typedef struct platen_device platen_device;

/* How a connection ended. */
enum platen_device_end {
    PLATEN_DEVICE_CLOSED,    /* the client ended its side, all before that was read: a whole job */
    PLATEN_DEVICE_RESET,     /* the client or the network broke it */
    PLATEN_DEVICE_CUT,       /* the device closed or reset it as it was told to */
    PLATEN_DEVICE_STALLED,   /* the device was not reading, and the limit or the end of the device
                                came, or the client broke it */
    PLATEN_DEVICE_TIMED_OUT, /* the limit came while the device was reading */
    PLATEN_DEVICE_TOO_LARGE, /* more than `largest` came */
    PLATEN_DEVICE_STOPPED    /* the device ended */
};

struct platen_device_job {
    uint32_t number; /* 1, 2, ... in the order of the connections */
    enum platen_device_end end;
    bool whole;
    uint64_t bytes;    /* received */
    uint64_t answered; /* bytes of answers that the system took */
    char sha256[65];   /* of what was received, in hexadecimal */
    char client[64];   /* "127.0.0.1:40000", "[::1]:40000" */
    char file[32];     /* what it is called in the folder `keep`; "": it is not there */
    uint32_t error;    /* why it is not there */
    uint64_t begun;    /* nanoseconds since 1970 */
    uint64_t first;    /* nanoseconds since it was begun, until the first byte came; 0: none came */
    uint64_t last;     /* until the last one came */
    uint64_t ended;
    /* By a printer that knows PJL: what its jobs' data was, apart from what frames it. */
    bool pjl;
    uint64_t payload; /* bytes of data ... */
    char payload_sha256[65];
    uint64_t framing;   /* ... and of commands and universal exits */
    uint32_t printed;   /* jobs that were begun in this connection */
    uint64_t pages;     /* of these */
    char commands[512]; /* the beginning of the framing; odd bytes are question marks */
    char queue[64];     /* of an LPR server: which the client named; cut to fit */
};

/* How a device treats a job. All zero: as a good printer. The parts may be combined; N bytes are
 * bytes of the job, and are kept to exactly. */
struct platen_device_manner {
    uint32_t size; /* sizeof(struct platen_device_manner) */
    uint32_t jobs; /* so for the next N connections, then as a good printer; 0: always so */
    uint64_t rate; /* reads no more than so many bytes a second; 0: all that comes */
    bool stall;    /* stops reading after stall_after bytes */
    uint64_t stall_after;
    uint64_t stall_for; /* nanoseconds, then it reads on; 0: for ever */
    bool reset;         /* resets the connection after reset_after bytes */
    uint64_t reset_after;
    bool close; /* closes it after close_after bytes; what is unread is lost, and TCP tells
                   the client with a reset */
    uint64_t close_after;
    uint64_t close_late; /* nanoseconds that it keeps the connection after the client's end; with
                            PLATEN_FOREVER until the limit */
    /* What it answers; NULL: nothing. Lines of text; from "#" on comment:
     *   at start "TEXT"        once the connection is there
     *   after N "TEXT"         once N bytes have come
     *   on "BYTES" "TEXT"      each time these bytes have come
     *   at end "TEXT"          once the client has ended its side
     * with \" \\ \r \n \t \e \f \0 and \xHH. At most 64 lines, 256 bytes to look for, 64 KiB each
     * to answer. Answers that a client does not take are not made beyond 1 MiB. */
    const char *answers;
};

/* What a printer that knows PJL says of itself, now. */
struct platen_device_state {
    uint32_t code; /* 10001 is ready */
    char display[64];
    bool online;
    bool takes; /* the data of jobs */
};

struct platen_device_options {
    uint32_t size;       /* sizeof(struct platen_device_options) */
    const char *address; /* to listen on, in numbers; NULL: 127.0.0.1 */
    uint16_t port;       /* 0: any that is free */
    bool refuse;         /* the port is taken but nobody listens: connections are refused */
    bool deaf;           /* connections are never answered: to connect takes for ever. Linux only,
                            NOT_SUPPORTED elsewhere */
    uint32_t jobs;       /* stops listening after so many connections; 0: never */
    uint32_t at_once;    /* connections at once, others wait; 0: 256 */
    uint64_t limit;      /* nanoseconds for a whole connection; 0: ten minutes */
    uint64_t largest;    /* bytes of a job, then it is reset; 0: no limit */
    uint32_t window;     /* bytes that the system may hold unread (SO_RCVBUF); 0: the system's own
                            choice, but 16 KiB where the manner is slow or stalls */
    const struct platen_device_manner *manner; /* borrowed for the call; NULL: a good printer */
    /* A folder, made if missing, that gets each job as received: NAME.prn if it is whole, NAME.part
     * if not, and NAME.json beside it; NAME is job-0001 or the next that is free. The names appear
     * when the file is complete, the note last. While it is received it is called NAME.receiving.
     * For this user alone. NULL: nothing is kept. */
    const char *keep;
    /* Called on the devices' thread, which waits meanwhile; must not stop a device. The data as it
     * comes; a job when it has ended, before the connection is closed. NULL: nobody asks. */
    void (*on_data)(void *context, uint32_t number, const void *data, size_t size);
    void (*on_job)(void *context, const struct platen_device_job *job);
    void *context;
    /* It knows PJL: jobs and commands are told apart, it answers ECHO, INFO, INQUIRE and DINQUIRE,
     * tells USTATUS to those who want it, and has a state, which is the same for all connections.
     * It prints one job at a time; the others wait, unread. What it keeps of a job lies also apart:
     * NAME.payload and NAME.pjl, as far as there is any.
     *
     * Its life is a script: steps divided by ";" or line ends, from "#" on comment, each done when
     * those before it are over. NULL: it is ready, for ever. See doc/script.md and
     * `platen device --help`. */
    bool pjl;
    const char *life; /* borrowed for the call */
    /* It is an LPR server (RFC 1179) with queues of any name; not together with pjl. A connection
     * is a job, which is what its data files bring; the control file lies apart: NAME.control. A
     * job is whole when both have come and were taken. Its life, with steps of its own
     * (platen_device_lpr_steps), says what becomes of one connection after the other; NULL: it
     * takes all jobs. */
    bool lpr;
    /* On the devices' thread, when the state has changed. */
    void (*on_state)(void *context, const struct platen_device_state *state);
};

/* options NULL: all defaults. Listens when it returns. INVALID_PARAMETER (no address), INVALID_DATA
 * (answers), DEVICE_IN_USE and others from listening, what making the folder said. */
uint32_t platen_device_start(const struct platen_device_options *options, platen_device **device);
/* Ends what is open as STOPPED, with its on_job, and frees the device. NULL is fine. */
void platen_device_stop(platen_device *device);

/* Where it listens; the text lives as long as the device. */
const char *platen_device_address(const platen_device *device);
uint16_t platen_device_port(const platen_device *device);

/* From the next connection on. NULL: as a good printer. INVALID_DATA (answers). */
uint32_t platen_device_behave(platen_device *device, const struct platen_device_manner *manner);
/* Are these answers understood? INVALID_DATA, and *complaint (may be NULL) is "line:column: what",
 * to be freed with platen_free. */
uint32_t platen_device_check_answers(const char *answers, char **complaint);

/* Lives on: after what it still has to do or, `now`, in place of it. INVALID_DATA (life);
 * NOT_SUPPORTED: it has no life. Not from the callbacks. */
uint32_t platen_device_live(platen_device *device, const char *life, bool now);
/* As platen_device_check_answers. */
uint32_t platen_device_check_life(const char *life, char **complaint);
/* What lives are made of. Static. */
struct platen_device_step {
    const char *word;
    const char *argument; /* "SECONDS"; "": none */
    const char *summary;
};
const struct platen_device_step *platen_device_steps(size_t *count);
/* The same for LPR servers. */
uint32_t platen_device_check_lpr_life(const char *life, char **complaint);
const struct platen_device_step *platen_device_lpr_steps(size_t *count);
/* All zero if it does not know PJL. */
void platen_device_query(platen_device *device, struct platen_device_state *state);

enum platen_device_counter {
    PLATEN_DEVICE_CONNECTIONS, /* accepted */
    PLATEN_DEVICE_JOBS,        /* ended */
    PLATEN_DEVICE_WHOLE,       /* of these whole */
    PLATEN_DEVICE_RECEIVED,    /* bytes */
    PLATEN_DEVICE_ANSWERED,    /* bytes */
    PLATEN_DEVICE_UNANSWERED,  /* answers that found no room */
    PLATEN_DEVICE_STALLS,      /* times that it stopped reading as it was told */
    PLATEN_DEVICE_PRINTED,     /* PJL: jobs to their end */
    PLATEN_DEVICE_PAGES,       /* PJL */
    PLATEN_DEVICE_STATES,      /* PJL: changes of state */
    PLATEN_DEVICE_COUNTERS
};
uint64_t platen_device_count(platen_device *device, enum platen_device_counter counter);
/* Waits until a counter is at least `value`, but not longer than so many nanoseconds
 * (PLATEN_FOREVER: as long as it takes): TIMEOUT then. Not from the callbacks. */
uint32_t platen_device_wait(platen_device *device, enum platen_device_counter counter,
                            uint64_t value, uint64_t patience);

/* A job that has ended; the last 1024 are remembered. INVALID_PARAMETER for others. */
uint32_t platen_device_find_job(platen_device *device, uint32_t number,
                                struct platen_device_job *job);
/* The job as an object of JSON on one line, as the note beside a kept job has it; returns the
 * length that was needed, as snprintf does. */
size_t platen_device_note(const struct platen_device_job *job, char *to, size_t size);
/* "closed", "reset", "cut", "stalled", "timed-out", "too-large", "stopped". Never NULL. */
const char *platen_device_end_name(enum platen_device_end end);

/* Frees what this header says is to be freed with it. NULL is fine. */
void platen_free(void *memory);

#if defined(__GNUC__)
#    pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif
