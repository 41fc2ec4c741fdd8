/* SPDX-License-Identifier: MIT
 *
 * SendRecvBidiDataFromPort: R72 to R76.
 */
#include <string.h>

#include "check/probes.h"
#include "check/steps.h"

#define MOST 16 /* values of a schema that are asked for */

/* One request of that number; false: the probe is over. */
static bool request(struct probe *p, const char *action, unsigned number, const char *schema,
                    const char *more)
{
    return probe_ask(p,
                     "SendRecvBidiDataFromPort hPort=$h dwAccessBit=1 pAction=\"%s\" "
                     "pReqData={aData=[{dwReqNumber=%u pSchema=%s%s}]}!poison -> any",
                     action, number, schema, more);
}

static uint64_t code_of(struct probe *p)
{
    const struct platen_session_call *call = probe_call(p);
    return call == NULL ? 0 : call->result;
}

/* ---- the schema ------------------------------------------------------------------------------ */

/* The next text of the answer, in its quotes; *at goes on behind it. NULL: there is none. */
static const char *next_text(struct probe *p, const char **at)
{
    const char *begin = strstr(*at, "sData=\"");
    if (begin == NULL) {
        return NULL;
    }
    begin += strlen("sData=");
    const char *end = begin + 1;
    while (*end != '\0' && *end != '"') {
        end += *end == '\\' && end[1] != '\0' ? 2 : 1;
    }
    *at = end;
    if (strncmp(begin, "\"wild:", 6) == 0) {
        return NULL; /* it cannot be read: R73 */
    }
    return probe_format(p, "%.*s\"", (int)(end - begin), begin);
}

/* What EnumSchema answers; NULL: it does not, or the probe is over. */
static const char *schema_of(struct probe *p)
{
    if (!probe_ask(p, "SendRecvBidiDataFromPort hPort=$h dwAccessBit=1 pAction=\"EnumSchema\" "
                      "pReqData={Count=0} -> 0")) {
        return NULL;
    }
    return probe_came(p, "ppResData");
}

/* The first value that it lists, in quotes; NULL: none. */
static const char *first_value(struct probe *p)
{
    const char *rows = schema_of(p);
    return rows == NULL ? NULL : next_text(p, &rows);
}

/* ---- R72 ------------------------------------------------------------------------------------- */

/* What stays of an answer when it has been freed, as the types in it say. A monitor may keep
 * something once; two answers that leave something behind are none of that. */
static void judge_left(struct probe *p, const struct platen_facts_tree *tree, unsigned *leaks)
{
    *leaks += tree->from_router && tree->left > tree->before;
    probe_judge(p, 74, *leaks < 2,
                "freeing the answer frees all memory that was allocated for it: the type of each "
                "value says whether it points at memory",
                "%u blocks of Router memory stay behind", tree->left - tree->before);
}

static void judge_answer(struct probe *p, int rule)
{
    const struct platen_facts *facts = probe_facts(p);
    if (facts == NULL || !facts->tree.known) {
        return;
    }
    const struct platen_facts_tree tree = facts->tree;
    probe_judge(p, rule, tree.from_router, "a container from RouterAllocBidiResponseContainer",
                "memory of its own");
    probe_judge(p, rule, !tree.from_router || tree.fits, "as many entries as Count says",
                "%u, which is more than there is room for", tree.entries);
    probe_judge(p, rule, tree.strangers <= tree.request, "everything in it from RouterAllocBidiMem",
                "%u pointers to other memory", tree.strangers);
    probe_judge(p, rule, tree.shared == 0, "each pointer to memory of its own", "%u are used twice",
                tree.shared);
    probe_judge(p, rule, tree.endless == 0, "texts that end", "%u without a NUL", tree.endless);
    probe_judge(p, 74, tree.request == 0, "no pointer into the request", "%u pointers into it",
                tree.request);
}

void bidi_unsupported(struct probe *p)
{
    if (!step_open(p)) {
        return;
    }
    probe_run(p, 72,
              "SendRecvBidiDataFromPort hPort=$h dwAccessBit=1 pAction=\"NoSuchAction\" "
              "pReqData={aData=[{dwReqNumber=1 pSchema=\"\\\\Printer\"}]} "
              "ppResData=!painted -> ERROR_NOT_SUPPORTED ppResData=NULL");
    if (request(p, "Get", 1, "\"\\\\Printer.Status.Summary:State\"", "") && code_of(p) == 50) {
        probe_run(p, 72,
                  "SendRecvBidiDataFromPort hPort=$h dwAccessBit=1 pAction=\"Get\" "
                  "pReqData={aData=[{dwReqNumber=1 pSchema=\"\\\\Printer\"}]} "
                  "ppResData=!painted -> ERROR_NOT_SUPPORTED ppResData=NULL");
    }
    probe_tried(p, 72);
    step_close(p);
}

