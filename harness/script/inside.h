/* SPDX-License-Identifier: MIT
 *
 * What the files of the script share. Functions that the linker sees are named script_....
 *
 * A run has files, a file has tests, a test has a world and lanes. A lane is a thread that runs
 * lines: `main` all the time, the others inside parallel { }. Only what lanes share is locked.
 */
#ifndef SCRIPT_INSIDE_H
#define SCRIPT_INSIDE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <platen/spooler.h>

#include "call/build.h"
#include "call/facts.h"
#include "call/match.h"
#include "fault/fault.h"
#include "os/file.h"
#include "os/thread.h"
#include "script/listener.h"
#include "script/script.h"
#include "script/source.h"
#include "script/watch.h"

#define MILLISECOND UINT64_C(1000000)
#define SECOND      UINT64_C(1000000000)

#define SCRIPT_NAME_ROWS 1024

struct script_test;
struct script_lane;

extern const char *const script_event_names[PLATEN_EVENT_KINDS];
extern const char *const script_job_states[]; /* by enum platen_job_state */

/* ---- names ----------------------------------------------------------------------------------- */

enum script_sort {
    SCRIPT_WORD,
    SCRIPT_HANDLE,
    SCRIPT_JOB,
    SCRIPT_DEVICE,
    SCRIPT_PIPE,
    SCRIPT_FAULT
};

/* What stands behind $name. */
struct script_name {
    struct script_name *next;
    char *name;
    size_t length;
    enum script_sort sort;
    struct platen_words *words; /* memory of `word` */
    char *raw;
    const struct platen_word *word; /* what the name stands for in a line; NULL: no word */
    union {
        struct {
            enum platen_kind kind;
            uint64_t bits;
            bool closed;
        } handle;
        struct {
            struct script_spooler *spooler;
            uint32_t id;
        } job;
        struct script_device *device;
        struct script_pipe *pipe;
        struct script_fault *fault;
    } is;
};

/* With the test's lock, all of them. */
struct script_name *script_name_find(struct script_test *test, const char *name, size_t length);
/* A name with nothing behind it, new or emptied; NULL when memory is out. */
struct script_name *script_name_make(struct script_test *test, const char *name, size_t length);
/* Lets it stand for a value written as in a script. */
bool script_name_set(struct script_name *name, const char *raw, size_t length);
void script_names_free(struct script_test *test);
/* The text in quotes, as a line has it; malloc'ed, NULL when memory is out. */
char *script_quote(const char *text);

/* Without the lock: $name = "text" (quoted here), or a number. */
void script_set_text(struct script_test *test, const char *name, const char *text);
void script_set_number(struct script_test *test, const char *name, uint64_t number);

/* ---- the world of a test --------------------------------------------------------------------- */

struct script_monitor {
    struct script_monitor *next; /* the one before it */
    struct script_spooler *spooler;
    char *name;
    HANDLE instance;
    const MONITOR2 *table;
    bool builtin;
    bool language;
    bool ended; /* shut down */
};

struct script_spooler {
    struct script_spooler *next;
    struct script_test *test;
    char *name;
    char recorded[300]; /* what it is called in a trace: no two have one name there */
    platen_spooler *spooler;
    platen_registry *registry;
    bool borrows; /* the registry is another's */
};

/* What a call opened and none has closed. */
struct script_open {
    struct script_open *next; /* the one before it */
    enum platen_kind kind;
    uint64_t bits;
    const struct script_monitor *monitor;
    struct script_lane *lane;
    bool in_job;  /* StartDocPort said TRUE */
    uint32_t job; /* the shadow that StartDocPort made; 0: none */
};

struct script_event {
    struct platen_event event; /* texts are copies */
    struct script_spooler *spooler;
    struct script_event *next;
};

struct script_stream;
struct script_sim;

struct script_run {
    const struct script_listener *listener; /* NULL: the report is told */
    const struct platen_script_options *options;
    const struct platen_script_world *world;
    struct platen_report *report;
    uint64_t timeout; /* of one test, nanoseconds */
    int status;       /* the worst so far */
    uint32_t ran;     /* tests that were not skipped */
    uint32_t skipped;
    uint32_t recorded; /* spoolers in the trace */
    uint64_t begun;    /* on the system's clock */
    atomic_bool interrupted;
};

