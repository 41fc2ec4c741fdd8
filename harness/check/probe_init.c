/* SPDX-License-Identifier: MIT
 *
 * Initialisation and the store: R4, R5, R6, R8.
 */
#include <string.h>

#include "check/probes.h"

#define MOST_FAULTS 8 /* calls to the store that are made to fail, one after the other */

/* ---- R4 -------------------------------------------------------------------------------------- */

static void judge_events(struct probe *p, size_t from)
{
    for (size_t i = from; i < probe_events(p); i++) {
        const char *text = probe_event(p, i);
        if (strstr(text, "(R6)") != NULL) {
            probe_judge(p, 4, false, "initialisation that fails leaves no key open", "%s", text);
        }
        if (strstr(text, "without a last-error") != NULL) {
            probe_judge_should(p, 4, false, "last-error says why it failed", "%s", text);
        }
    }
}

static const char *kind_of(struct probe *p)
{
    return probe_is_language(p) ? "language" : "monitor";
}

/* false: there was no such call any more. */
static bool fail_once(struct probe *p, unsigned number)
{
    size_t events = probe_events(p);
    if (!probe_set(p, "spooler \"failing%u\"\nfault registry nth=%u error 5 as $fault%u", number,
                   number, number)) {
        return false;
    }
    bool loaded = probe_ask(p, "%s $monitor -> ERROR_SUCCESS", kind_of(p));
    bool reached = probe_ask(p, "expect fault $fault%u hits=1..", number);
    probe_tidy(p, "end fault $fault%u", number);
    if (probe_is_over(p)) {
        return false;
    }
    if (loaded && reached && !probe_is_language(p)) { /* then it does without, and works */
        probe_tried(p, 4);
        probe_look(p, 4, "EnumPorts Level=1 -> any");
        probe_look(p, 4, "unload %s", probe_quote(p, probe_monitor_name(p)));
    }
    if (!loaded) {
        probe_tried(p, 4);
        judge_events(p, events);
        probe_judge(p, 4, !reached || strstr(probe_got(p), "(R2)") == NULL,
                    "NULL, as the store did not answer: initialisation gives a whole table or none",
                    "%s", probe_got(p));
        probe_run(p, 4, "%s $monitor -> ERROR_SUCCESS", kind_of(p));
    }
    return reached;
}

void init_fails(struct probe *p)
{
    unsigned number = 1;
    while (number <= MOST_FAULTS && fail_once(p, number)) {
        number++;
    }
    if (number == 1 && !probe_is_over(p)) {
        probe_skip(p, 4, "initialisation does not use the store, so it cannot be made to fail");
    } else if (!probe_is_over(p)) {
        probe_tried(p, 4);
    }
}

/* ---- R5, R6 ---------------------------------------------------------------------------------- */

static void use_store(struct probe *p)
{
    const char *name = probe_new_port(p);
    if (name == NULL || !probe_has(p, PLATEN_NEED_ADD_PORT)) {
        return;
    }
    probe_ask(p, "%s", probe_add_line(p, name));
    probe_ask(p, "EnumPorts Level=1 -> any");
    if (probe_has(p, PLATEN_NEED_DELETE_PORT)) {
        probe_ask(p, "%s", probe_delete_line(p, name));
    }
}

/* What goes wrong with keys the spooler notices, at the latest when the monitor is unloaded. */
void init_store(struct probe *p)
{
    const char *file;
    size_t before = probe_files(p, &file);
    use_store(p);
    size_t after = probe_files(p, &file);
    if (!probe_is_over(p)) {
        probe_judge(p, 5, after <= before,
                    "what is to last goes into the store that the monitor was given",
                    "a file of its own appears: %s", file == NULL ? "" : file);
    }
    probe_set(p, "unload %s", probe_quote(p, probe_monitor_name(p)));
    probe_tried(p, 5);
    probe_tried(p, 6);
}

/* ---- R8 -------------------------------------------------------------------------------------- */

void init_forgotten(struct probe *p)
{
    if (probe_is_builtin(p)) {
        probe_skip(p, 8, "the monitor is in this process");
        return;
    }
    probe_run(p, 8, "EnumPorts Level=1 -> any");
    if (probe_has(p, PLATEN_NEED_ADD_PORT)) {
        const char *name = probe_new_port(p);
        probe_should(p, 8, "%s", probe_add_line(p, name));
        probe_run(p, 8, "EnumPorts Level=1 -> any");
    }
    probe_run(p, 8, "unload %s", probe_quote(p, probe_monitor_name(p)));
}
