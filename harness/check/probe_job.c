/* SPDX-License-Identifier: MIT
 *
 * StartDocPort: R30 to R37.
 */
#include "check/inside.h"
#include "check/probes.h"

#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "check/steps.h"
#include "os/file.h"

/* ---- R30 ------------------------------------------------------------------------------------- */

/* A port that starts no job without pOutputFile may be one as FILE: is. It prints into that file
 * then. True: it is none, and that is told. */
static bool only_named(struct probe *p)
{
    static const char named[] = "StartDocPort hPort=$h JobId=3004 pDocInfo={pDocName=\"check\" "
                                "pOutputFile=\"${there}/named.prn\" pDatatype=\"RAW\"}";
    bool starts = probe_has_name(p, "there") && probe_ask(p, "%s -> TRUE", named);
    if (!starts) {
        return false;
    }
    probe_ask(p, "WritePort hPort=$h pBuffer=\"page\" -> any\nEndDocPort hPort=$h -> any");
    char *path = bench_path(p->bench, "${tmp}/named.prn");
    char *data = NULL;
    size_t size = 0;
    bool there = path == NULL || platen_os_file_load(path, 1u << 20, &data, &size) == 0;
    free(data);
    free(path);
    if (there || probe_is_over(p)) {
        return false;
    }
    probe_tried(p, 30);
    probe_run(p, 30, "%s -> TRUE", step_start_line(p, 3005, ""));
    return true;
}

/* Both ways, and again as nobody's business: a port whose device is not there starts no job. */
void job_starts(struct probe *p)
{
    static const char *const ways[] = {"pDatatype=\"RAW\"", "pDatatype=NULL"};
    bool starts = probe_has(p, PLATEN_NEED_TARGET);
    if (!step_open(p)) {
        return;
    }
    for (size_t i = 0; i < 2 && !starts; i++) {
        starts = probe_ask(p, "%s -> TRUE", step_start_line(p, 3001, ways[i]));
        step_finish(p);
    }
    for (size_t i = 0; i < 2 && starts; i++) {
        /* A page without access stands behind it: a DOC_INFO_2 is not there. */
        probe_run(p, 30, "%s!guard -> TRUE", step_start_line(p, 3002 + (unsigned)i, ways[i]));
        step_finish(p);
    }
    if (!starts && !probe_is_over(p) && !only_named(p)) {
        probe_skip(p, 30, "no port starts a job here: %s", probe_last(p));
    }
    step_close(p);
}

/* ---- R31 ------------------------------------------------------------------------------------- */

static void try_level_2(struct probe *p)
{
    probe_run(p, 31, "%s Level=2 -> any", step_start_line(p, 3101, ""));
    bool fine = step_said_true(p) || step_error(p) == PLATEN_INVALID_LEVEL;
    bool starts = step_said_true(p);
    probe_judge(p, 31, fine, "TRUE, or FALSE with last-error 124 (ERROR_INVALID_LEVEL)", "%s",
                step_said(p));
    if (starts) {
        step_text(p, 31, "level 2");
        probe_run(p, 31, "EndDocPort hPort=$h -> TRUE");
        step_arrived(p, 31, "level 2", 7);
    }
}

void job_levels(struct probe *p)
{
    static const char *const none[] = {"0", "3", "0xFFFFFFFF"};
    if (!step_open(p) || !step_start(p, 3100)) {
        step_close(p);
        return;
    }
    step_finish(p);
    probe_forget_output(p);
    try_level_2(p);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        probe_should(p, 31, "%s Level=%s -> FALSE ERROR_INVALID_LEVEL",
                     step_start_line(p, 3102 + (unsigned)i, ""), none[i]);
        if (step_said_true(p)) {
            probe_tidy(p, "EndDocPort hPort=$h");
        }
    }
    step_close(p);
}

/* ---- R32 ------------------------------------------------------------------------------------- */

