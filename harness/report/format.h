/* SPDX-License-Identifier: MIT
 *
 * Between the set of reports and its formats. The set puts the stream in order (report.c) and keeps
 * what belongs to an open test until the test ends (tests.c); a format is told every event in that
 * order, with the set's lock held, and only writes.
 */
#ifndef REPORT_FORMAT_H
#define REPORT_FORMAT_H

#include "report/output.h"
#include "report/report.h"

/* Of the checks of one test: failures that are kept and told, and others. */
#define HELD_FAILURES 100
#define HELD_OTHERS   1000

/* An event with texts of its own, in one piece of memory. */
struct held {
    struct held *next;
    struct platen_report_event event;
    struct platen_report_finding finding; /* event.finding points here, or is NULL */
};

/* An open test. */
struct test {
    struct test *next;
    struct held *begin; /* its TEST_BEGIN */
    struct held *first; /* checks, findings and what was logged, in their order */
    struct held *last;  /* of them */
    uint64_t failures;  /* checks that failed */
    uint64_t warnings;  /* those told as WARN */
    uint64_t checks;    /* all */
    uint64_t kept[2];   /* how many are held: failures, others */
};

/* What stands around an event. */
struct surroundings {
    const char *run;                           /* the run's name */
    const struct platen_report_event *begin;   /* its RUN_BEGIN */
    const char *file;                          /* the open file's name; NULL */
    const struct test *test;                   /* the open test of that number; NULL */
    const struct platen_report_totals *totals; /* of the file, else of the run */
    const struct platen_report_totals *all;    /* of the run */
    uint64_t files;                            /* begun so far */
    uint64_t seed;
};

/* One report of the set. */
struct sink {
    struct platen_report_output wanted;
    const struct format *format;
    struct output output;
    void *state; /* the format's own */
};

struct format {
    /* How what it writes begins, to know an older report by; up to a NULL. */
    const char *const *beginnings;
    bool whole; /* stands in the file as a whole or not at all */
    /* Makes the state, if there is one; may be NULL. */
    uint32_t (*open)(struct sink *sink);
    void (*tell)(struct sink *sink, const struct platen_report_event *event,
                 const struct surroundings *around);
    /* Frees the state; may be NULL. */
    void (*close)(struct sink *sink);
};

extern const struct format report_human;
extern const struct format report_tap;
extern const struct format report_junit;
extern const struct format report_json;
extern const struct format report_sarif;
extern const struct format report_html;
extern const struct format report_annotations;

/* Does it count as a failure: FAIL, XPASS, ERROR? */
bool report_failed(enum platen_report_verdict verdict);
/* Are its checks told in full: what failed, and WARN? */
bool report_is_told(enum platen_report_verdict verdict);
/* Do both say the same? NULL says nothing. */
bool report_same(const char *a, const char *b);
/* "info", "warning", "trouble". */
const char *report_level_name(enum platen_report_level level);
/* How many of the tests have failed so. */
uint64_t report_failures(const struct platen_report_totals *totals);

/* tests.c: NULL when memory is out. */
struct held *held_copy(const struct platen_report_event *event);
struct test *test_new(const struct platen_report_event *begin);
/* Counts an event of the test and keeps it if there is room. False when memory is out. */
bool test_take(struct test *test, const struct platen_report_event *event);
void test_free(struct test *test);

/* results.c: what came to light in a test that has ended, one after the other: its checks and
 * findings that did not pass, or its end if none of them tells why it did not. The first after
 * `last`, which is NULL for the first of all; NULL when there is none. A test that was skipped has
 * none. */
const struct platen_report_event *report_result(const struct platen_report_event *end,
                                                const struct test *test,
                                                const struct platen_report_event *last);
/* How much of the event's name is what was called: a line of a script has behind it what was
 * expected, which is told by itself. */
size_t report_called(const struct platen_report_event *event);
/* The rule that the test tries or that the event is about; NULL. */
const struct platen_report_finding *report_rule(const struct test *test,
                                                const struct platen_report_event *event);

/* yaml.c: the diagnostics of a test for TAP, each line after `indent` blanks. `exact` is the name
 * if what stands in the line of the test is not the name itself, else NULL. */
void yaml_diagnostics(struct text *text, size_t indent, const struct platen_report_event *end,
                      const struct test *test, const char *exact);

#endif
