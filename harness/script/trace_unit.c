/* SPDX-License-Identifier: MIT
 *
 * One call of a trace on its lane, and the calls back in it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/text.h"
#include "script/trace.h"
#include "spooler/shadow.h"

#define TOLD_MOST 100 /* differences; what comes after is only counted */

bool script_replay_tells(struct script_replay *replay)
{
    platen_os_mutex_lock(&replay->lock);
    bool tells = replay->told++ < TOLD_MOST;
    platen_os_mutex_unlock(&replay->lock);
    atomic_fetch_add(&replay->test->failed, tells ? 0 : 1);
    return tells;
}

void trace_tell(struct trace_lane *lane, const struct trace_line *line, const char *expected,
                const char *got)
{
    if (!script_replay_tells(lane->replay)) {
        return;
    }
    if (line != NULL) {
        lane->node.text = line->text;
        lane->node.length = line->length;
        lane->node.line = line->number;
    }
    script_tell_check(lane->lane, &(struct script_told){.verdict = PLATEN_REPORT_FAIL,
                                                        .expected = expected,
                                                        .expected_length = SIZE_MAX,
                                                        .got = got});
}

/* ---- calls back ------------------------------------------------------------------------------ */

/* The list of ports is the spooler's to ask for, and it asks less often the more it knows: not a
 * matter of the monitor's. */
static bool is_the_spoolers(enum platen_slot slot)
{
    return slot == PLATEN_SLOT_EnumPorts || slot == PLATEN_SLOT_DllMain;
}

/* The next line that is compared, as words; NULL: none is left. */
static const struct trace_line *next_back(struct trace_lane *lane,
                                          struct script_statement *statement)
{
    struct platen_text_error error;
    while (lane->expected != NULL) {
        const struct trace_line *line = lane->expected;
        if (script_statement_read(lane->words, line->text, line->length, line->number, statement,
                                  &error) &&
            statement->parts.slot != PLATEN_SLOT_COUNT && !is_the_spoolers(statement->parts.slot)) {
            return line;
        }
        lane->expected = lane->expected->next;
    }
    return NULL;
}

static void print_call(struct trace_lane *lane, const struct platen_call *call, char *to,
                       size_t size)
{
    struct platen_call_form form;
    script_form(lane->lane, &form);
    platen_call_print(call, &form, to, size);
}

/* Both sides of the line beside the call that came; of another spooler's only what came back. */
static void compare_back(struct trace_lane *lane, const struct trace_line *line,
                         const struct script_statement *statement, const struct platen_call *call)
{
    struct platen_match_form form;
    struct platen_names names;
    struct platen_call_form print;
    const struct platen_difference *list = NULL;
    char got[1024];
    char text[1400];

    script_match_form(lane->lane, &form, &names, &print, false);
    size_t count =
        lane->replay->outside
            ? 0
            : platen_match_left(lane->matcher, statement->parts.arguments, call, &form, &list);
    if (count == 0) {
        script_match_form(lane->lane, &form, &names, &print, true);
        count = platen_match(lane->matcher, statement->line.right, call, &form, &list);
    }
    atomic_fetch_add(&lane->replay->test->checks, 1);
    if (count > 0) {
        print_call(lane, call, got, sizeof got);
        snprintf(text, sizeof text, "%.1000s (%.80s: %.120s, not %.120s)", got, list[0].name,
                 list[0].got, list[0].expected);
        trace_tell(lane, line, line->text, text);
    }
}

static void take_back(struct trace_lane *lane, const struct platen_call *call)
{
    struct script_statement statement;
    char got[1024];
    const struct trace_line *line = next_back(lane, &statement);

    if (line == NULL) {
        print_call(lane, call, got, sizeof got);
        trace_tell(lane, lane->first->call, "no more calls back", got);
        return;
    }
    lane->expected = lane->expected->next;
    if (statement.parts.slot != call->slot) {
        print_call(lane, call, got, sizeof got);
        trace_tell(lane, line, line->text, got);
        return;
    }
    compare_back(lane, line, &statement, call);
}

/* Entry points are called by the spooler, while the lane loads the monitor. */
static void take_entry(struct trace_lane *lane, const struct platen_call *call)
{
    struct script_statement statement;
    struct platen_text_error error;
    const struct trace_line *line = lane->first->call;

    if (call->slot == PLATEN_SLOT_InitializePrintMonitor2 &&
        lane->first->slot == PLATEN_SLOT_InitializePrintMonitor2 &&
        script_statement_read(lane->words, line->text, line->length, line->number, &statement,
                              &error)) {
        compare_back(lane, line, &statement, call);
    }
}

