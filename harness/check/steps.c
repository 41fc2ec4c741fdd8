/* SPDX-License-Identifier: MIT */
#include "check/steps.h"

#include <stdlib.h>
#include <string.h>

#include "call/words.h"
#include "check/inside.h"
#include "os/clock.h"
#include "os/error.h"

#define TICKS 100 /* of 20 ms, that bytes are waited for */

/* ---- opening, starting ----------------------------------------------------------------------- */

const char *step_open_line(struct probe *probe, const char *port, const char *handle)
{
    const char *words = probe_is_language(probe) ? "OpenPortEx pPrinterName=\"Platen\" pPortName"
                                                 : "OpenPort pName";
    return probe_format(probe, "%s=%s -> TRUE pHandle=$%s", words, port, handle);
}

bool step_open(struct probe *probe)
{
    return probe_set(probe, "%s", step_open_line(probe, "$port", "h"));
}

const char *step_output(struct probe *probe)
{
    static const char field[] = "pOutputFile=";
    const char *document = probe_document(probe, "x");
    const char *at = strstr(document, field);
    if (at == NULL) {
        return NULL;
    }
    at += sizeof field - 1;
    size_t length = 1;
    while (at[length] != '\0' && at[length] != '"') {
        length += at[length] == '\\' && at[length + 1] != '\0' ? 2 : 1;
    }
    return probe_format(probe, "%.*s\"", (int)length, at);
}

const char *step_start_line(struct probe *probe, unsigned job, const char *type)
{
    const char *output = step_output(probe);
    return probe_format(probe,
                        "StartDocPort hPort=$h JobId=%u pDocInfo={pDocName=\"check\"%s%s%s%s}", job,
                        output == NULL ? "" : " pOutputFile=", output == NULL ? "" : output,
                        *type == '\0' ? " pDatatype=\"RAW\"" : " ", type);
}

bool step_start(struct probe *probe, unsigned job)
{
    return probe_set(probe, "%s -> TRUE", step_start_line(probe, job, ""));
}

bool step_text(struct probe *probe, int rule, const char *text)
{
    unsigned idle = 0;
    while (*text != '\0' && idle < 20) {
        if (!probe_run(probe, rule, "WritePort hPort=$h pBuffer=%s -> TRUE",
                       probe_quote(probe, text))) {
            return false;
        }
        uint64_t count = step_number(probe, "pcbWritten");
        size_t length = strlen(text);
        idle = count == 0 ? idle + 1 : 0;
        text += count < length ? count : length;
    }
    return *text == '\0';
}

void step_finish(struct probe *probe)
{
    probe_tidy(probe, "WritePort hPort=$h pBuffer=\"x\"\nEndDocPort hPort=$h");
}

const char *step_spooler(struct probe *probe)
{
    return probe->check->options->profile != NULL ? "s" : "spooler";
}

const char *step_port_lines(struct probe *probe)
{
    const char *lines = "";
    const char *at = probe->check->survey.target.setup;
    while (at != NULL && *at != '\0') {
        size_t length = strcspn(at, "\n");
        if (strncmp(at, "xcv ", 4) == 0 || strncmp(at, "port ", 5) == 0) {
            lines =
                probe_format(probe, "%s%s%.*s", lines, *lines == '\0' ? "" : "\n", (int)length, at);
        }
        at += length + (at[length] == '\n');
    }
    return lines;
}

const char *step_setup_again(struct probe *probe)
{
    if (probe_is_builtin(probe) || probe_is_language(probe)) {
        return NULL;
    }
    return probe_format(probe, "monitor $monitor\n%s", step_port_lines(probe));
}

const char *step_instance(struct probe *probe, unsigned number)
{
    const platen_session *session = probe->bench->session;
    for (size_t i = 0; i < platen_session_mark(session); i++) {
        const struct platen_session_line *line = platen_session_line(session, i);
        bool made = line != NULL && line->kind == PLATEN_SESSION_MADE &&
                    strstr(line->text, "InitializePrintMonitor2 ") != NULL;
        if (made && number-- == 0) {
            return step_came(probe, line->text, "phMonitor");
        }
    }
    return NULL;
}

void step_close(struct probe *probe)
{
    probe_tidy(probe, "EndDocPort hPort=$h\nClosePort hPort=$h"); /* nothing without $h */
    probe_forget(probe, "h"); /* what is closed must not be closed again by who comes after */
}

/* ---- what it said ---------------------------------------------------------------------------- */

bool step_said_true(struct probe *probe)
{
    const struct platen_session_call *call = probe_call(probe);
    return call != NULL && call->result != 0;
}

uint32_t step_error(struct probe *probe)
{
    const struct platen_session_call *call = probe_call(probe);
    return call == NULL ? 0 : call->last_error;
}

