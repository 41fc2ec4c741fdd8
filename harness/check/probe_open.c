/* SPDX-License-Identifier: MIT
 *
 * OpenPort and ClosePort: R23 to R29.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "check/probes.h"
#include "check/steps.h"
#include "os/clock.h"
#include "os/text.h"

#define SOME   64 /* ports that are tried one by one */
#define SECOND UINT64_C(1000000000)

/* ---- R23 ------------------------------------------------------------------------------------- */

static void open_one(struct probe *p, const char *name)
{
    probe_tried(p, 23);
    if (!probe_ask(p, "OpenPort pName=%s pHandle=!painted -> any", probe_quote(p, name))) {
        return;
    }
    const struct platen_session_call *call = probe_call(p);
    if (call == NULL) {
        return;
    }
    if (call->result == 0) {
        probe_judge(p, 23, call->last_error != 0 && call->last_error != PLATEN_FACTS_STALE,
                    "FALSE with a last-error that says why",
                    "FALSE, and last-error is what it was before");
        return;
    }
    const struct platen_facts *facts = probe_facts(p);
    bool untouched = facts != NULL && facts->touched_count > 0 && !facts->touched[0].any;
    if (probe_judge(p, 23, !untouched, "TRUE with a handle in *pHandle",
                    "TRUE, and nothing was written to *pHandle")) {
        probe_tidy(p, "ClosePort");
    }
}

void open_each(struct probe *p)
{
    size_t count = probe_ports(p);
    probe_want(p, PLATEN_FACTS_LAST_ERROR);
    for (size_t i = 0; i < count && i < SOME && !probe_is_over(p); i++) {
        open_one(p, probe_port(p, i));
    }
}

/* ---- R24 ------------------------------------------------------------------------------------- */

/* `code`: the error that SHOULD be there. */
static void refuse(struct probe *p, const char *name, const char *code)
{
    if (!probe_run(p, 24, "OpenPort pName=%s pHandle=!painted -> FALSE", name)) {
        if (!probe_is_over(p)) {
            probe_tidy(p, "ClosePort");
        }
        return;
    }
    const struct platen_facts *facts = probe_facts(p);
    if (facts != NULL && facts->touched_count > 0) {
        probe_judge(p, 24, !facts->touched[0].any || facts->touched[0].zeros,
                    "after FALSE *pHandle is NULL, or what it was before",
                    "something else was written to *pHandle");
    }
    if (code != NULL) {
        probe_should(p, 24, "OpenPort pName=%s -> FALSE %s", name, code);
    }
}

static bool is_listed(struct probe *p, const char *name)
{
    for (size_t i = 0; i < probe_ports(p); i++) {
        if (platen_text_equal_folded8(probe_port(p, i), name)) {
            return true;
        }
    }
    return false;
}

static void refuse_beginnings(struct probe *p)
{
    for (size_t i = 0; i < probe_ports(p) && i < 8 && !probe_is_over(p); i++) {
        char *name = strdup(probe_port(p, i));
        size_t length = name == NULL ? 0 : strlen(name);
        if (length > 1 && (unsigned char)name[length - 1] < 0x80) {
            name[length - 1] = '\0';
            if (!is_listed(p, name)) {
                refuse(p, probe_quote(p, name), NULL);
            }
        }
        free(name);
    }
}

void open_unknown(struct probe *p)
{
    probe_want(p, PLATEN_FACTS_LAST_ERROR);
    refuse(p, "$unknown", "ERROR_UNKNOWN_PORT");
    refuse(p, "\"\"", "ERROR_INVALID_PARAMETER");
    refuse_beginnings(p);
}

void open_null(struct probe *p)
{
    probe_run(p, 24, "OpenPort pName=NULL -> FALSE");
    probe_should(p, 24, "OpenPort pName=NULL -> FALSE ERROR_INVALID_PARAMETER");
}

/* ---- R25 ------------------------------------------------------------------------------------- */

static const char *turned(struct probe *p, const char *name, int (*turn)(int))
{
    char *copy = strdup(name);
    for (char *at = copy; at != NULL && *at != '\0'; at++) {
        *at = (unsigned char)*at < 0x80 ? (char)turn((unsigned char)*at) : *at;
    }
    const char *quoted = copy == NULL ? NULL : probe_quote(p, copy);
    bool same = copy == NULL || strcmp(copy, name) == 0;
    free(copy);
    return same ? NULL : quoted;
}

static void open_turned(struct probe *p, const char *name)
{
    int (*const turns[])(int) = {tolower, toupper};
    if (!probe_ask(p, "OpenPort pName=%s -> TRUE pHandle=$h", probe_quote(p, name))) {
        return;
    }
    probe_tidy(p, "ClosePort hPort=$h");
    for (int i = 0; i < 2; i++) {
        const char *other = turned(p, name, turns[i]);
        if (other != NULL && probe_run(p, 25, "OpenPort pName=%s -> TRUE pHandle=$h", other)) {
            probe_tidy(p, "ClosePort hPort=$h");
        }
    }
}

