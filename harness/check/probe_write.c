/* SPDX-License-Identifier: MIT
 *
 * WritePort on a device that is well: R38, R39, R42, R43, R45. (R40, R41, R44: probe_stall.c.)
 */
#include "check/probes.h"

#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "check/steps.h"

/* ---- R38, R42, R43 --------------------------------------------------------------------------- */

/* A call whose count was painted before: it must be written, and not be larger than `most`. */
static bool judge_count(struct probe *p, uint64_t most)
{
    uint64_t count = step_number(p, "pcbWritten");
    bool painted = count == 0xA5A5A5A5u;
    return !probe_is_over(p) &&
           probe_judge(p, 38, !painted, "*pcbWritten is set", "it is as it was before the call") &&
           probe_judge(
               p, 38, count <= most,
               probe_format(p, "*pcbWritten is between 0 and %llu", (unsigned long long)most),
               "it is %llu", (unsigned long long)count);
}

/* True: it was refused. */
static bool write_outside(struct probe *p)
{
    if (!probe_run(p, 42, "WritePort hPort=$h pBuffer=\"outside\" pcbWritten=!painted -> any") ||
        !judge_count(p, 7) || step_said_true(p)) {
        return false;
    }
    uint64_t count = step_number(p, "pcbWritten");
    step_has_reason(p, 42);
    probe_judge(p, 42, count == 0, "FALSE with 0 bytes written", "pcbWritten=%llu",
                (unsigned long long)count);
    return true;
}

static void print_page(struct probe *p, unsigned job, int rule)
{
    probe_forget_output(p);
    if (step_start(p, job)) {
        step_text(p, rule, "page");
        probe_run(p, rule, "EndDocPort hPort=$h -> TRUE");
        step_arrived(p, rule, "page", 4);
    }
}

void write_outside_job(struct probe *p)
{
    if (!step_open(p)) {
        return;
    }
    size_t mark = step_mark(p);
    bool refused = write_outside(p);
    if (!probe_is_over(p)) {
        probe_judge(p, 42, step_count(p, mark, "SetJobW", NULL) == 0, "no side effect",
                    "it called SetJob");
    }
    if (refused) {
        print_page(p, 4201, 42);
        write_outside(p);
        print_page(p, 4202, 42);
    } else if (!probe_is_over(p) && step_start(p, 4203)) {
        probe_tidy(p, "EndDocPort hPort=$h");
        write_outside(p);
    }
    step_close(p);
}

static void write_nothing(struct probe *p, const char *buffer)
{
    probe_run(p, 43, "WritePort hPort=$h pBuffer=%s cbBuf=0 pcbWritten=!painted -> any", buffer);
    if (probe_is_over(p) || !judge_count(p, 0)) {
        return;
    }
    bool fine = step_said_true(p) || step_error(p) == PLATEN_TIMEOUT;
    probe_judge(p, 43, fine, "TRUE with 0 written; FALSE with last-error 1460 is borne with", "%s",
                step_said(p));
}

void write_counts(struct probe *p)
{
    if (!step_open(p) || !step_start(p, 3801)) {
        step_close(p);
        return;
    }
    if (probe_run(p, 38, "WritePort hPort=$h pBuffer=\"one\" pcbWritten=!painted -> any")) {
        judge_count(p, 3);
    }
    write_nothing(p, "\"x\"");
    write_nothing(p, "NULL");
    if (probe_run(p, 38, "WritePort hPort=$h pBuffer=\"two\" pcbWritten=!painted -> any") &&
        judge_count(p, 3)) {
        probe_run(p, 43, "EndDocPort hPort=$h -> TRUE");
        step_arrived(p, 43, "onetwo", 6);
    }
    step_close(p);
}

/* ---- R39, R45 -------------------------------------------------------------------------------- */

#define ALL 16777216u

static bool write_cuts(struct probe *p)
{
    static const size_t cuts[] = {3, 7, 1021, 4097, 65535, 65536, 65537, 131072, ALL};
    struct step_writing writing = {
        .stream = "cut", .to = 40, .block = 1, .patience = 100, .rule = 39};
    bool fine = step_write(p, &writing);
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts && fine; i++) {
        writing.block = cuts[i];
        writing.to = writing.from + cuts[i] < ALL ? writing.from + cuts[i] : ALL;
        fine = step_write(p, &writing);
    }
    if (!fine && !writing.wrong && !probe_is_over(p)) {
        probe_judge(p, 39, false, "a device that is well takes all of it",
                    "%zu of %u bytes, then %s", writing.from, ALL, step_said(p));
    }
    return fine && !writing.wrong;
}

