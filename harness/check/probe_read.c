/* SPDX-License-Identifier: MIT
 *
 * ReadPort: R46 to R49.
 */
#include "check/probes.h"

#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "check/steps.h"

static bool is_no_back_channel(uint32_t error)
{
    return error == PLATEN_INVALID_HANDLE || error == PLATEN_NOT_SUPPORTED ||
           error == PLATEN_CALL_NOT_IMPLEMENTED;
}

/* ---- R46 ------------------------------------------------------------------------------------- */

/* A painted buffer tells what was written. Behind it stands a page without access, or a few bytes
 * that nobody may change: a system call that is given too large a size fails at such a page and
 * harms nobody. */
static void read_size(struct probe *p, unsigned size, bool guard)
{
    if (!probe_run(p, 46,
                   "ReadPort hPort=$h pBuffer=%s!painted cbBuffer=%u pcbRead=!painted -> any",
                   guard ? "!guard" : "", size)) {
        return;
    }
    uint64_t count = step_number(p, "pcbRead");
    const struct platen_facts *facts = probe_facts(p);
    if (step_said_true(p)) {
        probe_judge(p, 46, count <= size, "after TRUE *pcbRead is at most cbBuffer", "%llu of %u",
                    (unsigned long long)count, size);
    }
    if (facts == NULL) {
        return;
    }
    probe_judge(p, 46, facts->damaged_count == 0, "nothing is written beside the buffer",
                "memory beside %s was written to",
                facts->damaged_count == 0 ? "" : facts->damaged[0]);
    bool told = facts->touched_count > 0 && facts->touched[0].any;
    uint64_t end = told ? facts->touched[0].to + 1 : 0;
    if (step_said_true(p) && count <= size && facts->touched_count > 0) {
        probe_judge(p, 46, count <= end, "*pcbRead is the number of bytes that were written",
                    "%llu, but only %llu were", (unsigned long long)count, (unsigned long long)end);
    }
}

/* What printers answer that know PJL. */
static bool ask_in_pjl(struct probe *p)
{
    return probe_ask(p,
                     "WritePort hPort=$h pBuffer=\"\\x1b%%-12345X@PJL INFO STATUS\\r\\n@PJL INFO "
                     "ID\\r\\n\\x1b%%-12345X\" -> TRUE");
}

/* Whole jobs, so that there is something to read: the device answers what it is sent. */
static void read_answers(struct probe *p)
{
    static const unsigned sizes[] = {0, 0, 1, 1, 2, 2, 4};
    if (!probe_behave(p, "answers=\"at start \\\"0123456789\\\"\"") || !step_open(p)) {
        return;
    }
    step_hurry(p);
    if (step_start(p, 4601)) {
        probe_set(p, "WritePort hPort=$h pBuffer=\"ask\" -> TRUE\nsleep 0.05");
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes && !probe_is_over(p); i++) {
            read_size(p, sizes[i], i % 2 == 1);
        }
    }
    step_close(p);
}

void read_buffer(struct probe *p)
{
    if (!probe_has_slot(p, "ReadPort")) {
        probe_judge(p, 46, false, "a function ReadPort in the table", "NULL");
        return;
    }
    if (probe_has(p, PLATEN_NEED_STALLING_DEVICE)) {
        read_answers(p);
        return;
    }
    if (!step_open(p)) {
        return;
    }
    step_hurry(p);
    read_size(p, 0, true);
    read_size(p, 64, false);
    read_size(p, 64, true);
    if (!probe_is_over(p) && probe_ask(p, "%s -> TRUE", step_start_line(p, 4603, "")) &&
        ask_in_pjl(p)) { /* now there may be something, and more than fits */
        read_size(p, 1, true);
        read_size(p, 2, false);
        read_size(p, 3, true);
    }
    step_close(p);
}

/* What the device says comes once, in order. */
void read_order(struct probe *p)
{
    if (!probe_behave(p, "answers=\"at start \\\"0123456789\\\"\"") || !step_open(p)) {
        return;
    }
    step_hurry(p);
    char read[16] = "";
    size_t length = 0;
    if (step_start(p, 4602)) {
        probe_set(p, "WritePort hPort=$h pBuffer=\"ask\" -> TRUE");
        for (int i = 0; i < 12 && length < 10 && !probe_is_over(p); i++) {
            probe_run(p, 46, "ReadPort hPort=$h cbBuffer=4 -> any");
            const char *came = probe_came(p, "pBuffer");
            uint64_t count = step_number(p, "pcbRead");
            if (!step_said_true(p) || came == NULL || count > 4 || strlen(came) < count + 2) {
                break;
            }
            memcpy(read + length, came + 1, (size_t)count);
            length += (size_t)count;
        }
    }
    read[length] = '\0';
    if (!probe_is_over(p) && length > 0) {
        probe_judge(p, 46, strncmp(read, "0123456789", length) == 0,
                    "the bytes that the device sent: 0123456789", "%s", read);
    }
    step_close(p);
}

/* ---- R47 ------------------------------------------------------------------------------------- */

/* Did the explorer find that nothing can be read from $port? Then it is R48's. */
static bool is_silent(struct probe *p)
{
    const char *silent = probe_has_name(p, "silent") ? probe_text(p, "silent") : NULL;
    const char *port = probe_text(p, "port");
    return silent != NULL && port != NULL && strcmp(silent, port) == 0;
}

/* What the port monitor beneath a language monitor refuses, because the language monitor's own
 * thread reads already or for another reason, is no word of the language monitor. */
static bool is_refused_below(struct probe *p, size_t mark)
{
    return probe_is_language(p) && step_count(p, mark, "ReadPort", "-> FALSE") > 0;
}

