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
#define LONG 30.0      /* seconds: worth a warning */

/* The stream @big, once for each probe: a name is given only once. */
static bool make_big(struct probe *p)
{
    return probe_set(p, "stream @big random size=%u", BIG);
}

static bool open_stalled(struct probe *p, const char *manner)
{
    probe_forget_output(p);
    return probe_behave(p, manner) && step_open(p);
}

static bool begin(struct probe *p, unsigned job, const char *manner)
{
    if (!open_stalled(p, manner)) {
        return false;
    }
    step_hurry(p);
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
    step_text(p, 50, "well");
    probe_run(p, 50, "EndDocPort hPort=$h -> TRUE");
    step_arrived(p, 50, "well", 4);
}

/* The spooler forgets the job, and EndDocPort does not wait for the device. */
static void end_cancelled(struct probe *p)
{
    size_t mark = step_mark(p);
    probe_run(p, 55, "EndDocPort hPort=$h -> any");
    if (!probe_is_over(p)) {
        double seconds = step_seconds(p);
        probe_judge(p, 55, seconds < SOON, "EndDocPort does not wait for a job that is gone",
                    "%.1f seconds", seconds);
    }
    if (!probe_is_language(p)) {
        step_not_reported(p, mark);
    }
}

/* ---- R44, R41: it goes on after a while ------------------------------------------------------ */

#define STALLED 100000u /* bytes that the device takes before it stands still */

static size_t first_difference(const char *a, const char *b, size_t size)
{
    size_t at = 0;
    while (at < size && a[at] == b[at]) {
        at++;
    }
    return at;
}

/* Bytes that are missing from where it stood still on, though all calls said TRUE and took
 * everything, were claimed (R41). What was sent again and is missing, or there twice, breaks R44.
 */
static int rule_of_loss(const struct step_writing *writing, size_t size, size_t at, bool claimed)
{
    bool again = writing->short_count || writing->failed;
    bool lost = claimed && size < BIG && !writing->failed;
    return at < STALLED ? 39 : lost ? 41 : again ? 44 : 39;
}

static void judge_rest(struct probe *p, const struct step_writing *writing, const void *bytes,
                       bool claimed)
{
    const void *got;
    size_t size = 0;
    if (writing->wrong || !probe_output(p, BIG, &got, &size)) {
        return;
    }
    probe_tried(p, 44);
    size_t at = first_difference(got, bytes, size < BIG ? size : BIG);
    if (writing->from == BIG) {
        bool owned_up = !claimed && size < BIG;
        if (!owned_up) {
            step_arrived(p, rule_of_loss(writing, size, at, claimed), bytes, BIG);
        }
        return;
    }
    /* It gave up. What the device has is the beginning. */
    probe_judge(p, at < STALLED ? 39 : 44, probe_is_language(p) || at == size,
                "what the device has is the beginning of the document", "%zu bytes that are not",
                size);
}

static void resume(struct probe *p, unsigned job, double seconds)
{
    struct step_writing writing = {
        .stream = "big", .to = BIG, .block = 8000000, .patience = 40, .rule = 44};
    probe_forget_output(p);
    if (!probe_behave(p, probe_format(p, "stall-after=%u stall-for=%.1f", STALLED, seconds)) ||
        !step_start(p, job)) {
        return;
    }
    void *bytes = step_bytes(p, "big", BIG);
    step_write(p, &writing);
    if (!probe_is_over(p) && bytes != NULL) {
        size_t mark = step_mark(p);
        probe_run(p, 44, "EndDocPort hPort=$h -> any");
        bool claimed = step_said_true(p) && step_count(p, mark, "SetJobW", "Command=6") > 0;
        judge_rest(p, &writing, bytes, claimed);
    }
    free(bytes);
}

/* ---- R40: it stands still for ever ----------------------------------------------------------- */

static double write_once(struct probe *p, size_t size)
{
    if (!probe_run(p, 40, "WritePort hPort=$h pBuffer=@big[0+%zu] -> any", size)) {
        return -1;
    }
    double seconds = step_seconds(p);
    uint64_t count = step_number(p, "pcbWritten");
    step_has_reason(p, 41);
    probe_judge_should(p, 40, seconds < LONG, "WritePort comes back within 30 seconds",
                       "%.1f seconds", seconds);
    probe_judge(p, 38, count <= size, "a count between 0 and what was offered",
                "*pcbWritten is %llu", (unsigned long long)count);
    return seconds;
}

/* Until a call has waited, or did not take anything: what the system keeps on the way grows, and a
 * monitor may have a queue of its own, but not one without an end. The longest time that one took.
 */
