/* SPDX-License-Identifier: MIT
 *
 * Lines one after the other, and the blocks that change that: include, repeat, sweep.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/file.h"
#include "script/inside.h"

#define SWEEP_LIMIT 10000

bool script_is_over(const struct script_test *test)
{
    return atomic_load(&test->end) != SCRIPT_GOES_ON;
}

void script_break(struct script_test *test, enum script_end end, const char *format, ...)
{
    va_list list;
    platen_os_mutex_lock(&test->lock);
    if (!script_is_over(test)) {
        va_start(list, format);
        vsnprintf(test->reason, sizeof test->reason, format, list);
        va_end(list);
        atomic_store(&test->end, end);
    }
    platen_os_cond_broadcast(&test->changed);
    platen_os_mutex_unlock(&test->lock);
}

bool script_run_line(struct script_lane *lane, const struct script_node *node)
{
    struct script_statement statement;
    const struct script_node *before = lane->node;
    struct script_busy busy;
    size_t length;
    bool fine;

    lane->node = node;
    script_alloc_end(lane);
    const char *text = script_expand(lane, node, &length);
    if (text == NULL ||
        !script_statement_read(lane->words, text, length, node->line, &statement, &lane->error)) {
        script_break_error(lane);
        return false;
    }
    if (statement.verb != NULL && lane->test->run->listener != NULL) {
        lane->test->run->listener->verb(lane->test->run->listener->context, node);
    }
    script_busy_begin(lane, &busy);
    if (statement.parts.lane != NULL && !lane->working) {
        fine = script_other_lane(lane, node, statement.parts.lane);
    } else if (statement.verb != NULL) {
        fine = script_run_verb(lane, &statement);
    } else {
        fine = script_run_call(lane, &statement);
    }
    script_busy_end(lane, &busy);
    lane->node = before;
    return fine && !script_is_over(lane->test);
}

bool script_run_nodes(struct script_lane *lane, const struct script_node *nodes)
{
    bool goes_on = !script_is_over(lane->test);
    for (; nodes != NULL && goes_on; nodes = nodes->next) {
        if (nodes->verb == NULL || nodes->verb->id != SCRIPT_VERB_test) {
            goes_on = script_run_line(lane, nodes);
        }
    }
    return goes_on;
}

bool script_verb_test(struct script_lane *lane, const struct script_words *words,
                      struct script_outcome *outcome)
{
    (void)lane;
    (void)words;
    (void)outcome;
    return true;
}

bool script_verb_include(struct script_lane *lane, const struct script_words *words,
                         struct script_outcome *outcome)
{
    (void)words;
    (void)outcome;
    script_run_nodes(lane, lane->node->body);
    return true;
}

/* ---- turns ----------------------------------------------------------------------------------- */

struct turns {
    struct script_loop loop;
    const struct script_node *node;
    char name[128];
    bool named;
};

/* NULL: script_fail has said why. */
static struct turns *begin_turns(struct script_lane *lane, const struct platen_word *name)
{
    struct turns *turns = NULL;
    if (name != NULL && name->length >= sizeof turns->name) {
        script_fail(lane, name, "this name is too long");
        return NULL;
    }
    turns = calloc(1, sizeof *turns);
    if (turns == NULL) {
        script_fail(lane, name, "no memory");
        return NULL;
    }
    turns->node = lane->node;
    if (name != NULL) {
        turns->named = true;
        memcpy(turns->name, name->at, name->length);
        turns->loop.name.name = turns->name;
        turns->loop.name.length = name->length;
        turns->loop.outer = lane->loops;
        lane->loops = &turns->loop;
    }
    return turns;
}

static void end_turns(struct script_lane *lane, struct turns *turns)
{
    if (turns->named) {
        lane->loops = turns->loop.outer;
        platen_words_free(turns->loop.name.words);
        free(turns->loop.name.raw);
    }
    free(turns);
}

/* A turn that begins before anything has been set up has a world of its own. */
static bool run_turn(struct script_lane *lane, struct turns *turns, uint64_t number)
{
    char raw[24];
    bool fresh = !lane->test->parallel && script_world_is_empty(lane->test);

    if (turns->named) {
        snprintf(raw, sizeof raw, "%llu", (unsigned long long)number);
        if (!script_name_set(&turns->loop.name, raw, strlen(raw))) {
            script_break(lane->test, SCRIPT_BROKEN, "memory is out");
        }
    }
    bool goes_on = script_run_nodes(lane, turns->node->body);
    script_end_sweep_fault(lane);
    if (fresh && goes_on) {
        script_world_end(lane);
    }
    return goes_on;
}

bool script_verb_repeat(struct script_lane *lane, const struct script_words *words,
                        struct script_outcome *outcome)
{
    struct script_sweep *sweep = lane->sweep;
    uint64_t count = 0;

    (void)outcome;
    if (!script_number(lane, script_word(words, "COUNT"), &count)) {
        return false;
    }
    struct turns *turns = begin_turns(lane, script_word(words, "NAME"));
    if (turns == NULL) {
        return false;
    }
    lane->sweep = NULL; /* its fault is not this block's to remove */
    for (uint64_t i = 1; i <= count && run_turn(lane, turns, i); i++) {
    }
    lane->sweep = sweep;
    end_turns(lane, turns);
    return true;
}

