/* SPDX-License-Identifier: MIT
 *
 * What probes do: lines that are run, and what comes of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/inside.h"
#include "check/trace.h"

/* ---- rules ----------------------------------------------------------------------------------- */

/* Does what the monitor can do allow it to be tried here? */
static bool is_open(const struct probe *probe, int rule)
{
    return check_may_find(probe->check, rule);
}

void probe_tried(struct probe *probe, int rule)
{
    probe->outcome->tried[rule] = true;
}

void probe_skip(struct probe *probe, int rule, const char *why_format, ...)
{
    va_list list;
    va_start(list, why_format);
    if (probe->outcome->skipped[rule] == NULL) {
        probe->outcome->skipped[rule] = check_keep_format(&probe->outcome->texts, why_format, list);
    }
    va_end(list);
}

static void end_probe(struct probe *probe, const char *why)
{
    if (!probe->over) {
        probe->over = true;
        probe->outcome->over = check_keep(&probe->outcome->texts, why);
    }
    probe->dirty = true;
}

/* ---- findings -------------------------------------------------------------------------------- */

static bool is_at_most_should(const struct probe *probe)
{
    return probe->purpose == PURPOSE_SHOULD;
}

static void add_finding(struct probe *probe, struct check_finding *finding)
{
    struct check_texts *texts = &probe->outcome->texts;
    finding->rule = probe->rule;
    finding->should = is_at_most_should(probe);
    finding->line = check_keep(texts, finding->line == NULL ? "" : finding->line);
    finding->expected = check_keep(texts, finding->expected);
    finding->got = check_keep(texts, finding->got == NULL ? "nothing" : finding->got);
    finding->why = check_note(probe, finding);
    if (finding->key == NULL) {
        finding->key = check_finding_key(texts, finding->line, finding->expected);
    }
    probe->dirty = true;
    check_find(probe->outcome, finding);
}

/* The session cannot be asked while it tells. */
static void write_traces(struct probe *probe)
{
    for (struct check_finding *at = probe->outcome->findings; at != NULL; at = at->next) {
        if (at->trace == NULL && probe->bench != NULL) {
            at->trace = trace_write(probe, at);
        }
    }
}

void probe_told(struct probe *probe, const struct platen_session_check *told)
{
    bool tries = probe->purpose == PURPOSE_TRY || probe->purpose == PURPOSE_SHOULD;
    if (told->verdict == PLATEN_REPORT_FAIL) {
        probe->got = check_keep(&probe->outcome->texts, told->got);
    }
    if (told->verdict != PLATEN_REPORT_FAIL || !tries || told->dead) {
        return;
    }
    struct check_finding finding = {
        .line = told->line,
        .expected = told->expected,
        .got = told->got,
        .why = told->why,
        .mark = told->mark,
        .plain = true,
    };
    add_finding(probe, &finding);
}

void probe_found(struct probe *probe, const char *text)
{
    static const size_t most = sizeof probe->events / sizeof *probe->events;
    if (probe->event_count < most) {
        char *copy = check_keep(&probe->outcome->texts, text);
        if (copy != NULL) {
            probe->events[probe->event_count++] = copy;
        }
    }
}

/* What the spooler noticed of its own accord names the rule: "... (R6)". */
static int rule_of_event(const char *text)
{
    const char *at = strstr(text, "(R");
    int rule = at == NULL ? 0 : atoi(at + 2);
    bool ours = rule == 2; /* the table has a probe that knows more of it */
    return rule >= 1 && rule <= PLATEN_CHECK_RULES && !ours ? rule : 0;
}

static void find_event(struct probe *probe, const char *text)
{
    int rule = rule_of_event(text);
    if (rule == 0 || (probe->row->flags & PROBE_QUIET) != 0) {
        return;
    }
    struct check_finding finding = {
        .line = "# what the spooler noticed meanwhile",
        .expected = platen_rules[rule - 1].title,
        .got = text,
        .mark = platen_session_mark(probe->bench->session),
    };
    probe->rule = rule;
    probe->purpose = PURPOSE_TRY;
    add_finding(probe, &finding);
}