enum script_end { SCRIPT_GOES_ON, SCRIPT_SKIPPED, SCRIPT_BROKEN, SCRIPT_LATE };

struct script_test {
    struct script_run *run;
    const char *path;               /* of the file that was named */
    const struct script_node *node; /* of the test; NULL: the whole file */
    const char *name;

    atomic_int end; /* enum script_end */
    atomic_uint checks;
    atomic_uint failed;
    char reason[512];           /* why it ended */
    char expected_to_fail[512]; /* xfail's reason */
    bool xfail;
    bool monitor_failed;  /* a monitor did not load */
    atomic_bool dead;     /* the host of one has ended before it was told to */
    uint64_t begun;       /* on the system's clock */
    uint64_t clock_begun; /* on its own */

    platen_os_mutex lock; /* everything below */
    platen_os_cond changed;
    struct script_name *names[SCRIPT_NAME_ROWS];
    struct script_busy *busy;
    struct script_lane *lanes; /* but main */
    unsigned working;          /* how many of them have something to do */
    struct script_barrier *barriers;
    bool parallel;              /* lanes run side by side */
    bool world_ends;            /* and cannot be stopped from outside any more */
    bool stopping;              /* somebody does */
    struct platen_clock *clock; /* virtual; NULL: the system's */
    platen_faults *faults;
    struct platen_observer watch;
    struct platen_observer *observers; /* of every spooler; NULL: not made yet */
    struct script_spooler *spoolers;
    struct script_monitor *monitors;
    struct script_open *opens;
    struct script_stream *streams;
    platen_os_mutex files; /* taken before `lock`: files of streams */
    uint32_t open_files;
    uint64_t uses;
    struct script_device *devices;
    struct script_pipe *pipes;
    struct script_sim *sims;
    struct script_fault *fault_list;
    unsigned nameless; /* streams without a name so far */
    struct script_event *events;
    struct script_event **last_event;
    uint32_t event_counts[PLATEN_EVENT_KINDS];
    uint32_t kept_events;
    atomic_bool expects_findings;
    char *folder; /* $tmp; NULL: not asked for yet */
    _Atomic uint64_t calls[PLATEN_SLOT_COUNT];
    struct script_replay *replay; /* of a trace; NULL: a script */
};

/* Makes and ends it. A test without a world can begin a fresh one (a turn of a sweep). */
void script_world_end(struct script_lane *lane);
bool script_world_is_empty(struct script_test *test);
struct script_spooler *script_spooler_named(struct script_test *test, const char *name);
/* Writes into the trace that it is meant from here on. other: whose registry it takes, or NULL. */
void script_spooler_record(const struct script_spooler *spooler, bool made, bool cluster,
                           const char *server, const char *other);
/* Makes one and lets the lane work for it. */
uint32_t script_spooler_make(struct script_lane *lane, const char *name,
                             const struct platen_spooler_options *options);
/* The spooler that the lane works for, made if there is none yet; NULL: it broke the test. */
struct script_spooler *script_spooler_of(struct script_lane *lane);
void script_lane_turn(struct script_lane *lane, struct script_spooler *spooler);
struct script_monitor *script_monitor_named(struct script_lane *lane, const char *name);
/* The language monitor that the options put over all printers that name none; NULL. */
const char *script_default_language(struct script_lane *lane);
/* The newest one of the lane's spooler; NULL: none. */
struct script_monitor *script_monitor_newest(struct script_lane *lane, bool language);
/* It is there now, in the lane's spooler; false: no memory. */
bool script_monitor_enter(struct script_lane *lane, const char *name, bool builtin, bool language);

/* ---- lanes ----------------------------------------------------------------------------------- */

struct script_loop {
    struct script_loop *outer;
    struct script_name name; /* of the lane alone */
};

struct script_buffer;

