/* SPDX-License-Identifier: MIT
 *
 * Inside of harness/hosted. Threads of one host:
 *   keeper     started it and lives as long as it does; reads what it prints, watches the clock
 *   acceptor   takes its connections
 *   t1 ...     one for each thread of the monitor's own that calls back
 * and whoever makes calls, on a lane of his own. `lock` is held by none of them while a call is
 * made or an event is told.
 */
#ifndef HOSTED_INSIDE_H
#define HOSTED_INSIDE_H

#include <stdatomic.h>

#include <platen/errors.h>

#include "call/ship.h"
#include "hosted/hosted.h"
#include "os/format.h"
#include "os/thread.h"

#define HOSTED_SECOND UINT64_C(1000000000)
#define HOSTED_START  (30 * HOSTED_SECOND) /* until a host has connected */
#define HOSTED_UPPERS 8u                   /* monitors below one language monitor */
#define HOSTED_SEATS  4u                   /* instances in one host */
#define HOSTED_DEEP   64u                  /* calls within calls that have a name */
#define HOSTED_MADE   6u                   /* calls of a lane that are remembered */
#define HOSTED_LOST   70                   /* the host could not reach us any more */

struct hosted;
struct keeper;

/* ---- launch.c -------------------------------------------------------------------------------- */

/* How the host of a module is started. */
struct hosted_launch {
    char *program;   /* the host */
    char *module;    /* the module as the host knows it */
    char *folders;   /* a variable for it, "NAME=value", or NULL */
    bool under_wine; /* which runs the program */
};

/* The path of a program of ours; malloc'ed; NULL: it is nowhere. */
char *hosted_beside(const char *name);
/* With all NULL after an error. */
uint32_t hosted_launch_find(const char *path, const struct platen_hosted_options *options,
                            struct hosted_launch *launch, char **complaint);
void hosted_launch_free(struct hosted_launch *launch);
/* What is missing for a DLL that could not be loaded, in words; malloc'ed, or NULL. */
char *hosted_launch_missing(const char *path, const char *folder);
/* What else a module is that is no monitor, in words; "" if that is not known. */
const char *hosted_launch_instead(const char *path);

/* A call that came back, and how often it did so, one after the other. */
struct hosted_made {
    enum platen_slot slot;
    uint32_t code; /* its result; of a pointer: was it one? */
    uint32_t times;
};

/* One instance of the monitor: initialised by itself, for a spooler of its own. */
struct hosted_seat {
    struct hosted *hosted; /* NULL: nobody's */
    unsigned number;       /* of the functions that lead here */
    MONITOR2 table;
};

struct hosted_lane {
    struct hosted_lane *next;
    struct hosted *hosted;
    struct hosted_seat *seat; /* of the call under way */
    uint32_t number;
    _Atomic uint64_t thread; /* whose it is; 0: nobody's for now */
    struct platen_channel *channel;
    struct platen_ship *ship;
    struct platen_ship_side side;
    _Atomic uint64_t deadline; /* of the call that the host is in; 0: it is in none */
    const char *calls[HOSTED_DEEP];
    _Atomic uint32_t deep;
    const struct platen_call *call; /* the innermost; NULL: it is none. Only for its own thread: */
    struct hosted_made made[HOSTED_MADE];
    uint32_t made_count;
    const char *name;          /* of the lane that made the call; NULL: it has none */
    platen_os_thread *serving; /* of a thread of the monitor's; NULL: a lane of ours */
    atomic_bool done;          /* that has ended */
};

/* A port monitor that a language monitor in the host was told of. */
struct hosted_upper {
    HANDLE instance;
    MONITOR2 table;
};

/* Handles that are too wide for the host: the place is what it gets. */
struct hosted_handles {
    uint64_t *bits;
    uint32_t count;
    uint32_t room;
};

struct hosted {
    platen_spooler *spooler; /* of the first instance; it outlives the others */
    char *name;
    char *path;
    const char *folder; /* with DLLs that it needs; while it is loaded */
    const char *work;   /* the folder that the host works in, while it is started; NULL */
    bool forget_init;   /* as the options say; while it is started */
    uint64_t serial;    /* never the same twice in a process */
    uint64_t timeout;
    bool language;
    bool debug;
    unsigned word; /* bytes of a pointer there */
    bool has_main; /* a DllMain that the system does not call */
    uint64_t process;
    struct hosted_seat seats[HOSTED_SEATS];
    atomic_uint seated;

    platen_os_mutex lock;
    platen_os_cond changed;
    struct hosted_lane *lanes;
    uint32_t lane_count;
    struct platen_channel *control; /* NULL: not connected yet */
    uint32_t wanted;                /* the lane that somebody waits for; 0: none */
    struct platen_channel *arrived; /* its connection */
    struct hosted_upper uppers[HOSTED_UPPERS];
    unsigned upper_count;
    struct hosted_handles handles;

    /* accept.c */
    platen_os_socket listener;
    uint16_t port;
    platen_os_bell bell;
    platen_os_thread *acceptor;
    char token[33];

