/* SPDX-License-Identifier: MIT
 *
 * The verifying monitor: a port monitor, or a language monitor, that keeps a ledger of everything
 * that its spooler does to it, and names the rule of R83 to R120 that was broken.
 *
 * It depends on the contract, the seam and the table of imports alone, on no spooler and no test
 * framework: what it finds it writes into a list. What a rule says about results, a caller of the
 * spooler has to look at; it writes what it finds into the same list.
 *
 * It also misbehaves on order: the members of the first half of struct verify say how.
 *
 * Documents whose title is "verify SEED SIZE" are known to it byte by byte (verify_bytes), so that
 * each WritePort is compared with what it should have brought.
 *
 * Threads: everything from any thread, except verify_prepare and verify_forget.
 */
#ifndef TESTS_VERIFY_H
#define TESTS_VERIFY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <platen/backend.h>
#include <platen/errors.h>
#include <platen/winsplp.h>

#include "os/format.h"
#include "os/text.h"
#include "os/thread.h"

#define VERIFY_PORTS    80
#define VERIFY_XCVS     8
#define VERIFY_FINDINGS 32
#define VERIFY_DEAD     8
#define VERIFY_NAME     64

/* What can be asked of an order or a hook: the functions that a spooler calls. */
enum verify_slot {
    VERIFY_INIT,
    VERIFY_ENUM,
    VERIFY_OPEN,
    VERIFY_OPEN_EX,
    VERIFY_START,
    VERIFY_WRITE,
    VERIFY_READ,
    VERIFY_END,
    VERIFY_CLOSE,
    VERIFY_DATA,
    VERIFY_TIMEOUTS,
    VERIFY_XCV_OPEN,
    VERIFY_XCV_DATA,
    VERIFY_XCV_CLOSE,
    VERIFY_SHUTDOWN,
    VERIFY_BIDI,
    VERIFY_NOTIFY,   /* NotifyUsedPorts, NotifyUnusedPorts, PowerEvent */
    VERIFY_OBSOLETE, /* AddPort, AddPortEx, ConfigurePort, DeletePort */
    VERIFY_SLOTS
};

enum verify_state {
    VERIFY_NEW,     /* init has not been called, or has not returned */
    VERIFY_READY,   /* init returned a table */
    VERIFY_REFUSED, /* init returned NULL */
    VERIFY_ENDED    /* Shutdown was called, or what comes after it */
};

/* What the last WritePort of a job answered. */
enum verify_last { VERIFY_ALL, VERIFY_SHORT, VERIFY_ZERO, VERIFY_FALSE };

struct verify;

struct verify_document {
    bool known;
    uint32_t seed;
    uint64_t size;
};

struct verify_port {
    struct verify *v;
    char16_t name[VERIFY_NAME];
    bool listed;        /* EnumPorts tells of it */
    atomic_bool used;   /* a queue has it, says who made the queue (R114) */
    atomic_bool parked; /* SetPort with severity 1 said that no jobs shall come (R108) */
    bool open;
    struct verify *above; /* the language monitor that opened it; NULL: the spooler */
    HANDLE handle;
    bool handle_used;
    HANDLE dead[VERIFY_DEAD]; /* handles of openings that were closed */
    unsigned dead_count;
    atomic_uint busy; /* calls on the handle that are under way (R102) */
    bool in_doc;
    bool refused; /* the last StartDocPort said FALSE */
    uint64_t thread;
    DWORD job;
    char16_t printer[VERIFY_NAME];
    struct verify_document document;
    uint64_t offset; /* bytes of the document that were accepted */
    enum verify_last last;
    DWORD last_code; /* of VERIFY_FALSE */
    DWORD rest;      /* of VERIFY_SHORT: what the next call must bring */
    unsigned zeros;  /* answers in a row that took nothing */
    uint64_t zeros_since;
    atomic_bool stopped; /* somebody ended the job before its end, as he may */
    unsigned opens, closes, starts, refusals, writes, ends;
    /* A language monitor: what it stands on. */
    bool stacked;
    MONITOR2 below_table;
    HANDLE below_handle;
};

