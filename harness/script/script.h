/* SPDX-License-Identifier: MIT
 *
 * Running .spool scripts and recorded traces. What the language is, doc/script.md tells; what runs,
 * in short: each test gets a world of its own (registry, spooler, monitors, devices), its lines run
 * one after the other on lanes, what was expected of them goes to the report, and whatever happens
 * everything is closed and ended afterwards.
 */
#ifndef SCRIPT_SCRIPT_H
#define SCRIPT_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <platen/spooler.h>

#include "call/call.h"
#include "report/report.h"
#include "trace/trace.h"

/* What the harness cannot know because it does not see the builtin monitor. Members may be NULL:
 * scripts that want what they stand for are skipped, with the reason. */
struct platen_script_world {
    void *context;
    /* Attaches the builtin monitor. `clock` NULL: the system's; a root NULL: none. */
    uint32_t (*attach_builtin)(void *context, platen_spooler *spooler, const char *name,
                               const char *file_root, const char *program_root,
                               struct platen_clock *clock, char **complaint);
    /* Loads a module, as platen_spooler_load; NULL: that is used itself. */
    uint32_t (*load)(void *context, platen_spooler *spooler, const char *name, const char *path,
                     bool language, char **complaint);
    /* The same in the process that the module has for `other`; NULL: as load, which is so where all
     * runs in this process. */
    uint32_t (*load_beside)(void *context, platen_spooler *spooler, const char *name,
                            const char *path, bool language, platen_spooler *other,
                            char **complaint);
    /* What the monitor of options->monitor calls that file, malloc'ed; NULL: the same. */
    char *(*name_there)(void *context, const char *path);
    /* A port of the builtin monitor by its URI. */
    uint32_t (*add_port)(void *context, HANDLE instance, const char *name, const char *uri);

    /* <platen/sim.h> */
    void *(*sim_create)(const char *name);
    void (*sim_release)(void *device);
    uint32_t (*sim_script)(void *device, const char *script, const char **complaint);
    uint32_t (*sim_reply)(void *device, const void *data, size_t size);
    uint64_t (*sim_received)(void *device);
    size_t (*sim_copy)(void *device, uint64_t offset, void *to, size_t size);
    void (*sim_forget)(void *device);
    void (*sim_counts)(void *device, uint32_t counts[4]); /* started ended abandoned open */

    /* Asked now and then: does somebody want the run to end? */
    bool (*interrupted)(void *context);
    /* A monitor does not come back from a call; must not return. */
    void (*give_up)(void *context, const char *what);
    /* A monitor is loaded, or none is any more. */
    void (*monitors)(void *context, bool loaded);
    /* A line for the person, made printable: script errors. */
    void (*complain)(void *context, const char *text);
};

struct platen_script_options {
    const char *only;           /* tests whose name this pattern matches (* ? [..]); NULL: all */
    uint64_t seed;              /* $seed; 0: 1 */
    uint64_t timeout;           /* nanoseconds for one test; 0: a minute, for a trace more */
    bool dry_run;               /* reads and checks, and does nothing */
    const char *monitor;        /* $monitor; NULL: "builtin" */
    const char *language;       /* stands over every monitor, for printers that name none; NULL */
    const char *registry;       /* a .reg file that every registry of a script begins with; NULL */
    struct platen_trace *trace; /* records what runs; NULL: nothing is recorded */
    const char *program;        /* how the command line that repeats a test begins: "platen run" */
};

/* How it went, as exit statuses of the command (enum platen_exit): the worst of them. */
enum platen_script_status {
    PLATEN_SCRIPT_PASSED = 0,
    PLATEN_SCRIPT_FAILED = 1,
    PLATEN_SCRIPT_WRONG = 2,   /* script errors: nothing was run */
    PLATEN_SCRIPT_MONITOR = 3, /* a monitor could not be loaded */
    PLATEN_SCRIPT_NOTHING = 77 /* all was skipped */
};

/* Scripts that have been read. */
struct platen_scripts;

/* Reads and checks all of them. What is wrong with them is told to world->complain, and then
 * *scripts is NULL and the status WRONG. Everything is borrowed until the scripts are freed. */
enum platen_script_status platen_scripts_read(const char *const *paths, size_t count,
                                              const struct platen_script_options *options,
                                              const struct platen_script_world *world,
                                              struct platen_scripts **scripts);
/* Runs them in their order and tells the report, RUN_BEGIN and RUN_END as well. */
enum platen_script_status platen_scripts_run(struct platen_scripts *scripts,
                                             struct platen_report *report);
/* Names the tests that would run, in their order. `line` is 0 for a file without tests and a trace.
 */
void platen_scripts_list(const struct platen_scripts *scripts,
                         void (*tell)(void *context, const char *path, uint32_t line,
                                      const char *name),
                         void *context);
/* NULL is fine. */
void platen_scripts_free(struct platen_scripts *scripts);

/* The verbs, for lists and completion: true while there is one of that number. */
struct platen_script_verb {
    const char *words;
    const char *usage;
    const char *summary;
};
bool platen_script_verb(size_t index, struct platen_script_verb *verb);

/* "queued", "started": the kinds of events by number; NULL: there is none. */
const char *platen_script_event(size_t index);

#endif