#define CALLS    1500
#define TOO_MUCH (4 * (uint64_t)BIG)
#define PIECE    65536u /* that is offered at least */

static double write_stalled(struct probe *p)
{
    double longest = 0;
    size_t size = BIG;
    uint64_t all = 0;
    for (unsigned i = 0; i < CALLS && longest < 1 && all < TOO_MUCH; i++) {
        double seconds = write_once(p, size);
        uint64_t taken = seconds < 0 ? 0 : step_number(p, "pcbWritten");
        if (seconds < 0) {
            return -1;
        }
        longest = seconds > longest ? seconds : longest;
        if (!step_said_true(p) || taken == 0) {
            break;
        }
        all += taken;
        size = taken > BIG / 4 ? BIG : taken > PIECE / 4 ? 4 * (size_t)taken : PIECE;
    }
    probe_judge_should(p, 41, all < TOO_MUCH,
                       "a monitor that keeps bytes in a queue takes no more of them at some time, "
                       "as the device stands still for ever",
                       "%llu MiB were claimed, of which the device has taken 1000 bytes",
                       (unsigned long long)(all >> 20));
    return longest;
}

/* The job is gone. Who would wait for its full time-out asks meanwhile whether it is, or gives up
 * after it: TRUE without a byte says that all is well and that the rest may come. */
#define WAITED 2.0 /* seconds */

static void write_cancelled(struct probe *p)
{
    if (probe_is_over(p) || !step_said_true(p) || step_number(p, "pcbWritten") != 0) {
        return;
    }
    size_t mark = step_mark(p);
    probe_run(p, 55, "WritePort hPort=$h pBuffer=@big[0+%u] -> any", PIECE);
    if (!probe_is_over(p)) {
        double seconds = step_seconds(p);
        bool waits = seconds > WAITED && step_said_true(p) && step_number(p, "pcbWritten") == 0;
        probe_judge(p, 55, !waits || step_count(p, mark, "GetJobW", NULL) > 0,
                    "a WritePort that waits asks GetJob meanwhile whether there is still a job",
                    "it waited for %.1f seconds, never asked, and says TRUE", seconds);
    }
}

void write_stalls(struct probe *p)
{
    if (!make_big(p) || !begin(p, 4001, "stall-after=1000")) {
        step_close(p);
        return;
    }
    double seconds = write_stalled(p);
    if (seconds >= 0) {
        probe_set(p, "fault GetJobW always error ERROR_INVALID_PARAMETER as $gone");
        write_cancelled(p);
        end_cancelled(p);
        probe_set(p, "end fault $gone");
        print_again(p, 4002);
        /* A time-out that comes while the device stands still; a long one is not waited for. */
        resume(p, 4003, seconds < 4 ? seconds + 0.6 : 0.6);
    }
    step_close(p);
}

/* ---- R41: it is gone ------------------------------------------------------------------------- */

#define DROPPED 50000u

/* More than the system keeps was claimed, and the device went away long ago: who keeps bytes in a
 * queue knows that by now. */
static void write_after_loss(struct probe *p)
{
    const void *got;
    size_t size = 0;
    if (probe_output(p, DROPPED, &got, &size) && size >= DROPPED && probe_set(p, "sleep 0.5")) {
        probe_ask(p, "WritePort hPort=$h pBuffer=@big[0+%u] -> any", PIECE);
        bool claimed = step_said_true(p) && step_number(p, "pcbWritten") > 0;
        probe_judge_should(p, 41, probe_is_over(p) || !claimed,
                           "a WritePort owns up to the loss, once the device has gone away after "
                           "a few of the 16 MiB that were claimed",
                           "it says TRUE and claims still more");
    }
}

static void drop(struct probe *p, unsigned job, const char *how)
{
    struct step_writing writing = {.stream = "big", .to = BIG, .block = 262144, .rule = 41};
    const void *got;
    size_t size = 0;
    if (!begin(p, job, probe_format(p, "%s=%u", how, DROPPED))) {
        step_close(p);
        return;
    }
    size_t mark = step_mark(p);
    bool all = step_write(p, &writing);
    if (!all && !probe_is_over(p)) {
        step_has_reason(p, 41);
    }
    if (all && !writing.failed && !probe_is_over(p)) {
        write_after_loss(p);
    }
    size_t end = step_mark(p);
    probe_run(p, 41, "EndDocPort hPort=$h -> any");
    step_not_reported(p, end);
    if (!probe_is_over(p)) {
        bool owns_up = writing.failed || !step_said_true(p) ||
                       step_count(p, mark, "SetJobW", "Command=6") == 0;
        /* Who sends less than that never sees it go. */
        bool went = owns_up || (probe_output(p, DROPPED, &got, &size) && size >= DROPPED);
        probe_judge(p, 41, owns_up || !went,
                    "a call says FALSE: the device went away before it had all of it",
                    "all calls said TRUE, and the job is reported as completed");
    }
    print_again(p, job + 1);
    step_close(p);
}

