/* SPDX-License-Identifier: MIT
 *
 * EndDocPort and what is left of a job: R50 to R54. (R55 is in probe_stall.c.)
 */
#include "check/probes.h"

#include <stdlib.h>
#include <string.h>

#include "check/steps.h"

/* ---- R50 ------------------------------------------------------------------------------------- */

/* Who opens the printer for the first job and not for the second takes the second for the first. */
static void judge_new(struct probe *p, unsigned first, unsigned second)
{
    bool kept = first > 0 && second == 0;
    probe_judge(p, 50, probe_is_over(p) || !kept,
                "the job after EndDocPort is begun as the first was, which opened the printer",
                "StartDocPort says TRUE and does nothing, as if the first job were still going on");
}

void job_again(struct probe *p)
{
    if (!step_open(p)) {
        return;
    }
    size_t first = step_mark(p);
    if (step_start(p, 5001)) {
        unsigned printers = step_count(p, first, "OpenPrinterW", NULL);
        probe_run(p, 50, "EndDocPort hPort=$h -> any");
        probe_forget_output(p);
        size_t mark = step_mark(p);
        probe_run(p, 50, "%s -> TRUE", step_start_line(p, 5002, ""));
        judge_new(p, printers, step_count(p, mark, "OpenPrinterW", NULL));
        step_text(p, 50, "again");
        probe_run(p, 50, "EndDocPort hPort=$h -> TRUE");
        step_arrived(p, 50, "again", 5);
        probe_run(p, 50, "%s -> TRUE", step_start_line(p, 5003, ""));
    }
    step_close(p);
}

/* ---- R51 ------------------------------------------------------------------------------------- */

static void end_without_job(struct probe *p)
{
    size_t mark = step_mark(p);
    probe_run(p, 51, "EndDocPort hPort=$h -> TRUE");
    if (!probe_is_over(p)) {
        probe_judge(p, 51, step_count(p, mark, "SetJobW", NULL) == 0, "no SetJob",
                    "it called SetJob");
        probe_judge(p, 51, !probe_is_language(p) || step_count(p, mark, "EndDocPort", NULL) == 0,
                    "no EndDocPort of the port monitor: there is no job at either",
                    "it was called");
    }
}

void job_stray_end(struct probe *p)
{
    const void *bytes;
    size_t size = 0;
    if (!step_open(p)) {
        return;
    }
    end_without_job(p);
    for (unsigned i = 0; i < 2 && step_start(p, 5101 + i); i++) {
        step_finish(p);
        probe_output(p, 0, &bytes, &size);
        probe_forget_output(p);
        end_without_job(p);
        if (!probe_is_over(p) && probe_output(p, 0, &bytes, &size)) {
            probe_judge(p, 51, size == 0, "nothing is sent", "%zu bytes", size);
        }
    }
    step_close(p);
}

/* ---- R52, R53 -------------------------------------------------------------------------------- */

static void judge_report(struct probe *p, size_t mark, const char *printer)
{
    unsigned count = step_count(p, mark, "SetJobW", "Command=6");
    const char *line = step_back(p, &mark, "SetJobW");
    probe_judge(p, 52, count == 1, "one SetJob with command 6, JOB_CONTROL_SENT_TO_PRINTER",
                count == 0 ? "none" : "%u of them", count);
    if (line == NULL) {
        return;
    }
    probe_judge(p, 52, strcmp(step_argument(p, line, "JobId"), "5202") == 0,
                "SetJob names the job that StartDocPort was given: JobId=5202", "%s", line);
    bool nothing = strcmp(step_argument(p, line, "Level"), "0") == 0 &&
                   strcmp(step_argument(p, line, "pJob"), "NULL") == 0;
    probe_judge(p, 52, nothing, "Level=0 and pJob=NULL", "%s", line);
    probe_judge(p, 52, strcmp(step_argument(p, line, "hPrinter"), printer) == 0,
                probe_format(p, "the printer that the job opened: %s", printer), "%s", line);
}

void job_reported(struct probe *p)
{
    if (!step_open(p) || !step_start(p, 5201)) {
        step_close(p);
        return;
    }
    step_finish(p);
    size_t mark = step_mark(p);
    if (step_start(p, 5202)) {
        size_t at = mark;
        const char *opened = step_back(p, &at, "OpenPrinterW");
        const char *printer = opened == NULL ? NULL : step_came(p, opened, "phPrinter");
        probe_set(p, "WritePort hPort=$h pBuffer=\"reported\" -> TRUE");
        bool early = step_count(p, mark, "SetJobW", "Command=6") > 0;
        probe_run(p, 52, "EndDocPort hPort=$h -> TRUE");
        if (!probe_is_over(p)) {
            probe_judge(p, 52, !early, "no SetJob before EndDocPort",
                        "it reported the job as completed while it was still being written");
            judge_report(p, mark, printer == NULL ? "" : printer);
            int left = step_printers(p, mark);
            probe_judge(p, 53, left == 0, "each printer that was opened is closed",
                        "%d more OpenPrinter than ClosePrinter", left);
        }
    }
    step_close(p);
}

/* What jobs cost that is not given back: three rounds, each of which costs at least so much. */
#define ROUNDS 3