void probe_end_of_bench(struct bench *bench, const char *text)
{
    struct check *check = bench->check;
    int rule = rule_of_event(text);
    if (rule == 0 || bench->quiet || bench->why != NULL) {
        return;
    }
    platen_os_mutex_lock(&check->lock);
    struct check_outcome *outcome = &check->outcomes[check_probe_count];
    struct check_finding finding = {
        .rule = rule,
        .line = "what the spooler noticed when the monitor was loaded or unloaded",
        .expected = platen_rules[rule - 1].title,
        .got = check_keep(&outcome->texts, text),
        .trace = "monitor $monitor",
        .key = "unloading",
    };
    if (finding.got != NULL) {
        check_find(outcome, &finding);
    }
    platen_os_mutex_unlock(&check->lock);
}

/* ---- crashes --------------------------------------------------------------------------------- */

static void crashed(struct probe *probe, const char *text)
{
    struct check_texts *texts = &probe->outcome->texts;
    bool tries = probe->purpose <= PURPOSE_LOOK;
    const char *why = platen_session_why(probe->bench->session);
    const char *slot = crash_slot(&probe->outcome->texts, why);
    int rule = tries ? probe->rule : crash_rule(slot);
    struct check_finding finding = {
        .line = check_keep(texts, text),
        .expected = "the call comes back",
        .got = check_keep(texts, *why == '\0' ? "the monitor's process ended" : why),
        .crash = true,
        .hostile = (probe->row->flags & (PROBE_HOSTILE | PROBE_FORGETS)) != 0,
        .weak = !tries,
        .mark = platen_session_mark(probe->bench->session),
    };
    finding.line = check_headline(texts, finding.line);
    bool late = strstr(why, "did not come back") != NULL || strstr(why, "took longer") != NULL;
    finding.key = check_print(texts, "%s in %s", late ? "late" : "dead", slot);
    atomic_fetch_add(&probe->check->hangs, late);
    end_probe(probe, finding.got);
    if (rule != 0 && (tries || !late || !probe->blocks)) {
        probe->rule = rule;
        add_finding(probe, &finding);
    }
}

/* ---- running --------------------------------------------------------------------------------- */

/* The text's last line, for what is told of it. */
static char *last_line(struct probe *probe, const char *text)
{
    size_t length = strlen(text);
    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == ' ')) {
        length--;
    }
    size_t begin = length;
    while (begin > 0 && text[begin - 1] != '\n') {
        begin--;
    }
    return check_print(&probe->outcome->texts, "%.*s", (int)(length - begin), text + begin);
}

/* What was being done when it ended. */
static const char *line_under_way(struct probe *probe, const char *text)
{
    size_t mark = platen_session_mark(probe->bench->session);
    while (mark-- > probe->begin) {
        const struct platen_session_line *line = platen_session_line(probe->bench->session, mark);
        if (line != NULL && line->kind == PLATEN_SESSION_CALL) {
            size_t length = strlen(line->text);
            return length > 5 && strcmp(line->text + length - 5, " -> ?") == 0
                       ? check_print(&probe->outcome->texts, "%.*s", (int)length - 5, line->text)
                       : check_keep(&probe->outcome->texts, line->text);
        }
        if (line != NULL && line->kind == PLATEN_SESSION_VERB) {
            return check_keep(&probe->outcome->texts, line->text);
        }
    }
    return last_line(probe, text);
}

