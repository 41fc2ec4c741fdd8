/* SPDX-License-Identifier: MIT
 *
 * Language monitors over a port monitor of ours, whose calls are seen: R78 to R82.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/probes.h"
#include "check/steps.h"

static const char *const slots[] = {"OpenPort",   "StartDocPort", "WritePort",
                                    "EndDocPort", "ReadPort",     "ClosePort"};
#define SLOTS (sizeof slots / sizeof *slots)

static unsigned calls_below(struct probe *p, size_t mark)
{
    unsigned count = 0;
    for (size_t i = 0; i < SLOTS; i++) {
        count += step_count(p, mark, slots[i], NULL);
    }
    return count;
}

/* The port monitor below as a line has it, "monitor:0x5", and the handle that its OpenPort gave.
 * $h is open afterwards; false: it is not. */
static bool open_and_look(struct probe *p, const char **monitor, const char **handle)
{
    size_t mark = step_mark(p);
    bool open = probe_ask(p, "%s", step_open_line(p, "$port", "h"));
    const char *line = step_back(p, &mark, "OpenPort");
    *monitor = line == NULL ? NULL : probe_format(p, "%s", step_argument(p, line, "hMonitor"));
    *handle = line == NULL ? NULL : step_came(p, line, "pHandle");
    return open && line != NULL;
}

/* ---- R78, R79 -------------------------------------------------------------------------------- */

static void open_without(struct probe *p, const char *monitor, const char *slot)
{
    size_t mark = step_mark(p);
    probe_run(p, 78,
              "OpenPortEx pPrinterName=\"Platen\" pPortName=$port pMonitor2=%s{%s=NULL} -> FALSE "
              "ERROR_INVALID_PRINT_MONITOR",
              monitor, slot);
    unsigned count = calls_below(p, mark);
    probe_judge(p, 78, count == 0, "no call to a port monitor that lacks a function", "%u calls",
                count);
    if (step_said_true(p)) {
        probe_tidy(p, "ClosePort");
    }
}

void language_table_checked(struct probe *p)
{
    static const char *const needed[] = {"OpenPort", "StartDocPort", "WritePort", "EndDocPort",
                                         "ClosePort"};
    const char *monitor;
    const char *handle;
    if (!open_and_look(p, &monitor, &handle)) {
        return;
    }
    step_close(p);
    for (size_t i = 0; i < sizeof needed / sizeof *needed && !probe_is_over(p); i++) {
        open_without(p, monitor, needed[i]);
    }
}

/* A job with one page. rule 0: nobody's finding. True: all of it worked. */
static bool print_through(struct probe *p, int rule, unsigned job)
{
    const char *const lines[] = {probe_format(p, "%s -> TRUE", step_start_line(p, job, "")),
                                 "WritePort hPort=$h pBuffer=\"page\" -> TRUE pcbWritten=4",
                                 "EndDocPort hPort=$h -> TRUE"};
    bool fine = true;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        bool met = rule == 0 ? probe_ask(p, "%s", lines[i]) : probe_run(p, rule, "%s", lines[i]);
        fine = fine && met;
    }
    return fine;
}

/* As a port monitor of Windows 2000 has it, at the end of its page; gone after the call. */
void language_table_copied(struct probe *p)
{
    const char *monitor;
    const char *handle;
    if (!open_and_look(p, &monitor, &handle)) {
        return;
    }
    step_close(p);
    if (!probe_run(p, 79,
                   "OpenPortEx pPrinterName=\"Platen\" pPortName=$port pMonitor2=%s{cbSize=%u}"
                   "!poison -> TRUE pHandle=$h",
                   monitor, probe_is_narrow(p) ? 76u : 152u)) {
        return;
    }
    probe_run(p, 79,
              "%s -> any\nWritePort hPort=$h pBuffer=\"page\" -> any\nEndDocPort hPort=$h -> any",
              step_start_line(p, 7901, ""));
    size_t mark = step_mark(p);
    if (probe_has_slot(p, "SendRecvBidiDataFromPort")) {
        probe_run(p, 79,
                  "SendRecvBidiDataFromPort hPort=$h pAction=\"NoSuchAction\" "
                  "pReqData={aData=[{pSchema=\"\\\\Printer\"}]} -> any");
        unsigned count = step_count(p, mark, "SendRecvBidiDataFromPort", NULL);
        probe_judge(p, 79, count == 0, "functions beyond the table's size count as absent",
                    "SendRecvBidiDataFromPort was called");
    }
    step_close(p);
}

