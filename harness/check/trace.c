/* SPDX-License-Identifier: MIT */
#include "check/trace.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_LINES 60   /* of one trace */
#define MOST_TOLD  12   /* of what happened in and between them */
#define MOST_NAMES 64   /* that are kept in mind */
#define LONGEST    4000 /* bytes of a line */

struct line {
    enum platen_session_line_kind kind;
    bool base; /* of the bench */
    bool taken;
    unsigned again; /* that often it stands there once more, one behind the other */
    char *text;
};

struct name {
    const char *at;
    size_t length;
};

struct trace {
    struct line *lines;
    size_t count;
    size_t room;
    struct name names[MOST_NAMES]; /* that lines which were taken speak of */
    size_t name_count;
    const struct check_survey *survey;
    bool whole; /* all ports matter */
};

/* ---- names ----------------------------------------------------------------------------------- */

/* The next $name or ${name from *at on; false: there is none. */
static bool next_name(const char **at, struct name *name)
{
    while (**at != '\0') {
        if (*(*at)++ != '$') {
            continue;
        }
        *at += **at == '{';
        size_t length = 0;
        while (isalnum((unsigned char)(*at)[length]) || (*at)[length] == '_') {
            length++;
        }
        if (length > 0) {
            *name = (struct name){*at, length};
            *at += length;
            return true;
        }
    }
    return false;
}

static bool is_known(const struct trace *trace, const struct name *name)
{
    for (size_t i = 0; i < trace->name_count; i++) {
        if (trace->names[i].length == name->length &&
            memcmp(trace->names[i].at, name->at, name->length) == 0) {
            return true;
        }
    }
    return false;
}

static void learn_names(struct trace *trace, const char *text)
{
    struct name name;
    while (trace->name_count < MOST_NAMES && next_name(&text, &name)) {
        if (!is_known(trace, &name)) {
            trace->names[trace->name_count++] = name;
        }
    }
}

static bool speaks_of_known(const struct trace *trace, const char *text)
{
    struct name name;
    while (next_name(&text, &name)) {
        if (is_known(trace, &name)) {
            return true;
        }
    }
    return false;
}

/* ---- which lines matter ---------------------------------------------------------------------- */

/* Calls that leave the monitor as it was. */
static bool is_pure(const struct line *line)
{
    return strncmp(line->text, "EnumPorts ", 10) == 0 || strncmp(line->text, "expect ", 7) == 0;
}

static bool runs(const struct line *line)
{
    return line->kind == PLATEN_SESSION_SET || line->kind == PLATEN_SESSION_VERB ||
           line->kind == PLATEN_SESSION_CALL;
}

static bool knows(const struct trace *trace, const char *name)
{
    const struct name wanted = {name, strlen(name)};
    return is_known(trace, &wanted);
}

static bool begins(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0;
}

/* Is it the line that makes that port, which nobody speaks of? */
static bool is_spare(const struct trace *trace, const char *text, const char *port,
                     const char *name)
{
    return port != NULL && !knows(trace, name) && strstr(text, port) != NULL;
}

/* Of the lines that every world begins with: devices and ports only where they matter. */
static bool is_needed(const struct trace *trace, const char *text)
{
    static const char *const names[] = {"port", "port2", "jobport", "silent", "device"};
    const struct check_survey *survey = trace->survey;
    bool makes = begins(text, "xcv ") || begins(text, "port ");
    bool any = trace->whole;
    if (!makes && !begins(text, "device ") && !begins(text, "folder ")) {
        return true;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        any = any || knows(trace, names[i]);
    }
    if (!any || trace->whole || !makes) {
        return any;
    }
    const char *port2 = survey->target.port2;
    return !is_spare(trace, text, port2, "port2") &&
           (survey->target.port == survey->job_port ||
            !is_spare(trace, text, survey->job_port, "jobport"));
}

/* Lists have all ports in them; what else begins is asked for by name. */
static bool needs_all(const struct trace *trace, size_t last)
{
    for (size_t i = 0; i <= last && i < trace->count; i++) {
        const char *text = trace->lines[i].text;
        if ((i == last || trace->lines[i].taken) &&
            (begins(text, "EnumPorts ") || begins(text, "unload ") || begins(text, "spooler "))) {
            return true;
        }
    }
    return false;
}

/* A name is given once. */
static void drop_again(struct trace *trace, size_t last)
{
    for (size_t i = 1; i < last; i++) {
        struct line *line = &trace->lines[i];
        for (size_t k = 0; k < i && line->taken && begins(line->text, "set "); k++) {
            const struct line *before = &trace->lines[k];
            line->taken = !before->taken || strcmp(before->text, line->text) != 0;
        }
    }
}

/* Lines before the one in question, from the last to the first: what they set is known to matter
 * by then. */