const char *step_said(struct probe *probe)
{
    uint32_t error = step_error(probe);
    const char *name = platen_error_name(error);
    return step_said_true(probe) ? "TRUE"
           : name == NULL
               ? probe_format(probe, "FALSE with last-error %u", (unsigned)error)
               : probe_format(probe, "FALSE with last-error %u (%s)", (unsigned)error, name);
}

/* The line of the last call, also of one in a block. */
static const char *last_line(const struct probe *probe)
{
    const platen_session *session = probe->bench->session;
    size_t mark = platen_session_mark(session);
    while (mark-- > probe->begin) {
        const struct platen_session_line *line = platen_session_line(session, mark);
        if (line != NULL &&
            (line->kind == PLATEN_SESSION_CALL || line->kind == PLATEN_SESSION_INNER)) {
            return line->text;
        }
    }
    return "";
}

uint64_t step_number(struct probe *probe, const char *name)
{
    const char *text = step_came(probe, last_line(probe), name);
    char *end = NULL;
    uint64_t value = text == NULL ? 0 : strtoull(text, &end, 0);
    return text == NULL || end == text ? UINT64_MAX : value;
}

double step_seconds(struct probe *probe)
{
    const struct platen_session_call *call = probe_call(probe);
    return call == NULL ? 0 : (double)call->nanoseconds / 1e9;
}

double step_longest(struct probe *probe, enum platen_slot slot)
{
    return (double)platen_session_longest(probe->bench->session, slot) / (double)CHECK_SECOND;
}

bool step_has_reason(struct probe *probe, int rule)
{
    return step_said_true(probe) ||
           probe_judge(probe, rule, step_error(probe) != 0, "FALSE with a last-error that says why",
                       "FALSE with last-error 0");
}

bool step_grows(const int64_t *values, unsigned rounds, int64_t least)
{
    bool grows = true;
    for (unsigned i = 0; i < rounds; i++) {
        grows = grows && values[i] >= 0 && values[i + 1] - values[i] >= least;
    }
    return grows;
}

void step_hurry(struct probe *probe)
{
    if (probe_has(probe, PLATEN_NEED_XCV)) {
        probe_ask(probe, "xcv \",XcvMonitor ${object}\" ConfigureLPTPortCommandOK \"1\" -> any");
    }
    if (probe_has(probe, PLATEN_NEED_TIMEOUTS)) {
        probe_ask(probe, "SetPortTimeOuts hPort=$h lpCTO={ReadIntervalTimeout=100 "
                         "ReadTotalTimeoutConstant=300 WriteTotalTimeoutConstant=300} -> any");
    }
}

/* ---- bytes ----------------------------------------------------------------------------------- */

size_t step_copy(struct probe *probe, const char *stream, void *to, size_t most)
{
    return platen_session_bytes(probe->bench->session, stream, 0, to, most);
}

void *step_bytes(struct probe *probe, const char *stream, size_t size)
{
    void *bytes = malloc(size + 1);
    if (bytes != NULL && step_copy(probe, stream, bytes, size) != size) {
        free(bytes);
        bytes = NULL;
    }
    return bytes;
}

/* One call; how much it took. */
static size_t write_once(struct probe *probe, struct step_writing *writing)
{
    size_t size = writing->to - writing->from;
    size = size < writing->block ? size : writing->block;
    probe_run(probe, writing->rule, "WritePort hPort=$h pBuffer=@%s[%zu+%zu] -> any",
              writing->stream, writing->from, size);
    if (probe_is_over(probe)) {
        return 0;
    }
    uint64_t taken = step_number(probe, "pcbWritten");
    if (!step_said_true(probe)) {
        writing->failed = true;
        writing->error = step_error(probe);
    }
    if (!probe_judge(probe, 38, taken <= size, "a count between 0 and what was offered",
                     "pcbWritten=%llu of %zu", (unsigned long long)taken, size)) {
        taken = size;
        writing->wrong = true;
    }
    writing->short_count = writing->short_count || taken < size;
    return (size_t)taken;
}

bool step_write(struct probe *probe, struct step_writing *writing)
{
    unsigned idle = 0;
    while (writing->from < writing->to && !probe_is_over(probe)) {
        size_t taken = write_once(probe, writing);
        writing->from += taken;
        idle = taken > 0 ? 0 : idle + 1;
        if (idle > writing->patience) {
            return false;
        }
        if (idle > 1) {
            probe_ask(probe, "sleep 0.05");
        }
    }
    return writing->from >= writing->to;
}

/* ---- what arrived ---------------------------------------------------------------------------- */

static bool contains(const void *bytes, size_t size, const void *part, size_t length)
{
    const char *at = bytes;
    for (size_t i = 0; i + length <= size; i++) {
        if (at[i] == *(const char *)part && memcmp(at + i, part, length) == 0) {
            return true;
        }
    }
    return length == 0;
}

