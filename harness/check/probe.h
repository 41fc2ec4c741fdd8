/* SPDX-License-Identifier: MIT
 *
 * What a probe of `platen check` sees. A probe tries a few rules of the contract on the monitor: it
 * is a function of probes.def, and what it does it says in lines of a script (doc/script.md), which
 * a session runs in a world where the monitor is loaded. An expectation that is not met is a
 * finding; the lines that ran are the trace that shows it, so they must run as they stand in a
 * file of their own: no word here is understood by the check alone.
 *
 * The names that every probe's lines can use, where the need is there:
 *
 *     $monitor           what to load (the monitor is loaded already)
 *     $tmp, $there       a folder of the world's own; the same by the name that the monitor has for
 *                        it (under Wine: Z:...)
 *     $port              a port that prints; with need TARGET its output can be read
 *     $port2             another one, if there is one: probe_has_name(p, "port2")
 *     $unknown           a name that no port has
 *     $object            the monitor's own name for XcvOpenPort
 *     $jobport, $jobout  need JOB_TARGET: a port that takes its target from the job, as FILE: does,
 *                        and a path for pOutputFile
 *     $silent            need NO_BACK_CHANNEL: a port from which nothing can be read
 *     $device            need STALLING_DEVICE: the simulated printer that $port leads to
 *
 * In fields of structures stands "${jobout}", not $jobout.
 *
 * Every other $name is the probe's own: worlds are shared, names are not.
 *
 * A world whose probe came upon a finding, or ended early, is thrown away. A probe that ends well
 * leaves the world as it found it: ports closed, jobs ended, faults ended, what it added deleted.
 * What cannot promise that has the flag FRESH.
 */
#ifndef CHECK_PROBE_H
#define CHECK_PROBE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "os/format.h"
#include "rules/rules.h"
#include "script/session.h"

struct probe;
struct platen_image;

typedef void probe_function(struct probe *probe);

enum probe_flag {
    PROBE_FRESH = 1,     /* a world of its own, made for it and thrown away after it */
    PROBE_HOSTILE = 2,   /* crashes monitors of Windows: with --hostile only */
    PROBE_SLOW = 4,      /* takes seconds: begun first, so that others run beside it */
    PROBE_FILE = 8,      /* looks at the file alone: no world */
    PROBE_LANGUAGE = 16, /* for language monitors only; others are for all that the rules bind */
    PROBE_PORT = 32,     /* for port monitors only, though its rules bind both */
    PROBE_QUIET =
        128, /* faults make the spooler notice things that are nobody's finding (FRESH too) */
    PROBE_BARE =
        256, /* the world has no target: the monitor was loaded on an empty store (FRESH too) */
    PROBE_FORGETS = 512, /* what initialisation was given is overwritten after it (FRESH too; R8) */
    PROBE_PATIENT = 1024, /* a call is given 180 s, if the user did not say otherwise (and FRESH) */
    PROBE_NATIVE = 64     /* not under Wine: what it looks at is not there */
};

/* ---- lines ----------------------------------------------------------------------------------- */

/* Each runs one or more lines of script. In the format %s stands for text as it is: who writes
 * somebody's text into a line quotes it (probe_quote), or better gives it a name (probe_set_text).
 *
 * All are false once the probe is over (the host has ended, a call did not come back, set-up
 * failed): return then. They never run anything after that, so it is no harm to go on. */

/* Every expectation that is not met is a finding about `rule`, of that rule's severity. True: all
 * were met. A monitor that crashes or hangs in it breaks the rule. */
bool probe_run(struct probe *probe, int rule, const char *format, ...) PLATEN_OS_PRINTF(3, 4);
/* The same for what is only a SHOULD inside a MUST rule. */
bool probe_should(struct probe *probe, int rule, const char *format, ...) PLATEN_OS_PRINTF(3, 4);
/* Set-up. If it is not met the probe is over: its rules that were not tried yet are "not tried". */
bool probe_set(struct probe *probe, const char *format, ...) PLATEN_OS_PRINTF(2, 3);
/* Is it so? No finding either way. */
bool probe_ask(struct probe *probe, const char *format, ...) PLATEN_OS_PRINTF(2, 3);
/* The same, but a monitor that crashes or hangs in it breaks the rule. */
bool probe_look(struct probe *probe, int rule, const char *format, ...) PLATEN_OS_PRINTF(3, 4);
/* Cleaning up: runs even if the probe is over, as long as the host lives; no finding. */
void probe_tidy(struct probe *probe, const char *format, ...) PLATEN_OS_PRINTF(2, 3);

/* Is the probe over? */
bool probe_is_over(const struct probe *probe);

/* ---- what came back -------------------------------------------------------------------------- */

/* What a line bound to $name (without the $): a number (a handle's bits), 0 if it is none; text as
 * the line would have it between quotes, undone, NULL if there is none (valid until the probe
 * ends). */
bool probe_has_name(struct probe *probe, const char *name);
uint64_t probe_number(struct probe *probe, const char *name);
const char *probe_text(struct probe *probe, const char *name);
/* Gives a name a text, or a number, for the lines that come. */
void probe_set_text(struct probe *probe, const char *name, const char *text);
void probe_set_number(struct probe *probe, const char *name, uint64_t number);
/* The name stands for nothing any more: lines that clean up do without it. */
void probe_forget(struct probe *probe, const char *name);
/* The text in quotes, as a line has it; valid until the probe ends. */
const char *probe_quote(struct probe *probe, const char *text);
/* Text made as printf does; valid until the probe ends. */
const char *probe_format(struct probe *probe, const char *format, ...) PLATEN_OS_PRINTF(2, 3);