static void choose(struct trace *trace, size_t last)
{
    bool beside = true; /* nothing has run since */
    bool in_base = false;
    for (size_t i = last; i-- > 0;) {
        struct line *line = &trace->lines[i];
        if (!runs(line)) {
            line->taken = beside;
            continue;
        }
        if (line->base && !in_base) {
            in_base = true;
            trace->whole = needs_all(trace, last);
        }
        beside = false;
        bool set = line->kind == PLATEN_SESSION_SET || strncmp(line->text, "set ", 4) == 0;
        const char *arrow = strstr(line->text, "->");
        line->taken = set             ? speaks_of_known(trace, line->text)
                      : is_pure(line) ? arrow != NULL && speaks_of_known(trace, arrow)
                      : line->base    ? is_needed(trace, line->text)
                                      : true;
        if (line->taken) {
            learn_names(trace, line->text);
        }
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

static void add_line(struct trace *trace, const struct platen_session_line *line, bool base)
{
    if (trace->count == trace->room) {
        size_t room = trace->room == 0 ? 64 : 2 * trace->room;
        struct line *more = realloc(trace->lines, room * sizeof *more);
        if (more == NULL) {
            return;
        }
        trace->lines = more;
        trace->room = room;
    }
    size_t length = strlen(line->text);
    length = length < LONGEST ? length : LONGEST;
    char *text = malloc(length + 1);
    if (text != NULL) {
        memcpy(text, line->text, length);
        text[length] = '\0';
        trace->lines[trace->count++] =
            (struct line){.kind = line->kind, .base = base, .text = text};
    }
}

static void read_lines(struct trace *trace, const struct probe *probe, size_t mark)
{
    const platen_session *session = probe->bench->session;
    for (size_t i = 0; i < probe->bench->base; i++) {
        const struct platen_session_line *line = platen_session_line(session, i);
        if (line != NULL && line->kind <= PLATEN_SESSION_CALL) {
            add_line(trace, line, true);
        }
    }
    for (size_t i = probe->begin; i < mark; i++) {
        const struct platen_session_line *line = platen_session_line(session, i);
        if (line != NULL) {
            add_line(trace, line, false);
        }
    }
}

/* Calls that are the same, to what came of them, one behind the other. */
static void fold(struct trace *trace, size_t last)
{
    struct line *before = NULL;
    for (size_t i = 0; i < last; i++) {
        struct line *line = &trace->lines[i];
        if (!line->taken) {
            continue;
        }
        bool call = line->kind == PLATEN_SESSION_CALL && !line->base;
        if (call && before != NULL && strcmp(before->text, line->text) == 0) {
            before->again++;
            line->taken = false;
        } else {
            before = call ? line : NULL;
        }
    }
}

/* ---- writing --------------------------------------------------------------------------------- */

struct written {
    char *text;
    size_t length;
};

static void put(struct written *to, const char *before, const char *text)
{
    size_t size = strlen(before) + strlen(text) + 2;
    char *more = realloc(to->text, to->length + size);
    if (more == NULL) {
        return;
    }
    to->text = more;
    to->length += (size_t)snprintf(more + to->length, size, "%s%s\n", before, text);
}

static void put_line(struct written *to, const struct line *line)
{
    char text[64];
    if (line->again > 0) {
        snprintf(text, sizeof text, "repeat %u {", line->again + 1);
        put(to, "", text);
    }
    put(to, runs(line) ? "" : "#   ", line->text);
    if (line->again > 0) {
        put(to, "", "}");
    }
}

static void put_lines(struct written *to, const struct trace *trace, size_t last)
{
    size_t running = 0;
    size_t told = 0;
    size_t left_out = 0;
    for (size_t i = 0; i < last; i++) {
        *(runs(&trace->lines[i]) ? &running : &told) += trace->lines[i].taken;
    }
    for (size_t i = 0; i < last; i++) {
        const struct line *line = &trace->lines[i];
        if (!line->taken) {
            continue;
        }
        size_t most = runs(line) ? MOST_LINES : MOST_TOLD;
        size_t left = --*(runs(line) ? &running : &told);
        if (!line->base && left >= most) {
            left_out++;
            continue;
        }
        if (left_out > 0) {
            char text[64];
            snprintf(text, sizeof text, "# ... %zu lines are left out here", left_out);
            put(to, "", text);
            left_out = 0;
        }
        put_line(to, line);
    }
}

/* The line in question, with what was expected of it instead of what came. */
static void put_last(struct written *to, struct probe *probe, const struct check_finding *finding,
                     const char *ran)
{
    const char *arrow = strstr(finding->line, "->");
    bool expects = finding->expected != NULL && arrow == NULL && !finding->crash && finding->plain;
    put(to, "",
        strchr(ran, '\n') != NULL ? ran /* a block */
        : expects ? probe_format(probe, "%s -> %s", finding->line, finding->expected)
                  : finding->line);
    put(to, "#   got: ", finding->got);
}

const char *trace_write(struct probe *probe, const struct check_finding *finding)
{
    struct trace trace = {.lines = NULL, .survey = &probe->check->survey};
    struct written written = {.text = NULL};
    read_lines(&trace, probe, finding->mark);
    size_t last = trace.count;
    while (last > 0 && !runs(&trace.lines[last - 1])) {
        last--;
    }
    last -= last > 0; /* the line in question */
    learn_names(&trace, finding->line);
    choose(&trace, last);
    drop_again(&trace, last);
    fold(&trace, last);
    put_lines(&written, &trace, last);
    put_last(&written, probe, finding, last < trace.count ? trace.lines[last].text : "");
    if (written.text != NULL && written.length > 0) {
        written.text[written.length - 1] = '\0';
    }
    const char *text = check_keep(&probe->outcome->texts, written.text);
    for (size_t i = 0; i < trace.count; i++) {
        free(trace.lines[i].text);
    }
    free(trace.lines);
    free(written.text);
    return text;
}
