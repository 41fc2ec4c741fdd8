/* SPDX-License-Identifier: MIT
 *
 * A trace from its first line to its last.
 */
#include "script/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    struct script_replay *replay;
    struct script_lane *main;
    struct platen_words *words;
    struct script_node node;
    char *foreign[64]; /* names of lanes that are threads of the monitor's */
    unsigned foreigners;
};

static struct trace_line *keep_line(const char *text, size_t length, uint32_t number)
{
    struct trace_line *line = malloc(sizeof *line + length + 1);
    if (line != NULL) {
        line->next = NULL;
        line->spooler = NULL;
        line->number = number;
        line->length = (uint32_t)length;
        memcpy(line->text, text, length);
        line->text[length] = '\0';
    }
    return line;
}

static void out_of_memory(struct reading *reading)
{
    script_break(reading->replay->test, SCRIPT_BROKEN, "memory is out");
}

/* ---- verbs ----------------------------------------------------------------------------------- */

/* A monitor is loaded when its entry's line comes, so that what it calls back meanwhile can be
 * compared. One whose entry never came was not loaded then. */
static void put_off(struct reading *reading, const char *text, size_t length, uint32_t number)
{
    struct script_replay *replay = reading->replay;
    struct trace_line *line = keep_line(text, length, number);

    if (line == NULL) {
        out_of_memory(reading);
        return;
    }
    line->spooler = reading->main->spooler;
    trace_drain(replay);
    platen_os_mutex_lock(&replay->lock);
    trace_lines_free(replay->pending);
    replay->pending = line;
    platen_os_mutex_unlock(&replay->lock);
}

static void run_verb(struct reading *reading, const struct script_statement *statement,
                     const char *text, size_t length, uint32_t number)
{
    if (statement->verb->id == SCRIPT_VERB_monitor || statement->verb->id == SCRIPT_VERB_language) {
        put_off(reading, text, length, number);
        return;
    }
    if (statement->verb->id != SCRIPT_VERB_stream) {
        trace_drain(reading->replay);
    }
    if (statement->verb->id == SCRIPT_VERB_spooler) {
        script_end_faults(reading->main); /* a test more; its faults were its own */
    }
    reading->node.text = text;
    reading->node.length = (uint32_t)length;
    reading->node.line = number;
    script_alloc_end(reading->main);
    script_run_verb(reading->main, statement);
}

/* ---- calls ----------------------------------------------------------------------------------- */