void open_any_case(struct probe *p)
{
    for (size_t i = 0; i < probe_ports(p) && i < 8 && !probe_is_over(p); i++) {
        open_turned(p, probe_port(p, i));
    }
}

/* ---- R26 ------------------------------------------------------------------------------------- */

static void print_on_both(struct probe *p)
{
    const char *document = probe_document(p, "two");
    bool starts = probe_ask(p, "StartDocPort hPort=$a %s -> TRUE", document);
    if (!starts || !probe_ask(p, "StartDocPort hPort=$b pDocInfo={pDocName=\"two\"} -> TRUE")) {
        probe_tidy(p, starts ? "EndDocPort hPort=$a" : "");
        return;
    }
    probe_run(p, 26,
              "WritePort hPort=$a pBuffer=\"first\" -> TRUE pcbWritten=5\n"
              "WritePort hPort=$b pBuffer=\"second!\" -> TRUE pcbWritten=7\n"
              "WritePort hPort=$a pBuffer=\" port\" -> TRUE pcbWritten=5\n"
              "EndDocPort hPort=$b -> TRUE\nEndDocPort hPort=$a -> TRUE");
    probe_arrived(p, 26, "first port", 10);
}

/* A port that nobody can open says nothing of two. */
static bool opens_alone(struct probe *p)
{
    bool opens = probe_ask(p, "OpenPort pName=$port2 -> TRUE pHandle=$alone");
    if (opens) {
        probe_tidy(p, "ClosePort hPort=$alone");
    }
    return opens;
}

void open_two(struct probe *p)
{
    if (!probe_has_name(p, "port2") || !probe_set(p, "OpenPort pName=$port -> TRUE pHandle=$a")) {
        return;
    }
    if (!probe_ask(p, "OpenPort pName=$port2 -> TRUE pHandle=$b")) {
        probe_tidy(p, "ClosePort hPort=$a");
        if (!opens_alone(p) || !probe_set(p, "OpenPort pName=$port -> TRUE pHandle=$a") ||
            !probe_run(p, 26, "OpenPort pName=$port2 -> TRUE pHandle=$b")) {
            probe_tidy(p, "ClosePort hPort=$a");
            return;
        }
    }
    if (probe_judge(p, 26, probe_number(p, "a") != probe_number(p, "b"),
                    "another handle than that of the first port", "the same handle")) {
        print_on_both(p);
        probe_tidy(p, "ClosePort hPort=$b");
    }
    probe_tidy(p, "ClosePort hPort=$a");
}

/* Whatever OpenPort says in the middle of a job, the first handle prints as if nobody had asked. */
static void open_in_job(struct probe *p)
{
    bool second = probe_ask(p, "OpenPort pName=$port -> TRUE pHandle=$b");
    if (!second) {
        probe_run(p, 26, "OpenPort pName=$port -> FALSE ERROR_BUSY");
    }
    probe_run(p, 26,
              "WritePort hPort=$a pBuffer=\" here\" -> TRUE pcbWritten=5\n"
              "EndDocPort hPort=$a -> TRUE");
    probe_arrived(p, 26, "still here", 10);
    if (second && probe_number(p, "a") != probe_number(p, "b")) {
        probe_ask(p, "ClosePort hPort=$b -> any");
        probe_forget_output(p);
        probe_run(p, 26,
                  "StartDocPort hPort=$a %s -> TRUE\n"
                  "WritePort hPort=$a pBuffer=\"and on\" -> TRUE pcbWritten=6\n"
                  "EndDocPort hPort=$a -> TRUE",
                  probe_document(p, "after"));
        probe_arrived(p, 26, "and on", 6);
    }
}

void open_twice(struct probe *p)
{
    if (!probe_set(p, "OpenPort pName=$port -> TRUE pHandle=$a")) {
        return;
    }
    if (probe_ask(p,
                  "StartDocPort hPort=$a %s -> TRUE\n"
                  "WritePort hPort=$a pBuffer=\"still\" -> TRUE pcbWritten=5",
                  probe_document(p, "twice"))) {
        open_in_job(p);
    } else {
        probe_skip(p, 26, "no job can be printed on the port that is opened twice");
    }
    probe_tidy(p, "ClosePort hPort=$a");
}

/* ---- R27 ------------------------------------------------------------------------------------- */

#define PAIRS  200
#define ROUNDS 3

static bool pairs(struct probe *p, unsigned count)
{
    return probe_run(p, 27, "repeat %u {\n%s\nClosePort hPort=$h -> TRUE\n}", count,
                     probe_open_line(p, "h"));
}

