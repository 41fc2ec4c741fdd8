/* SPDX-License-Identifier: MIT
 *
 * Recorded traces, run again.
 *
 *   reader   reads the file line by line, runs the verbs, and hands each call that the spooler
 * made, with the lines of the calls back that were made in it, to its lane lanes    a thread each:
 * makes the call when all calls are done that had ended when it began, and compares watch    sees
 * the calls back, and compares them with the lines
 *
 * Calls of threads that a monitor made itself are compared as a set, at the end.
 */
#ifndef SCRIPT_TRACE_H
#define SCRIPT_TRACE_H

#include "script/inside.h"

/* A line that was read, with its text behind it. */
struct trace_line {
    struct trace_line *next;
    struct script_spooler *spooler; /* of a monitor: who loads it */
    uint32_t number;
    uint32_t length;
    char text[];
};

/* A call that the spooler made, and what was called back in it, in their order. */
struct trace_unit {
    struct trace_unit *next;
    struct trace_line *call;
    struct trace_line *backs;
    enum platen_slot slot;
    uint64_t at; /* nanoseconds since the recording began */
    uint64_t end;
    size_t bytes;
};

struct trace_lane {
    struct trace_lane *next;
    struct script_replay *replay;
    struct script_lane *lane;
    platen_os_thread *thread;
    struct trace_unit *first; /* the one that is under way is the first */
    struct trace_unit **last;
    size_t bytes;
    platen_os_cond handed; /* it has something to do */
    platen_os_cond room;   /* there is room for more */
    /* what the reader has for the next unit */
    struct trace_line *backs;
    struct trace_line **last_back;
    size_t back_bytes;
    /* on the lane's own thread */
    struct trace_line *expected; /* the next call back */
    struct platen_words *words;  /* of lines of calls back */
    struct platen_matcher *matcher;
    struct script_node node;
};

struct script_replay {
    struct script_test *test;
    struct script_file file; /* for places */
    platen_os_mutex lock;
    platen_os_cond moved; /* a call is done */
    struct trace_lane *lanes;
    struct trace_line *pending; /* a monitor that is loaded by its entry's line */
    uint32_t waiting;           /* threads in `moved` */
    uint64_t lines;
    uint32_t told; /* differences */
    bool closing;  /* nothing comes any more */
    bool outside;  /* only what comes back from the monitor is compared */
    bool quiet;    /* what is called now is not compared */
    struct trace_set *foreign;
};

/* ---- reading --------------------------------------------------------------------------------- */

/* A file, line by line, in bounded memory. */
struct trace_source;
struct trace_source *trace_source_open(const char *path, uint32_t *error);
/* The next line, without its break; valid until the next one. NULL at the end, or with *error. */
const char *trace_source_next(struct trace_source *source, size_t *length, uint32_t *error);
void trace_source_close(struct trace_source *source);

enum trace_form {
    TRACE_NONE,    /* it is no trace's first line */
    TRACE_WHOLE,   /* of our own spooler */
    TRACE_OUTSIDE, /* of another spooler, whose side of the calls is not compared */
    TRACE_BRIEF    /* it cannot be run */
};
enum trace_form trace_form_of(const char *line, size_t length);
/* The time that stands at the end of a line. */
void trace_times(const struct platen_line *line, uint64_t *at, uint64_t *end);
bool trace_is_back(enum platen_slot slot);

/* ---- running --------------------------------------------------------------------------------- */

/* A call is about to be made: a job that was called off by then is called off now. */
void script_replay_sees(struct script_replay *replay, const struct platen_call *call);
/* A call has returned, on the thread that made it. */
void script_replay_saw(struct script_replay *replay, struct platen_call *call);
/* A difference more: is it told, or only counted? */
bool script_replay_tells(struct script_replay *replay);
/* The lane of this thread; NULL: it is none of ours. */
struct trace_lane *trace_lane_here(void);
void trace_lane_enter(struct trace_lane *lane);

/* Hands a unit to its lane; waits while the lane has too much. */
void trace_hand(struct trace_lane *lane, struct trace_unit *unit);
/* Waits until all lanes have done what they have. */
void trace_drain(struct script_replay *replay);
/* The lane of that name, made if it is new; NULL: it cannot be made. */
struct trace_lane *trace_lane_named(struct script_replay *replay, const char *name);
void trace_lanes_end(struct script_replay *replay);
void trace_run_unit(struct trace_lane *lane, struct trace_unit *unit);
void trace_lines_free(struct trace_line *lines);

/* What was expected and did not come, or came and was not expected. */
void trace_tell(struct trace_lane *lane, const struct trace_line *line, const char *expected,
                const char *got);

/* ---- sets of calls --------------------------------------------------------------------------- */

struct trace_set *trace_set_new(void);
void trace_set_free(struct trace_set *set);
/* A line that was recorded, or a call that came, without what is never the same twice. */
void trace_set_expect(struct trace_set *set, const struct script_statement *statement,
                      uint32_t number);
void trace_set_saw(struct trace_set *set, const struct platen_call *call);
/* Calls `tell` for each that was expected and did not come, or came and was not expected. */
void trace_set_compare(struct trace_set *set,
                       void (*tell)(void *context, uint32_t number, const char *text, bool came),
                       void *context);

#endif