/* ---- R73, R74 -------------------------------------------------------------------------------- */

static void judge_two(struct probe *p, const char *value)
{
    unsigned leaks = 0;
    for (unsigned i = 0; i < 2 && request(p, "Get", 72, value, ""); i++) {
        const struct platen_facts *facts = probe_facts(p);
        if (facts != NULL && facts->tree.known) {
            const struct platen_facts_tree tree = facts->tree;
            judge_left(p, &tree, &leaks);
        }
    }
}

void bidi_answers(struct probe *p)
{
    if (!step_open(p)) {
        return;
    }
    const char *value = first_value(p);
    const struct platen_facts *facts = probe_facts(p);
    if (value == NULL) {
        if (facts != NULL && facts->tree.known) {
            judge_answer(p, 73); /* what lies elsewhere cannot be read */
        } else {
            probe_skip(p, 73, "EnumSchema lists no value");
        }
        probe_skip(p, 74, "EnumSchema lists no value");
        step_close(p);
        return;
    }
    probe_run(p, 73,
              "SendRecvBidiDataFromPort hPort=$h dwAccessBit=1 pAction=\"EnumSchema\" "
              "pReqData={Count=0} -> 0 ppResData={Version=1 Flags=0}");
    judge_answer(p, 73);
    probe_run(p, 73,
              "SendRecvBidiDataFromPort hPort=$h dwAccessBit=1 pAction=\"Get\" "
              "pReqData={aData=[{dwReqNumber=70 pSchema=%s}]}!poison -> any "
              "ppResData={Version=1 Flags=0}",
              value);
    judge_answer(p, 73);
    probe_run(p, 74,
              "SendRecvBidiDataFromPort hPort=$h dwAccessBit=1 pAction=\"Get\" "
              "pReqData={aData=[{dwReqNumber=71 pSchema=%s}]} -> any "
              "ppResData={aData=[{dwReqNumber=71} ...]}",
              value);
    judge_two(p, value);
    const char *rows = probe_came(p, "ppResData");
    if (rows != NULL && strstr(rows, "dwResult=0 ") != NULL) {
        probe_judge(p, 74, strstr(rows, "dwBidiType=0") == NULL,
                    "a type that says what the value is", "%s", rows);
    }
    probe_run(p, 74,
              "SendRecvBidiDataFromPort hPort=$h dwAccessBit=1 pAction=\"Get\" "
              "pReqData={aData=[{dwReqNumber=8 pSchema=%s} {dwReqNumber=3 "
              "pSchema=\"\\\\No.Such:Thing\"}]} -> any",
              value);
    rows = probe_came(p, "ppResData");
    if (rows != NULL && strcmp(rows, "NULL") != 0) {
        probe_judge(
            p, 74, strstr(rows, "dwReqNumber=8 ") != NULL && strstr(rows, "dwReqNumber=3 ") != NULL,
            "an answer for each of the requests 8 and 3", "%s", rows);
    }
    step_close(p);
}

/* ---- R75 ------------------------------------------------------------------------------------- */