static bool is_foreign(const struct reading *reading, const char *name)
{
    for (unsigned i = 0; i < reading->foreigners; i++) {
        if (strcmp(reading->foreign[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static void note_foreign(struct reading *reading, const char *name)
{
    char *copy;
    if (is_foreign(reading, name) ||
        reading->foreigners == sizeof reading->foreign / sizeof *reading->foreign) {
        return;
    }
    copy = malloc(strlen(name) + 1);
    if (copy != NULL) {
        reading->foreign[reading->foreigners++] = strcpy(copy, name);
    }
}

static void expect_foreign(struct reading *reading, const struct script_statement *statement,
                           uint32_t number)
{
    if (reading->replay->outside) {
        return;
    }
    platen_os_mutex_lock(&reading->replay->lock);
    trace_set_expect(reading->replay->foreign, statement, number);
    platen_os_mutex_unlock(&reading->replay->lock);
}

/* A call back stands before the call that it was made in. */
static void take_back(struct reading *reading, struct trace_lane *lane, const char *text,
                      size_t length, uint32_t number)
{
    struct trace_line *line = keep_line(text, length, number);
    if (line == NULL) {
        out_of_memory(reading);
        return;
    }
    *lane->last_back = line;
    lane->last_back = &line->next;
    lane->back_bytes += length + sizeof *line;
}

static void take_call(struct reading *reading, struct trace_lane *lane,
                      const struct script_statement *statement, const char *text, size_t length,
                      uint32_t number)
{
    struct trace_unit *unit = calloc(1, sizeof *unit);
    struct trace_line *line = keep_line(text, length, number);

    if (unit == NULL || line == NULL) {
        free(unit);
        free(line);
        out_of_memory(reading);
        return;
    }
    unit->call = line;
    unit->backs = lane->backs;
    unit->slot = statement->parts.slot;
    unit->bytes = length + sizeof *unit + lane->back_bytes;
    trace_times(&statement->line, &unit->at, &unit->end);
    lane->backs = NULL;
    lane->last_back = &lane->backs;
    lane->back_bytes = 0;
    trace_hand(lane, unit);
}

static void take_slot(struct reading *reading, const struct script_statement *statement,
                      const char *text, size_t length, uint32_t number)
{
    struct platen_text_error error;
    const struct platen_word *word = statement->parts.lane;
    const char *name = word == NULL ? NULL : platen_word_string(reading->words, word, &error);
    uint32_t depth = statement->parts.depth;

    if (name == NULL) {
        return;
    }
    if (depth == 0 && trace_is_back(statement->parts.slot)) {
        note_foreign(reading, name);
    }
    if (is_foreign(reading, name)) {
        expect_foreign(reading, statement, number);
        return;
    }
    struct trace_lane *lane = trace_lane_named(reading->replay, name);
    if (lane == NULL) {
        out_of_memory(reading);
    } else if (depth > 0) {
        take_back(reading, lane, text, length, number);
    } else {
        take_call(reading, lane, statement, text, length, number);
    }
}

static void take_line(struct reading *reading, const char *text, size_t length, uint32_t number)
{
    struct script_statement statement;
    struct platen_text_error error;

    if (number == 1) {
        reading->replay->outside = trace_form_of(text, length) == TRACE_OUTSIDE;
    }
    if (number == 1 ||
        !script_statement_read(reading->words, text, length, number, &statement, &error)) {
        return; /* it was checked before */
    }
    if (statement.verb != NULL) {
        run_verb(reading, &statement, text, length, number);
    } else if (statement.parts.head != NULL) {
        reading->replay->lines += !reading->replay->outside || statement.parts.depth == 0;
        take_slot(reading, &statement, text, length, number);
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

struct foreign_tell {
    struct script_replay *replay;
    struct script_lane *lane;
    struct script_node node;
};

static void tell_foreign(void *context, uint32_t number, const char *text, bool came)
{
    struct foreign_tell *to = context;
    to->node.line = number;
    to->node.text = text;
    to->node.length = (uint32_t)strlen(text);
    to->lane->node = &to->node;
    script_tell_check(to->lane,
                      &(struct script_told){
                          .verdict = PLATEN_REPORT_FAIL,
                          .expected = came ? "no such call of the monitor's own threads" : text,
                          .expected_length = SIZE_MAX,
                          .got = came ? text : "no such call",
                      });
}

static void read_all(struct reading *reading, const char *path)
{
    uint32_t error;
    struct trace_source *source = trace_source_open(path, &error);
    const char *line;
    size_t length;

    for (uint32_t number = 1; source != NULL && !script_is_over(reading->replay->test) &&
                              (line = trace_source_next(source, &length, &error)) != NULL;
         number++) {
        take_line(reading, line, length, number);
    }
    if (error != 0) {
        script_break(reading->replay->test, SCRIPT_BROKEN, "the trace cannot be read");
    }
    trace_source_close(source);
}

/* So many lines that are right are one check in the report. */
static void tell_lines(struct script_lane *main, const struct script_replay *replay)
{
    char got[64];
    if (script_is_over(replay->test) || atomic_load(&replay->test->failed) > 0) {
        return;
    }
    snprintf(got, sizeof got, "%llu calls, all the same", (unsigned long long)replay->lines);
    script_tell_check(main, &(struct script_told){.verdict = PLATEN_REPORT_PASS,
                                                  .expected = "what was recorded",
                                                  .expected_length = SIZE_MAX,
                                                  .got = got});
}

static void replay_all(struct reading *reading, const char *path)
{
    struct script_replay *replay = reading->replay;

    read_all(reading, path);
    trace_drain(replay);
    trace_lanes_end(replay);
    platen_os_mutex_lock(&replay->lock);
    replay->quiet = true;
    platen_os_mutex_unlock(&replay->lock);
    struct foreign_tell tell = {.replay = replay, .lane = reading->main};
    tell.node.file = &replay->file;
    if (!script_is_over(replay->test)) {
        trace_set_compare(replay->foreign, tell_foreign, &tell);
    }
    reading->node = (struct script_node){
        .file = &replay->file, .text = "the whole trace", .length = 15, .line = 1};
    reading->main->node = &reading->node;
    if (replay->lines > 0) {
        tell_lines(reading->main, replay);
    }
    trace_lines_free(replay->pending);
}

static bool begin(struct reading *reading, struct script_replay *replay, struct script_test *test,
                  char *path)
{
    *replay = (struct script_replay){.test = test, .file = {.path = path}};
    platen_os_mutex_init(&replay->lock);
    platen_os_cond_init(&replay->moved);
    replay->foreign = trace_set_new();
    *reading = (struct reading){.replay = replay, .words = platen_words_new()};
    reading->node.file = &replay->file;
    reading->node.text = "";
    reading->node.line = 1;
    reading->main = script_lane_new(test, "main");
    if (reading->main == NULL || reading->words == NULL || replay->foreign == NULL) {
        return false;
    }
    reading->main->node = &reading->node;
    test->replay = replay;
    return script_spooler_of(reading->main) != NULL;
}

static void end(struct reading *reading, struct script_replay *replay)
{
    for (unsigned i = 0; i < reading->foreigners; i++) {
        free(reading->foreign[i]);
    }
    script_lane_free(reading->main);
    platen_words_free(reading->words);
    trace_set_free(replay->foreign);
    platen_os_cond_destroy(&replay->moved);
    platen_os_mutex_destroy(&replay->lock);
}

void script_trace_run(struct script_run *run, const char *path)
{
    struct script_test *test = malloc(sizeof *test);
    char *copy = malloc(strlen(path) + 1);
    struct script_replay replay;
    struct reading reading;

    if (test == NULL || copy == NULL) {
        free(test);
        free(copy);
        script_run_came_to(run, PLATEN_SCRIPT_FAILED);
        return;
    }
    strcpy(copy, path);
    script_test_begin(test, run, path, path, NULL);
    struct script_watch *watch = script_watch_begin(test, run->timeout);
    if (begin(&reading, &replay, test, copy)) {
        platen_lane_enter(&reading.main->lane);
        replay_all(&reading, path);
    } else {
        script_break(test, SCRIPT_BROKEN, "memory is out");
    }
    script_test_end(test, reading.main);
    script_watch_end(watch);
    platen_lane_enter(NULL);
    end(&reading, &replay);
    free(copy);
    free(test);
}