static void judge_growth(struct probe *p, const char *what, const int64_t *values, unsigned jobs,
                         int64_t least)
{
    probe_judge(p, 53, !step_grows(values, ROUNDS, least),
                probe_format(p, "as many %s in use after jobs as before them", what),
                "%lld more after %u jobs", (long long)(values[ROUNDS] - values[0]), ROUNDS * jobs);
}

void job_leaves_nothing(struct probe *p)
{
    unsigned jobs = probe_is_wine(p) ? 20 : 50;
    int64_t handles[ROUNDS + 1];
    int64_t threads[ROUNDS + 1];
    int64_t heap[ROUNDS + 1];
    int64_t children[ROUNDS + 1];
    size_t mark = 0;
    if (!step_open(p) || !step_start(p, 5301)) {
        step_close(p);
        return;
    }
    for (int i = 0; i <= ROUNDS; i++) {
        mark = step_mark(p);
        probe_run(p, 53,
                  "repeat %u {\nWritePort hPort=$h pBuffer=\"page\" -> any\n"
                  "EndDocPort hPort=$h -> any\n%s -> TRUE\n}",
                  jobs, step_start_line(p, 5302, ""));
        probe_want(p, PLATEN_FACTS_PROCESS);
        probe_run(p, 53, "EndDocPort hPort=$h -> any");
        probe_want(p, 0);
        const struct platen_facts *facts = probe_facts(p);
        if (probe_is_over(p) || facts == NULL || !facts->process.known) {
            break;
        }
        handles[i] = facts->process.handles;
        threads[i] = facts->process.threads;
        heap[i] = facts->process.heap;
        children[i] = facts->process.children;
        if (i == ROUNDS) {
            judge_growth(p, "handles", handles, jobs, jobs / 2);
            judge_growth(p, "threads", threads, jobs, jobs / 2);
            if (!probe_is_builtin(p)) {
                judge_growth(p, "bytes of memory", heap, jobs, (int64_t)jobs * 16);
                judge_growth(p, "processes that nobody waited for", children, jobs, jobs / 2);
            }
        }
    }
    if (!probe_is_over(p)) {
        int left = step_printers(p, mark);
        probe_judge(p, 53, left <= 0, "each printer that was opened is closed",
                    "after %u jobs %d more OpenPrinter than ClosePrinter", jobs, left);
    }
    step_close(p);
}

/* ---- R54 ------------------------------------------------------------------------------------- */

/* Longer than the short one, and of letters: what others do not hand on whole is told elsewhere. */
static const char long_text[] = "a document that is longer than the next one, so that its end "
                                "would stand behind that one if the file were not cut";
static const char short_text[] = "a short one";

static void print(struct probe *p, unsigned job, const char *text)
{
    step_forget_jobs(p);
    if (step_start(p, job) && step_text(p, 54, text) &&
        probe_run(p, 54, "EndDocPort hPort=$h -> TRUE")) {
        step_arrived(p, 54, text, strlen(text));
    }
}

/* The file that a job names, where $port leads somewhere else. */
static void print_to_file(struct probe *p, unsigned job, const char *text)
{
    if (probe_set(p,
                  "StartDocPort hPort=$h JobId=%u pDocInfo={pDocName=\"check\" "
                  "pOutputFile=\"${jobout}\" pDatatype=\"RAW\"} -> TRUE",
                  job) &&
        step_text(p, 54, text)) {
        probe_run(p, 54, "EndDocPort hPort=$h -> TRUE");
        probe_run(p, 54, "expect file \"${tmp}/job.prn\" data=%s", probe_quote(p, text));
    }
}

void job_output(struct probe *p)
{
    if (!step_open(p)) {
        return;
    }
    print(p, 5401, long_text);
    print(p, 5402, short_text);
    step_close(p);
    if (probe_has(p, PLATEN_NEED_JOB_TARGET | PLATEN_NEED_STALLING_DEVICE) &&
        probe_set(p, "%s", step_open_line(p, "$jobport", "h"))) {
        print_to_file(p, 5403, long_text);
        print_to_file(p, 5404, short_text);
        step_close(p);
    }
}

/* A device that is slow: when EndDocPort closes the way to it, much is still on that way. */
#define TAIL 300000u

void job_tail(struct probe *p)
{
    struct step_writing writing = {
        .stream = "tail", .to = TAIL, .block = 65536, .patience = 40, .rule = 54};
    if (!probe_set(p, "stream @tail random size=%u", TAIL) || !probe_behave(p, "slow=200000") ||
        !step_open(p) || !step_start(p, 5401)) {
        step_close(p);
        return;
    }
    void *bytes = step_bytes(p, "tail", TAIL);
    bool whole = step_write(p, &writing) && !writing.failed;
    size_t mark = step_mark(p);
    probe_run(p, 54, "EndDocPort hPort=$h -> any");
    bool claimed = step_said_true(p) && step_count(p, mark, "SetJobW", "Command=6") > 0;
    if (bytes != NULL && whole && claimed && !probe_is_over(p)) {
        step_arrived(p, 54, bytes, TAIL);
    }
    free(bytes);
    step_close(p);
}
