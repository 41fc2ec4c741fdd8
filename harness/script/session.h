/* SPDX-License-Identifier: MIT
 *
 * A session: lines of script that somebody runs piece by piece in one world, for `platen check`.
 *
 *   platen_session_open -> platen_session_run ("monitor $monitor") -> run, run, look, run
 *                       -> platen_session_close
 *
 * The language is that of doc/script.md but for `test` blocks. Names, handles, devices, faults and
 * lanes that one text made are there for the next. The lines run on a thread of the session's own,
 * and run() waits for them no longer than the time-out says, whatever the monitor does. Nobody is
 * told of a test: what was checked, what the spooler found and which calls ran is told to, or asked
 * by, the session's user.
 *
 * Several sessions run side by side in one process. One session is used by one thread at a time.
 * `told` and `found` are called while run() or close() of that session waits, one at a time, on
 * threads of the session, and never after they have come back; they must not use the session.
 * Texts that a function gives live until the next call for that session.
 */
#ifndef SCRIPT_SESSION_H
#define SCRIPT_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/facts.h"
#include "script/script.h"

typedef struct platen_session platen_session;

/* One thing that was expected. */
struct platen_session_check {
    enum platen_report_verdict verdict; /* PASS, FAIL, or ERROR: it could not even be tried */
    const char *line;     /* the line as it stands in the text, ${names} included, trimmed */
    unsigned line_number; /* in the text, from 1; of an included file: in that file */
    unsigned column;      /* of the expectation that was not met; 0: none in particular */
    const char *expected; /* the words behind the arrow; NULL: an ERROR */
    const char *got;      /* the same as it came; NULL: nothing did */
    const char *why;      /* what differs, in words; NULL: nothing, or `got` says it */
    const char *lane;     /* "main", or the lane of `parallel` */
    bool dead;            /* the host was, or had just, ended: not this line's fault alone */
    size_t mark;          /* the lines that ran until here, this one included: [..., mark) */
};

struct platen_session_options {
    const struct platen_script_world *world; /* copied. `give_up` is not called */
    const char *monitor;                     /* $monitor; NULL: "builtin" */
    const char *language;       /* stands over every monitor, as in platen_script_options; NULL */
    const char *registry;       /* a .reg file that every registry begins with; NULL. Not copied */
    uint64_t seed;              /* $seed; 0: 1 */
    uint64_t timeout;           /* nanoseconds for one run; 0: 20 seconds */
    uint64_t grace;             /* nanoseconds after it, for calls to come back once all that can be
                                   ended was ended; 0: 5 seconds. It counts at the close, too. A
                                   host's own limit for a call is better shorter than both */
    struct platen_trace *trace; /* records what runs; NULL: nothing is recorded */
    void (*told)(void *context, const struct platen_session_check *check); /* may be NULL */
    /* A finding of the spooler's or the host's (PLATEN_EVENT_FINDING). It makes no run fail. */
    void (*found)(void *context, const char *text); /* may be NULL */
    void *context;                                  /* of both */
};

/* NULL: no memory, or no thread. All strings are copied. */
platen_session *platen_session_open(const struct platen_session_options *options);

/* How a run ended; the first that is true, from below. */
enum platen_session_end {
    PLATEN_SESSION_MET,     /* every expectation, or there was none */
    PLATEN_SESSION_UNMET,   /* all lines ran, and at least one expectation was not met */
    PLATEN_SESSION_SKIPPED, /* a `skip` line ended it */
    PLATEN_SESSION_BROKEN,  /* a line could not be run (told as an ERROR), the rest did not run.
                               The session goes on */
    PLATEN_SESSION_DEAD,    /* the monitor's host has ended, now or before; the rest did not run.
                               The session can be asked and closed */
    PLATEN_SESSION_LATE,    /* the time was over, all was stopped; it can be asked and closed */
    PLATEN_SESSION_WRONG    /* the text is no script; nothing of it was run */
};

/* One or more lines. */
enum platen_session_end platen_session_run(platen_session *session, const char *text);
/* Why the last run was not MET or UNMET, in words; "" if it was. WRONG: "line:column: what". */
const char *platen_session_why(const platen_session *session);

