/* SPDX-License-Identifier: MIT
 *
 * What the files of the check share.
 *
 *   check   one run: options, what is known of the monitor (survey), the probes and what came of
 *           them (outcomes), which are judged together when all have ended
 *   bench   a world: a session in which the monitor is loaded and a target made
 *   probe   one function of probes.def that is being run on a bench
 */
#ifndef CHECK_INSIDE_H
#define CHECK_INSIDE_H

#include <stdatomic.h>

#include "check/check.h"
#include "check/probe.h"
#include "hosted/hosted.h"
#include "inspect/inspect.h"
#include "os/thread.h"

#define CHECK_WORDS     128 /* that are looked at */
#define CHECK_SECOND    UINT64_C(1000000000)
#define CHECK_RULE_LIST 16 /* rules of one probe, and a 0 */

/* Probes that have a world for themselves. */
#define CHECK_ALONE (PROBE_FRESH | PROBE_BARE | PROBE_QUIET | PROBE_FORGETS)

/* ---- texts ----------------------------------------------------------------------------------- */

/* Texts that live as long as their owner. */
struct check_texts {
    struct check_text *first;
};
/* All NULL when memory is out. */
char *check_keep(struct check_texts *texts, const char *text);
char *check_keep_format(struct check_texts *texts, const char *format, va_list list)
    PLATEN_OS_PRINTF(2, 0);
char *check_print(struct check_texts *texts, const char *format, ...) PLATEN_OS_PRINTF(2, 3);
/* The line up to the arrow; of a block all lines in one. */
char *check_headline(struct check_texts *texts, const char *text);
/* What the words with a "!" in the lines mean; "": there are none. */
const char *check_legend(struct check_texts *texts, const char *lines);
/* As a line of script has it, in quotes. */
char *check_quote(struct check_texts *texts, const char *text);
/* The text as bytes of UTF-16 with its NUL, as a line has them; NULL: it is no plain ASCII. */
char *check_units(struct check_texts *texts, const char *text);
void check_texts_free(struct check_texts *texts);

/* ---- tables ---------------------------------------------------------------------------------- */

struct probe_row {
    const char *name; /* "enum.size_query" */
    probe_function *run;
    enum platen_rule_group group;
    int rules[CHECK_RULE_LIST]; /* up to a 0 */
    uint32_t needs;
    unsigned flags;
    const char *summary;
};
extern const struct probe_row check_probes[];
extern const size_t check_probe_count;
bool check_probe_binds(const struct probe_row *row, int rule);

/* ---- findings -------------------------------------------------------------------------------- */

struct check_finding {
    struct check_finding *next;
    int rule;
    bool should;          /* not more than a SHOULD, whatever the rule is */
    bool crash;           /* the host ended, or the call did not come back: `key` says where */
    bool hostile;         /* come upon where Windows' own monitors crash */
    bool weak;            /* a crash in a line that was to try nothing */
    const char *line;     /* what was done */
    const char *expected; /* may be NULL */
    const char *got;
    const char *why;              /* may be NULL */
    size_t mark;                  /* the lines that had run: [..., mark) */
    bool plain;                   /* `expected` are the words of an expectation, not a sentence */
    const char *trace;            /* lines */
    const char *key;              /* findings of one rule with the same key are one */
    unsigned times;               /* that it was come upon */
    struct check_finding *merged; /* a crash: as which it is told; NULL: as itself */
};

/* What came of a probe. */
struct check_outcome {
    struct check_texts texts;
    struct check_finding *findings; /* in the order in which they were come upon */
    struct check_finding **last;
    bool ran;
    uint64_t duration; /* nanoseconds; of its world's, too, if one was made for it */
    bool wrong;        /* its lines are no script: ours */
    bool unreadable;  /* lists of ports have texts that lie elsewhere: nobody can read them (R14) */
    const char *over; /* why it ended early; NULL: it did not */
    bool tried[PLATEN_CHECK_RULES + 1];
    const char *skipped[PLATEN_CHECK_RULES + 1]; /* why; NULL: nothing was said */
};

/* NULL: there is one like it already, or no memory. Texts are borrowed: of the outcome. */
struct check_finding *check_find(struct check_outcome *outcome,
                                 const struct check_finding *finding);
/* What tells findings apart. Numbers are cut out: what is wrong at each size of a sweep is one
 * finding. */
char *check_finding_key(struct check_texts *texts, const char *line, const char *expected);
/* What stands beside what came: in what the probe has tried it, and what a number means. */
struct probe;
const char *check_note(struct probe *probe, const struct check_finding *finding);
void check_findings_free(struct check_outcome *outcome); /* and texts */

/* ---- the survey ------------------------------------------------------------------------------ */

enum target_kind {
    TARGET_NONE,
    TARGET_FILE,   /* a file that is looked at */
    TARGET_DEVICE, /* a simulated printer on TCP; its jobs are kept as files */
    TARGET_SIM     /* a simulated device in this process */
};