/* The last call as a line: arguments, "->", what came back. "" if there was none. */
const char *probe_last(struct probe *probe);
/* What came instead, in words, of the last expectation that was not met; "" if there was none. */
const char *probe_got(struct probe *probe);
/* What came of it under that name, as a line has it: "pPorts" -> [{pName="LPT1:"} ...]; NULL:
 * nothing did. It can be written into the expectation of a line that is to answer the same. */
const char *probe_came(struct probe *probe, const char *name);
/* What the monitor's process saw of the last call (call/facts.h). NULL: there was none, or it
 * told nothing. */
const struct platen_facts *probe_facts(struct probe *probe);
/* Its function, result, last-error and how long it took; NULL: there was none. */
const struct platen_session_call *probe_call(struct probe *probe);
/* What is looked at in every call from now on: PLATEN_FACTS_PROCESS ...; 0 again at its end. */
void probe_want(struct probe *probe, unsigned wanted);
/* How many findings the spooler and the host came to since the probe began (keys that were left
 * open, a printer handle that was closed twice ...), and the text of one. */
size_t probe_events(struct probe *probe);
const char *probe_event(struct probe *probe, size_t index);

/* ---- judgements of C's own ------------------------------------------------------------------- */

/* The rule was tried: what did not come to a finding until the probe's end has passed. (probe_run
 * and probe_should say so themselves; so do the next.) */
void probe_tried(struct probe *probe, int rule);
/* Finds, if `fine` is false, that about the last call something else was expected than came.
 * Returns `fine`. */
bool probe_judge(struct probe *probe, int rule, bool fine, const char *expected,
                 const char *got_format, ...) PLATEN_OS_PRINTF(5, 6);
bool probe_judge_should(struct probe *probe, int rule, bool fine, const char *expected,
                        const char *got_format, ...) PLATEN_OS_PRINTF(5, 6);
/* The rule cannot be tried here, and why: "no port takes its target from the job". */
void probe_skip(struct probe *probe, int rule, const char *why_format, ...) PLATEN_OS_PRINTF(3, 4);
/* In what the lines that follow try it ("a store whose values are numbers"): findings tell it. The
 * text must live as long as the probe; NULL: in nothing that is worth a word. */
void probe_about(struct probe *probe, const char *what);

/* ---- what is there --------------------------------------------------------------------------- */

bool probe_has(struct probe *probe, uint32_t needs); /* PLATEN_NEED_ bits, all of them */
bool probe_strict(struct probe *probe);
bool probe_hostile(struct probe *probe);
bool probe_is_language(struct probe *probe);
bool probe_is_wine(struct probe *probe);
bool probe_is_narrow(struct probe *probe);                  /* its pointers have 32 bits */
bool probe_is_builtin(struct probe *probe);                 /* in this process */
bool probe_has_slot(struct probe *probe, const char *slot); /* is "ReadPort" there in the table? */
/* The monitor's name in the spooler, for `unload`. */
const char *probe_monitor_name(struct probe *probe);
/* The name of the first function of a set of MONITOR2's members, "pfnOpenPort". */
const char *probe_member(struct probe *probe, uint32_t members);
/* The file, read without running it; NULL: builtin. */
const struct platen_image *probe_image(struct probe *probe);
const char *probe_path(struct probe *probe); /* of the file; NULL: builtin */

/* How many files there are in the folder that the monitor works in (its current folder; HOME and
 * TMPDIR lead there, too), and below; the name of one of them in *name. */
size_t probe_files(struct probe *probe, const char **name);
/* The ports that this world lists when the first of these is called. */
size_t probe_ports(struct probe *probe);
const char *probe_port(struct probe *probe, size_t index);

/* ---- the target ------------------------------------------------------------------------------ */

/* A name that a port can be added under: fresh at each call. NULL: none can (need ADD_PORT). */
const char *probe_new_port(struct probe *probe);
/* Lines that add the port of that name, and those that delete it; for probe_set and probe_tidy, or
 * for a probe_run about a rule of Xcv. Each is one line, with its expectation. */
const char *probe_add_line(struct probe *probe, const char *name);
const char *probe_delete_line(struct probe *probe, const char *name);
/* A line that opens $port, for language monitors over the port monitor, and lets $NAME (without the
 * $) stand for its handle; with "-> TRUE". */
const char *probe_open_line(struct probe *probe, const char *name);
/* The arguments of StartDocPort that make $port print: pDocInfo={...} with pOutputFile where
 * it is wanted. `title` is the document's name. */
const char *probe_document(struct probe *probe, const char *title);

/* What has arrived at the target since probe_forget_output; false: it cannot be known (and the
 * probe goes on). The bytes are valid until the next such call. Waits for `expected` bytes, a few
 * seconds at most; 0: takes what is there. */
bool probe_output(struct probe *probe, size_t expected, const void **bytes, size_t *size);
void probe_forget_output(struct probe *probe);
/* Is $port's name the path of the file that it prints to? */
bool probe_port_is_path(struct probe *probe);
/* The path of the file that $port prints to, if it is in a folder of the world's own and may be
 * replaced, as a line has it between quotes; NULL otherwise. */
const char *probe_output_path(struct probe *probe);
/* A folder stands where the target's file would be; false: the target is no file of its own. In a
 * FRESH world: it stays. */
bool probe_block_output(struct probe *probe);
/* Is what arrived exactly these bytes? A finding if not; nothing where it cannot be known. */
bool probe_arrived(struct probe *probe, int rule, const void *bytes, size_t size);
/* Need STALLING_DEVICE: how the device that $port leads to treats connections from now on, in the
 * words of the verb `behave`: "stall-after=100"; "": well. False: the probe is over. */
bool probe_behave(struct probe *probe, const char *manner);

#endif
