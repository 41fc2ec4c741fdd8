/* SPDX-License-Identifier: MIT
 *
 * Xcv: handles, names, sizes and rights. R60 to R63, R68 to R70. What ports come and go by is in
 * probe_ports.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/inside.h"
#include "check/probes.h"

/* Opens $NAME on the monitor itself; false: the probe is over. */
static bool open_object(struct probe *p, const char *name, unsigned access)
{
    return probe_set(p, "XcvOpenPort pszObject=\"${object}\" GrantedAccess=%u -> TRUE phXcv=$%s",
                     access, name);
}

static void close_object(struct probe *p, const char *name)
{
    probe_tidy(p, "XcvClosePort hXcv=$%s", name);
}

/* Names that ask for something and change nothing, with what they want to be given. */
static const char *const questions[] = {"MonitorUI",       "GetTransmissionRetryTimeout",
                                        "HostAddress",     "IPAddress",
                                        "SNMPEnabled",     "SNMPDeviceIndex",
                                        "GetSupportedKeys"};
#define QUESTIONS (sizeof questions / sizeof *questions)

/* ---- R60 ------------------------------------------------------------------------------------- */

static void open_and_ask(struct probe *p, unsigned turn, const char *object, unsigned access)
{
    if (!probe_run(p, 60,
                   "XcvOpenPort pszObject=%s!poison GrantedAccess=%u -> TRUE phXcv=$opened%u",
                   probe_quote(p, object), access, turn)) {
        return;
    }
    probe_run(p, 60, "XcvDataPort hXcv=$opened%u pszDataName=\"MonitorUI\" cbOutputData=64 -> any",
              turn);
    for (size_t i = 0; i < p->check->survey.own_count && !probe_is_over(p); i++) {
        const char *word = p->check->survey.own[i];
        if (strncmp(word, "Get", 3) == 0 || strncmp(word, "Query", 5) == 0) {
            probe_run(p, 60,
                      "XcvDataPort hXcv=$opened%u pszDataName=\"%s\" cbOutputData=4096 -> any",
                      turn, word);
        }
    }
    probe_run(p, 69, "XcvClosePort hXcv=$opened%u -> TRUE", turn);
}

void xcv_objects(struct probe *p)
{
    static const unsigned masks[] = {0, 1, 2, 0x20002, 0xF0003};
    unsigned turn = 0;
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
        open_and_ask(p, turn++, probe_text(p, "object"), masks[i]);
    }
    open_and_ask(p, turn++, "", 1);
    for (size_t i = 0; i < probe_ports(p) && i < 4; i++) {
        open_and_ask(p, turn++, probe_port(p, i), i % 2);
    }
}

void xcv_no_object(struct probe *p)
{
    probe_should(p, 60, "XcvOpenPort pszObject=NULL GrantedAccess=1 -> any");
    const struct platen_session_call *call = probe_call(p);
    if (call != NULL && call->result != 0) {
        probe_tidy(p, "XcvClosePort");
    }
}

/* ---- R61, R70 -------------------------------------------------------------------------------- */

static void ask_unknown(struct probe *p, const char *name, bool must)
{
    char line[200];
    snprintf(line, sizeof line,
             "XcvDataPort hXcv=$unknowing pszDataName=\"%s\" cbOutputData=256 -> 1..", name);
    if (must ? !probe_run(p, 61, "%s", line) : !probe_should(p, 61, "%s", line)) {
        return;
    }
    const struct platen_session_call *call = probe_call(p);
    probe_judge_should(p, 61, call == NULL || call->result == 87,
                       "ERROR_INVALID_PARAMETER for a name that it does not know", "the code %u",
                       call == NULL ? 0 : (unsigned)call->result);
}

void xcv_unknown(struct probe *p)
{
    if (!open_object(p, "unknowing", 1)) {
        return;
    }
    probe_ask(p, "EnumPorts Level=1 -> any");
    const char *before = probe_came(p, "pPorts");
    ask_unknown(p, "NoSuchThing", true);
    ask_unknown(p, "PortExist", true);
    ask_unknown(p, "", false);
    /* A monitor that does not know MonitorUI either shows nothing by this one. */
    if (probe_ask(p, "XcvDataPort hXcv=$unknowing pszDataName=\"MonitorUI\" cbOutputData=512 "
                     "-> 0")) {
        ask_unknown(p, "monitorui", false);
    }
    if (before != NULL) {
        probe_run(p, 61, "EnumPorts Level=1 -> TRUE pPorts=%s", before);
    }
    close_object(p, "unknowing");
}