/* It goes away before it has taken the last bytes, which are on the way to it as the job ends. */
#define LAST 2000u

static void drop_end(struct probe *p, unsigned job)
{
    struct step_writing writing = {
        .stream = "big", .to = DROPPED + LAST, .block = DROPPED + LAST, .patience = 4, .rule = 41};
    const void *got;
    size_t size = 0;
    if (!begin(p, job, probe_format(p, "reset-after=%u", DROPPED))) {
        return;
    }
    bool all = step_write(p, &writing) && !writing.failed;
    bool went = probe_output(p, DROPPED, &got, &size) && size >= DROPPED && size < writing.to;
    probe_set(p, "sleep 0.3");
    size_t mark = step_mark(p);
    probe_run(p, 41, "EndDocPort hPort=$h -> any");
    bool claimed = step_said_true(p) && step_count(p, mark, "SetJobW", "Command=6") > 0;
    probe_judge_should(p, 54, probe_is_over(p) || !all || !went || !claimed,
                       "an EndDocPort that says FALSE, or no report that the job is printed: the "
                       "device reset the connection before it had taken the last bytes",
                       "it says TRUE, and reports the job as printed");
    step_not_reported(p, mark);
    print_again(p, job + 1);
}

void write_drops(struct probe *p)
{
    if (!make_big(p)) {
        return;
    }
    drop(p, 4101, "reset-after");
    drop(p, 4103, "close-after");
    if (!probe_is_language(p)) {
        drop_end(p, 4105);
        step_close(p);
    }
}

/* ---- R55: the job is gone -------------------------------------------------------------------- */

/* After a while GetJob says that there is no such job any more. */
#define WHILE 0.4

/* Twice: the first call may come back with what the device has taken before it stood still. */
void job_gone(struct probe *p)
{
    int rule = probe_is_language(p) ? 40 : 55;
    if (!make_big(p) || !open_stalled(p, "stall-after=1000") || !step_start(p, 5501)) {
        step_close(p);
        return;
    }
    probe_run(p, rule,
              "parallel {\nlane writer {\nWritePort hPort=$h pBuffer=@big -> any\n"
              "WritePort hPort=$h pBuffer=@big -> any\n}\n"
              "lane spooler {\nsleep %.1f\n"
              "fault GetJobW always error ERROR_INVALID_PARAMETER as $gone\n}\n}",
              WHILE);
    if (!probe_is_over(p)) {
        double seconds = step_longest(p, PLATEN_SLOT_WritePort) - WHILE;
        probe_judge(p, 55, seconds < SOON,
                    "WritePort gives up soon after GetJob says that the job is gone",
                    "%.1f seconds after that", seconds);
        end_cancelled(p);
        probe_set(p, "end fault $gone");
        print_again(p, 5502);
    }
    step_close(p);
}

/* Over a port monitor that waits for long a language monitor does, too. */
void write_resumes(struct probe *p)
{
    if (make_big(p) && open_stalled(p, "")) {
        resume(p, 4401, 0.6);
    }
    step_close(p);
}

/* The spooler's own word: GetJob shows JOB_STATUS_DELETING, or RESTART. */
static void change(struct probe *p, const char *verb, const char *expected)
{
    const char *output = step_output(p);
    const char *where = output == NULL ? "" : probe_format(p, " output=%s", output);
    if (!probe_set(p, "stream @big random size=%u", BIG) ||
        !probe_behave(p, "stall-after=1000 trouble=1") ||
        !probe_set(p, "submit $port @big%s as $job\nexpect device $device within=5 -> count=any",
                   where)) {
        return;
    }
    if (probe_set(p, "sleep 0.2\n%s $job", verb)) {
        /* All of it, with the way there and back; and Wine takes its time. */
        probe_run(p, 55, "wait $job within=%.0f -> %s", probe_is_wine(p) ? 2 * SOON : SOON,
                  expected);
    }
}

void job_cancelled(struct probe *p)
{
    change(p, "cancel", "cancelled");
}

void job_restarted(struct probe *p)
{
    change(p, "restart", "printed");
}