static bool take_end(struct probe *probe, const char *text, enum platen_session_end end)
{
    const char *why = platen_session_why(probe->bench->session);
    switch (end) {
    case PLATEN_SESSION_MET:
        return true;
    case PLATEN_SESSION_UNMET:
        return false;
    case PLATEN_SESSION_DEAD:
    case PLATEN_SESSION_LATE:
        if (check_is_interrupted(probe->check)) {
            end_probe(probe, "interrupted"); /* that was not the monitor */
            return false;
        }
        if (strcmp(why, "interrupted") == 0) {
            end_probe(probe, CHECK_GIVES_UP);
            return false;
        }
        crashed(probe, line_under_way(probe, text));
        return false;
    case PLATEN_SESSION_WRONG:
        probe->outcome->wrong = true;
        end_probe(probe,
                  check_print(&probe->outcome->texts, "the check's own lines are wrong: %s", why));
        return false;
    default:
        if (probe->purpose <= PURPOSE_SHOULD || probe->purpose == PURPOSE_SET) {
            end_probe(probe, why);
        }
        return false;
    }
}

static bool run(struct probe *probe, enum probe_purpose purpose, int rule, const char *format,
                va_list list) PLATEN_OS_PRINTF(4, 0);
static bool run(struct probe *probe, enum probe_purpose purpose, int rule, const char *format,
                va_list list)
{
    if (probe->over && (purpose != PURPOSE_TIDY || probe->bench == NULL ||
                        platen_session_is_dead(probe->bench->session))) {
        return false;
    }
    char *text = check_keep_format(&probe->outcome->texts, format, list);
    if (text == NULL) {
        end_probe(probe, "memory is out");
        return false;
    }
    probe->purpose = purpose;
    probe->rule = rule;
    probe->last_line = platen_session_mark(probe->bench->session);
    bool met = take_end(probe, text, platen_session_run(probe->bench->session, text));
    write_traces(probe);
    return met;
}

bool probe_run(struct probe *probe, int rule, const char *format, ...)
{
    if (!is_open(probe, rule)) {
        return false;
    }
    va_list list;
    va_start(list, format);
    bool met = run(probe, PURPOSE_TRY, rule, format, list);
    va_end(list);
    if (!probe->over) {
        probe_tried(probe, rule);
    }
    return met;
}

bool probe_should(struct probe *probe, int rule, const char *format, ...)
{
    if (!is_open(probe, rule)) {
        return false;
    }
    va_list list;
    va_start(list, format);
    bool met = run(probe, PURPOSE_SHOULD, rule, format, list);
    va_end(list);
    if (!probe->over) {
        probe_tried(probe, rule);
    }
    return met;
}

bool probe_set(struct probe *probe, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    bool met = run(probe, PURPOSE_SET, 0, format, list);
    va_end(list);
    if (!met && !probe->over) {
        end_probe(probe, check_print(&probe->outcome->texts,
                                     "what it needs first does not work: %s", probe_last(probe)));
    }
    return met;
}

bool probe_ask(struct probe *probe, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    bool met = run(probe, PURPOSE_ASK, 0, format, list);
    va_end(list);
    return met;
}

bool probe_look(struct probe *probe, int rule, const char *format, ...)
{
    if (!is_open(probe, rule)) {
        return false;
    }
    va_list list;
    va_start(list, format);
    bool met = run(probe, PURPOSE_LOOK, rule, format, list);
    va_end(list);
    return met;
}

void probe_tidy(struct probe *probe, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    run(probe, PURPOSE_TIDY, 0, format, list);
    va_end(list);
}

bool probe_is_over(const struct probe *probe)
{
    return probe->over;
}

/* ---- judgements ------------------------------------------------------------------------------ */

static void judge_call(struct probe *probe, enum probe_purpose purpose, int rule, bool fine,
                       const char *expected, const char *got_format, va_list list)
    PLATEN_OS_PRINTF(6, 0);