struct script_lane {
    struct script_lane *next;
    struct script_test *test;
    char *name;
    struct platen_lane lane;
    struct script_spooler *spooler; /* NULL: none chosen yet */
    struct platen_words *words;
    struct platen_built *built;
    struct platen_matcher *matcher;
    struct script_loop *loops;
    struct script_buffer *buffers;  /* of the call that is being made */
    const struct script_node *node; /* that is running */
    struct platen_text_error error;
    char *line; /* the expanded line */
    size_t line_room;
    struct script_worker *worker; /* NULL: main */
    bool working;                 /* it is no main lane */
    uint32_t shadow;              /* the job that the last StartDocPort was made for; 0: none */
    struct script_sweep *sweep;   /* the innermost; NULL: none */
    struct platen_facts facts;    /* of the call that is being made, for a listener */
};

/* A sweep that is under way. */
struct script_sweep {
    struct script_sweep *outer;
    const char *name;
    size_t length;
    struct script_fault *fault; /* of this turn, not ended yet */
    bool reached;
};

/* parallel.c: a line that is written for another lane; the end of all of them. */
bool script_other_lane(struct script_lane *main, const struct script_node *node,
                       const struct platen_word *word);
void script_lanes_end(struct script_test *test);

struct script_lane *script_lane_new(struct script_test *test, const char *name);
void script_lane_free(struct script_lane *lane);
/* Between these two the lane may block elsewhere than on the test's clock. */
bool script_block_begin(struct script_lane *lane);
void script_block_end(struct script_lane *lane, bool took_part);
/* The test's clock, which is the system's unless it is virtual. */
uint64_t script_now(struct script_test *test);
/* Sleeps; false: the test is over. */
bool script_sleep(struct script_lane *lane, uint64_t nanoseconds);
/* A moment, for whoever looks again and again. */
bool script_wait_tick(struct script_lane *lane);

/* ---- flow ------------------------------------------------------------------------------------ */

/* Runs nodes one after the other; false: the test has ended. */
bool script_run_nodes(struct script_lane *lane, const struct script_node *nodes);
/* One line that is no block. */
bool script_run_line(struct script_lane *lane, const struct script_node *node);
bool script_is_over(const struct script_test *test);
/* Ends the test: something cannot go on. The first reason stays. */
void script_break(struct script_test *test, enum script_end end, const char *format, ...)
    PLATEN_OS_PRINTF(3, 4);
/* Of a lane's line: as script_break, told as a check that could not be made. */
void script_break_line(struct script_lane *lane, const char *format, ...) PLATEN_OS_PRINTF(2, 3);
void script_break_error(struct script_lane *lane);
/* Is $name mentioned in the text? */
bool script_mentions(const char *text, size_t length, const char *name, size_t name_length);
bool script_sweeps(const struct script_node *node, const char *name, size_t length);

/* ---- checks ---------------------------------------------------------------------------------- */

void script_tell_check(struct script_lane *lane, const struct script_told *told);
void script_tell_log(struct script_test *test, const struct script_node *node,
                     enum platen_report_level level, const char *text);
/* The command line that runs just this test again; nothing if it is longer than what reports show
 * of any text. */
#define SCRIPT_REPEAT 1000
void script_repeat_line(const struct script_test *test, char *to, size_t size);

/* ---- calls ----------------------------------------------------------------------------------- */

/* Compares what came with the words, and tells it. */
bool script_compare_call(struct script_lane *lane, const struct platen_word *right,
                         const struct platen_call *call);
/* Builds, runs and compares. false: the test is over. */
bool script_run_call(struct script_lane *lane, const struct script_statement *statement);
void script_form(struct script_lane *lane, struct platen_call_form *form);
/* How a line is compared; names, print: memory of the caller's. `out`: what came back, where a
 * $name takes the new handle's place. */
void script_match_form(struct script_lane *lane, struct platen_match_form *form,
                       struct platen_names *names, struct platen_call_form *print, bool out);
/* The monitor whose handle, or whose port's, stands among the arguments by its name; NULL: none. */
const struct script_monitor *script_monitor_of(struct script_lane *lane,
                                               const struct platen_word *arguments);
void script_sha256(void *context, const void *data, size_t size, char text[65]);

/* ---- verbs ----------------------------------------------------------------------------------- */

#define SCRIPT_FIELDS 20

