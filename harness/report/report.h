/* SPDX-License-Identifier: MIT
 *
 * Reports: one stream of events, told once, and several reports that each write it in a format of
 * their own. Whoever runs something (a script, a check) tells what happens and knows no format.
 *
 * The stream, with what may stand inside what:
 *
 *     RUN_BEGIN
 *         LOG | JOB                                  anywhere below
 *         FILE_BEGIN
 *             TEST_BEGIN                             also directly in the run, without a file
 *                 CHECK | FINDING ...
 *             TEST_END
 *         FILE_END
 *     RUN_END
 *
 * One file is open at a time. Several tests may be open side by side: each has a number of its own
 * in `test` from its TEST_BEGIN to its TEST_END, and what belongs to it carries that number. Who
 * runs one test after the other leaves it 0.
 *
 * What does not fit the order is put right rather than lost: a TEST_END without a TEST_BEGIN is a
 * test of that name, and a check with no open test is a test of its own; a TEST_BEGIN whose number
 * is taken, FILE_END, RUN_END and platen_report_close end what is still open, tests among it as
 * tests that did not end (PLATEN_REPORT_ERROR). A second RUN_BEGIN and what follows RUN_END are
 * dropped.
 *
 * Texts are UTF-8; unpaired surrogates (WTF-8), control characters, bytes that are no UTF-8 and any
 * length are fine: each format writes them so that its output stays valid and cannot disturb a
 * terminal. NULL is "not known" and is left out. Texts are copied where they are kept.
 *
 * Threads: platen_report_tell may be called from any thread, also while others are in it; the
 * events of one test are kept in the order of its thread. Everything else: one thread.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct platen_report; /* a set of reports */

enum platen_report_format {
    PLATEN_REPORT_HUMAN, /* one line per test, more where one failed, a summary */
    PLATEN_REPORT_TAP,   /* TAP version 14; a file is a subtest, tests without a file are flat */
    PLATEN_REPORT_JUNIT, /* JUnit's XML as everybody reads it */
    PLATEN_REPORT_JSON,  /* JSON Lines by doc/report.schema.json, one line per event, at once */
    PLATEN_REPORT_SARIF, /* SARIF 2.1.0, for code hosts and editors */
    PLATEN_REPORT_HTML,  /* one page that needs nothing besides itself */
    PLATEN_REPORT_ANNOTATIONS, /* ::error and ::warning, as GitHub reads them in a log */
    PLATEN_REPORT_FORMATS
};

enum platen_report_verdict {
    PLATEN_REPORT_PASS,
    PLATEN_REPORT_FAIL,
    PLATEN_REPORT_SKIP,  /* not tried, and `text` says why */
    PLATEN_REPORT_XFAIL, /* failed as expected, and `text` says why it is expected */
    PLATEN_REPORT_XPASS, /* should have failed and passed: counts as a failure */
    PLATEN_REPORT_ERROR, /* could not be judged: script error, crash, the harness's own fault */
    PLATEN_REPORT_WARN,  /* nothing failed, but something is worth telling: a SHOULD was broken */
    PLATEN_REPORT_VERDICTS
};

/* "pass", "fail", "skip", "xfail", "xpass", "error", "warn". */
const char *platen_report_verdict_name(enum platen_report_verdict verdict);

enum platen_report_kind {
    PLATEN_REPORT_RUN_BEGIN,  /* name (what runs: "platen run"), repeat, seed; place.file: what is
                                 looked at, if it is one thing, as the monitor of a check; then it
                                 is the file of every place that names none */
    PLATEN_REPORT_RUN_END,    /* duration; verdict ERROR and text if the run was broken off */
    PLATEN_REPORT_FILE_BEGIN, /* name (the path as given; of a check: the group), text (what it is
                                 about) */
    PLATEN_REPORT_FILE_END,   /* name, duration */
    PLATEN_REPORT_TEST_BEGIN, /* name, place, test; finding: the rule that it tries, without trace
                               */
    PLATEN_REPORT_TEST_END,   /* verdict, text (why), duration, repeat, test */
    PLATEN_REPORT_CHECK,      /* name (what was done), verdict, place, expected, got, text, repeat,
                                 test */
    PLATEN_REPORT_FINDING,    /* a CHECK of a rule: the same and `finding` */
    PLATEN_REPORT_LOG,        /* text, level, place, test; with no open test of that number it
                                 belongs to the run */
    PLATEN_REPORT_JOB,        /* job; test */
    PLATEN_REPORT_KINDS
};