/* Who says that the time is over could be read from, had there been anything. */
static bool is_time_out(uint32_t error)
{
    return error == PLATEN_TIMEOUT || error == PLATEN_SEM_TIMEOUT;
}

/* Does the printer answer? Then until it has said all. */
static bool hear(struct probe *p)
{
    bool heard = false;
    if (probe_is_language(p) || probe_has(p, PLATEN_NEED_STALLING_DEVICE) || !ask_in_pjl(p)) {
        return false;
    }
    for (unsigned i = 0; i < 16; i++) {
        if (!probe_ask(p, "ReadPort hPort=$h cbBuffer=256 -> TRUE") ||
            step_number(p, "pcbRead") == 0) {
            break;
        }
        heard = true;
    }
    return heard;
}

static void judge_silence(struct probe *p, size_t mark, bool heard)
{
    bool refused = !step_said_true(p) && !heard && !is_time_out(step_error(p)) &&
                   (is_no_back_channel(step_error(p)) || is_silent(p) ||
                    is_refused_below(p, mark) || !probe_has(p, PLATEN_NEED_STALLING_DEVICE));
    uint64_t count = step_number(p, "pcbRead");
    if (probe_is_over(p) || refused) {
        return;
    }
    if (probe_judge(p, 47, step_said_true(p),
                    "TRUE with 0 bytes where there is nothing to read; FALSE with 6, 50 or 120 "
                    "where nothing can ever be read",
                    "%s", step_said(p))) {
        probe_judge(p, 47, count == 0, "0 bytes: the device has said nothing", "*pcbRead is %llu",
                    (unsigned long long)count);
    }
}

void read_silence(struct probe *p)
{
    if (!step_open(p)) {
        return;
    }
    step_hurry(p);
    if (step_start(p, 4701)) {
        bool heard = hear(p);
        size_t mark = step_mark(p);
        probe_run(p, 47, "ReadPort hPort=$h cbBuffer=64 -> any");
        judge_silence(p, mark, heard);
    }
    step_close(p);
}

/* ---- R48 ------------------------------------------------------------------------------------- */

static void read_refused(struct probe *p)
{
    probe_run(p, 48, "ReadPort hPort=$h cbBuffer=64 pcbRead=!painted -> any");
    if (probe_is_over(p)) {
        return;
    }
    uint64_t count = step_number(p, "pcbRead");
    probe_judge(p, 48, !step_said_true(p) && is_no_back_channel(step_error(p)),
                "FALSE with last-error 6; 50 and 120 will do", "%s", step_said(p));
    probe_judge(p, 48, count == 0, "*pcbRead is 0",
                count == 0xA5A5A5A5u ? "it is as it was before the call" : "it is %llu",
                (unsigned long long)count);
}

void read_nowhere(struct probe *p)
{
    if (probe_set(p, "%s", step_open_line(p, "$silent", "h"))) {
        read_refused(p);
    }
    step_close(p);
}

/* ---- R49 ------------------------------------------------------------------------------------- */

/* A WritePort that comes while a ReadPort waits; two of them, as on a busy machine the first may be
 * there before the reader. */
static void write_beside(struct probe *p)
{
    bool device = probe_has(p, PLATEN_NEED_STALLING_DEVICE);
    bool configured = probe_has(p, PLATEN_NEED_TIMEOUTS) &&
                      probe_ask(p, "SetPortTimeOuts hPort=$h lpCTO={ReadIntervalTimeout=3000 "
                                   "ReadTotalTimeoutConstant=3000} -> TRUE");
    if ((!device && !configured) || (device && !probe_behave(p, "")) || !step_start(p, 4900)) {
        return;
    }
    probe_run(p, 49,
              "parallel {\nlane reader {\nReadPort hPort=$h cbBuffer=16 -> any\n}\n"
              "lane printer {\nsleep 0.1\nWritePort hPort=$h pBuffer=\"page\" -> any\n"
              "sleep 0.6\nWritePort hPort=$h pBuffer=\"page\" -> any\n}\n}");
    double seconds = step_longest(p, PLATEN_SLOT_WritePort);
    double reading = step_longest(p, PLATEN_SLOT_ReadPort);
    bool held = configured ? seconds > 2 && seconds > reading - 0.5 : seconds > 15;
    probe_judge(p, 49, !held,
                configured ? "WritePort does not wait for a ReadPort that waits for the printer, "
                             "for 3 seconds as SetPortTimeOuts said"
                           : "a ReadPort holds up no WritePort for longer than its time-out",
                "WritePort waited for %.1f seconds, ReadPort for %.1f", seconds, reading);
    probe_tidy(p, "EndDocPort hPort=$h");
}

/* A thread reads while others print. What it gets is not looked at, only that nobody is hurt. */
static void jobs_beside(struct probe *p)
{
    step_forget_jobs(p);
    probe_run(p, 49,
              "parallel {\nlane reader {\nrepeat 3 {\nReadPort hPort=$h cbBuffer=16 -> any\n}\n}\n"
              "lane printer {\nrepeat 40 {\n%s -> TRUE\n"
              "WritePort hPort=$h pBuffer=\"page\" -> TRUE\n"
              "EndDocPort hPort=$h -> TRUE\n}\n}\n}",
              step_start_line(p, 4901, ""));
}

void read_beside_jobs(struct probe *p)
{
    if (!step_open(p)) {
        return;
    }
    step_hurry(p);
    write_beside(p);
    step_hurry(p);
    if (probe_has(p, PLATEN_NEED_STALLING_DEVICE)) {
        probe_behave(p, "answers=\"at start \\\"ready\\\"\"");
    }
    jobs_beside(p);
    step_close(p);
}