/* ---- R80 ------------------------------------------------------------------------------------- */

static void judge_handles(struct probe *p, size_t from, const char *handle)
{
    for (size_t i = 1; i < SLOTS && handle != NULL && *handle != '\0'; i++) {
        size_t mark = from;
        const char *line;
        while ((line = step_back(p, &mark, slots[i])) != NULL) {
            const char *given = step_argument(p, line, "hPort");
            probe_judge(p, 80, strcmp(given, handle) == 0, "the handle that the port monitor gave",
                        "%s in %s", given, slots[i]);
        }
    }
}

void language_handles(struct probe *p)
{
    const char *monitor;
    const char *handle;
    size_t mark = step_mark(p);
    if (!open_and_look(p, &monitor, &handle)) {
        bool wrong = monitor != NULL && step_error(p) == 6;
        probe_judge(p, 80, !wrong, "the port monitor's own instance for its OpenPort",
                    "it was given %s, which it does not know", monitor == NULL ? "" : monitor);
        return;
    }
    print_through(p, 0, 8001);
    if (probe_has_slot(p, "ReadPort")) {
        probe_ask(p, "ReadPort hPort=$h cbBuffer=16 -> any");
    }
    probe_run(p, 80, "ClosePort hPort=$h -> TRUE");
    judge_handles(p, mark, handle);
    unsigned opened = step_count(p, mark, "OpenPort", "-> TRUE");
    unsigned closed = step_count(p, mark, "ClosePort", NULL);
    probe_judge(p, 80, opened == closed, "one ClosePort for each OpenPort", "%u and %u", closed,
                opened);
    mark = step_mark(p);
    probe_set(p, "sleep 0.3");
    unsigned later = calls_below(p, mark);
    probe_judge(p, 80, later == 0, "no call after ClosePort has returned", "%u calls", later);
}

/* ---- R81 ------------------------------------------------------------------------------------- */

#define FAILS 1117 /* ERROR_IO_DEVICE */

static unsigned taken_back(struct probe *p, size_t mark)
{
    return step_count(p, mark, "SetPortW", "dwStatus=0 ") +
           step_count(p, mark, "SetPortW", "dwStatus=0x0 ");
}

/* What is said of the port while it fails is taken back when a job has gone through it. */
static void judge_state(struct probe *p, size_t failing, unsigned job)
{
    unsigned said = step_count(p, failing, "SetPortW", NULL);
    unsigned marked = said - taken_back(p, failing);
    size_t mark = step_mark(p);
    if (print_through(p, 0, job) && marked > 0) {
        probe_judge(p, 82, taken_back(p, mark) > 0,
                    "SetPort with status 0, now that it prints again", "no such call");
    }
    probe_tried(p, 82);
}

/* The call itself is the first of that name, those to the port monitor come after it. */
/* What lasts is told at some time: TRUE without a byte asks for the rest again and again. */
#define ATTEMPTS 4

static void judge_lasting(struct probe *p)
{
    bool told = false;
    for (unsigned i = 0; i < ATTEMPTS && !told && !probe_is_over(p); i++) {
        probe_set(p, "fault WritePort nth=2 count=50 error %d as $lasts%u", FAILS, i);
        size_t mark = step_mark(p);
        probe_run(p, 81, "WritePort hPort=$h pBuffer=\"lost\" -> any");
        bool reached = step_count(p, mark, "WritePort", "-> FALSE") > 0;
        told = !reached || !step_said_true(p) || step_number(p, "pcbWritten") > 0;
        probe_set(p, "end fault $lasts%u", i);
    }
    probe_judge(p, 81, told || probe_is_over(p),
                "FALSE with the port monitor's error, as it refuses these bytes each time",
                "TRUE with 0 bytes, %u times", ATTEMPTS);
}