enum platen_report_level { PLATEN_REPORT_INFO, PLATEN_REPORT_WARNING, PLATEN_REPORT_TROUBLE };

/* Line and column count from 1; 0 is "not known". */
struct platen_report_place {
    const char *file; /* NULL: what the run looks at, else the open file */
    uint32_t line;
    uint32_t column;
};

/* What a job has come to; the members of the event "job" of `platen print --json`. */
struct platen_report_job {
    const char *document;
    const char *port;
    const char *monitor;
    uint32_t id;
    const char *state; /* "printed", "failed", "cancelled" ... */
    uint64_t bytes;
    uint64_t writes;
    uint64_t completions;
    uint64_t duration; /* nanoseconds */
    const char *call;  /* the call that failed */
    uint32_t error;    /* and its last-error; 0 is none */
};

/* What a finding says beyond a check; of a test, which rule it tries. */
struct platen_report_finding {
    const char *rule;     /* "R12" */
    const char *severity; /* "MUST", "SHOULD" */
    const char *title;    /* the rule in one line */
    const char *clause;   /* where it is written: "contract 2.7; WDK" */
    const char *effect;   /* what breaking it does to a real spooler */
    const char *change;   /* what the author of a monitor does about it */
    const char *trace;    /* the shortest trace that shows it, lines divided by \n */
    const char *says;     /* the whole rule */
};

/* Which member means something for which kind is said at the kinds; what a kind does not name is
 * ignored. Zero-initialise, so that what comes later is "not known". */
struct platen_report_event {
    enum platen_report_kind kind;
    enum platen_report_verdict verdict;
    enum platen_report_level level;
    uint64_t test; /* which of several open tests; 0 where there is one at a time */
    const char *name;
    struct platen_report_place place;
    const char *expected; /* as in the script: "TRUE pcbWritten=3" */
    const char *got;
    const char *text;
    const char *repeat; /* the command line that runs just this again */
    uint64_t duration;  /* nanoseconds */
    uint64_t seed;      /* what --seed was; 0 is none */
    const struct platen_report_job *job;
    const struct platen_report_finding *finding;
};

/* What was told so far. Tests are counted when they end. */
struct platen_report_totals {
    uint64_t tests;
    uint64_t verdicts[PLATEN_REPORT_VERDICTS]; /* tests by verdict; the sum is `tests` */
    uint64_t checks;                           /* CHECK and FINDING */
    uint64_t failed_checks;                    /* those of them told as FAIL, XPASS or ERROR */
};

/* One report of a set. */
struct platen_report_output {
    enum platen_report_format format;
    const char *path; /* "-" is standard output */
    bool colour;  /* HUMAN: the caller knows of --color, NO_COLOR and whether it is a terminal */
    bool verbose; /* HUMAN: also passed checks, jobs and everything logged */
};

/* A set without reports; it only counts. NULL when memory is out. */
struct platen_report *platen_report_create(void);

/* Adds a report and makes sure that it can be written, before anything has run. To be called before
 * the first event.
 *
 * HUMAN, TAP, JSON and ANNOTATIONS are written as things happen. JUNIT, SARIF and HTML stand in the
 * file as a whole once the set is closed; until then the file is empty, so that a run that dies
 * leaves no report of an older run behind.
 *
 * A file that exists and is plainly something else than an older report of that format is left
 * alone: PLATEN_FILE_EXISTS. PLATEN_SHARING_VIOLATION: another report of the set goes there
 * already; that holds for "-" too, so who adds a report for a machine on "-" adds no HUMAN there.
 * ANNOTATIONS alone go where HUMAN goes: they stand in a log, line by line.
 * PLATEN_INVALID_PARAMETER: no such format, no path, or too late. Others are the system's: a folder
 * that is missing, no permission. After an error the set is as before. */
uint32_t platen_report_add(struct platen_report *report, const struct platen_report_output *output);

/* Tells one event to all reports. A test that is told as PASS though a check of it was told as
 * FAIL, XPASS or ERROR has failed; one with a WARN is a WARN. */
void platen_report_tell(struct platen_report *report, const struct platen_report_event *event);

/* May be asked at any time. */
void platen_report_totals(struct platen_report *report, struct platen_report_totals *totals);

/* Ends what is open, writes what is not written and frees the set. The first error that kept a
 * report from being complete (disk full, a closed pipe, memory), or 0; whose it was is written to
 * *path, if path is not NULL, malloc'ed; NULL without an error. NULL is no set: 0. */
uint32_t platen_report_close(struct platen_report *report, char **path);

#endif