static void tell_sweep(struct script_lane *lane, const struct turns *turns, bool ended,
                       uint64_t reached)
{
    char got[96];
    lane->node = turns->node;
    if (ended && reached > 0) {
        snprintf(got, sizeof got, "%llu turns", (unsigned long long)reached);
    } else {
        snprintf(got, sizeof got,
                 ended ? "it was never reached" : "it is still reached in turn %llu",
                 (unsigned long long)reached);
    }
    script_tell_check(lane,
                      &(struct script_told){
                          .verdict = ended && reached > 0 ? PLATEN_REPORT_PASS : PLATEN_REPORT_FAIL,
                          .expected = "its fault is reached, and in the end no more",
                          .expected_length = SIZE_MAX,
                          .got = got,
                      });
}

bool script_verb_sweep(struct script_lane *lane, const struct script_words *words,
                       struct script_outcome *outcome)
{
    struct script_sweep sweep = {.reached = true, .outer = lane->sweep};
    uint64_t limit = SWEEP_LIMIT;
    uint64_t turn = 0;
    const struct platen_word *name = script_word(words, "NAME");

    (void)outcome;
    if (!script_number(lane, script_word(words, "limit"), &limit)) {
        return false;
    }
    struct turns *turns = begin_turns(lane, name);
    if (turns == NULL) {
        return false;
    }
    sweep.name = turns->loop.name.name;
    sweep.length = turns->loop.name.length;
    lane->sweep = &sweep;
    bool goes_on = true;
    while (goes_on && sweep.reached && turn < limit) {
        sweep.reached = false;
        goes_on = run_turn(lane, turns, ++turn);
    }
    lane->sweep = sweep.outer;
    if (goes_on) {
        tell_sweep(lane, turns, !sweep.reached, sweep.reached ? turn : turn - 1);
    }
    end_turns(lane, turns);
    return true;
}

/* ---- small ones ------------------------------------------------------------------------------ */

static bool set_number(struct script_lane *lane, const struct script_words *words,
                       struct script_name *name)
{
    uint64_t value = 0;
    uint64_t plus = 0;
    uint64_t minus = 0;
    char raw[24];

    if (!script_number(lane, script_word(words, "VALUE"), &value) ||
        !script_number(lane, script_word(words, "NUMBER"), &plus)) {
        return false;
    }
    if (script_word(words, "minus") != NULL) {
        minus = plus;
        plus = 0;
    }
    snprintf(raw, sizeof raw, "%llu", (unsigned long long)(value + plus - minus));
    return script_name_set(name, raw, strlen(raw)) || script_fail(lane, NULL, "memory is out");
}

bool script_verb_set(struct script_lane *lane, const struct script_words *words,
                     struct script_outcome *outcome)
{
    const struct platen_word *word = script_word(words, "VALUE");
    const struct platen_word *value = script_value(lane, word);
    char *raw = NULL;

    (void)outcome;
    if (value == NULL) {
        return false;
    }
    bool sum = script_word(words, "plus") != NULL || script_word(words, "minus") != NULL;
    uint64_t ignored = 0;
    if (sum && !script_number(lane, word, &ignored)) {
        return false;
    }
    raw = script_alloc(lane, value->raw_length + 24);
    if (raw == NULL) {
        return false;
    }
    memcpy(raw, value->raw, value->raw_length);
    raw[value->raw_length] = '\0';
    if (sum) {
        struct script_name result = {0};
        bool fine = set_number(lane, words, &result);
        if (fine) {
            snprintf(raw, value->raw_length + 24, "%s", result.raw);
        }
        platen_words_free(result.words);
        free(result.raw);
        if (!fine) {
            return false;
        }
    }
    platen_os_mutex_lock(&lane->test->lock);
    const struct platen_word *target = script_word(words, "NAME");
    struct script_name *name = script_name_make(lane->test, target->at, target->length);
    bool fine = name != NULL && script_name_set(name, raw, strlen(raw));
    platen_os_mutex_unlock(&lane->test->lock);
    return fine || script_fail(lane, word, "this cannot be kept");
}

bool script_verb_skip(struct script_lane *lane, const struct script_words *words,
                      struct script_outcome *outcome)
{
    const char *reason = "";
    const char *absent = NULL;
    const char *system = NULL;
    platen_os_file file;

    (void)outcome;
    if (!script_text(lane, script_word(words, "REASON"), &reason) ||
        !script_path_of(lane, script_word(words, "absent"), &absent) ||
        !script_text(lane, script_word(words, "system"), &system)) {
        return false;
    }
    if (absent != NULL && platen_os_file_open_read(absent, &file) == 0) {
        platen_os_file_close(file);
        return true;
    }
    if (system == NULL || strcmp(system, SCRIPT_SYSTEM) == 0) {
        script_break(lane->test, SCRIPT_SKIPPED, "%s", reason);
    }
    return true;
}

bool script_verb_xfail(struct script_lane *lane, const struct script_words *words,
                       struct script_outcome *outcome)
{
    const char *reason = "";
    (void)outcome;
    if (!script_text(lane, script_word(words, "REASON"), &reason)) {
        return false;
    }
    snprintf(lane->test->expected_to_fail, sizeof lane->test->expected_to_fail, "%s", reason);
    lane->test->xfail = true;
    return true;
}

bool script_verb_log(struct script_lane *lane, const struct script_words *words,
                     struct script_outcome *outcome)
{
    const char *text = "";
    (void)outcome;
    if (!script_text(lane, script_word(words, "TEXT"), &text)) {
        return false;
    }
    script_tell_log(lane->test, lane->node, PLATEN_REPORT_INFO, text);
    return true;
}