struct script_field {
    const char *name;
    const char *text;  /* NULL: a number, or bytes */
    const void *bytes; /* NULL: a number, or text */
    size_t size;
    uint64_t number;
};

/* What came of a verb. */
struct script_outcome {
    const char *word; /* "printed"; NULL: none */
    uint32_t error;
    const char *why; /* a sentence about the error; NULL: none. Lives until the next line */
    unsigned count;
    struct script_field fields[SCRIPT_FIELDS];
    const struct platen_word *judged[8]; /* words that the verb itself has compared ... */
    bool fine[8];                        /* ... and what came of it */
    unsigned judgements;
    uint64_t patience; /* LOOKS: how long it may take until it is so, if the line says nothing */
    void *memory;      /* to be freed with the outcome */
};

void script_field_number(struct script_outcome *outcome, const char *name, uint64_t number);
void script_field_text(struct script_outcome *outcome, const char *name, const char *text);
void script_field_bytes(struct script_outcome *outcome, const char *name, const void *bytes,
                        size_t size);

/* What the line expects of a field, before the arrow or behind it; NULL: nothing. */
const struct platen_word *script_expected(const struct script_words *words, const char *name);
void script_judge(struct script_outcome *outcome, const struct platen_word *word, bool fine);

/* Runs a verb and compares. false: the test is over. */
bool script_run_verb(struct script_lane *lane, const struct script_statement *statement);
/* What can be known of the words of a verb before it runs, beyond its usage. */
bool script_verb_check(const struct script_words *words, struct platen_text_error *error);

/* verb_world.c: monitor or language, by the verb; a monitor shut down and unloaded. */
bool script_trace_monitor(struct script_lane *lane, const struct script_words *words,
                          struct script_outcome *outcome);
uint32_t script_monitor_unload(struct script_lane *lane, const char *name);

/* Is the rule behind `fault` one? */
bool script_fault_check(const struct script_words *words, struct platen_text_error *error);

/* Are its event or slot known? */
bool script_event_check(const struct script_words *words, struct platen_text_error *error);

/* Each verb: false if a word has no value (the lane's error says so). */
typedef bool script_verb_function(struct script_lane *lane, const struct script_words *words,
                                  struct script_outcome *outcome);
#define PLATEN_VERB(words, function, traits, usage, summary)                                       \
    script_verb_function script_verb_##function;
#include "script/verbs.def"
#undef PLATEN_VERB

/* ---- what words stand for -------------------------------------------------------------------- */

/* The word itself, or what the variable stands for; NULL with the lane's error. */
const struct platen_word *script_value(struct script_lane *lane, const struct platen_word *word);
/* Each false, with the lane's error, if it is not such a value. A word that is NULL leaves *to as
 * it is. Text lives until the lane's next line. */
bool script_text(struct script_lane *lane, const struct platen_word *word, const char **to);
bool script_number(struct script_lane *lane, const struct platen_word *word, uint64_t *to);
bool script_size(struct script_lane *lane, const struct platen_word *word, uint64_t *to);
bool script_seconds(struct script_lane *lane, const struct platen_word *word, uint64_t *to);
bool script_switch(struct script_lane *lane, const struct platen_word *word, bool *to);
/* Bytes of text, or of a stream, in memory of the lane until its next line. */
bool script_bytes(struct script_lane *lane, const struct platen_word *word, const void **bytes,
                  size_t *size);
/* A path, taken from the script's folder; in memory of the lane. */
bool script_path_of(struct script_lane *lane, const struct platen_word *word, const char **path);
/* Named by these sorts; NULL with the lane's error. */
struct script_name *script_named(struct script_lane *lane, const struct platen_word *word,
                                 enum script_sort sort, const char *what);
/* The new name that `as $NAME` or $NAME gives; NULL: none was given or memory is out. */
struct script_name *script_new_name(struct script_lane *lane, const struct platen_word *word,
                                    enum script_sort sort);
/* Memory of the lane until its next line; NULL when memory is out (the test is broken then). */
void *script_alloc(struct script_lane *lane, size_t size);
void script_alloc_end(struct script_lane *lane);
/* The word that a variable stands for, or NULL. */
const struct platen_word *script_variable(struct script_lane *lane, const char *name,
                                          size_t length);