/* How ports are added. */
enum adding {
    ADD_NONE,
    ADD_NAME, /* AddPort with a text: the name */
    ADD_DATA  /* AddPort with PORT_DATA_1 */
};

/* Lines that every bench begins with make $port, and say how its output is read. */
struct check_target {
    enum target_kind kind;
    const char *setup;  /* lines; "" if the port is there of its own */
    const char *port;   /* as between quotes of a line: may have ${tmp} in it */
    const char *port2;  /* NULL */
    const char *output; /* pOutputFile, as between quotes; NULL: none is wanted */
    const char *path;   /* FILE: what is looked at, ${tmp} or ${host} before it */
    bool appends;       /* FILE: jobs stand one behind the other even if it is cut meanwhile */
    bool stalls;        /* probe_behave works */
};

/* A file in a folder that goes with the world. */
bool check_is_ours(const struct check_target *target);

/* What is known of the monitor. Written by the explorer, read by all. */
struct check_survey {
    struct check_texts texts;
    uint32_t needs;                       /* what is there: PLATEN_NEED_ bits */
    const char *lacks[PLATEN_RULE_NEEDS]; /* why one is not; NULL: its text in rules.def */
    const char *const *ports;             /* listed in a fresh world */
    const char **port_list;               /* the same, malloc'ed */
    size_t port_count;
    const char *name;    /* of the monitor in the spooler */
    const char *path;    /* absolute; NULL: builtin */
    const char *object;  /* for XcvOpenPort */
    const char *unknown; /* no port has that name */
    uint32_t members;    /* of MONITOR2 that are not NULL, by their order */
    bool members_known;
    enum adding adding;
    const char *add_suffix; /* behind the names that are added */
    const char *add_folder; /* before them: "${tmp}/", or "" */
    struct check_target target;
    const char *job_port;   /* one that takes its target from the job; NULL */
    const char *job_output; /* what its jobs must name */
    const char *silent;     /* a port without back channel; NULL */
    const char **words;     /* in the file, that look as names of Xcv data; malloc'ed */
    size_t word_count;
    const char **values; /* in the file, that look as names of a printer's values; malloc'ed */
    size_t value_count;
    const char *own[CHECK_WORDS]; /* those of them that the monitor knows as such */
    size_t own_count;
    bool language;
    bool wine;
    bool narrow;
    bool builtin;
    struct platen_image *image; /* NULL: builtin, or it cannot be read */
    const char *image_why;
};

/* vocabulary.c: fills in `words` and `values` from the image. */
void check_find_words(struct check_survey *survey);
/* The function of MONITOR2 whose place has that bit in facts; NULL: one that is newer. */
const char *check_member_name(unsigned bit);
/* Is that function of MONITOR2 there? */
bool check_has_slot(const struct check_survey *survey, const char *slot);

/* ---- the run --------------------------------------------------------------------------------- */

struct check {
    const struct platen_check_options *options;
    const struct platen_script_world *world;
    struct platen_report *report;
    struct check_survey survey;
    struct check_outcome *outcomes; /* by probe; behind them what closing benches came upon */
    platen_os_mutex lock;           /* for that one */
    atomic_size_t next;             /* of `order` */
    size_t *order;
    size_t order_count;
    atomic_bool interrupted;
    atomic_uint hangs; /* calls that did not come back, in different probes */
    atomic_bool explores;
    atomic_uint serial; /* for names that nobody else has */
    char folder[256];   /* everything of this check; it goes with it */
};

bool check_wants(const struct check *check, int rule);
/* Does somebody want it to end? */
bool check_is_interrupted(struct check *check);
/* Have so many calls hung that the rest would only take long? */
bool check_gives_up(struct check *check);
#define CHECK_GIVES_UP                                                                             \
    "the monitor hung in several calls before, so the rest was not tried; the first are told"
void check_complain(const struct check *check, const char *format, ...) PLATEN_OS_PRINTF(2, 3);
/* For the report, where somebody wants to see more. */
void check_log(const struct check *check, const char *format, ...) PLATEN_OS_PRINTF(2, 3);
/* Does it bind monitors of this kind? */
bool check_rule_binds(const struct check *check, int rule);
/* The needs that the rule lacks here; 0: none. */
uint32_t check_missing(const struct check *check, uint32_t needs);
/* Can it be found that the rule is broken? Where a device that misbehaves is needed, a pipe in
 * place of a file shows that; it does not show that the rule is kept. */
bool check_may_find(const struct check *check, int rule);
/* In words. */
const char *check_lack_text(const struct check *check, uint32_t missing);

/* ---- benches --------------------------------------------------------------------------------- */

#define BENCH_NAMES 32