/* What comes back is the result and no BOOL, and nobody looks at the last-error. */
void xcv_result(struct probe *p)
{
    if (!open_object(p, "asked", 1)) {
        return;
    }
    probe_want(p, PLATEN_FACTS_LAST_ERROR);
    for (size_t i = 0; i < QUESTIONS && !probe_is_over(p); i++) {
        probe_ask(p,
                  "XcvDataPort hXcv=$asked pszDataName=\"%s\" pOutputData=!painted "
                  "cbOutputData=4096 -> any",
                  questions[i]);
        const struct platen_session_call *call = probe_call(p);
        const struct platen_facts *facts = probe_facts(p);
        if (call == NULL || facts == NULL) {
            continue;
        }
        bool answered = facts->touched_count > 0 && facts->touched[0].any;
        probe_judge(p, 70, call->result == 0 || !answered, "0, since there is an answer",
                    "the code %u, with %llu bytes of answer", (unsigned)call->result,
                    answered ? (unsigned long long)facts->touched[0].to + 1 : 0);
        probe_judge(p, 70, call->result != PLATEN_FACTS_STALE, "a code of its own",
                    "what stood in last-error before the call");
    }
    probe_want(p, 0);
    close_object(p, "asked");
}

/* ---- R62 ------------------------------------------------------------------------------------- */

static void ask_with(struct probe *p, const char *name, uint64_t room, uint64_t needed)
{
    const unsigned long long size = room;
    const unsigned long long all = needed;
    if (room < needed) {
        probe_run(p, 62,
                  "XcvDataPort hXcv=$asked pszDataName=\"%s\" pOutputData=!guard!painted "
                  "cbOutputData=%llu -> ERROR_INSUFFICIENT_BUFFER pcbOutputNeeded=%llu",
                  name, size, all);
    } else {
        probe_run(p, 62,
                  "XcvDataPort hXcv=$asked pszDataName=\"%s\" pOutputData=!guard!painted "
                  "cbOutputData=%llu -> 0",
                  name, size);
    }
    const struct platen_facts *facts = probe_facts(p);
    if (facts == NULL) {
        return;
    }
    bool touched = facts->touched_count > 0 && facts->touched[0].any;
    probe_judge(p, 62, room >= needed || !touched, "no byte of a buffer that is too small",
                "bytes of it were written");
    probe_judge(p, 62, room < needed || !touched || facts->touched[0].to < needed,
                "nothing behind what it said it needs", "byte %llu was written",
                touched ? (unsigned long long)facts->touched[0].to : 0);
    probe_judge(p, 62, facts->damaged_count == 0, "nothing is written beside the buffer",
                "memory beside %s was written to",
                facts->damaged_count == 0 ? "" : facts->damaged[0]);
}

/* A bare file name and its NUL. `bytes`: as a line has them, "l\x00o\x00...". */
static void judge_file_name(struct probe *p, uint64_t needed)
{
    const char *bytes = probe_came(p, "pOutputData");
    if (bytes == NULL || bytes[0] != '"') {
        return;
    }
    size_t length = strlen(bytes);
    bool path = strchr(bytes, '/') != NULL || strstr(bytes, "\\\\") != NULL;
    bool ends = length >= 9 && strcmp(bytes + length - 9, "\\x00\\x00\"") == 0;
    probe_judge(p, 62, !path, "a bare file name", "%s", bytes);
    probe_judge(p, 62, needed % 2 == 0 && ends, "a name with its NUL, (length + 1) * 2 bytes", "%s",
                bytes);
}

/* What the last call said that it needs. */
static uint64_t wanted(struct probe *p)
{
    const char *number = probe_came(p, "pcbOutputNeeded");
    return number == NULL ? 0 : strtoull(number, NULL, 0);
}

static void try_question(struct probe *p, const char *name)
{
    probe_ask(p,
              "XcvDataPort hXcv=$asked pszDataName=\"%s\" pOutputData=NULL cbOutputData=0 "
              "-> any",
              name);
    const struct platen_session_call *call = probe_call(p);
    uint64_t needed = wanted(p);
    if (call == NULL || call->result != 122) {
        /* Not known, or it has no answer; but an answer needs room. */
        probe_ask(p,
                  "XcvDataPort hXcv=$asked pszDataName=\"%s\" pOutputData=!painted "
                  "cbOutputData=1024 -> 0",
                  name);
        const struct platen_facts *facts = probe_facts(p);
        call = probe_call(p);
        bool answers = call != NULL && call->result == 0 && facts != NULL &&
                       facts->touched_count > 0 && facts->touched[0].any;
        if (!answers) {
            return;
        }
        needed = wanted(p);
        probe_run(p, 62,
                  "XcvDataPort hXcv=$asked pszDataName=\"%s\" pOutputData=NULL cbOutputData=0 "
                  "-> ERROR_INSUFFICIENT_BUFFER pcbOutputNeeded=1..",
                  name);
    }
    if (!probe_judge(p, 62, needed > 0 && needed < (1u << 20), "*pcbOutputNeeded is the exact size",
                     "it is %llu", (unsigned long long)needed)) {
        return;
    }
    const uint64_t rooms[] = {needed, 1, needed - 1, needed > 1 ? needed - 2 : 0, needed + 1};
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms && !probe_is_over(p); i++) {
        ask_with(p, name, rooms[i], needed);
        if (i == 0 && strcmp(name, "MonitorUI") == 0) {
            judge_file_name(p, needed);
        }
    }
}

