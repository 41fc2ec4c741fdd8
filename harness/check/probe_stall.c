/* SPDX-License-Identifier: MIT
 *
 * WritePort on a device that does not go on, or is gone: R40, R41, R44, R55, and R50 after them.
 */
#include "check/probes.h"

#include <stdlib.h>
#include <string.h>

#include "check/steps.h"

#define BIG  16777216u /* more than the system keeps on the way */
#define SOON 8.0       /* seconds: not after a full time-out */

static bool begin(struct probe *p, unsigned job, const char *manner)
{
    if (!probe_set(p, "stream @big random size=%u", BIG) || !probe_behave(p, manner) ||
        !step_open(p)) {
        return false;
    }
    step_hurry(p);
    probe_forget_output(p);
    return step_start(p, job);
}

/* The device is well again: a job goes through. */
static void print_again(struct probe *p, unsigned job)
{
    if (!probe_behave(p, "")) {
        return;
    }
    probe_forget_output(p);
    probe_run(p, 50, "%s -> TRUE", step_start_line(p, job, ""));
    probe_run(p, 50, "WritePort hPort=$h pBuffer=\"well\" -> TRUE pcbWritten=4");
    probe_run(p, 50, "EndDocPort hPort=$h -> TRUE");
    step_arrived(p, 50, "well", 4);
}

/* ---- R40, R41, R55: it stands still for ever ------------------------------------------------- */

/* After a while GetJob says that there is no such job any more. */
#define WHILE 0.5

static void judge_stalled(struct probe *p)
{
    double seconds = step_seconds(p);
    uint64_t count = step_number(p, "pcbWritten");
    step_has_reason(p, 41);
    if (seconds >= WHILE) {
        probe_judge(p, 55, seconds < SOON,
                    "WritePort gives up soon after GetJob says that the job is gone",
                    "%.1f seconds after that", seconds - WHILE);
    }
    probe_judge(p, 38, count <= BIG, "a count between 0 and what was offered", "%llu",
                (unsigned long long)count);
}

static void end_stalled(struct probe *p, bool claimed)
{
    size_t mark = step_mark(p);
    probe_run(p, 55, "EndDocPort hPort=$h -> any");
    if (probe_is_over(p)) {
        return;
    }
    double seconds = step_seconds(p);
    bool owns_up = !step_said_true(p) || step_count(p, mark, "SetJobW", "Command=6") == 0;
    probe_judge(p, 55, seconds < SOON, "EndDocPort does not wait for a job that is gone",
                "%.1f seconds", seconds);
    probe_judge(p, 41, !claimed || owns_up,
                "bytes that the device will never get are not claimed, or the next call says so",
                "WritePort took all of them, and EndDocPort reported the job as completed");
}

void write_stalls(struct probe *p)
{
    if (!begin(p, 4001, "stall-after=1000")) {
        step_close(p);
        return;
    }
    probe_run(p, 40,
              "parallel {\nlane writer {\nWritePort hPort=$h pBuffer=@big -> any\n}\n"
              "lane spooler {\nsleep %.1f\n"
              "fault GetJobW always error ERROR_INVALID_PARAMETER as $gone\n}\n}",
              WHILE);
    if (!probe_is_over(p)) {
        bool claimed = step_said_true(p) && step_number(p, "pcbWritten") == BIG;
        judge_stalled(p);
        end_stalled(p, claimed);
        probe_set(p, "end fault $gone");
        print_again(p, 4002);
    }
    step_close(p);
}

/* ---- R41: it is gone ------------------------------------------------------------------------- */

static void drop(struct probe *p, unsigned job, const char *manner)
{
    struct step_writing writing = {.stream = "big", .to = BIG, .block = 262144, .rule = 41};
    if (!begin(p, job, manner)) {
        step_close(p);
        return;
    }
    size_t mark = step_mark(p);
    bool all = step_write(p, &writing);
    if (!all && !probe_is_over(p)) {
        step_has_reason(p, 41);
    }
    probe_run(p, 41, "EndDocPort hPort=$h -> any");
    if (!probe_is_over(p)) {
        bool owns_up = writing.failed || !step_said_true(p) ||
                       step_count(p, mark, "SetJobW", "Command=6") == 0;
        probe_judge(p, 41, owns_up,
                    "a call says FALSE: the device went away before it had all of it",
                    "all calls said TRUE, and the job is reported as completed");
    }
    print_again(p, job + 1);
    step_close(p);
}

void write_drops(struct probe *p)
{
    drop(p, 4101, "reset-after=50000");
    probe_tidy(p, "end fault");
    drop(p, 4103, "close-after=50000");
}

/* ---- R44: it goes on after a while ----------------------------------------------------------- */

static void judge_rest(struct probe *p, const struct step_writing *writing, const void *bytes)
{
    const void *got;
    size_t size = 0;
    if (writing->from == BIG) {
        bool again = writing->short_count || writing->failed;
        probe_tried(p, 44);
        step_arrived(p, again ? 44 : 39, bytes, BIG);
        return;
    }
    /* It gave up. What the device has is the beginning. */
    if (!probe_is_language(p) && probe_output(p, 0, &got, &size)) {
        bool fine = size <= BIG && memcmp(got, bytes, size) == 0;
        probe_judge(p, 44, fine, "what the device has is the beginning of the document",
                    "%zu bytes that are not", size);
    }
}

void write_resumes(struct probe *p)
{
    struct step_writing writing = {
        .stream = "big", .to = BIG, .block = 1000000, .patience = 30, .rule = 44};
    if (!begin(p, 4401, "stall-after=100000 stall-for=0.6")) {
        step_close(p);
        return;
    }
    void *bytes = step_bytes(p, "big", BIG);
    step_write(p, &writing);
    if (!probe_is_over(p) && bytes != NULL) {
        probe_run(p, 44, "EndDocPort hPort=$h -> any");
        judge_rest(p, &writing, bytes);
    }
    free(bytes);
    step_close(p);
}

/* ---- R55: the spooler's own word ------------------------------------------------------------- */

static void cancel(struct probe *p, const char *verb, const char *expected)
{
    const char *output = step_output(p);
    const char *where = output == NULL ? "" : probe_format(p, " output=%s", output);
    if (!probe_behave(p, "stall-after=1000 trouble=1") ||
        !probe_set(p, "submit $port @big%s as $job\nexpect calls WritePort within=5", where) ||
        !probe_set(p, "sleep 0.3")) {
        return;
    }
    if (probe_set(p, "%s $job", verb)) {
        probe_run(p, 55, "wait $job within=%.0f -> %s", SOON, expected);
    }
}

void job_cancelled(struct probe *p)
{
    if (probe_set(p, "stream @big random size=%u", BIG)) {
        cancel(p, "cancel", "cancelled");
    }
}

void job_restarted(struct probe *p)
{
    if (probe_set(p, "stream @big random size=%u", BIG)) {
        cancel(p, "restart", "printed");
    }
}