void job_target(struct probe *p)
{
    static const char *const ways[] = {
        "pDocInfo={pDocName=\"check\" pOutputFile=NULL pDatatype=\"RAW\"}",
        "pDocInfo={pDocName=\"check\" pOutputFile=\"\" pDatatype=\"RAW\"}",
        "pDocInfo=NULL",
    };
    if (!probe_set(p, "%s", step_open_line(p, "$jobport", "h"))) {
        return;
    }
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        probe_run(p, 32, "StartDocPort hPort=$h JobId=%zu %s -> any", 3200 + i, ways[i]);
        bool starts = step_said_true(p);
        uint32_t error = step_error(p); /* that there is none is told at R33 */
        probe_judge(p, 32, !starts && (error == PLATEN_INVALID_PARAMETER || error == 0),
                    "FALSE with last-error 87 (ERROR_INVALID_PARAMETER)", "%s", step_said(p));
        if (starts) {
            probe_tidy(p, "EndDocPort hPort=$h");
        }
    }
    step_close(p);
}

/* ---- R33 ------------------------------------------------------------------------------------- */

/* A StartDocPort that may fail. If it does: with a reason, and without a printer that is kept.
 * False: it did not fail. */
static bool fails(struct probe *p, const char *line)
{
    size_t mark = step_mark(p);
    if (!probe_run(p, 33, "%s -> any", line)) {
        return false;
    }
    if (step_said_true(p)) {
        probe_tidy(p, "EndDocPort hPort=$h");
        return false;
    }
    step_has_reason(p, 33);
    int left = step_printers(p, mark);
    probe_judge(p, 33, left <= 0, "the printer that was opened for the job is closed again",
                "%d more OpenPrinter than ClosePrinter", left);
    probe_judge(p, 52, step_count(p, mark, "SetJobW", "Command=6") == 0,
                "no SetJob for a job that did not start", "it reported the job as completed");
    return true;
}

/* The same line works now, first without an EndDocPort, then after one that is nobody's. */
static void works_again(struct probe *p, const char *bad, const char *good)
{
    probe_run(p, 33, "%s -> TRUE", good);
    step_finish(p);
    if (bad != NULL && fails(p, bad)) {
        size_t mark = step_mark(p);
        probe_run(p, 33, "EndDocPort hPort=$h -> any");
        probe_judge(p, 33, step_count(p, mark, "SetJobW", NULL) == 0,
                    "an EndDocPort without a job has no effect", "it called SetJob");
        probe_run(p, 33, "%s -> TRUE", good);
        step_finish(p);
    }
}

/* A level that there is not. */
void job_fails_level(struct probe *p)
{
    if (!step_open(p) || !step_start(p, 3300)) {
        step_close(p);
        return;
    }
    step_finish(p);
    const char *bad = probe_format(p, "%s Level=0", step_start_line(p, 3301, ""));
    if (fails(p, bad)) {
        works_again(p, bad, step_start_line(p, 3302, ""));
    }
    step_close(p);
}

/* A folder that there is not, and then another file. */
void job_fails_path(struct probe *p)
{
    const char *slash = probe_is_wine(p) ? "\\\\" : "/";
    if (!probe_set(p, "%s", step_open_line(p, "$jobport", "h"))) {
        return;
    }
    const char *bad = probe_format(p,
                                   "StartDocPort hPort=$h JobId=3310 pDocInfo={pDocName=\"check\" "
                                   "pDatatype=\"RAW\" pOutputFile=\"${there}%snone%sfile.prn\"}",
                                   slash, slash);
    static const char good[] = "StartDocPort hPort=$h JobId=3311 pDocInfo={pDocName=\"check\" "
                               "pDatatype=\"RAW\" pOutputFile=\"${jobout}\"}";
    if (fails(p, bad)) {
        works_again(p, bad, good);
    }
    if (fails(p, bad)) { /* TRUE without a job would be no success */
        probe_run(p, 33, "%s -> TRUE", good);
        step_text(p, 33, "the next job");
        probe_run(p, 33, "EndDocPort hPort=$h -> TRUE");
        probe_run(p, 33, "expect file \"${tmp}/job.prn\" data=\"the next job\"");
    }
    step_close(p);
}

/* What a StartDocPort that fails leaves behind, many times. Who waits for a time-out is not asked
 * that often, and must leave something behind each time to be believed. */
#define FAILURES 40
#define FEW      2
#define FAST     0.05 /* seconds */
#define SLOW     5.0
#define ROUNDS   2