void write_cut(struct probe *p)
{
    void *bytes = NULL;
    if (!step_open(p) || !step_start(p, 3901) || !probe_set(p, "stream @cut random size=%u", ALL)) {
        step_close(p);
        return;
    }
    if (write_cuts(p) && (bytes = step_bytes(p, "cut", ALL)) != NULL) {
        probe_run(p, 39, "EndDocPort hPort=$h -> TRUE");
        step_arrived(p, 39, bytes, ALL);
    }
    free(bytes);
    step_close(p);
}

/* All values, some twice, as lines end and printers are told things. */
void write_values(struct probe *p)
{
    char line[4 * 512 + 1];
    unsigned char bytes[512];
    char *to = line;
    for (unsigned i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(i < 256 ? i : 511 - i);
        static const char digits[] = "0123456789abcdef";
        *to++ = '\\';
        *to++ = 'x';
        *to++ = digits[bytes[i] >> 4];
        *to++ = digits[bytes[i] & 15];
    }
    *to = '\0';
    if (step_open(p) && step_start(p, 3902) &&
        probe_run(p, 39, "WritePort hPort=$h pBuffer=\"%s\" -> TRUE", line)) {
        probe_run(p, 39, "EndDocPort hPort=$h -> TRUE");
        step_arrived(p, 39, bytes, sizeof bytes);
    }
    step_close(p);
}

void write_buffer(struct probe *p)
{
    if (!step_open(p) || !step_start(p, 4501)) {
        step_close(p);
        return;
    }
    /* First what monitors like to translate: ends of lines and pages, tabs, ends of files. */
    probe_run(p, 45,
              "WritePort hPort=$h pBuffer=\"\\n\\r\\n\\t\\x0c\\x1a\\x04\"!readonly!poison -> TRUE");
    probe_run(p, 45, "WritePort hPort=$h pBuffer=\"\\x1bonly \"!readonly!poison -> TRUE");
    probe_run(p, 45, "WritePort hPort=$h pBuffer=\"read\"!readonly!poison -> TRUE");
    probe_run(p, 45, "EndDocPort hPort=$h -> TRUE");
    step_arrived(p, 45, "\n\r\n\t\f\x1a\x04\x1bonly read", 17);
    step_close(p);
}

/* ---- R41: there is no room ------------------------------------------------------------------- */

#define FULL "/dev/full" /* a device of the system's: it opens, and each write to it fails */

/* Begins a job that leads there as $h: by a port of that name, where names are paths, or by the
 * job.
 */
static bool start_full(struct probe *p)
{
    if (probe_has(p, PLATEN_NEED_JOB_TARGET) &&
        probe_ask(p, "OpenPort pName=$jobport -> TRUE pHandle=$h\n"
                     "StartDocPort hPort=$h JobId=4190 pDocInfo={pDocName=\"check\" "
                     "pDatatype=\"RAW\" pOutputFile=\"" FULL "\"} -> TRUE")) {
        return true;
    }
    step_close(p);
    return probe_has(p, PLATEN_NEED_ADD_PORT) && probe_port_is_path(p) &&
           probe_ask(p, "xcv \",XcvMonitor ${object}\" AddPort \"" FULL "\" -> ERROR_SUCCESS\n"
                        "OpenPort pName=\"" FULL "\" -> TRUE pHandle=$h\n"
                        "StartDocPort hPort=$h JobId=4190 pDocInfo={pDocName=\"check\" "
                        "pDatatype=\"RAW\"} -> TRUE");
}

void write_full(struct probe *p)
{
    if (probe_is_wine(p) || !start_full(p)) {
        step_close(p);
        probe_skip(p, 41, "no port leads to a simulated printer, nor to a device that is full");
        return;
    }
    probe_set(p, "stream @page random size=65536");
    probe_run(p, 41, "WritePort hPort=$h pBuffer=@page -> any");
    bool claimed = step_said_true(p) && step_number(p, "pcbWritten") > 0;
    step_has_reason(p, 41);
    probe_run(p, 41, "EndDocPort hPort=$h -> any");
    step_has_reason(p, 41);
    probe_judge(p, 41, probe_is_over(p) || !claimed || !step_said_true(p),
                "a WritePort or an EndDocPort that says FALSE, since the device is full",
                "all bytes were claimed, and both said TRUE");
    probe_run(p, 41, "ClosePort hPort=$h -> any");
}
