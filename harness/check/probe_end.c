/* SPDX-License-Identifier: MIT
 *
 * EndDocPort and what is left of a job: R50 to R54. (R55 is in probe_stall.c.)
 */
#include "check/probes.h"

#include <stdlib.h>
#include <string.h>

#include "check/steps.h"

/* ---- R50 ------------------------------------------------------------------------------------- */

void job_again(struct probe *p)
{
    if (!step_open(p)) {
        return;
    }
    if (step_start(p, 5001)) {
        probe_run(p, 50, "EndDocPort hPort=$h -> any");
        probe_forget_output(p);
        probe_run(p, 50, "%s -> TRUE", step_start_line(p, 5002, ""));
        probe_run(p, 50, "WritePort hPort=$h pBuffer=\"again\" -> TRUE pcbWritten=5");
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
        probe_set(p, "EndDocPort hPort=$h -> any");
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
    probe_judge(p, 52, count == 1, "one SetJob with command 6, JOB_CONTROL_SENT_TO_PRINTER", "%u",
                count);
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
    probe_tidy(p, "EndDocPort hPort=$h");
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
    bool grows = true;
    for (int i = 0; i < ROUNDS; i++) {
        grows = grows && values[i] >= 0 && values[i + 1] - values[i] >= least;
    }
    probe_judge(p, 53, !grows, probe_format(p, "jobs leave nothing behind: %s", what),
                "%lld more after %u jobs", (long long)(values[ROUNDS] - values[0]), ROUNDS * jobs);
}

void job_leaves_nothing(struct probe *p)
{
    unsigned jobs = probe_is_wine(p) ? 20 : 50;
    int64_t handles[ROUNDS + 1];
    int64_t threads[ROUNDS + 1];
    int64_t heap[ROUNDS + 1];
    size_t mark = 0;
    if (!step_open(p) || !step_start(p, 5301)) {
        step_close(p);
        return;
    }
    for (int i = 0; i <= ROUNDS; i++) {
        mark = step_mark(p);
        probe_run(p, 53,
                  "repeat %u {\nEndDocPort hPort=$h -> any\n%s -> TRUE\n"
                  "WritePort hPort=$h pBuffer=\"page\" -> any\n}",
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
        if (i == ROUNDS) {
            judge_growth(p, "handles", handles, jobs, jobs / 2);
            judge_growth(p, "threads", threads, jobs, jobs / 2);
            if (!probe_is_builtin(p)) {
                judge_growth(p, "memory, in bytes", heap, jobs, (int64_t)jobs * 16);
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

static void print(struct probe *p, unsigned job, const char *stream, size_t size)
{
    struct step_writing writing = {
        .stream = stream, .to = size, .block = size, .patience = 20, .rule = 39};
    void *bytes = step_bytes(p, stream, size);
    step_forget_jobs(p);
    if (bytes != NULL && step_start(p, job) && step_write(p, &writing) &&
        probe_run(p, 54, "EndDocPort hPort=$h -> TRUE")) {
        step_arrived(p, 54, bytes, size);
    }
    free(bytes);
}

void job_output(struct probe *p)
{
    if (!probe_set(p, "stream @long random size=200000\nstream @short random size=999 seed=2") ||
        !step_open(p)) {
        return;
    }
    print(p, 5401, "long", 200000);
    print(p, 5402, "short", 999);
    step_close(p);
}