static void judge_failures(struct probe *p, const int64_t *handles, const int64_t *children,
                           unsigned turns)
{
    int64_t least = turns == FEW ? FEW + 1 : turns / 2;
    probe_judge(p, 33, !step_grows(handles, ROUNDS, least),
                "a StartDocPort that fails gives back what it opened",
                "after %u that failed the process has %lld more files or handles open",
                ROUNDS * (turns + 1), (long long)(handles[ROUNDS] - handles[0]));
    probe_judge(p, 33, !step_grows(children, ROUNDS, least),
                "a StartDocPort that fails ends what it started",
                "after %u that failed %lld more processes run, or were not waited for",
                ROUNDS * (turns + 1), (long long)(children[ROUNDS] - children[0]));
}

static void fails_often(struct probe *p, const char *line)
{
    int64_t handles[ROUNDS + 1];
    int64_t children[ROUNDS + 1];
    unsigned turns = 0;
    probe_want(p, PLATEN_FACTS_PROCESS);
    for (int i = 0; i <= ROUNDS; i++) {
        bool failed = probe_ask(p, "%s -> FALSE", line) && step_seconds(p) <= SLOW;
        const struct platen_facts *facts = failed ? probe_facts(p) : NULL;
        if (facts == NULL || !facts->process.known) {
            break;
        }
        turns = i > 0 ? turns : step_seconds(p) <= FAST ? FAILURES : FEW;
        handles[i] = facts->process.handles;
        children[i] = facts->process.children;
        if (i == ROUNDS) {
            judge_failures(p, handles, children, turns);
        } else if (!probe_ask(p, "repeat %u {\n%s -> FALSE\n}", turns, line)) {
            break;
        }
    }
    probe_want(p, 0);
}

/* A folder stands where the file should be; as long as it does no job starts. */
void job_fails_file(struct probe *p)
{
    if (!probe_block_output(p) || !step_open(p)) {
        return;
    }
    const char *line = step_start_line(p, 3315, "");
    if (fails(p, line) && probe_run(p, 33, "%s -> any", line)) {
        probe_judge(p, 33, !step_said_true(p),
                    "it fails as the first time: no job has begun, and none can", "TRUE");
        fails_often(p, line);
    }
    step_close(p);
}

/* A simulated device of the builtin monitor, which is missing and then there. */
static void fail_sim(struct probe *p)
{
    if (probe_set(p, "sim gone \"refuse 1167\"\n"
                     "port \"Gone\" to \"sim:gone\"") &&
        probe_set(p, "%s", step_open_line(p, "\"Gone\"", "h"))) {
        const char *line = "StartDocPort hPort=$h JobId=3320";
        if (fails(p, line)) {
            probe_set(p, "sim gone");
            works_again(p, NULL, line);
        }
        step_close(p);
    }
}

/* A printer that is switched off. Twice: after the first failure the port is no busier. */
void job_fails_device(struct probe *p)
{
    if (probe_is_builtin(p)) {
        fail_sim(p);
    }
    if (!probe_has(p, PLATEN_NEED_STALLING_DEVICE)) {
        return;
    }
    if (!probe_set(p, "stop $device") || !probe_set(p, "%s", step_open_line(p, "$port", "off"))) {
        return;
    }
    const char *line = "StartDocPort hPort=$off JobId=3330";
    if (fails(p, line)) {
        uint32_t error = step_error(p);
        probe_run(p, 33, "%s -> any", line);
        bool same = step_said_true(p) || error == PLATEN_BUSY || step_error(p) != PLATEN_BUSY;
        probe_judge(p, 33, same, "it fails as the first time: the port is idle", "%s",
                    step_said(p));
        size_t mark = step_mark(p);
        probe_run(p, 33, "EndDocPort hPort=$off -> any");
        probe_judge(p, 33, step_count(p, mark, "SetJobW", NULL) == 0,
                    "an EndDocPort without a job has no effect", "it called SetJob");
        fails_often(p, line);
    }
    probe_tidy(p, "ClosePort hPort=$off");
}

/* ---- R34 ------------------------------------------------------------------------------------- */