static void judge_call(struct probe *probe, enum probe_purpose purpose, int rule, bool fine,
                       const char *expected, const char *got_format, va_list list)
{
    if (probe->over || !is_open(probe, rule)) {
        return;
    }
    probe_tried(probe, rule);
    if (fine) {
        return;
    }
    struct check_finding finding = {
        .line = probe->bench == NULL ? probe_path(probe) : probe_deed(probe),
        .expected = expected,
        .got = check_keep_format(&probe->outcome->texts, got_format, list),
        .mark = probe->bench == NULL ? 0 : platen_session_mark(probe->bench->session),
    };
    finding.line = check_headline(&probe->outcome->texts, finding.line);
    probe->purpose = purpose;
    probe->rule = rule;
    add_finding(probe, &finding);
    write_traces(probe);
}

bool probe_judge(struct probe *probe, int rule, bool fine, const char *expected,
                 const char *got_format, ...)
{
    va_list list;
    va_start(list, got_format);
    judge_call(probe, PURPOSE_TRY, rule, fine, expected, got_format, list);
    va_end(list);
    return fine;
}

bool probe_judge_should(struct probe *probe, int rule, bool fine, const char *expected,
                        const char *got_format, ...)
{
    va_list list;
    va_start(list, got_format);
    judge_call(probe, PURPOSE_SHOULD, rule, fine, expected, got_format, list);
    va_end(list);
    return fine;
}

/* ---- the whole of it ------------------------------------------------------------------------- */

/* The names that every probe has. */
static bool give_names(struct probe *probe)
{
    const struct check_survey *survey = &probe->check->survey;
    platen_session *session = probe->bench->session;
    bench_forget_names(probe->bench);
    const struct check_target *target = &survey->target;
    bool fine = platen_session_set_text(session, "unknown", survey->unknown);
    if (survey->object != NULL) {
        fine = fine && platen_session_set_text(session, "object", survey->object);
    }
    if ((probe->row->flags & PROBE_BARE) != 0) {
        return fine;
    }
    if (target->port != NULL) {
        fine = fine && probe_ask(probe, "set $port \"%s\"", target->port);
    }
    if (target->port2 != NULL) {
        fine = fine && probe_ask(probe, "set $port2 \"%s\"", target->port2);
    }
    if (survey->job_port != NULL) {
        fine = fine && probe_ask(probe, "set $jobport \"%s\"", survey->job_port) &&
               probe_ask(probe, "set $jobout \"%s\"", survey->job_output);
    }
    if (survey->silent != NULL) {
        fine = fine && probe_ask(probe, "set $silent \"%s\"", survey->silent);
    }
    return fine;
}

static void finish(struct probe *probe)
{
    for (size_t i = 0; i < probe->event_count; i++) {
        find_event(probe, probe->events[i]);
    }
    write_traces(probe);
    for (int rule = 1; rule <= PLATEN_CHECK_RULES; rule++) {
        bool untried = check_probe_binds(probe->row, rule) && !probe->outcome->tried[rule];
        if (untried && probe->outcome->skipped[rule] == NULL) {
            probe->outcome->skipped[rule] = probe->outcome->over;
        }
    }
}

bool probe_execute(struct check *check, size_t index, struct bench *bench)
{
    struct probe probe = {
        .check = check,
        .row = &check_probes[index],
        .bench = bench,
        .outcome = &check->outcomes[index],
    };
    probe.outcome->ran = true;
    if (bench != NULL) {
        bench->quiet = bench->quiet || (probe.row->flags & PROBE_QUIET) != 0;
        bench->probe = &probe;
        probe.begin = platen_session_mark(bench->session);
        if (!give_names(&probe)) {
            end_probe(&probe, "the world for it does not take the names");
        }
        target_begin(&probe);
    }
    probe.row->run(&probe);
    if (bench != NULL) {
        platen_session_want(bench->session, 0);
        target_end(&probe);
    }
    finish(&probe);
    if (bench != NULL) {
        bench->probe = NULL;
    }
    return !probe.dirty && !probe.over && (probe.row->flags & CHECK_ALONE) == 0;
}