/* As many bytes, but others: that is R39, unless the rule is about what the bytes are. */
static int rule_of_arrival(struct probe *probe, int rule, const void *bytes, size_t size)
{
    const void *got;
    size_t got_size = 0;
    bool about_bytes = rule == 35 || rule == 39 || rule == 44 || rule == 45;
    bool others = !about_bytes && probe_output(probe, size, &got, &got_size) && got_size == size &&
                  memcmp(got, bytes, size) != 0;
    return others ? 39 : rule;
}

bool step_arrived(struct probe *probe, int rule, const void *bytes, size_t size)
{
    const void *got;
    size_t got_size = 0;
    if (!probe_is_language(probe)) {
        return probe_arrived(probe, rule_of_arrival(probe, rule, bytes, size), bytes, size);
    }
    /* Only the first time for long: what did not come by then was not sent. */
    for (int i = 0; i < TICKS && probe_output(probe, i == 0 ? size : 0, &got, &got_size); i++) {
        if (contains(got, got_size, bytes, size)) {
            return probe_judge(probe, rule, true, "", " ");
        }
        uint32_t word = 0;
        platen_os_wait(&word, 0, platen_os_now() + CHECK_SECOND / 50);
    }
    return probe_judge(probe, rule, !probe_has(probe, PLATEN_NEED_TARGET),
                       probe_format(probe, "the %zu bytes arrive in one piece", size),
                       "%zu bytes, and they are not among them", got_size);
}

void step_forget_jobs(struct probe *probe)
{
    const struct check_target *target = &probe->check->survey.target;
    if (target->kind != TARGET_FILE || target->appends) {
        probe_forget_output(probe);
    }
}

/* ---- calls back ------------------------------------------------------------------------------ */

size_t step_mark(struct probe *probe)
{
    return platen_session_mark(probe->bench->session);
}

static bool is_call(const char *line, const char *slot)
{
    size_t length = strlen(slot);
    return strncmp(line, slot, length) == 0 && line[length] == ' ';
}

/* Behind the name of the lane, where there is one. */
static const char *call_of(const char *line, const char *slot)
{
    if (is_call(line, slot)) {
        return line;
    }
    bool quoted = *line == '"';
    line += quoted;
    while (*line != '\0' && (quoted ? *line != '"' : *line != ' ')) {
        line += *line == '\\' && line[1] != '\0' ? 2 : 1;
    }
    line += quoted && *line != '\0';
    return line + strspn(line, " ");
}

const char *step_back(struct probe *probe, size_t *mark, const char *slot)
{
    const platen_session *session = probe->bench->session;
    for (size_t end = platen_session_mark(session); *mark < end; (*mark)++) {
        const struct platen_session_line *line = platen_session_line(session, *mark);
        const char *call =
            line == NULL || line->kind != PLATEN_SESSION_BACK ? "" : call_of(line->text, slot);
        if (is_call(call, slot)) {
            (*mark)++;
            return check_keep(&probe->outcome->texts, call);
        }
    }
    return NULL;
}

unsigned step_count(struct probe *probe, size_t mark, const char *slot, const char *text)
{
    unsigned count = 0;
    const char *line;
    while ((line = step_back(probe, &mark, slot)) != NULL) {
        count += text == NULL || strstr(line, text) != NULL;
    }
    return count;
}

const char *step_argument(struct probe *probe, const char *line, const char *name)
{
    struct platen_words *words = platen_words_new();
    struct platen_line read;
    const char *found = "";
    if (words != NULL && platen_words_read(words, line, strlen(line), 1, &read, NULL)) {
        const struct platen_word *word = platen_word_named(read.left, name);
        if (word != NULL) {
            found = probe_format(probe, "%.*s", (int)word->raw_length, word->raw);
        }
    }
    platen_words_free(words);
    return found;
}

const char *step_came(struct probe *probe, const char *line, const char *name)
{
    return check_came(&probe->outcome->texts, line, name);
}

void step_not_reported(struct probe *probe, size_t mark)
{
    bool language = probe_is_language(probe);
    const char *command = language ? "Command=7" : "Command=6";
    if (!probe_is_over(probe) && !step_said_true(probe)) {
        probe_judge(probe, language ? 82 : 52, step_count(probe, mark, "SetJobW", command) == 0,
                    "no SetJob that reports the job as printed, as it failed: EndDocPort says so",
                    "it was reported as printed");
    }
}

int step_printers(struct probe *probe, size_t mark)
{
    return (int)step_count(probe, mark, "OpenPrinterW", "-> TRUE") -
           (int)step_count(probe, mark, "ClosePrinter", "-> TRUE");
}