/* Does it stand for anything? */
bool script_is_name(struct script_lane *lane, const char *name, size_t length);
bool script_fail(struct script_lane *lane, const struct platen_word *word, const char *format, ...)
    PLATEN_OS_PRINTF(3, 4);
/* ${name} in texts replaced; NULL with the lane's error. */
const char *script_expand(struct script_lane *lane, const struct script_node *node, size_t *length);

/* ---- streams --------------------------------------------------------------------------------- */

/* At least *count bytes from `offset` (UINT64_MAX: all), in memory of the lane. */
bool script_stream_bytes(struct script_lane *lane, const char *name, size_t length, uint64_t offset,
                         uint64_t *count, const void **bytes);
struct script_stream *script_stream_find(struct script_test *test, const char *name, size_t length);
/* Bytes that live as long as the test; NULL: no memory. */
struct script_stream *script_stream_keep(struct script_test *test, const void *bytes, size_t size);
/* The stream that a word names; NULL with the lane's error. */
struct script_stream *script_stream_of(struct script_lane *lane, const struct platen_word *word);
uint64_t script_stream_size(const struct script_stream *stream);
uint32_t script_stream_read(struct script_stream *stream, uint64_t offset, void *to, uint32_t size,
                            uint32_t *moved);
/* The digest of its first `size` bytes. */
uint32_t script_stream_sha256(struct script_stream *stream, uint64_t size, char text[65]);
void script_streams_free(struct script_test *test);
/* Their names are free again, but for those that are kept. */
void script_streams_forget(struct script_test *test, bool (*keeps)(void *context, const char *name),
                           void *context);

/* ---- other parts of the world ---------------------------------------------------------------- */

void script_devices_end(struct script_test *test);
void script_pipes_end(struct script_test *test);
void script_sims_end(struct script_test *test);
void script_faults_forget(struct script_test *test);
/* None acts any more, and what hangs in one goes on. */
void script_end_faults(struct script_lane *lane);
/* The one that the lane's sweep numbers, if it is still there. */
void script_end_sweep_fault(struct script_lane *lane);
/* Does a port of that URI wait on the test's clock alone? */
bool script_has_virtual_time(const char *uri, size_t length);
/* Everything that a script with a virtual clock must not have. */
void script_check_clocks(const struct script_source *source, struct script_complaints *complaints);
void script_events_free(struct script_test *test);
void script_on_event(void *spooler, const struct platen_event *event);
/* The observers of the test's spoolers; false: no memory. */
bool script_observe(struct script_test *test);
/* Ends calls that hang, jobs that are under way, and wakes lanes that wait. */
void script_stop_all(struct script_test *test);

/* ---- tests and traces ------------------------------------------------------------------------ */

/* A test that nobody is told of, and its two ends: its world, and what else it has. */
void script_test_open(struct script_test *test, struct script_run *run, const char *path);
void script_test_close(struct script_test *test, struct script_lane *lane);
void script_test_free(struct script_test *test);
/* One test: `node` of a file, or (NULL) the whole of it. */
void script_test_run(struct script_run *run, const struct script_source *source, const char *path,
                     const char *name, const struct script_node *node);
void script_test_begin(struct script_test *test, struct script_run *run, const char *path,
                       const char *name, const struct script_node *node);
/* Ends its world, tells what it came to, frees what it has; lane NULL: it had none. */
void script_test_end(struct script_test *test, struct script_lane *lane);
void script_check_findings(struct script_lane *lane);
/* Tells that the test, and with it the run, does not come to its end. */
void script_test_tell_hung(struct script_test *test, const char *why);
/* The run is over; why NULL: it came to its end. */
void script_run_tell_end(struct script_run *run, const char *why);
/* A test came to that. */
void script_run_came_to(struct script_run *run, int status);

bool script_is_trace(const char *path);
/* *patience: how much longer than other tests it may take, nanoseconds. */
void script_trace_check(const char *path, struct script_complaints *complaints, uint64_t *patience);
void script_trace_run(struct script_run *run, const char *path);

#endif