void script_replay_saw(struct script_replay *replay, struct platen_call *call)
{
    struct trace_lane *lane = trace_lane_here();

    if (replay->quiet || is_the_spoolers(call->slot)) {
        return;
    }
    if (lane == NULL || lane->first == NULL) {
        if (trace_is_back(call->slot) && !replay->outside && replay->foreign != NULL &&
            lane == NULL) {
            platen_os_mutex_lock(&replay->lock);
            trace_set_saw(replay->foreign, call);
            platen_os_mutex_unlock(&replay->lock);
        }
        return;
    }
    if (call->depth > 0 && replay->outside) {
        return;
    }
    if (call->depth > 0) {
        take_back(lane, call);
    } else {
        take_entry(lane, call);
    }
}

/* What GetJob said of the job then, it says now: whoever cancelled it is not there. */
static void steer_job(struct trace_lane *lane, const struct platen_call *call,
                      const struct script_statement *statement)
{
    static const struct {
        uint64_t bits;
        enum platen_job_command command;
    } orders[] = {
        {JOB_STATUS_DELETING | JOB_STATUS_DELETED, PLATEN_JOB_CANCEL},
        {JOB_STATUS_RESTART, PLATEN_JOB_RESTART},
        {JOB_STATUS_PAUSED, PLATEN_JOB_PAUSE},
    };
    const struct platen_word *job = platen_word_named(statement->line.right, "pJob");
    const struct platen_word *status =
        job == NULL ? NULL : platen_word_named(job->inside, "Status");
    uint64_t bits;

    if (status == NULL || !platen_word_number(status, &bits)) {
        return;
    }
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        if (bits & orders[i].bits) {
            platen_job_control(lane->lane->spooler->spooler, call->args.GetJobW.JobId,
                               orders[i].command);
        }
    }
}

void script_replay_sees(struct script_replay *replay, const struct platen_call *call)
{
    struct trace_lane *lane = trace_lane_here();
    struct script_statement statement;

    if (!replay->quiet && lane != NULL && call->slot == PLATEN_SLOT_GetJobW &&
        next_back(lane, &statement) != NULL && statement.parts.slot == PLATEN_SLOT_GetJobW) {
        steer_job(lane, call, &statement);
    }
}

/* ---- printers and jobs that the monitor found then ------------------------------------------- */

static bool text_of(struct trace_lane *lane, const struct platen_word *words, const char *name,
                    const char **text)
{
    const struct platen_word *word = platen_word_named(words, name);
    struct platen_text_error error;
    *text = word == NULL || word->kind != PLATEN_WORD_TEXT
                ? NULL
                : platen_word_string(lane->words, word, &error);
    return *text != NULL;
}

/* The lane works for the spooler whose monitor the call is of. */
static void turn(struct trace_lane *lane, const struct platen_word *arguments)
{
    const struct script_monitor *monitor = script_monitor_of(lane->lane, arguments);
    if (monitor != NULL) {
        script_lane_turn(lane->lane, monitor->spooler);
    }
}

static void turn_for(struct trace_lane *lane, const struct trace_line *call)
{
    struct script_statement statement;
    struct platen_text_error error;
    if (script_statement_read(lane->words, call->text, call->length, call->number, &statement,
                              &error)) {
        turn(lane, statement.parts.arguments);
    }
}

/* Printers that OpenPrinter is to know. */
static void cast_printers(struct trace_lane *lane, const struct trace_unit *unit)
{
    struct script_statement statement;
    struct platen_text_error error;
    const char *name;

    for (const struct trace_line *line = unit->backs; line != NULL; line = line->next) {
        if (strstr(line->text, "OpenPrinterW") != NULL &&
            script_statement_read(lane->words, line->text, line->length, line->number, &statement,
                                  &error) &&
            statement.parts.slot == PLATEN_SLOT_OpenPrinterW &&
            platen_word_is(statement.line.right, "TRUE") &&
            text_of(lane, statement.parts.arguments, "pPrinterName", &name) && *name != ',') {
            char printer[512];
            snprintf(printer, sizeof printer, "%s", name);
            turn_for(lane, unit->call);
            platen_shadow_printer(lane->lane->spooler->spooler, printer);
        }
    }
}

/* Was it there when the call was made? What is only taken away afterwards was. */
static bool was_there(const struct platen_word *word)
{
    for (const struct platen_word *a = word->attributes; a != NULL; a = a->next) {
        bool later = strncmp(a->name, "poison", a->name_length) == 0 ||
                     strncmp(a->name, "readonly", a->name_length) == 0;
        if (!later) {
            return false;
        }
    }
    return true;
}