struct verify_xcv {
    HANDLE handle;
    bool open;
    bool dead;
    atomic_uint busy;
    char16_t object[VERIFY_NAME];
    ACCESS_MASK access;
};

struct verify_finding {
    unsigned rules[2]; /* that it breaks; the second may be 0 */
    char text[200];
};

struct verify {
    /* ---- orders: set between verify_prepare and the attaching -------------------------------- */
    const PLATEN_IMPORTS *spl;  /* what it calls back through */
    struct verify *book;        /* who writes down what it finds; NULL: itself */
    struct platen_clock *clock; /* the spooler's, for R100 and for patience; NULL: no such checks */
    bool language;              /* a language monitor */
    bool wants_above;    /* a port monitor: its ports are opened by a language monitor (R118) */
    bool wants_no_jobs;  /* a language monitor of a queue with bidi off (R118) */
    unsigned port_count; /* "V1:" ...; may grow */
    bool level1_only;
    unsigned growth;   /* so many ports more with each call of EnumPorts that says 122 */
    bool gaps;         /* strings of EnumPorts with room between them, at no special place */
    size_t lacks;      /* offset of a member of the table that is NULL; 0: none */
    DWORD table_size;  /* cbSize; 0: sizeof(MONITOR2) */
    void *table_at;    /* memory for exactly so many bytes; NULL: its own */
    bool members;      /* has the newer and the obsolete members, which fail */
    bool traps;        /* beyond table_size there are functions that nobody may call */
    bool any_instance; /* the instance is these bits */
    HANDLE instance;
    bool any_handle; /* port and Xcv handles are these bits */
    HANDLE any;
    uint32_t (*accept)(struct verify *v, struct verify_port *port, uint32_t size); /* NULL: all */
    /* The answer of a call: 0 goes on, UINT32_MAX is FALSE without a last-error, others FALSE with
     * that, or that code; from init NULL with that. NULL: 0. */
    uint32_t (*inside)(struct verify *v, enum verify_slot at, struct verify_port *port);
    /* XcvDataPort with a name that is not its own. NULL: 87. */
    DWORD(*command)
    (struct verify *v, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out, DWORD out_size,
     PDWORD needed);
    DWORD completes;       /* the SetJob command sent in EndDocPort; 0: none */
    unsigned calls_back;   /* 1 << slot: where it calls everything back (R106) */
    const char16_t *queue; /* the printer that it opens then, where no job tells */
    bool reverts;          /* RevertToPrinterSelf in every call (R119) */
    bool wants_access;     /* XcvOpenPort is to bring this GrantedAccess (R110) */
    ACCESS_MASK access;
    const char16_t *wants_object; /* and this name (R109) */
    const void *wants_input;      /* XcvDataPort is to bring this (R111) */
    DWORD wants_input_size;
    DWORD wants_output_size;
    DWORD wants_count; /* a bidi request is to have so many entries, and this access (R117) */
    DWORD wants_bidi_access;
    /* Something else that happens while a call is under way. */
    void (*meanwhile)(struct verify *v, enum verify_slot at, struct verify_port *port);