void job_nested(struct probe *p)
{
    if (!step_open(p) || !step_start(p, 3401)) {
        step_close(p);
        return;
    }
    bool fine = step_text(p, 34, "first,");
    size_t began = step_mark(p);
    fine = fine && probe_run(p, 34, "%s -> any", step_start_line(p, 3402, ""));
    bool reason = !fine || step_has_reason(p, 33);
    if (fine && !step_said_true(p)) {
        int left = step_printers(p, began);
        probe_judge(p, 33, left <= 0, "nothing is left of a start that fails, and no printer open",
                    "%d more OpenPrinter than ClosePrinter", left);
    }
    probe_judge(p, 34, !fine || !reason || step_said_true(p) || step_error(p) == PLATEN_BUSY,
                "TRUE without effect, or FALSE with last-error 170 (ERROR_BUSY)", "%s",
                step_said(p));
    step_text(p, 34, "second");
    size_t mark = step_mark(p);
    probe_run(p, 34, "EndDocPort hPort=$h -> TRUE");
    step_arrived(p, 34, "first,second", 12);
    if (!probe_is_over(p)) {
        probe_judge(p, 34, step_count(p, mark, "SetJobW", "JobId=3402 ") == 0,
                    "SetJob is told of the first job", "it is told of the second one");
    }
    probe_run(p, 34, "%s -> TRUE", step_start_line(p, 3403, ""));
    step_finish(p);
    step_close(p);
}

/* ---- R35 ------------------------------------------------------------------------------------- */

void job_copies(struct probe *p)
{
    const char *output = step_output(p);
    const char *file = output == NULL ? "" : probe_format(p, " pOutputFile=%s!poison", output);
    const void *bytes;
    size_t size = 0;
    probe_ask(p, "printer \"Platen\" -> any"); /* others may have made it */
    if (!step_open(p)) {
        return;
    }
    /* A WritePort that crashes in any job breaks another rule. */
    if (step_start(p, 3500)) {
        probe_look(p, 45, "WritePort hPort=$h pBuffer=\"plain\" -> any");
        uint64_t taken = step_number(p, "pcbWritten");
        probe_ask(p, "EndDocPort hPort=$h -> any");
        probe_output(p, taken < 5 ? (size_t)taken : 5, &bytes,
                     &size); /* it is no part of the next */
        probe_forget_output(p);
    }
    bool starts = probe_run(p, 35,
                            "StartDocPort hPort=$h JobId=3501 pPrinterName=\"Platen\"!poison "
                            "pDocInfo={pDocName=\"check\"!poison pDatatype=\"RAW\"!poison%s}"
                            "!poison -> any",
                            file) &&
                  step_said_true(p);
    if (starts) {
        /* More stands behind what is to be written: who reads on there breaks another rule. */
        probe_run(p, 35, "WritePort hPort=$h pBuffer=\"copied-and-so-on\" cbBuf=6 -> TRUE");
        uint64_t taken = step_number(p, "pcbWritten");
        probe_run(p, 35, "EndDocPort hPort=$h -> TRUE");
        step_arrived(p, 35, "copied", taken < 6 ? (size_t)taken : 6);
    }
    step_close(p);
}

/* ---- R36 ------------------------------------------------------------------------------------- */

/* StartDocPort of another handle, while the job of $h is ended after a while: it fails, or waits
 * for that.
 */
static void try_other(struct probe *p, const char *handle, const char *document)
{
    bool starts = probe_ask(p,
                            "parallel {\nlane second {\n"
                            "StartDocPort hPort=$%s JobId=3602 %s -> TRUE\n}\n"
                            "lane first {\nsleep 0.8\nEndDocPort hPort=$h -> any\n}\n}",
                            handle, document);
    const struct platen_session_call *call = probe_call(p);
    bool waited = (call != NULL && call->slot == PLATEN_SLOT_StartDocPort) ||
                  step_longest(p, PLATEN_SLOT_StartDocPort) > 0.3;
    probe_judge(p, 36, !starts || waited,
                "a second StartDocPort for the device of a job fails or waits",
                "it said TRUE while the job was being printed");
    probe_tidy(p, "EndDocPort hPort=$%s\nClosePort hPort=$%s", handle, handle);
}