static void try_actions(struct probe *p, const char *value)
{
    static const char *const cases[][2] = {{"Get", "get"}, {"Get", "GET"}, {"GetAll", "GETALL"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (!request(p, cases[i][0], 1, value, "")) {
            return;
        }
        uint64_t code = code_of(p);
        probe_run(p, 75,
                  "SendRecvBidiDataFromPort hPort=$h dwAccessBit=1 pAction=\"%s\" "
                  "pReqData={aData=[{dwReqNumber=1 pSchema=%s}]} -> %llu",
                  cases[i][1], value, (unsigned long long)code);
    }
}

/* "\\Printer.Status.Summary:State", with the escapes of a line. */
static bool is_schema(const char *value)
{
    return strncmp(value, "\"\\\\", 3) == 0 && strchr(value, ' ') == NULL &&
           strchr(value, ':') == strrchr(value, ':');
}

void bidi_schema(struct probe *p)
{
    if (!step_open(p)) {
        return;
    }
    const char *value = first_value(p);
    if (value == NULL) {
        probe_skip(p, 75, "EnumSchema lists no value");
        step_close(p);
        return;
    }
    try_actions(p, value);
    probe_run(p, 75,
              "SendRecvBidiDataFromPort hPort=$h dwAccessBit=1 pAction=\"EnumSchema\" "
              "pReqData={aData=[{dwReqNumber=1 pSchema=NULL}]} -> 0");
    probe_run(p, 75,
              "SendRecvBidiDataFromPort hPort=$h dwAccessBit=1 pAction=\"EnumSchema\" "
              "pReqData={Count=0} -> 0 ppResData={aData=[{dwResult=0 dwBidiType=5} ...]}");
    probe_run(p, 75,
              "SendRecvBidiDataFromPort hPort=$h dwAccessBit=1 pAction=\"ENUMSCHEMA\" "
              "pReqData={Count=0} -> 0 ppResData={aData=[{dwResult=0 dwBidiType=5} ...]}");
    const char *rows = probe_came(p, "ppResData");
    for (unsigned i = 0; i < MOST && rows != NULL && !probe_is_over(p); i++) {
        value = next_text(p, &rows);
        if (value == NULL) {
            break;
        }
        probe_judge(p, 75, is_schema(value), "a schema such as \\Printer.Status.Summary:State",
                    "%s", value);
        probe_run(p, 75,
                  "SendRecvBidiDataFromPort hPort=$h dwAccessBit=1 pAction=\"Get\" "
                  "pReqData={aData=[{dwReqNumber=1 pSchema=%s}]} -> any "
                  "ppResData={aData=[{dwResult=0|13002|13004} ...]}",
                  value);
    }
    step_close(p);
}

/* ---- R76 ------------------------------------------------------------------------------------- */

#define SET_TO "dwBidiType=4 sData=\"Platen\"" /* BIDI_STRING */

/* What Get says of the value; NULL: nothing. */
static const char *value_of(struct probe *p, const char *schema)
{
    const char *rows = request(p, "Get", 7, schema, "") ? probe_came(p, "ppResData") : NULL;
    const char *data = rows == NULL ? NULL : strstr(rows, "dwBidiType=");
    return data == NULL ? NULL : probe_format(p, "%s", data);
}

static bool set(struct probe *p, const char *schema, unsigned access, const char **rows)
{
    probe_look(p, 76,
               "SendRecvBidiDataFromPort hPort=$h dwAccessBit=%u pAction=\"Set\" "
               "pReqData={aData=[{dwReqNumber=7 pSchema=%s " SET_TO "}]} -> any",
               access, schema);
    const char *came = probe_is_over(p) ? NULL : probe_came(p, "ppResData");
    *rows = came == NULL ? "" : came;
    return !probe_is_over(p) && code_of(p) == 0 && strstr(*rows, "dwResult=0 ") != NULL;
}

/* A value that says that it was set has another content then, or had it before. */
static void try_set(struct probe *p, const char *schema)
{
    const char *rows;
    const char *before = value_of(p, schema);
    if (before == NULL || strstr(before, "\"Platen\"") != NULL) {
        return;
    }
    if (set(p, schema, 2, &rows)) { /* BIDI_ACCESS_USER */
        const char *after = value_of(p, schema);
        probe_judge_should(p, 76, after == NULL || strcmp(before, after) == 0,
                           "Set with dwAccessBit=2 (BIDI_ACCESS_USER) changes nothing",
                           "0, and the value is another one now");
        return;
    }
    if (set(p, schema, 1, &rows)) { /* BIDI_ACCESS_ADMINISTRATOR */
        const char *after = value_of(p, schema);
        probe_judge_should(p, 76, after == NULL || strcmp(before, after) != 0,
                           "13002 (ERROR_BIDI_SCHEMA_READ_ONLY) for a value that Set cannot change",
                           "0, and the value is what it was");
    }
}

static void try_sets(struct probe *p)
{
    const char *rows = schema_of(p);
    for (unsigned i = 0; i < MOST && rows != NULL && !probe_is_over(p); i++) {
        const char *schema = next_text(p, &rows);
        if (schema == NULL) {
            return;
        }
        try_set(p, schema);
    }
}

void bidi_errors(struct probe *p)
{
    if (!step_open(p)) {
        return;
    }
    const char *value = first_value(p);
    if (value == NULL) {
        probe_skip(p, 76, "EnumSchema lists no value");
        step_close(p);
        return;
    }
    probe_run(p, 76,
              "SendRecvBidiDataFromPort hPort=$h dwAccessBit=1 pAction=\"Get\" "
              "pReqData={aData=[{dwReqNumber=1 pSchema=\"\\\\No.Such:Thing\"}]} "
              "-> 13001 ppResData={aData=[{dwResult=13005|232} ...]}");
    probe_run(p, 76,
              "SendRecvBidiDataFromPort hPort=$h dwAccessBit=1 pAction=\"Get\" "
              "pReqData={aData=[{dwReqNumber=1 pSchema=%s} {dwReqNumber=2 "
              "pSchema=\"\\\\No.Such:Thing\"}]} -> 13001",
              value);
    probe_run(p, 76,
              "SendRecvBidiDataFromPort hPort=$h dwAccessBit=1 pAction=\"Get\" "
              "pReqData={aData=[{dwReqNumber=1 pSchema=%s}]} -> 0|13001|13004",
              value);
    try_sets(p);
    step_close(p);
}