    /* ---- the ledger -------------------------------------------------------------------------- */
    platen_os_mutex lock; /* everything below */
    atomic_uint state;    /* enum verify_state */
    atomic_bool lacking;  /* the table lacks what it must have (R87) */
    MONITOR2 table;
    PMONITORINIT init; /* the pointer alone (R84) */
    MONITORINIT init_copy;
    MONITORREG registry_copy;
    HANDLE stored_instance;
    struct verify_port ports[VERIFY_PORTS];
    struct verify_xcv xcvs[VERIFY_XCVS];
    unsigned serial; /* for handles */
    atomic_uint in_flight;
    atomic_uint calls[VERIFY_SLOTS];
    _Atomic(HANDLE) garbage; /* what a failed OpenPort wrote; NULL: none has */
    bool store_works;
    uint64_t asked_thread; /* whose EnumPorts was too small, and for how much */
    DWORD asked_level, asked_bytes;
    bool level2_refused, level1_asked;
    PBIDI_RESPONSE_CONTAINER trees[VERIFY_DEAD]; /* answers that were given and not freed (R117) */
    platen_os_thread *stuck[VERIFY_DEAD]; /* threads whose calls back did not return in time */
    void *stuck_calls[VERIFY_DEAD];
    unsigned stuck_count;
    struct verify_finding findings[VERIFY_FINDINGS];
    atomic_uint finding_count;
};

/* ---- life ------------------------------------------------------------------------------------ */

void verify_prepare(struct verify *v, const PLATEN_IMPORTS *imports);
/* The next verify_entry is for this one. */
void verify_next(struct verify *v);
LPMONITOR2 WINAPI verify_entry(PMONITORINIT init, PHANDLE monitor);
/* The table, for who breaks rules: before init, or past its end. */
const MONITOR2 *verify_functions(bool language);
/* The module that it is thought to be in was told that it goes (R119). */
void verify_unloaded(struct verify *v);
/* The spooler is gone: what should have come by now and has not? */
void verify_settle(struct verify *v);
void verify_forget(struct verify *v);

/* ---- findings -------------------------------------------------------------------------------- */

#define ALSO(rule) ((rule) << 8)
/* rules: 94, or 94 | ALSO(95) where a breach breaks two. */
void verify_breach(struct verify *v, unsigned rules, const char *format, ...)
    PLATEN_OS_PRINTF(3, 4);
/* Is the rule named by the finding of that number? */
bool verify_names(const struct verify *v, unsigned finding, unsigned rule);

/* ---- documents ------------------------------------------------------------------------------- */

/* Bytes of the document `seed` from `offset` on. */
void verify_bytes(uint32_t seed, uint64_t offset, void *to, size_t size);
/* The title of it, at least 64 characters. */
void verify_title(uint32_t seed, uint64_t size, char *title);

/* ---- for orders, hooks and callers ----------------------------------------------------------- */

struct verify_port *verify_port_named(struct verify *v, const char16_t *name);
bool verify_is_listed(struct verify *v, const struct verify_port *port);
bool verify_is_open(struct verify *v, const struct verify_port *port);
/* Makes "Vn:" or any other name a port; false if there is no room. Takes a port away. */
bool verify_add_port(struct verify *v, const char16_t *name);
bool verify_remove_port(struct verify *v, const char16_t *name);
/* The status that GetJob tells: 0 and *status, or the code. */
uint32_t verify_job_status(struct verify *v, const char16_t *printer, DWORD job, DWORD *status);
/* OpenPrinter, SetJob, ClosePrinter: 0 or the code. */
uint32_t verify_set_job(struct verify *v, const char16_t *printer, DWORD job, DWORD command);
/* SetPort level 3. Keeps the port's `parked` in step. */
uint32_t verify_set_port(struct verify *v, struct verify_port *port, DWORD status, DWORD severity);
/* All of MONITORREG (R85), on the calling thread. */
void verify_store(struct verify *v);
/* An answer to a bidi request is freed: false, with a finding, if it must not be. For whoever
 * stands between the spooler and the Router's allocators (R117). */
bool verify_freed(struct verify *v, PBIDI_RESPONSE_CONTAINER tree);
/* Runs it on a thread of its own and waits. */
void verify_on_thread(void (*body)(void *argument), void *argument);

/* ---- between its files ----------------------------------------------------------------------- */

