/* SPDX-License-Identifier: MIT
 *
 * Two instances in one process, as a cluster has them: R7. The node's is the one that the world
 * begins with; the cluster's is made here, in the same host, with a spooler and a store of its own.
 */
#include <string.h>

#include "check/probes.h"
#include "check/steps.h"

/* ---- the second instance --------------------------------------------------------------------- */

static bool turn_to(struct probe *p, const char *spooler)
{
    return probe_set(p, "spooler \"%s\"", spooler);
}

/* Loads it; a monitor that cannot be initialised twice is found there. */
static bool load_second(struct probe *p)
{
    const char *word = probe_is_language(p) ? "language" : "monitor";
    const char *root = probe_is_builtin(p) ? " file-root=\"${tmp}\"" : "";
    return probe_run(p, 7, "%s $monitor%s beside=\"%s\" -> ERROR_SUCCESS", word, root,
                     step_spooler(p));
}

/* From here on the cluster's spooler is meant. */
static bool make_second(struct probe *p)
{
    return probe_set(p, "spooler \"cluster\" cluster=on server=\"PLATENCLUSTER\"%s",
                     probe_is_language(p) ? "\nmonitor builtin" : "") &&
           load_second(p);
}

/* $port in this spooler as well. */
static bool make_port(struct probe *p)
{
    const char *lines = step_port_lines(p);
    return *lines == '\0' || probe_set(p, "%s", lines);
}

static bool unload(struct probe *p)
{
    return probe_run(p, 7, "unload %s", probe_quote(p, probe_monitor_name(p)));
}

/* ---- the table ------------------------------------------------------------------------------- */

static uint64_t table_of(struct probe *p)
{
    probe_want(p, PLATEN_FACTS_TABLE);
    probe_ask(p, "EnumPorts Level=1 -> any");
    const struct platen_facts *facts = probe_facts(p);
    bool known = facts != NULL && facts->table.known && !facts->table.null && facts->table.readable;
    probe_want(p, 0);
    return known ? facts->table.hash : 0;
}

/* The table is one for both, or each has its own: what the first was given stays as it is. */
void cluster_table(struct probe *p)
{
    if (probe_is_language(p)) {
        return;
    }
    uint64_t before = table_of(p);
    if (!make_second(p)) {
        return;
    }
    turn_to(p, step_spooler(p));
    uint64_t after = table_of(p);
    probe_judge(p, 2, before == 0 || after == 0 || before == after,
                "the table that the first instance was given is what it was before there was a "
                "second",
                "it is another");
}

/* ---- handles --------------------------------------------------------------------------------- */

static void judge_handles(struct probe *p)
{
    const char *first = step_instance(p, 0);
    const char *second = step_instance(p, 1);
    if (first != NULL && second != NULL) {
        probe_judge_should(p, 7, strcmp(first, second) != 0,
                           "*phMonitor is written, with another value for each instance",
                           "%s in both", first);
    }
}

void cluster_handles(struct probe *p)
{
    if (!probe_is_language(p) && make_second(p)) {
        judge_handles(p);
    }
}

/* ---- ports ----------------------------------------------------------------------------------- */

static bool is_listed(struct probe *p, const char *name)
{
    if (!probe_run(p, 7, "EnumPorts Level=1 -> TRUE")) {
        return false;
    }
    const char *rows = probe_came(p, "pPorts");
    return rows != NULL && strstr(rows, probe_format(p, "pName=%s", probe_quote(p, name))) != NULL;
}

static void judge_listed(struct probe *p, const char *name, bool expected)
{
    bool listed = is_listed(p, name);
    if (!probe_is_over(p)) {
        probe_judge(p, 7, listed == expected,
                    expected ? "the port that was added to this instance is in its list"
                             : "a port that was added to the other instance is not in the list of "
                               "this one",
                    "%s", listed ? "it is there" : "it is not");
    }
}

/* Ports of each in the lists of both, and in their stores. */
void cluster_ports(struct probe *p)
{
    const char *ours = probe_new_port(p);
    const char *theirs = probe_new_port(p);
    if (!make_second(p) || !turn_to(p, step_spooler(p)) ||
        !probe_set(p, "%s", probe_add_line(p, ours))) {
        return;
    }
    judge_listed(p, ours, true);
    turn_to(p, "cluster");
    judge_listed(p, ours, false);
    probe_run(p, 7, "%s", probe_add_line(p, theirs));
    judge_listed(p, theirs, true);
    turn_to(p, step_spooler(p));
    judge_listed(p, theirs, false);
    judge_listed(p, ours, true);
    turn_to(p, "cluster");
    if (!probe_is_over(p) && unload(p) && load_second(p)) {
        judge_listed(p, theirs, true);
        judge_listed(p, ours, false);
    }
    turn_to(p, step_spooler(p));
    judge_listed(p, ours, true);
    if (!probe_is_over(p) && unload(p) &&
        probe_set(p, "monitor $monitor%s", probe_is_builtin(p) ? " file-root=\"${tmp}\"" : "")) {
        judge_listed(p, ours, true);
        judge_listed(p, theirs, false);
    }
}

/* ---- jobs ------------------------------------------------------------------------------------ */

static void print_once(struct probe *p, const char *handle)
{
    const char *document = probe_document(p, "check");
    if (probe_ask(p, "%s", step_open_line(p, "$port", handle))) {
        probe_ask(p,
                  "StartDocPort hPort=$%s JobId=701 %s -> TRUE\n"
                  "WritePort hPort=$%s pBuffer=\"page\" -> any\nEndDocPort hPort=$%s -> any",
                  handle, document, handle, handle);
    }
    probe_tidy(p, "ClosePort hPort=$%s", handle);
}

/* One instance is shut down while the other one prints. */
static void end_one(struct probe *p, const char *ends, const char *stays)
{
    static const char whole[] = "before and after";
    turn_to(p, ends);
    print_once(p, "gone");
    turn_to(p, stays);
    probe_forget_output(p); /* before anybody has it open */
    if (!step_open(p) || !step_start(p, 702)) {
        return;
    }
    probe_run(p, 7, "WritePort hPort=$h pBuffer=\"before \" -> TRUE");
    turn_to(p, ends);
    if (probe_is_over(p) || !unload(p)) {
        return;
    }
    turn_to(p, stays);
    probe_run(p, 7,
              "WritePort hPort=$h pBuffer=\"and after\" -> TRUE\nEndDocPort hPort=$h -> TRUE");
    if (!probe_is_over(p)) {
        step_arrived(p, 7, whole, sizeof whole - 1);
    }
    probe_run(p, 7, "ClosePort hPort=$h -> TRUE");
    if (!probe_is_language(p)) {
        probe_run(p, 7, "EnumPorts Level=1 -> TRUE");
    }
}

void cluster_first_ends(struct probe *p)
{
    if (make_second(p) && make_port(p)) {
        end_one(p, step_spooler(p), "cluster");
    }
}

void cluster_second_ends(struct probe *p)
{
    if (make_second(p) && make_port(p)) {
        end_one(p, "cluster", step_spooler(p));
    }
}