/* Has the host of a monitor of this session ended before it was told to? */
bool platen_session_is_dead(const platen_session *session);

/* ---- names ----------------------------------------------------------------------------------- */

/* $name: false if it stands for no number (of a handle: its bits; of a job: its id). */
bool platen_session_number(platen_session *session, const char *name, uint64_t *value);
/* The text that $name stands for, decoded; of any other value as a line has it; NULL: none. */
const char *platen_session_text(platen_session *session, const char *name);
/* false: no memory, or the session is LATE. They are lines as well: "set $port "LPT1:"". */
bool platen_session_set_number(platen_session *session, const char *name, uint64_t value);
bool platen_session_set_text(platen_session *session, const char *name, const char *text);
/* Forgets every name, of streams as well, that `keeps` does not want to keep: it stands for nothing
 * then, as at the beginning. Handles stay open. */
void platen_session_forget_names(platen_session *session,
                                 bool (*keeps)(void *context, const char *name), void *context);
/* Bytes of a @stream: up to `size` from the offset on; how many were there to be copied. */
size_t platen_session_bytes(platen_session *session, const char *stream, uint64_t offset, void *to,
                            size_t size);

/* ---- the last call --------------------------------------------------------------------------- */

/* The last call that a line of the script made (not a verb, not a call back), on any lane. */
struct platen_session_call {
    enum platen_slot slot;
    uint64_t result;      /* BOOL and codes: as they came; TABLE and HANDLE: not 0 unless NULL */
    uint32_t last_error;  /* of a failure; after success it means nothing */
    uint64_t nanoseconds; /* that it took */
    struct platen_facts facts; /* what its process saw of it */
    bool facts_known;          /* false: it did not come back */
};
/* NULL: there was none. */
const struct platen_session_call *platen_session_last(const platen_session *session);
/* How many nanoseconds the longest call of that function took in the last run that came back, on
 * whichever lane; 0: there was none. */
uint64_t platen_session_longest(const platen_session *session, enum platen_slot slot);
/* Its facts; NULL: there was none, or it did not come back. */
const struct platen_facts *platen_session_facts(const platen_session *session);
/* What is looked at beyond what always is, at every call of the script's from now on:
 * PLATEN_FACTS_... (call/facts.h). 0 at the beginning. */
void platen_session_want(platen_session *session, unsigned wanted);

/* ---- what ran -------------------------------------------------------------------------------- */

enum platen_session_line_kind {
    PLATEN_SESSION_SET,  /* a name that was set from C, as a `set` line */
    PLATEN_SESSION_VERB, /* a line that is no call, as it stands */
    PLATEN_SESSION_CALL, /* a call of the script's: as it stands up to the arrow, and behind it what
                            came; "-> ?" if it did not come back */
    PLATEN_SESSION_INNER, /* the same inside of a block; the whole block is a VERB before it */
    PLATEN_SESSION_BACK,  /* what the monitor called, as a trace has it */
    PLATEN_SESSION_MADE, /* a call to the monitor that the spooler made, for a job or a `monitor` */
    PLATEN_SESSION_FOUND /* a finding */
};

struct platen_session_line {
    enum platen_session_line_kind kind;
    const char *text; /* one line; a block has several. SET, VERB and CALL can be run again as they
                         are; the others are written behind a # where the whole is to be a script */
};

/* How many lines there are; those of a later run have numbers from here on. */
size_t platen_session_mark(const platen_session *session);
/* NULL: there is none of that number, or it was so long ago that it is forgotten (the last 4000
 * are kept). Lives until the next run. */
const struct platen_session_line *platen_session_line(const platen_session *session, size_t number);
/* The lines [from, to) as a script; malloc'ed, NULL: no memory. */
char *platen_session_script(const platen_session *session, size_t from, size_t to);

/* ---- the end --------------------------------------------------------------------------------- */

/* Closes handles, shuts the monitors down, ends devices, frees everything; findings of that are
 * told as well. Takes no longer than time-out and grace. false: the monitor does not come back;
 * what it uses was left behind, with the world's context in use (NULL: true). */
bool platen_session_close(platen_session *session);

#endif