struct bench {
    struct check *check;
    platen_session *session;
    struct probe *probe; /* that is being run; NULL */
    size_t base;         /* lines of the bench itself: [0, base) */
    size_t forgotten;    /* the lines whose jobs are no output any more: [0, forgotten) */
    bool in_job;         /* one was going on by then */
    unsigned seen_jobs;  /* of a device, by then */
    unsigned flags;
    char folder[300]; /* where the host works: HOME, TMPDIR */
    uint64_t process; /* of the host; 0: not known */
    struct platen_script_world world;
    bool quiet; /* what the spooler notices of its own accord was brought about by a probe */
    struct check_texts texts;
    const char *names[BENCH_NAMES]; /* that its own lines made */
    size_t name_count;
    char *why; /* it could not be made; malloc'ed */
    enum platen_session_end end;
};

/* Forgets the names that probes made. */
void bench_forget_names(struct bench *bench);
/* NULL: no memory. `why` is set where it could not be made as it should; close it then, too.
 * PROBE_BARE: without target; PROBE_FORGETS. */
struct bench *bench_open(struct check *check, unsigned flags);
void bench_close(struct bench *bench);
/* A text with ${tmp} and ${work} in it as a path of this system; malloc'ed. */
char *bench_path(struct bench *bench, const char *text);

/* What a probe's line is for. */
enum probe_purpose {
    PURPOSE_TRY,
    PURPOSE_SHOULD,
    PURPOSE_LOOK, /* only that it comes back */
    PURPOSE_SET,
    PURPOSE_ASK,
    PURPOSE_TIDY
};

struct probe {
    struct check *check;
    const struct probe_row *row;
    struct bench *bench; /* NULL: PROBE_FILE */
    struct check_outcome *outcome;
    enum probe_purpose purpose;
    int rule; /* that is being tried */
    bool over;
    bool dirty;   /* the bench must not be used again */
    bool blocks;  /* it keeps a call from coming back: that this one is late is its own doing */
    size_t begin; /* its lines: [begin, ...) */
    size_t last_line;
    size_t event_count;
    const char *events[64];
    const char *got;   /* of the last expectation that was not met; NULL: none was */
    const char *about; /* NULL, or in what the probe tries it: told with its findings */
    void *output;      /* of the target, read last */
    size_t output_size;
    void *before; /* what stood there when it was forgotten */
    size_t before_size;
    const char **ports; /* asked for; NULL: not yet */
    size_t port_count;
};

/* Runs the row's function on the bench (NULL for PROBE_FILE) and fills its outcome. True: the bench
 * can be used again. */
bool probe_execute(struct check *check, size_t index, struct bench *bench);
/* For bench.c: what the session tells. */
void probe_told(struct probe *probe, const struct platen_session_check *told);
void probe_found(struct probe *probe, const char *text);
/* The line that a judgement is about: the last call, or another one that did something, if that
 * came after it. */
const char *probe_deed(struct probe *probe);
/* What stands under that name behind the arrow of a line; NULL: nothing. */
const char *check_came(struct check_texts *texts, const char *line, const char *name);
/* Reads [{pName="A"} ...]; at most `most` names. */
size_t check_port_names(struct check_texts *to, const char *rows, const char **names, size_t most);
/* crash.c: the function that crashed or hung, "" if that is not known; the rule that it is told
 * under if nothing was being tried, 0 if there is none. */
const char *crash_slot(struct check_texts *texts, const char *why);
int crash_rule(const char *slot);
/* What closing a bench came upon: keys that were left open. */
void probe_end_of_bench(struct bench *bench, const char *text);

/* target.c */
void target_begin(struct probe *probe);
void target_end(struct probe *probe);

/* explore.c: false: nothing can be run, *why (in survey.texts), and what that comes to. */
bool explore(struct check *check, const char **why, enum platen_check_status *status);
/* What is in it, not the survey itself. */
void check_survey_dispose(struct check_survey *survey);

/* expected.c: what is expected to be found. */
#define EXPECTED_MOST 256
struct check_expected {
    struct {
        int rule;
        bool should; /* only what is a SHOULD of it */
        unsigned line;
        const char *reason; /* NULL: none is given */
    } list[EXPECTED_MOST];
    size_t count;
    struct check_texts texts;
};
/* path NULL: nothing is. Complains with file:line; false: wrong, or it cannot be read. */
bool expected_read(const struct check *check, const char *path, struct check_expected *expected);

/* clause.c: where the rule is written, in words. */
const char *check_clause(struct check_texts *texts, const struct platen_rule *rule);

/* judge.c: merges the outcomes and tells the report. */
struct check_counts {
    unsigned failed;
    unsigned excused; /* failed as expected */
    unsigned warned;
    unsigned passed;
    unsigned skipped;
    unsigned wrong;
};
void judge(struct check *check, const struct check_expected *expected, const char *broken,
           struct check_counts *counts);

#endif