static void judge_growth(struct probe *p, const struct platen_facts_process *at)
{
    static const char expected[] = "opening and closing leave nothing behind";
    bool handles = at[0].handles >= 0;
    bool heap = at[0].heap >= 0;
    bool threads = at[0].threads >= 0;
    for (int i = 0; i < ROUNDS; i++) {
        handles = handles && at[i + 1].handles - at[i].handles >= PAIRS / 2;
        threads = threads && at[i + 1].threads - at[i].threads >= PAIRS / 2;
        heap = heap && at[i + 1].heap - at[i].heap >= PAIRS * 8;
    }
    probe_judge(p, 27, !handles, expected,
                "after %u times there are %lld handles more, after %u times %lld", PAIRS,
                (long long)(at[1].handles - at[0].handles), ROUNDS * PAIRS,
                (long long)(at[ROUNDS].handles - at[0].handles));
    probe_judge(p, 27, !threads, expected, "after %u times there are %lld threads more",
                ROUNDS * PAIRS, (long long)(at[ROUNDS].threads - at[0].threads));
    probe_judge(p, 27, !heap, expected,
                "after %u times %lld bytes more are in use, after %u times %lld", PAIRS,
                (long long)(at[1].heap - at[0].heap), ROUNDS * PAIRS,
                (long long)(at[ROUNDS].heap - at[0].heap));
}

void open_leaks(struct probe *p)
{
    struct platen_facts_process at[ROUNDS + 1];
    if (!probe_set(p, "%s\nClosePort hPort=$h -> any", probe_open_line(p, "h"))) {
        return;
    }
    uint64_t begun = platen_os_now();
    if (!pairs(p, 10) || probe_is_builtin(p)) {
        return; /* what is in use in this process is not the monitor's alone */
    }
    if (platen_os_now() - begun > SECOND / 2) {
        return; /* it takes its time; the pairs that there were are enough for the rest */
    }
    for (int i = 0; i <= ROUNDS; i++) {
        bool fine = pairs(p, i == 0 ? 20 : PAIRS);
        probe_want(p, PLATEN_FACTS_PROCESS); /* which takes its time: at one pair alone */
        fine = fine && pairs(p, 1);
        probe_want(p, 0);
        if (!fine) {
            return;
        }
        const struct platen_facts *facts = probe_facts(p);
        if (facts == NULL || !facts->process.known) {
            return;
        }
        at[i] = facts->process;
    }
    judge_growth(p, at);
}

/* ---- R28 ------------------------------------------------------------------------------------- */

#define JOB_LINES                                                                                  \
    "StartDocPort hPort=$h %s -> TRUE\nWritePort hPort=$h pBuffer=\"job\" -> TRUE pcbWritten=3\n"  \
    "EndDocPort hPort=$h -> TRUE"

void open_many_jobs(struct probe *p)
{
    const char *document = probe_document(p, "one of many");
    if (!probe_set(p, "%s", probe_open_line(p, "h"))) {
        return;
    }
    if (!probe_ask(p, JOB_LINES, document)) {
        probe_skip(p, 28, "no job can be printed on the port");
        probe_tidy(p, "ClosePort hPort=$h");
        return;
    }
    uint64_t begun = platen_os_now();
    bool fine = probe_run(p, 28, "repeat 10 {\n" JOB_LINES "\n}", document);
    uint64_t each = (platen_os_now() - begun) / 10;
    unsigned many = each * 1000 < 2 * SECOND ? 1000 : 120;
    if (fine && each * 120 < 20 * SECOND) {
        probe_run(p, 28, "repeat %u {\n" JOB_LINES "\n}", many, document);
    }
    probe_tidy(p, "ClosePort hPort=$h");
}

/* ---- R29 ------------------------------------------------------------------------------------- */

/* Is it the end of what arrived? What stands before it is the first job's. */
static bool ends_with(struct probe *p, const char *bytes, size_t size, size_t *came)
{
    const void *got = NULL;
    *came = 0;
    if (!probe_output(p, size, &got, came)) {
        return true;
    }
    const char *end = (const char *)got + *came;
    const char *at = *came < size ? end : end - size;
    while (probe_is_language(p) && at > (const char *)got && memcmp(at, bytes, size) != 0) {
        at--; /* what a language monitor sends behind a job */
    }
    return at < end && memcmp(at, bytes, size) == 0;
}

void close_in_job(struct probe *p)
{
    static const char second[] = "the second document";
    const char *document = probe_document(p, "closed");
    size_t came;
    size_t mark = step_mark(p);
    if (!probe_set(p, "%s", probe_open_line(p, "h")) ||
        !probe_set(p,
                   "StartDocPort hPort=$h %s -> TRUE\n"
                   "WritePort hPort=$h pBuffer=\"the first\" -> TRUE",
                   document)) {
        return;
    }
    if (!probe_run(p, 29, "ClosePort hPort=$h -> any")) {
        return;
    }
    int printers = step_printers(p, mark);
    probe_judge(p, 29, printers <= 0, "ClosePort ends the job: it closes the job's printer",
                "%d more OpenPrinter than ClosePrinter", printers);
    if (!probe_run(p, 29, "%s", probe_open_line(p, "again"))) {
        return;
    }
    probe_run(p, 29,
              "StartDocPort hPort=$again %s -> TRUE\n"
              "WritePort hPort=$again pBuffer=\"%s\" -> TRUE pcbWritten=%zu\n"
              "EndDocPort hPort=$again -> TRUE",
              document, second, sizeof second - 1);
    bool whole = ends_with(p, second, sizeof second - 1, &came);
    probe_judge(p, 29, whole, "the document that was printed next is at the device",
                "%zu bytes, and they do not end with it", came);
    probe_tidy(p, "ClosePort hPort=$again");
}