void xcv_sizes(struct probe *p)
{
    if (!open_object(p, "asked", 1)) {
        return;
    }
    for (size_t i = 0; i < QUESTIONS && !probe_is_over(p); i++) {
        try_question(p, questions[i]);
    }
    close_object(p, "asked");
}

/* ---- R68 ------------------------------------------------------------------------------------- */

void xcv_no_count(struct probe *p)
{
    if (!open_object(p, "counted", 1)) {
        return;
    }
    probe_run(p, 68,
              "XcvDataPort hXcv=$counted pszDataName=\"MonitorUI\" cbOutputData=512 "
              "pcbOutputNeeded=NULL -> 0|ERROR_INVALID_PARAMETER");
    probe_run(p, 68,
              "XcvDataPort hXcv=$counted pszDataName=\"MonitorUI\" pOutputData=NULL cbOutputData=0 "
              "pcbOutputNeeded=NULL -> 1..");
    probe_run(p, 68,
              "XcvDataPort hXcv=$counted pszDataName=\"NoSuchThing\" pcbOutputNeeded=NULL "
              "-> 1..");
    close_object(p, "counted");
}

/* ---- R69 ------------------------------------------------------------------------------------- */

void xcv_handles(struct probe *p)
{
    static const char ask[] = "-> any";
    if (!open_object(p, "one", 0) || !open_object(p, "two", 1)) {
        return;
    }
    probe_run(p, 69, "XcvOpenPort pszObject=\"\" GrantedAccess=0 -> TRUE phXcv=$three");
    probe_run(p, 69, "XcvDataPort hXcv=$two pszDataName=\"MonitorUI\" cbOutputData=512 %s", ask);
    const struct platen_session_call *call = probe_call(p);
    uint64_t first = call == NULL ? 0 : call->result;
    probe_run(p, 69, "XcvClosePort hXcv=$one -> TRUE");
    probe_run(p, 69, "XcvDataPort hXcv=$two pszDataName=\"MonitorUI\" cbOutputData=512 -> %llu",
              (unsigned long long)first);
    probe_run(p, 69, "XcvClosePort hXcv=$three -> TRUE");
    probe_run(p, 69, "XcvDataPort hXcv=$two pszDataName=\"MonitorUI\" cbOutputData=512 -> %llu",
              (unsigned long long)first);
    probe_run(p, 69, "XcvClosePort hXcv=$two -> TRUE");
}

/* Closing one does not touch a port that is open. */
void xcv_beside_port(struct probe *p)
{
    if (!open_object(p, "beside", 1) ||
        !probe_set(p, "OpenPort pName=\"${port}\" -> TRUE pHandle=$held")) {
        return;
    }
    probe_run(p, 69, "XcvClosePort hXcv=$beside -> TRUE");
    probe_run(p, 69, "ClosePort hPort=$held -> TRUE");
}

#define TURNS 1000

static void open_and_close(struct probe *p, unsigned times)
{
    probe_set(p,
              "repeat %u {\n"
              "XcvOpenPort pszObject=\"${object}\" GrantedAccess=1 -> TRUE phXcv=$turn\n"
              "XcvDataPort hXcv=$turn pszDataName=\"MonitorUI\" cbOutputData=512 -> any\n"
              "XcvClosePort hXcv=$turn -> TRUE\n"
              "}",
              times);
}

/* Looks at the process in the last turn alone: that takes longer than the turns. */
static void open_and_close_looking(struct probe *p, unsigned times)
{
    open_and_close(p, times);
    probe_want(p, PLATEN_FACTS_PROCESS);
    open_and_close(p, 1);
    probe_want(p, 0);
}

/* The first round may fill what is filled once. */
void xcv_leak(struct probe *p)
{
    if (probe_is_builtin(p)) {
        probe_skip(p, 69, "what a monitor in this process holds cannot be told from what we do");
        return;
    }
    open_and_close_looking(p, 50);
    const struct platen_facts *facts = probe_facts(p);
    if (facts == NULL || !facts->process.known) {
        return;
    }
    struct platen_facts_process before = facts->process;
    open_and_close_looking(p, TURNS);
    facts = probe_facts(p);
    if (facts != NULL && facts->process.known) {
        const struct platen_facts_process after = facts->process;
        probe_judge(p, 69, after.handles <= before.handles + TURNS / 4,
                    "as many handles of the system as before", "%lld more after %d turns",
                    (long long)(after.handles - before.handles), TURNS);
        probe_judge(p, 69, after.threads <= before.threads + TURNS / 4, "as many threads as before",
                    "%lld more after %d turns", (long long)(after.threads - before.threads), TURNS);
        probe_judge(p, 69,
                    before.heap < 0 || after.heap < 0 || after.heap < before.heap + TURNS * 8,
                    "as much memory as before", "%lld bytes more after %d turns",
                    (long long)(after.heap - before.heap), TURNS);
    }
}