/* A job whose end the port monitor does not take is not completed. */
static void judge_failed_end(struct probe *p, unsigned job)
{
    if (!probe_ask(p, "%s -> TRUE\nWritePort hPort=$h pBuffer=\"page\" -> TRUE",
                   step_start_line(p, job, ""))) {
        return;
    }
    probe_set(p, "fault WritePort always error %d as $atend", FAILS);
    size_t mark = step_mark(p);
    probe_run(p, 81, "EndDocPort hPort=$h -> any");
    step_not_reported(p, mark);
    probe_set(p, "end fault $atend");
}

void language_failures(struct probe *p)
{
    if (!step_open(p) || !step_start(p, 8101)) {
        step_close(p);
        return;
    }
    probe_set(p, "fault WritePort nth=2 count=50 error %d as $below", FAILS);
    size_t mark = step_mark(p);
    const size_t failing = mark;
    probe_run(p, 81, "WritePort hPort=$h pBuffer=\"lost\" -> any");
    bool reached = step_count(p, mark, "WritePort", NULL) > 0;
    bool claimed = step_said_true(p) && step_number(p, "pcbWritten") == 4;
    if (reached && !step_said_true(p)) {
        probe_judge(p, 81, step_error(p) == FAILS, "the port monitor's own error, 1117", "%s",
                    step_said(p));
    }
    probe_set(p, "end fault $below");
    bool idle = reached && step_said_true(p) && step_number(p, "pcbWritten") == 0;
    if (idle) {
        judge_lasting(p);
    }
    mark = step_mark(p);
    probe_run(p, 81, "EndDocPort hPort=$h -> any");
    if (reached && claimed && step_said_true(p)) {
        probe_judge(p, 81, step_count(p, mark, "WritePort", NULL) > 0,
                    "bytes that were taken are written in the end, or a call says FALSE",
                    "WritePort and EndDocPort said TRUE, and the port monitor never took them");
    }
    probe_tried(p, 81);
    judge_state(p, failing, 8103);
    judge_failed_end(p, 8104);
    step_close(p);
}

void language_idle(struct probe *p)
{
    if (!step_open(p) || !print_through(p, 0, 8100)) {
        step_close(p);
        return;
    }
    probe_set(p, "fault WritePort nth=2 error 6 as $idle");
    probe_ask(p, "WritePort hPort=$h pBuffer=\"idle\" -> any");
    probe_set(p, "end fault $idle");
    if (probe_has_slot(p, "ReadPort")) {
        probe_set(p, "fault ReadPort nth=2 error 6 as $idler");
        probe_ask(p, "ReadPort hPort=$h cbBuffer=16 -> any");
        probe_set(p, "end fault $idler");
    }
    print_through(p, 81, 8102);
    step_close(p);
}

/* ---- R82 ------------------------------------------------------------------------------------- */

static unsigned completions(struct probe *p, size_t mark)
{
    return step_count(p, mark, "SetJobW", "Command=7");
}

/* Until the job is completed, at most about so many seconds. */
static void await_completion(struct probe *p, size_t mark, unsigned seconds)
{
    for (unsigned i = 0; i < 8 && completions(p, mark) == 0; i++) {
        probe_set(p, "sleep 0.25");
    }
    for (unsigned i = 2; i < seconds && completions(p, mark) == 0; i++) {
        probe_set(p, "sleep 1");
    }
    probe_set(p, "sleep 0.2");
}

static void judge_completed(struct probe *p, size_t mark, const char *where)
{
    unsigned count = probe_is_over(p) ? 1 : completions(p, mark);
    probe_judge(p, 82, count == 1,
                probe_format(
                    p, "SetJob with JOB_CONTROL_LAST_PAGE_EJECTED (7) once for the job, %s", where),
                count == 0 ? "no such call" : "%u such calls", count);
}

/* Completed once, sooner or later: nobody here confirms anything. A language monitor may ask some
 * times before it gives up. */
#define SILENT_TIME  40u
#define TALKING_TIME 15u

void language_completes(struct probe *p)
{
    if (!step_open(p)) {
        return;
    }
    size_t mark = step_mark(p);
    if (print_through(p, 0, 8201)) {
        await_completion(p, mark, SILENT_TIME);
        judge_completed(p, mark, "after a bounded time if the printer never answers");
    }
    step_close(p);
}

