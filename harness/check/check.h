/* SPDX-License-Identifier: MIT
 *
 * `platen check`: which rules of the contract does this monitor break? Probes try them, side by
 * side, each in a world with a monitor that was loaded for it or for a few of them; what is found
 * goes to the report, rule by rule.
 */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hosted/hosted.h"
#include "report/report.h"
#include "rules/rules.h"
#include "script/script.h"

struct platen_check_options {
    const char *monitor; /* NULL or "builtin": the one that the world attaches; else a path */
    const char
        *language; /* a language monitor: it is the one that is judged, over `monitor`; NULL */
    bool rules[PLATEN_RULES + 1]; /* by number: to be tried */
    bool strict;                  /* a SHOULD that is broken fails, too */
    bool hostile;                 /* also what crashes Windows' own monitors */
    const char *profile;          /* how the spooler behaves; NULL: windows */
    const char *expected;         /* a file with findings that are expected; NULL: none */
    const char *port;             /* the port to print to; NULL: one is looked for */
    const char *registry;         /* a .reg file that every world's registry begins with; NULL */
    const char *output;           /* where its output is to be read: a file; NULL */
    unsigned jobs;                /* probes side by side; 0: 4 */
    uint64_t timeout;             /* nanoseconds for one call; 0: 30 s */
    /* How hosts are started; language, work, started and (if it is not 0) timeout are the check's.
     * NULL: monitors are loaded by the world, into this process. */
    const struct platen_hosted_options *hosted;
    const char *keep;   /* a folder for the traces of findings, NAME.spool; NULL */
    const char *repeat; /* how the command line begins that runs one rule again; NULL */
};

/* Exit statuses of the command (enum platen_exit). */
enum platen_check_status {
    PLATEN_CHECK_CLEAN = 0,
    PLATEN_CHECK_FOUND = 1,       /* a MUST is broken, or what was expected did not come */
    PLATEN_CHECK_WRONG = 2,       /* the file of expected findings is wrong: nothing was run */
    PLATEN_CHECK_MONITOR = 3,     /* the monitor cannot be loaded, or not be initialised */
    PLATEN_CHECK_CRASHED = 4,     /* it crashes or hangs while it is loaded */
    PLATEN_CHECK_ENVIRONMENT = 5, /* Wine is missing, no memory, no folder */
    PLATEN_CHECK_NOTHING = 77,    /* everything was skipped */
    PLATEN_CHECK_HARNESS = 99     /* the check itself is at fault */
};

/* Is what the options name all right, before any report is begun? Tells world->complain if not. */
bool platen_check_accepts(const struct platen_check_options *options,
                          const struct platen_script_world *world);

/* Runs the probes and tells the report, RUN_BEGIN and RUN_END as well. What keeps it from running
 * is told to world->complain. */
enum platen_check_status platen_check_run(const struct platen_check_options *options,
                                          const struct platen_script_world *world,
                                          struct platen_report *report);

/* The rules that are for `platen check`: R1 to R82. */
#define PLATEN_CHECK_RULES 82

/* What breaking the rule does to a real spooler, for somebody who never heard of this contract;
 * NULL for rules that bind no monitor. */
const char *platen_check_effect(int rule);
/* What the author of a monitor changes then; NULL likewise. */
const char *platen_check_remedy(int rule);

/* The probes, for lists: true while there is one of that number. */
struct platen_check_probe {
    const char *name; /* "enum.size_query" */
    const int *rules; /* up to a 0 */
    const char *summary;
};
bool platen_check_probe(size_t index, struct platen_check_probe *probe);

#endif