/* The job of a StartDocPort is there before it, with the document's name. */
static void cast_job(struct trace_lane *lane, const struct script_statement *statement)
{
    const struct platen_word *arguments = statement->parts.arguments;
    const struct platen_word *id = platen_word_named(arguments, "JobId");
    const struct platen_word *document = platen_word_named(arguments, "pDocInfo");
    platen_spooler *spooler = lane->lane->spooler->spooler;
    const char *printer;
    const char *title = NULL;
    const char *type = NULL;
    uint64_t number = 0;

    if (!text_of(lane, arguments, "pPrinterName", &printer) || id == NULL ||
        !platen_word_number(id, &number)) {
        return;
    }
    if (lane->replay->outside) { /* that the monitor opened it is not in the trace */
        platen_shadow_printer(spooler, printer);
    }
    platen_shadow_end_job(spooler, (uint32_t)number); /* one that is printed a second time */
    platen_shadow_job(spooler, printer, (uint32_t)number, NULL);
    if (document != NULL && document->kind == PLATEN_WORD_FIELDS &&
        (document->inside == NULL || was_there(document->inside))) {
        text_of(lane, document->inside, "pDocName", &title);
        text_of(lane, document->inside, "pDatatype", &type);
        platen_shadow_document(spooler, (uint32_t)number, title, type);
    }
}

/* ---- the call itself ------------------------------------------------------------------------- */

/* The first monitor that is to be loaded. */
static void run_entry(struct trace_lane *lane)
{
    struct script_replay *replay = lane->replay;
    struct script_statement statement;

    platen_os_mutex_lock(&replay->lock);
    struct trace_line *line = replay->pending;
    if (line != NULL) {
        replay->pending = line->next;
        line->next = NULL;
    }
    platen_os_mutex_unlock(&replay->lock);
    if (line == NULL) {
        trace_tell(lane, lane->first->call, "a monitor that is loaded here", "none was named");
        return;
    }
    lane->node.line = line->number;
    script_lane_turn(lane->lane, line->spooler);
    if (script_statement_read(lane->lane->words, line->text, line->length, line->number, &statement,
                              &lane->lane->error)) {
        struct script_outcome outcome = {0};
        script_trace_monitor(lane->lane, &statement.words, &outcome);
    }
    trace_lines_free(line);
}

/* hMonitor of a Shutdown leads to the name of its monitor. */
static void run_shutdown(struct trace_lane *lane, const struct script_statement *statement)
{
    const struct script_monitor *monitor =
        script_monitor_of(lane->lane, statement->parts.arguments);
    char got[64];

    if (monitor == NULL) {
        trace_tell(lane, lane->first->call, "a monitor", "there is none of that handle");
        return;
    }
    script_lane_turn(lane->lane, monitor->spooler);
    uint32_t error = script_monitor_unload(lane->lane, monitor->name);
    if (error != 0) {
        snprintf(got, sizeof got, "the monitor cannot be unloaded: error %u", (unsigned)error);
        trace_tell(lane, lane->first->call, "done", got);
    }
}

static void run_line(struct trace_lane *lane, struct trace_unit *unit)
{
    const struct trace_line *line = unit->call;
    struct script_statement statement;

    if (!script_statement_read(lane->lane->words, line->text, line->length, line->number,
                               &statement, &lane->lane->error)) {
        script_break_error(lane->lane);
        return;
    }
    if (unit->slot == PLATEN_SLOT_InitializePrintMonitor2) {
        run_entry(lane);
    } else if (unit->slot == PLATEN_SLOT_Shutdown) {
        run_shutdown(lane, &statement);
    } else if (unit->slot != PLATEN_SLOT_DllMain) {
        if (unit->slot == PLATEN_SLOT_StartDocPort) {
            turn(lane, statement.parts.arguments);
            cast_job(lane, &statement);
        }
        script_run_call(lane->lane, &statement);
    }
}

void trace_run_unit(struct trace_lane *lane, struct trace_unit *unit)
{
    struct script_statement statement;
    struct script_busy busy;

    if (script_is_over(lane->replay->test)) {
        return;
    }
    script_alloc_end(lane->lane);
    lane->expected = unit->backs;
    cast_printers(lane, unit);
    lane->node.text = unit->call->text;
    lane->node.length = unit->call->length;
    lane->node.line = unit->call->number;
    script_busy_begin(lane->lane, &busy);
    run_line(lane, unit);
    script_busy_end(lane->lane, &busy);
    const struct trace_line *line = lane->replay->outside ? NULL : next_back(lane, &statement);
    if (line != NULL && !script_is_over(lane->replay->test)) {
        trace_tell(lane, line, line->text, "no such call back");
    }
    lane->expected = NULL;
}