/* The same over a printer that answers in PJL. */
static bool open_talking(struct probe *p, const char *life)
{
    return probe_set(p, "device $printer pjl%s\nport \"Talks\" to \"${printer.uri}\"", life) &&
           probe_set(p, "%s", step_open_line(p, "\"Talks\"", "h"));
}

void language_confirmed(struct probe *p)
{
    if (!open_talking(p, "")) {
        return;
    }
    size_t mark = step_mark(p);
    if (print_through(p, 0, 8205)) {
        probe_run(p, 39, "expect device $printer within=10 -> payload=4..");
        await_completion(p, mark, SILENT_TIME);
        judge_completed(p, mark, "once the printer has confirmed it");
    }
    step_close(p);
}

/* A printer that runs out of paper in mid-job, and is filled again: what was said of the port is
 * taken back. Who says nothing of it has nothing to take back. */
void language_trouble(struct probe *p)
{
    if (!open_talking(p, " life=\"until byte 3; paper-out; wait 1.5; ready\"")) {
        return;
    }
    size_t failing = step_mark(p);
    print_through(p, 0, 8206);
    await_completion(p, failing, TALKING_TIME);
    judge_state(p, failing, 8207);
    step_close(p);
}

/* The call that came to the port monitor, the one from here being the other; NULL: none did. */
static const char *forwarded(struct probe *p, size_t mark, const char *slot)
{
    return probe_is_over(p) ? NULL : step_back(p, &mark, slot);
}

/* A control code that is nobody's: what the port monitor makes of it is its own affair. */
static void forward_code(struct probe *p)
{
    static const char *const names[] = {"ControlID", "cbInBuffer", "cbOutBuffer"};
    static const char *const values[] = {"0x80862004", "8", "40"};
    size_t mark = step_mark(p);
    probe_run(
        p, 82,
        "GetPrinterDataFromPort hPort=$h ControlID=0x80862004 lpInBuffer=\"codedata\" cbInBuffer=8 "
        "cbOutBuffer=40 -> any");
    const char *line = forwarded(p, mark, "GetPrinterDataFromPort");
    probe_judge(p, 82, probe_is_over(p) || line != NULL,
                "the port monitor's GetPrinterDataFromPort is called, which may know the code",
                "it was not called");
    for (size_t i = 0; line != NULL && i < sizeof names / sizeof *names; i++) {
        const char *given = step_argument(p, line, names[i]);
        bool same = *given != '\0' && strtoul(given, NULL, 0) == strtoul(values[i], NULL, 0);
        probe_judge(p, 82, same, probe_format(p, "it is handed down %s=%s", names[i], values[i]),
                    "%s=%s", names[i], given);
    }
}

static void forward_request(struct probe *p)
{
    size_t mark = step_mark(p);
    probe_run(p, 82,
              "SendRecvBidiDataFromPort hPort=$h dwAccessBit=1 pAction=\"PlatenUnknown\" "
              "pReqData={aData=[{dwReqNumber=4 pSchema=\"\\\\Platen.Unknown\"}]} -> any");
    const char *line = forwarded(p, mark, "SendRecvBidiDataFromPort");
    probe_judge(p, 82, probe_is_over(p) || line != NULL,
                "the port monitor's SendRecvBidiDataFromPort is called, which may know the request",
                "it was not called");
    if (line != NULL) {
        const char *action = step_argument(p, line, "pAction");
        probe_judge(p, 82, strcmp(action, "\"PlatenUnknown\"") == 0,
                    "it is handed down the action as it is", "pAction=%s", action);
    }
}

/* Through a language monitor nobody reaches the port monitor but by way of it. */
void language_forwards(struct probe *p)
{
    if (!step_open(p)) {
        return;
    }
    if (probe_has_slot(p, "GetPrinterDataFromPort")) {
        forward_code(p);
    }
    if (probe_has_slot(p, "SendRecvBidiDataFromPort")) {
        forward_request(p);
    }
    step_close(p);
}