/* The language monitor that is calling on this thread; NULL: none. */
extern _Thread_local struct verify *verify_above;
/* Is a call of a job where it should be? Finds fault otherwise. */
void verify_check_way(struct verify_port *port, const char *function);
/* Whom verify_next named. */
struct verify *verify_expected(void);
/* The instance of that handle, quietly. */
struct verify *verify_known(HANDLE monitor);
/* The instance; NULL, with a finding, if no init has given that handle. */
struct verify *verify_of(HANDLE monitor, const char *function);
/* The port that is open under that handle; NULL, with a finding. */
struct verify_port *verify_port_of(HANDLE handle, const char *function);
/* Who has given that Xcv handle; whoever there is if nobody has. */
struct verify *verify_xcv_owner(HANDLE handle);
bool verify_has_xcv(struct verify *v, HANDLE handle);
/* Around every call. The result is the order's. */
uint32_t verify_enter(struct verify *v, enum verify_slot at, struct verify_port *port);
void verify_leave(struct verify *v, struct verify_port *port);
/* FALSE with the code (UINT32_MAX: without), TRUE for 0. */
BOOL verify_answer(struct verify *v, uint32_t code);
/* A new handle, of the instance's fashion. */
HANDLE verify_new_handle(struct verify *v);
/* Is it a text that ends? Finds fault otherwise. */
bool verify_text(struct verify *v, unsigned rules, const char *what, const char16_t *text,
                 bool may_be_null);
void verify_copy_text(char16_t *to, const char16_t *from);
/* A buffer that must be writable is written, whole. */
void verify_touch(void *memory, size_t size);
/* The spooler's MONITORINIT still stands (R84); OpenPrinter and the rest work here (R106). */
void verify_check_init(struct verify *v, const char *where);
void verify_call_everything(struct verify *v, struct verify_port *port, const char *where);
void verify_check_revert(struct verify *v, const char *where);
const char *verify_slot_name(enum verify_slot at);

/* What GetPrinterDataFromPort answers. */
extern const char16_t verify_value[6];

/* The functions of the table. */
extern const MONITOR2 verify_port_functions;
extern const MONITOR2 verify_language_functions;
BOOL WINAPI verify_EnumPorts(HANDLE monitor, LPWSTR server, DWORD level, LPBYTE to, DWORD size,
                             LPDWORD needed, LPDWORD returned);
BOOL WINAPI verify_OpenPort(HANDLE monitor, LPWSTR name, PHANDLE handle);
BOOL WINAPI verify_ClosePort(HANDLE handle);
BOOL WINAPI verify_StartDocPort(HANDLE handle, LPWSTR printer, DWORD job, DWORD level, LPBYTE info);
BOOL WINAPI verify_WritePort(HANDLE handle, LPBYTE data, DWORD size, LPDWORD written);
BOOL WINAPI verify_ReadPort(HANDLE handle, LPBYTE data, DWORD size, LPDWORD moved);
BOOL WINAPI verify_EndDocPort(HANDLE handle);
BOOL WINAPI verify_GetPrinterDataFromPort(HANDLE handle, DWORD control, LPWSTR value, LPWSTR in,
                                          DWORD in_size, LPWSTR out, DWORD out_size,
                                          LPDWORD returned);
BOOL WINAPI verify_SetPortTimeOuts(HANDLE handle, LPCOMMTIMEOUTS timeouts, DWORD reserved);
BOOL WINAPI verify_XcvOpenPort(HANDLE monitor, LPCWSTR object, ACCESS_MASK access, PHANDLE xcv);
DWORD WINAPI verify_XcvDataPort(HANDLE xcv, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                                DWORD out_size, PDWORD needed);
BOOL WINAPI verify_XcvClosePort(HANDLE xcv);
DWORD WINAPI verify_Bidi(HANDLE handle, DWORD access, LPCWSTR action,
                         PBIDI_REQUEST_CONTAINER request, PBIDI_RESPONSE_CONTAINER *response);
BOOL WINAPI verify_OpenPortEx(HANDLE monitor, HANDLE below, LPWSTR name, LPWSTR printer,
                              PHANDLE handle, MONITOR2 *table);

#endif
