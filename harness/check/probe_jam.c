/* SPDX-License-Identifier: MIT
 *
 * WritePort and EndDocPort where a pipe that nobody reads stands in for the file that the port
 * leads to: R41, R44, R50, R52, R55, and R40 where the monitor has a queue of its own.
 *
 * A file takes what it is given, and who simply writes into one waits as long as that takes. Such a
 * monitor is not left alone with the pipe: it is read after a moment. Only who takes a part at once
 * has shown that it does not wait for the device, and is asked what it does when nobody ever reads.
 */
#include "check/probes.h"

#include <stdlib.h>

#include "check/steps.h"

#define OFFER  300000u /* bytes: more than a pipe holds, and a program that reads one */
#define OFFERS 3u
#define LATER  0.6 /* seconds */

/* Not every monitor can print into a pipe: some go back in their file, or replace it. */
static bool prints(struct probe *p)
{
    return probe_ask(p, "%s -> TRUE", step_start_line(p, 4501, "")) &&
           probe_ask(p, "WritePort hPort=$h pBuffer=\"jam\" -> TRUE pcbWritten=3") &&
           probe_ask(p, "parallel {\nlane ends {\nEndDocPort hPort=$h -> TRUE\n}\n"
                        "lane reads {\nsleep 0.2\ndrain $pipe within=5 -> bytes=3\n}\n}");
}

/* ---- R44, R41: it is read after a while ------------------------------------------------------ */

/* What the pipe had in it; a program of the monitor's may still be writing. */
static uint64_t drained(struct probe *p, uint64_t expected)
{
    uint64_t all = probe_number(p, "came");
    for (unsigned i = 0; i < 3 && all < expected && !probe_is_over(p); i++) {
        const char *name = probe_format(p, "more%u", i);
        if (probe_ask(p, "sleep 0.5\ndrain $pipe within=5 -> bytes=$%s", name)) {
            all += probe_number(p, name);
        }
    }
    return all;
}

/* True: the first call took only a part, and did not wait. */
static bool resumes(struct probe *p)
{
    const char *lines = "";
    uint64_t taken = 0;
    if (!probe_set(p, "stream @jam random size=%u\n%s -> TRUE", OFFER,
                   step_start_line(p, 4502, ""))) {
        return false;
    }
    for (unsigned i = 0; i < OFFERS; i++) {
        lines = probe_format(p, "%sWritePort hPort=$h pBuffer=@jam -> any pcbWritten=$taken%u\n",
                             lines, i);
    }
    probe_run(p, 44,
              "parallel {\nlane writer {\n%sEndDocPort hPort=$h -> any\n}\n"
              "lane reader {\nsleep %.1f\ndrain $pipe within=30 -> bytes=$came\n}\n}",
              lines, LATER);
    bool ended = step_said_true(p);
    for (unsigned i = 0; i < OFFERS; i++) {
        taken += probe_number(p, probe_format(p, "taken%u", i));
    }
    uint64_t came = drained(p, taken);
    if (!probe_is_over(p)) {
        probe_judge(p, 44, came <= taken,
                    "the device gets what the calls reported as written, and no more: the rest is "
                    "sent again",
                    "%llu bytes were reported, and %llu arrived", (unsigned long long)taken,
                    (unsigned long long)came);
    }
    if (!probe_is_over(p) && came < taken && ended) { /* that it is kept is not shown by a pipe */
        probe_judge(p, 41, false,
                    "an EndDocPort that says FALSE, as bytes that were claimed are lost",
                    "TRUE: %llu bytes were claimed, and %llu arrived", (unsigned long long)taken,
                    (unsigned long long)came);
    }
    return !probe_is_over(p) && probe_number(p, "taken0") < OFFER;
}

/* ---- R40, R41, R52, R50: nobody reads -------------------------------------------------------- */

static void end_read_after(struct probe *p, int rule, double seconds)
{
    probe_run(p, rule,
              "parallel {\nlane ends {\nEndDocPort hPort=$h -> any\n}\n"
              "lane reads {\nsleep %.1f\ndrain $pipe within=30\n}\n}",
              seconds);
}

#define CALLS 400u

static void fill(struct probe *p)
{
    for (unsigned i = 0; i < CALLS && !probe_is_over(p); i++) {
        probe_run(p, 40, "WritePort hPort=$h pBuffer=@jam[0+65536] -> any");
        if (!step_said_true(p) && step_error(p) == 0) {
            step_has_reason(p, 41);
        }
        if (!step_said_true(p) || step_number(p, "pcbWritten") == 0 || step_seconds(p) > 1) {
            return;
        }
    }
}

static void stands(struct probe *p)
{
    if (!step_start(p, 4503)) {
        return;
    }
    fill(p);
    size_t mark = step_mark(p);
    end_read_after(p, 50, 0.2);
    step_not_reported(p, mark);
    probe_run(p, 50, "%s -> TRUE", step_start_line(p, 4504, ""));
    step_text(p, 50, "well");
    probe_run(p, 50, "EndDocPort hPort=$h -> TRUE");
    probe_ask(p, "drain $pipe within=5");
}

/* ---- R55: the job is gone -------------------------------------------------------------------- */

#define RESCUE 4.0 /* seconds, after which somebody reads all the same */
#define WAITED 1.5 /* seconds */

/* A little more than the pipe holds: the rest is in the monitor's queue when the job ends, if it
 * has one; who has none has waited. */
static void is_gone(struct probe *p)
{
    if (!step_start(p, 4505)) {
        return;
    }
    probe_look(p, 40, "repeat 18 {\nWritePort hPort=$h pBuffer=@jam[0+4096] -> any\n}");
    bool waited = step_longest(p, PLATEN_SLOT_WritePort) > 0.5;
    probe_set(p, "fault GetJobW always error ERROR_INVALID_PARAMETER as $gone");
    size_t mark = step_mark(p);
    end_read_after(p, 55, waited ? 0 : RESCUE);
    double seconds = step_longest(p, PLATEN_SLOT_EndDocPort);
    bool asked = step_count(p, mark, "GetJobW", NULL) > 0;
    if (!probe_is_over(p) && !waited) {
        probe_judge(p, 55, seconds < WAITED || asked,
                    "an EndDocPort that waits asks GetJob meanwhile whether there is still a job",
                    "it waited for %.1f seconds and never asked", seconds);
    }
    step_not_reported(p, mark);
    probe_set(p, "end fault $gone");
}

void write_jams(struct probe *p)
{
    const char *path = probe_output_path(p);
    if (probe_has(p, PLATEN_NEED_STALLING_DEVICE) || path == NULL ||
        !probe_set(p, "pipe $pipe \"%s\"", path) || !step_open(p)) {
        return;
    }
    if (prints(p) && resumes(p)) {
        stands(p);
        is_gone(p);
    }
    probe_tidy(p, "drain $pipe within=1");
    step_close(p);
}