/* What is said of the port while it fails is taken back when it does not any more. */
void language_state(struct probe *p)
{
    if (!step_open(p)) {
        return;
    }
    size_t mark = step_mark(p);
    probe_set(p, "fault StartDocPort nth=2 error 1167 as $away");
    probe_ask(p, "%s -> any", step_start_line(p, 8202, ""));
    bool failed = !step_said_true(p);
    uint32_t error = step_error(p);
    bool reached = step_count(p, mark, "StartDocPort", NULL) > 0;
    probe_judge(p, 81, !failed || !reached || error == 1167, "the port monitor's own error, 1167",
                "%s", step_said(p));
    probe_set(p, "end fault $away");
    if (!failed) {
        probe_ask(p, "EndDocPort hPort=$h -> any");
    }
    judge_state(p, mark, 8203);
    step_close(p);
}

/* ---- R81, R80: no way to the port ------------------------------------------------------------ */

/* A port that cannot be opened: the port monitor's word is handed up. */
void language_open_fails(struct probe *p)
{
    static const uint32_t errors[] = {5, 55};
    for (size_t i = 0; i < sizeof errors / sizeof *errors && !probe_is_over(p); i++) {
        size_t mark = step_mark(p);
        probe_set(p, "fault OpenPort always error %u as $shut%zu", (unsigned)errors[i], i);
        probe_run(p, 81, "OpenPortEx pPortName=$port pPrinterName=\"Platen\" -> any");
        bool reached = step_count(p, mark, "OpenPort", NULL) > 0;
        probe_judge(p, 81, !reached || (!step_said_true(p) && step_error(p) == errors[i]),
                    "FALSE, with the last-error of the port monitor's OpenPort", "%s",
                    step_said(p));
        probe_set(p, "end fault $shut%zu", i);
    }
    probe_tried(p, 81);
}

/* A StartDocPort that says TRUE, though the port monitor refused its first bytes, sends them again
 * later, or some call says FALSE. `lost`: these bytes, as the line of the call has them. */
static void judge_first_bytes(struct probe *p, const char *lost, const char *size)
{
    size_t mark = step_mark(p);
    bool fine = probe_ask(p, "WritePort hPort=$h pBuffer=\"page\" -> TRUE pcbWritten=4") &&
                probe_ask(p, "EndDocPort hPort=$h -> TRUE");
    const char *line;
    bool again = false;
    while ((line = step_back(p, &mark, "WritePort")) != NULL) {
        again = again || (strcmp(step_argument(p, line, "pBuffer"), lost) == 0 &&
                          strcmp(step_argument(p, line, "cbBuf"), size) == 0);
    }
    probe_judge(p, 81, !fine || again || probe_is_over(p),
                "FALSE with the port monitor's error, or the bytes that it refused once more",
                "StartDocPort, WritePort and EndDocPort said TRUE, and what the port monitor "
                "refused at the job's begin was never sent again");
}

/* The port monitor takes the job and then not the language monitor's own first bytes. What was
 * started beneath has to be ended beneath. */
void language_start_fails(struct probe *p)
{
    if (!step_open(p)) {
        return;
    }
    size_t mark = step_mark(p);
    probe_set(p, "fault WritePort always error %d as $deaf", FAILS);
    probe_ask(p, "%s -> any", step_start_line(p, 8204, ""));
    bool failed = !step_said_true(p);
    unsigned begun = step_count(p, mark, "StartDocPort", "-> TRUE");
    unsigned ended = step_count(p, mark, "EndDocPort", NULL);
    if (failed) {
        probe_judge(p, 81, begun == 0 || ended >= begun,
                    "the job that was begun at the port monitor is ended there, as StartDocPort "
                    "says FALSE",
                    "StartDocPort of the port monitor said TRUE, and no EndDocPort followed");
        probe_judge(p, 81, step_error(p) == FAILS, "the port monitor's own error, 1117", "%s",
                    step_said(p));
    }
    size_t at = mark;
    const char *refused = step_back(p, &at, "WritePort");
    const char *lost = refused == NULL ? "" : step_argument(p, refused, "pBuffer");
    const char *size = refused == NULL ? "" : step_argument(p, refused, "cbBuf");
    probe_set(p, "end fault $deaf");
    if (!failed && refused != NULL) {
        judge_first_bytes(p, lost, size);
    }
    probe_tried(p, 81);
    step_close(p);
}