    /* keeper.c */
    struct keeper *keeper;
    bool exited; /* with: */
    int64_t status;
    int signal;

    /* death.c */
    atomic_bool dead;               /* no call reaches it any more */
    bool ending;                    /* it was told to go */
    bool reported;                  /* why it is dead */
    const struct hosted_lane *late; /* whose call took too long; NULL: none */
    char words[2400];               /* the finding */
    char complaint[200];            /* the last thing that made no sense */
    unsigned complaints;
};

/* ---- proxy.c --------------------------------------------------------------------------------- */

/* A seat and a number for one more instance; NULL: all are taken. */
struct hosted_seat *hosted_seat_take(struct hosted *hosted);
/* How many are left. */
unsigned hosted_seat_drop(struct hosted_seat *seat);
struct platen_entry_table hosted_entry(const struct hosted_seat *seat);
/* The functions of a table that has all. */
const MONITOR2 *hosted_table(const struct hosted_seat *seat);

/* ---- lane.c ---------------------------------------------------------------------------------- */

/* Makes a call, and refuses it where the host cannot. */
void hosted_call(struct hosted_seat *seat, struct platen_call *call);
/* Asks for what is no call. false: the host is dead. */
bool hosted_ask(struct hosted *hosted, enum platen_frame_kind kind, uint16_t flags,
                const char *what, const char *text, char *answer, size_t size);
/* A connection with its memory, not yet in the list. It takes the channel over. */
struct hosted_lane *hosted_lane_new(struct hosted *hosted, struct platen_channel *channel,
                                    uint32_t number);
void hosted_lane_free(struct hosted_lane *lane);
/* With the lock held: all connections end, and who waits there returns. */
void hosted_lanes_break(struct hosted *hosted);
/* A thread for a thread of the monitor's own. */
void hosted_serve(struct hosted *hosted, struct platen_channel *channel);
void hosted_lanes_prepare(void);
/* With the lock that keeps hosts from going. */
void hosted_lanes_leave(struct hosted *hosted, uint64_t thread);
void hosted_each(void (*visit)(struct hosted *hosted, uint64_t thread), uint64_t thread);

/* ---- side.c ---------------------------------------------------------------------------------- */

struct platen_ship_side hosted_side(struct hosted_lane *lane);
/* The number under which the host knows the monitor below; 0: none. */
uint16_t hosted_upper(struct hosted *hosted, const struct platen_call *call);
void hosted_handles_free(struct hosted_handles *handles);

/* ---- accept.c -------------------------------------------------------------------------------- */

uint32_t hosted_accept_start(struct hosted *hosted);
void hosted_accept_stop(struct hosted *hosted);
/* Waits for the first connection. 0, PROCESS_ABORTED, TIMEOUT. */
uint32_t hosted_accept_first(struct hosted *hosted);
/* Asks for a connection for that lane and waits for it; NULL: the host is dead. */
struct platen_channel *hosted_accept_lane(struct hosted *hosted, uint32_t number);

/* ---- rest.c ---------------------------------------------------------------------------------- */

/* What a host says is left of the monitor after the last Shutdown (R77). */
void hosted_told_rest(struct hosted *hosted, const char *answer);

/* ---- native.c -------------------------------------------------------------------------------- */

/* What a host says of Windows' functions behind an answer. */
void hosted_told_native(struct hosted *hosted, const struct platen_word *words);

/* ---- keeper.c -------------------------------------------------------------------------------- */

/* Starts the program; *complaint (malloc'ed) is written where it fails. */
uint32_t hosted_keeper_start(struct hosted *hosted, const struct hosted_launch *launch,
                             char **complaint);
/* Kills the host and all that it started. */
void hosted_keeper_kill(struct hosted *hosted);
/* Waits until it has ended, but not beyond that moment. */
bool hosted_keeper_wait(struct hosted *hosted, uint64_t until);
/* It has ended: nothing is left of it. */
void hosted_keeper_stop(struct hosted *hosted);

/* ---- last.c ---------------------------------------------------------------------------------- */

/* What a host said of its end, made fit to be told: parts of a finding, or "". */
struct hosted_details {
    char fault[112];
    bool has_code;
    uint64_t code;
    char at[48];
    char stack[1000];
};
void hosted_details_read(const char *text, struct hosted_details *details);
/* A call of that lane has come back. */
void hosted_note(struct hosted_lane *lane, const struct platen_call *call);
/* "; the call: ...; before it: ...". On the thread whose lane it is. */
void hosted_last_calls(const struct hosted_lane *lane, char *to, size_t size);

/* ---- death.c --------------------------------------------------------------------------------- */

/* The lane has lost the host: sees to its end, and tells of it, once. */
void hosted_died(struct hosted *hosted, const struct hosted_lane *lane, uint32_t error);
/* The keeper has seen the end: tells of it if no call is under way that could. */
void hosted_gone(struct hosted *hosted);
PLATEN_OS_PRINTF(2, 3)
void hosted_find(struct hosted *hosted, const char *format, ...);
char *hosted_complain(const char *format, ...) PLATEN_OS_PRINTF(1, 2);

#endif