/* The same port opened twice, where that gives two handles. */
static bool try_same_port(struct probe *p, const char *port, const char *document)
{
    if (!probe_ask(p, "%s", step_open_line(p, port, "other"))) {
        return false;
    }
    if (probe_number(p, "other") == probe_number(p, "h")) {
        return false;
    }
    try_other(p, "other", document);
    return true;
}

/* The same file by way of another process: a second spooler with the same monitor. */
static bool try_second_spooler(struct probe *p, const char *port, const char *document)
{
    const char *again = step_setup_again(p);
    if (again == NULL ||
        !probe_ask(p, "spooler \"second\"\n%s\n%s", again, step_open_line(p, port, "elsewhere"))) {
        return false;
    }
    try_other(p, "elsewhere", document);
    return true;
}

/* A printer on the network takes connections side by side; a file that the job names does not. */
void job_device(struct probe *p)
{
    bool network = probe_has(p, PLATEN_NEED_STALLING_DEVICE);
    const char *port = network ? "$jobport" : "$port";
    const char *document = network ? "pDocInfo={pDocName=\"check\" pDatatype=\"RAW\" "
                                     "pOutputFile=\"${jobout}\"}"
                                   : probe_document(p, "check");
    if (network && !probe_has(p, PLATEN_NEED_JOB_TARGET)) {
        probe_skip(p, 36,
                   "the port leads to a printer on the network, which takes connections "
                   "side by side, and no other port leads to a file");
        return;
    }
    if (!probe_set(p, "%s", step_open_line(p, port, "h")) ||
        !probe_set(p, "StartDocPort hPort=$h JobId=3601 %s -> TRUE", document)) {
        step_close(p);
        return;
    }
    probe_set(p, "WritePort hPort=$h pBuffer=\"mine\" -> TRUE");
    if (!try_same_port(p, port, document) && !try_second_spooler(p, port, document)) {
        probe_skip(p, 36, "there is no second way to the device");
    }
    step_close(p);
}

/* ---- R37 ------------------------------------------------------------------------------------- */

/* Calls with a handle that is none. */
static unsigned wrong_handles(struct probe *p, size_t mark)
{
    unsigned count = step_count(p, mark, "SetJobW", "hPrinter=NULL") +
                     step_count(p, mark, "GetJobW", "hPrinter=NULL") +
                     step_count(p, mark, "ClosePrinter", "hPrinter=NULL");
    for (size_t i = 0; i < probe_events(p); i++) {
        count += strstr(probe_event(p, i), "no open printer") != NULL;
    }
    return count;
}

void job_printer(struct probe *p)
{
    if (!step_open(p) ||
        !probe_set(p, "fault OpenPrinterW always error ERROR_INVALID_PRINTER_NAME as $refused")) {
        return;
    }
    size_t mark = step_mark(p);
    probe_run(p, 37, "%s -> any", step_start_line(p, 3701, ""));
    bool starts = step_said_true(p);
    bool asked = step_count(p, mark, "OpenPrinterW", NULL) > 0;
    bool told = step_has_reason(p, 33) && step_error(p) == PLATEN_INVALID_PRINTER_NAME;
    probe_judge(p, 37, starts || !asked || told || step_error(p) == 0,
                "TRUE, or FALSE with the last-error that OpenPrinter gave: 1801", "%s",
                step_said(p));
    if (starts) {
        step_text(p, 37, "unnamed");
        probe_run(p, 37, "EndDocPort hPort=$h -> TRUE");
    }
    if (!probe_is_over(p)) {
        unsigned wrong = wrong_handles(p, mark);
        probe_judge(p, 37, wrong == 0, "no call with a handle that is none",
                    "%u calls of SetJob, GetJob or ClosePrinter", wrong);
    }
    if (!starts && !probe_is_over(p)) {
        fails_often(p, step_start_line(p, 3703, ""));
    }
    probe_set(p, "end fault $refused");
    if (!starts) {
        probe_run(p, 33, "%s -> TRUE", step_start_line(p, 3702, ""));
    }
    step_close(p);
}
