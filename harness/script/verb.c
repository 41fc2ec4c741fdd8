/* SPDX-License-Identifier: MIT
 *
 * Running a verb: its function, then what was expected of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault/fault.h"
#include "os/clock.h"
#include "os/error.h"
#include "script/expect.h"
#include "script/inside.h"

static script_verb_function *const functions[SCRIPT_VERBS] = {
#define PLATEN_VERB(words, function, traits, usage, summary) script_verb_##function,
#include "script/verbs.def"
#undef PLATEN_VERB
};

bool script_verb_check(const struct script_words *words, struct platen_text_error *error)
{
    switch (words->verb->id) {
    case SCRIPT_VERB_fault:
        return script_fault_check(words, error);
    case SCRIPT_VERB_expect_event:
    case SCRIPT_VERB_expect_calls:
        return script_event_check(words, error);
    default:
        return true;
    }
}

/* A set-up that failed: the test cannot go on. */
static bool check_setup(struct script_lane *lane, const struct script_words *words,
                        const struct script_outcome *outcome)
{
    const char *name = platen_error_name(outcome->error);
    const char *why = outcome->why != NULL ? outcome->why : platen_error_text(outcome->error);

    if (outcome->error == 0) {
        return true;
    }
    script_break_line(lane, "%s failed: %s%s%s", words->verb->words, name == NULL ? "" : name,
                      name == NULL || why == NULL ? "" : ": ", why == NULL ? "" : why);
    return false;
}

static const char *begin_of(const struct platen_word *word)
{
    return word->name != NULL ? word->name : word->raw;
}

/* The text of what was expected: all behind the arrow, or the words before it that say something
 * of what was looked at. */
static void expected_text(const struct script_words *words, const struct script_outcome *outcome,
                          struct script_told *told)
{
    const char *begin = NULL;
    const char *end = NULL;

    for (const struct platen_word *at = words->right != NULL ? words->right : words->left;
         at != NULL; at = at->next) {
        if (words->right == NULL && !script_is_expected(words, outcome, at)) {
            continue;
        }
        begin = begin == NULL ? begin_of(at) : begin;
        end = at->raw + at->raw_length;
    }
    told->expected = begin;
    told->expected_length = (size_t)(end - begin);
}

static void tell(struct script_lane *lane, const struct script_words *words,
                 const struct script_outcome *outcome, bool fine, uint32_t column)
{
    char got[1024];
    struct script_told told = {
        .verdict = fine ? PLATEN_REPORT_PASS : PLATEN_REPORT_FAIL,
        .column = column,
        .got = got,
    };
    expected_text(words, outcome, &told);
    script_outcome_print(outcome, words, got, sizeof got);
    script_tell_check(lane, &told);
}

/* How long the outcome may take to be as expected. */
static bool patience(struct script_lane *lane, const struct script_words *words,
                     const struct script_outcome *outcome, uint64_t *until)
{
    uint64_t span = outcome->patience;
    if ((words->verb->traits & SCRIPT_LOOKS) == 0) {
        *until = 0;
        return true;
    }
    if (!script_seconds(lane, script_word(words, "within"), &span)) {
        return false;
    }
    *until = script_now(lane->test) + span;
    return true;
}

static bool run_and_compare(struct script_lane *lane, const struct script_words *words,
                            struct script_outcome *outcome)
{
    unsigned compared = 0;
    uint32_t column = 0;
    uint64_t until = UINT64_MAX;
    bool fine;

    for (;;) {
        *outcome = (struct script_outcome){0};
        bool known = functions[words->verb->id](lane, words, outcome);
        if (atomic_load(&lane->test->end) == SCRIPT_SKIPPED) {
            return false; /* nothing has come of it */
        }
        if (!known) {
            script_break_error(lane);
            return false;
        }
        fine = script_outcome_matches(lane, words, outcome, &compared, &column);
        if (until == UINT64_MAX && !patience(lane, words, outcome, &until)) {
            script_break_error(lane);
            return false;
        }
        if (fine || script_now(lane->test) >= until || !script_wait_tick(lane)) {
            break;
        }
        free(outcome->memory);
    }
    if (script_is_over(lane->test) && compared == 0) {
        return false;
    }
    if (compared > 0) {
        tell(lane, words, outcome, fine, column);
    } else if ((words->verb->traits & SCRIPT_SETUP) != 0) {
        return check_setup(lane, words, outcome);
    }
    return true;
}

/* ---- what a trace of a script needs ---------------------------------------------------------- */

static size_t put_word(struct script_lane *lane, const struct platen_word *word, char *to,
                       size_t size)
{
    const struct platen_word *value =
        word->kind == PLATEN_WORD_NAME ? script_variable(lane, word->at, word->length) : NULL;
    value = value == NULL ? word : value;
    return (size_t)snprintf(to, size, " %.*s%s%.*s", (int)word->name_length,
                            word->name == NULL ? "" : word->name, word->name == NULL ? "" : "=",
                            (int)value->raw_length, value->raw);
}

/* The line as it stands, with the values of its names. */
static void record(struct script_lane *lane, const struct script_words *words)
{
    struct platen_trace *trace = lane->test->run->options->trace;
    char line[4096];
    size_t used = (size_t)snprintf(line, sizeof line, "%s", words->verb->words);

    if (trace == NULL || (words->verb->traits & SCRIPT_KEPT) == 0) {
        return;
    }
    if (words->verb->traits & SCRIPT_OWNED) {
        script_spooler_of(lane); /* whose line stands before this one */
    }
    for (const struct platen_word *at = words->left; at != NULL && used < sizeof line;
         at = at->next) {
        used += put_word(lane, at, line + used, sizeof line - used);
    }
    if (used < sizeof line) {
        platen_trace_line(trace, line);
    }
}

bool script_run_verb(struct script_lane *lane, const struct script_statement *statement)
{
    struct script_outcome outcome = {0};
    record(lane, &statement->words);
    bool fine = run_and_compare(lane, &statement->words, &outcome);
    free(outcome.memory);
    return fine && !script_is_over(lane->test);
}
